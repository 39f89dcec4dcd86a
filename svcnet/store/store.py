"""A state that can be changed: one command, one database transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from svcnet.errors import StateChanged, StateExists
from svcnet.lean_namedtuple import NamedTuple
from svcnet.store.version import check_version, is_older

if TYPE_CHECKING:
    from svcnet.api.config import ClusterSettings
    from svcnet.api.keys import Key
    from svcnet.store.database import Database, DocumentRow, Writer
    from svcnet.store.reader import Reader
    from svcnet.store.resource_cache import Entry
    from svcnet.store.transaction import Transaction


class NewCluster(NamedTuple):
    """A cluster that is to be made with the next transaction."""

    settings: ClusterSettings
    force: bool
    """Whether a cluster that is there already goes."""
    revision: int | None = None
    """Only a cluster that was not changed since this revision goes."""


class Store:
    """A state in a database.

    Args:
        database: where the state is kept.
        where: what the user calls the state.
        new_cluster: what the first transaction makes before anything else; None: it is there.
    """

    def __init__(
        self, database: Database, where: str, new_cluster: NewCluster | None = None
    ) -> None:
        self._database = database
        self._where = where
        self._new_cluster = new_cluster

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    @contextmanager
    def transaction(self, now: str) -> Iterator[Transaction]:
        """Give a transaction, and write down at the end what it changed; nothing on an exception.

        Others that want to write wait meanwhile, and those that read see the state as it was.

        Args:
            now: the moment of the command, RFC 3339 in whole seconds.

        Raises:
            StateError: the database cannot be used, or refuses; nothing was written.
        """
        from svcnet.store.transaction import Transaction  # noqa: PLC0415 - readers need none

        with self._database.writing(upgrade=self._new_cluster is None) as writer:
            self._prepare(writer)
            txn = Transaction(writer, now)
            yield txn
            if txn.has_writes():
                _write(writer, txn)
            writer.commit()
        self._new_cluster = None

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """Give a reader, which sees one revision for as long as it is used, and keeps nobody out.

        Raises:
            StateError: there is no state, or the database cannot be used.
        """
        with self._database.reading() as reader:
            version = reader.version()
            if not is_older(version):
                check_version(version, self._where)
                yield reader
                return
        with self._database.writing(upgrade=True) as writer:
            writer.commit()
        with self._database.reading() as reader:
            yield reader

    def _prepare(self, writer: Writer) -> None:
        """Make the cluster that is to be made, or make sure that there is one."""
        version = writer.version()
        if self._new_cluster is None:
            check_version(version, self._where)
            return
        if version and not self._new_cluster.force:
            raise StateExists(self._where)
        known = self._new_cluster.revision
        if version and known is not None and writer.revision != known:
            raise StateChanged(self._where)

        from svcnet.api.lean_msgspec import msgspec  # noqa: PLC0415

        writer.create_schema(msgspec.json.encode(self._new_cluster.settings, order="sorted"))


def _write(writer: Writer, txn: Transaction) -> None:
    """Write everything that `txn` changed, in as few statements as it can be done.

    What was released goes first, for somebody else may have it now; claims come last, for their
    owners must be there.
    """
    for pool, claims in txn.claim_overlays.items():
        if claims.released:
            writer.delete_claims(pool, list(claims.released))
    _write_documents(writer, txn)
    for pool, claims in txn.claim_overlays.items():
        if claims.claimed:
            writer.insert_claims(pool, claims.rows())
    _write_index(writer, txn)
    if txn.counted:
        writer.put_deletions([(*key, times) for key, times in txn.counted.items()])
    writer.set_revision(txn.revision)


def _write_documents(writer: Writer, txn: Transaction) -> None:
    gone = [key for key, entry in txn.written.items() if entry is None]
    if gone:
        writer.delete_documents(gone)
    rows = [_row(key, entry) for key, entry in txn.written.items() if entry is not None]
    if rows:
        writer.put_documents(rows)


def _write_index(writer: Writer, txn: Transaction) -> None:
    if removed := txn.index.removed():
        writer.delete_index_values(removed)
    if added := txn.index.added():
        writer.insert_index_values(added)
    if counted := txn.index.counted():
        writer.add_to_tallies(counted)


def _row(key: Key, entry: Entry) -> DocumentRow:
    metadata = entry.document["metadata"]
    return (*key, metadata.get("uid", ""), int(metadata["resourceVersion"]), entry.body)
