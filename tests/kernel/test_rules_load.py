"""The kernel has the last word: what svcnet prints loads, and is listed back unchanged.

Captured text proves that svcnet prints what a node showed; this proves that it is a rule set, also
in the order of elements and chains that captures leave open.  Each case gets a network namespace of
its own, for which no privileges are needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest

from svcnet.netfilter.model import Family
from svcnet.proxy.node import Mode
from tests.conformance.cases import Capture, captures
from tests.kernel.namespaces import COUNTERS, NEEDS_KERNEL, in_namespace

LOAD = {Family.IPV4: "iptables-restore -n", Family.IPV6: "ip6tables-restore -n"}
LIST = {
    (Mode.IPTABLES, Family.IPV4): "iptables-save",
    (Mode.IPTABLES, Family.IPV6): "ip6tables-save",
    (Mode.NFTABLES, Family.IPV4): "nft -s list table ip kube-proxy",
    (Mode.NFTABLES, Family.IPV6): "nft -s list table ip6 kube-proxy",
}

PORTION = 100
"""How many lines or chains are loaded at once.  Without privileges the kernel takes messages of
some 200 KiB only; kube-proxy itself may send larger ones."""

MERGED = {
    "combo-source-ranges:n1.ip.nft",
    *(f"lb-source-ranges-overlap:n{i}.ip.nft" for i in "123"),
}
"""Listings that nft does not list again when they are loaded: several source ranges were merged
into one, which stays a set, but is a plain match when it is loaded as the one that it is."""

EVERY_RUN = {
    "affinity-nodeport-both-local",
    "combo-dualstack",
    "combo-kitchen-sink",
    "combo-source-ranges",
    "combo-strict-node",
    "detect-local-prefix",
    "lb-source-ranges-overlap",
    "long-names",
    "nodeport-addresses-two",
    "service-cidr",
}
"""Cases that are loaded in every run of the tests; `make kernel` loads all of them."""


pytestmark = NEEDS_KERNEL


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "capture" in metafunc.fixturenames:
        every = metafunc.config.getoption("--every-case")
        chosen = [each for each in captures() if every or each.case in EVERY_RUN]
        assert chosen, f"no capture is of {EVERY_RUN}"
        metafunc.parametrize("capture", chosen, ids=str)


def test_the_kernel_lists_it_back_unchanged(capture: Capture) -> None:
    text = capture.printed()
    load = _iptables_load if capture.mode is Mode.IPTABLES else _nft_load

    done = in_namespace(f"{load(text, capture.family)}\n{LIST[capture.mode, capture.family]}\n")

    assert (done.stderr, done.returncode) == ("", 0)
    if str(capture) in MERGED:
        text = re.sub(r"!= \{ (\S+) \}", r"!= \1", text)
    assert without_notes(done.stdout) == without_notes(text)


def without_notes(text: str) -> list[str]:
    """Return lines without those that tell by whom and when they were printed."""
    return [line for line in text.splitlines() if not line.startswith("#")]


def portions(items: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(items), PORTION):
        yield "".join(items[start : start + PORTION])


def _iptables_load(text: str, family: Family) -> str:
    """Return a script that loads `text`: table by table, chains before rules."""
    inputs: list[str] = []
    for table in re.findall(r"^\*.*?^COMMIT$", text, re.DOTALL | re.MULTILINE):
        name, *lines = table.removesuffix("COMMIT").splitlines(keepends=True)
        inputs += [f"{name}{portion}COMMIT\n" for portion in portions(lines)]
    return COUNTERS + "".join(f"{LOAD[family]} <<'END'\n{each}END\n" for each in inputs)


def _nft_load(text: str, _: Family) -> str:
    """Return a script that loads `text`: chains without rules, then sets and maps, then rules."""
    blocks = re.findall(r"^\t(?:set|map|chain) .*?^\t\}\n", text, re.DOTALL | re.MULTILINE)
    assert blocks
    chains = [each for each in blocks if each.startswith("\tchain")]
    declared = [
        re.sub(r"^\t\t(?!type |comment ).*\n", "", each, flags=re.MULTILINE) for each in chains
    ]
    head = text[: text.index(blocks[0])]
    steps = [*portions(declared), *portions(blocks[: -len(chains)]), *portions(chains)]
    return "".join(f"nft -f - <<'END'\n{head}{each}}}\nEND\n" for each in steps)
