"""What is written to SQLite as text is what the schema and SQLAlchemy say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from svcnet.api.keys import Key
from svcnet.store import schema, sqlalchemy_writer
from svcnet.store import sqlite_statements as statements
from svcnet.store.pools import Pool
from svcnet.store.reader import IndexRow, TallyRow


def compiled(element: Any) -> Any:
    return element.compile(dialect=sqlite.dialect())


def text(element: Any) -> str:
    return " ".join(str(compiled(element)).split())


def order(element: Any) -> list[str]:
    """Return what stands for each question mark."""
    return list(compiled(element).positiontup)


def definitions(*tables: sa.Table) -> Iterator[str]:
    for table in tables:
        yield text(CreateTable(table))
        yield from (text(CreateIndex(index)) for index in table.indexes)


def test_the_tables_are_those_of_the_schema() -> None:
    pools = [each for pool in Pool for each in statements.create_pool(pool)]

    assert sorted([*statements.CREATE_TABLES, *pools]) == sorted(
        definitions(*schema.METADATA.tables.values())
    )


def test_what_others_refer_to_is_made_first() -> None:
    made = [statement.split()[2] for statement in statements.CREATE_TABLES]

    assert set(made) == set(schema.METADATA.tables) - {str(pool) for pool in Pool}
    assert not any("REFERENCES" in statement for statement in statements.CREATE_TABLES)


def test_an_object_is_written_by_the_same_statement() -> None:
    statement = sqlalchemy_writer.put_document("sqlite")

    assert text(statement) == statements.PUT_DOCUMENT
    assert order(statement) == [*Key._fields, "uid", "revision", "body"]


def test_an_object_is_deleted_by_the_same_statement() -> None:
    statement = sqlalchemy_writer.delete_document()

    assert text(statement) == statements.DELETE_DOCUMENT
    assert order(statement) == [f"old_{name}" for name in Key._fields]


def test_the_index_is_written_by_the_same_statements() -> None:
    insert, delete = sa.insert(schema.INDEX_VALUES), sqlalchemy_writer.delete_index_value()

    assert text(insert) == statements.INSERT_INDEX_VALUE
    assert order(insert) == [*IndexRow._fields]
    assert text(delete) == statements.DELETE_INDEX_VALUE
    assert order(delete) == [f"old_{name}" for name in IndexRow._fields]


def test_tallies_are_written_by_the_same_statement() -> None:
    statement = sqlalchemy_writer.add_to_tally("sqlite")

    assert text(statement) == statements.ADD_TO_TALLY
    assert order(statement) == [*TallyRow._fields]


def test_a_deletion_is_counted_by_the_same_statement() -> None:
    statement = sqlalchemy_writer.put_deletion("sqlite")

    assert text(statement) == statements.PUT_DELETION
    assert order(statement) == [*Key._fields, "times"]


def test_the_revision_is_written_by_the_same_statement() -> None:
    assert text(sqlalchemy_writer.set_revision()) == statements.SET_REVISION


def test_a_cluster_and_its_migrations_are_written_by_the_same_statements() -> None:
    assert text(sa.insert(schema.CLUSTER)) == statements.INSERT_CLUSTER
    assert text(sa.insert(schema.MIGRATIONS)) == statements.INSERT_MIGRATION


@pytest.mark.parametrize("pool", Pool)
def test_a_claim_is_written_and_deleted_by_the_same_statements(pool: Pool) -> None:
    insert = sa.insert(schema.POOLS[pool])

    assert text(insert) == statements.insert_claim(pool)
    assert order(insert) == ["sort_key", "owner_resource", "owner_namespace", "owner_name"]
    assert text(sqlalchemy_writer.delete_claim(pool)) == statements.delete_claim(pool)
