"""How each database begins a transaction that keeps other writers out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from svcnet.errors import StateError
from svcnet.store.locations import shown
from svcnet.store.sqlite_connections import connect_to_write

SCHEMA = "svcnet"
"""The PostgreSQL schema that all tables are in, so that a database may hold other things."""


def from_file(path: str | Path) -> sa.Engine:
    """Return an engine for a SQLite file, which is made when it is not there.

    Every transaction locks at its beginning, as those of `sqlite_database` do.
    """
    engine = sa.create_engine(
        "sqlite://", creator=lambda: connect_to_write(path), poolclass=sa.NullPool
    )

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if _only_reads(connection) else "BEGIN IMMEDIATE")

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
            raise StateError(f"{shown(url)}: states are kept in SQLite or PostgreSQL")
        engine = sa.create_engine(parsed, poolclass=sa.NullPool)
    except (ArgumentError, NoSuchModuleError) as error:
        raise StateError(f"{shown(url)}: {error}") from error
    except ModuleNotFoundError as error:
        why = f"needs the Python package {error.name!r}"
        raise StateError(f"{shown(url)}: {why}") from error

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET search_path TO {SCHEMA}")
        connection.commit()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        if not _only_reads(connection):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(hashtext('{SCHEMA}'))")

    return engine


def for_reading(connection: sa.Connection) -> sa.Connection:
    """Return `connection` so that it sees one revision, and neither waits nor is waited for."""
    if connection.dialect.name == "postgresql":
        # A writer must not have this: it would see the state from before it waited for the lock.
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection.execution_options(only_reads=True)


def _only_reads(connection: sa.Connection) -> bool:
    return bool(connection.get_execution_options().get("only_reads"))
