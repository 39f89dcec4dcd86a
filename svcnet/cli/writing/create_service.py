"""`create service`: the four types of Service, out of flags.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_service.go.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, TypeAlias

from svcnet.api.kinds import SERVICE
from svcnet.cli.frame.govalues import INT32_MAX
from svcnet.cli.frame.options import SaveConfig
from svcnet.cli.frame.parameters import Context, option
from svcnet.cli.frame.session import session
from svcnet.cli.writing import generators
from svcnet.cli.writing.create import Name, identity, make, name_and_command
from svcnet.cli.writing.work import Intent, writes
from svcnet.errors import SvcnetError

Tcp: TypeAlias = Annotated[
    list[str] | None,
    option("--tcp", help="A port and where it leads, PORT or PORT:TARGET; repeatable."),
]
Ignored: TypeAlias = SaveConfig
"""kubectl takes the flag here, and does nothing about it."""


@writes("kubectl-create")
def clusterip(
    ctx: Context,
    words: Name = None,
    *,
    tcp: Tcp = None,
    cluster_ip: Annotated[
        str, option("--clusterip", help="An address of your choice, or None: headless.")
    ] = "",
    save_config: Ignored = False,
    wish: Intent,
) -> None:
    """Create a ClusterIP service with the specified name."""
    del save_config
    # A headless Service needs no ports: its name leads to the pods themselves.
    if cluster_ip != "None":
        _need_ports(tcp)
    _create(ctx, words, "ClusterIP", wish, tcp, cluster_ip=cluster_ip)


@writes("kubectl-create")
def nodeport(
    ctx: Context,
    words: Name = None,
    *,
    tcp: Tcp = None,
    node_port: Annotated[
        int, option("--node-port", help="The port on every node; drawn if it is 0.")
    ] = 0,
    save_config: Ignored = False,
    wish: Intent,
) -> None:
    """Create a NodePort service with the specified name."""
    del save_config
    _need_ports(tcp)
    _create(ctx, words, "NodePort", wish, tcp, node_port=node_port)


@writes("kubectl-create")
def loadbalancer(
    ctx: Context,
    words: Name = None,
    *,
    tcp: Tcp = None,
    save_config: Ignored = False,
    wish: Intent,
) -> None:
    """Create a LoadBalancer service with the specified name."""
    del save_config
    _need_ports(tcp)
    _create(ctx, words, "LoadBalancer", wish, tcp)


@writes("kubectl-create")
def externalname(
    ctx: Context,
    words: Name = None,
    *,
    external_name: Annotated[
        str, option("--external-name", help="The DNS name that the service stands for.")
    ],
    tcp: Tcp = None,
    save_config: Ignored = False,
    wish: Intent,
) -> None:
    """Create an ExternalName service with the specified name."""
    del save_config
    if not _SUBDOMAIN.fullmatch(external_name) or len(external_name) > _LONGEST:
        raise SvcnetError(f"invalid service external name {external_name}")
    _create(ctx, words, "ExternalName", wish, tcp, external_name=external_name)


_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")
# A DNS name: validation.go DNS1123SubdomainMaxLength.
_LONGEST = 253


def _need_ports(tcp: Sequence[str] | None) -> None:
    """Refuse a Service without ports.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_service.go Validate().
    """
    if not tcp:
        raise SvcnetError("at least one tcp port specifier must be provided")


def _create(
    ctx: Context,
    words: list[str] | None,
    type_: str,
    wish: Intent,
    tcp: Sequence[str] | None,
    *,
    cluster_ip: str = "",
    node_port: int = 0,
    external_name: str = "",
) -> None:
    """Make one Service; the rest of the arguments is what its type asks for.

    Raises:
        SvcnetError: a port is none, or the server refuses.
    """
    here = session(ctx)
    name, _ = name_and_command(here, words)
    document = generators.service(
        identity(here, name),
        type_,
        tcp or (),
        cluster_ip=cluster_ip,
        node_port=_as_int32(node_port),
        external_name=external_name,
    )
    make(here, wish, SERVICE, document, f"failed to create {type_} service")


def _as_int32(number: int) -> int:
    """Return `number` cut to 32 bits, as Go converts it."""
    # The flag is an int in Go and the field an int32; the conversion does not check.
    return (number + INT32_MAX + 1) % 2**32 - INT32_MAX - 1
