"""A plan as the iptables tables of a node.

Source: kubernetes pkg/proxy/iptables/proxier.go, iptablesJumpChains and syncProxyRules().
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from svcnet.netfilter.balance import Joined
from svcnet.netfilter.model import (
    Accept,
    Chain,
    Comment,
    ConntrackState,
    Destination,
    Drop,
    Hook,
    Jump,
    LocalAddressType,
    Mark,
    Masquerade,
    Match,
    Nfacct,
    Return,
    Rule,
    SetMark,
    Side,
    Source,
    Table,
)
from svcnet.proxy.iptables_ports import MARK_CHAIN, BuildContext, PortRules, port_rules
from svcnet.proxy.plan import Plan, PortPlan

LARGE_CLUSTER = 1000
"""With more endpoints than this, rules of endpoints carry no comments."""

INVALID_COUNTER = "ct_state_invalid_dropped_pkts"
CANARY = "KUBE-PROXY-CANARY"
"""An empty chain: when it is gone, somebody else has flushed the table."""

_NEW = ConntrackState(("new",))
_LAST = "kubernetes service nodeports; NOTE: this must be the last rule in this chain"


class Builder:
    """Builds the tables of any number of nodes; what they have in common is built once."""

    def __init__(self) -> None:
        self._known: dict[BuildContext, dict[PortPlan, PortRules]] = {}
        self._last: tuple[object, tuple[Table, ...]] = (None, ())

    def tables(self, plan: Plan) -> tuple[Table, ...]:
        """Return the tables mangle, filter and nat of the plan's node.

        The same tuple again, if they are those of the plan before.
        """
        context = BuildContext(
            family=plan.node_config.family,
            pods=plan.node_config.pods,
            masqueraded=plan.masqueraded_cluster_ips,
            counts_localhost=plan.node_config.node_ports.localhost,
            endpoint_comments=not is_large(plan),
        )
        # Plans are told apart by identity, so this costs a lookup per service port and node.
        known = self._known.setdefault(context, {})
        for each in plan.ports:
            if each not in known:
                known[each] = port_rules(each, context)
        rules = [known[each] for each in plan.ports]
        node_config = (
            plan.node_config.mark,
            plan.node_config.node_ports,
            plan.node_config.drops_invalid,
        )
        # Where no service port cares on which node it is, the next node's tables are these again.
        same = (context, node_config, tuple(map(id, rules)))
        if same != self._last[0]:
            self._last = (same, (_mangle(plan), _filter(plan, rules), _nat(plan, rules)))
        return self._last[1]


def tables(plan: Plan) -> tuple[Table, ...]:
    """Return the tables mangle, filter and nat of the plan's node."""
    return Builder().tables(plan)


def is_large(plan: Plan) -> bool:
    """Return whether kube-proxy saves comments, because there are very many endpoints."""
    return plan.endpoint_count > LARGE_CLUSTER


def _mangle(plan: Plan) -> Table:
    names = ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")
    return Table("mangle", plan.node_config.family, (*_hooked("mangle", names, {}), Chain(CANARY)))


def _hooked(
    table: str, names: Iterable[str], rules: dict[str, tuple[Rule, ...]]
) -> Iterator[Chain]:
    for name in names:
        yield Chain(name, rules.get(name, ()), Hook(table, name.lower()))


def _joined(parts: Iterable[Sequence[Rule]]) -> Joined:
    # Most service ports contribute to a few chains only.
    return Joined(tuple([part for part in parts if part]))


def _jump(chain: str, comment: str, *matches: Match) -> Rule:
    return Rule((*matches, Comment(comment)), (Jump(chain),))


# --- filter -----------------------------------------------------------------------------------


def _filter(plan: Plan, rules: Sequence[PortRules]) -> Table:
    # Most jumps are for new connections only: the others were let in before.
    to_firewall = Rule((), (Jump("KUBE-FIREWALL"),))
    balancers = _jump("KUBE-PROXY-FIREWALL", "kubernetes load balancer firewall", _NEW)
    health = _jump("KUBE-NODEPORTS", "kubernetes health check service ports")
    forwarding = _jump("KUBE-FORWARD", "kubernetes forwarding rules")
    services = _jump("KUBE-SERVICES", "kubernetes service portals", _NEW)
    visible = "kubernetes externally-visible service portals"
    external = _jump("KUBE-EXTERNAL-SERVICES", visible, _NEW)
    hooks = {
        "INPUT": (to_firewall, balancers, health, external),
        "FORWARD": (balancers, forwarding, services, external),
        "OUTPUT": (to_firewall, balancers, services),
    }
    chains = (
        *_hooked("filter", hooks, hooks),
        Chain("KUBE-EXTERNAL-SERVICES", _joined(each.refused_externally for each in rules)),
        Chain("KUBE-FIREWALL", tuple(_martians(plan))),
        Chain("KUBE-FORWARD", tuple(_forwarding(plan))),
        Chain("KUBE-NODEPORTS", _joined(each.health_checks for each in rules)),
        Chain(CANARY),
        Chain("KUBE-PROXY-FIREWALL", _joined(each.firewalled for each in rules)),
        Chain("KUBE-SERVICES", _joined(each.refused_internally for each in rules)),
    )
    return Table("filter", plan.node_config.family, chains)


def _martians(plan: Plan) -> Iterator[Rule]:
    """Yield the rule that closes a hole.

    Node ports on localhost need `route_localnet`, which would also let the neighbours on the
    network talk to what listens on the loopback addresses of this node only.
    """
    if plan.node_config.node_ports.localhost:
        loopback = plan.node_config.family.loopback
        answers = ConntrackState(("related", "established", "dnat"), negated=True)
        comment = Comment("block incoming localnet connections")
        matches = (Source(loopback, negated=True), Destination(loopback), comment, answers)
        yield Rule(matches, (Drop(),))


def _forwarding(plan: Plan) -> Iterator[Rule]:
    """Yield what is let through however the host forwards other packets.

    Packets that connection tracking calls invalid would leave with their addresses not rewritten,
    and the other side would reset the connection; so they are dropped.
    """
    mark = plan.node_config.mark
    # Liberal conntrack calls packets valid that it only does not understand.
    if plan.node_config.drops_invalid:
        yield Rule((ConntrackState(("invalid",)), Nfacct(INVALID_COUNTER)), (Drop(),))
    yield Rule((Comment("kubernetes forwarding rules"), Mark(mark, mark)), (Accept(),))
    answers = ConntrackState(("related", "established"))
    yield Rule((Comment("kubernetes forwarding conntrack rule"), answers), (Accept(),))


# --- nat --------------------------------------------------------------------------------------


def _nat(plan: Plan, rules: Sequence[PortRules]) -> Table:
    services = (_jump("KUBE-SERVICES", "kubernetes service portals"),)
    hooks = {
        "PREROUTING": services,
        "INPUT": (),
        "OUTPUT": services,
        "POSTROUTING": (_jump("KUBE-POSTROUTING", "kubernetes postrouting rules"),),
    }
    # What is told by its address goes first: a node port number may also be a Service's port.
    entries = [each.services for each in rules]
    mark = plan.node_config.mark
    chains = (
        *_hooked("nat", hooks, hooks),
        Chain(MARK_CHAIN, (Rule((), (SetMark(mark, mark),)),)),
        Chain("KUBE-NODEPORTS", _joined(each.node_ports for each in rules)),
        Chain("KUBE-POSTROUTING", _postrouting(mark)),
        Chain(CANARY),
        Chain("KUBE-SERVICES", _joined([*entries, tuple(_node_ports(plan))])),
        *(chain for each in rules for chain in each.chains),
    )
    return Table("nat", plan.node_config.family, chains)


def _postrouting(mark: int) -> tuple[Rule, ...]:
    """Return the rules that masquerade what was marked.

    The mark is taken off first: in some tunnels the packet comes through here once more.
    """
    comment = Comment("kubernetes service traffic requiring SNAT")
    return (
        Rule((Mark(mark, mark, negated=True),), (Return(),)),
        Rule((), (SetMark(mark, 0),)),
        Rule((comment,), (Masquerade(),)),
    )


def _node_ports(plan: Plan) -> Iterator[Rule]:
    """Yield what leads to node ports, behind all that is told by its address."""
    node_ports, family = plan.node_config.node_ports, plan.node_config.family
    if node_ports.everywhere:
        outside = () if node_ports.localhost else (Destination(family.loopback, negated=True),)
        matches = (*outside, Comment(_LAST), LocalAddressType(Side.DESTINATION))
        yield Rule(matches, (Jump("KUBE-NODEPORTS"),))
    for address in node_ports.addresses:
        yield Rule((Destination(address), Comment(_LAST)), (Jump("KUBE-NODEPORTS"),))
