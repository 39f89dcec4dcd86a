"""How Go prints values and what it says of broken JSON, where users read it."""

from __future__ import annotations

import json
import re
from typing import Any


def printed(value: Any) -> str:
    """Return `value` as Go's ``%v`` prints it.

    >>> printed({"b": [1, "x"], "a": None, "c": True})
    'map[a:<nil> b:[1 x] c:true]'
    """
    match value:
        case dict():
            return f"map[{' '.join(f'{key}:{printed(value[key])}' for key in sorted(value))}]"
        case list() | tuple():
            return f"[{' '.join(map(printed, value))}]"
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
        case bool():
            return "bool"
        case None:
            return "null"
        case str():
            return "string"
        case _:
            return "number"


class _Broken(Exception):
    """JSON text ends or goes wrong; `str()` is what Go says."""


_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER_END = re.compile(r"[-+.0-9eE]*")


def json_fault(text: str) -> str:
    """Return what Go's `encoding/json` says of text that is not JSON, or an empty string.

    Source: go src/encoding/json/scanner.go.

    >>> json_fault("{bad json")
    "invalid character 'b' looking for beginning of object key string"
    >>> json_fault('{"a": 1')
    'unexpected end of JSON input'
    """
    try:
        end = _value(text, 0)
        rest = _skip(text, end)
        if rest < len(text):
            return f"invalid character {_quoted(text[rest])} after top-level value"
    except _Broken as fault:
        return str(fault)
    return ""


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _quoted(character: str) -> str:
    """A character as Go quotes it in an error."""
    if character == "'":
        return "'\\''"
    if character == '"':
        return "'\"'"
    inner = json.dumps(character, ensure_ascii=False)[1:-1]
    return f"'{inner}'"


def _expect(text: str, at: int, where: str) -> str:
    """The character at `at`; going past the end is an error, and so is what `where` refuses."""
    if at >= len(text):
        raise _Broken("unexpected end of JSON input")
    if where:
        raise _Broken(f"invalid character {_quoted(text[at])} {where}")
    return text[at]


def _value(text: str, at: int) -> int:
    at = _skip(text, at)
    match _expect(text, at, ""):
        case "{":
            return _object(text, at + 1)
        case "[":
            return _array(text, at + 1)
        case '"':
            return _string(text, at + 1)
        case "t" | "f" | "n" as first:
            return _word(text, at, {"t": "true", "f": "false", "n": "null"}[first])
        case character if character == "-" or character.isdigit():
            return _number(text, at)
        case _:
            _expect(text, at, "looking for beginning of value")
            return at


def _object(text: str, at: int) -> int:
    at = _skip(text, at)
    if _expect(text, at, "") == "}":
        return at + 1
    while True:
        at = _skip(text, at)
        if _expect(text, at, "") != '"':
            _expect(text, at, "looking for beginning of object key string")
        at = _skip(text, _string(text, at + 1))
        if _expect(text, at, "") != ":":
            _expect(text, at, "after object key")
        at = _skip(text, _value(text, at + 1))
        match _expect(text, at, ""):
            case "}":
                return at + 1
            case ",":
                at += 1
            case _:
                _expect(text, at, "after object key:value pair")


def _array(text: str, at: int) -> int:
    at = _skip(text, at)
    if _expect(text, at, "") == "]":
        return at + 1
    while True:
        at = _skip(text, _value(text, at))
        match _expect(text, at, ""):
            case "]":
                return at + 1
            case ",":
                at += 1
            case _:
                _expect(text, at, "after array element")


def _string(text: str, at: int) -> int:
    while (character := _expect(text, at, "")) != '"':
        if character == "\\":
            at += 1
            if _expect(text, at, "") not in '"\\/bfnrtu':
                _expect(text, at, "in string escape code")
        elif character < " ":
            _expect(text, at, "in string literal")
        at += 1
    return at + 1


def _word(text: str, at: int, word: str) -> int:
    for offset, letter in enumerate(word):
        if _expect(text, at + offset, "") != letter:
            _expect(text, at + offset, f"in literal {word} (expecting {_quoted(letter)})")
    return at + len(word)


def _number(text: str, at: int) -> int:
    if text[at] == "-":
        at += 1
        if not _expect(text, at, "").isdigit():
            _expect(text, at, "in numeric literal")
    if text[at] == "0" and text[at + 1 : at + 2].isdigit():
        return at + 1  # What follows a zero is the next token, and a wrong one.
    found = _NUMBER_END.match(text, at)
    return found.end() if found else at
