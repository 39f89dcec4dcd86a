"""Which version of the tables a state has: how many migrations it has been through.

Beside `migrations`, which makes older states newer and needs sqlalchemy for that.
"""

from __future__ import annotations

from svcnet.errors import StateMissing, StateNewer

MIGRATION_NAMES = ("first_tables", "index_documents", "count_deletions")
"""What a state remembers of every migration, in order; a new state counts as through them all."""

NEWEST = len(MIGRATION_NAMES)


def is_older(version: int) -> bool:
    """Tell whether the tables must be brought up to date; 0 stands for no tables."""
    return 0 < version < NEWEST


def check_version(version: int, where: str) -> None:
    """Refuse a state that cannot be used as it is.

    Raises:
        StateMissing: there are no tables.
        StateNewer: they are newer than this svcnet.
    """
    if not version:
        raise StateMissing(where)
    if version > NEWEST:
        raise StateNewer(where, version, NEWEST)
