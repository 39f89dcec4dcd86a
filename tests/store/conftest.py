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

import pytest

from svcnet.store.opening import create
from svcnet.store.store import Store
from tests.store.objects import NOW, SETTINGS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a state may be made."""
    return tmp_path / "state.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """An empty cluster in a file."""
    with create(str(path), SETTINGS, force=False) as made:
        with made.transaction(NOW):
            pass
        yield made


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server of the tests' own."""
    if not shutil.which("initdb") or not importlib.util.find_spec("psycopg"):
        pytest.skip("needs PostgreSQL's initdb and the Python package psycopg")
    run = _unprivileged()
    folder = tmp_path_factory.mktemp("postgres")
    if run:
        folder = Path("/tmp") / f"svcnet-postgres-{os.getpid()}"  # noqa: S108 - of another user
    port = _free_port()
    options = f"-k '' -h 127.0.0.1 -p {port} -c fsync=off"
    _quietly(*run, "initdb", "-D", str(folder), "-U", "me", "-A", "trust", "-N")
    _quietly(*run, "pg_ctl", "-w", "-D", str(folder), "-o", options, "start")
    try:
        yield f"postgresql://me@127.0.0.1:{port}/postgres"
    finally:
        _quietly(*run, "pg_ctl", "-D", str(folder), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> list[str]:
    """Return how to run a program that refuses to run as root."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("runuser") or "postgres" not in {each.pw_name for each in pwd.getpwall()}:
        pytest.skip("PostgreSQL does not run as root")
    return ["runuser", "-u", "postgres", "--"]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _quietly(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
