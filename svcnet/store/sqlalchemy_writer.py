"""Writing through SQLAlchemy: the same as `sqlite_writer`, to any database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from svcnet.api.keys import Key
from svcnet.store import engines
from svcnet.store.migrations import migrate
from svcnet.store.schema import CLUSTER, DELETIONS, DOCUMENTS, INDEX_VALUES, POOLS, TALLIES
from svcnet.store.sqlalchemy_reader import SqlalchemyReader
from svcnet.store.sqlite_reader import APPLICATION_ID

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    from svcnet.store.database import DeletionRow, DocumentRow
    from svcnet.store.pools import Pool, SortKey
    from svcnet.store.reader import ClaimRow, IndexRow, TallyRow


class SqlalchemyWriter(SqlalchemyReader):
    """A transaction of a database, which begins with the first statement and locks then."""

    def create_schema(self, settings: bytes) -> None:
        """Make the tables of an empty cluster in place of whatever tables are there."""
        connection = self._connection
        is_sqlite = connection.dialect.name == "sqlite"
        if not is_sqlite:
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {engines.SCHEMA}")
        # What is there may be of a newer svcnet, with tables that this one has never heard of.
        present = sa.MetaData()
        present.reflect(connection)
        present.drop_all(connection)
        migrate(connection, "")
        if is_sqlite:
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(sa.insert(CLUSTER), {"single": 1, "settings": settings, "revision": 0})
        # Whoever asked before was told of the cluster that went.
        vars(self).pop("revision", None)

    def delete_claims(self, pool: Pool, sort_keys: Sequence[SortKey]) -> None:
        """Delete the claims of these values."""
        self._connection.execute(delete_claim(pool), [{"released": each} for each in sort_keys])

    def delete_documents(self, keys: Sequence[Key]) -> None:
        """Delete objects, whose claims must be gone."""
        parameters = [{f"old_{name}": part for name, part in key._asdict().items()} for key in keys]
        self._connection.execute(delete_document(), parameters)

    def put_documents(self, rows: Sequence[DocumentRow]) -> None:
        """Write objects, each in place of the one that has its key; claims on those stay."""
        names = DOCUMENTS.columns.keys()
        parameters = [dict(zip(names, row, strict=True)) for row in rows]
        self._connection.execute(put_document(self._connection.dialect.name), parameters)

    def insert_claims(self, pool: Pool, claims: Sequence[ClaimRow]) -> None:
        """Write claims, whose owners must be there."""
        names = POOLS[pool].columns.keys()
        parameters = [
            dict(zip(names, (claim.sort_key, *claim.owner), strict=True)) for claim in claims
        ]
        self._connection.execute(sa.insert(POOLS[pool]), parameters)

    def delete_index_values(self, rows: Sequence[IndexRow]) -> None:
        """Delete what objects are no longer found under."""
        parameters = [{f"old_{name}": part for name, part in row._asdict().items()} for row in rows]
        self._connection.execute(delete_index_value(), parameters)

    def insert_index_values(self, rows: Sequence[IndexRow]) -> None:
        """Write what objects are found under."""
        self._connection.execute(sa.insert(INDEX_VALUES), [row._asdict() for row in rows])

    def add_to_tallies(self, rows: Sequence[TallyRow]) -> None:
        """Count what there is more of than before, or less."""
        parameters = [row._asdict() for row in rows]
        self._connection.execute(add_to_tally(self._connection.dialect.name), parameters)

    def put_deletions(self, rows: Sequence[DeletionRow]) -> None:
        """Write how often objects were deleted."""
        names = DELETIONS.columns.keys()
        parameters = [dict(zip(names, row, strict=True)) for row in rows]
        self._connection.execute(put_deletion(self._connection.dialect.name), parameters)

    def set_revision(self, revision: int) -> None:
        """Write the last `metadata.resourceVersion` that was given."""
        self._connection.execute(set_revision(), {"given": revision})

    def commit(self) -> None:
        """Keep what was written."""
        self._connection.commit()


def put_document(dialect: str) -> sqlite.Insert | postgresql.Insert:
    """Return the statement that writes an object, or a newer state of it."""
    insert = _insert(dialect, DOCUMENTS)
    # Not INSERT OR REPLACE: that deletes the old row first, and claims hang on it.
    replaced = {name: insert.excluded[name] for name in ("uid", "revision", "body")}
    return insert.on_conflict_do_update(index_elements=list(Key._fields), set_=replaced)


def put_deletion(dialect: str) -> sqlite.Insert | postgresql.Insert:
    """Return the statement that writes how often an object was deleted."""
    insert = _insert(dialect, DELETIONS)
    counted = {"times": insert.excluded.times}
    return insert.on_conflict_do_update(index_elements=list(Key._fields), set_=counted)


def delete_document() -> sa.Delete:
    """Return the statement that deletes an object by its key, whose parts are ``old_…``."""
    condition = (DOCUMENTS.c[name] == sa.bindparam(f"old_{name}") for name in Key._fields)
    return sa.delete(DOCUMENTS).where(*condition)


def delete_claim(pool: Pool) -> sa.Delete:
    """Return the statement that deletes the claim of the value ``released``."""
    table = POOLS[pool]
    return sa.delete(table).where(table.c.sort_key == sa.bindparam("released"))


def delete_index_value() -> sa.Delete:
    """Return the statement that deletes a row of the index, whose parts are ``old_…``."""
    condition = (each == sa.bindparam(f"old_{each.name}") for each in INDEX_VALUES.columns)
    return sa.delete(INDEX_VALUES).where(*condition)


def set_revision() -> sa.Update:
    """Return the statement that writes the last revision that was ``given``."""
    return sa.update(CLUSTER).values(revision=sa.bindparam("given"))


def add_to_tally(dialect: str) -> sqlite.Insert | postgresql.Insert:
    """Return the statement that adds an amount to a tally, which need not be there yet."""
    insert = _insert(dialect, TALLIES)
    more = {"amount": TALLIES.c.amount + insert.excluded.amount}
    return insert.on_conflict_do_update(index_elements=["name"], set_=more)


def _insert(dialect: str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can be told what to do when the row is there already."""
    # Each of them brings its whole dialect, which takes a while: import the one that is used.
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415

    return sqlite.insert(table)
