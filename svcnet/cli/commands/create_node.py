"""`create node`: a node, as its kubelet would register it; kubectl has no such verb."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from svcnet.api.keys import Document
from svcnet.api.kinds import NODE
from svcnet.cli.command.session import Session
from svcnet.cli.commands.generated_object import Name, name_and_command
from svcnet.cli.commands.writing import WriteFlags, write_flags, writing
from svcnet.cli.flags.declarations import option
from svcnet.errors import SvcnetError


def create_node(
    session: Session,
    words: Name = None,
    *,
    zone: Annotated[str, option("--zone", help="The zone the node stands in.")] = "",
    internal_ip: Annotated[
        list[str] | None,
        option(
            "--internal-ip",
            help="The node's address, or one of each family; the next free ones if not given.",
        ),
    ] = None,
    not_ready: Annotated[
        bool, option("--not-ready", help="The node's kubelet does not answer.")
    ] = False,
    flags: Annotated[WriteFlags, write_flags("svcnet-create")],
) -> None:
    """Add a node to the cluster.

    kubectl has no such verb: real nodes register themselves.
    """
    from svcnet.api import component_flags
    from svcnet.control.kubelet import node
    from svcnet.control.kubelet.node import Machine

    name, _ = name_and_command(session, words)
    addresses = component_flags.node_ips(internal_ip or ())
    with writing(session, flags) as work:
        others = work.txn.list(NODE.resource)
        _refuse_taken(addresses, others)
        query = Machine(name, zone, addresses, ready=not not_ready)
        document = node.node(query, work.txn.settings, others, work.txn.now)
        made = document if flags.client_only else work.create(document)
        work.show(NODE, made, "created")


def _refuse_taken(addresses: Iterable[str], others: Iterable[Document]) -> None:
    """Refuse an address that another node has: packets to it could mean either.

    Raises:
        SvcnetError: with the first of them.
    """
    taken = {
        each.get("address"): node["metadata"]["name"]
        for node in others
        for each in (node.get("status") or {}).get("addresses") or ()
        if each.get("type") == "InternalIP"
    }
    for address in addresses:
        if address in taken:
            raise SvcnetError(f'--internal-ip {address} is the address of node "{taken[address]}"')
