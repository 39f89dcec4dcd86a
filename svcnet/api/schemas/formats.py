"""Formats of strings that schemas may ask for.

Source: kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/validation/formats.go;
k8s.io/kube-openapi pkg/validation/strfmt/default.go.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import date, datetime

from svcnet.api import addresses
from svcnet.api.content import MAX_LABEL, MAX_SUBDOMAIN
from svcnet.api.quantity import QuantityError, canonical

_UUID = r"[0-9a-f]{{8}}-?[0-9a-f]{{4}}-?{0}[0-9a-f]{{3}}-?{1}[0-9a-f]{{3}}-?[0-9a-f]{{12}}"
_ANY = "[0-9a-f]"
_VARIANT = "[89ab]"
_LABEL = r"[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?"


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda text: compiled.fullmatch(text) is not None


def _hostname(text: str) -> bool:
    # A letter begins and none is alone: RFC 1034 as strfmt reads it.
    labels = text.split(".")
    return len(text) <= 255 and all(  # noqa: PLR2004
        re.fullmatch(r"[A-Za-z0-9_](?:[-A-Za-z0-9_]*[A-Za-z0-9_])?", each)
        and len(each) <= MAX_LABEL
        for each in labels
    )


def _ip(version: int) -> Callable[[str], bool]:
    def valid(text: str) -> bool:
        found = addresses.parse(text)
        return found is not None and found.version == version

    return valid


def _duration(text: str) -> bool:
    unit = r"(?:ns|us|µs|μs|ms|s|m|h)"
    go = rf"[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+){unit})+)"
    scala = (
        r"\d+\s*(?:ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?"
        r"|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wk|weeks?)"
    )
    return re.fullmatch(go, text) is not None or re.fullmatch(scala, text) is not None


def _date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None


def _datetime(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[-+]\d\d:\d\d)", text):
        return False
    try:
        datetime.fromisoformat(re.sub(r"\.\d+", "", text.upper()))
    except ValueError:
        return False
    return True


def _base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _quantity(text: str) -> bool:
    try:
        canonical(text)
    except QuantityError:
        return False
    return True


_FORMATS: dict[str, Callable[[str], bool]] = {
    "bsonobjectid": _matches(r"[0-9a-f]{24}"),
    "byte": _base64,
    "cidr": lambda text: addresses.parse_range(text) is not None,
    "creditcard": _matches(r"(?:\D*\d){13,19}\D*"),
    "date": _date,
    "datetime": _datetime,
    "duration": _duration,
    "email": _matches(r"[^@\s]+@[^@\s]+"),
    "hexcolor": _matches(r"#?(?:[0-9a-f]{3}|[0-9a-f]{6})"),
    "hostname": _hostname,
    "ipv4": _ip(4),
    "ipv6": _ip(6),
    "isbn": _matches(r"(?:[-\s]*\d){9,12}[-\s]*[\dX]"),
    "isbn10": _matches(r"(?:[-\s]*\d){9}[-\s]*[\dX]"),
    "isbn13": _matches(r"(?:[-\s]*\d){13}"),
    "k8slongname": lambda text: (
        len(text) <= MAX_SUBDOMAIN and re.fullmatch(rf"{_LABEL}(?:\.{_LABEL})*", text) is not None
    ),
    "k8sshortname": lambda text: len(text) <= MAX_LABEL and re.fullmatch(_LABEL, text) is not None,
    "mac": _matches(
        r"(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4,6}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2,3}[0-9a-f]{4}"
    ),
    "password": lambda _: True,
    "quantity": _quantity,
    "rgbcolor": _matches(r"rgb\(\s*\d{1,3}%?\s*,\s*\d{1,3}%?\s*,\s*\d{1,3}%?\s*\)"),
    "ssn": _matches(r"\d{3}[- ]?\d{2}[- ]?\d{4}"),
    "uri": _matches(r"[a-z][a-z0-9+.-]*:\S*|/\S*"),
    "uuid": _matches(_UUID.format(_ANY, _ANY)),
    "uuid3": _matches(_UUID.format("3", _ANY)),
    "uuid4": _matches(_UUID.format("4", _VARIANT)),
    "uuid5": _matches(_UUID.format("5", _VARIANT)),
}


def is_known(name: str) -> bool:
    """Tell whether a format of strings means anything; dashes in its name do not count.

    >>> is_known("date-time"), is_known("int64")
    (True, False)
    """
    return name.replace("-", "") in _FORMATS


def fits(text: str, name: str) -> bool:
    """Tell whether a string has a format; all have one that is not known."""
    check = _FORMATS.get(name.replace("-", ""))
    return check is None or check(text)
