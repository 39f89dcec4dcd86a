"""Values of flags as Go reads them, and what Go says of those it cannot read.

Source: the standard library's strconv and encoding/csv.
"""

from __future__ import annotations

import re

from svcnet.api.go.strconv import parse_int
from svcnet.api.go.time import parse_duration
from svcnet.errors import go_quote

INT32_MAX = 2**31 - 1

# strconv.ParseBool takes these spellings and no others: `yes` and `tRUE` are mistakes.
TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))
FALSE = frozenset(("0", "f", "F", "FALSE", "false", "False"))


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
            number = parse_int(text)
            limit = INT32_MAX if kind == "int32" else 2**63 - 1
            if number is None:
                return f"strconv.ParseInt: parsing {go_quote(text)}: invalid syntax"
            if not -limit - 1 <= number <= limit:
                return f"strconv.ParseInt: parsing {go_quote(text)}: value out of range"
        case "duration":
            try:
                parse_duration(text)
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
