"""nftables elements, chains and sets of one service port.

Where iptables has a rule, nftables has an element of a map that leads to a chain:

    service-ips, service-nodeports
      │  cluster IP             external IP, load balancer IP, node port
      ▼                           ▼
    service-… or local-…  ◄──  external-…
      │  DNAT to one of all, or of the local endpoints;
      ▼  or, if clients stay with their endpoint,
    endpoint-…            remembers the client, rewrites the destination

Source: kubernetes pkg/proxy/nftables/proxier.go syncProxyRules(), writeServiceToEndpointRules().
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from svcnet.lean_namedtuple import NamedTuple
from svcnet.netfilter.model import (
    AnonymousSet,
    Chain,
    Comment,
    DataType,
    Dnat,
    DnatToAny,
    Drop,
    Entry,
    Family,
    Field,
    Goto,
    GotoAny,
    InputInterface,
    InSet,
    Key,
    LocalAddressType,
    NamedSet,
    Rule,
    SetMark,
    SetUpdate,
    Side,
    Source,
    Transport,
    Verdict,
)
from svcnet.proxy.endpoints import Endpoint, Endpoints
from svcnet.proxy.hashes import short_hashes
from svcnet.proxy.plan import PortPlan, Route, Treatment

REJECT_CHAIN = "reject-chain"
AFFINITY_SIZE = 65535

_HASH_LENGTH = 8
_LONGEST_NAME = 240
_ELLIPSIS = "..."


class BuildContext(NamedTuple):
    """What the objects of a service port depend on besides its plan."""

    family: Family
    pods: Source | InputInterface | None
    mark: int


class PortObjects(NamedTuple):
    """What one service port adds to the maps that all share, and what is its own."""

    services: tuple[Entry, ...]
    node_ports: tuple[Entry, ...]
    refused_services: tuple[Entry, ...]
    refused_node_ports: tuple[Entry, ...]
    firewalled: tuple[Entry, ...]
    affinity_sets: tuple[NamedSet, ...]
    chains: tuple[Chain, ...]


class Names:
    """What the chains and sets of a service port are called."""

    def __init__(self, plan: PortPlan) -> None:
        namespace, service, port, protocol = plan.port.key
        path = f"{namespace}/{service}/{protocol}/{port}"
        sticky = plan.usable.reachable if plan.port.sticky_seconds else ()
        # A colon would end a name.
        paths = [f"{path}__{e.address.replace(':', '.')}/{e.port}" for e in sticky]
        base, *bases = _hashed([path, *paths])
        self.cluster, self.local = f"service-{base}", f"local-{base}"
        self.external, self.firewall = f"external-{base}", f"firewall-{base}"
        self.endpoints = dict(zip((each.socket for each in sticky), bases, strict=True))
        """By socket what the chain and the set of an endpoint are called, `endpoint-` and
        `affinity-` aside; only where clients stay with their endpoint."""


def _hashed(paths: list[str]) -> list[str]:
    """Return names that are unique although nft cuts long ones off."""
    names = []
    for key, path in zip(short_hashes(paths), paths, strict=True):
        name = f"{key[:_HASH_LENGTH]}-{path}"
        # Unique all the same: the hash in front is that of the whole path.
        if len(name) > _LONGEST_NAME:
            name = name[: _LONGEST_NAME - len(_ELLIPSIS)] + _ELLIPSIS
        names.append(name)
    return names


def port_objects(plan: PortPlan, context: BuildContext) -> PortObjects:
    """Return all elements, sets and chains of one service port."""
    names = Names(plan)
    return PortObjects(
        services=tuple(_services(plan, names)),
        node_ports=tuple(_node_ports(plan, names)),
        refused_services=tuple(_refused_services(plan)),
        refused_node_ports=tuple(_refused_node_ports(plan)),
        firewalled=tuple(_firewalled(plan, names)),
        affinity_sets=tuple(_affinity_sets(plan, names)),
        chains=tuple(_chains(plan, names, context)),
    )


# --- elements ---------------------------------------------------------------------------------


def _key(plan: PortPlan, address: str) -> Key:
    return (address, plan.port.protocol, plan.port.number)


def _services(plan: PortPlan, names: Names) -> Iterator[Entry]:
    if not plan.internal.refused:
        target = names.local if plan.internal is Route.LOCAL else names.cluster
        yield Entry(_key(plan, plan.port.cluster_ip), Goto(target))
    if plan.uses_external_chain:
        for address in (*plan.port.external_ips, *plan.port.vips):
            yield Entry(_key(plan, address), Goto(names.external))


def _node_ports(plan: PortPlan, names: Names) -> Iterator[Entry]:
    if plan.node_port:
        yield Entry((plan.port.protocol, plan.node_port), Goto(names.external))


def _refusal(route: Route) -> Verdict:
    return Goto(REJECT_CHAIN) if route is Route.REJECT else Drop()


def _refused_services(plan: PortPlan) -> Iterator[Entry]:
    """Yield what is refused by destination.

    Like all that is refused it is looked up behind DNAT: pods and the node itself have been sent
    on to an endpoint before, and pass.
    """
    if plan.internal.refused:
        key = _key(plan, plan.port.cluster_ip)
        yield Entry(key, _refusal(plan.internal), plan.name)
    for address in plan.refused_addresses:
        yield Entry(_key(plan, address), _refusal(plan.external), plan.name)


def _refused_node_ports(plan: PortPlan) -> Iterator[Entry]:
    if plan.refused_node_port:
        key = (plan.port.protocol, plan.refused_node_port)
        yield Entry(key, _refusal(plan.external), plan.name)


def _firewalled(plan: PortPlan, names: Names) -> Iterator[Entry]:
    if plan.firewall:
        for address in plan.port.vips:
            yield Entry(_key(plan, address), Goto(names.firewall))


def _affinity_sets(plan: PortPlan, names: Names) -> Iterator[NamedSet]:
    for base in names.endpoints.values():
        yield NamedSet(
            f"affinity-{base}",
            (DataType.ADDRESS,),
            size=AFFINITY_SIZE,
            timeout=plan.port.sticky_seconds,
        )


# --- chains -----------------------------------------------------------------------------------


def _chains(plan: PortPlan, names: Names, context: BuildContext) -> Iterator[Chain]:
    # Without affinity one rule picks the endpoint and rewrites to it at once.
    if plan.port.sticky_seconds:
        for endpoint in plan.usable.reachable:
            yield _endpoint(plan, names.endpoints[endpoint.socket], endpoint)
    if plan.usable.cluster:
        yield Chain(names.cluster, tuple(_spread(plan, names, plan.usable.cluster)))
    if plan.usable.local:
        yield Chain(names.local, tuple(_spread(plan, names, plan.usable.local)))
    if plan.uses_external_chain:
        yield Chain(names.external, tuple(_external(plan, names, context)))
    # Unlike in iptables mode there is a chain also without endpoints: it is looked up before DNAT.
    if plan.firewall:
        allowed = (*plan.firewall.ranges, *plan.firewall.own_vips)
        others = AnonymousSet(Side.SOURCE, allowed, negated=True)
        yield Chain(names.firewall, (Rule((others,), (Drop(),)),))


def _endpoint(plan: PortPlan, base: str, endpoint: Endpoint) -> Chain:
    """Return the chain that sends a client to an endpoint and remembers it."""
    rewrite = Dnat(endpoint.address, endpoint.port)
    return Chain(
        f"endpoint-{base}",
        (
            Rule((), (SetUpdate(f"affinity-{base}"),)),
            Rule((Transport(plan.port.protocol),), (rewrite,)),
        ),
    )


def _spread(plan: PortPlan, names: Names, endpoints: Endpoints) -> Iterator[Rule]:
    """Yield the rules that pick one of `endpoints`, each with the same probability.

    A client that was sent to one of them within the time of affinity is sent there again.
    """
    if not plan.port.sticky_seconds:
        targets = tuple([(each.address, each.port) for each in endpoints])
        yield Rule((Transport(plan.port.protocol),), (DnatToAny(targets),))
        return
    bases = [names.endpoints[each.socket] for each in endpoints]
    for base in bases:
        known = InSet((Field.SOURCE_ADDRESS,), f"affinity-{base}")
        yield Rule((known,), (Goto(f"endpoint-{base}"),))
    yield Rule((), (GotoAny(tuple([f"endpoint-{base}" for base in bases])),))


def _external(plan: PortPlan, names: Names, context: BuildContext) -> Iterator[Rule]:
    """Yield the rules for traffic to external addresses, whatever way it came."""
    host = LocalAddressType(Side.SOURCE)
    mark, to_cluster = (SetMark(context.mark, context.mark),), (Goto(names.cluster),)
    delivery = names.local if plan.external is Route.LOCAL else names.cluster
    for treatment in plan.treatments(context.pods):
        match treatment:
            case Treatment.MASQUERADE:
                yield Rule((Comment("masquerade"),), mark)
            case Treatment.SHORT_CIRCUIT_PODS:
                assert context.pods
                yield Rule((context.pods, Comment("short-circuit pod traffic")), to_cluster)
            case Treatment.MASQUERADE_LOCAL:
                yield Rule((host, Comment("masquerade local traffic")), mark)
            case Treatment.SHORT_CIRCUIT_LOCAL:
                yield Rule((host, Comment("short-circuit local traffic")), to_cluster)
            case Treatment.DELIVER:
                yield Rule((), (Goto(delivery),))
            case _:
                assert_never(treatment)
