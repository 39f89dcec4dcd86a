"""Folders that do not outlive the program, not even where a signal ends it."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENDING = tuple(
    getattr(signal, name) for name in ("SIGHUP", "SIGINT", "SIGTERM") if hasattr(signal, name)
)
"""What a user, a shell or a terminal ends a program with."""


@contextmanager
def scratch_folders(*prefixes: str, parent: Path | None = None) -> Iterator[tuple[Path, ...]]:
    """Give new folders, which go at the end with all that is in them.

    Args:
        prefixes: what their names begin with, one for each folder.
        parent: where they are made; None: where the system keeps what is temporary.

    Raises:
        OSError: they cannot be made.
    """
    made: list[str] = []

    def clear(number: int, _frame: object) -> None:
        _remove(made)
        # The program dies of the signal all the same: that is how a loop in a shell is told.
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    # A handler that others have set, or that ignores the signal, is none of our business.
    caught = [each for each in ENDING if signal.getsignal(each) is signal.SIG_DFL]
    for each in caught:
        signal.signal(each, clear)
    try:
        for prefix in prefixes:
            made.append(tempfile.mkdtemp(prefix=prefix, dir=parent))  # noqa: PERF401 - see `clear`
        yield tuple(map(Path, made))
    finally:
        _remove(made)
        for each in caught:
            signal.signal(each, signal.SIG_DFL)


def _remove(folders: list[str]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
