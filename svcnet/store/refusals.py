"""What a database refuses, told in one way whoever talked to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from svcnet.errors import StateError, StateUnusable

_FILE_ERRORS = frozenset((3, 8, 10, 13, 14))
"""SQLITE_PERM, _READONLY, _IOERR, _FULL and _CANTOPEN (sqlite3.h)."""


class ConstraintViolated(Exception):
    """The tables forbid what was written: an owner is missing, or a value has one already.

    A mistake of ours and not of the user's: a transaction sees every claim, and keeps others out.
    """


@contextmanager
def refusals(where: str, violation: type[Exception], failure: type[Exception]) -> Iterator[None]:
    """Turn what the database refuses into one line.

    Args:
        where: what the user calls the state.
        violation: what the database's driver raises when a constraint is violated.
        failure: what it raises for everything, violations included.

    Raises:
        ConstraintViolated: it does not allow what was written.
        StateError: it cannot be used.
    """
    try:
        yield
    except violation as error:
        raise ConstraintViolated(_first_line(error)) from error
    except failure as error:
        why = _first_line(error)
        raise (
            StateUnusable(where, why) if _is_of_file(error) else StateError(f"{where}: {why}")
        ) from error


def _is_of_file(error: Exception) -> bool:
    """Tell whether it is the file that cannot be used, and not what stands in it."""
    # The code of SQLite's error; what is behind it in other bytes says more than we ask.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _FILE_ERRORS


def _first_line(error: Exception) -> str:
    r"""Return the first line of what an error says; SQLAlchemy adds its own to the driver's.

    >>> _first_line(OSError("disk full\nreally"))
    'disk full'
    """
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]
