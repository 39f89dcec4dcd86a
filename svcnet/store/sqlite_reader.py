"""Reading a SQLite file with nothing but the standard library.

What is read must have been looked at first: that it is svcnet's, by `opening`, and that it is as
new as the code, by `store`.
"""

from __future__ import annotations

import sqlite3
from functools import cached_property
from typing import TYPE_CHECKING

from svcnet.api.keys import Key, Keys
from svcnet.store.reader import Bodies, ClaimRow, ClaimRows, Row, Rows, TextReader, following

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

    def indexed_rows(self, resource: str, value: str, namespace: str | None = None) -> Rows:
        """Return names and texts of the objects of a resource that are found under a value."""
        found = self._connection.execute(
            # The order of the tables is the order of the loops: few rows, and an object for each.
            "SELECT index_values.namespace, index_values.name, body"  # noqa: S608 - our own words
            " FROM index_values CROSS JOIN documents USING (resource, namespace, name)"
            f" WHERE value = ? AND index_values.resource = ?{_in(namespace)}"
            " ORDER BY index_values.namespace, index_values.name",
            (value, resource, *_given(namespace)),
        )
        return list(map(Row._make, found))

    def indexed_keys(self, value: str) -> Keys:
        """Return where everything is kept that is found under a value, whatever it is."""
        return self._index_keys("value = ?", value)

    def indexed_between(self, first: str, end: str) -> Keys:
        """Return where everything is kept that is found under a value from `first` to `end`."""
        return self._index_keys("value >= ? AND value < ?", first, end)

    def count_indexed(self, resource: str, value: str, namespace: str | None, most: int) -> int:
        """Return how many objects of a resource are found under a value; no more than `most`."""
        found = self._connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM index_values"  # noqa: S608
            f" WHERE value = ? AND index_values.resource = ?{_in(namespace)} LIMIT ?)",
            (value, resource, *_given(namespace), most),
        ).fetchone()
        return int(found[0])

    def tally(self, name: str) -> int:
        """Return what a tally of `api.tallies` is at."""
        select = "SELECT amount FROM tallies WHERE name = ?"
        found = self._connection.execute(select, (name,)).fetchone()
        return 0 if found is None else int(found[0])

    def tallies(self, prefix: str) -> dict[str, int]:
        """Return what all tallies are at whose names begin with `prefix`, without those at 0."""
        found = self._connection.execute(
            "SELECT name, amount FROM tallies WHERE name >= ? AND name < ? AND amount <> 0",
            (prefix, following(prefix)),
        )
        return dict(found.fetchall())

    def resources(self, namespace: str | None = None) -> tuple[str, ...]:
        """Return the resources that have objects, in all or in one namespace, sorted."""
        # DISTINCT would look at every object; this steps from one resource to the next.
        found = self._connection.execute(
            "WITH RECURSIVE found (resource) AS ("
            " SELECT min(resource) FROM documents UNION ALL"
            " SELECT (SELECT min(resource) FROM documents WHERE resource > found.resource)"
            " FROM found WHERE found.resource IS NOT NULL)"
            " SELECT resource FROM found WHERE resource IS NOT NULL AND (:namespace IS NULL"
            " OR EXISTS (SELECT 1 FROM documents"
            " WHERE resource = found.resource AND namespace = :namespace))",
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

    def _index_keys(self, condition: str, *given: str) -> Keys:
        found = self._connection.execute(
            f"SELECT resource, namespace, name FROM index_values WHERE {condition}"  # noqa: S608
            " ORDER BY resource, namespace, name",
            given,
        )
        return list(map(Key._make, found))


def _in(namespace: str | None) -> str:
    """Return the condition that rows of the index are of a namespace; none for all."""
    return "" if namespace is None else " AND index_values.namespace = ?"


def _given(namespace: str | None) -> tuple[str, ...]:
    """Return what stands for the question mark of `_in`."""
    return () if namespace is None else (namespace,)
