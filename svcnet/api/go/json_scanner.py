"""JSON as Go reads it, and Go's words for what is wrong with it.

Source: Go's encoding/json scanner.go.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from svcnet.api.go.utf8 import valid

# The blanks of JSON; Python's own strip() would also take those of Unicode.
_BLANKS = " \t\r\n"
# Without the closing quote: a match ends where a broken string stops being good.
# Patterns are text: `re` compiles one when it is first needed, and keeps it.
_STRING = r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
_LITERALS = {"t": "true", "f": "false", "n": "null"}


class JSONSyntaxError(ValueError):
    """Text is not JSON; `str()` is Go's complaint.

    `offset` counts the bytes up to and including the one that cannot be.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def parse(text: str) -> Any:
    """Return the one JSON value that `text` holds; of keys that repeat, the last counts.

    Raises:
        JSONSyntaxError: it holds none, or something follows it.
    """
    value, end = parse_first(text, 0)
    rest = text[end:].lstrip(_BLANKS)
    if rest:
        _refuse(text, len(text) - len(rest), "after top-level value")
    return value


def parse_first(text: str, start: int) -> tuple[Any, int]:
    """Return the JSON value that begins at `start`, after blanks, and where it ends.

    Raises:
        JSONSyntaxError: there is none.
    """
    while start < len(text) and text[start] in _BLANKS:
        start += 1
    try:
        value, end = _DECODER.raw_decode(text, start)
        # Only an escape can be half of a pair that has no other half.
        return (valid(value) if text.find("\\u", start, end) >= 0 else value), end
    except (ValueError, RecursionError):
        # Only now is it worth going over the text letter by letter.
        end = _Scanner(text).value(start)
        # Python refuses what the scanner lets pass: numbers of thousands of digits.
        raise JSONSyntaxError("number out of range", end) from None


def _no_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python takes for JSON and Go does not."""
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def _refuse(text: str, position: int, where: str) -> NoReturn:
    """Raise the error that Go's scanner makes of the letter at `position`."""
    if position >= len(text):
        raise JSONSyntaxError("unexpected end of JSON input", len(text.encode()))
    # Source: scanner.go quoteChar(), which treats the two quotes apart.
    letter = {"'": "'\\''", '"': "'\"'"}.get(text[position])
    if letter is None:
        # Go reads bytes: of a letter outside ASCII it shows the first one.
        first = chr(text[position].encode()[0])
        letter = f"'{first}'" if first.isprintable() else f"'{_control(first)}'"
    offset = len(text[:position].encode()) + 1
    raise JSONSyntaxError(f"invalid character {letter} {where}", offset)


def _control(letter: str) -> str:
    """Return how Go quotes a letter that cannot be printed."""
    short = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return short.get(letter) or ("\\v" if letter == "\v" else f"\\x{ord(letter):02x}")


class _Scanner:
    """Goes over a text that is not JSON, up to the place where Go stops."""

    def __init__(self, text: str) -> None:
        self.text = text

    def value(self, at: int) -> int:
        """Return where the value that begins at `at` ends."""
        at = self._blanks(at)
        first = self.text[at : at + 1]
        if first == "{":
            return self._object(at + 1)
        if first == "[":
            return self._array(at + 1)
        if first == '"':
            return self._string(at)
        if first in _LITERALS:
            return self._literal(at, _LITERALS[first])
        if first == "-" or first.isdigit():
            return self._number(at)
        _refuse(self.text, at, "looking for beginning of value")

    def _object(self, at: int) -> int:
        """Return where the object ends whose brace is before `at`."""
        at = self._blanks(at)
        if self.text[at : at + 1] == "}":
            return at + 1
        while True:
            at = self._blanks(at)
            if self.text[at : at + 1] != '"':
                _refuse(self.text, at, "looking for beginning of object key string")
            at = self._blanks(self._string(at))
            if self.text[at : at + 1] != ":":
                _refuse(self.text, at, "after object key")
            at = self._blanks(self.value(at + 1))
            if self.text[at : at + 1] == "}":
                return at + 1
            if self.text[at : at + 1] != ",":
                _refuse(self.text, at, "after object key:value pair")
            at += 1

    def _array(self, at: int) -> int:
        """Return where the list ends whose bracket is before `at`."""
        at = self._blanks(at)
        if self.text[at : at + 1] == "]":
            return at + 1
        while True:
            at = self._blanks(self.value(at))
            if self.text[at : at + 1] == "]":
                return at + 1
            if self.text[at : at + 1] != ",":
                _refuse(self.text, at, "after array element")
            at += 1

    def _string(self, at: int) -> int:
        """Return where the string ends that begins at `at`."""
        found = re.compile(_STRING).match(self.text, at)
        end = found.end() if found else at
        if self.text[end : end + 1] == '"':
            return end + 1
        if self.text[end : end + 1] != "\\":
            _refuse(self.text, end, "in string literal")
        if self.text[end + 1 : end + 2] != "u":
            _refuse(self.text, end + 1, "in string escape code")
        digits = re.compile("[0-9a-fA-F]*").match(self.text, end + 2)
        _refuse(
            self.text, digits.end() if digits else end + 2, "in \\u hexadecimal character escape"
        )

    def _literal(self, at: int, word: str) -> int:
        for index, letter in enumerate(word):
            if self.text[at + index : at + index + 1] != letter:
                _refuse(self.text, at + index, f"in literal {word} (expecting '{letter}')")
        return at + len(word)

    def _number(self, at: int) -> int:
        """Return where the number ends that begins at `at`."""
        # Of 01 only the 0 is a number, as in scanner.go state0(): the caller refuses the 1.
        found = re.compile(_NUMBER).match(self.text, at)
        if not found:
            _refuse(self.text, at + 1, "in numeric literal")
        end = found.end()
        after = self.text[end : end + 1]
        if after == "." and "." not in found.group() and "e" not in found.group().lower():
            _refuse(self.text, end + 1, "after decimal point in numeric literal")
        if after in ("e", "E") and "e" not in found.group().lower():
            signed = self.text[end + 1 : end + 2] in ("+", "-")
            _refuse(self.text, end + 1 + signed, "in exponent of numeric literal")
        return end

    def _blanks(self, at: int) -> int:
        while at < len(self.text) and self.text[at] in _BLANKS:
            at += 1
        return at
