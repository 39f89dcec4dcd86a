"""What the tools make of the words kube-proxy uses is what the renderers print.

kube-proxy's text goes into the kernel, and comes back spelled and ordered otherwise: probabilities
rounded, ranges merged, elements sorted.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from fractions import Fraction
from ipaddress import IPv4Network, IPv6Network

import pytest

from svcnet.netfilter import iptables, nft
from svcnet.netfilter.model import (
    AnonymousSet,
    Chain,
    DataType,
    Drop,
    Entry,
    Family,
    Key,
    NamedMap,
    NamedSet,
    Rule,
    Side,
    Statistic,
    Table,
)
from tests.kernel.namespaces import NEEDS_KERNEL, in_namespace

pytestmark = NEEDS_KERNEL

IP = {Family.IPV4: "ip", Family.IPV6: "ip6"}
SAMPLE = 150


def listed(script: str) -> str:
    done = in_namespace(script)
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


def as_rules(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if re.match(r"-A|\t\t", line)]


def test_a_chance_written_with_ten_decimals_is_kept_in_31_bits() -> None:
    counts = range(2, 400)
    loaded = "".join(
        f"-A X -m statistic --mode random --probability {1 / n:.10f}\n" for n in counts
    )

    kept = listed(
        f"iptables-restore <<'END'\n*filter\n:X - [0:0]\n{loaded}COMMIT\nEND\niptables-save\n"
    )

    rules = tuple(Rule((Statistic(Fraction(1, count)),)) for count in counts)
    printed = "".join(iptables.render([Table("filter", Family.IPV4, (Chain("X", rules),))]))
    assert as_rules(printed) == as_rules(kept)


def networks(family: Family, drawn: random.Random) -> list[str]:
    """Return a few networks that often touch, overlap or are the same."""
    kind = IPv4Network if family is Family.IPV4 else IPv6Network
    base = 10 << 24 if family is Family.IPV4 else 0xFD << 120
    found = []
    for _ in range(drawn.randint(1, 6)):
        length = family.bits - drawn.choice([0, 0, 0, 1, 2, 3, 5])
        found.append(str(kind((base + drawn.randrange(64), length), strict=False)))
    return found


@pytest.mark.parametrize("family", Family)
def test_ranges_are_merged_as_nft_merges_them(family: Family) -> None:
    drawn = random.Random(1)  # noqa: S311  a sample, not a secret
    samples = [networks(family, drawn) for _ in range(SAMPLE)]
    loaded = "".join(f"{IP[family]} saddr != {{ {', '.join(each)} }} drop\n" for each in samples)

    table = f"table {IP[family]} t {{\nchain x {{\n{loaded}}}\n}}\n"
    kept = listed(f"nft -f - <<'END'\n{table}END\nnft -s list ruleset\n")

    host = f"/{family.bits}"
    rules = [
        AnonymousSet(Side.SOURCE, tuple(n.removesuffix(host) for n in each), negated=True)
        for each in samples
    ]
    chain = Chain("x", tuple(Rule((each,), (Drop(),)) for each in rules))
    assert as_rules("".join(nft.render(Table("t", family, (chain,))))) == as_rules(kept)


TYPES = [
    (DataType.ADDRESS,),
    (DataType.PROTOCOL, DataType.PORT),
    (DataType.ADDRESS, DataType.PROTOCOL, DataType.PORT),
    (DataType.ADDRESS, DataType.ADDRESS, DataType.PROTOCOL, DataType.PORT),
]


def keys(types: Sequence[DataType], family: Family, drawn: random.Random) -> list[Key]:
    def address() -> str:
        number = drawn.choice([drawn.getrandbits(32), drawn.getrandbits(4) << drawn.randrange(28)])
        kind = IPv4Network if family is Family.IPV4 else IPv6Network
        base = 0 if family is Family.IPV4 else 0xFD << 120
        return str(kind(base + number % (200 << 24) + (1 << 24))[0])

    def part(datum: DataType) -> str | int:
        match datum:
            case DataType.ADDRESS:
                return address()
            case DataType.PROTOCOL:
                return drawn.choice(["tcp", "udp", "sctp"])
            case _:
                return drawn.choice([80, 443, 8080, drawn.randint(1, 65535)])

    return list(dict.fromkeys(tuple(map(part, types)) for _ in range(SAMPLE)))


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("types", TYPES, ids=lambda types: "-".join(each.name for each in types))
def test_elements_are_listed_in_the_order_of_nft(
    types: tuple[DataType, ...], family: Family
) -> None:
    given = keys(types, family, random.Random(2))  # noqa: S311  a sample, not a secret
    table = Table(
        "t",
        family,
        (),
        (
            NamedSet("s", types, tuple(given)),
            NamedMap("m", types, tuple(Entry(key, Drop(), "why") for key in given)),
        ),
    )
    printed = "".join(nft.render(table))

    kept = listed(f"nft -f - <<'END'\n{printed}END\nnft -s list ruleset\n")

    assert printed.splitlines() == kept.splitlines()
