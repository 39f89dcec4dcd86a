"""Quantities: amounts of cpu, memory and other resources, as Kubernetes reads and writes them.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go and suffix.go.
"""

from __future__ import annotations

import re
from functools import lru_cache

from svcnet.lean_namedtuple import NamedTuple

BAD_FORMAT = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)
BAD_SUFFIX = "unable to parse quantity's suffix"

# Patterns are text: `re` compiles one when it is first needed, and keeps it.
_QUANTITY = r"(?s)(?P<sign>[-+]?)(?P<number>[0-9]+\.?[0-9]*|\.[0-9]+)(?P<suffix>.*)\Z"
# `1E` is an exa and `1E3` an exponent: only digits behind the letter make it one.
_EXPONENT = r"[eE][-+]?[0-9]+\Z"
_LETTERS = r"[eEinumkKMGTP]*[-+]?[0-9]*\Z"
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_BINARY_NAMES = {power: name for name, power in _BINARY.items()} | {0: ""}
_DECIMAL_NAMES = {power: name for name, power in _DECIMAL.items()}
_KIBI = 1024
_MOST_EXPONENT = 40
_MOST_BINARY = 2**63 - 1
"""What larger amounts with a binary suffix are taken for: maxAllowed of quantity.go."""
NANO = 10**9
"""Amounts are counted in billionths, the finest there are."""


class QuantityError(ValueError):
    """A text is no quantity; `str()` is what the API server says."""


@lru_cache(maxsize=4096)
def parse(text: str) -> tuple[int, str]:
    """Return an amount and how it is written: ``decimal``, ``binary`` or ``exponent``.

    The amount is in billionths (`NANO`); what is finer is rounded away from zero.

    Raises:
        QuantityError: `text` is no quantity.
    """
    found = re.match(_QUANTITY, text)
    # Two complaints as in quantity.go: ErrFormatWrong for the shape, ErrSuffix for good letters
    # that mean nothing together.
    if not found or not re.match(_LETTERS, found["suffix"]):
        raise QuantityError(BAD_FORMAT)
    whole, _, decimals = found["number"].partition(".")
    digits, suffix = int(whole + decimals or "0"), found["suffix"]
    power, written = -len(decimals) + 9, "decimal"
    if suffix in _DECIMAL:
        power += _DECIMAL[suffix]
    elif suffix in _BINARY:
        digits, written = digits << _BINARY[suffix], "binary"
    elif re.match(_EXPONENT, suffix):
        power, written = power + _bounded(int(suffix[1:])), "exponent"
    else:
        raise QuantityError(BAD_SUFFIX)
    # Up, never down: what was asked for must not become less, or nothing (quantity.go).
    amount = digits * 10**power if power >= 0 else -(-digits // 10**-power)
    if written == "binary":
        amount = min(amount, _MOST_BINARY * NANO)
    return (-amount if found["sign"] == "-" else amount), written


def _bounded(exponent: int) -> int:
    """Return an exponent, but none so large that computing with it would take long."""
    return max(-_MOST_EXPONENT, min(_MOST_EXPONENT, exponent))


def millis(text: object) -> int:
    """Return an amount in thousandths, rounded up; 0 when it is none.

    >>> millis("4"), millis("250m"), millis("1.5"), millis("2k"), millis("1Ki"), millis(None)
    (4000, 250, 1500, 2000000, 1024000, 0)
    """
    try:
        amount, _ = parse(str(text))
    except QuantityError:
        return 0
    return -(-amount // (NANO // 1000))


def is_whole(text: str) -> bool:
    """Tell whether a good quantity is a whole number."""
    return parse(text)[0] % NANO == 0


@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """Return a quantity as the API server gives it back: whole numbers, the largest suffix.

    Raises:
        QuantityError: `text` is no quantity.

    >>> [canonical(text) for text in ("0.5", "1024Mi", "1000m", "1500Mi", "1e3", "0.1Gi", "1.0")]
    ['500m', '1Gi', '1', '1500Mi', '1e3', '107374182400m', '1']
    """
    return formatted(*parse(text))


def formatted(amount: int, written: str) -> str:
    """Return an amount of billionths as a quantity; `written` as `parse` tells it."""
    if not amount:
        return "0"
    # Binary suffixes only stay when a whole number of Ki or more is left.
    whole = amount // NANO
    if written == "binary" and amount % NANO == 0 and abs(whole) >= _KIBI:
        power = next(each for each in range(60, -10, -10) if whole % (1 << each) == 0)
        return f"{whole >> power}{_BINARY_NAMES[power]}"
    power = next(each for each in range(18, -12, -3) if amount % 10 ** (each + 9) == 0)
    scaled = amount // 10 ** (power + 9)
    if written == "exponent":
        return f"{scaled}e{power}" if power else str(scaled)
    return f"{scaled}{_DECIMAL_NAMES[power]}"


class Inside(NamedTuple):
    """What a Quantity of Go's holds once it was read from its canonical text."""

    value: int
    scale: int
    """The power of ten that `value` counts; where it is a decimal, the digits behind the point."""
    is_decimal: bool
    """Whether it is too long for an int64, and held as an inf.Dec."""
    text: str
    """What it remembers of its text; empty when it is not sure that it was canonical."""
    format: str


_FORMATS = {"decimal": "DecimalSI", "binary": "BinarySI", "exponent": "DecimalExponent"}
_INT64_DIGITS = 18
_BINARY_DIGITS = 14


def inside(text: str) -> Inside:
    """Return what Go holds for a canonical quantity.

    Source: quantity.go ParseQuantity().

    >>> inside("1500m")
    Inside(value=1500, scale=-3, is_decimal=False, text='1500m', format='DecimalSI')
    >>> inside("128Mi")
    Inside(value=134217728, scale=0, is_decimal=False, text='', format='BinarySI')
    """
    amount, written = parse(text)
    found = re.match(_QUANTITY, text)
    assert found is not None
    digits, suffix = found["number"], found["suffix"]
    if written == "binary":
        power, exponent = 0, _BINARY[suffix]
        room = _BINARY_DIGITS - len(digits) - exponent * 3 // 10
        # Eight times a power of two may be one with a larger suffix.
        sure = int(digits) % 8 != 0
    else:
        power = _DECIMAL[suffix] if written == "decimal" else int(suffix[1:])
        exponent, room = 0, _INT64_DIGITS - len(digits)
        sure = power % 3 == 0 and not digits.endswith("000") and digits != "0"
    if room < 0:
        return Inside(amount, 9, True, "", _FORMATS[written])
    value = int(found["sign"] + digits) << exponent
    return Inside(value, power, False, text if sure or text == "0" else "", _FORMATS[written])
