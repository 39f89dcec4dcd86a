"""The rules of one node after another, in one mode and one family."""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.kubeproxy import KubeProxyConfiguration
from svcnet.lean_namedtuple import NamedTuple
from svcnet.netfilter import iptables as iptables_text
from svcnet.netfilter import nft as nft_text
from svcnet.netfilter.memo import Memo
from svcnet.netfilter.model import Family, NamedSet, Table
from svcnet.proxy import iptables, nftables
from svcnet.proxy.node import Mode
from svcnet.proxy.plan import Plan, Planner
from svcnet.proxy.watched import Watched

SUFFIXES = {
    (Mode.IPTABLES, Family.IPV4): "iptables",
    (Mode.IPTABLES, Family.IPV6): "ip6tables",
    (Mode.NFTABLES, Family.IPV4): "ip.nft",
    (Mode.NFTABLES, Family.IPV6): "ip6.nft",
}
"""How files of rules are called, behind the node's name and a dot."""


class Rulesets:
    """What kube-proxy leaves on the nodes of a cluster.

    What nodes have in common is decided, built and, with `many`, printed once: the more nodes are
    asked for, the less each of them costs, and the more memory is held.
    """

    def __init__(
        self,
        watched: Watched,
        config: KubeProxyConfiguration,
        mode: Mode,
        family: Family,
        *,
        many: bool = False,
    ) -> None:
        self._mode = mode
        self._planner = Planner(watched, config, family, mode)
        # Only one of them is used, and an unused one costs nothing.
        self._iptables, self._nftables = iptables.Builder(), nftables.Builder()
        self._memo = Memo() if many else None
        # The tables that were printed last, and their text: often the next node has the same.
        self._printed: tuple[tuple[Table, ...], tuple[str, ...]] = ((), ())

    def plan(self, node: str) -> Plan:
        """Return what a node does with traffic.

        Raises:
            NotFound: there is no such node.
        """
        return self._planner.plan(node)

    def tables(self, plan: Plan) -> tuple[Table, ...]:
        """Return a plan as tables of the mode."""
        if self._mode is Mode.IPTABLES:
            return self._iptables.tables(plan)
        return (self._nftables.table(plan),)

    def text(self, node: str) -> Iterator[str]:
        """Yield what the tool of the mode prints on a node, in pieces of any size.

        Raises:
            NotFound: there is no such node.
        """
        return self.rendered(self.plan(node))

    def rendered(self, plan: Plan) -> Iterator[str]:
        """Yield what the tool of the mode prints for a plan, in pieces of any size."""
        tables = self.tables(plan)
        if self._memo is None:
            return self._render(tables)
        if tables is not self._printed[0]:
            self._printed = (tables, tuple(self._render(tables)))
        return iter(self._printed[1])

    def _render(self, tables: tuple[Table, ...]) -> Iterator[str]:
        if self._mode is Mode.IPTABLES:
            return iptables_text.render(tables, self._memo)
        return nft_text.render(tables[0], self._memo)

    def doubts(self, plan: Plan) -> Iterator[str]:
        """Yield why the kernel would refuse the rules of a plan; mostly nothing."""
        if self._mode is Mode.NFTABLES:
            yield from nftables.long_comments(plan)


class Summary(NamedTuple):
    """How large a node's rules are."""

    mode: Mode
    family: Family
    chains: int
    rules: int
    elements: int
    """Of sets and maps, which only nftables has."""
    services: int
    endpoints: int
    """Counted for each service port."""
    large: bool
    """Whether kube-proxy leaves out comments, as it does in iptables mode in large clusters."""


def summary(rulesets: Rulesets, node: str) -> Summary:
    """Return how large the rules of a node are.

    Raises:
        NotFound: there is no such node.
    """
    plan = rulesets.plan(node)
    tables = rulesets.tables(plan)
    # Counted in the values: printing a large cluster just to count lines would take longer.
    chains = [chain for table in tables for chain in table.each_chain()]
    sets = [each for table in tables for each in table.sets]
    elements = sum(
        len(each.elements if isinstance(each, NamedSet) else each.entries) for each in sets
    )
    return Summary(
        mode=plan.node_config.mode,
        family=plan.node_config.family,
        chains=len(chains),
        rules=sum(len(chain.rules) for chain in chains),
        elements=elements,
        services=len({each.port.key[:2] for each in plan.ports}),
        endpoints=plan.endpoint_count,
        large=plan.node_config.mode is Mode.IPTABLES and iptables.is_large(plan),
    )
