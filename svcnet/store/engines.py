"""How each database begins a transaction that keeps other writers out."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from svcnet.errors import StateError
from svcnet.store.sqlite import BUSY_SECONDS

SCHEMA = "svcnet"
"""The PostgreSQL schema that all tables are in, so that a database may hold other things."""


def from_file(path: Path) -> sa.Engine:
    """Return an engine for a SQLite file, which is made when it is not there.

    Every transaction locks at its beginning.  With SQLite's own way, which locks at the first
    write, two commands that both read first could not both go on.
    """

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")  # Readers do not wait for a writer.
        connection.execute("PRAGMA synchronous = NORMAL")  # A killed program loses nothing.
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.NullPool)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def from_url(url: str) -> sa.Engine:
    """Return an engine for a PostgreSQL database.

    One lock for the whole state stands in for SQLite's: choosing an address and claiming it must
    not be interrupted by another who chooses.

    Raises:
        StateError: it is another database, its driver is missing, or it cannot be reached.
    """
    try:
        parsed = sa.make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() != "postgresql":
            raise StateError(f"{without_password(url)}: states are kept in SQLite or PostgreSQL")
        engine = sa.create_engine(parsed, poolclass=sa.NullPool)
    except (ArgumentError, NoSuchModuleError) as error:
        raise StateError(f"{url}: {error}") from error
    except ModuleNotFoundError as error:
        why = f"needs the Python package {error.name!r}"
        raise StateError(f"{without_password(url)}: {why}") from error

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET search_path TO {SCHEMA}")
        connection.commit()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(hashtext('{SCHEMA}'))")

    return engine


def make_schema(engine: sa.Engine, where: str) -> None:
    """Make the place for the tables, if it is not there."""
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    except DBAPIError as error:
        raise StateError(f"{where}: {error.orig}".strip().splitlines()[0]) from error


def without_password(url: str) -> str:
    """Return a database URL as it may be shown.

    >>> without_password("postgresql://me:secret@db/x")
    'postgresql://me:***@db/x'
    """
    return sa.make_url(url).render_as_string(hide_password=True)
