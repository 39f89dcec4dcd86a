"""How a state became what it is: numbered functions, run in order, each remembered.

A migration and the row that remembers it are one transaction with the command that came upon the
older state.  Migrations are never changed once released; what they make, taken together, is
`schema`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import sqlalchemy as sa

from svcnet.errors import StateNewer
from svcnet.store import schema

Migration: TypeAlias = Callable[[sa.Connection], None]


def first_tables(connection: sa.Connection) -> None:
    """Make the tables of the first release."""
    first = [each for each in schema.METADATA.sorted_tables if each is not schema.DELETIONS]
    schema.METADATA.create_all(connection, tables=first, checkfirst=False)


def count_deletions(connection: sa.Connection) -> None:
    """Make the table of deletions; of those before it nothing is known."""
    schema.DELETIONS.create(connection)


MIGRATIONS: tuple[Migration, ...] = (first_tables, count_deletions)


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
