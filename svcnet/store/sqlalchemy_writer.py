"""Writing down what a transaction decided, in as few statements as it can be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from svcnet.api.keys import Key
from svcnet.store.claim_overlay import Ledger
from svcnet.store.pools import Pool
from svcnet.store.resource_cache import Entry
from svcnet.store.schema import CLUSTER, DOCUMENTS, POOLS
from svcnet.store.transaction import Transaction

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


def write(connection: sa.Connection, txn: Transaction) -> None:
    """Write everything that `txn` changed.

    What was released goes first, for somebody else may have it now; claims come last, for their
    owners must be there.
    """
    for pool, ledger in txn.ledgers.items():
        _release(connection, pool, ledger)
    _delete(connection, [key for key, entry in txn.written.items() if entry is None])
    _put(connection, [_row(key, entry) for key, entry in txn.written.items() if entry is not None])
    for pool, ledger in txn.ledgers.items():
        _claim(connection, pool, ledger)
    connection.execute(sa.update(CLUSTER).values(revision=txn.revision))


def _release(connection: sa.Connection, pool: Pool, ledger: Ledger) -> None:
    if ledger.released:
        table = POOLS[pool]
        places = [{"released": place} for place in ledger.released]
        connection.execute(
            sa.delete(table).where(table.c.place == sa.bindparam("released")), places
        )


def _delete(connection: sa.Connection, keys: list[Key]) -> None:
    if keys:
        condition = (DOCUMENTS.c[name] == sa.bindparam(f"old_{name}") for name in Key._fields)
        connection.execute(
            sa.delete(DOCUMENTS).where(*condition),
            [{f"old_{name}": part for name, part in key._asdict().items()} for key in keys],
        )


def _put(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    insert = _insert(connection.dialect.name)
    # Not INSERT OR REPLACE: that deletes the old row first, and claims hang on it.
    replaced = {name: insert.excluded[name] for name in ("uid", "revision", "body")}
    connection.execute(
        insert.on_conflict_do_update(index_elements=list(Key._fields), set_=replaced), rows
    )


def _insert(dialect: str) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can be told what to do when the row is there already."""
    # Each of them brings its whole dialect, which takes a while: import the one that is used.
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        return postgresql.insert(DOCUMENTS)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415

    return sqlite.insert(DOCUMENTS)


def _row(key: Key, entry: Entry) -> dict[str, Any]:
    metadata = entry.document["metadata"]
    return {
        "resource": key.resource,
        "namespace": key.namespace,
        "name": key.name,
        "uid": metadata.get("uid", ""),
        "revision": int(metadata["resourceVersion"]),
        "body": entry.body,
    }


def _claim(connection: sa.Connection, pool: Pool, ledger: Ledger) -> None:
    rows = list(_claims(ledger))
    if rows:
        connection.execute(sa.insert(POOLS[pool]), rows)


def _claims(ledger: Ledger) -> Iterator[dict[str, Any]]:
    for place, owner in ledger.claimed.items():
        yield {
            "place": place,
            "owner_resource": owner.resource,
            "owner_namespace": owner.namespace,
            "owner_name": owner.name,
        }
