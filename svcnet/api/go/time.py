"""Lengths of time as Go's time package reads them.

Source: go time/format.go ParseDuration().
"""

from __future__ import annotations

import re

from svcnet.errors import go_quote

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


def parse_duration(text: str) -> float:
    """Return how many seconds ``time.ParseDuration`` reads.

    Raises:
        ValueError: in Go's words.

    >>> [parse_duration(text) for text in ("1m30s", "-1.5h", "0", ".5s", "10ms")]
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
