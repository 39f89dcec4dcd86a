"""A state in any database that SQLAlchemy reaches for us: PostgreSQL, and SQLite to migrate it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from svcnet.store import engines
from svcnet.store.locations import shown
from svcnet.store.migrations import migrate
from svcnet.store.refusals import refusals
from svcnet.store.sqlalchemy_reader import SqlalchemyReader
from svcnet.store.sqlalchemy_writer import SqlalchemyWriter
from svcnet.store.version import is_older


class SqlalchemyDatabase:
    """A database that `engines` can open.

    Args:
        engine: begins every transaction in a way that keeps other writers out.
        where: what the user calls the state.
    """

    def __init__(self, engine: sa.Engine, where: str) -> None:
        self._engine = engine
        self._where = where

    @contextmanager
    def reading(self) -> Iterator[SqlalchemyReader]:
        """Give a reader, which keeps nobody out."""
        with self._refusals(), self._engine.connect() as connection:
            yield SqlalchemyReader(engines.for_reading(connection))

    @contextmanager
    def writing(self, *, upgrade: bool) -> Iterator[SqlalchemyWriter]:
        """Give a writer, as soon as nobody else has one."""
        with self._refusals(), self._engine.connect() as connection:
            writer = SqlalchemyWriter(connection)
            if upgrade and is_older(writer.version()):
                migrate(connection, self._where)
            yield writer

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _refusals(self) -> AbstractContextManager[None]:
        return refusals(self._where, IntegrityError, DBAPIError)


def over_file(path: str | Path, where: str) -> SqlalchemyDatabase:
    """Return the database in a SQLite file."""
    return SqlalchemyDatabase(engines.from_file(path), where)


def over_url(url: str) -> SqlalchemyDatabase:
    """Return the database at a URL.

    Raises:
        StateError: it is not PostgreSQL, or its driver is missing.
    """
    return SqlalchemyDatabase(engines.from_url(url), shown(url))
