"""What a bare word of YAML means to kubectl, and how a string must be written to stay one.

kubectl reads YAML 1.1 with a few differences from other readers: ``y`` and ``on`` are booleans,
``0o17`` and ``010`` are octal, base-60 numbers are strings, dates are strings when read but are
quoted when written.

Source: go.yaml.in/yaml v2 resolve.go, encode.go and emitterc.go.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from svcnet.api.go.utf8 import valid_text

WIDTH = 80
"""A line is broken at the first blank beyond this column."""

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE"), True),
    **dict.fromkeys(("on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE"), False),
    **dict.fromkeys(("off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
# Patterns are text: `re` compiles one when it is first needed, and keeps it.
_INTEGER = (
    r"[-+]?(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)"
    r"|(?P<dec>0|[1-9][0-9]*))\Z"
)
_FLOAT = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"
# go-yaml does not read base 60, but quotes it for parsers that do: encode.go isBase60Float().
_BASE_60 = r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z"
_DATE = (
    r"[0-9]{4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])"
    r"(?:[Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:[.,][0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})"
    r"| [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:[.,][0-9]+)?)?\Z"
)
_BASES = {"hex": 16, "bin": 2, "oct": 8, "dec": 10}

# Where YAML gives a letter a meaning: at the start of a scalar, and inside.
_FIRST = r"[#,\[\]{}&*!|>'\"%@`]|[?:](?=[ \t\n]|\Z)|-(?=[ \t\n]|\Z)|---|\.\.\."
_INSIDE = r":(?=[ \t\n]|\Z)|(?<=[ \t])#"
# Four-byte letters count as unprintable: the Go port tests the first three only.
_UNPRINTABLE = r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]"
_SAFE = r"[A-Za-z_/][A-Za-z0-9_./-]*\Z"

_ESCAPES = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    '"': '\\"',
    "\\": "\\\\",
    "\x85": "\\N",
    "\xa0": "\\_",
    "\u2028": "\\L",
    "\u2029": "\\P",
}


class NotYAML(Exception):
    """A text is not YAML; `str()` is what sigs.k8s.io/yaml says."""


def resolve(word: str) -> str | float | bool | None:
    """Return what an unquoted `word` means; itself when it is a string.

    >>> [resolve(word) for word in ("on", "~", "010", "0x1F", "1_000", "1.0", "1e3", "12:30")]
    [True, None, 8, 31, 1000, 1.0, 1000.0, '12:30']
    """
    if word in _WORDS:
        return _WORDS[word]
    if word.isascii() and word.isdigit() and word[0] != "0":
        return int(word)  # Most numbers, and no pattern is needed to see it.
    # Dates are recognised, and then read as strings all the same.
    if not word or word[0] not in "+-.0123456789" or re.match(_DATE, word):
        return word
    plain = word if word[0] == "." else word.replace("_", "")
    if found := re.match(_INTEGER, plain):
        digits = found.group(found.lastgroup or 0)
        number = int(digits, _BASES[found.lastgroup or "dec"])
        return -number if plain[0] == "-" else number
    if re.match(_FLOAT, plain) and (value := float(plain)) not in (math.inf, -math.inf):
        return value
    return word


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """Return how a mapping's key is written: on one line, so never as a block."""
    if re.match(_SAFE, text) and text not in _WORDS:
        return text
    return "".join(_flow(valid_text(text), 0, 0, foldable=False))


def scalar(text: str, indent: int, column: int) -> str:
    """Return how a string is written as a value.

    Args:
        text: the string.
        indent: how many blanks stand before further lines of it.
        column: where the first line begins.
    """
    if re.match(_SAFE, text) and text not in _WORDS:
        return text
    # Most strings are plain words; the rest is slower by an order of magnitude.
    text = valid_text(text)
    if "\n" in text and _fits_block(text):
        return "".join(_literal(text, indent))
    return "".join(_flow(text, indent, column, foldable=True))


def means_something_else(text: str) -> bool:
    """Tell whether `text` without quotes would not be read as a string, by whatever reader."""
    # "<<" is the merge key of YAML 1.1, where it stands without quotes.
    if text in _WORDS or text == "<<":
        return True
    return text[0] in "+-.0123456789" and (
        not isinstance(resolve(text), str)
        or re.match(_DATE, text) is not None
        or re.match(_BASE_60, text) is not None
    )


def _flow(text: str, indent: int, column: int, *, foldable: bool) -> Iterator[str]:
    """Yield `text` plain, in single quotes or in double quotes: the first way that is possible."""
    if "\n" in text or re.search(_UNPRINTABLE, text) or means_something_else(text):
        yield '"'
        yield from _folded(text, indent, column + 1, _escape, foldable=foldable)
        yield '"'
    elif (
        text[0] == " "
        or text[-1] == " "
        or re.match(_FIRST, text)
        or re.compile(_INSIDE).search(text, 1)
    ):
        yield "'"
        yield from _folded(text, indent, column + 1, _double_quote, foldable=foldable)
        yield "'"
    else:
        yield from _folded(text, indent, column, str, foldable=foldable)


def _fits_block(text: str) -> bool:
    """Tell whether a literal block can hold `text`: no blank ends a line of it."""
    return not (re.search(_UNPRINTABLE, text) or text.endswith(" ") or " \n" in text)


def _literal(text: str, indent: int) -> Iterator[str]:
    """Yield `text` as a literal block: how its end is kept, then its lines."""
    yield "|"
    # Else a reader would take the first blanks of the text for indentation.
    if text[0] in " \n":
        yield "2"
    if not text.endswith("\n"):
        yield "-"
    elif text == "\n" or text[-2] == "\n":
        yield "+"
    for line in text.removesuffix("\n").split("\n"):
        yield "\n"
        if line:
            yield " " * indent + line


def _folded(
    text: str, indent: int, column: int, write: Callable[[str], str], *, foldable: bool
) -> Iterator[str]:
    """Yield the letters of `text`, with a line's end in place of the first blank beyond `WIDTH`."""
    if not foldable or column + len(text) <= WIDTH:
        yield from map(write, text)
        return
    after_blank = False
    quoted = write is _escape
    for position, letter in enumerate(text):
        inside = 0 < position < len(text) - 1
        if letter == " " and inside and not after_blank and column > WIDTH:
            doubled = text[position + 1] == " "
            if quoted or not doubled:
                column = indent + doubled
                yield "\n" + " " * indent + "\\" * doubled
                after_blank = True
                continue
        written = write(letter)
        column += len(written)
        after_blank = letter == " "
        yield written


def _double_quote(letter: str) -> str:
    return "''" if letter == "'" else letter


def _escape(letter: str) -> str:
    """Return a letter as it stands in double quotes."""
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if not re.match(_UNPRINTABLE, letter):
        return letter
    code = ord(letter)
    return next(
        f"\\{mark}{code:0{n}X}" for mark, n in (("x", 2), ("u", 4), ("U", 8)) if not code >> 4 * n
    )
