"""Rules in a form in which only what kube-proxy leaves to chance is put aside.

kube-proxy walks a hash map over service ports.  So the order in which *different* service ports
follow each other is no fact: inside the four chains that all of them share in iptables; in
nftables that of elements, of service chains and of affinity sets.  Two node addresses that lead to
node ports may change places for the same reason.  All else is compared line by line, and the rules
of one service port keep their order among themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

SHARED = ("KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES", "KUBE-PROXY-FIREWALL")


def unordered(text: str) -> list[str]:
    """Return the comparable lines of what iptables-save or nft printed."""
    return _iptables(text) if re.search(r"^\*", text, re.MULTILINE) else _nftables(text)


# --- iptables ---------------------------------------------------------------------------------


def _iptables(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    ordered: list[str] = []
    for exchangeable, group in groupby(lines, key=_exchangeable_with):
        run = list(group)
        ordered += sorted(run, key=_what_it_matches) if exchangeable else run
    return [re.sub(r" \[\d+:\d+\]$", "", line) for line in ordered]


def _exchangeable_with(line: str) -> tuple[str, bool] | None:
    """Return the same for neighbours of which each may come first; None: its place is fixed."""
    chain = line.split()[1] if line.startswith("-A ") else ""
    return (chain, "--dport" in line) if chain in SHARED else None


def _what_it_matches(rule: str) -> tuple[str, ...]:
    """Sort rules of a shared chain; those that match the same keep their order."""
    # In KUBE-NODEPORTS the rule for localhost and the one for all belong together.
    address = r"$^" if "-A KUBE-NODEPORTS" in rule else r"-d (\S+)"
    patterns = (r"-p (\S+)", r"--dport (\d+)", address, r'--comment "(\S+)')
    return tuple(found[1] if (found := re.search(each, rule)) else "" for each in patterns)


# --- nftables ---------------------------------------------------------------------------------


def _nftables(text: str) -> list[str]:
    fixed: list[str] = []
    of_ports: list[str] = []
    for block in re.split(r"\n\n|(?<=rules for kube-proxy\"\n)", text.rstrip().removesuffix("}")):
        lines = "\n".join(_block(block))
        named = re.match(r"(chain|set) \S*-[A-Z2-7]{8}-", lines)
        (of_ports if named else fixed).append(lines)
    return [*fixed, *sorted(of_ports)]


def _block(block: str) -> Iterator[str]:
    head, opening, elements = block.partition("elements = {")
    yield from (line.strip() for line in head.splitlines() if line.strip())
    if opening:
        inside = re.sub(r"\s+", " ", elements.strip().removesuffix("}").strip().removesuffix("}"))
        yield from sorted(each.strip() for each in inside.split(","))
