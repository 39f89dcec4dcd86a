"""Reading a SQLite file with nothing but the standard library.

What is read must have been looked at first: that it is svcnet's, by `opening`, and that it is as
new as the code, by `store`.
"""

from __future__ import annotations

import sqlite3
from functools import cached_property
from typing import TYPE_CHECKING

from svcnet.api.keys import Key
from svcnet.store.reader import Bodies, ClaimRow, ClaimRows, Row, Rows, TextReader

if TYPE_CHECKING:
    from svcnet.store.pools import Pool, SortKey

APPLICATION_ID = 0x7376636E
"""What a file says at offset 68 when it is svcnet's: ``svcn``."""

_OWNER = "owner_resource, owner_namespace, owner_name"


class SqliteReader(TextReader):
    """A state in a SQLite file, at one revision as long as the connection's transaction lasts."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def version(self) -> int:
        """Return how many migrations the state has been through; 0 when it has no tables."""
        is_there = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'"
        if self._connection.execute(is_there).fetchone() is None:
            return 0
        return self._connection.execute("SELECT max(number) FROM migrations").fetchone()[0] or 0

    @cached_property
    def _settings(self) -> bytes:  # type: ignore[override]
        return self._connection.execute("SELECT settings FROM cluster").fetchone()[0]  # type: ignore[no-any-return]

    @cached_property
    def revision(self) -> int:
        """The highest `metadata.resourceVersion` that was ever given."""
        return self._connection.execute("SELECT revision FROM cluster").fetchone()[0]  # type: ignore[no-any-return]

    def body(self, key: Key) -> bytes | None:
        """Return one object's JSON text."""
        found = self._connection.execute(
            "SELECT body FROM documents WHERE resource = ? AND namespace = ? AND name = ?", key
        ).fetchone()
        return None if found is None else found[0]

    def bodies(self, resource: str, namespace: str | None = None) -> Bodies:
        """Return the JSON texts of the objects of a resource, or those of one namespace."""
        return [body for (body,) in self._documents("body", resource, namespace)]

    def rows(self, resource: str, namespace: str | None = None) -> Rows:
        """Return names and texts of the objects of a resource, or those of one namespace."""
        return list(map(Row._make, self._documents("namespace, name, body", resource, namespace)))

    def resources(self, namespace: str | None = None) -> tuple[str, ...]:
        """Return the resources that have objects, in all or in one namespace, sorted."""
        found = self._connection.execute(
            "SELECT DISTINCT resource FROM documents"
            " WHERE :namespace IS NULL OR namespace = :namespace ORDER BY resource",
            {"namespace": namespace},
        )
        return tuple(resource for (resource,) in found)

    def owner_at(self, pool: Pool, sort_key: SortKey) -> Key | None:
        """Return whose the value at `sort_key` is."""
        found = self._connection.execute(
            f"SELECT {_OWNER} FROM {pool.value} WHERE place = ?",  # noqa: S608 - our own names
            (sort_key,),
        ).fetchone()
        return None if found is None else Key._make(found)

    def sort_keys_of(self, pool: Pool, owner: Key) -> tuple[SortKey, ...]:
        """Return the sort keys of what `owner` holds, ascending."""
        found = self._connection.execute(
            f"SELECT place FROM {pool.value} WHERE owner_resource = ?"  # noqa: S608
            " AND owner_namespace = ? AND owner_name = ? ORDER BY place",
            owner,
        )
        return tuple(sort_key for (sort_key,) in found)

    def claims(self, pool: Pool, low: SortKey, high: SortKey, limit: int) -> ClaimRows:
        """Return the first `limit` claims from `low` to `high`, ascending; both ends count."""
        found = self._connection.execute(
            f"SELECT place, {_OWNER} FROM {pool.value}"  # noqa: S608
            " WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?",
            (low, high, limit),
        )
        return [ClaimRow(sort_key, Key._make(owner)) for sort_key, *owner in found]

    def count(self, pool: Pool, low: SortKey, high: SortKey) -> int:
        """Return how many claims there are from `low` to `high`; both ends count."""
        found = self._connection.execute(
            f"SELECT count(*) FROM {pool.value} WHERE place BETWEEN ? AND ?",  # noqa: S608
            (low, high),
        ).fetchone()
        return int(found[0])

    def deletions(self, key: Key) -> int:
        """Return how often something of this name was deleted."""
        found = self._connection.execute(
            "SELECT times FROM deletions WHERE resource = ? AND namespace = ? AND name = ?", key
        ).fetchone()
        return 0 if found is None else int(found[0])

    def _documents(self, columns: str, resource: str, namespace: str | None) -> sqlite3.Cursor:
        select = f"SELECT {columns} FROM documents WHERE resource = ?"  # noqa: S608
        if namespace is None:
            return self._connection.execute(f"{select} ORDER BY namespace, name", (resource,))
        return self._connection.execute(
            f"{select} AND namespace = ? ORDER BY name", (resource, namespace)
        )
