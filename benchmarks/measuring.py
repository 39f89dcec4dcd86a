"""Running whole processes, and what they cost."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

MIB = 1024

PROGRAM = Path(sys.executable).with_name("svcnet")
"""What a user types."""


class Cost(NamedTuple):
    """What a process took from start to end."""

    seconds: float
    """Wall time."""
    cpu: float
    """Seconds of processor time, its own and the system's for it."""
    peak: float
    """The most memory it had, in MiB."""


def run(command: Sequence[str], environment: dict[str, str]) -> Cost:
    """Run a program to its end, and throw away what it prints.

    Raises:
        RuntimeError: it failed; tells what it wrote on standard error.
    """
    with tempfile.TemporaryFile() as errors, Path(os.devnull).open("wb") as nowhere:
        actions = [
            (os.POSIX_SPAWN_DUP2, nowhere.fileno(), 1),
            (os.POSIX_SPAWN_DUP2, errors.fileno(), 2),
        ]
        started = time.perf_counter()
        child = os.posix_spawnp(command[0], list(command), environment, file_actions=actions)
        _, status, usage = os.wait4(child, 0)
        seconds = time.perf_counter() - started
        if status:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(command)}: {errors.read().decode().strip()}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MIB)


def best(times: int, once: Callable[[int], Cost]) -> Cost:
    """Return the least of each cost of several runs: what disturbs a run only adds to it."""
    return _least([once(number) for number in range(times)])


def best_in_turns(times: int, each: dict[str, Callable[[int], Cost]]) -> dict[str, Cost]:
    """Return the least of each cost of several runs, by name.

    Every turn runs each of them once: what disturbs the machine for a while disturbs them all.
    """
    turns = [{name: once(number) for name, once in each.items()} for number in range(times)]
    return {name: _least([turn[name] for turn in turns]) for name in each}


def _least(costs: Sequence[Cost]) -> Cost:
    return Cost(*map(min, zip(*costs, strict=True)))


class Svcnet:
    """The program, with a state of its own."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.environment = {
            **{name: each for name, each in os.environ.items() if not name.startswith("PYTHON")},
            "SVCNET_DB": str(state),
        }

    def __call__(self, *words: str) -> Cost:
        """Run one command."""
        return run((str(PROGRAM), *words), self.environment)


def new_cluster(state: Path, nodes: str = "n1,n2,n3", *flags: str) -> Svcnet:
    """Return svcnet with a new cluster."""
    svcnet = Svcnet(state)
    svcnet("init", f"--nodes={nodes}", *flags)
    return svcnet
