"""Every match and action as iptables-save prints it; the lines were read off a kernel."""

from __future__ import annotations

from fractions import Fraction

import pytest

from svcnet.netfilter.iptables import Untranslatable, render
from svcnet.netfilter.model import (
    Accept,
    Action,
    AnonymousSet,
    Chain,
    Comment,
    ConntrackState,
    ConntrackStatus,
    Destination,
    Dnat,
    DnatToAny,
    Drop,
    Family,
    Field,
    Goto,
    GotoAny,
    Hook,
    InputInterface,
    InSet,
    Jump,
    LocalAddressType,
    Lookup,
    Mark,
    Masquerade,
    Match,
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

IPV4_ONLY = "--mask 255.255.255.255 --rsource"
IPV6_ONLY = "--mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rsource"


def lines(*chains: Chain, family: Family = Family.IPV4) -> list[str]:
    text = "".join(render([Table("nat", family, chains)]))
    return [line for line in text.splitlines() if not line.startswith("#")]


def rule(*matches: Match, then: Action | None = None, family: Family = Family.IPV4) -> str:
    actions = () if then is None else (then,)
    (line,) = (
        line
        for line in lines(Chain("X", (Rule(matches, actions),)), family=family)
        if line.startswith("-A")
    )
    return line.removeprefix("-A X").removeprefix(" ")


MATCHES = [
    (Source("10.0.0.0/8"), "-s 10.0.0.0/8"),
    (Source("10.0.0.1"), "-s 10.0.0.1/32"),
    (Source("10.0.0.1", negated=True), "! -s 10.0.0.1/32"),
    (Source("0.0.0.0/0"), ""),
    (Source("0.0.0.0/0", negated=True), "! -s 0.0.0.0/0"),
    (Destination("10.0.0.1"), "-d 10.0.0.1/32"),
    (Destination("127.0.0.0/8", negated=True), "! -d 127.0.0.0/8"),
    (InputInterface("cni0"), "-i cni0"),
    (InputInterface("veth", prefix=True, negated=True), "! -i veth+"),
    (Transport("sctp"), "-p sctp -m sctp"),
    (Transport("udp", 53), "-p udp -m udp --dport 53"),
    (ConntrackState(("new",)), "-m conntrack --ctstate NEW"),
    (ConntrackState(("related", "dnat"), negated=True), "-m conntrack ! --ctstate RELATED,DNAT"),
    (Mark(0x4000, 0x4000), "-m mark --mark 0x4000/0x4000"),
    (Mark(1, 1, negated=True), "-m mark ! --mark 0x1/0x1"),
    (LocalAddressType(Side.SOURCE), "-m addrtype --src-type LOCAL"),
    (LocalAddressType(Side.DESTINATION), "-m addrtype --dst-type LOCAL"),
    (Comment("a/b: c"), '-m comment --comment "a/b: c"'),
    (Comment('say "no" \\'), r'-m comment --comment "say \"no\" \\"'),
    (Nfacct("seen"), "-m nfacct --nfacct-name  seen"),
    (RecentSet("L"), f"-m recent --set --name L {IPV4_ONLY}"),
    (
        RecentCheck("L", 90),
        f"-m recent --rcheck --seconds 90 --reap --name L {IPV4_ONLY}",
    ),
]
ACTIONS = [
    (None, ""),
    (Accept(), "-j ACCEPT"),
    (Drop(), "-j DROP"),
    (Return(), "-j RETURN"),
    (Jump("Y"), "-j Y"),
    (Goto("Y"), "-g Y"),
    (Reject(), "-j REJECT --reject-with icmp-port-unreachable"),
    (Dnat("10.0.0.1", 80), "-j DNAT --to-destination 10.0.0.1:80"),
    (Masquerade(), "-j MASQUERADE --random-fully"),
    (SetMark(0x4000, 0x4000), "-j MARK --set-xmark 0x4000/0x4000"),
    (SetMark(0x4000, 0), "-j MARK --set-xmark 0x4000/0x0"),
]


@pytest.mark.parametrize(("match", "expected"), MATCHES, ids=str)
def test_a_match_is_printed_as_the_kernel_has_it(match: Match, expected: str) -> None:
    assert rule(match) == expected


@pytest.mark.parametrize(("action", "expected"), ACTIONS, ids=str)
def test_an_action_is_printed_as_the_kernel_has_it(action: Action | None, expected: str) -> None:
    assert rule(then=action) == expected


@pytest.mark.parametrize(
    ("match", "action", "expected"),
    [
        (
            Destination("fd00::1"),
            Reject(),
            "-d fd00::1/128 -j REJECT --reject-with icmp6-port-unreachable",
        ),
        (Source("::/0"), Dnat("fd00::1", 80), "-j DNAT --to-destination [fd00::1]:80"),
        (RecentSet("L"), Accept(), f"-m recent --set --name L {IPV6_ONLY} -j ACCEPT"),
    ],
    ids=str,
)
def test_ipv6_has_words_of_its_own(match: Match, action: Action, expected: str) -> None:
    assert rule(match, then=action, family=Family.IPV6) == expected


@pytest.mark.parametrize(
    ("one_in", "expected"),
    [
        (2, "0.50000000000"),
        (3, "0.33333333349"),
        (5, "0.20000000019"),
        (6, "0.16666666651"),
        (7, "0.14285714272"),
        (9, "0.11111111101"),
        (17, "0.05882352963"),
        (100, "0.00999999978"),
        (333, "0.00300300308"),
    ],
)
def test_a_chance_is_what_31_bits_hold_of_ten_decimals(one_in: int, expected: str) -> None:
    printed = rule(Statistic(Fraction(1, one_in)))

    assert printed == f"-m statistic --mode random --probability {expected}"


def test_what_the_header_must_be_comes_before_other_matches_in_their_order() -> None:
    printed = rule(
        Comment("first"),
        Transport("tcp", 80),
        InputInterface("eth0"),
        ConntrackState(("new",)),
        Destination("10.0.0.1"),
        Source("10.0.0.2"),
    )

    assert printed == (
        '-s 10.0.0.2/32 -d 10.0.0.1/32 -i eth0 -p tcp -m comment --comment "first" '
        "-m tcp --dport 80 -m conntrack --ctstate NEW"
    )


@pytest.mark.parametrize(
    "match",
    [
        AnonymousSet(Side.SOURCE, ("10.0.0.0/8",)),
        ConntrackStatus("dnat"),
        InSet((Field.SOURCE_ADDRESS,), "known"),
    ],
    ids=str,
)
def test_matches_of_nft_alone_are_refused(match: Match) -> None:
    with pytest.raises(Untranslatable):
        rule(match)


@pytest.mark.parametrize(
    "action",
    [
        DnatToAny((("10.0.0.1", 80),)),
        GotoAny(("Y",)),
        Lookup((Field.PROTOCOL,), "map"),
        SetUpdate("known"),
    ],
    ids=str,
)
def test_actions_of_nft_alone_are_refused(action: Action) -> None:
    with pytest.raises(Untranslatable):
        rule(then=action)


def test_a_rule_has_one_action_at_most() -> None:
    with pytest.raises(Untranslatable):
        lines(Chain("X", (Rule((), (SetMark(1, 1), Masquerade())),)))


def test_built_in_chains_come_first_and_the_others_by_name() -> None:
    drop, accept = Rule((), (Drop(),)), Rule((), (Accept(),))
    chains = (
        Chain("B", (drop,)),
        Chain("INPUT", (accept,), Hook("filter", "input")),
        Chain("A-2"),
        Chain("A", (drop, accept)),
    )

    assert lines(*chains) == [
        "*nat",
        ":INPUT ACCEPT [0:0]",
        ":A - [0:0]",
        ":A-2 - [0:0]",
        ":B - [0:0]",
        "-A INPUT -j ACCEPT",
        "-A A -j DROP",
        "-A A -j ACCEPT",
        "-A B -j DROP",
        "COMMIT",
    ]


def test_a_group_of_chains_is_printed_like_chains() -> None:
    a, b = Chain("A", (Rule((), (Drop(),)),)), Chain("B")

    grouped = "".join(render([Table("nat", Family.IPV4, ((a, b),))]))

    assert grouped == "".join(render([Table("nat", Family.IPV4, (a, b))]))


@pytest.mark.parametrize(
    ("family", "command"), [(Family.IPV4, "iptables-save"), (Family.IPV6, "ip6tables-save")]
)
def test_a_table_is_wrapped_as_the_tool_wraps_it(family: Family, command: str) -> None:
    first, *_, last = "".join(render([Table("nat", family, ())])).splitlines()

    assert first == f"# Generated by {command} v1.8.9 (nf_tables)"
    assert last == "# Completed"
