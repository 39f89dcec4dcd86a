"""Stores over everything that a state can be kept with: one set of laws holds for all of them."""

from __future__ import annotations

from pathlib import Path

from svcnet.store.opening import create, open_store
from svcnet.store.sqlalchemy_database import over_file
from svcnet.store.store import NewCluster, Store
from tests.store.objects import SETTINGS

KINDS = ("sqlite", "sqlalchemy", "postgres")
"""sqlite3, SQLAlchemy over SQLite (which migrates), and SQLAlchemy over PostgreSQL."""


def made(kind: str, where: str) -> Store:
    """Return a store whose first transaction makes a new cluster in place of any other."""
    if kind == "sqlalchemy":
        return Store(over_file(Path(where), where), where, NewCluster(SETTINGS, force=True))
    return create(where, SETTINGS, force=True)


def opened(kind: str, where: str) -> Store:
    """Return a store over the cluster that is there."""
    if kind == "sqlalchemy":
        return Store(over_file(Path(where), where), where)
    return open_store(where)
