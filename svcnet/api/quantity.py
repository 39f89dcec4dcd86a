"""Quantities: amounts of cpu, memory and other resources, as Kubernetes reads and writes them.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go and suffix.go.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

BAD_FORMAT = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)
BAD_SUFFIX = "unable to parse quantity's suffix"

_QUANTITY = re.compile(
    r"(?P<sign>[-+]?)(?P<number>[0-9]+\.?[0-9]*|\.[0-9]+)(?P<suffix>.*)\Z", re.DOTALL
)
_EXPONENT = re.compile(r"[eE][-+]?[0-9]+\Z")
_LETTERS = re.compile(r"[eEinumkKMGTP]*[-+]?[0-9]*\Z")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_NANO = Fraction(1, 10**9)


class QuantityError(ValueError):
    """A text is no quantity; `str()` is what the API server says."""


@lru_cache(maxsize=4096)
def parse(text: str) -> tuple[Fraction, str]:
    """Return an amount and how it is written: ``decimal``, ``binary`` or ``exponent``.

    Amounts finer than a billionth are rounded away from zero.

    Raises:
        QuantityError: `text` is no quantity.
    """
    found = _QUANTITY.match(text)
    if not found or not _LETTERS.match(found["suffix"]):
        raise QuantityError(BAD_FORMAT)
    amount, suffix = Fraction(found["number"].rstrip(".") or "0"), found["suffix"]
    if suffix in _DECIMAL:
        amount, written = amount * Fraction(10) ** _DECIMAL[suffix], "decimal"
    elif suffix in _BINARY:
        amount, written = amount * 2 ** _BINARY[suffix], "binary"
    elif _EXPONENT.match(suffix):
        amount, written = amount * Fraction(10) ** int(suffix[1:]), "exponent"
    else:
        raise QuantityError(BAD_SUFFIX)
    amount = -(-amount // _NANO) * _NANO
    return (-amount if found["sign"] == "-" else amount), written


@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """Return a quantity as the API server gives it back: whole numbers, the largest suffix.

    Raises:
        QuantityError: `text` is no quantity.

    >>> [canonical(text) for text in ("0.5", "1024Mi", "1000m", "1500Mi", "1e3", "0.1Gi", "1.0")]
    ['500m', '1Gi', '1', '1500Mi', '1e3', '107374182400m', '1']
    """
    amount, written = parse(text)
    if not amount:
        return "0"
    if written == "binary" and -1024 < amount < 1024:  # noqa: PLR2004 - too small for a Ki
        written = "decimal"
    if written == "binary" and amount.denominator == 1:
        return _largest(amount, 2, 10, {power: name for name, power in _BINARY.items()} | {0: ""})
    if written == "exponent":
        return _largest(amount, 10, 3, {})
    return _largest(amount, 10, 3, {power: name for name, power in _DECIMAL.items()})


def _largest(amount: Fraction, base: int, step: int, names: dict[int, str]) -> str:
    """Return `amount` with the largest power of `base` that leaves a whole number."""
    power = max(names) if names else 18
    while (scaled := amount / Fraction(base) ** power).denominator != 1:
        power -= step
    if names:
        return f"{scaled}{names[power]}"
    return f"{scaled}e{power}" if power else str(scaled)
