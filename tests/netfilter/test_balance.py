"""The compact shapes are nothing but ordinary rules and chains."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from svcnet.netfilter import iptables
from svcnet.netfilter.balance import EndpointChains, Joined, LoadBalanceRules, Target
from svcnet.netfilter.memo import Memo
from svcnet.netfilter.model import (
    Accept,
    Chain,
    Dnat,
    Drop,
    Family,
    Jump,
    RecentCheck,
    Rule,
    Statistic,
    Table,
)

ports = st.integers(1, 65535)
labels = st.sampled_from(["", "shop/cart", "shop/cart:http", 'odd "name" with \\'])
stickiness = st.sampled_from([0, 1, 10800])


@st.composite
def targets(draw: st.DrawFn, family: Family = Family.IPV4) -> tuple[Target, ...]:
    count = draw(st.integers(1, 12))
    found = []
    for number in range(count):
        port = draw(ports)
        address = f"10.0.0.{number}" if family is Family.IPV4 else f"fd00::{number + 1}"
        socket = f"{address}:{port}" if family is Family.IPV4 else f"[{address}]:{port}"
        found.append(Target(f"SEP-{number}", address, port, socket))
    return tuple(found)


def shares(spread: LoadBalanceRules) -> dict[str, Fraction]:
    """Return how likely each chain is reached by a client that nobody remembers."""
    left, found = Fraction(1), {}
    for rule in spread:
        if any(isinstance(match, RecentCheck) for match in rule.matches):
            continue
        chances = [match.probability for match in rule.matches if isinstance(match, Statistic)]
        taken = left * (chances[0] if chances else 1)
        (action,) = rule.actions
        assert isinstance(action, Jump)
        found[action.chain] = taken
        left -= taken
    assert left == 0, "some packets reach no target"
    return found


@given(targets(), labels, stickiness)
def test_every_target_gets_the_same_share(
    given_targets: tuple[Target, ...], label: str, sticky: int
) -> None:
    """Source: kubernetes pkg/proxy/iptables/proxier.go writeServiceToEndpointRules()."""
    share = Fraction(1, len(given_targets))

    found = shares(LoadBalanceRules(given_targets, label, sticky))

    assert found == {target.chain: share for target in given_targets}


def printed(chains: tuple[Chain | EndpointChains, ...], family: Family) -> str:
    return "".join(iptables.render([Table("nat", family, chains)]))


@given(st.data(), st.sampled_from(Family), labels, stickiness)
def test_a_spread_prints_as_its_rules_do(
    data: st.DataObject, family: Family, label: str, sticky: int
) -> None:
    spread = LoadBalanceRules(data.draw(targets(family)), label, sticky)

    one_by_one = printed((Chain("SVC", tuple(spread)),), family)

    assert printed((Chain("SVC", spread),), family) == one_by_one
    assert len(spread) == one_by_one.count("\n-A ")


@given(st.data(), st.sampled_from(Family), labels, st.booleans())
def test_rewrites_print_as_their_chains_do(
    data: st.DataObject,
    family: Family,
    label: str,
    sticky: bool,
) -> None:
    rewrites = EndpointChains(data.draw(targets(family)), "udp", "MARK", label=label, sticky=sticky)

    assert printed((rewrites,), family) == printed(tuple(rewrites), family)
    assert len(rewrites) == len(tuple(rewrites))


@given(targets())
def test_a_target_is_rewritten_to_what_it_says(given_targets: tuple[Target, ...]) -> None:
    rewrites = EndpointChains(given_targets, "tcp", "MARK")

    found = [(chain.name, chain.rules[1].actions) for chain in rewrites]

    assert found == [(each.chain, (Dnat(each.address, each.port),)) for each in given_targets]


def test_joined_rules_come_in_the_order_of_their_parts() -> None:
    accept, drop = Rule((), (Accept(),)), Rule((), (Drop(),))
    joined = Joined(((accept,), (), (drop, accept)))

    assert list(joined) == [accept, drop, accept]
    assert (len(joined), joined[1], joined[1:]) == (3, drop, (drop, accept))


def test_shapes_can_be_indexed_like_any_sequence() -> None:
    target = Target("SEP-0", "10.0.0.1", 80, "10.0.0.1:80")
    spread, rewrites = LoadBalanceRules((target,)), EndpointChains((target,), "tcp", "MARK")

    assert spread[0] == Rule((), (Jump("SEP-0"),))
    assert spread[:1] == (spread[0],)
    assert rewrites[0].name == "SEP-0"
    assert len(rewrites[:1]) == 1


@given(targets(), labels)
def test_what_is_printed_from_memory_is_the_same(
    given_targets: tuple[Target, ...], label: str
) -> None:
    chains = (
        Chain("SVC", Joined((LoadBalanceRules(given_targets, label), (Rule((), (Drop(),)),)))),
        EndpointChains(given_targets, "tcp", "MARK", label=label),
    )
    table, memo = Table("nat", Family.IPV4, chains), Memo()

    first = "".join(iptables.render([table], memo))

    assert first == "".join(iptables.render([table]))
    assert first == "".join(iptables.render([table], memo))
