"""What a database refuses, told in one way whoever talked to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from svcnet.errors import StateError


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
        raise StateError(f"{where}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    r"""Return the first line of what an error says; SQLAlchemy adds its own to the driver's.

    >>> _first_line(OSError("disk full\nreally"))
    'disk full'
    """
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]
