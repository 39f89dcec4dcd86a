"""Writers who wait are served in the order in which they came."""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from contextlib import closing
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from svcnet.errors import StateError
from svcnet.store.opening import open_reader, open_store
from svcnet.store.sqlite_connections import connect_to_write
from svcnet.store.writers_queue import WritersQueue
from tests.store import writers
from tests.store.objects import NOW, service

CROWD, COMMANDS_EACH = 16, 6
LONG = 60.0


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """A way to start processes quickly: everything was imported once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.store.writers"])
    return context


@pytest.fixture
def state(path: Path) -> Path:
    writers.found(path)
    return path


def line_of(state: Path) -> Path:
    return state.with_name(f"{state.name}-queue")


def started(processes: ForkServerContext, state: Path, name: str) -> BaseProcess:
    """Start a program that writes one Service, and return once it stands in line."""
    before = line_of(state).read_bytes() if line_of(state).exists() else b""
    writer = processes.Process(target=writers.put_service, args=(state, name))
    writer.start()
    deadline = time.monotonic() + LONG
    while not line_of(state).exists() or line_of(state).read_bytes() in (b"", before):
        assert time.monotonic() < deadline
        time.sleep(0.001)
    return writer


def in_order(state: Path) -> list[str]:
    """Return the Services, first come first."""
    with open_reader(str(state)) as reader:
        found = [each["metadata"] for each in reader.list("services", "line")]
    return [each["name"] for each in sorted(found, key=lambda each: int(each["resourceVersion"]))]


def test_writers_go_in_the_order_in_which_they_came(
    state: Path, processes: ForkServerContext
) -> None:
    names = ["e", "c", "a", "d", "b"]

    with open_store(str(state)) as store, store.transaction(NOW):
        waiting = [started(processes, state, name) for name in names]
    for each in waiting:
        each.join()

    assert in_order(state) == names


def test_those_behind_one_who_is_killed_keep_their_order(
    state: Path, processes: ForkServerContext
) -> None:
    names = ["e", "c", "a", "d", "b"]

    with open_store(str(state)) as store, store.transaction(NOW):
        waiting = [started(processes, state, name) for name in names]
        for place in (0, 2):
            waiting[place].kill()
            waiting[place].join()
    for each in waiting:
        each.join()

    assert in_order(state) == ["c", "d", "b"]


def test_a_writer_that_meets_no_other_leaves_nothing_beside_the_state(state: Path) -> None:
    with open_store(str(state)) as store, store.transaction(NOW) as txn:
        txn.put(service("one", "line"))
        assert not line_of(state).exists()

    assert [each.name for each in state.parent.iterdir()] == [state.name]


def test_the_last_one_in_line_takes_it_away(state: Path, processes: ForkServerContext) -> None:
    with open_store(str(state)) as store, store.transaction(NOW):
        waiting = [started(processes, state, name) for name in ("a", "b")]
    for each in waiting:
        each.join()

    assert [each.name for each in state.parent.iterdir()] == [state.name]


@pytest.mark.parametrize("content", [b"", b"\0\0\0\7", b"\xff" * 4, b"of somebody else"])
def test_a_line_that_was_left_behind_stops_nobody(state: Path, content: bytes) -> None:
    line_of(state).write_bytes(content)

    writers.put_service(state, "one")

    assert in_order(state) == ["one"]
    assert not line_of(state).exists()


def test_where_there_can_be_no_line_sqlite_alone_decides(
    state: Path, processes: ForkServerContext
) -> None:
    line_of(state).mkdir()

    with open_store(str(state)) as store, store.transaction(NOW):
        waiting = [
            processes.Process(target=writers.put_service, args=(state, name)) for name in "ab"
        ]
        for each in waiting:
            each.start()
    for each in waiting:
        each.join()

    assert sorted(in_order(state)) == ["a", "b"]


def test_who_waited_too_long_is_told_that_the_state_is_locked(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svcnet.store.sqlite_database.BUSY_SECONDS", 0.01)

    with (
        open_store(str(state)) as store,
        store.transaction(NOW),
        pytest.raises(StateError, match="database is locked"),
    ):
        writers.put_service(state, "two")


def test_a_link_leads_to_the_line_of_its_state(state: Path) -> None:
    link = state.with_name("link.db")
    link.symlink_to(state)
    os.close(os.open(line_of(state), os.O_CREAT))

    with WritersQueue(link, LONG) as queue, closing(connect_to_write(link)) as connection:
        queue.begin(connection)
        assert line_of(state).read_bytes() == b"\0\0\0\1"


def test_no_command_of_a_crowd_waits_three_times_as_long_as_the_median(
    state: Path, processes: ForkServerContext
) -> None:
    begin, waits = processes.Barrier(CROWD), processes.SimpleQueue()
    crowd = [
        processes.Process(
            target=writers.time_commands,
            args=(state, f"p{number}", COMMANDS_EACH, begin, waits),
        )
        for number in range(CROWD)
    ]

    for each in crowd:
        each.start()
    waited = [seconds for _ in crowd for seconds in waits.get()]
    for each in crowd:
        each.join()

    assert len(waited) == CROWD * COMMANDS_EACH
    assert max(waited) <= 3 * statistics.median(waited)
