"""iptables rules of one service port.

A service port has up to four chains of its own, and one per endpoint; the chains that all service
ports share lead there:

    KUBE-SERVICES, KUBE-NODEPORTS
      │  cluster IP                       external IP, load balancer IP, node port
      ▼                                     ▼
    KUBE-SVC-… or KUBE-SVL-…  ◄──────  KUBE-EXT-…  ◄──  KUBE-FW-… (source ranges)
      │  one of all, or of the local endpoints
      ▼
    KUBE-SEP-…                rewrites the destination

Source: kubernetes pkg/proxy/iptables/proxier.go syncProxyRules(), writeServiceToEndpointRules().
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from svcnet.lean_namedtuple import NamedTuple
from svcnet.netfilter.balance import (
    EndpointChains,
    Joined,
    LoadBalanceRules,
    Target,
)
from svcnet.netfilter.model import (
    Accept,
    Action,
    Chain,
    Comment,
    Destination,
    Drop,
    Family,
    InputInterface,
    Jump,
    LocalAddressType,
    Match,
    Nfacct,
    Reject,
    Rule,
    Side,
    Source,
    Transport,
)
from svcnet.proxy.endpoints import Endpoints
from svcnet.proxy.hashes import short_hashes
from svcnet.proxy.plan import PortPlan, Route, Treatment

MARK_CHAIN = "KUBE-MARK-MASQ"
LOCALHOST_COUNTER = "localhost_nps_accepted_pkts"


class BuildContext(NamedTuple):
    """What the rules of a service port depend on besides its plan."""

    family: Family
    pods: Source | InputInterface | None
    masqueraded: tuple[Match, ...] | None
    counts_localhost: bool
    """Whether node ports that are used through localhost are counted."""
    endpoint_comments: bool


class PortRules(NamedTuple):
    """What one service port adds to the chains that all share, and the chains of its own."""

    services: tuple[Rule, ...]
    node_ports: tuple[Rule, ...]
    refused_internally: tuple[Rule, ...]
    refused_externally: tuple[Rule, ...]
    firewalled: tuple[Rule, ...]
    health_checks: tuple[Rule, ...]
    chains: tuple[Chain | EndpointChains, ...]


class Names:
    """What the chains of a service port and of its endpoints are called."""

    def __init__(self, plan: PortPlan) -> None:
        seed = plan.name + plan.port.protocol
        reachable = plan.usable.reachable
        # One hash for the service port, one for each endpoint; none of them knows a port number
        # of the Service, so that changing it keeps the chains.
        key, *hashes = short_hashes([seed, *[seed + each.socket for each in reachable]])
        self.cluster, self.local = f"KUBE-SVC-{key}", f"KUBE-SVL-{key}"
        self.external, self.firewall = f"KUBE-EXT-{key}", f"KUBE-FW-{key}"
        self.targets = tuple(
            [
                Target(f"KUBE-SEP-{key}", each.address, each.port, each.socket)
                for key, each in zip(hashes, reachable, strict=True)
            ]
        )
        """All reachable endpoints, each with the chain that leads there."""


def port_rules(plan: PortPlan, context: BuildContext) -> PortRules:
    """Return all rules of one service port."""
    names = Names(plan)
    return PortRules(
        services=tuple(_entries(plan, names)),
        node_ports=tuple(_node_port_entries(plan, names, context)),
        refused_internally=tuple(_internal_refusal(plan)),
        refused_externally=tuple(_external_refusals(plan)),
        firewalled=tuple(_firewall_drops(plan, names)),
        health_checks=tuple(_health_check(plan)),
        chains=tuple(_chains(plan, names, context)),
    )


# --- what leads to the chains -----------------------------------------------------------------


def _to(plan: PortPlan, address: str, comment: str) -> tuple[Match, ...]:
    """Return what a packet to the service port at one of its addresses matches."""
    port = plan.port
    return (Destination(address), Comment(comment), Transport(port.protocol, port.number))


def _entries(plan: PortPlan, names: Names) -> Iterator[Rule]:
    """Yield the rules that catch traffic by its destination address."""
    port = plan.port
    if not plan.internal.refused:
        target = names.local if plan.internal is Route.LOCAL else names.cluster
        yield Rule(_to(plan, port.cluster_ip, f"{plan.name} cluster IP"), (Jump(target),))
    if not plan.uses_external_chain:
        return
    for address in port.external_ips:
        yield Rule(_to(plan, address, f"{plan.name} external IP"), (Jump(names.external),))
    # Source ranges stand before everything else that outside traffic meets.
    balanced = names.firewall if plan.firewall else names.external
    for address in port.vips:
        yield Rule(_to(plan, address, f"{plan.name} loadbalancer IP"), (Jump(balanced),))


def _node_port_entries(plan: PortPlan, names: Names, context: BuildContext) -> Iterator[Rule]:
    """Yield the rules that catch traffic by its node port; those for localhost only count."""
    if not plan.node_port:
        return
    matches = (Comment(plan.name), Transport(plan.port.protocol, plan.node_port))
    to_external = (Jump(names.external),)
    # kube-proxy wants to know whether anybody still does this before it stops to support it.
    if context.counts_localhost:
        loopback = Destination(context.family.loopback)
        yield Rule((loopback, *matches, Nfacct(LOCALHOST_COUNTER)), to_external)
    yield Rule(matches, to_external)


def _refusal(plan: PortPlan, route: Route) -> tuple[Comment, tuple[Action, ...]]:
    if route is Route.REJECT:
        return Comment(f"{plan.name} has no endpoints"), (Reject(),)
    return Comment(f"{plan.name} has no local endpoints"), (Drop(),)


def _internal_refusal(plan: PortPlan) -> Iterator[Rule]:
    if plan.internal.refused:
        comment, action = _refusal(plan, plan.internal)
        yield Rule(_to(plan, plan.port.cluster_ip, comment.text), action)


def _external_refusals(plan: PortPlan) -> Iterator[Rule]:
    """Yield the rules that refuse traffic from outside.

    They stand in the filter table, behind the nat rules: pods and the node itself have been sent
    on to an endpoint before, and pass.
    """
    comment, action = _refusal(plan, plan.external)
    for address in plan.refused_addresses:
        yield Rule(_to(plan, address, comment.text), action)
    if plan.refused_node_port:
        transport = Transport(plan.port.protocol, plan.refused_node_port)
        yield Rule((comment, LocalAddressType(Side.DESTINATION), transport), action)


def _firewall_drops(plan: PortPlan, names: Names) -> Iterator[Rule]:
    """Yield the rules that drop what the firewall chain did not send on."""
    if plan.firewall and plan.uses_external_chain:
        comment = f"{plan.name} traffic not accepted by {names.firewall}"
        for address in plan.port.vips:
            yield Rule(_to(plan, address, comment), (Drop(),))


def _health_check(plan: PortPlan) -> Iterator[Rule]:
    """Yield the rule that lets load balancers ask whether the node has local endpoints."""
    if plan.port.health_check_port:
        comment = Comment(f"{plan.name} health check node port")
        yield Rule((comment, Transport("tcp", plan.port.health_check_port)), (Accept(),))


# --- the chains -------------------------------------------------------------------------------


def _chains(
    plan: PortPlan, names: Names, context: BuildContext
) -> Iterator[Chain | EndpointChains]:
    if plan.uses_external_chain:
        yield Chain(names.external, tuple(_external(plan, names, context)))
        if plan.firewall:
            yield Chain(names.firewall, tuple(_firewall(plan, names)))
    targets = names.targets
    # The chains of the cluster and of the local policy share those of their endpoints.
    label = plan.name if context.endpoint_comments else ""
    if plan.usable.cluster:
        chosen = _chosen(targets, plan.usable.cluster, plan)
        yield _spread(plan, names.cluster, Route.CLUSTER, chosen, context)
    if plan.usable.local:
        chosen = _chosen(targets, plan.usable.local, plan)
        yield _spread(plan, names.local, Route.LOCAL, chosen, context)
    if targets:
        sticky = bool(plan.port.sticky_seconds)
        yield EndpointChains(targets, plan.port.protocol, MARK_CHAIN, label=label, sticky=sticky)


def _chosen(
    targets: tuple[Target, ...], endpoints: Endpoints, plan: PortPlan
) -> tuple[Target, ...]:
    # Nearly always they are the very same tuple.
    if endpoints is plan.usable.reachable:
        return targets
    by_socket = {each.socket: each for each in targets}
    return tuple([by_socket[each.socket] for each in endpoints])


def _external(plan: PortPlan, names: Names, context: BuildContext) -> Iterator[Rule]:
    """Yield the rules for traffic to external addresses, whatever way it came."""
    host = LocalAddressType(Side.SOURCE)
    to_mark, to_cluster = (Jump(MARK_CHAIN),), (Jump(names.cluster),)
    delivery = names.local if plan.external is Route.LOCAL else names.cluster

    def comment(purpose: str) -> Comment:
        return Comment(f"{purpose} for {plan.name} external destinations")

    for treatment in plan.treatments(context.pods):
        match treatment:
            case Treatment.MASQUERADE:
                yield Rule((comment("masquerade traffic"),), to_mark)
            case Treatment.SHORT_CIRCUIT_PODS:
                assert context.pods
                yield Rule((context.pods, comment("pod traffic")), to_cluster)
            case Treatment.MASQUERADE_LOCAL:
                yield Rule((comment("masquerade LOCAL traffic"), host), to_mark)
            case Treatment.SHORT_CIRCUIT_LOCAL:
                yield Rule((comment("route LOCAL traffic"), host), to_cluster)
            case Treatment.DELIVER:
                yield Rule((), (Jump(delivery),))
            case _:
                assert_never(treatment)


def _firewall(plan: PortPlan, names: Names) -> Iterator[Rule]:
    """Yield the rules that let source ranges through; KUBE-PROXY-FIREWALL drops the others."""
    assert plan.firewall
    comment = Comment(f"{plan.name} loadbalancer IP")
    for network in (*plan.firewall.ranges, *plan.firewall.own_vips):
        yield Rule((Source(network), comment), (Jump(names.external),))
    # A rule without a target: it does nothing but tell what happens next.
    rest = f"other traffic to {plan.name} will be dropped by KUBE-PROXY-FIREWALL"
    yield Rule((Comment(rest),))


def _spread(
    plan: PortPlan, chain: str, route: Route, targets: tuple[Target, ...], context: BuildContext
) -> Chain:
    """Return the chain that picks an endpoint.

    Only the one that the cluster IP leads to marks what must be masqueraded.
    """
    label = plan.name if context.endpoint_comments else ""
    spread = LoadBalanceRules(targets, label, plan.port.sticky_seconds)
    if plan.internal is not route or context.masqueraded is None:
        return Chain(chain, spread)
    to_cluster_ip = _to(plan, plan.port.cluster_ip, f"{plan.name} cluster IP")
    mark = Rule((*context.masqueraded, *to_cluster_ip), (Jump(MARK_CHAIN),))
    return Chain(chain, Joined(((mark,), spread)))
