"""Folders that do not outlive the program."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from svcnet.scratch import ENDING, scratch_folders

PROGRAM = """
import os, signal, sys
from pathlib import Path
from svcnet.scratch import scratch_folders
signal.signal(signal.SIGINT, signal.SIG_DFL)
with scratch_folders("one-", "two-", parent=Path(sys.argv[1])) as folders:
    for each in folders:
        (each / "file").touch()
    os.kill(os.getpid(), int(sys.argv[2]))
    print("still here")
"""


def test_they_go_with_what_is_in_them(tmp_path: Path) -> None:
    with scratch_folders("one-", "two-", parent=tmp_path) as (one, two):
        assert sorted(tmp_path.iterdir()) == [one, two]
        (one / "file").touch()

    assert not list(tmp_path.iterdir())


def test_they_go_where_an_exception_goes_past(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"), scratch_folders("one-", parent=tmp_path):
        raise ValueError("no")

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", ENDING)
def test_they_go_where_a_signal_ends_the_program_and_it_dies_of_it(
    number: signal.Signals, tmp_path: Path
) -> None:
    program = [sys.executable, "-c", PROGRAM, str(tmp_path), str(int(number))]

    done = subprocess.run(program, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (-number, "", "")
    assert not list(tmp_path.iterdir())


def test_signals_are_left_as_they_were(tmp_path: Path) -> None:
    before = [signal.getsignal(each) for each in ENDING]

    with scratch_folders("one-", parent=tmp_path):
        # Somebody else's handler stays: here that of pytest, which raises KeyboardInterrupt.
        assert signal.getsignal(signal.SIGINT) is before[ENDING.index(signal.SIGINT)]

    assert [signal.getsignal(each) for each in ENDING] == before
