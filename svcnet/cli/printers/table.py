"""The columns of a kind, as a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from svcnet.api.keys import Document
from svcnet.lean_namedtuple import NamedTuple

Row: TypeAlias = Callable[[Document, str], Sequence[object]]
"""From an object and the time now to its cells, those of wide columns included."""


class Table(NamedTuple):
    """The columns of a kind."""

    headers: tuple[str, ...]
    row: Row
    wide: frozenset[int] = frozenset()
    """Which columns are only shown with ``-o wide``."""


def table(headers: str, row: Row, wide: str = "") -> Table:
    """Return a table; headers are set apart by ``|``, and the wide ones stand at the end."""
    narrow = headers.split("|")
    all_headers = (*narrow, *(wide.split("|") if wide else ()))
    return Table(all_headers, row, frozenset(range(len(narrow), len(all_headers))))
