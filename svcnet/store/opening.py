"""Finding the state that the user means, and opening it in the cheapest way that will do.

A state is a path to a SQLite file, or a database URL.  A file is looked at before SQLite is: one
that is not svcnet's is not touched, not even to recover it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from svcnet.errors import StateError, StateExists, StateForeign, StateMissing, StateNewer
from svcnet.store.locations import shown, sqlite_path
from svcnet.store.sqlite_reader import APPLICATION_ID, BUSY_SECONDS, NEWEST, SqliteReader

if TYPE_CHECKING:
    from svcnet.api.config import ClusterSettings
    from svcnet.store.reader import Reader
    from svcnet.store.store import Store

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
    path = sqlite_path(where)
    if path is None:
        with open_store(where) as store, store.reader() as reader:
            yield reader
        return
    _check(path, where)
    try:
        connection = _connect(path.absolute())
        try:
            if _is_older(connection, where):
                with open_store(where) as store, store.transaction(""):
                    pass  # Brings the tables up to date.
            # Without it every statement would see what others committed since the one before.
            connection.execute("BEGIN")
            yield SqliteReader(connection)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StateError(f"{where}: {error}") from error


def open_store(where: str) -> Store:
    """Return the state that is there, for changing it.

    Raises:
        StateError: there is no state, it is not svcnet's, or it cannot be used.
    """
    from svcnet.store import engines  # noqa: PLC0415 - sqlalchemy is slow to import
    from svcnet.store.store import Store  # noqa: PLC0415

    path = sqlite_path(where)
    if path is None:
        return Store(engines.from_url(where), shown(where))
    _check(path, where)
    return Store(engines.from_file(path), where)


def create(where: str, settings: ClusterSettings, *, force: bool) -> Store:
    """Return a state that its first transaction will make; until it commits nothing is there.

    Args:
        where: a path, whose folder is made, or a database URL.
        settings: what is decided for the life of the cluster.
        force: whether a cluster that is there goes.  What is not svcnet's is never replaced.

    Raises:
        StateError: there is a state already, something else is there, or it cannot be used.
    """
    from svcnet.store import engines  # noqa: PLC0415
    from svcnet.store.newfile import NewFile  # noqa: PLC0415
    from svcnet.store.store import Founding, Store  # noqa: PLC0415

    founding = Founding(settings=settings, force=force)
    path = sqlite_path(where)
    if path is None:
        engine = engines.from_url(where)
        engines.make_schema(engine, shown(where))
        return Store(engine, shown(where), founding)
    match _look_at(path):
        case File.FOREIGN:
            raise StateForeign(where)
        case File.OURS if not force:
            raise StateExists(where)
        case File.OURS:
            return Store(engines.from_file(path), where, founding)
        case File.MISSING | File.EMPTY:
            return NewFile(path, where, founding)


class File(Enum):
    """What stands at a path."""

    MISSING = auto()
    EMPTY = auto()
    OURS = auto()
    FOREIGN = auto()


def _look_at(path: Path) -> File:
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_SIZE)
    except FileNotFoundError:
        return File.MISSING
    except OSError as error:
        raise StateError(f"{path}: {error.strerror}") from error
    if not header:
        return File.EMPTY
    ours = APPLICATION_ID.to_bytes(4, "big")
    return File.OURS if header.startswith(_MAGIC) and header[68:72] == ours else File.FOREIGN


def _check(path: Path, where: str) -> None:
    match _look_at(path):
        case File.MISSING:
            raise StateMissing(where)
        case File.EMPTY:
            raise StateForeign(where, "is empty; 'svcnet init' makes a cluster in it")
        case File.FOREIGN:
            raise StateForeign(where)
        case File.OURS:
            return


def _connect(path: Path) -> sqlite3.Connection:
    """Open a file of ours for reading.

    SQLite keeps notes for other readers beside the file.  Where it may not write them, nobody
    writes the state either, and it can be read as it lies there.
    """
    lies_still = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
    where = f"{path.as_uri()}?immutable=1" if lies_still else str(path)
    return sqlite3.connect(where, timeout=BUSY_SECONDS, isolation_level=None, uri=lies_still)


def _is_older(connection: sqlite3.Connection, where: str) -> bool:
    """Tell whether the tables must be brought up to date.

    Raises:
        StateNewer: they are newer than this svcnet.
    """
    (found,) = connection.execute("SELECT max(number) FROM migrations").fetchone()
    if found > NEWEST:
        raise StateNewer(where, found, NEWEST)
    return bool(found < NEWEST)
