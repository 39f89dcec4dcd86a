"""A SQLite file that appears with its first cluster in it, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from svcnet.errors import StateError, StateExists
from svcnet.store import engines
from svcnet.store.store import Founding, Store
from svcnet.store.transaction import Transaction


class NewFile(Store):
    """A state whose file is made by the first transaction.

    It is made under another name and then given its own: nobody meets half a state, and of
    several programs that make one at once, one does.
    """

    def __init__(self, path: Path, where: str, founding: Founding) -> None:
        self._path = path
        self._scratch = path.with_name(f".{path.name}.{os.getpid()}")
        super().__init__(engines.from_file(self._scratch), where, founding)

    @contextmanager
    def transaction(self, now: str) -> Iterator[Transaction]:
        """Give a transaction; the first one makes the file when it commits.

        Raises:
            StateExists: somebody else was faster.
        """
        if self._founding is None:
            with super().transaction(now) as txn:
                yield txn
            return
        try:
            with super().transaction(now) as txn:
                yield txn
            self._publish()
        finally:
            for suffix in ("", "-wal", "-shm"):
                self._scratch.with_name(self._scratch.name + suffix).unlink(missing_ok=True)
        self._engine = engines.from_file(self._path)

    def _publish(self) -> None:
        """Give the finished file its name, unless that is taken; an empty file is no one's."""
        self._engine.dispose()
        try:
            if self._path.exists() and not self._path.stat().st_size:
                self._scratch.replace(self._path)
            else:
                self._path.hardlink_to(self._scratch)
        except FileExistsError:
            raise StateExists(self._where) from None
        except OSError as error:
            raise StateError(f"{self._path}: {error.strerror}") from error
