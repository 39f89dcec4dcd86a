"""How an older state becomes a newer one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from svcnet.api.index_values import by_label, by_selector
from svcnet.api.tallies import objects_of
from svcnet.errors import StateNewer
from svcnet.store import engines, schema, version
from svcnet.store.migrations import MIGRATIONS, first_tables, index_documents, migrate
from svcnet.store.opening import create, open_reader
from tests.store.objects import NOW, SETTINGS, service


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


def test_what_is_stored_already_is_indexed(path: Path) -> None:
    with create(str(path), SETTINGS, force=False) as store, store.transaction(NOW) as txn:
        for number in range(3):
            txn.put(service(f"s{number}", selector={"app": "web"}))
        txn.put(service("other", selector={"app": "db"}))
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("index_values", "tallies", "deletions"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DELETE FROM migrations WHERE name != 'first_tables'")

    with open_reader(str(path)) as reader:
        found = reader.indexed("services", by_selector({"app": "web"}))
        assert reader.tally(objects_of("services", "default")) == 4

    assert [each["metadata"]["name"] for each in found] == ["s0", "s1", "s2"]


def test_a_state_of_any_size_is_indexed_whole(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svcnet.store.migrations.BATCH", 2)
    body = b'{"metadata":{"labels":{"app":"web"}}}'
    columns = ("resource", "namespace", "name")
    keys = [("pods", "one", "a"), ("pods", "one", "b"), ("pods", "two", "a"), ("pods", "two", "b")]
    keys += [("replicasets.apps", "one", "a")]

    with engine.begin() as connection:
        migrate(connection, "x", [first_tables])
        rows = [dict(zip(columns, key, strict=True)) for key in keys]
        stored = [{**row, "uid": "u", "revision": 1, "body": body} for row in rows]
        connection.execute(sa.insert(schema.DOCUMENTS), stored)
        migrate(connection, "x", [first_tables, index_documents])
        index = schema.INDEX_VALUES.c
        query = sa.select(index.resource, index.namespace, index.name)
        found = connection.execute(query.where(index.value == by_label("app", "web"))).all()
        counted = connection.execute(sa.select(schema.TALLIES.c.amount)).scalars()
        assert sorted(counted) == [1, 2, 2]

    assert sorted(map(tuple, found)) == keys
