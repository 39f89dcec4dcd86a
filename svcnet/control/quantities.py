"""Amounts as Kubernetes writes them: ``4``, ``250m``, ``1.5``, ``2k``.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go.
"""

from __future__ import annotations

import re
from fractions import Fraction

_QUANTITY = re.compile(r"([+-]?\d*\.?\d*)(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)")

_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {f"{letter}i": 10 * power for power, letter in enumerate("KMGTPE", start=1)}


def millis(text: object) -> int:
    """Return an amount in thousandths, rounded up; 0 when it is none.

    >>> millis("4"), millis("250m"), millis("1.5"), millis("2k"), millis("1Ki"), millis(None)
    (4000, 250, 1500, 2000000, 1024000, 0)
    """
    match = _QUANTITY.fullmatch(str(text).strip())
    if match is None or not any(map(str.isdigit, match[1])):
        return 0
    number, exponent, unit = match[1], match[2], match[3] or ""
    value = Fraction(number)
    if exponent is not None:
        value *= Fraction(10) ** int(exponent)
    elif unit in _BINARY:
        value *= 1 << _BINARY[unit]
    else:
        value *= Fraction(10) ** _DECIMAL[unit]
    return -(-value * 1000 // 1)
