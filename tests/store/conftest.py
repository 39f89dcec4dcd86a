"""States to test with, in every kind of database there is on this machine."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from svcnet.store.store import Store
from tests.store.kinds_of_store import KINDS, made
from tests.store.objects import NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a state may be made."""
    return tmp_path / "state.db"


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which way to talk to which database."""
    return str(request.param)


@pytest.fixture
def where(kind: str, path: Path, request: pytest.FixtureRequest) -> str:
    """What a state of that kind is called."""
    return request.getfixturevalue("postgres") if kind == "postgres" else str(path)


@pytest.fixture
def store(kind: str, where: str) -> Iterator[Store]:
    """An empty cluster."""
    with made(kind, where) as empty:
        with empty.transaction(NOW):
            pass
        yield empty


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server of the tests' own."""
    programs = _programs()
    if not programs or not importlib.util.find_spec("psycopg"):
        _do_without("needs PostgreSQL's initdb and the Python package psycopg")
    run = _unprivileged()
    folder = tmp_path_factory.mktemp("postgres")
    if run:
        folder = Path("/tmp") / f"svcnet-postgres-{os.getpid()}"  # noqa: S108 - of another user
    port = _free_port()
    options = f"-k '' -h 127.0.0.1 -p {port} -c fsync=off"
    _quietly(*run, f"{programs}/initdb", "-D", str(folder), "-U", "me", "-A", "trust", "-N")
    _quietly(*run, f"{programs}/pg_ctl", "-w", "-D", str(folder), "-o", options, "start")
    try:
        yield f"postgresql://me@127.0.0.1:{port}/postgres"
    finally:
        _quietly(*run, f"{programs}/pg_ctl", "-D", str(folder), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _do_without(why: str) -> NoReturn:
    """Skip what needs PostgreSQL, except where it was promised to be there."""
    if os.environ.get("SVCNET_TEST_REQUIRE_POSTGRES"):
        pytest.fail(why)
    pytest.skip(why)


def _programs() -> Path | None:
    """Return the folder with the newest PostgreSQL server's programs; Debian's is not on PATH."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    debians = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted(debians, key=lambda each: int(each.parts[-3]))
    return found[-1].parent if found else None


def _unprivileged() -> list[str]:
    """Return how to run a program that refuses to run as root."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("runuser") or "postgres" not in {each.pw_name for each in pwd.getpwall()}:
        _do_without("PostgreSQL does not run as root")
    return ["runuser", "-u", "postgres", "--"]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _quietly(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
