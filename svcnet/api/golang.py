"""How Go prints values, where users read it."""

from __future__ import annotations

from typing import Any


def printed(value: Any) -> str:
    """Return `value` as Go's ``%v`` prints it.

    >>> printed({"b": [1, "x"], "a": None, "c": True})
    'map[a:<nil> b:[1 x] c:true]'
    """
    match value:
        case dict():
            # Maps have no order in Go; since Go 1.12 `fmt` sorts their keys.
            return f"map[{' '.join(f'{key}:{printed(value[key])}' for key in sorted(value))}]"
        case list() | tuple():
            return f"[{' '.join(map(printed, value))}]"
        # Python would write True.
        case bool():
            return "true" if value else "false"
        case None:
            return "<nil>"
        case _:
            return str(value)


def type_name(value: Any) -> str:
    """Return what `encoding/json` calls the type of a JSON value: `object`, `number`."""
    match value:
        case dict():
            return "object"
        case list():
            return "array"
        # Before numbers: to Python, a bool is an int as well.
        case bool():
            return "bool"
        case None:
            return "null"
        case str():
            return "string"
        case _:
            return "number"
