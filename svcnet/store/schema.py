"""The tables: documents, what they are found by, and what the database itself must enforce.

There is no table per kind.  A document is text that only svcnet reads; what the database must
know is who it is, what it is looked for by, and which values nobody may hold twice.  A claim
belongs to a stored document, so an address cannot be held by an object that is not there.
"""

from __future__ import annotations

import sqlalchemy as sa

from svcnet.api.keys import Key
from svcnet.store.pools import Pool

METADATA = sa.MetaData()

_Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that sorts byte by byte, as SQLite's does by itself."""


def _key_columns() -> list[sa.Column[str]]:
    """Return the columns that tell which object a row is about; they belong to one table only."""
    return [sa.Column(part, _Name, primary_key=True) for part in Key._fields]


MIGRATIONS = sa.Table(
    "migrations",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
)
"""Which migrations this state has been through."""

CLUSTER = sa.Table(
    "cluster",
    METADATA,
    sa.Column("single", sa.Integer, sa.CheckConstraint("single = 1"), primary_key=True),
    sa.Column("settings", sa.LargeBinary, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
)
"""One row: the settings as JSON, and the last `metadata.resourceVersion` that was given."""

DOCUMENTS = sa.Table(
    "documents",
    METADATA,
    *_key_columns(),
    sa.Column("uid", sa.Text, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""Every object, as `get -o json` shows it: compact JSON, keys sorted."""

DELETIONS = sa.Table(
    "deletions",
    METADATA,
    *_key_columns(),
    sa.Column("times", sa.Integer, nullable=False),
)
"""How often something of a name was deleted, where what comes after it must not be the same."""

INDEX_VALUES = sa.Table(
    "index_values",
    METADATA,
    sa.Column("value", _Name, primary_key=True),
    *_key_columns(),
    sqlite_with_rowid=False,
)
"""By what objects are found beside their names: `api.index_values` of every document.

Nothing refers to documents: rows are written and deleted with them, from the values that they had
and have, and no second index is needed for that.
"""

TALLIES = sa.Table(
    "tallies",
    METADATA,
    sa.Column("name", _Name, primary_key=True),
    sa.Column("amount", sa.BigInteger, nullable=False),
)
"""How much there is of what `api.tallies` counts."""


def _pool(pool: Pool, sort_key: sa.types.TypeEngine[str] | sa.types.TypeEngine[int]) -> sa.Table:
    owner = ("owner_resource", "owner_namespace", "owner_name")
    return sa.Table(
        pool.value,
        METADATA,
        sa.Column("place", sort_key, key="sort_key", primary_key=True, autoincrement=False),
        *(sa.Column(name, _Name, nullable=False) for name in owner),
        sa.ForeignKeyConstraint(
            owner, [DOCUMENTS.c.resource, DOCUMENTS.c.namespace, DOCUMENTS.c.name]
        ),
        sa.Index(f"{pool.value}_owner", *owner),
    )


POOLS = {
    Pool.CLUSTER_IPS: _pool(Pool.CLUSTER_IPS, _Name),
    Pool.NODE_PORTS: _pool(Pool.NODE_PORTS, sa.Integer()),
    Pool.POD_IPS: _pool(Pool.POD_IPS, _Name),
    Pool.POD_RANGES: _pool(Pool.POD_RANGES, _Name),
}
"""What must be unique: the primary key orders values, see `pools.sort_key_of`."""
