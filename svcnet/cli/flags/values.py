"""Values of flags as Go reads them, and what Go says of those it cannot read.

Source: the standard library's strconv, time.ParseDuration and encoding/csv.
"""

from __future__ import annotations

import re

from svcnet.errors import go_letter, go_quote

INT32_MAX = 2**31 - 1

# strconv.ParseBool takes these spellings and no others: `yes` and `tRUE` are mistakes.
TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))
FALSE = frozenset(("0", "f", "F", "FALSE", "false", "False"))

# Base 0 of strconv.ParseInt: the prefix decides, and a mere leading zero means octal.
_DIGITS = {"0x": "[0-9a-f]", "0b": "[01]", "0o": "[0-7]", "0": "[0-7]", "": "[0-9]"}
_BASES = {"0x": 16, "0b": 2, "0o": 8, "0": 8, "": 10}

_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    # Two letters that look alike, U+00B5 (micro) and U+03BC (mu): Go takes either.
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}


def quoted_character(character: str) -> str:
    r"""Return one character as Go's ``%q`` prints it.

    >>> print(quoted_character("o"), quoted_character("'"))
    'o' '\''
    """
    body = r"\'" if character == "'" else character if character == '"' else go_letter(character)
    return f"'{body}'"


def integer(text: str) -> int | None:
    """Return the number that ``strconv.ParseInt(text, 0, …)`` reads, of any size, or None.

    >>> [integer(text) for text in ("10", "-0x1F", "010", "1_000", "0b11", "", "09", "1__0")]
    [10, -31, 8, 1000, 3, None, None, None]
    """
    match = re.fullmatch(r"([+-]?)(0[xob]|0(?=[\d_]))?(.*)", text, re.IGNORECASE | re.DOTALL)
    assert match is not None
    sign, prefix, digits = match[1], (match[2] or "").lower(), match[3]
    first = "_?" if prefix else ""
    one = _DIGITS[prefix]
    if not re.fullmatch(f"{first}{one}(_?{one})*", digits, re.IGNORECASE | re.ASCII):
        return None
    number = int(digits.replace("_", ""), _BASES[prefix])
    return -number if sign == "-" else number


def duration(text: str) -> float:
    """Return how many seconds ``time.ParseDuration`` reads.

    Raises:
        ValueError: in Go's words.

    >>> [duration(text) for text in ("1m30s", "-1.5h", "0", ".5s", "10ms")]
    [90.0, -5400.0, 0.0, 0.5, 0.01]
    """
    invalid = f"time: invalid duration {go_quote(text)}"
    sign, rest = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if rest == "0":
        return 0.0  # The only length of time that needs no unit.
    if not rest:
        raise ValueError(invalid)
    nanoseconds = 0.0
    while rest:
        number = re.match(r"\d+\.?\d*|\.\d+", rest, re.ASCII)
        if number is None:
            raise ValueError(invalid)
        unit = re.match(r"[^\d.]*", rest[number.end() :], re.ASCII)
        assert unit is not None
        if not unit[0]:
            raise ValueError(f"time: missing unit in duration {go_quote(text)}")
        if unit[0] not in _NANOSECONDS:
            raise ValueError(f"time: unknown unit {go_quote(unit[0])} in duration {go_quote(text)}")
        nanoseconds += float(number[0]) * _NANOSECONDS[unit[0]]
        rest = rest[number.end() + unit.end() :]
    # Go counts nanoseconds in 64 bits.
    if nanoseconds >= 2**63:
        raise ValueError(invalid)
    return sign * nanoseconds / 10**9


def fault(kind: str, text: str) -> str:
    """Return what Go says of a flag's value, or the empty string if it can be read.

    Args:
        kind: string, bool, int (64 bits), int32, duration, or strings.
        text: the value as typed.

    >>> fault("int", "x")
    'strconv.ParseInt: parsing "x": invalid syntax'
    >>> fault("int32", "2147483648")
    'strconv.ParseInt: parsing "2147483648": value out of range'
    """
    match kind:
        case "bool" if text not in TRUE and text not in FALSE:
            return f"strconv.ParseBool: parsing {go_quote(text)}: invalid syntax"
        case "int" | "int32":
            number = integer(text)
            limit = INT32_MAX if kind == "int32" else 2**63 - 1
            if number is None:
                return f"strconv.ParseInt: parsing {go_quote(text)}: invalid syntax"
            if not -limit - 1 <= number <= limit:
                return f"strconv.ParseInt: parsing {go_quote(text)}: value out of range"
        case "duration":
            try:
                duration(text)
            except ValueError as error:
                return str(error)
        case "strings":
            try:
                strings(text)
            except ValueError as error:
                return str(error)
    return ""


def strings(text: str) -> list[str]:
    r"""Return the parts of a value that is split at commas; quotes protect commas.

    Raises:
        ValueError: in Go's words.

    >>> strings("a,b,"), strings('"a,b",c'), strings("")
    (['a', 'b', ''], ['a,b', 'c'], [])
    """
    if not text:
        return []
    # What encoding/csv does matters only where there are quotes.
    if '"' not in text:
        return text.split(",")
    parts = []
    rest = f",{text}"
    while rest:
        column = len(text) - len(rest) + 2
        match = re.match(r',(?:"((?:[^"]|"")*)"(?=,|$)|([^",]*)(?=,|$))', rest, re.DOTALL)
        if match is None:
            raise ValueError(_csv_fault(rest[1:], column))
        parts.append(match[2] if match[1] is None else match[1].replace('""', '"'))
        rest = rest[match.end() :]
    return parts


def _csv_fault(field: str, column: int) -> str:
    if not field.startswith('"'):
        at = column + field.index('"')
        return f'parse error on line 1, column {at}: bare " in non-quoted-field'
    closed = re.match(r'"(?:[^"]|"")*"', field, re.DOTALL)
    at = column + (closed.end() - 1 if closed else len(field))
    return f'parse error on line 1, column {at}: extraneous or missing " in quoted-field'
