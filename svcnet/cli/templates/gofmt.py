"""What Go's fmt and encoding/json print for a JSON value.

kubectl's printers show values through them, so a map is ``map[app:shop]`` in a column and
``{"app":"shop"}`` in a jsonpath.  Light: every `get` with a template imports this module.

A document's whole numbers are int64s to Go and its others float64s, as client-go decodes them
(apimachinery pkg/util/json); that is why `int` and `float` are told apart so strictly below.

Source: go fmt/print.go printValue(), strconv/quote.go, encoding/json/encode.go.
"""

from __future__ import annotations

import json
from typing import Any

from svcnet.errors import go_quote

# encoding/json/encode.go floatEncoder(): the threshold of ECMAScript, not that of %v.
_EXACT = 1e21
"""Whole floats from here on are printed with an exponent."""
_HTML = str.maketrans(
    {"<": r"\u003c", ">": r"\u003e", "&": r"\u0026", "\u2028": r"\u2028", "\u2029": r"\u2029"}
)
_PLAIN = range(-4, 6)
"""Powers of ten of a first digit for which a float is printed without an exponent."""


class GoInt(int):
    """An int of a template, where the numbers of a document are int64s: errors tell them apart."""


def sprint(value: Any) -> str:  # noqa: PLR0911 - one case per type
    """Return `value` as `%v` prints it; keys are sorted.

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
            return number(value)
        case dict():
            return f"map[{' '.join(f'{key}:{sprint(value[key])}' for key in sorted(value))}]"
        case list():
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


def number(value: float) -> str:
    """Return a float64 as `%v` prints it: the fewest digits that give it back.

    Source: go strconv/ftoa.go formatDigits(), format 'g' with precision -1.

    >>> [number(each) for each in (80.0, 0.5, 1e6, 1.5e-7)]
    ['80', '0.5', '1e+06', '1.5e-07']
    """
    # repr() has no sign for infinity, and lower case.
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        return {"inf": "+Inf", "-inf": "-Inf"}.get(repr(value), "NaN")
    if value == 0:
        return "-0" if repr(value).startswith("-") else "0"
    digits, exponent = _decimal(value)
    if exponent not in _PLAIN:
        return _scientific(value, digits, exponent)
    if exponent < 0:
        text = "0." + "0" * (-exponent - 1) + digits
    else:
        whole = digits[: exponent + 1].ljust(exponent + 1, "0")
        rest = digits[exponent + 1 :]
        text = f"{whole}.{rest}" if rest else whole
    return f"-{text}" if value < 0 else text


def _decimal(value: float) -> tuple[str, int]:
    """Return the digits of |value| without zeros around them, and the first one's power of ten.

    Python's repr() finds the same shortest digits as Go; only their layout differs.
    """
    from decimal import Decimal  # rarely needed, and 2 ms to import

    exact = Decimal(repr(abs(value)))
    return "".join(map(str, exact.as_tuple().digits)).strip("0"), exact.adjusted()


def _scientific(value: float, digits: str, exponent: int) -> str:
    """Return a number with an exponent of two digits at least."""
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    sign = "-" if value < 0 else ""
    return f"{sign}{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def json_text(value: Any, indent: int | None = None) -> str:
    r"""Return `value` as encoding/json prints it: sorted keys, and nothing that HTML would read.

    >>> print(json_text({"b": "<x>", "a": [1.0]}))
    {"a":[1],"b":"\u003cx\u003e"}
    """
    # A document keeps its own order; Go sorts the keys of maps.
    separators = (",", ": ") if indent else (",", ":")
    plain = _whole_numbers(value)
    return json.dumps(
        plain, ensure_ascii=False, sort_keys=True, indent=indent, separators=separators
    ).translate(_HTML)


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
