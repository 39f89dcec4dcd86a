"""kubectl's jsonpath templates, from text to nodes.

The dialect is its own: a template is literal text with ``{actions}`` in it, and an action is a run
of steps, each of which goes on from what the one before it found.
Source: client-go util/jsonpath/parser.go, node.go.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

from svcnet.errors import UsageError
from svcnet.lean_namedtuple import NamedTuple


class PathError(UsageError):
    """A jsonpath cannot be read or followed; the message is kubectl's, without a prefix."""


class PathText(NamedTuple):
    """Text to print: between actions, or quoted in one."""

    text: str


class PathField(NamedTuple):
    """`.name`: the member of that name."""

    name: str


class PathArray(NamedTuple):
    """`[first:last:step]`; a single index is a slice of one element.

    `derived` tells that `last` follows from `first`, so that `[-1]` is the last element.
    """

    first: int | None
    last: int | None
    step: int | None
    derived: bool


class PathWildcard(NamedTuple):
    """`.*`: every member."""


class PathRecursive(NamedTuple):
    """`..`: the value and everything in it that has something in it."""


class PathUnion(NamedTuple):
    """`[a,b]`: what each of the parts finds, one after another."""

    parts: tuple[PathList, ...]


class PathFilter(NamedTuple):
    """`[?(left operator right)]`: the elements for which that is so.

    For the operator ``exists``, `right` is empty.
    """

    left: PathList
    right: PathList
    operator: str


class PathLiteral(NamedTuple):
    """A number or a boolean."""

    value: float | bool


class PathIdentifier(NamedTuple):
    """A bare word: `range` and `end` mean something."""

    name: str


class PathList(NamedTuple):
    """What stands between braces, or a part of it in brackets."""

    steps: tuple[Node, ...]


Node: TypeAlias = (
    PathText
    | PathField
    | PathArray
    | PathWildcard
    | PathRecursive
    | PathUnion
    | PathFilter
    | PathLiteral
    | PathIdentifier
    | PathList
)

_DICT_KEY = re.compile(r"'([^']*)'\Z")
_SLICE = re.compile(r"(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?\Z")
_COMPARISON = re.compile(r"([^!<>=]+)([!<>=]+)(.+?)\Z")
_TERMINATORS = frozenset(" \t\r\n.,[]$@{}")
_ESCAPE = re.compile(
    r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.)", re.DOTALL
)
_LETTERS = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92}
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)\Z")
_INT64 = range(-(2**63), 2**63)
# int() refuses text of thousands of digits with an error of its own.
_INT64_LENGTH = 20


@lru_cache(maxsize=64)
def parse(text: str) -> tuple[Node, ...]:
    """Return the nodes of a template.

    Raises:
        PathError: with kubectl's words for what is wrong.
    """
    return _Parser(text).template()


def _action(text: str) -> PathList:
    """Return what `text` means between braces."""
    first = parse(f"{{{text}}}")[0]
    assert isinstance(first, PathList)
    return first


class _Parser:
    """One pass over a template; `at` is the next character to read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def template(self) -> tuple[Node, ...]:
        """Return text and actions, in order."""
        nodes: list[Node] = []
        while self.at < len(self.text):
            opening = self.text.find("{", self.at)
            literal = self.text[self.at :] if opening < 0 else self.text[self.at : opening]
            if literal:
                nodes.append(PathText(literal))
            if opening < 0:
                break
            self.at = opening + 1
            nodes.append(self._action())
        return tuple(nodes)

    def _action(self) -> PathList:
        """Return the steps up to the closing brace."""
        steps: list[Node] = []
        while not self._skip("}"):
            steps.extend(self._step(steps[-1] if steps else None))
        return PathList(tuple(steps))

    def _step(self, before: Node | None) -> tuple[Node, ...]:  # noqa: PLR0911 - one case per prefix
        """Return the next step of an action; blanks and the current object are none."""
        # Longer prefixes go first: `[?(` is no index and `..` no field.
        if self._skip("[?("):
            return (self._filter(),)
        if self._skip(".."):
            return self._recursive(before)
        letter = self._peek()
        if letter in {"", "\n", "\r"}:
            raise PathError("unclosed action")
        if letter in {"+", "-"} or letter.isdecimal():
            return (self._number(),)
        if letter == "_" or letter.isalpha():
            return (_word(self._until_terminator()),)
        self.at += 1
        match letter:
            # Both signs mean the value at hand, so `{$.a}` and `{@.a}` are `{.a}`.
            case " " | "@" | "$":
                return ()
            case "[":
                return self._brackets()
            case '"' | "'":
                return (PathText(self._quoted(letter)),)
            case ".":
                return (self._field(),)
        raise PathError(f"unrecognized character in action: {_code_point(letter)}")

    def _recursive(self, before: Node | None) -> tuple[Node, ...]:
        """Return ``..``, with the field that may follow it at once."""
        if isinstance(before, PathRecursive):
            raise PathError("invalid multiple recursive descent")
        letter = self._peek()
        if letter == "_" or letter.isalnum():
            return (PathRecursive(), self._field())
        return (PathRecursive(),)

    def _field(self) -> Node:
        r"""Return the field whose name comes next; a backslash protects dots: ``app\.k8s\.io``."""
        name = self._until_terminator(escapes=True)
        return PathWildcard() if name == "*" else PathField(name.replace("\\", ""))

    def _number(self) -> Node:
        """Return a number; one with a point is a float."""
        start = self.at
        self.at += self._peek() in {"+", "-"}
        while self._peek() == "." or self._peek().isdecimal():
            self.at += 1
        text = self.text[start : self.at]
        # One too large for an int64 is read as a float.
        if not _NUMBER.match(text):
            raise PathError(f"cannot parse number {text}")
        return PathLiteral(int(text) if _is_int64(text) else float(text))

    def _brackets(self) -> tuple[Node, ...]:
        """Return what stands in brackets: a union, a key or a slice."""
        # The first bracket closes, even one that stands in quotes.
        end = self.text.find("]", self.at)
        inner = self.text[self.at : end]
        if end < 0 or "\n" in inner:
            raise PathError("unterminated array")
        self.at = end + 1
        # Each part is read by itself, so a comma in a quoted key splits it, too.
        if "," in inner:
            return (PathUnion(tuple(_action(f"[{part.strip(' ')}]") for part in inner.split(","))),)
        if key := _DICT_KEY.match(inner):
            return _action(f".{key[1]}").steps
        return (_slice(":" if inner == "*" else inner),)

    def _filter(self) -> PathFilter:
        """Return a filter, with the two sides of its comparison."""
        start = self.at
        self._to_end_of_filter()
        inner = self.text[start : self.at - 1]
        if not self._skip("]"):
            raise PathError("unclosed array expect ]")
        # What follows the first run of signs is the right side: `=~` and `&&` fail over there.
        if comparison := _COMPARISON.match(inner):
            left, operator, right = comparison.groups()
            return PathFilter(_action(left), _action(right), operator)
        return PathFilter(_action(inner), PathList(()), "exists")

    def _to_end_of_filter(self) -> None:
        """Go past the closing parenthesis: the first one that is not in the first quoted text."""
        quote, closed = "", False
        while True:
            letter = self._next()
            if letter in {"", "\n"}:
                raise PathError("unterminated filter")
            if letter in {'"', "'"} and not quote:
                quote = letter
            elif letter == quote and letter and self.text[self.at - 2] != "\\":
                closed = True
            elif letter == ")" and bool(quote) == closed:
                return

    def _quoted(self, quote: str) -> str:
        """Return text in quotes, escapes replaced."""
        start = self.at - 1
        while (letter := self._next()) != quote or self.text[self.at - 2] == "\\":
            if letter in {"", "\n"}:
                raise PathError("unterminated quoted string")
        whole = self.text[start : self.at]
        text = unquote(whole[1:-1], quote)
        if text is None:
            raise PathError(f"unquote string {whole} error invalid syntax")
        return text

    def _until_terminator(self, *, escapes: bool = False) -> str:
        start = self.at
        while (letter := self._peek()) and letter not in _TERMINATORS:
            self.at += 2 if escapes and letter == "\\" else 1
        # A backslash at the very end escapes nothing.
        self.at = min(self.at, len(self.text))
        return self.text[start : self.at]

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _next(self) -> str:
        self.at += 1
        return self.text[self.at - 1 : self.at]

    def _skip(self, prefix: str) -> bool:
        if not self.text.startswith(prefix, self.at):
            return False
        self.at += len(prefix)
        return True


def _word(name: str) -> Node:
    return PathLiteral(name == "true") if name in {"true", "false"} else PathIdentifier(name)


def _slice(text: str) -> PathArray:
    """Return an index or slice; an index is a slice of one."""
    parts = _SLICE.match(text)
    if not parts:
        raise PathError(f"invalid array index {text}")
    first, last, step = (_index(part) for part in parts.groups())
    # `[-1]` ends at 0, which means the end of the list only because nobody wrote it.
    derived = parts[2] is None
    return PathArray(first, (first or 0) + 1 if derived else last, step, derived)


def _index(text: str | None) -> int | None:
    digits = (text or "").removeprefix(":")
    if not digits:
        return None
    if not _is_int64(digits):
        raise PathError(f"array index {digits} is not a number")
    return int(digits)


def _is_int64(text: str) -> bool:
    whole = text.lstrip("+-").isdecimal() and len(text) <= _INT64_LENGTH
    return whole and int(text) in _INT64


def _code_point(letter: str) -> str:
    """Return a character as `%#U` prints it."""
    return f"U+{ord(letter):04X}" + (f" '{letter}'" if letter.isprintable() else "")


def unquote(text: str, quote: str) -> str | None:
    r"""Return what a Go string literal without its quotes stands for; None when it is not one.

    Source: go strconv/quote.go UnquoteChar().

    >>> unquote(r"\x41\u00e9\t", '"'), unquote(r"\q", '"')
    ('Aé\t', None)
    """
    parts: list[bytes] = []
    at = 0
    while at < len(text):
        if text[at] == quote:
            return None
        if text[at] != "\\":
            parts.append(text[at].encode(errors="surrogateescape"))
            at += 1
            continue
        escape = _ESCAPE.match(text, at + 1)
        meant = _escaped(escape, quote) if escape else None
        if escape is None or meant is None:
            return None
        parts.append(meant)
        at = escape.end()
    return b"".join(parts).decode(errors="surrogateescape")


def _escaped(escape: re.Match[str], quote: str) -> bytes | None:
    """Return what one escape stands for; None when it is none of Go's."""
    byte, short, long, octal, letter = escape.groups()
    if byte or octal:
        value = int(byte, 16) if byte else int(octal, 8)
        return bytes([value]) if value < 256 else None  # noqa: PLR2004 - a byte
    if short or long:
        value = int(short or long, 16)
        known = value <= 0x10FFFF and not 0xD800 <= value <= 0xDFFF  # noqa: PLR2004 - Unicode
        return chr(value).encode() if known else None
    if letter == quote:
        return quote.encode()
    return bytes([_LETTERS[letter]]) if letter in _LETTERS else None
