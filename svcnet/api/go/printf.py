"""Go's Printf over JSON values.

A mistake in a format is no error in Go: it is printed in the text's place, as ``%!d(string=x)``.

Source: go fmt/print.go doPrintf(), printArg(); format.go fmtInteger(), fmtFloat(), pad().
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from svcnet.api.go.fmt import sprint, syntax, type_name
from svcnet.api.go.strconv import format_float, quote_rune
from svcnet.errors import go_quote
from svcnet.lean_namedtuple import NamedTuple

_DIRECTIVE = re.compile(
    r"%(?P<flags>[-+# 0]*)"
    r"(?P<width>(?:\[[0-9]+\])?\*|[0-9]+)?"
    r"(?P<dot>\.(?P<precision>(?:\[[0-9]+\])?\*|[0-9]*))?"
    r"(?:\[(?P<index>[0-9]+)\])?"
    r"(?P<verb>.)?",
    re.DOTALL,
)
# fmt/print.go tooLarge(): a larger one is a bad width, not a very long line.
_LARGEST = 1_000_000
"""Widths and precisions beyond this are not believed."""
_BASES = {"b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}
_SHARP = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}


class _Directive(NamedTuple):
    """One directive: `%-5.2f`."""

    verb: str
    flags: str = ""
    width: int | None = None
    precision: int | None = None


def sprintf(template: str, values: Sequence[Any]) -> str:
    """Return `values` set into a template; mistakes show in the text, as in Go.

    >>> sprintf("%s:%5d|%-4s|%q %v", ["a", 80, "b", "c", {"k": [1]}])
    'a:   80|b   |"c" map[k:[1]]'
    >>> sprintf("%d %s", ["x"])
    '%!d(string=x) %!s(MISSING)'
    """
    return "".join(_Printer(values).pieces(template))


def sprint_all(values: Sequence[Any]) -> str:
    """Return values one after another, with a blank where neither neighbour is text (Sprint)."""
    parts: list[str] = []
    for index, value in enumerate(values):
        beside = isinstance(value, str) or isinstance(values[index - 1], str)
        parts.append(" " if index and not beside else "")
        parts.append(sprint(value))
    return "".join(parts)


class _Printer:
    """Goes through a template; `at` is the next value to print."""

    def __init__(self, values: Sequence[Any]) -> None:
        self._values = values
        self._at = 0
        self._reordered = False

    def pieces(self, template: str) -> Iterator[str]:
        """Yield the template with the values in it, then the values that are left."""
        end = 0
        for match in _DIRECTIVE.finditer(template):
            yield template[end : match.start()]
            yield self._directive(match)
            end = match.end()
        yield template[end:]
        # Go cannot tell what is left over once a template has picked values by number.
        if self._at < len(self._values) and not self._reordered:
            extra = ", ".join(_unasked(each) for each in self._values[self._at :])
            yield f"%!(EXTRA {extra})"

    def _directive(self, match: re.Match[str]) -> str:
        """Return what one directive prints."""
        form, wrong = self._form(match)
        if match["index"]:
            self._at, self._reordered = int(match["index"]) - 1, True
        if not form.verb:
            return f"{wrong}%!(NOVERB)"
        # It takes no value, so it is printed even when none is left.
        if form.verb == "%":
            return f"{wrong}%"
        if match["index"] and not 0 <= self._at < len(self._values):
            return f"{wrong}%!{form.verb}(BADINDEX)"
        if self._at >= len(self._values):
            return f"{wrong}%!{form.verb}(MISSING)"
        self._at += 1
        return wrong + _argument(form, self._values[self._at - 1])

    def _form(self, match: re.Match[str]) -> tuple[_Directive, str]:
        """Return what a directive asks for, and what to say of a width that is none."""
        verb, flags = match["verb"] or "", match["flags"]
        width, bad_width = self._measure(match["width"])
        # A width out of a value may be negative: then it means the other side.
        if width is not None and width < 0:
            flags, width = f"{flags}-", -width
        precision, bad_precision = self._measure(match["precision"])
        if match["dot"] and not match["precision"]:
            precision = 0
        if precision is not None and precision < 0:
            precision = None
        if verb == "v":
            flags = flags.replace("+", "")  # %+v asks for the names of fields, not for signs
        wrong = "%!(BADWIDTH)" * bad_width + "%!(BADPREC)" * bad_precision
        return _Directive(verb, flags, width, precision), wrong

    def _measure(self, text: str | None) -> tuple[int | None, bool]:
        """Return a width or precision, and whether the value that was to give it is no number."""
        if not text:
            return None, False
        if not text.endswith("*"):
            return (int(text), False) if int(text) <= _LARGEST else (None, True)
        if text != "*":
            self._at, self._reordered = int(text[1:-2]) - 1, True
        value = self._values[self._at] if 0 <= self._at < len(self._values) else None
        self._at += 1
        known = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST
        return (value, False) if known else (None, True)


def _unasked(value: Any) -> str:
    """Return a value nobody asked for, with its type."""
    return "<nil>" if value is None else f"{type_name(value)}={sprint(value)}"


def _argument(form: _Directive, value: Any) -> str:
    """Return a value as a directive asks; only some verbs take nothing at all."""
    if form.verb == "T":
        return _padded(form, "<nil>" if value is None else type_name(value))
    # Without a type there is nothing that a verb could be wrong for.
    if value is None:
        return _padded(form, "<nil>") if form.verb == "v" else f"%!{form.verb}(<nil>)"
    return _value(form, value)


def _value(form: _Directive, value: Any) -> str:  # noqa: PLR0911 - one case per type
    """Return a value as a directive asks, elements one by one."""
    # Go leaves the elements of `%#v` alone; all others take the directive each.
    if form.verb == "v" and "#" in form.flags:
        return _padded(form, syntax(value))
    match value:
        case None:
            return "<nil>"
        case str():
            return _text(form, value)
        case bool():
            return _padded(form, sprint(value)) if form.verb in "tv" else _bad(form, value)
        case int():
            return _integer(form, value)
        case float():
            return _float(form, value)
        case dict():
            pairs = (f"{_value(form, key)}:{_value(form, value[key])}" for key in sorted(value))
            return f"map[{' '.join(pairs)}]"
        case _:
            return f"[{' '.join(_value(form, each) for each in value)}]"


def _bad(form: _Directive, value: Any) -> str:
    """Return a value whose type does not go with the verb."""
    shown = _value(form._replace(verb="v"), value)
    return f"%!{form.verb}({type_name(value)}={shown})"


def _padded(form: _Directive, text: str, *, zeros: bool = False) -> str:
    """Return text as wide as asked; zeros go between sign and digits.

    A width counts characters, as in format.go pad(), whatever their width on a terminal.
    """
    if form.width is None:
        return text
    # It goes before `0`: there are no zeros to the right of a number.
    if "-" in form.flags:
        return text.ljust(form.width)
    if "0" in form.flags and zeros:
        sign = text[:1] if text[:1] in {"+", "-", " "} else ""
        return sign + text[len(sign) :].rjust(form.width - len(sign), "0")
    return text.rjust(form.width)


def _text(form: _Directive, value: str) -> str:
    """Return text as a directive asks."""
    cut = value if form.precision is None else value[: form.precision]
    match form.verb:
        case "s" | "v":
            return _padded(form, cut)
        case "q":
            return _padded(form, _quoted(form, cut))
        case "x" | "X":
            # A precision counts bytes here, where it counts characters otherwise.
            raw = value.encode(errors="surrogateescape")[: form.precision]
            prefix = f"0{form.verb}" if "#" in form.flags else ""
            digits = [f"{byte:02{form.verb}}" for byte in raw]
            between = f" {prefix}" if " " in form.flags else ""
            return _padded(form, prefix * bool(digits) + between.join(digits))
        case _:
            return _bad(form, value)


def _quoted(form: _Directive, value: str) -> str:
    """Return text in quotes: `%#q` in back quotes where it can be, `%+q` in ASCII only.

    Source: go fmt/format.go fmtQ().
    """
    if "#" in form.flags and "`" not in value and value.isprintable():
        return f"`{value}`"
    if "+" not in form.flags:
        return go_quote(value)
    return "".join(
        letter
        if letter.isascii()
        else (f"\\u{ord(letter):04x}" if ord(letter) <= 0xFFFF else f"\\U{ord(letter):08x}")  # noqa: PLR2004
        for letter in go_quote(value)
    )


def _integer(form: _Directive, value: int) -> str:
    """Return a whole number as a directive asks."""
    match form.verb:
        case "d" | "v":
            digits = str(abs(value))
        case "b" | "o" | "O" | "x" | "X":
            prefix = "0o" if form.verb == "O" else _SHARP[form.verb] if "#" in form.flags else ""
            digits = prefix + f"{abs(value):{_BASES[form.verb]}}"
        # A port is no letter, but Go prints what has that number all the same.
        case "c":
            return _padded(form, _character(value))
        case "q":
            return _padded(form, quote_rune(_character(value)))
        case "U":
            shown = f"U+{value:04X}" + (f" '{_character(value)}'" if "#" in form.flags else "")
            return _padded(form, shown)
        case _:
            return _bad(form, value)
    if form.precision is not None:
        digits = digits.rjust(form.precision, "0")
    # A precision says how many digits; then zeros do not pad as well.
    return _padded(form, _sign(form, value) + digits, zeros=form.precision is None)


def _character(value: int) -> str:
    known = 0 <= value <= 0x10FFFF and not 0xD800 <= value <= 0xDFFF  # noqa: PLR2004 - Unicode
    return chr(value) if known else "\ufffd"


def _sign(form: _Directive, value: float) -> str:
    if value < 0:
        return "-"
    return "+" if "+" in form.flags else " " if " " in form.flags else ""


def _float(form: _Directive, value: float) -> str:
    """Return a float as a directive asks; the shortest form is the default for `%v` and `%g`."""
    verb = form.verb
    if verb not in "vgGeEfF":
        return _bad(form, value)
    if verb in "vgG" and form.precision is None:
        digits = format_float(abs(value))
        digits = digits.upper() if verb == "G" else digits
    else:
        precision = 6 if form.precision is None else form.precision
        digits = f"{abs(value):.{precision}{'g' if verb == 'v' else verb}}"
    return _padded(form, _sign(form, value) + digits, zeros=True)
