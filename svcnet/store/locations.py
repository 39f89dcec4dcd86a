"""What a user calls a state: a path to a SQLite file, or a database URL."""

from __future__ import annotations

import re


def sqlite_path(where: str) -> str | None:
    """Return the file that is meant; None for the URL of another database.

    >>> sqlite_path("sqlite:///x.db"), sqlite_path("sqlite:////tmp/x.db"), sqlite_path("y.db")
    ('x.db', '/tmp/x.db', 'y.db')
    >>> sqlite_path("postgresql://db/x")
    """
    if where.startswith("sqlite:///"):
        where = where.removeprefix("sqlite:///")
    return None if "://" in where else where or "."


def shown(where: str) -> str:
    """Return a path or URL as it may be shown: without a password.

    >>> shown("postgresql://me:secret@db/x"), shown("my:own@file.db")
    ('postgresql://me:***@db/x', 'my:own@file.db')
    """
    return re.sub(r"^([^/]+://[^/@:]*):[^@]*@", r"\1:***@", where)
