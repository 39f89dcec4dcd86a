"""What Go's fmt prints for a JSON value.

kubectl's printers show values through it, so a map is ``map[app:shop]`` in a column.  Light: every
`get` with a template imports this module.

A document's whole numbers are int64s to Go and its others float64s, as client-go decodes them
(apimachinery pkg/util/json); that is why `int` and `float` are told apart so strictly below.

Source: go fmt/print.go printValue(), strconv/quote.go.
"""

from __future__ import annotations

from typing import Any

from svcnet.api.go.strconv import format_float
from svcnet.errors import go_quote


class GoInt(int):
    """An int of a template, where the numbers of a document are int64s: errors tell them apart."""


def sprint(value: Any) -> str:  # noqa: PLR0911 - one case per type
    """Return `value` as ``%v`` prints it; keys are sorted.

    >>> sprint({"b": [1, True], "a": None})
    'map[a:<nil> b:[1 true]]'
    """
    match value:
        case None:
            return "<nil>"
        case str():
            return value
        # Before numbers, here and below: a bool of Python's is an int as well.
        case bool():
            return "true" if value else "false"
        case float():
            return format_float(value)
        case dict():
            return f"map[{' '.join(f'{key}:{sprint(value[key])}' for key in sorted(value))}]"
        case list() | tuple():
            return f"[{' '.join(map(sprint, value))}]"
        case _:
            return str(value)


def syntax(value: Any) -> str:
    """Return `value` as `%#v` prints it: as a Go program would spell it.

    >>> syntax({"port": 80, "name": None})
    'map[string]interface {}{"name":interface {}(nil), "port":80}'
    """
    match value:
        case None:
            return "interface {}(nil)"
        case str():
            return go_quote(value)
        case dict():
            members = ", ".join(f"{go_quote(key)}:{syntax(value[key])}" for key in sorted(value))
            return f"{type_name(value)}{{{members}}}"
        case list():
            return f"{type_name(value)}{{{', '.join(map(syntax, value))}}}"
        case _:
            return sprint(value)


def type_name(value: Any) -> str:
    """Return the name of the Go type that a decoded JSON value has; not for None.

    >>> [type_name(each) for each in ("x", True, 1, 0.5, [], {})]
    ['string', 'bool', 'int64', 'float64', '[]interface {}', 'map[string]interface {}']
    """
    match value:
        case str():
            return "string"
        case bool():
            return "bool"
        case int():
            return "int" if isinstance(value, GoInt) else "int64"
        case float():
            return "float64"
        case list():
            return "[]interface {}"
        case _:
            return "map[string]interface {}"
