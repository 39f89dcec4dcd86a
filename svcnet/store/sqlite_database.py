"""A state in a SQLite file, reached with nothing but the standard library.

`import sqlalchemy` costs more than all the rest of a command.  Only a state of an older svcnet
needs it, once: migrations are written for it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import TYPE_CHECKING

from svcnet.store.refusals import refusals
from svcnet.store.sqlite_connections import BUSY_SECONDS, connect_to_read, connect_to_write
from svcnet.store.sqlite_reader import SqliteReader
from svcnet.store.version import is_older

if TYPE_CHECKING:
    from pathlib import Path

    from svcnet.store.database import Writer


class SqliteDatabase:
    """A SQLite file of ours, which is made when it is not there.

    Args:
        path: the file.
        where: what the user calls it.
    """

    def __init__(self, path: str | Path, where: str) -> None:
        self._path = path
        self._where = where

    @contextmanager
    def reading(self) -> Iterator[SqliteReader]:
        """Give a reader, which keeps nobody out."""
        with self._refusals(), closing(connect_to_read(self._path)) as connection:
            # Without it every statement would see what others committed since the one before.
            connection.execute("BEGIN")
            yield SqliteReader(connection)

    @contextmanager
    def writing(self, *, upgrade: bool) -> Iterator[Writer]:
        """Give a writer, as soon as nobody else has one."""
        from svcnet.store.sqlite_writer import SqliteWriter  # noqa: PLC0415 - readers need none
        from svcnet.store.writers_queue import WritersQueue  # noqa: PLC0415

        # Whoever is next goes on when the transaction is over and the file is let go of.
        with (
            self._refusals(),
            WritersQueue(self._path, BUSY_SECONDS) as queue,
            closing(connect_to_write(self._path)) as connection,
        ):
            queue.begin(connection)
            writer = SqliteWriter(connection)
            if not (upgrade and is_older(writer.version())):
                yield writer
                return

        from svcnet.store import sqlalchemy_database as other  # noqa: PLC0415 - slow to import

        with other.over_file(self._path, self._where).writing(upgrade=True) as upgraded:
            yield upgraded

    def close(self) -> None:
        """Do nothing: a file is let go of after every transaction."""

    def _refusals(self) -> AbstractContextManager[None]:
        return refusals(self._where, sqlite3.IntegrityError, sqlite3.Error)
