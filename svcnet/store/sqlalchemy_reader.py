"""Reading through SQLAlchemy: the same answers as `sqlite_reader`, from any database."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from svcnet.api.keys import Key, Keys
from svcnet.store.migrations import applied_to
from svcnet.store.reader import Bodies, ClaimRow, ClaimRows, Row, Rows, TextReader, following
from svcnet.store.schema import CLUSTER, DELETIONS, DOCUMENTS, INDEX_VALUES, POOLS, TALLIES

if TYPE_CHECKING:
    from svcnet.store.pools import Pool, SortKey


class SqlalchemyReader(TextReader):
    """A state in a database, at one revision as long as the connection's transaction lasts."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def version(self) -> int:
        """Return how many migrations the state has been through; 0 when it has no tables."""
        return applied_to(self._connection)

    @cached_property
    def _settings(self) -> bytes:  # type: ignore[override]
        return bytes(self._connection.scalars(sa.select(CLUSTER.c.settings)).one())

    @cached_property
    def revision(self) -> int:
        """The highest `metadata.resourceVersion` that was ever given."""
        return int(self._connection.scalars(sa.select(CLUSTER.c.revision)).one())

    def body(self, key: Key) -> bytes | None:
        """Return one object's JSON text."""
        columns = DOCUMENTS.c
        found: bytes | None = self._connection.scalar(
            sa.select(columns.body).where(
                columns.resource == key.resource,
                columns.namespace == key.namespace,
                columns.name == key.name,
            )
        )
        return found

    def bodies(self, resource: str, namespace: str | None = None) -> Bodies:
        """Return the JSON texts of the objects of a resource, or those of one namespace."""
        return [row.body for row in self.rows(resource, namespace)]

    def rows(self, resource: str, namespace: str | None = None) -> Rows:
        """Return names and texts of the objects of a resource, or those of one namespace."""
        columns = DOCUMENTS.c
        query = sa.select(columns.namespace, columns.name, columns.body).where(
            columns.resource == resource
        )
        if namespace is not None:
            query = query.where(columns.namespace == namespace)
        found = self._connection.execute(query.order_by(columns.namespace, columns.name))
        return [Row(*each) for each in found]

    def indexed_rows(self, resource: str, value: str, namespace: str | None = None) -> Rows:
        """Return names and texts of the objects of a resource that are found under a value."""
        columns, index = DOCUMENTS.c, INDEX_VALUES.c
        same = sa.and_(*(columns[part] == index[part] for part in Key._fields))
        query = (
            sa.select(columns.namespace, columns.name, columns.body)
            .select_from(sa.join(INDEX_VALUES, DOCUMENTS, same))
            .where(*_under(resource, value, namespace))
            .order_by(index.namespace, index.name)
        )
        return [Row(*each) for each in self._connection.execute(query)]

    def indexed_keys(self, value: str) -> Keys:
        """Return where everything is kept that is found under a value, whatever it is."""
        return self._index_keys(INDEX_VALUES.c.value == value)

    def indexed_between(self, first: str, end: str) -> Keys:
        """Return where everything is kept that is found under a value from `first` to `end`."""
        value = INDEX_VALUES.c.value
        return self._index_keys(sa.and_(value >= first, value < end))

    def count_indexed(self, resource: str, value: str, namespace: str | None, most: int) -> int:
        """Return how many objects of a resource are found under a value; no more than `most`."""
        found = sa.select(INDEX_VALUES.c.name).where(*_under(resource, value, namespace))
        query = sa.select(sa.func.count()).select_from(found.limit(most).subquery())
        return self._connection.scalars(query).one()

    def tally(self, name: str) -> int:
        """Return what a tally of `api.tallies` is at."""
        columns = TALLIES.c
        return self._connection.scalar(sa.select(columns.amount).where(columns.name == name)) or 0

    def tallies(self, prefix: str) -> dict[str, int]:
        """Return what all tallies are at whose names begin with `prefix`, without those at 0."""
        name, amount = TALLIES.c.name, TALLIES.c.amount
        within = (name >= prefix, name < following(prefix), amount != 0)
        found = self._connection.execute(sa.select(name, amount).where(*within))
        return {each.name: each.amount for each in found}

    def resources(self, namespace: str | None = None) -> tuple[str, ...]:
        """Return the resources that have objects, in all or in one namespace, sorted."""
        # DISTINCT would look at every object; this steps from one resource to the next.
        columns = DOCUMENTS.c
        least = sa.select(sa.func.min(columns.resource).label("resource"))
        found = least.cte("found", recursive=True)
        after = least.where(columns.resource > found.c.resource).scalar_subquery()
        found = found.union_all(sa.select(after).where(found.c.resource.is_not(None)))
        query = sa.select(found.c.resource).where(found.c.resource.is_not(None))
        if namespace is not None:
            within = (columns.resource == found.c.resource, columns.namespace == namespace)
            query = query.where(sa.exists().where(*within))
        return tuple(self._connection.scalars(query))

    def owner_at(self, pool: Pool, sort_key: SortKey) -> Key | None:
        """Return whose the value at `sort_key` is."""
        table = POOLS[pool]
        found = self._connection.execute(
            sa.select(*_owner(table)).where(table.c.sort_key == sort_key)
        ).one_or_none()
        return None if found is None else Key(*found)

    def sort_keys_of(self, pool: Pool, owner: Key) -> tuple[SortKey, ...]:
        """Return the sort keys of what `owner` holds, ascending."""
        table = POOLS[pool]
        is_owner = (column == part for column, part in zip(_owner(table), owner, strict=True))
        query = sa.select(table.c.sort_key).where(*is_owner).order_by(table.c.sort_key)
        return tuple(self._connection.scalars(query))

    def claims(self, pool: Pool, low: SortKey, high: SortKey, limit: int) -> ClaimRows:
        """Return the first `limit` claims from `low` to `high`, ascending; both ends count."""
        table = POOLS[pool]
        query = (
            sa.select(table.c.sort_key, *_owner(table))
            .where(*_between(table, low, high))
            .order_by(table.c.sort_key)
            .limit(limit)
        )
        return [
            ClaimRow(sort_key, Key(*owner)) for sort_key, *owner in self._connection.execute(query)
        ]

    def count(self, pool: Pool, low: SortKey, high: SortKey) -> int:
        """Return how many claims there are from `low` to `high`; both ends count."""
        table = POOLS[pool]
        query = sa.select(sa.func.count()).select_from(table)
        return self._connection.scalars(query.where(*_between(table, low, high))).one()

    def deletions(self, key: Key) -> int:
        """Return how often something of this name was deleted."""
        is_key = (DELETIONS.c[name] == part for name, part in key._asdict().items())
        return self._connection.scalar(sa.select(DELETIONS.c.times).where(*is_key)) or 0

    def _index_keys(self, condition: sa.ColumnElement[bool]) -> Keys:
        parts = [INDEX_VALUES.c[part] for part in Key._fields]
        query = sa.select(*parts).where(condition).order_by(*parts)
        return [Key(*each) for each in self._connection.execute(query)]


def _under(resource: str, value: str, namespace: str | None) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions that rows of the index are those of a value."""
    index = INDEX_VALUES.c
    conditions = (index.value == value, index.resource == resource)
    return conditions if namespace is None else (*conditions, index.namespace == namespace)


def _between(table: sa.Table, low: SortKey, high: SortKey) -> tuple[sa.ColumnElement[bool], ...]:
    # Not BETWEEN: with a collation, SQLAlchemy writes its bounds in a way PostgreSQL cannot read.
    return (table.c.sort_key >= low, table.c.sort_key <= high)


def _owner(table: sa.Table) -> tuple[sa.Column[Any], ...]:
    return (table.c.owner_resource, table.c.owner_namespace, table.c.owner_name)
