"""Which state is meant, and what is left alone."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from svcnet.errors import (
    StateChanged,
    StateError,
    StateExists,
    StateForeign,
    StateMissing,
    StateNewer,
    StateUnusable,
)
from svcnet.store import migrations, version
from svcnet.store.opening import create, exists, open_reader, open_store
from svcnet.store.reader import Reader
from svcnet.store.sqlite_reader import APPLICATION_ID
from svcnet.store.transaction import Transaction
from tests.store.objects import NOW, SETTINGS, key, service


def listed(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def fill(where: str, *, force: bool = False) -> None:
    with create(where, SETTINGS, force=force) as store, store.transaction(NOW) as txn:
        txn.put(service("web"))


def open_anyhow(where: str) -> None:
    with open_reader(where):
        pass


def write_anyhow(where: str) -> None:
    with open_store(where) as store, store.transaction(NOW) as txn:
        txn.put(service("web"))


def make_anyhow(where: str) -> None:
    fill(where, force=True)


ANYHOW = pytest.mark.parametrize("use", [open_anyhow, write_anyhow, make_anyhow])


def foreign_sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE migrations (number INTEGER)")
    connection.execute("CREATE TABLE documents (body TEXT)")
    connection.commit()
    connection.close()


def text(path: Path) -> None:
    path.write_text("my diary\n" * 1000)


@ANYHOW
@pytest.mark.parametrize("make", [foreign_sqlite, text])
def test_what_is_not_ours_is_left_as_it_is(path: Path, make: type, use: type) -> None:
    make(path)
    before, beside = path.read_bytes(), listed(path.parent)

    with pytest.raises(StateForeign, match="is not a state of svcnet"):
        use(str(path))

    assert path.read_bytes() == before
    assert listed(path.parent) == beside


@pytest.mark.parametrize("use", [open_anyhow, write_anyhow])
def test_an_empty_file_is_refused_and_stays_empty(path: Path, use: type) -> None:
    path.touch()

    with pytest.raises(StateForeign, match="is empty; 'svcnet init' makes a cluster in it"):
        use(str(path))

    assert path.read_bytes() == b""


def test_a_cluster_may_be_made_in_an_empty_file(path: Path) -> None:
    path.touch()

    fill(str(path))

    with open_reader(str(path)) as reader:
        assert reader.get(key("web")) is not None


@pytest.mark.parametrize("use", [open_anyhow, write_anyhow])
def test_a_state_that_is_not_there_is_not_made_by_looking(path: Path, use: type) -> None:
    with pytest.raises(StateMissing, match=r"no cluster in .*state\.db"):
        use(str(path))

    assert not listed(path.parent)


def test_a_state_is_there_when_its_file_is(path: Path) -> None:
    assert not exists(str(path))
    fill(str(path))
    assert exists(str(path))


def test_damaged_tables_are_told_in_one_line(path: Path) -> None:
    fill(str(path))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ALTER TABLE documents RENAME TO others")

    with pytest.raises(StateError, match="no such table: documents"), open_reader(str(path)) as got:
        got.list("services")
    with pytest.raises(StateError, match="no such table: documents"):
        write_anyhow(str(path))


@ANYHOW
def test_a_folder_is_no_state(tmp_path: Path, use: type) -> None:
    with pytest.raises(StateError, match="Is a directory"):
        use(str(tmp_path))


def test_a_file_tells_that_it_is_ours(path: Path) -> None:
    fill(str(path))

    assert path.read_bytes()[68:72] == APPLICATION_ID.to_bytes(4, "big") == b"svcn"


def test_making_a_cluster_makes_its_folder_and_leaves_nothing_else(tmp_path: Path) -> None:
    where = tmp_path / "a" / "b" / "state.db"

    fill(str(where))

    assert listed(where.parent) == ["state.db"]


def test_a_cluster_that_could_not_be_filled_is_not_made(path: Path) -> None:
    store = create(str(path), SETTINGS, force=False)

    with pytest.raises(ValueError, match="no"), store.transaction(NOW):
        raise ValueError("no")

    assert not listed(path.parent)


def test_a_cluster_is_replaced_only_by_force(path: Path) -> None:
    fill(str(path))

    with pytest.raises(StateExists, match=r"a cluster exists already in .*; --force replaces it"):
        fill(str(path))

    fill(str(path), force=True)

    with open_reader(str(path)) as reader:
        assert reader.revision == 1


def test_a_cluster_can_be_replaced_only_as_long_as_it_is_what_was_looked_at(path: Path) -> None:
    fill(str(path))
    with open_reader(str(path)) as reader:
        seen = reader.revision
    write_anyhow(str(path))

    def replace(revision: int) -> None:
        opened = create(str(path), SETTINGS, force=True, revision=revision)
        with opened as store, store.transaction(NOW) as txn:
            assert txn.revision == 0
            txn.put(service("new"))

    with pytest.raises(StateChanged, match="was changed meanwhile"):
        replace(seen)
    with open_reader(str(path)) as reader:
        assert [row.name for row in reader.rows("services")] == ["web"]
        seen = reader.revision
    replace(seen)
    with open_reader(str(path)) as reader:
        assert [row.name for row in reader.rows("services")] == ["new"]


def test_the_old_cluster_stays_until_the_new_one_is_done(path: Path) -> None:
    fill(str(path))

    store = create(str(path), SETTINGS, force=True)

    with pytest.raises(ValueError, match="no"), store.transaction(NOW):
        raise ValueError("no")

    with open_reader(str(path)) as reader:
        assert reader.get(key("web")) is not None


def test_of_two_that_make_a_cluster_one_does(path: Path) -> None:
    slow = create(str(path), SETTINGS, force=False)

    with pytest.raises(StateExists), slow.transaction(NOW):
        fill(str(path))

    assert listed(path.parent) == ["state.db"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StateError, match="Not a directory"):
        fill(str(tmp_path / "file" / "folder" / "state.db"))


def test_a_cluster_can_be_made_where_files_cannot_be_linked(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)

    fill(str(path))
    with pytest.raises(StateExists):
        fill(str(path))

    assert listed(path.parent) == ["state.db"]
    open_anyhow(str(path))


def test_a_name_that_cannot_be_given_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    path.touch()
    monkeypatch.setattr(Path, "replace", refuse)

    with pytest.raises(StateError, match="Operation not permitted"):
        fill(str(path))

    assert path.read_bytes() == b""


def test_a_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(StateError, match="needs the Python package 'psycopg'"):
        open_store("postgresql://me:secret@db/x")


def test_the_store_of_a_new_cluster_goes_on(path: Path) -> None:
    with create(str(path), SETTINGS, force=False) as store:
        with store.transaction(NOW) as txn:
            txn.put(service("a"))
        with store.transaction(NOW) as txn:
            txn.put(service("b"))

    with open_reader(str(path)) as reader:
        assert [row.name for row in reader.rows("services")] == ["a", "b"]


@pytest.mark.parametrize("use", [open_anyhow, write_anyhow])
def test_a_state_of_a_newer_svcnet_is_refused_and_left_alone(path: Path, use: type) -> None:
    fill(str(path))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO migrations VALUES (?, 'from_the_future')", (version.NEWEST + 1,)
        )
    before = path.read_bytes()

    known = version.NEWEST
    why = rf"newer svcnet \(version {known + 1} of the tables, this one knows {known}\)"
    with pytest.raises(StateNewer, match=why):
        use(str(path))

    assert path.read_bytes() == before


def test_a_state_of_a_newer_svcnet_may_be_replaced_by_force(path: Path) -> None:
    fill(str(path))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE later (number REFERENCES migrations)")
        connection.execute(
            "INSERT INTO migrations VALUES (?, 'from_the_future')", (version.NEWEST + 1,)
        )

    fill(str(path), force=True)

    with closing(sqlite3.connect(path)) as connection:
        newest = connection.execute("SELECT max(number) FROM migrations").fetchone()
    assert newest == (version.NEWEST,)
    open_anyhow(str(path))


@ANYHOW
def test_a_broken_file_is_told_in_one_line(path: Path, use: type) -> None:
    fill(str(path))
    path.write_bytes(path.read_bytes()[:100] + b"\0" * 5000)

    with pytest.raises(StateError) as told:
        use(str(path))

    assert str(told.value).startswith(f"{path}: ")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("mysql://me:secret@db/x", r"mysql://me:\*\*\*@db/x: states are kept in SQLite or Postgre"),
        ("://", "://"),
        ("nonsense://x", "nonsense://x"),
    ],
)
def test_other_databases_are_refused_without_telling_passwords(where: str, why: str) -> None:
    with pytest.raises(StateError, match=why) as told:
        open_store(where)

    assert "secret" not in str(told.value)


def test_a_sqlite_url_is_a_path(path: Path) -> None:
    fill(f"sqlite:///{path}")

    assert path.exists()


def test_readers_see_one_revision_while_others_write(path: Path) -> None:
    fill(str(path))

    with open_reader(str(path)) as reader:
        assert reader.revision == 1
        write_anyhow(str(path))
        assert len(reader.list("services")) == 1
        assert reader.body(key("web")) is not None
    with open_reader(str(path)) as reader:
        assert reader.revision == 2


def test_a_state_that_nobody_may_write_can_be_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(str(path))
    before = listed(path.parent)
    monkeypatch.setattr(os, "access", lambda *_: False)  # Root may write everywhere.

    with open_reader(str(path)) as reader:
        assert reader.get(key("web")) is not None
        assert listed(path.parent) == before


def test_any_name_is_the_name_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    for name in ("file:x?mode=memory", "./:memory:", "a b%20#c", "./~"):
        fill(name)
        open_anyhow(name)
        write_anyhow(name)

    assert listed(tmp_path) == [":memory:", "a b%20#c", "file:x?mode=memory", "~"]


@ANYHOW
@pytest.mark.parametrize(
    "where", [":memory:", "file::memory:", "sqlite://", "sqlite:///", "sqlite:///:memory:"]
)
def test_a_state_in_memory_is_refused(
    where: str, use: type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(StateUnusable, match=f"^{where}: a state in memory .* --db or SVCNET_DB"):
        use(where)

    assert not listed(tmp_path)


@pytest.mark.parametrize("where", ["~/a/state.db", "sqlite:///~/a/state.db"])
def test_a_tilde_is_the_users_home(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    fill(where)

    assert exists(where)
    assert listed(tmp_path / "a") == ["state.db"]


@ANYHOW
def test_who_may_not_open_a_file_is_told_how_to_name_another(
    path: Path, use: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(str(path))
    monkeypatch.setattr("builtins.open", _forbidden)

    with pytest.raises(StateUnusable, match="Permission denied; --db or SVCNET_DB names another"):
        use(str(path))


def _forbidden(path: str, *_: object) -> None:
    raise PermissionError(13, "Permission denied", path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do anything")
def test_who_may_not_write_a_folder_is_told_how_to_name_another(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(StateUnusable, match="Permission denied; --db or SVCNET_DB names another"):
        fill(str(tmp_path / "state.db"))


def test_a_file_that_can_only_be_read_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(str(path))
    # As on a file system that is mounted for reading, which a test cannot have.
    only = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    monkeypatch.setattr("svcnet.store.sqlite_database.connect_to_write", lambda _: only)

    with pytest.raises(StateUnusable, match="readonly database; --db or SVCNET_DB"):
        write_anyhow(str(path))


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_readers_do_not_wait_for_a_writer(
    kind: str, path: Path, request: pytest.FixtureRequest
) -> None:
    where = str(path) if kind == "sqlite" else request.getfixturevalue("postgres")
    fill(where, force=True)

    with open_store(where) as store, store.transaction(NOW) as txn:
        txn.put(service("web"))
        with open_reader(where) as reader, store.reader() as other:
            assert reader.revision == other.revision == 1


@contextmanager
def reader_of_store(where: str) -> Iterator[Reader]:
    with open_store(where) as store, store.reader() as reader:
        yield reader


@contextmanager
def writer_of_store(where: str) -> Iterator[Transaction]:
    with open_store(where) as store, store.transaction(NOW) as txn:
        yield txn


@pytest.fixture
def older(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state that lacks the newest migration, which gives clusters a colour."""
    fill(str(path))

    def add_colour(connection: sa.Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE cluster ADD COLUMN colour TEXT")

    newer = (*migrations.MIGRATIONS, add_colour)
    monkeypatch.setattr(version, "NEWEST", version.NEWEST + 1)
    monkeypatch.setattr(migrations.migrate, "__defaults__", (newer,))
    return path


@pytest.mark.parametrize("use", [open_reader, reader_of_store, writer_of_store])
def test_whoever_opens_an_older_state_brings_it_up_to_date(
    older: Path, use: Callable[[str], AbstractContextManager[Reader | Transaction]]
) -> None:
    for _ in range(2):
        with use(str(older)) as opened:
            assert opened.get(key("web")) is not None

    with closing(sqlite3.connect(older)) as connection:
        assert connection.execute("SELECT colour FROM cluster").fetchall() == [(None,)]
        assert connection.execute("SELECT count(*) FROM migrations").fetchone() == (version.NEWEST,)


def test_a_command_that_fails_leaves_an_older_state_as_it_was(older: Path) -> None:
    with pytest.raises(ValueError, match="no"), writer_of_store(str(older)):
        raise ValueError("no")

    with closing(sqlite3.connect(older)) as connection:
        remembered = connection.execute("SELECT count(*) FROM migrations").fetchone()
    assert remembered == (version.NEWEST - 1,)


def test_a_transaction_that_changes_nothing_writes_nothing(path: Path) -> None:
    fill(str(path))
    before = path.read_bytes()

    with open_store(str(path)) as store, store.transaction(NOW) as txn:
        assert txn.get(key("web")) is not None

    assert path.read_bytes() == before


def test_postgresql_keeps_a_state_as_well(postgres: str) -> None:
    fill(postgres, force=True)
    write_anyhow(postgres)

    assert exists(postgres)
    with pytest.raises(StateExists):
        fill(postgres)
    with open_reader(postgres) as reader:
        assert reader.revision == 2


def test_a_postgresql_without_a_cluster_says_so(postgres: str) -> None:
    where = postgres.replace("/postgres", "/template1")

    assert not exists(where)
    with pytest.raises(StateMissing):
        write_anyhow(where)


def test_a_server_that_is_not_there_is_told_in_one_line() -> None:
    pytest.importorskip("psycopg")

    with pytest.raises(StateError, match="refused") as told:
        exists("postgresql://me:secret@127.0.0.1:1/x")

    assert "\n" not in str(told.value)
    assert "secret" not in str(told.value)
