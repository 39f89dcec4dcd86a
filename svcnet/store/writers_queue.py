"""Writers of a SQLite file take turns in the order in which they came.

SQLite lets those who wait ask again and again, at longer and longer intervals, so that who came
last often goes first and who came first may starve.  A file beside the state orders them: each
waiter draws a number and locks a byte of its own, and waits until no lower number is locked.

This is courtesy and no safety: what keeps writers apart is SQLite's lock.  Locks of a program that
was killed go with it, and where there can be no such file (a folder that may not be written, a
file system without locks, Windows) SQLite alone decides, as it does for a writer who meets no
other.  Without `pathlib`, which takes longer to import than SQLite does.
"""

from __future__ import annotations

import os
import sqlite3
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

_PAUSE = 0.002
"""Seconds between two looks at who is still ahead."""

_COUNTER_BYTES = 4
"""The file holds the last number; its first byte is locked by who reads and writes that."""

_MOST = 2 ** (8 * _COUNTER_BYTES) - 1


class WritersQueue:
    """The line before one state; nobody stands in it who need not wait.

    Args:
        path: the state.
        seconds: how long one waits for the others, all in all.
    """

    def __init__(self, path: str | Path, seconds: float) -> None:
        # SQLite, too, names what it puts beside a file after what a link leads to.
        self._path = f"{os.path.realpath(path)}-queue"
        self._deadline = time.monotonic() + seconds
        self._file = -1
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file >= 0:
            self._leave()

    def begin(self, connection: sqlite3.Connection) -> None:
        """Begin a transaction that keeps other writers out, in turn.

        Raises:
            sqlite3.OperationalError: the state cannot be written, or not for too long.
        """
        if not os.path.exists(self._path) and _begun_at_once(connection):
            return
        try:
            self._stand()
        except (OSError, ImportError):
            self._file = _closed(self._file)
        left = max(0, int(1000 * (self._deadline - time.monotonic())))
        connection.execute(f"PRAGMA busy_timeout = {left}")
        # Only who is at the head asks, and those who saw no line.  It locks at its beginning: with
        # SQLite's own way, which locks at the first write, two commands that both read first
        # could not both go on.
        connection.execute("BEGIN IMMEDIATE")

    def _stand(self) -> None:
        """Draw a number and wait until it is the lowest, or until there is no more time.

        Raises:
            OSError: there can be no line here.
            ImportError: this system has no such locks.
        """
        import fcntl  # noqa: PLC0415 - most writers need not wait, and Windows has none

        self._file = self._opened()
        counter = os.pread(self._file, _COUNTER_BYTES, 0)
        # Whatever stands there: beyond the highest number the first one follows.
        self._number = int.from_bytes(counter, "big") % _MOST + 1
        os.pwrite(self._file, self._number.to_bytes(_COUNTER_BYTES, "big"), 0)
        fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, self._number)
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, 0)
        # Shared, so that those who look do not stand in each other's way.
        if self._number > 1 and self._locked(fcntl.LOCK_SH, self._number - 1, 1):
            fcntl.lockf(self._file, fcntl.LOCK_UN, self._number - 1, 1)

    def _opened(self) -> int:
        """Open the file, and keep others from drawing numbers; return its descriptor.

        Raises:
            OSError: that is not to be had here, or not in time.
        """
        import fcntl  # noqa: PLC0415

        while True:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            if not self._locked(fcntl.LOCK_EX, 1, 0):
                raise TimeoutError
            if _is_at(self._file, self._path):
                return self._file
            # The last one in line has taken it away meanwhile.
            self._file = _closed(self._file)

    def _locked(self, kind: int, length: int, start: int) -> bool:
        """Lock some bytes as soon as nobody has them; tell whether that was in time."""
        import fcntl  # noqa: PLC0415

        while True:
            try:
                fcntl.lockf(self._file, kind | fcntl.LOCK_NB, length, start)
            except (BlockingIOError, PermissionError):
                if time.monotonic() >= self._deadline:
                    return False
                time.sleep(_PAUSE)
            else:
                return True

    def _leave(self) -> None:
        """Let the next one go on; the last one in line takes the file away."""
        import fcntl  # noqa: PLC0415

        nobody_waits = fcntl.LOCK_EX | fcntl.LOCK_NB
        try:
            # Nobody draws a number meanwhile; who is about to will see that the file is gone.
            fcntl.lockf(self._file, nobody_waits, 1, 0)
            fcntl.lockf(self._file, nobody_waits, 0, self._number + 1)
            os.unlink(self._path)
        except OSError:
            pass
        self._file = _closed(self._file)


def _begun_at_once(connection: sqlite3.Connection) -> bool:
    """Begin a transaction that keeps other writers out, unless there is another writer."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _is_at(file: int, path: str) -> bool:
    """Tell whether a path leads to an open file."""
    try:
        return os.path.samestat(os.fstat(file), os.stat(path))
    except OSError:
        return False


def _closed(file: int) -> int:
    """Close a file, and with it all locks on it, unless none is open; return -1."""
    if file >= 0:
        os.close(file)
    return -1
