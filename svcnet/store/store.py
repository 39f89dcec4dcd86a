"""A state that can be changed: one command, one database transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import msgspec
import sqlalchemy as sa

from svcnet.api.config import ClusterSettings
from svcnet.errors import StateExists, StateMissing
from svcnet.store import engines, schema, sqlalchemy_writer
from svcnet.store.engines import refusals
from svcnet.store.migrations import MIGRATIONS, applied_to, migrate
from svcnet.store.reader import Reader
from svcnet.store.sqlalchemy_reader import CoreReader
from svcnet.store.sqlite_reader import APPLICATION_ID, SqliteReader
from svcnet.store.transaction import Transaction


class Founding(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster that is to be made with the next transaction."""

    settings: ClusterSettings
    force: bool
    """Whether a cluster that is there already goes."""


class Store:
    """A state in a database.

    Args:
        engine: begins every transaction in a way that keeps other writers out.
        where: what the user calls the state.
        founding: what the first transaction makes before anything else; None: it is there.
    """

    def __init__(self, engine: sa.Engine, where: str, founding: Founding | None = None) -> None:
        self._engine = engine
        self._where = where
        self._founding = founding

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def transaction(self, now: str) -> Iterator[Transaction]:
        """Give a transaction, and write down at the end what it changed; nothing on an exception.

        Others that want to write wait meanwhile, and those that read see the state as it was.

        Args:
            now: the moment of the command, RFC 3339 in whole seconds.

        Raises:
            StateError: the database cannot be used, or refuses; nothing was written.
        """
        with refusals(self._where), self._engine.connect() as connection:
            changed = self._prepare(connection)
            txn = Transaction(reader_over(connection), now)
            yield txn
            if txn.has_writes():
                sqlalchemy_writer.write(connection, txn)
                changed = True
            if changed:
                connection.commit()
        self._founding = None

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """Give a reader, which sees one revision for as long as it is used, and keeps nobody out.

        Raises:
            StateError: there is no state, or the database cannot be used.
        """
        with refusals(self._where), self._engine.connect() as plain:
            connection = engines.for_reading(plain)
            if 0 < applied_to(connection) < len(MIGRATIONS):
                connection.rollback()
                with self.transaction(""):
                    pass  # Brings the tables up to date.
            self._prepare(connection)
            yield reader_over(connection)

    def _prepare(self, connection: sa.Connection) -> bool:
        """Bring the tables up to date, and tell whether anything was written for that."""
        there = applied_to(connection) > 0
        if self._founding is not None:
            if there and not self._founding.force:
                raise StateExists(self._where)
            _lay(connection, self._founding.settings, self._where)
            return True
        if not there:
            raise StateMissing(self._where)
        return migrate(connection, self._where) > 0


def reader_over(connection: sa.Connection) -> Reader:
    """Return a reader over a connection; SQLite is asked directly, which is ten times cheaper."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        assert driver is not None
        return SqliteReader(driver)
    return CoreReader(connection)


def _lay(connection: sa.Connection, settings: ClusterSettings, where: str) -> None:
    """Make an empty cluster in place of whatever cluster is there."""
    # What is there may be of a newer svcnet, with tables that this one has never heard of.
    present = sa.MetaData()
    present.reflect(connection)
    present.drop_all(connection)
    migrate(connection, where)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    text = msgspec.json.encode(settings, order="sorted")
    connection.execute(sa.insert(schema.CLUSTER).values(single=1, settings=text, revision=0))
