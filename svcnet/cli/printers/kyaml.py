"""KYAML: YAML with braces, and quotes around every string.

Source: sigs.k8s.io/yaml kyaml/kyaml.go; KEP-5295.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from svcnet.api.go.strconv import parse_int
from svcnet.cli.flags.values import FALSE, TRUE

_FOLD = "\\\n"
"""A backslash at the end of a line: the value goes on in the next one."""
_STEP = "  "
_ESCAPES = {
    "\t": "\t", '"': '\\"', "\\": "\\\\", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\r": "\\r",
    "\v": "\\v", "\0": "\\0", "\x1b": "\\e", "\x85": "\\N", "\xa0": "\\_", "\u2028": "\\L",
    "\u2029": "\\P",
}  # fmt: skip
_IN_KEYS = {**_ESCAPES, "\n": "\\n", "\t": "\\t"}
_WORDS = frozenset(
    [
        "null",
        "~",
        "true",
        "y",
        "yes",
        "on",
        "false",
        "n",
        "no",
        "off",
        ".inf",
        "-.inf",
        "+.inf",
        ".nan",
        "inf",
        "+inf",
        "-inf",
        "nan",
        "infinity",
        "+infinity",
        "-infinity",
    ]
)
# Stricter than YAML, so that no reader has to be trusted to agree on what is plain.
_PLAIN = re.compile(r"\w|\w[\w./-]*\w")
_FLOAT = re.compile(
    r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|0x(?:[\da-f]+\.?[\da-f]*|\.[\da-f]+)p[+-]?\d+)",
    re.IGNORECASE | re.ASCII,
)
_BASE_60 = re.compile(r"[+-]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?", re.ASCII)
_DATE = re.compile(
    r"\d{4}-\d\d?-\d\d?(?:[Tt ]\d\d?:\d\d?:\d\d?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII
)


def to_kyaml(document: Mapping[str, Any]) -> str:
    """Return a document as `-o kyaml` prints it; keys keep their order.

    >>> print(to_kyaml({"ports": [{"port": 80}], "ips": ["10.0.0.1"], "on": {}}), end="")
    ---
    {
      ports: [{
        port: 80,
      }],
      ips: [
        "10.0.0.1",
      ],
      "on": {},
    }
    """
    return f"---\n{_value(document, 0)}\n"


def _value(value: Any, level: int) -> str:
    match value:
        case dict():
            return _mapping(value, level)
        case list():
            return _sequence(value, level)
        case str():
            return _string(value, level + 1)
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
    return str(value)


def _mapping(mapping: Mapping[str, Any], level: int) -> str:
    if not mapping:
        return "{}"
    inside = _STEP * (level + 1)
    lines = [f"{inside}{_key(key)}: {_value(mapping[key], level + 1)}," for key in mapping]
    return "\n".join(("{", *lines, _STEP * level + "}"))


def _sequence(items: list[Any], level: int) -> str:
    if not items:
        return "[]"
    # Brackets hug when all that they hold has brackets of its own.
    if all(isinstance(item, dict | list) for item in items):
        return "[" + ", ".join(_value(item, level) for item in items) + "]"
    inside = _STEP * (level + 1)
    lines = [f"{inside}{_value(item, level + 1)}," for item in items]
    return "\n".join(("[", *lines, _STEP * level + "]"))


def _key(key: str) -> str:
    if _PLAIN.fullmatch(key) and not is_ambiguous(key):
        return key
    return '"' + "".join(_escaped(letter, _IN_KEYS) for letter in key) + '"'


def is_ambiguous(text: str) -> bool:
    """Return whether some YAML reader would take the bare word for something else than text.

    >>> [word for word in ("no", "1e3", "0x1F", "12:30", "2026-11-23", "web") if is_ambiguous(word)]
    ['no', '1e3', '0x1F', '12:30', '2026-11-23']
    """
    # YAML 1.1 allows underscores in numbers.
    digits = text.replace("_", "")
    return bool(
        text.lower() in _WORDS
        or text in TRUE
        or text in FALSE
        or parse_int(digits) is not None
        or _FLOAT.fullmatch(digits)
        or _BASE_60.fullmatch(text)
        or _DATE.fullmatch(text)
    )


def _string(text: str, level: int) -> str:
    if "\n" not in text:
        return '"' + "".join(_escaped(letter, _ESCAPES) for letter in text) + '"'
    margin = _STEP * level
    lines = text.split("\n")
    folded = [f"{margin}{_line(line)}\\n{_FOLD}" for line in lines[:-1]]
    last = f"{margin}{_line(lines[-1])}{_FOLD}" if lines[-1] else ""
    return f'"{_FOLD}{"".join(folded)}{last}{margin}"'


def _line(line: str) -> str:
    """Return one line of a longer text: a blank before it, or a backslash before its blanks."""
    start = "\\" if line[:1].isspace() else " "
    return start + "".join(_escaped(letter, _ESCAPES) for letter in line)


def _escaped(letter: str, escapes: Mapping[str, str]) -> str:
    if letter in escapes:
        return escapes[letter]
    if letter.isprintable():
        return letter
    point = ord(letter)
    if point < 0x20 or point == 0x7F:  # noqa: PLR2004 - control characters
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"  # noqa: PLR2004 - the BMP
