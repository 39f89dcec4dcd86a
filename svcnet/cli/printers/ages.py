"""How long ago something was, as kubectl shows it.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/duration/duration.go HumanDuration().
"""

from __future__ import annotations

from functools import lru_cache

MINUTE, HOUR, DAY = 60, 3600, 86400
YEAR = 365 * DAY


def human(seconds: int) -> str:  # noqa: PLR0911 - one line per step
    """Return a length of time in the two largest units that still tell something.

    >>> [human(each) for each in (-2, -1, 0, 119, 120, 599, 600, 3 * HOUR, 8 * HOUR - 1)]
    ['<invalid>', '0s', '0s', '119s', '2m', '9m59s', '10m', '3h', '7h59m']
    >>> [human(each) for each in (47 * HOUR, 48 * HOUR, 8 * DAY - 1, 8 * DAY, 2 * YEAR, 9 * YEAR)]
    ['47h', '2d', '7d23h', '8d', '2y', '9y']
    """
    # Clocks differ, so kubectl forgives one second of the future.
    if seconds < -1:
        return "<invalid>"
    if seconds < 2 * MINUTE:
        return f"{max(seconds, 0)}s"
    if seconds < 10 * MINUTE:
        return _two(seconds, MINUTE, "m", 1, "s")
    if seconds < 3 * HOUR:
        return f"{seconds // MINUTE}m"
    if seconds < 8 * HOUR:
        return _two(seconds, HOUR, "h", MINUTE, "m")
    if seconds < 48 * HOUR:
        return f"{seconds // HOUR}h"
    if seconds < 8 * DAY:
        return _two(seconds, DAY, "d", HOUR, "h")
    if seconds < 2 * YEAR:
        return f"{seconds // DAY}d"
    if seconds < 8 * YEAR:
        return _two(seconds, YEAR, "y", DAY, "d")
    return f"{seconds // YEAR}y"


def _two(seconds: int, large: int, large_name: str, small: int, small_name: str) -> str:
    """Return two units; the small one is left out where it is zero, as in ``2m``."""
    rest = seconds % large // small
    return f"{seconds // large}{large_name}" + (f"{rest}{small_name}" if rest else "")


def since(timestamp: str | None, now: str) -> str:
    """Return how long before `now` something was; both RFC 3339, UTC.

    >>> since("2026-11-23T16:27:33Z", "2026-11-23T16:30:00Z"), since(None, "")
    ('2m27s', '<unknown>')
    """
    return human(between(timestamp, now)) if timestamp else "<unknown>"


def between(start: str, end: str) -> int:
    """Return the whole seconds from `start` to `end`; 0 where one of them is no timestamp."""
    first, last = _seconds(start), _seconds(end)
    return last - first if first is not None and last is not None else 0


@lru_cache(maxsize=64)
def _seconds(timestamp: str) -> int | None:
    # Parsed by hand: `datetime` takes as long to import as a thousand of these take to read.
    date, _, clock = timestamp.partition("T")
    clock = clock.partition("Z")[0].partition(".")[0]
    try:
        year, month, day = map(int, date.split("-"))
        hour, minute, second = map(int, clock.split(":"))
    except ValueError:
        return None
    return day_number(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second


def day_number(year: int, month: int, day: int) -> int:
    """Return how many days after 1 January 1970, a Thursday, a date is.

    The calendar module would know too, but takes longer to import than most verbs need it.

    >>> day_number(1970, 1, 1), day_number(2000, 3, 1), day_number(2026, 11, 23)
    (0, 11017, 20780)
    """
    since_march = (month - 3) % 12
    years = year - (month < 3)  # noqa: PLR2004 - a leap day is the last of a year from March on
    leap_days = years // 4 - years // 100 + years // 400
    return 365 * years + leap_days + (153 * since_march + 2) // 5 + day - 719469
