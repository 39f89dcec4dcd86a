"""What is written to SQLite, as text.

`schema` and `sqlalchemy_writer` say the same in SQLAlchemy, and are right: a test compiles theirs
and compares.
"""

from __future__ import annotations

from svcnet.store.pools import Pool

PUT_DOCUMENT = (
    "INSERT INTO documents (resource, namespace, name, uid, revision, body)"
    " VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (resource, namespace, name)"
    " DO UPDATE SET uid = excluded.uid, revision = excluded.revision, body = excluded.body"
)
DELETE_DOCUMENT = (
    "DELETE FROM documents"
    " WHERE documents.resource = ? AND documents.namespace = ? AND documents.name = ?"
)
INSERT_INDEX_VALUE = (
    "INSERT INTO index_values (value, resource, namespace, name) VALUES (?, ?, ?, ?)"
)
DELETE_INDEX_VALUE = (
    "DELETE FROM index_values WHERE index_values.value = ? AND index_values.resource = ?"
    " AND index_values.namespace = ? AND index_values.name = ?"
)
ADD_TO_TALLY = (
    "INSERT INTO tallies (name, amount) VALUES (?, ?)"
    " ON CONFLICT (name) DO UPDATE SET amount = (tallies.amount + excluded.amount)"
)
PUT_DELETION = (
    "INSERT INTO deletions (resource, namespace, name, times) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (resource, namespace, name) DO UPDATE SET times = excluded.times"
)
SET_REVISION = "UPDATE cluster SET revision=?"
INSERT_CLUSTER = "INSERT INTO cluster (single, settings, revision) VALUES (?, ?, ?)"
INSERT_MIGRATION = "INSERT INTO migrations (number, name) VALUES (?, ?)"

CREATE_TABLES = (
    "CREATE TABLE cluster ("
    " single INTEGER NOT NULL CHECK (single = 1),"
    " settings BLOB NOT NULL,"
    " revision BIGINT NOT NULL,"
    " PRIMARY KEY (single) )",
    "CREATE TABLE deletions ("
    " resource TEXT NOT NULL,"
    " namespace TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " times INTEGER NOT NULL,"
    " PRIMARY KEY (resource, namespace, name) )",
    "CREATE TABLE documents ("
    " resource TEXT NOT NULL,"
    " namespace TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " uid TEXT NOT NULL,"
    " revision BIGINT NOT NULL,"
    " body BLOB NOT NULL,"
    " PRIMARY KEY (resource, namespace, name) )",
    "CREATE TABLE index_values ("
    " value TEXT NOT NULL,"
    " resource TEXT NOT NULL,"
    " namespace TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " PRIMARY KEY (value, resource, namespace, name) ) WITHOUT ROWID",
    "CREATE TABLE migrations ( number INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (number) )",
    "CREATE TABLE tallies ( name TEXT NOT NULL, amount BIGINT NOT NULL, PRIMARY KEY (name) )",
)
"""What every state has, beside a table and an index for each pool."""


def create_pool(pool: Pool) -> tuple[str, str]:
    """Return the statements that make the table of a pool and its index."""
    sort_key = "INTEGER" if pool is Pool.NODE_PORTS else "TEXT"
    return (
        f"CREATE TABLE {pool} ("
        f" place {sort_key} NOT NULL,"
        " owner_resource TEXT NOT NULL,"
        " owner_namespace TEXT NOT NULL,"
        " owner_name TEXT NOT NULL,"
        " PRIMARY KEY (place),"
        " FOREIGN KEY(owner_resource, owner_namespace, owner_name)"
        " REFERENCES documents (resource, namespace, name) )",
        f"CREATE INDEX {pool}_owner ON {pool} (owner_resource, owner_namespace, owner_name)",
    )


def insert_claim(pool: Pool) -> str:
    """Return the statement that writes a claim of a pool."""
    return (
        f"INSERT INTO {pool} (place, owner_resource, owner_namespace, owner_name)"  # noqa: S608
        " VALUES (?, ?, ?, ?)"
    )


def delete_claim(pool: Pool) -> str:
    """Return the statement that deletes a claim of a pool."""
    return f"DELETE FROM {pool} WHERE {pool}.place = ?"  # noqa: S608
