"""How a SQLite file is opened, whoever talks to it then.

Without `pathlib`, which takes longer to import than SQLite does.
"""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BUSY_SECONDS = 60.0
"""How long a command waits for others to finish theirs."""

CACHE_KIB = 64 * 1024
"""The most memory that a writer keeps pages in; it takes no more than it has pages."""


def connect_to_read(path: str | Path) -> sqlite3.Connection:
    """Open a file for reading.

    SQLite keeps notes for other readers beside the file.  Where it may not write them, nobody
    writes the state either, and it can be read as it lies there.
    """
    path = _absolute(path)
    if os.access(os.path.dirname(path), os.W_OK) or os.path.exists(f"{path}-wal"):
        return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)

    from pathlib import Path  # noqa: PLC0415 - see above

    uri = f"{Path(path).as_uri()}?immutable=1"
    return sqlite3.connect(uri, timeout=BUSY_SECONDS, isolation_level=None, uri=True)


def connect_to_write(path: str | Path) -> sqlite3.Connection:
    """Open a file for writing."""
    connection = sqlite3.connect(_absolute(path), timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")  # Readers do not wait for a writer.
    connection.execute("PRAGMA synchronous = NORMAL")  # A killed program loses nothing.
    connection.execute("PRAGMA foreign_keys = ON")
    # In place of 2 MiB, of which a large write would put out and take in again every page.
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    return connection


def _absolute(path: str | Path) -> str:
    """Return a path that means nothing special to SQLite, such as ``:memory:``."""
    return os.path.join(os.getcwd(), path)
