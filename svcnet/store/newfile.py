"""A SQLite file that appears with its first cluster in it, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from svcnet.errors import StateExists, StateUnusable
from svcnet.scratch import scratch_folders
from svcnet.store.sqlite_database import SqliteDatabase
from svcnet.store.store import NewCluster, Store
from svcnet.store.transaction import Transaction


class NewFile(Store):
    """A state whose file is made by the first transaction.

    It is made in a folder of its own and then given its name: nobody meets half a state, and of
    several programs that make one at once, one does.
    """

    def __init__(self, path: Path, where: str, new_cluster: NewCluster) -> None:
        self._path = path
        super().__init__(SqliteDatabase(path, where), where, new_cluster)

    @contextmanager
    def transaction(self, now: str) -> Iterator[Transaction]:
        """Give a transaction; the first one makes the file when it commits.

        Raises:
            StateExists: somebody else was faster.
        """
        if self._new_cluster is None:
            with super().transaction(now) as txn:
                yield txn
            return
        with _folder_beside(self._path) as folder:
            made = folder / self._path.name
            first = Store(SqliteDatabase(made, self._where), self._where, self._new_cluster)
            with first.transaction(now) as txn:
                yield txn
            self._publish(made)
        self._new_cluster = None

    def _publish(self, made: Path) -> None:
        """Give the finished file its name, unless that is taken; an empty file is no one's."""
        try:
            if self._path.exists() and not self._path.stat().st_size:
                made.replace(self._path)
            else:
                _name(made, self._path)
        except FileExistsError:
            raise StateExists(self._where) from None
        except OSError as error:
            raise _unusable(self._path, error) from error


def _name(made: Path, path: Path) -> None:
    """Give a file its name.

    Raises:
        FileExistsError: the name is taken.
    """
    try:
        path.hardlink_to(made)
    except FileExistsError:
        raise
    except OSError:  # This file system has no links.
        # Not quite as good: for a moment others see an empty file, and refuse it.
        path.touch(exist_ok=False)
        made.replace(path)


@contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    """Give a folder beside `path`, which is made with all folders above it."""
    with ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            [folder] = stack.enter_context(scratch_folders(f".{path.name}.", parent=path.parent))
        except OSError as error:
            raise _unusable(path, error) from error
        yield folder


def _unusable(path: Path, error: OSError) -> StateUnusable:
    return StateUnusable(str(path), error.strerror or str(error))
