"""Numbers and characters as Go's strconv reads and prints them.

How it quotes text stands in `svcnet.errors`, which needs it first: `go_quote`.

Source: go strconv/quote.go, atoi.go, ftoa.go.
"""

from __future__ import annotations

import re

from svcnet.errors import go_letter

# Base 0 of strconv.ParseInt: the prefix decides, and a mere leading zero means octal.
_DIGITS = {"0x": "[0-9a-f]", "0b": "[01]", "0o": "[0-7]", "0": "[0-7]", "": "[0-9]"}
_BASES = {"0x": 16, "0b": 2, "0o": 8, "0": 8, "": 10}

_PLAIN = range(-4, 6)
"""Powers of ten of a first digit for which a float is printed without an exponent."""


def quote_rune(character: str) -> str:
    r"""Return one character as Go's ``%q`` prints it.

    >>> print(quote_rune("o"), quote_rune("'"))
    'o' '\''
    """
    body = r"\'" if character == "'" else character if character == '"' else go_letter(character)
    return f"'{body}'"


def parse_int(text: str) -> int | None:
    """Return the number that ``strconv.ParseInt(text, 0, …)`` reads, of any size, or None.

    >>> [parse_int(text) for text in ("10", "-0x1F", "010", "1_000", "0b11", "", "09", "1__0")]
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


def parse_decimal(text: str) -> int | None:
    """Return the number that ``strconv.ParseInt(text, 10, 64)`` reads, or None.

    >>> [parse_decimal(text) for text in ("10", "-7", "010", "0x1F", "1_0", "", "9" * 19)]
    [10, -7, 10, None, None, None, None]
    """
    # Without leading zeros: Python reads no numbers of thousands of digits.
    match = re.fullmatch("([+-]?)0*([0-9]{1,19})", text)
    if match is None:
        return None
    number = int(match[1] + match[2])
    return number if -(2**63) <= number < 2**63 else None


def format_float(value: float) -> str:
    """Return a float64 as ``%v`` prints it: the fewest digits that give it back.

    Source: go strconv/ftoa.go formatDigits(), format 'g' with precision -1.

    >>> [format_float(each) for each in (80.0, 0.5, 1e6, 1.5e-7)]
    ['80', '0.5', '1e+06', '1.5e-07']
    """
    # repr() has no sign for infinity, and lower case.
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        return {"inf": "+Inf", "-inf": "-Inf"}.get(repr(value), "NaN")
    if value == 0:
        return "-0" if repr(value).startswith("-") else "0"
    digits, exponent = _decimal(value)
    if exponent not in _PLAIN:
        return _scientific(value, digits, exponent)
    if exponent < 0:
        text = "0." + "0" * (-exponent - 1) + digits
    else:
        whole = digits[: exponent + 1].ljust(exponent + 1, "0")
        rest = digits[exponent + 1 :]
        text = f"{whole}.{rest}" if rest else whole
    return f"-{text}" if value < 0 else text


def _decimal(value: float) -> tuple[str, int]:
    """Return the digits of |value| without zeros around them, and the first one's power of ten.

    Python's repr() finds the same shortest digits as Go; only their layout differs.
    """
    from decimal import Decimal  # noqa: PLC0415 - rarely needed, and 2 ms to import

    exact = Decimal(repr(abs(value)))
    return "".join(map(str, exact.as_tuple().digits)).strip("0"), exact.adjusted()


def _scientific(value: float, digits: str, exponent: int) -> str:
    """Return a number with an exponent of two digits at least."""
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    sign = "-" if value < 0 else ""
    return f"{sign}{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
