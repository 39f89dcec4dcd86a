"""A plan as the nftables table of a node.

Source: kubernetes pkg/proxy/nftables/proxier.go setupNFTables() and syncProxyRules(); its README.md
for why each chain is in its hook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svcnet.netfilter.model import (
    AnonymousSet,
    Chain,
    Comment,
    ConntrackState,
    ConntrackStatus,
    DataType,
    Destination,
    Drop,
    Entry,
    Field,
    Hook,
    InSet,
    Jump,
    Key,
    LocalAddressType,
    Lookup,
    Mark,
    Masquerade,
    Match,
    NamedMap,
    NamedSet,
    Reject,
    Rule,
    SetMark,
    Side,
    Table,
)
from svcnet.proxy.nftables_ports import BuildContext, PortObjects, port_objects
from svcnet.proxy.plan import Plan, PortPlan

TABLE = "kube-proxy"
LONGEST_COMMENT = 128

_SERVICE = (DataType.ADDRESS, DataType.PROTOCOL, DataType.PORT)
_NODE_PORT = (DataType.PROTOCOL, DataType.PORT)
_CONNECTION = (DataType.ADDRESS, DataType.ADDRESS, DataType.PROTOCOL, DataType.PORT)

_TO_ADDRESS = (Field.DESTINATION_ADDRESS,)
_TO_PORT = (Field.PROTOCOL, Field.DESTINATION_PORT)
_TO_SERVICE = (*_TO_ADDRESS, *_TO_PORT)
_HAIRPIN = (Field.SOURCE_ADDRESS, *_TO_SERVICE)

_NEW = ConntrackState(("new",))


class Builder:
    """Builds the tables of any number of nodes; what they have in common is built once."""

    def __init__(self) -> None:
        self._known: dict[BuildContext, dict[PortPlan, PortObjects]] = {}

    def table(self, plan: Plan) -> Table:
        """Return the table of the plan's node."""
        context = BuildContext(
            plan.node_config.family, plan.node_config.pods, plan.node_config.mark
        )
        known = self._known.setdefault(context, {})
        for each in plan.ports:
            if each not in known:
                known[each] = port_objects(each, context)
        objects = [known[each] for each in plan.ports]
        chains = (*_base_chains(), *_fixed_chains(plan))
        return Table(
            TABLE,
            plan.node_config.family,
            (*chains, *(chain for each in objects for chain in each.chains)),
            (*_sets(plan, objects), *(named for each in objects for named in each.affinity_sets)),
            "rules for kube-proxy",
        )


def table(plan: Plan) -> Table:
    """Return the table of the plan's node."""
    return Builder().table(plan)


def long_comments(plan: Plan) -> Iterator[str]:
    """Yield what is wrong with names of service ports that are too long for a comment.

    nft then refuses the whole table.  Source: kubernetes/kubernetes#139516.
    """
    for each in plan.ports:
        length = len(each.name.encode())
        refused = each.internal.refused or (
            each.external.refused and each.port.externally_accessible
        )
        if refused and length > LONGEST_COMMENT:
            longest = f"nft allows {LONGEST_COMMENT}"
            yield f'the comment "{each.name}" has {length} bytes, {longest}'


# --- sets and maps ----------------------------------------------------------------------------


def _sets(plan: Plan, objects: list[PortObjects]) -> Iterator[NamedSet | NamedMap]:
    # Two Services may have an endpoint in common.
    hairpins = tuple(dict.fromkeys(_hairpins(plan)))
    yield NamedSet("hairpin-connections", _CONNECTION, hairpins, "service hairpin connections")
    cluster_ips = _once((each.port.cluster_ip,) for each in plan.ports)
    yield NamedSet("cluster-ips", (DataType.ADDRESS,), cluster_ips, "Active ClusterIPs")
    # Where node ports answer everywhere, rules ask the routing table instead of a set.
    if not plan.node_config.node_ports.everywhere:
        addresses = _once((each,) for each in plan.node_config.node_ports.addresses)
        comment = "IPs that accept NodePort traffic"
        yield NamedSet("nodeport-ips", (DataType.ADDRESS,), addresses, comment)
    yield NamedMap(
        "no-endpoint-services",
        _SERVICE,
        _first(entry for each in objects for entry in each.refused_services),
        "vmap to drop or reject packets to services with no endpoints",
    )
    yield NamedMap(
        "no-endpoint-nodeports",
        _NODE_PORT,
        _first(entry for each in objects for entry in each.refused_node_ports),
        "vmap to drop or reject packets to service nodeports with no endpoints",
    )
    yield NamedMap(
        "firewall-ips",
        _SERVICE,
        _first(entry for each in objects for entry in each.firewalled),
        "destinations that are subject to LoadBalancerSourceRanges",
    )
    yield NamedMap(
        "service-ips",
        _SERVICE,
        _first(entry for each in objects for entry in each.services),
        "ClusterIP, ExternalIP and LoadBalancer IP traffic",
    )
    yield NamedMap(
        "service-nodeports",
        _NODE_PORT,
        _first(entry for each in objects for entry in each.node_ports),
        "NodePort traffic",
    )


def _hairpins(plan: Plan) -> Iterator[Key]:
    """Yield the connections of this node's endpoints to themselves.

    They are masqueraded, or the answer would take a shorter way back and not be recognised.
    """
    node = plan.node_config.node
    for each in plan.ports:
        protocol = each.port.protocol
        for endpoint in each.usable.reachable:
            # An endpoint elsewhere cannot send from here, so it has no hairpin here.
            if endpoint.node == node:
                yield (endpoint.address, endpoint.address, protocol, endpoint.port)


def _once(keys: Iterable[Key]) -> tuple[Key, ...]:
    return tuple(dict.fromkeys(keys))


def _first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the first entry for each key.

    Two service ports may claim the same address and port; kube-proxy lets either win, and the
    first one is what iptables mode would obey.
    """
    found: dict[Key, Entry] = {}
    for entry in entries:
        found.setdefault(entry.key, entry)
    return tuple(found.values())


# --- chains that are always there -------------------------------------------------------------


def _base_chains() -> Iterator[Chain]:
    """Yield the chains that the kernel calls.

    Filtering before DNAT sees the addresses that clients used, filtering after it those of
    endpoints; NAT chains see only the first packet of a connection.
    """

    def check(*names: str) -> tuple[Rule, ...]:
        return tuple([Rule((_NEW,), (Jump(name),)) for name in names])

    services = (Rule((), (Jump("services"),)),)
    masquerading = (Rule((), (Jump("masquerading"),)),)
    first = check("firewall-check")
    after = check("service-endpoints-check", "cluster-ips-check")
    host = check("nodeport-endpoints-check", "service-endpoints-check")
    yield Chain("filter-prerouting-pre-dnat", first, Hook("filter", "prerouting", -110))
    yield Chain("filter-output-pre-dnat", first, Hook("filter", "output", -110))
    yield Chain("filter-input", host, Hook("filter", "input"))
    yield Chain("filter-forward", after, Hook("filter", "forward"))
    yield Chain("filter-output", after, Hook("filter", "output"))
    yield Chain("nat-prerouting", services, Hook("nat", "prerouting", -100))
    yield Chain("nat-output", services, Hook("nat", "output", -100))
    yield Chain("nat-postrouting", masquerading, Hook("nat", "postrouting", 100))


def _fixed_chains(plan: Plan) -> Iterator[Chain]:
    # Behind DNAT in the input hook, packets are for this host: no need to ask again.
    node_ports = _to_node_ports(plan)
    refused_port = Rule(_any_host(node_ports), (Lookup(_TO_PORT, "no-endpoint-nodeports"),))
    yield Chain("nodeport-endpoints-check", (refused_port,))
    refused = Rule((), (Lookup(_TO_SERVICE, "no-endpoint-services"),))
    yield Chain("service-endpoints-check", (refused,))
    yield Chain("firewall-check", (Rule((), (Lookup(_TO_SERVICE, "firewall-ips"),)),))
    by_port = Rule(node_ports, (Lookup(_TO_PORT, "service-nodeports"),))
    by_address = Rule((), (Lookup(_TO_SERVICE, "service-ips"),))
    yield Chain("services", (*_masquerade_cluster_ips(plan), by_address, by_port))
    yield Chain("masquerading", _masquerading(plan.node_config.mark))
    yield Chain("cluster-ips-check", tuple(_check_cluster_ips(plan)))
    helper = "helper for @no-endpoint-services / @no-endpoint-nodeports"
    yield Chain("reject-chain", (Rule((), (Reject(),)),), comment=helper)


def _to_node_ports(plan: Plan) -> tuple[Match, ...]:
    """Return what a packet to an address where node ports answer matches."""
    if not plan.node_config.node_ports.everywhere:
        return (InSet(_TO_ADDRESS, "nodeport-ips"),)
    outside = Destination(plan.node_config.family.loopback, negated=True)
    return (LocalAddressType(Side.DESTINATION), outside)


def _any_host(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """Return `matches` for packets of which it is known that this host is meant."""
    return tuple([each for each in matches if not isinstance(each, LocalAddressType)])


def _masquerade_cluster_ips(plan: Plan) -> Iterator[Rule]:
    matches = plan.masqueraded_cluster_ips
    if matches is None:
        return
    reason = "masquerade clusterIP traffic from outside cluster"
    if not matches:
        reason = "masquerade all clusterIP traffic"
    mark = SetMark(plan.node_config.mark, plan.node_config.mark)
    to_any = InSet(_TO_ADDRESS, "cluster-ips")
    yield Rule((to_any, *matches, Comment(reason)), (mark,))


def _masquerading(mark: int) -> tuple[Rule, ...]:
    """Return the rules that masquerade what was marked, and endpoints that reach themselves.

    The mark is taken off first: in some tunnels the packet comes through here once more.
    """
    marked = Rule((Mark(0, mark, negated=True),), (SetMark(mark, 0), Masquerade()))
    itself = (ConntrackStatus("dnat"), InSet(_HAIRPIN, "hairpin-connections"))
    return (marked, Rule(itself, (Masquerade(),)))


def _check_cluster_ips(plan: Plan) -> Iterator[Rule]:
    """Yield what becomes of packets to cluster IPs that no service port has taken."""
    reason = Comment("Reject traffic to invalid ports of ClusterIPs")
    yield Rule((InSet(_TO_ADDRESS, "cluster-ips"), reason), (Reject(),))
    # Behind the rule for those in use, so it only meets addresses that nobody has.
    if plan.service_ranges:
        reason = Comment("Drop traffic to unallocated ClusterIPs")
        yield Rule((AnonymousSet(Side.DESTINATION, plan.service_ranges), reason), (Drop(),))
