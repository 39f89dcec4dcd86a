"""How a state became what it is: numbered functions, run in order, each remembered.

A migration and the row that remembers it are one transaction with the command that came upon the
older state.  Migrations are never changed once released; what they make, taken together, is
`schema`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeAlias

import sqlalchemy as sa

from svcnet.api.index_values import index_values
from svcnet.api.keys import Key
from svcnet.api.tallies import tallies
from svcnet.errors import StateNewer
from svcnet.store import schema

Migration: TypeAlias = Callable[[sa.Connection], None]

BATCH = 1000
"""Objects that a migration reads at once: a state need not fit into memory."""


def first_tables(connection: sa.Connection) -> None:
    """Make the tables of the first release."""
    later = (schema.INDEX_VALUES, schema.TALLIES, schema.DELETIONS)
    first = [each for each in schema.METADATA.sorted_tables if each not in later]
    schema.METADATA.create_all(connection, tables=first, checkfirst=False)


def index_documents(connection: sa.Connection) -> None:
    """Make the index and the tallies, and enter what is stored."""
    schema.INDEX_VALUES.create(connection)
    schema.TALLIES.create(connection)
    counted: Counter[str] = Counter()
    columns = schema.DOCUMENTS.c
    last: tuple[str, ...] = ("", "", "")
    parts = (columns.resource, columns.namespace, columns.name)
    query = sa.select(*parts, columns.body).order_by(*parts).limit(BATCH)
    # From where the last batch ended, not by OFFSET, which would count from the start.
    while rows := connection.execute(query.where(sa.tuple_(*parts) > sa.tuple_(*last))).all():
        found = []
        for *parts_of_key, body in rows:
            key, document = Key(*parts_of_key), json.loads(body)
            for name, amount in tallies(key, document):
                counted[name] += amount
            values = index_values(key.resource, document)
            found += [{"value": value, **key._asdict()} for value in values]
        if found:
            connection.execute(sa.insert(schema.INDEX_VALUES), found)
        last = tuple(rows[-1][:3])
    if counted:
        amounts = [{"name": name, "amount": amount} for name, amount in counted.items()]
        connection.execute(sa.insert(schema.TALLIES), amounts)


def count_deletions(connection: sa.Connection) -> None:
    """Make the table of deletions; of those before it nothing is known."""
    schema.DELETIONS.create(connection)


MIGRATIONS: tuple[Migration, ...] = (first_tables, index_documents, count_deletions)


def migrate(
    connection: sa.Connection, where: str, migrations: Sequence[Migration] = MIGRATIONS
) -> int:
    """Run the migrations that the state has not been through; return how many those were.

    Raises:
        StateNewer: the state has been through migrations that this svcnet does not know.
    """
    applied = applied_to(connection)
    if applied > len(migrations):
        raise StateNewer(where, applied, len(migrations))
    for number, migration in enumerate(migrations[applied:], applied + 1):
        migration(connection)
        connection.execute(
            sa.insert(schema.MIGRATIONS).values(number=number, name=migration.__name__)
        )
    return len(migrations) - applied


def applied_to(connection: sa.Connection) -> int:
    """Return how many migrations the state has been through; 0 when it has no tables yet."""
    if not sa.inspect(connection).has_table(schema.MIGRATIONS.name):
        return 0  # PostgreSQL: the database is there, and nobody has made a cluster in it.
    last = connection.scalar(sa.select(sa.func.max(schema.MIGRATIONS.c.number)))
    return last or 0
