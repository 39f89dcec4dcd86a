"""Writing a SQLite file with nothing but the standard library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from svcnet.store import sqlite_statements as statements
from svcnet.store.pools import Pool
from svcnet.store.sqlite_reader import APPLICATION_ID, SqliteReader
from svcnet.store.version import MIGRATION_NAMES

if TYPE_CHECKING:
    from svcnet.api.keys import Key
    from svcnet.store.database import DeletionRow, DocumentRow
    from svcnet.store.pools import SortKey
    from svcnet.store.reader import ClaimRow, IndexRow, TallyRow


class SqliteWriter(SqliteReader):
    """A transaction of a SQLite file, which must have begun, and have locked the file."""

    def create_schema(self, settings: bytes) -> None:
        """Make the tables of an empty cluster in place of whatever tables are there."""
        self._drop_tables()
        execute = self._connection.execute
        for statement in statements.CREATE_TABLES:
            execute(statement)
        for pool in Pool:
            for statement in statements.create_pool(pool):
                execute(statement)
        self._connection.executemany(statements.INSERT_MIGRATION, enumerate(MIGRATION_NAMES, 1))
        execute(f"PRAGMA application_id = {APPLICATION_ID}")
        execute(statements.INSERT_CLUSTER, (1, settings, 0))
        # Whoever asked before was told of the cluster that went.
        vars(self).pop("revision", None)

    def _drop_tables(self) -> None:
        # What is there may be of a newer svcnet, with tables that this one has never heard of.
        execute = self._connection.execute
        found = execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
        ).fetchall()
        # A table goes with its rows, and others refer to those until they are gone as well.
        execute("PRAGMA defer_foreign_keys = ON")
        for (name,) in found:
            quoted = name.replace('"', '""')
            execute(f'DROP TABLE "{quoted}"')
        execute("PRAGMA defer_foreign_keys = OFF")

    def delete_claims(self, pool: Pool, sort_keys: Sequence[SortKey]) -> None:
        """Delete the claims of these values."""
        each_alone = [(sort_key,) for sort_key in sort_keys]
        self._connection.executemany(statements.delete_claim(pool), each_alone)

    def delete_documents(self, keys: Sequence[Key]) -> None:
        """Delete objects, whose claims must be gone."""
        self._connection.executemany(statements.DELETE_DOCUMENT, keys)

    def put_documents(self, rows: Sequence[DocumentRow]) -> None:
        """Write objects, each in place of the one that has its key; claims on those stay."""
        self._connection.executemany(statements.PUT_DOCUMENT, rows)

    def insert_claims(self, pool: Pool, claims: Sequence[ClaimRow]) -> None:
        """Write claims, whose owners must be there."""
        rows = [(claim.sort_key, *claim.owner) for claim in claims]
        self._connection.executemany(statements.insert_claim(pool), rows)

    def delete_index_values(self, rows: Sequence[IndexRow]) -> None:
        """Delete what objects are no longer found under."""
        self._connection.executemany(statements.DELETE_INDEX_VALUE, rows)

    def insert_index_values(self, rows: Sequence[IndexRow]) -> None:
        """Write what objects are found under."""
        self._connection.executemany(statements.INSERT_INDEX_VALUE, rows)

    def add_to_tallies(self, rows: Sequence[TallyRow]) -> None:
        """Count what there is more of than before, or less."""
        self._connection.executemany(statements.ADD_TO_TALLY, rows)

    def put_deletions(self, rows: Sequence[DeletionRow]) -> None:
        """Write how often objects were deleted."""
        self._connection.executemany(statements.PUT_DELETION, rows)

    def set_revision(self, revision: int) -> None:
        """Write the last `metadata.resourceVersion` that was given."""
        self._connection.execute(statements.SET_REVISION, (revision,))

    def commit(self) -> None:
        """Keep what was written."""
        self._connection.execute("COMMIT")
