"""`create service clusterip`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_service.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands.generated_object import Name
from svcnet.cli.commands.generated_service import Ignored, Tcp, create_generated, require_ports
from svcnet.cli.commands.writing import WriteFlags, write_flags
from svcnet.cli.flags.declarations import option


def create_service_clusterip(
    session: Session,
    words: Name = None,
    *,
    tcp: Tcp = None,
    cluster_ip: Annotated[
        str, option("--clusterip", help="An address of your choice, or None: headless.")
    ] = "",
    save_config: Ignored = False,
    flags: Annotated[WriteFlags, write_flags("kubectl-create")],
) -> None:
    """Create a ClusterIP service with the specified name."""
    del save_config
    # A headless Service needs no ports: its name leads to the pods themselves.
    if cluster_ip != "None":
        require_ports(tcp)
    create_generated(session, words, "ClusterIP", flags, tcp, cluster_ip=cluster_ip)
