"""A cluster of its own for every test that asks for one."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

from svcnet.cli.app import main

EPOCH = 1767323045
"""2026-01-02T03:04:05Z, when all clusters of these tests are made."""


class Said(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


Kubectl: TypeAlias = Callable[..., Said]


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state that nobody has changed yet; copy it."""
    path = tmp_path_factory.mktemp("fresh") / "state.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(EPOCH))
        assert main(["init", "--db", str(path)]) == 0
    return path


@pytest.fixture
def kubectl(
    fresh: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Kubectl:
    """Run a command line on a new cluster, in an empty directory."""
    shutil.copy(fresh, tmp_path / "state.db")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("SVCNET_DB", str(tmp_path / "state.db"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH))
    monkeypatch.setattr(sys, "argv", ["svcnet"])  # Help names the program by it.

    def run(*words: str, stdin: str = "") -> Said:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capsys.readouterr()
        status = main(words)
        return Said(status, *capsys.readouterr())

    return run


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where a state may be made; there is none yet."""
    where = str(tmp_path / "state.db")
    monkeypatch.setenv("SVCNET_DB", where)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH))
    return where


def run(*words: str, capsys: pytest.CaptureFixture[str]) -> Said:
    """Run a command line on the state that the environment names."""
    return Said(main(words), *capsys.readouterr())
