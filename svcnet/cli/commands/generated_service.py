"""What the verbs under `create service` have in common: one Service, out of flags.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_service.go.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from svcnet.api.kinds import SERVICE
from svcnet.cli.command.session import Session
from svcnet.cli.commands import generators
from svcnet.cli.commands.generated_object import identity, make, name_and_command
from svcnet.cli.commands.writing import WriteFlags
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import SaveConfig
from svcnet.cli.flags.values import INT32_MAX
from svcnet.errors import SvcnetError

Tcp: TypeAlias = Annotated[
    list[str] | None,
    option("--tcp", help="A port and where it leads, PORT or PORT:TARGET; repeatable."),
]
Ignored: TypeAlias = SaveConfig
"""kubectl takes the flag here, and does nothing about it."""


def require_ports(tcp: Sequence[str] | None) -> None:
    """Refuse a Service without ports.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_service.go Validate().
    """
    if not tcp:
        raise SvcnetError("at least one tcp port specifier must be provided")


def create_generated(
    session: Session,
    words: list[str] | None,
    type_: str,
    flags: WriteFlags,
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
    name, _ = name_and_command(session, words)
    document = generators.service(
        identity(session, name),
        type_,
        tcp or (),
        cluster_ip=cluster_ip,
        node_port=_as_int32(node_port),
        external_name=external_name,
    )
    make(session, flags, SERVICE, document, f"failed to create {type_} service")


def _as_int32(number: int) -> int:
    """Return `number` cut to 32 bits, as Go converts it."""
    # The flag is an int in Go and the field an int32; the conversion does not check.
    return (number + INT32_MAX + 1) % 2**32 - INT32_MAX - 1
