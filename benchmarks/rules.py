"""How long `svcnet rules` takes, start-up included, and how much memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cluster import documents
from benchmarks.measuring import Cost, Svcnet, best, new_cluster

SIZES = (1_000, 10_000)
ENDPOINTS = 10
NODES = 250
MODES = ("iptables", "nftables")


def measure(folder: Path) -> None:
    """Print the figures."""
    print(f"rules of one node of {NODES}, {ENDPOINTS} endpoints for each Service (best of 3)")
    print(f"  {'':<28}{'seconds':>9}{'MiB':>9}")
    states = [imported(folder, services) for services in SIZES]
    for mode in MODES:
        costs = [one_node(svcnet, mode) for svcnet in states]
        for services, cost in zip(SIZES, costs, strict=True):
            name = f"{services:,} Services, {mode}"
            print(f"  {name:<28}{cost.seconds:>9.3f}{cost.peak:>9.0f}")
        growth = costs[1].seconds / costs[0].seconds
        print(f"  {SIZES[1] // SIZES[0]} x Services, {growth:.1f} x time")
    for mode in MODES:
        measure_all_nodes(states[0], folder / mode, mode)


def measure_all_nodes(svcnet: Svcnet, directory: Path, mode: str) -> None:
    """Print what the rules of all nodes take, written at once, beside those of one."""
    one = one_node(svcnet, mode).seconds
    words = ("--all-nodes", "--output-dir", str(directory), "--proxy-mode", mode)
    every = svcnet("rules", *words).seconds
    print(
        f"  all {NODES} nodes at once, {mode}: {every:.2f} s, {every / one:.0f} x that of one; "
        f"per node {NODES * one / every:.0f} times less"
    )


def one_node(svcnet: Svcnet, mode: str) -> Cost:
    """Return what the rules of the first node take."""
    return best(3, lambda _: svcnet("rules", "--node", "n1", "--proxy-mode", mode))


def imported(folder: Path, services: int) -> Svcnet:
    """Return a cluster into which nodes, Services and slices were imported."""
    dump = folder / f"{services}.json"
    with dump.open("w") as file:
        file.writelines(_list(services))
    svcnet = new_cluster(folder / f"{services}.db", "", "--cluster-cidr=10.128.0.0/9")
    svcnet("import", "-f", str(dump))
    return svcnet


def _list(services: int) -> Iterator[str]:
    """Yield a List piece by piece: what this process holds would count as its children's."""
    comma = ""
    yield '{"apiVersion": "v1", "kind": "List", "items": ['
    for document in documents(services, ENDPOINTS, NODES):
        yield comma + json.dumps(document)
        comma = ","
    yield "]}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        measure(Path(temporary))
