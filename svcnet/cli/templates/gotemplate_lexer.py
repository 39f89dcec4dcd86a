"""Go templates, from text to tokens.

Blanks are tokens here: they part operands, and ``{{.a.b}}`` is not ``{{.a .b}}``.

Source: go text/template/parse/lex.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from svcnet.errors import go_quote
from svcnet.lean_namedtuple import NamedTuple

KEYWORDS = frozenset(
    (
        "block",
        "break",
        "continue",
        "define",
        "else",
        "end",
        "if",
        "nil",
        "range",
        "template",
        "with",
    )
)
_SPACE = frozenset(" \t\r\n")
_PUNCTUATION = frozenset("=|()")
_NUMBER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*|0[bB][01_]*|0[oO][0-7_]*|[0-9_]*)(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?"
)
# The blank is needed: `{{-1}}` prints a number, `{{- 1}}` trims.
_TRIMMED_START = re.compile(r"-[ \t\r\n]")
_SHOWN = 10
"""How many characters of a token an error shows."""


class Token(NamedTuple):
    """A piece of a template.

    `kind` is ``text``, ``{{``, ``}}``, ``space``, ``field``, ``variable``, ``dot``, ``string``,
    ``raw``, ``char``, ``number``, ``bool``, ``identifier``, ``:=``, ``=``, ``|``, ``(``, ``)``,
    ``punctuation``, ``error``, ``EOF`` or a keyword.
    """

    kind: str
    text: str
    at: int
    """Where it begins, in characters."""
    line: int

    def __str__(self) -> str:
        """Return the token as an error shows it."""
        if self.kind in {"EOF", "error"}:
            return self.text
        if self.kind in KEYWORDS or self.kind == "dot":
            return f"<{self.text}>"
        if len(self.text) > _SHOWN:
            return f"{go_quote(self.text[:_SHOWN])}..."
        return go_quote(self.text)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a template; the last one is ``EOF`` or ``error``."""
    lexer = _Lexer(text)
    try:
        yield from lexer.template()
    except _LexError as error:
        yield Token("error", str(error), lexer.start, lexer.line)


class _LexError(Exception):
    """The text cannot be cut into tokens."""


class _Lexer:
    """`start` is where the token that is being read begins, `at` the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.start = self.at = 0
        self.line = 1
        self.depth = 0

    def template(self) -> Iterator[Token]:
        """Yield the tokens of the whole text."""
        while (opening := self.text.find("{{", self.at)) >= 0:
            yield from self._literal(opening)
            self.at = opening + 2
            after = self.at + (2 if _TRIMMED_START.match(self.text, self.at) else 0)
            # A comment is not an action: it leaves no token behind.
            if self.text.startswith("/*", after):
                self.at = after
                self._comment()
                continue
            yield self._token("{{")
            self._ignore(after)
            # Each action starts anew, so that one is not blamed for another's parentheses.
            self.depth = 0
            yield from self._action()
        yield from self._literal(len(self.text))
        yield Token("EOF", "EOF", len(self.text), self.line)

    def _literal(self, end: int) -> Iterator[Token]:
        """Yield the text before `end`, less the blanks that a ``{{-`` there eats."""
        start = self.at
        text = self.text[start:end]
        if self.text.startswith("{{", end) and _TRIMMED_START.match(self.text, end + 2):
            text = text.rstrip(" \t\r\n")
        if text:
            yield Token("text", text, start, self.line)
        self._ignore(end)

    def _comment(self) -> None:
        """Go past a comment; nothing may follow it in its action."""
        end = self.text.find("*/", self.at + 2)
        if end < 0:
            raise _LexError("unclosed comment")
        self.at = end + 2
        if not self._at_right_delimiter():
            raise _LexError("comment ends before closing delimiter")
        self._right_delimiter()

    def _at_right_delimiter(self) -> bool:
        return self.text.startswith("}}", self.at) or self._trims()

    def _trims(self) -> bool:
        """Return whether `` -}}`` comes next."""
        return self._peek() in _SPACE and self.text.startswith("-}}", self.at + 1)

    def _right_delimiter(self) -> Token:
        """Return the closing braces; `` -}}`` eats the blanks after it."""
        trims = self._trims()
        self._ignore(self.at + 2 if trims else self.at)
        self.at += 2
        token = self._token("}}")
        while trims and self._peek() in _SPACE:
            self._ignore(self.at + 1)
        return token

    def _action(self) -> Iterator[Token]:
        """Yield the tokens up to and with the closing braces."""
        # Asked before every token, so `}}` ends an action even right behind a name.
        while not self._at_right_delimiter():
            yield self._inside()
        if self.depth:
            raise _LexError("unclosed left paren")
        yield self._right_delimiter()

    def _inside(self) -> Token:  # noqa: PLR0911 - one case per first letter
        """Return the next token of an action, told by its first character."""
        letter = self._peek()
        if not letter:
            raise _LexError("unclosed action")
        if letter in _SPACE:
            return self._blanks()
        if letter in "\"`'":
            return self._string(letter)
        # `.5` is a number, `.name` a field, `.` alone the present value.
        if letter == "." and not self._peek(1).isdecimal():
            return self._name("field")
        if letter == "$":
            return self._name("variable")
        if letter in "+-." or letter.isdecimal():
            return self._number()
        if _alphanumeric(letter):
            return self._word()
        self.at += 1
        return self._sign(letter)

    def _blanks(self) -> Token:
        """Return blanks, but not the one that belongs to `` -}}``."""
        while self._peek() in _SPACE and not self._trims():
            self.at += 1
        return self._token("space")

    def _string(self, delimiter: str) -> Token:
        """Return a string, raw string or character, quotes included."""
        self.at += 1
        while (letter := self._peek()) != delimiter:
            escaped = letter == "\\" and delimiter != "`"
            # Only back quotes may hold a line end.
            if not letter or (delimiter != "`" and self._peek(1 if escaped else 0) in {"", "\n"}):
                raise _LexError(_UNTERMINATED[delimiter])
            self.at += 2 if escaped else 1
        self.at += 1
        return self._token({'"': "string", "`": "raw", "'": "char"}[delimiter])

    def _name(self, kind: str) -> Token:
        self.at += 1
        # `$` alone is a variable as well: the document that the template was given.
        if self._at_terminator():
            return self._token("dot" if kind == "field" else kind)
        self._letters()
        return self._token(kind)

    def _word(self) -> Token:
        self._letters()
        word = self.text[self.start : self.at]
        if word in KEYWORDS:
            return self._token(word)
        return self._token("bool" if word in {"true", "false"} else "identifier")

    def _letters(self) -> None:
        """Go past a name; something must separate it from what follows."""
        while _alphanumeric(self._peek()):
            self.at += 1
        if not self._at_terminator():
            raise _LexError(f"bad character {_code_point(self._peek())}")

    def _number(self) -> Token:
        """Return a number; whether it is a good one is the parser's business."""
        match = _NUMBER.match(self.text, self.at)
        assert match
        self.at = match.end()
        if _alphanumeric(self._peek()):
            shown = self.text[self.start : self.at + 1]
            raise _LexError(f"bad number syntax: {go_quote(shown)}")
        return self._token("number")

    def _sign(self, letter: str) -> Token:
        """Return a token of one or two signs."""
        if letter == ":":
            if self._peek() != "=":
                raise _LexError("expected :=")
            self.at += 1
            return self._token(":=")
        if letter in _PUNCTUATION:
            self.depth += {"(": 1, ")": -1}.get(letter, 0)
            if self.depth < 0:
                raise _LexError("unexpected right paren")
            return self._token(letter)
        # A comma is one, and it is the parser that knows where it may stand.
        if letter.isascii() and letter.isprintable():
            return self._token("punctuation")
        raise _LexError(f"unrecognized character in action: {_code_point(letter)}")

    def _at_terminator(self) -> bool:
        letter = self._peek()
        return not letter or letter in " \t\r\n.,|:()" or self.text.startswith("}}", self.at)

    def _peek(self, ahead: int = 0) -> str:
        return self.text[self.at + ahead : self.at + ahead + 1]

    def _token(self, kind: str) -> Token:
        token = Token(kind, self.text[self.start : self.at], self.start, self.line)
        self._ignore(self.at)
        return token

    def _ignore(self, end: int) -> None:
        """Go on at `end`, counting lines."""
        self.line += self.text.count("\n", self.start, end)
        self.start = self.at = end


_UNTERMINATED = {
    '"': "unterminated quoted string",
    "`": "unterminated raw quoted string",
    "'": "unterminated character constant",
}


def _alphanumeric(letter: str) -> bool:
    """Return whether a letter may stand in a name, in any script (lex.go isAlphaNumeric())."""
    return letter == "_" or letter.isalnum()


def _code_point(letter: str) -> str:
    return f"U+{ord(letter):04X}" + (f" '{letter}'" if letter.isprintable() else "")
