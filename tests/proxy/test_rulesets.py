"""Laws that hold for the rules of every cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.kubeproxy import KubeProxyConfiguration
from svcnet.errors import BadRequest
from svcnet.netfilter.balance import Joined, LoadBalanceRules
from svcnet.netfilter.model import (
    Action,
    Chain,
    Comment,
    Destination,
    DnatToAny,
    Drop,
    Family,
    Goto,
    GotoAny,
    InSet,
    Jump,
    LocalAddressType,
    Lookup,
    NamedMap,
    Reject,
    Rule,
    SetUpdate,
    Side,
    Table,
    Transport,
)
from svcnet.proxy import iptables, nftables
from svcnet.proxy.node import Mode
from svcnet.proxy.plan import Plan, plan
from svcnet.proxy.rulesets import Rulesets, summary
from tests.proxy.building import (
    CONFIG,
    HTTP,
    Document,
    cluster,
    endpoint,
    endpoint_slice,
    node,
    planned,
    service,
)
from tests.proxy.clusters import NODES, configurations, documents

MODES = st.sampled_from(Mode)
nodes = st.sampled_from(NODES)


def tables(found: Plan) -> tuple[Table, ...]:
    if found.node_config.mode is Mode.IPTABLES:
        return iptables.tables(found)
    return (nftables.table(found),)


def actions(table: Table) -> Iterator[Action]:
    for chain in table.each_chain():
        for rule in chain.rules:
            yield from rule.actions
    for named in table.sets:
        if isinstance(named, NamedMap):
            yield from (entry.verdict for entry in named.entries)


def led_to(table: Table) -> Iterator[str]:
    for action in actions(table):
        match action:
            case Jump(chain) | Goto(chain):
                yield chain
            case GotoAny(chains):
                yield from chains


@given(documents(), configurations, nodes, MODES)
def test_no_jump_dangles_and_no_chain_of_a_service_port_is_dead(
    given_documents: list[Document], config: KubeProxyConfiguration, on: str, mode: Mode
) -> None:
    nothing = planned(*map(node, NODES), on=on, config=config, mode=mode)
    always = {chain.name for table in tables(nothing) for chain in table.each_chain()}

    for table in tables(planned(*given_documents, on=on, config=config, mode=mode)):
        names = [chain.name for chain in table.each_chain()]
        targets = set(led_to(table))

        assert len(names) == len(set(names)), "no two chains have one name"
        assert targets <= set(names), "no jump dangles"
        assert set(names) - always <= targets, "no chain is dead"


@given(documents(), configurations, nodes)
def test_every_set_that_is_searched_is_there_and_every_set_is_searched(
    given_documents: list[Document], config: KubeProxyConfiguration, on: str
) -> None:
    table = nftables.table(planned(*given_documents, on=on, config=config, mode=Mode.NFTABLES))
    searched = set()
    for chain in table.each_chain():
        for rule in chain.rules:
            searched |= {each.set for each in rule.matches if isinstance(each, InSet)}
            searched |= {each.map for each in rule.actions if isinstance(each, Lookup)}
            searched |= {each.set for each in rule.actions if isinstance(each, SetUpdate)}

    names = [named.name for named in table.sets]

    assert len(names) == len(set(names))
    assert searched == set(names)


# --- both modes say the same ------------------------------------------------------------------


class Socket(NamedTuple):
    """Where traffic is sent to; for node ports the address is empty."""

    address: str
    protocol: str
    port: int


Targets = frozenset[tuple[str, int]]


class Said(NamedTuple):
    """What a mode makes of a plan, in words of neither."""

    delivered: dict[Socket, Targets]
    """For each socket the endpoints that its traffic may reach in the end."""
    refused: dict[Socket, str]
    guarded: frozenset[Socket]


def said_by_iptables(found: Plan) -> Said:
    _, filters, nat = iptables.tables(found)
    chains = {chain.name: chain for chain in nat.each_chain()}
    entries = [*chains["KUBE-SERVICES"].rules, *chains["KUBE-NODEPORTS"].rules]
    refusing = {chain.name: chain for chain in filters.each_chain()}
    refusals = [
        *refusing["KUBE-SERVICES"].rules,
        *refusing["KUBE-EXTERNAL-SERVICES"].rules,
    ]
    return Said(
        {socket: endpoints_of(chains, chain) for socket, chain in led_from(entries)},
        {socket: verdict for socket, verdict in refused_by(refusals)},  # noqa: C416
        frozenset(socket for socket, _ in refused_by(refusing["KUBE-PROXY-FIREWALL"].rules)),
    )


def socket_of(rule: Rule) -> Socket | None:
    address, transport = "", None
    for match in rule.matches:
        if isinstance(match, Destination) and match.network != "127.0.0.0/8":
            address = match.network
        elif isinstance(match, Transport):
            transport = match
    return Socket(address, transport.protocol, transport.port) if transport else None


def led_from(rules: Iterable[Rule]) -> Iterator[tuple[Socket, str]]:
    for rule in rules:
        socket, (action,) = socket_of(rule), rule.actions
        if socket and isinstance(action, Jump):
            yield socket, action.chain


def refused_by(rules: Iterable[Rule]) -> Iterator[tuple[Socket, str]]:
    for rule in rules:
        socket, (action,) = socket_of(rule), rule.actions
        assert socket
        assert isinstance(action, Drop | Reject)
        yield socket, type(action).__name__


def endpoints_of(chains: dict[str, Chain], name: str) -> Targets:
    """Return every endpoint that a chain, or one it leads to, may pick."""
    reached: set[tuple[str, int]] = set()
    for part in parts(chains[name]):
        if isinstance(part, LoadBalanceRules):
            reached |= {(each.address, each.port) for each in part.targets}
            continue
        for rule in part:
            for action in rule.actions:
                if isinstance(action, Jump | Goto):
                    reached |= endpoints_of(chains, action.chain)
                if isinstance(action, DnatToAny):
                    reached |= set(action.targets)
    return frozenset(reached)


def parts(chain: Chain) -> Iterable[Any]:
    return chain.rules.parts if isinstance(chain.rules, Joined) else (chain.rules,)


def said_by_nftables(found: Plan) -> Said:
    table = nftables.table(found)
    maps = {named.name: named.entries for named in table.sets if isinstance(named, NamedMap)}
    chains = {chain.name: chain for chain in table.each_chain()}

    def sockets(*names: str) -> Iterator[tuple[Socket, Any]]:
        for name in names:
            for entry in maps[name]:
                protocol, port = entry.key[-2:]
                address = entry.key[0] if len(entry.key) > 2 else ""
                yield Socket(str(address), str(protocol), int(port)), entry.verdict

    refused = sockets("no-endpoint-services", "no-endpoint-nodeports")
    return Said(
        {
            socket: endpoints_of(chains, verdict.chain)
            for socket, verdict in sockets("service-ips", "service-nodeports")
        },
        {socket: "Reject" if isinstance(v, Goto) else type(v).__name__ for socket, v in refused},
        frozenset(socket for socket, _ in sockets("firewall-ips")),
    )


@given(documents(), configurations, nodes)
def test_both_modes_deliver_and_refuse_the_same(
    given_documents: list[Document], config: KubeProxyConfiguration, on: str
) -> None:
    unstuck = [without_affinity(each) for each in given_documents]
    one = said_by_iptables(planned(*unstuck, on=on, config=config, mode=Mode.IPTABLES))
    other = said_by_nftables(planned(*unstuck, on=on, config=config, mode=Mode.NFTABLES))

    assert one.delivered == other.delivered
    assert one.refused == other.refused
    # Without an endpoint anywhere, iptables mode has no chain that the drop could stand behind.
    assert one.guarded == {each for each in other.guarded if each in other.delivered}


def without_affinity(document: Document) -> Document:
    """Return a Service without affinity, which in nftables mode takes chains of another shape."""
    if document["kind"] != "Service":
        return document
    spec = {name: value for name, value in document["spec"].items() if name != "sessionAffinity"}
    return {**document, "spec": spec}


# --- what must not matter ---------------------------------------------------------------------


def printed(given_documents: list[Document], config: KubeProxyConfiguration, mode: Mode) -> str:
    rulesets = Rulesets(cluster(*given_documents), config, mode, Family.IPV4)
    return "".join(rulesets.text("n1"))


@given(documents(), configurations, MODES, st.randoms())
def test_the_order_of_documents_does_not_matter(
    given_documents: list[Document], config: KubeProxyConfiguration, mode: Mode, random: Any
) -> None:
    shuffled = list(given_documents)
    random.shuffle(shuffled)

    assert printed(shuffled, config, mode) == printed(given_documents, config, mode)


@given(documents(), configurations, MODES, st.sampled_from(Family))
def test_a_node_among_many_gets_what_it_gets_alone(
    given_documents: list[Document], config: KubeProxyConfiguration, mode: Mode, family: Family
) -> None:
    watched = cluster(*given_documents)
    many = Rulesets(watched, config, mode, family, many=True)

    for name in (*NODES, *NODES):
        alone = "".join(Rulesets(watched, config, mode, family).text(name))
        assert "".join(many.text(name)) == alone


@given(documents(), nodes, MODES)
def test_a_summary_counts_what_is_printed(
    given_documents: list[Document], on: str, mode: Mode
) -> None:
    rulesets = Rulesets(cluster(*given_documents), CONFIG, mode, Family.IPV4)
    text = "".join(rulesets.text(on))

    found = summary(rulesets, on)

    if mode is Mode.IPTABLES:
        assert found.rules == text.count("\n-A ")
        assert found.chains == text.count("\n:")
    else:
        assert found.chains == text.count("\tchain ")
    assert found.services == sum(each["kind"] == "Service" for each in given_documents)
    assert not found.large


values = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 70000) | st.sampled_from(["", "a", "10.0.0.1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just("name"), inner),
    max_leaves=4,
)
FIELDS = (
    "addressType", "addresses", "clusterIP", "clusterIPs", "conditions", "endpoints", "externalIPs",
    "hints", "ingress", "ipFamilies", "labels", "loadBalancer", "loadBalancerSourceRanges",
    "nodeName", "nodePort", "podCIDRs", "port", "ports", "protocol", "ready", "sessionAffinity",
    "spec", "status", "type",
)  # fmt: skip


def spoilt(value: Any, field: str, other: Any) -> Any:
    """Return `value` with `field` set to something else wherever it is."""
    if isinstance(value, dict):
        return {k: other if k == field else spoilt(v, field, other) for k, v in value.items()}
    return [spoilt(each, field, other) for each in value] if isinstance(value, list) else value


@given(documents(), st.sampled_from(FIELDS), values, MODES)
def test_no_input_is_too_odd(
    given_documents: list[Document], field: str, other: Any, mode: Mode
) -> None:
    """What the API server would refuse is refused in words, or passed over."""
    odd = [
        {
            **each,
            **spoilt(
                {k: v for k, v in each.items() if k not in ("kind", "metadata")}, field, other
            ),
        }
        for each in given_documents
    ]

    with suppress(BadRequest):
        printed(odd, CONFIG, mode)


# --- service ports that want the same ---------------------------------------------------------

SAME = [{**HTTP, "nodePort": 30080}]


def rivals() -> Plan:
    return planned(
        service("a", clusterIP="10.96.0.1", type="NodePort", ports=SAME),
        service("b", clusterIP="10.96.0.2", type="NodePort", ports=SAME),
        *(endpoint_slice(endpoint("10.244.1.1"), of=each, name=each) for each in "ab"),
        mode=Mode.NFTABLES,
    )


def test_the_first_of_two_that_want_one_node_port_gets_it() -> None:
    (entries,) = (
        named.entries
        for named in nftables.table(rivals()).sets
        if isinstance(named, NamedMap) and named.name == "service-nodeports"
    )

    (winner,) = [entry.verdict for entry in entries]
    assert isinstance(winner, Goto)
    assert winner.chain.endswith("-shop/a/tcp/http")


def test_two_that_want_one_node_port_have_a_rule_each_and_the_first_wins() -> None:
    _, _, nat = iptables.tables(rivals())
    chains = {chain.name: chain for chain in nat.each_chain()}

    told = [rule.matches[-2] for rule in chains["KUBE-NODEPORTS"].rules]

    assert told == [Comment("shop/a:http"), Comment("shop/b:http")]


def test_an_unready_cluster_is_refused_at_node_ports_of_this_host_only() -> None:
    _, filters, _ = iptables.tables(planned(service(type="NodePort", ports=SAME)))
    chains = {chain.name: chain for chain in filters.each_chain()}

    (rule,) = chains["KUBE-EXTERNAL-SERVICES"].rules

    assert LocalAddressType(Side.DESTINATION) in rule.matches


@pytest.mark.parametrize(("count", "large"), [(1000, False), (1001, True)])
def test_a_cluster_is_large_with_more_than_a_thousand_endpoints(
    count: int,
    large: bool,
) -> None:
    endpoints = [endpoint(f"10.244.{each // 250}.{each % 250}") for each in range(count)]
    watched = cluster(node(), service(), endpoint_slice(*endpoints))

    found = plan(watched, CONFIG, "n1", Family.IPV4, Mode.IPTABLES)

    assert iptables.is_large(found) is large
    text = "".join(Rulesets(watched, CONFIG, Mode.IPTABLES, Family.IPV4).text("n1"))
    assert ("-> 10.244." not in text) is large


def test_names_that_nft_would_cut_off_stay_apart() -> None:
    """Source: kubernetes pkg/proxy/nftables/proxier.go hashAndTruncate()."""
    long = "s" * 240
    services = [service(long + each, clusterIP=f"10.96.0.{each}") for each in "12"]
    slices = [endpoint_slice(endpoint("10.244.1.1"), of=long + each, name=each) for each in "12"]

    table = nftables.table(planned(*services, *slices, mode=Mode.NFTABLES))

    names = [each.name for each in table.chains if isinstance(each, Chain) and "sss" in each.name]
    assert [len(name) for name in names] == [len("service-") + 240] * 2
    assert len(set(names)) == 2
    assert all(name.endswith("...") for name in names)
