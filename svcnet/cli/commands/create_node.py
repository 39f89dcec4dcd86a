"""`create node`: a node, as its kubelet would register it; kubectl has no such verb."""

from __future__ import annotations

from typing import Annotated

from svcnet.api.kinds import NODE
from svcnet.cli.command.session import Session
from svcnet.cli.commands.generated_object import Name, name_and_command
from svcnet.cli.commands.writing import WriteFlags, write_flags, writing
from svcnet.cli.flags.declarations import option


def create_node(
    session: Session,
    words: Name = None,
    *,
    zone: Annotated[str, option("--zone", help="The zone the node stands in.")] = "",
    internal_ip: Annotated[
        str, option("--internal-ip", help="The node's address; the next free one if empty.")
    ] = "",
    not_ready: Annotated[
        bool, option("--not-ready", help="The node's kubelet does not answer.")
    ] = False,
    flags: Annotated[WriteFlags, write_flags("svcnet-create")],
) -> None:
    """Add a node to the cluster.

    kubectl has no such verb: real nodes register themselves.
    """
    from svcnet.control.kubelet import node
    from svcnet.control.kubelet.node import Machine

    name, _ = name_and_command(session, words)
    with writing(session, flags) as work:
        query = Machine(name, zone, internal_ip, ready=not not_ready)
        document = node.node(query, work.txn.list(NODE.resource), work.txn.now)
        made = document if flags.client_only else work.create(document)
        work.show(NODE, made, "created")
