"""How long `svcnet rules` takes, start-up included, and how much memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.cluster import make_state

ENDPOINTS = 10
NODES = 250


class Cost(NamedTuple):
    """What a process took; the best of several runs."""

    seconds: float
    mebibytes: float
    """Of the largest process so far: measure small ones first."""


def cost(db: Path, *words: str, runs: int = 3) -> Cost:
    """Run `svcnet rules` on a state and return what it took."""
    command = [sys.executable, "-m", "svcnet", "rules", "--db", str(db), *words]
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ))
        best = min(best, time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Cost(best, peak)


def measure(folder: Path) -> None:
    """Print the figures."""
    for services in (1_000, 10_000):
        db = folder / f"{services}.db"
        make_state(db, services, ENDPOINTS, NODES)
        size = f"{services:6,} services x {ENDPOINTS} endpoints"
        for mode in ("nftables", "iptables"):
            took = cost(db, "--node", "n1", "--proxy-mode", mode)
            print(f"rules, {size}, {mode}: {took.seconds:.2f} s, peak {took.mebibytes:.0f} MiB")
    _measure_all_nodes(folder)


def _measure_all_nodes(folder: Path) -> None:
    db = folder / "1000.db"
    for mode in ("iptables", "nftables"):
        one = cost(db, "--node", "n1", "--proxy-mode", mode).seconds
        directory = str(folder / mode)
        words = ("--all-nodes", "--output-dir", directory, "--proxy-mode", mode)
        every = cost(db, *words, runs=1).seconds
        ratio = NODES * one / every
        print(
            f"rules --all-nodes, {NODES} nodes, {mode}: {every:.2f} s, per node {ratio:.0f} times "
            f"less than one node alone ({one:.2f} s)"
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        measure(Path(temporary))
