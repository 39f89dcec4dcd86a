"""Every match, action, set and map as nft lists it; the lines were read off `nft -s list`."""

from __future__ import annotations

from fractions import Fraction
from ipaddress import IPv4Address, IPv4Network, ip_network, summarize_address_range
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.netfilter.memo import Memo
from svcnet.netfilter.model import (
    Accept,
    Action,
    AnonymousSet,
    Chain,
    Comment,
    ConntrackState,
    ConntrackStatus,
    DataType,
    Destination,
    Dnat,
    DnatToAny,
    Drop,
    Entry,
    Family,
    Field,
    Goto,
    GotoAny,
    Hook,
    InputInterface,
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
    Nfacct,
    RecentCheck,
    RecentSet,
    Reject,
    Return,
    Rule,
    SetMark,
    SetUpdate,
    Side,
    Source,
    Statistic,
    Table,
    Transport,
)
from svcnet.netfilter.nft import Untranslatable, render

SERVICE = (DataType.ADDRESS, DataType.PROTOCOL, DataType.PORT)


def listed(
    *chains: Chain, sets: tuple[NamedSet | NamedMap, ...] = (), family: Family = Family.IPV4
) -> str:
    return "".join(render(Table("t", family, chains, sets)))


def rule(*matches: Match, then: tuple[Action, ...] = (), family: Family = Family.IPV4) -> str:
    text = listed(Chain("x", (Rule(matches, then),)), family=family)
    return text.split("\t\t")[1].split("\n")[0]


MATCHES = [
    (Source("10.0.0.0/8"), "ip saddr 10.0.0.0/8"),
    (Source("10.0.0.1", negated=True), "ip saddr != 10.0.0.1"),
    (Destination("127.0.0.0/8", negated=True), "ip daddr != 127.0.0.0/8"),
    (AnonymousSet(Side.DESTINATION, ("10.96.0.0/12",)), "ip daddr 10.96.0.0/12"),
    (
        AnonymousSet(Side.SOURCE, ("10.0.0.4/30", "192.0.2.1", "10.0.0.8"), negated=True),
        "ip saddr != { 10.0.0.4-10.0.0.8, 192.0.2.1 }",
    ),
    (AnonymousSet(Side.SOURCE, ("0.0.0.0/0",)), "ip saddr { 0.0.0.0/0 }"),
    (InputInterface("eth0"), 'iifname "eth0"'),
    (InputInterface("veth", prefix=True, negated=True), 'iifname != "veth*"'),
    (Transport("tcp"), "meta l4proto tcp"),
    (Transport("tcp", 80), "tcp dport 80"),
    (ConntrackState(("new",)), "ct state new"),
    (ConntrackState(("established", "related"), negated=True), "ct state != established,related"),
    (ConntrackStatus("dnat"), "ct status dnat"),
    (Mark(0, 0x4000, negated=True), "meta mark & 0x00004000 != 0x00000000"),
    (Mark(1, 1), "meta mark & 0x00000001 == 0x00000001"),
    (LocalAddressType(Side.SOURCE), "fib saddr type local"),
    (LocalAddressType(Side.DESTINATION), "fib daddr type local"),
    (InSet((Field.DESTINATION_ADDRESS,), "ips"), "ip daddr @ips"),
    (
        InSet((Field.SOURCE_ADDRESS, Field.PROTOCOL, Field.DESTINATION_PORT), "s"),
        "ip saddr . meta l4proto . th dport @s",
    ),
    (Comment("why"), 'comment "why"'),
]
ACTIONS = [
    (Accept(), "accept"),
    (Drop(), "drop"),
    (Reject(), "reject"),
    (Return(), "return"),
    (Jump("y"), "jump y"),
    (Goto("y"), "goto y"),
    (SetMark(0x4000, 0x4000), "meta mark set meta mark | 0x00004000"),
    (SetMark(0x4000, 0), "meta mark set meta mark ^ 0x00004000"),
    (SetMark(1, 3), "meta mark set meta mark & 0xfffffffc ^ 0x00000001"),
    (Masquerade(), "masquerade fully-random"),
    (Dnat("10.0.0.1", 80), "dnat to 10.0.0.1:80"),
    (
        DnatToAny((("10.0.0.1", 80), ("10.0.0.2", 81))),
        "dnat ip to numgen random mod 2 map { 0 : 10.0.0.1 . 80, 1 : 10.0.0.2 . 81 }",
    ),
    (GotoAny(("y", "z")), "numgen random mod 2 vmap { 0 : goto y, 1 : goto z }"),
    (Lookup((Field.PROTOCOL, Field.DESTINATION_PORT), "m"), "meta l4proto . th dport vmap @m"),
    (SetUpdate("s"), "update @s { ip saddr }"),
]


@pytest.mark.parametrize(("match", "expected"), MATCHES, ids=str)
def test_a_match_is_listed_as_nft_lists_it(match: Match, expected: str) -> None:
    assert rule(match) == expected


@pytest.mark.parametrize(("action", "expected"), ACTIONS, ids=str)
def test_an_action_is_listed_as_nft_lists_it(action: Action, expected: str) -> None:
    assert rule(then=(action,)) == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (Dnat("fd00::1", 80), "dnat to [fd00::1]:80"),
        (
            DnatToAny((("fd00::1", 80),)),
            "dnat ip6 to numgen random mod 1 map { 0 : fd00::1 . 80 }",
        ),
        (SetUpdate("s"), "update @s { ip6 saddr }"),
        (Lookup((Field.DESTINATION_ADDRESS,), "m"), "ip6 daddr vmap @m"),
    ],
    ids=str,
)
def test_ipv6_has_words_of_its_own(action: Action, expected: str) -> None:
    assert rule(then=(action,), family=Family.IPV6) == expected


def test_matches_and_actions_keep_their_order_and_comments_come_last() -> None:
    printed = rule(Comment("why"), Mark(0, 1, negated=True), then=(SetMark(1, 0), Masquerade()))

    assert printed == (
        "meta mark & 0x00000001 != 0x00000000 meta mark set meta mark ^ 0x00000001 "
        'masquerade fully-random comment "why"'
    )


@pytest.mark.parametrize(
    "match",
    [Statistic(Fraction(1, 2)), RecentCheck("L", 1), RecentSet("L"), Nfacct("seen")],
    ids=str,
)
def test_matches_of_iptables_alone_are_refused(match: Match) -> None:
    with pytest.raises(Untranslatable):
        rule(match)


@pytest.mark.parametrize(
    ("hook", "expected"),
    [
        (Hook("nat", "prerouting", -100), "dstnat"),
        (Hook("filter", "prerouting", -110), "dstnat - 10"),
        (Hook("filter", "prerouting", -95), "dstnat + 5"),
        (Hook("filter", "prerouting", -111), "-111"),
        (Hook("nat", "output", -100), "-100"),
        (Hook("filter", "input", 0), "filter"),
        (Hook("nat", "postrouting", 100), "srcnat"),
        (Hook("nat", "input", 100), "100"),
    ],
    ids=str,
)
def test_a_priority_has_a_name_where_nft_has_one(hook: Hook, expected: str) -> None:
    text = listed(Chain("x", hook=hook))

    assert f"type {hook.kind} hook {hook.name} priority {expected}; policy accept;" in text


def test_sets_come_first_and_an_empty_line_parts_objects() -> None:
    text = "".join(
        render(
            Table(
                "t",
                Family.IPV4,
                (Chain("one", (Rule((), (Drop(),)),)), Chain("two", comment="for two")),
                (NamedSet("s", (DataType.ADDRESS,), comment="of addresses"),),
                "a table",
            )
        )
    )

    assert text == (
        'table ip t {\n\tcomment "a table"\n'
        '\tset s {\n\t\ttype ipv4_addr\n\t\tcomment "of addresses"\n\t}\n'
        "\n\tchain one {\n\t\tdrop\n\t}\n"
        '\n\tchain two {\n\t\tcomment "for two"\n\t}\n}\n'
    )


def elements(named: NamedSet | NamedMap, family: Family = Family.IPV4) -> str:
    _, found, rest = listed(sets=(named,), family=family).partition("elements = { ")
    return rest.partition(" }\n")[0] if found else ""


def test_plain_ipv4_addresses_ascend_two_on_a_line() -> None:
    given_keys: tuple[Key, ...] = (("10.96.0.10",), ("10.96.0.9",), ("10.96.0.100",))

    printed = elements(NamedSet("s", (DataType.ADDRESS,), given_keys))

    assert printed == "10.96.0.9, 10.96.0.10,\n\t\t\t     10.96.0.100"


def test_ipv6_addresses_have_a_line_each() -> None:
    given_keys: tuple[Key, ...] = (("fd00::b",), ("fd00::a",))

    printed = elements(NamedSet("s", (DataType.ADDRESS,), given_keys), Family.IPV6)

    assert printed == "fd00::a,\n\t\t\t     fd00::b"


def test_concatenated_keys_are_compared_from_their_last_byte() -> None:
    """443 is 0x01bb and 80 is 0x0050: the low byte decides first."""
    keys: list[Key] = [
        ("10.96.0.1", "tcp", 443),
        ("10.96.0.2", "tcp", 80),
        ("10.96.0.1", "udp", 80),
        ("10.97.0.1", "tcp", 80),
        ("10.96.0.1", "tcp", 80),
    ]
    entries = tuple(Entry(key, Drop()) for key in keys)

    printed = elements(NamedMap("m", SERVICE, entries))

    assert printed.split(",\n\t\t\t     ") == [
        "10.96.0.1 . tcp . 80 : drop",
        "10.97.0.1 . tcp . 80 : drop",
        "10.96.0.2 . tcp . 80 : drop",
        "10.96.0.1 . udp . 80 : drop",
        "10.96.0.1 . tcp . 443 : drop",
    ]


def test_an_entry_tells_its_comment_before_its_verdict() -> None:
    entry = Entry(("tcp", 30080), Goto("reject-chain"), "a/b:c")

    printed = elements(NamedMap("m", (DataType.PROTOCOL, DataType.PORT), (entry,)))

    assert printed == 'tcp . 30080 comment "a/b:c" : goto reject-chain'


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(1, "1s"), (90, "1m30s"), (10800, "3h"), (86400, "1d"), (90061, "1d1h1m1s")],
)
def test_a_set_that_forgets_says_when(seconds: int, expected: str) -> None:
    text = listed(sets=(NamedSet("s", (DataType.ADDRESS,), size=65535, timeout=seconds),))

    assert f"\t\tsize 65535\n\t\tflags dynamic,timeout\n\t\ttimeout {expected}\n\t}}" in text


def test_an_empty_set_has_no_line_of_elements() -> None:
    assert "elements" not in listed(sets=(NamedSet("s", SERVICE), NamedMap("m", SERVICE)))


def test_what_is_printed_from_memory_is_the_same() -> None:
    table = Table("t", Family.IPV4, (Chain("x", (Rule((), (Drop(),)),)),))
    memo = Memo()

    printed = ["".join(render(table, memo)) for _ in range(2)]

    assert printed == ["".join(render(table))] * 2


networks = st.builds(
    lambda address, length: str(IPv4Network((address, length), strict=False)),
    st.integers(2**24 * 10, 2**24 * 10 + 2**12),
    st.integers(22, 32),
)


@given(st.lists(networks, min_size=2, max_size=8))
def test_a_merged_set_covers_what_its_networks_cover(given_networks: list[str]) -> None:
    """Each address of the networks is in exactly one interval, and no other address is."""
    plain = tuple(each.removesuffix("/32") for each in given_networks)

    inside = rule(AnonymousSet(Side.SOURCE, plain)).removeprefix("ip saddr { ").removesuffix(" }")

    intervals = [addresses(each) for each in inside.split(", ")]
    covered = [each for interval in intervals for each in interval]
    assert covered == sorted({int(a) for each in given_networks for a in ip_network(each)})
    assert all(one[-1] + 1 < other[0] for one, other in pairwise(intervals)), (
        "neighbours are merged"
    )


def addresses(interval: str) -> list[int]:
    """Return the addresses of an interval, which is written in its shortest form."""
    first, dash, last = interval.partition("-")
    if not dash:
        return [int(each) for each in IPv4Network(interval)]
    span = summarize_address_range(IPv4Address(first), IPv4Address(last))
    assert len(list(span)) > 1, "a network is written as one"
    return list(range(int(IPv4Address(first)), int(IPv4Address(last)) + 1))
