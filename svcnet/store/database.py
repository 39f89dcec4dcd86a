"""What the store asks of a kind of database.

Two answer: `sqlite_database.SqliteDatabase` with the standard library alone, which costs a script
no slow import, and `sqlalchemy_database.SqlalchemyDatabase`, which knows PostgreSQL and how older
states become newer.  One set of tests holds both to this.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias

from svcnet.api.keys import Key
from svcnet.store.pools import Pool, SortKey
from svcnet.store.reader import ClaimRow, IndexRow, Reader, TallyRow

DocumentRow: TypeAlias = tuple[str, str, str, str, int, bytes]
"""Resource, namespace, name, uid, revision and body: the columns of `schema.DOCUMENTS`."""

DeletionRow: TypeAlias = tuple[str, str, str, int]
"""Resource, namespace, name and how often: the columns of `schema.DELETIONS`."""


class DatabaseReader(Reader, Protocol):
    """A state at one revision, and what tables it is kept in."""

    def version(self) -> int:
        """Return how many migrations the state has been through; 0 when it has no tables."""
        ...


class Writer(DatabaseReader, Protocol):
    """A transaction that keeps other writers out; all of it is undone unless it is committed."""

    def create_schema(self, settings: bytes) -> None:
        """Make the tables of an empty cluster in place of whatever tables are there."""
        ...

    def delete_claims(self, pool: Pool, sort_keys: Sequence[SortKey]) -> None:
        """Delete the claims of these values."""
        ...

    def delete_documents(self, keys: Sequence[Key]) -> None:
        """Delete objects, whose claims must be gone."""
        ...

    def put_documents(self, rows: Sequence[DocumentRow]) -> None:
        """Write objects, each in place of the one that has its key; claims on those stay."""
        ...

    def insert_claims(self, pool: Pool, claims: Sequence[ClaimRow]) -> None:
        """Write claims, whose owners must be there."""
        ...

    def delete_index_values(self, rows: Sequence[IndexRow]) -> None:
        """Delete what objects are no longer found under."""
        ...

    def insert_index_values(self, rows: Sequence[IndexRow]) -> None:
        """Write what objects are found under."""
        ...

    def add_to_tallies(self, rows: Sequence[TallyRow]) -> None:
        """Count what there is more of than before, or less."""
        ...

    def put_deletions(self, rows: Sequence[DeletionRow]) -> None:
        """Write how often objects were deleted."""
        ...

    def set_revision(self, revision: int) -> None:
        """Write the last `metadata.resourceVersion` that was given."""
        ...

    def commit(self) -> None:
        """Keep what was written."""
        ...


class Database(Protocol):
    """Where one state is kept.

    What is raised while its readers and writers are used goes through `refusals.refusals`.
    """

    def reading(self) -> AbstractContextManager[DatabaseReader]:
        """Give a reader, which keeps nobody out."""
        ...

    def writing(self, *, upgrade: bool) -> AbstractContextManager[Writer]:
        """Give a writer, as soon as nobody else has one.

        Args:
            upgrade: whether an older state's tables are brought up to date, in the same
                transaction.  One that shall be replaced need not be.
        """
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
