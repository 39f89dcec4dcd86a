"""`create service nodeport`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_service.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands.generated_object import Name
from svcnet.cli.commands.generated_service import Ignored, Tcp, create_generated, require_ports
from svcnet.cli.commands.writing import WriteFlags, write_flags
from svcnet.cli.flags.declarations import option


def create_service_nodeport(
    session: Session,
    words: Name = None,
    *,
    tcp: Tcp = None,
    node_port: Annotated[
        int, option("--node-port", help="The port on every node; drawn if it is 0.")
    ] = 0,
    save_config: Ignored = False,
    flags: Annotated[WriteFlags, write_flags("kubectl-create")],
) -> None:
    """Create a NodePort service with the specified name."""
    del save_config
    require_ports(tcp)
    create_generated(session, words, "NodePort", flags, tcp, node_port=node_port)
