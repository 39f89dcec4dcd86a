"""Amounts of CPU and memory, in thousandths."""

from __future__ import annotations

from svcnet.api.quantity import NANO, QuantityError, parse

_MILLI = NANO // 1000


def millis(text: object) -> int:
    """Return an amount in thousandths, rounded up; 0 when it is none.

    >>> millis("4"), millis("250m"), millis("1.5"), millis("2k"), millis("1Ki"), millis(None)
    (4000, 250, 1500, 2000000, 1024000, 0)
    """
    try:
        amount, _ = parse(str(text))
    except QuantityError:
        return 0
    return -(-amount // _MILLI)
