"""JSON as Go's encoder writes it, compact or indented, and what Go calls its types.

No other library is needed here, so that `get -o json` starts quickly; YAML is in `yamltext`.

Source: go encoding/json/encode.go, decode.go.
"""

from __future__ import annotations

from typing import Any

from svcnet.errors import go_json

_EXACT = 1e21
"""Whole floats from here on are printed with an exponent: floatEncoder() of encode.go.

The threshold is that of ECMAScript, not that of ``%v``.
"""


def marshal(value: Any, *, in_order: bool = False) -> str:
    r"""Return `value` on one line, keys sorted and without blanks, as Go encodes a map.

    With `in_order` keys come in the order they have, as Go encodes a struct.

    >>> print(marshal({"b": "a<b", "a": [1, None]}))
    {"a":[1,null],"b":"a\u003cb"}
    """
    return go_json(value, sort_keys=not in_order)


def marshal_indent(value: Any, indent: int = 4) -> str:
    """Return `value` on many lines, `indent` blanks a level; keys come in the order they have.

    >>> print(marshal_indent({"kind": "List", "items": []}))
    {
        "kind": "List",
        "items": []
    }
    """
    return go_json(value, indent=indent)


def marshal_numbers(value: Any, indent: int | None = None) -> str:
    """Return `value` as `marshal` does, floats that are whole numbers as such.

    Documents that were read from a manifest or a request have none; what a template computes may.

    >>> print(marshal_numbers({"b": 1.5, "a": [1.0]}))
    {"a":[1],"b":1.5}
    """
    return go_json(_whole_numbers(value), sort_keys=True, indent=indent)


def _whole_numbers(value: Any) -> Any:
    """Return `value` with floats that are whole numbers as ints: Go prints 80.0 as 80."""
    match value:
        case dict():
            return {key: _whole_numbers(each) for key, each in value.items()}
        case list():
            return [_whole_numbers(each) for each in value]
        case float() if value.is_integer() and abs(value) < _EXACT:
            return int(value)
        case _:
            return value


def sorted_keys(value: Any) -> Any:
    """Return `value` with the keys of every mapping in it sorted, as Go prints maps."""
    if isinstance(value, dict):
        # Python sorts by code point and Go by byte, which in UTF-8 comes to the same.
        return {key: sorted_keys(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [sorted_keys(each) for each in value]
    return value


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
