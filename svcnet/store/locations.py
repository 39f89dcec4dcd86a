"""What a user calls a state: a path to a SQLite file, or a database URL."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping

from svcnet.errors import StateUnusable

_IN_MEMORY = frozenset((":memory:", "file::memory:", "sqlite://", "sqlite:///"))
"""What means a database in memory to SQLite or SQLAlchemy."""


def default_path(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str:
    """Return the file that is meant when nobody says: in the user's folder for data.

    >>> default_path({"HOME": "/home/me"}, "linux")
    '/home/me/.local/share/svcnet/cluster.db'
    >>> default_path({"HOME": "/home/me", "XDG_DATA_HOME": "/data"}, "linux")
    '/data/svcnet/cluster.db'
    >>> default_path({"HOME": "/Users/me"}, "darwin")
    '/Users/me/Library/Application Support/svcnet/cluster.db'

    Source: the XDG base directory specification; Apple's and Microsoft's guides for programmers.
    """
    home = environ.get("HOME") or os.path.expanduser("~")  # noqa: PTH111 - slow to import
    data = environ.get("XDG_DATA_HOME", "")
    if platform == "win32":
        local = environ.get("LOCALAPPDATA") or rf"{home}\AppData\Local"
        return rf"{local}\svcnet\svcnet\cluster.db"
    # The specification has relative paths ignored.
    if not data.startswith("/"):
        mac = platform == "darwin"
        data = f"{home}/Library/Application Support" if mac else f"{home}/.local/share"
    return f"{data}/svcnet/cluster.db"


def sqlite_path(where: str) -> str | None:
    """Return the file that is meant; None for the URL of another database.

    A `~` at its beginning is the user's home: a shell leaves the one in ``--db=~/x`` alone.

    >>> sqlite_path("sqlite:///x.db"), sqlite_path("sqlite:////tmp/x.db"), sqlite_path("y.db")
    ('x.db', '/tmp/x.db', 'y.db')
    >>> sqlite_path("postgresql://db/x")

    Raises:
        StateUnusable: it is in memory, where no other command would find it.
    """
    path = where.removeprefix("sqlite:///")
    if where in _IN_MEMORY or path in _IN_MEMORY:
        raise StateUnusable(where, "a state in memory would end with its first command")
    if "://" in path:
        return None
    return os.path.expanduser(path) if path.startswith("~") else path or "."  # noqa: PTH111


def shown(where: str) -> str:
    """Return a path or URL as it may be shown: without a password.

    >>> shown("postgresql://me:secret@db/x"), shown("my:own@file.db")
    ('postgresql://me:***@db/x', 'my:own@file.db')
    """
    return re.sub(r"^([^/]+://[^/@:]*):[^@]*@", r"\1:***@", where)
