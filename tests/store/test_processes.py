"""Several programs at once, and programs that die."""

from __future__ import annotations

import multiprocessing
import signal
import sqlite3
import time
from contextlib import closing
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from svcnet.api.drawing import draw
from tests.store import writers

KILLS = 50
LONGEST_LIFE = 60_000
"""Microseconds, after the first command."""
PROCESSES, SERVICES_EACH = 8, 25


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """A way to start processes quickly: everything was imported once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.store.writers"])
    return context


def test_a_command_that_is_killed_happened_whole_or_not_at_all(
    path: Path, processes: ForkServerContext
) -> None:
    writers.found(path)

    for attempt in range(KILLS):
        begun = processes.Event()
        victim = processes.Process(
            target=writers.create_and_delete_forever, args=(path, f"s{attempt}", begun)
        )
        victim.start()
        begun.wait()  # One command is through, the next one is somewhere in the middle.
        time.sleep(draw("kill", attempt) % LONGEST_LIFE / 1_000_000)
        victim.kill()
        victim.join()
        assert victim.exitcode == -signal.SIGKILL
        victim.close()
        assert writers.check(path) > attempt

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_many_commands_at_once_lose_nothing_and_share_nothing(
    path: Path, processes: ForkServerContext
) -> None:
    writers.found(path)
    crowd = [
        processes.Process(target=writers.create_services, args=(path, f"p{number}", SERVICES_EACH))
        for number in range(PROCESSES)
    ]

    for each in crowd:
        each.start()
    for each in crowd:
        each.join()

    assert [each.exitcode for each in crowd] == [0] * PROCESSES
    assert writers.check(path) == PROCESSES * SERVICES_EACH + 1  # and default/kubernetes
