"""How an older state becomes a newer one."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from svcnet.errors import StateNewer
from svcnet.store import engines, schema, version
from svcnet.store.migrations import MIGRATIONS, first_tables, migrate


def add_colour(connection: sa.Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE cluster ADD COLUMN colour TEXT")


def fail(connection: sa.Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE cluster ADD COLUMN half TEXT")
    raise RuntimeError("no further")


@pytest.fixture
def engine(path: Path) -> sa.Engine:
    return engines.from_file(path)


def columns(connection: sa.Connection) -> list[str]:
    return [each["name"] for each in sa.inspect(connection).get_columns("cluster")]


def remembered(connection: sa.Connection) -> list[tuple[int, str]]:
    return [tuple(row) for row in connection.execute(sa.select(schema.MIGRATIONS))]


def test_each_migration_runs_once_and_is_remembered(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        assert migrate(connection, "x", [first_tables]) == 1
    with engine.begin() as connection:
        assert migrate(connection, "x", [first_tables, add_colour]) == 1
        assert migrate(connection, "x", [first_tables, add_colour]) == 0

        assert remembered(connection) == [(1, "first_tables"), (2, "add_colour")]
        assert "colour" in columns(connection)


def test_a_migration_that_fails_leaves_the_state_as_it_was(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        migrate(connection, "x", [first_tables])

    with pytest.raises(RuntimeError), engine.begin() as connection:
        migrate(connection, "x", [first_tables, add_colour, fail])

    with engine.begin() as connection:
        assert remembered(connection) == [(1, "first_tables")]
        assert "colour" not in columns(connection)
        assert "half" not in columns(connection)


def test_a_state_with_unknown_migrations_is_refused(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        migrate(connection, "x", [first_tables, add_colour])

        with pytest.raises(StateNewer, match="x was written by a newer svcnet"):
            migrate(connection, "x", [first_tables])


def test_the_migrations_are_known_by_name_without_sqlalchemy() -> None:
    assert tuple(each.__name__ for each in MIGRATIONS) == version.MIGRATION_NAMES


def test_all_migrations_together_make_the_schema(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        migrate(connection, "x")
        found = sa.MetaData()
        found.reflect(connection)

    assert set(found.tables) == set(schema.METADATA.tables)
    for name, table in schema.METADATA.tables.items():
        for there, wanted in (
            (found.tables[name].columns, table.columns),
            (found.tables[name].primary_key.columns, table.primary_key.columns),
        ):
            assert [each.name for each in there] == [each.name for each in wanted]
