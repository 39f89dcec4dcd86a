"""How a SQLite file is opened, whoever talks to it then."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

BUSY_SECONDS = 60.0
"""How long a command waits for others to finish theirs."""


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a file for reading.

    SQLite keeps notes for other readers beside the file.  Where it may not write them, nobody
    writes the state either, and it can be read as it lies there.
    """
    path = path.absolute()
    lies_still = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
    where = f"{path.as_uri()}?immutable=1" if lies_still else str(path)
    return sqlite3.connect(where, timeout=BUSY_SECONDS, isolation_level=None, uri=lies_still)


def connect_to_write(path: Path) -> sqlite3.Connection:
    """Open a file for writing."""
    connection = sqlite3.connect(path.absolute(), timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")  # Readers do not wait for a writer.
    connection.execute("PRAGMA synchronous = NORMAL")  # A killed program loses nothing.
    connection.execute("PRAGMA foreign_keys = ON")
    return connection
