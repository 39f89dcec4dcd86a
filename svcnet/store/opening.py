"""Finding the state that the user means, and opening it in the cheapest way that will do.

A state is a path to a SQLite file, or a database URL.  A file is looked at before SQLite is: one
that is not svcnet's is not touched, not even to recover it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import TYPE_CHECKING

from svcnet.errors import StateExists, StateForeign, StateMissing, StateUnusable
from svcnet.store.locations import shown, sqlite_path
from svcnet.store.sqlite_database import SqliteDatabase
from svcnet.store.sqlite_reader import APPLICATION_ID
from svcnet.store.store import NewCluster, Store

if TYPE_CHECKING:
    from svcnet.api.config import ClusterSettings
    from svcnet.store.database import Database
    from svcnet.store.reader import Reader

_MAGIC = b"SQLite format 3\0"
_HEADER_SIZE = 72


def exists(where: str) -> bool:
    """Tell whether there is anything: a cluster, or something that must be left alone.

    Raises:
        StateError: it cannot be told.
    """
    path = sqlite_path(where)
    if path is not None:
        return _look_at(path) is not File.MISSING
    try:
        with open_store(where) as store, store.reader():
            return True
    except StateMissing:
        return False


@contextmanager
def open_reader(where: str) -> Iterator[Reader]:
    """Give a reader, which sees one revision for as long as it is used.

    Raises:
        StateError: there is no state, it is not svcnet's, or it cannot be used.
    """
    with open_store(where) as store, store.reader() as reader:
        yield reader


def open_store(where: str) -> Store:
    """Return the state that is there, for changing it.

    Raises:
        StateError: there is no state, it is not svcnet's, or it cannot be used.
    """
    path = sqlite_path(where)
    if path is None:
        return Store(_server(where), shown(where))
    _check(path, where)
    return Store(SqliteDatabase(path, where), where)


def create(
    where: str, settings: ClusterSettings, *, force: bool, revision: int | None = None
) -> Store:
    """Return a state that its first transaction will make; until it commits nothing is there.

    Args:
        where: a path, whose folder is made, or a database URL.
        settings: what is decided for the life of the cluster.
        force: whether a cluster that is there goes.  What is not svcnet's is never replaced.
        revision: if given, it goes only as long as nobody has changed it since.

    Raises:
        StateError: there is a state already, something else is there, or it cannot be used.
    """
    new_cluster = NewCluster(settings, force, revision)
    path = sqlite_path(where)
    if path is None:
        return Store(_server(where), shown(where), new_cluster)
    match _look_at(path):
        case File.FOREIGN:
            raise StateForeign(where)
        case File.OURS if not force:
            raise StateExists(where)
        case File.OURS:
            return Store(SqliteDatabase(path, where), where, new_cluster)
        case File.MISSING | File.EMPTY:
            from pathlib import Path  # noqa: PLC0415 - slow to import

            from svcnet.store.newfile import NewFile  # noqa: PLC0415 - only a first command needs it

            return NewFile(Path(path), where, new_cluster)


def _server(url: str) -> Database:
    from svcnet.store.sqlalchemy_database import over_url  # noqa: PLC0415 - slow to import

    return over_url(url)


class File(Enum):
    """What stands at a path."""

    MISSING = auto()
    EMPTY = auto()
    OURS = auto()
    FOREIGN = auto()


def _look_at(path: str) -> File:
    try:
        with open(path, "rb") as file:
            header = file.read(_HEADER_SIZE)
    except FileNotFoundError:
        return File.MISSING
    except OSError as error:
        raise StateUnusable(os.path.normpath(path), error.strerror or str(error)) from error
    if not header:
        return File.EMPTY
    ours = APPLICATION_ID.to_bytes(4, "big")
    return File.OURS if header.startswith(_MAGIC) and header[68:72] == ours else File.FOREIGN


def _check(path: str, where: str) -> None:
    match _look_at(path):
        case File.MISSING:
            raise StateMissing(where)
        case File.EMPTY:
            raise StateForeign(where, "is empty; 'svcnet init' makes a cluster in it")
        case File.FOREIGN:
            raise StateForeign(where)
        case File.OURS:
            return
