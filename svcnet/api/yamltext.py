"""Documents as YAML, byte for byte as kubectl prints them: how mappings and lists are laid out.

Source: go.yaml.in/yaml v2 encode.go, emitterc.go and sorter.go.
"""

from __future__ import annotations

import math
from functools import cmp_to_key
from typing import Any

from svcnet.api import yamlscalars

# Source: emitterc.go yaml_emitter_check_simple_key(); longer keys are written behind a "?".
_LONGEST_SIMPLE_KEY = 128
_STEP = 2


def to_yaml(document: Any) -> str:
    """Return `document` as `-o yaml` prints it, a newline at the end.

    >>> print(to_yaml({"spec": {"ports": [{"port": 80}], "on": "yes"}, "empty": {}}), end="")
    empty: {}
    spec:
      "on": "yes"
      ports:
      - port: 80
    """
    out: list[str] = []
    if isinstance(document, dict) and document:
        _mapping(out, document, 0)
    elif isinstance(document, list) and document:
        _sequence(out, document, 0)
    else:
        out.append(_leaf(document, 0, 0))
    out.append("\n")
    return "".join(out)


def _mapping(out: list[str], mapping: dict[str, Any], indent: int) -> None:
    """Append a mapping; its first key stands where the text ends now."""
    margin = ""
    for key in ordered(mapping):
        written = yamlscalars.key(key)
        # Annotations get here: their prefix alone may have 253 letters.
        if len(key.encode()) > _LONGEST_SIMPLE_KEY:
            out += margin, "? ", written, "\n", " " * indent, ":"
            column = indent + 2
        else:
            out += margin, written, ":"
            column = indent + len(written) + 2
        value = mapping[key]
        if isinstance(value, dict) and value:
            out += "\n", " " * (indent + _STEP)
            _mapping(out, value, indent + _STEP)
        elif isinstance(value, list) and value:
            out += "\n", " " * indent
            _sequence(out, value, indent)
        else:
            out += " ", _leaf(value, indent + _STEP, column)
        margin = "\n" + " " * indent


def _sequence(out: list[str], items: list[Any], indent: int) -> None:
    """Append a list; its dashes stand under the key that it belongs to, as libyaml has them."""
    margin = ""
    for item in items:
        out += margin, "- "
        if isinstance(item, dict) and item:
            _mapping(out, item, indent + _STEP)
        elif isinstance(item, list) and item:
            _sequence(out, item, indent + _STEP)
        else:
            out.append(_leaf(item, indent + _STEP, indent + _STEP))
        margin = "\n" + " " * indent


def _leaf(value: Any, indent: int, column: int) -> str:
    """Return what has no lines of its own below it: a scalar, or an empty mapping or list."""
    if isinstance(value, str):
        return yamlscalars.scalar(value, indent, column)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, (dict, list)):
        return "{}" if isinstance(value, dict) else "[]"
    return str(value)


def _float(value: float) -> str:
    """Return a number as Go's ``%g`` prints it: with an exponent from 1e+21 on and below 1e-4."""
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    digits, _, exponent = f"{value!r}".partition("e")
    if not exponent and value.is_integer():
        digits = digits.removesuffix(".0")
    return f"{digits}e{exponent}" if exponent else digits


# --- the order of keys ------------------------------------------------------------------------


def ordered(mapping: dict[str, Any]) -> list[str]:
    """Return the keys of `mapping` as they are printed: numbers in them by value, letters last.

    >>> ordered({"port": 0, "port10": 0, "port9": 0, "p-x": 0, "Port": 0})
    ['Port', 'p-x', 'port', 'port9', 'port10']
    """
    keys = list(mapping)
    # Letters alone sort as everywhere; the comparison below is ten times slower.
    if all(key.isascii() and key.isalpha() for key in keys):
        return sorted(keys)
    # Here Go's order is its own: sorter.go keyList.Less() compares digits as numbers.
    return sorted(keys, key=_sort_key)


def _compare(a: str, b: str) -> int:
    """Order two keys, for `cmp_to_key`."""
    for position, (left, right) in enumerate(zip(a, b, strict=False)):
        if left != right:
            return -1 if _before(a, b, position) else 1
    return len(a) - len(b)


def _before(a: str, b: str, position: int) -> bool:
    """Tell whether `a` comes before `b`, which differ first at `position`."""
    left, right = a[position], b[position]
    if left.isalpha() and right.isalpha():
        return left < right
    if left.isalpha() or right.isalpha():
        return right.isalpha()
    # A zero that follows other digits must not read as the end of the number.
    lead = "1" if "0" in (left, right) and _in_number(a[:position]) else ""
    a_digits, b_digits = _digits(a, position), _digits(b, position)
    a_number, b_number = int(lead + a_digits or "0"), int(lead + b_digits or "0")
    if a_number != b_number:
        return a_number < b_number
    if len(a_digits) != len(b_digits):
        return len(a_digits) < len(b_digits)
    return left < right


def _in_number(text: str) -> bool:
    """Tell whether `text` ends in digits that are not all zeros."""
    digits = text[len(text.rstrip("0123456789")) :]
    return bool(digits.strip("0"))


def _digits(text: str, position: int) -> str:
    """Return the digits that stand at `position`."""
    rest = text[position:]
    return rest[: len(rest) - len(rest.lstrip("0123456789"))]


_sort_key = cmp_to_key(_compare)
