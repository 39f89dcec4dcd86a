"""Values that are no structs: numbers, strings, times, quantities, and Go's words for a wrong one.

Source: Go's encoding/json decode.go and time; kubernetes
staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/time.go and pkg/util/intstr/intstr.go.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from svcnet.api import quantity
from svcnet.api.go.json import type_name
from svcnet.errors import go_quote

SELF_WRITTEN = frozenset(
    {
        "meta/v1.Time",
        "meta/v1.MicroTime",
        "api/resource.Quantity",
        "util/intstr.IntOrString",
        "runtime.RawExtension",
    }
)
"""Structs that write themselves, and so are there even when nothing is given."""

ZEROES: dict[str, Any] = {
    "string": "",
    "int32": 0,
    "int64": 0,
    "float64": 0,
    "bool": False,
    # Bytes that are null come out of the store as none.
    "[]uint8": "",
    # metav1.Time writes its zero value as null.
    "api/resource.Quantity": "0",
    "util/intstr.IntOrString": 0,
}
"""What each type holds when nothing is given, where that is not null."""


class Mismatch(Exception):
    """A value is of another type."""


def _string(value: Any) -> str:
    # Not isinstance: True is an int in Python, and no number in JSON.
    if type(value) is not str:
        raise Mismatch
    return value


def _bool(value: Any) -> bool:
    if type(value) is not bool:
        raise Mismatch
    return value


def _integer(bits: int) -> Callable[[Any], int]:
    """Return the reader of integers of so many bits; JSON has only numbers, Go has sizes."""
    largest = 2 ** (bits - 1) - 1

    def read(value: Any) -> int:
        # No 1.0 either, as with strconv.ParseInt(); whole floats of a manifest became integers
        # when it was read.
        if type(value) is not int or not -largest - 1 <= value <= largest:
            raise Mismatch
        return value

    return read


def _float(value: Any) -> float:
    if type(value) not in (int, float):
        raise Mismatch
    number: float = value
    return number


def _int_or_string(value: Any) -> int | str:
    """Read a port or an amount: a string, or an int32."""
    if type(value) is str:
        return value
    if type(value) is int and -(2**31) <= value < 2**31:
        return value
    # Whatever is no string goes to the decoder of int32: intstr.go UnmarshalJSON().
    number = f" {value}" if type_name(value) == "number" else ""
    raise ValueError(
        f"json: cannot unmarshal {type_name(value)}{number} into Go value of type int32"
    )


def _quantity(value: Any) -> str:
    """Read an amount of something: a string or a bare number."""
    if type(value) is str:
        return quantity.canonical(value.strip())
    if type(value) in (int, float):
        return quantity.canonical(str(value))
    raise ValueError(quantity.BAD_FORMAT)


def _resource_list(value: Any) -> dict[str, str]:
    """Read amounts by resource."""
    if type(value) is not dict:
        raise Mismatch
    return {key: "0" if each is None else _quantity(each) for key, each in value.items()}


# Patterns are text: `re` compiles one when it is first needed, and keeps it.
_BASE64 = r"[A-Za-z0-9+/]*={0,2}"


def _bytes(value: Any) -> str:
    """Read bytes, which JSON holds in base64; Go passes over line ends in them."""
    if type(value) is not str:
        raise Mismatch
    # Long base64 is often wrapped; encoding/base64 skips line ends wherever they are.
    text = value.replace("\r", "").replace("\n", "")
    found = re.match(_BASE64, text)
    end = found.end() if found else 0
    if end != len(text) or len(text) % 4:
        raise ValueError(f"illegal base64 data at input byte {min(end, len(text) // 4 * 4)}")
    return b2a_base64(a2b_base64(text), newline=False).decode()


_RFC3339 = "2006-01-02T15:04:05Z07:00"
_RFC3339_MICRO = "2006-01-02T15:04:05.000000Z07:00"
_TIME = r"(?a)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?P<fraction>\.\d+)?(?:Z|[-+]\d{2}:\d{2})\Z"


def _moment(value: Any, layout: str) -> datetime:
    """Read a time of RFC 3339, in UTC; what Go says of others depends on where it stops reading."""
    if type(value) is not str:
        raise ValueError(f"json: cannot unmarshal {type_name(value)} into Go value of type string")
    try:
        if found := re.match(_TIME, value):
            # Go reads nine digits, Python six; nothing finer than microseconds is ever printed.
            fraction = (found["fraction"] or ".0")[:7]
            moment = datetime.fromisoformat(value.replace(found["fraction"] or "\0", fraction))
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        # The right shape, but no such day or hour, or in no year that UTC has.
        pass
    begin = value[:4] if value[:4].isdigit() else ""
    rest = value[len(begin) :]
    missed = "-" if begin else "2006"
    raise ValueError(
        f"parsing time {go_quote(value)} as {go_quote(layout)}: "
        f"cannot parse {go_quote(rest)} as {go_quote(missed)}"
    )


def _time(value: Any) -> str:
    """Read a time to the second, as the API server keeps it: in UTC."""
    return f"{_moment(value, _RFC3339):%Y-%m-%dT%H:%M:%SZ}"


def _micro_time(value: Any) -> str:
    """Read a time to the microsecond."""
    return f"{_moment(value, _RFC3339_MICRO):%Y-%m-%dT%H:%M:%S.%fZ}"


def _any(value: Any) -> Any:
    return value


READERS: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "int32": _integer(32),
    "int64": _integer(64),
    "float64": _float,
    "bool": _bool,
    "meta/v1.Time": _time,
    "meta/v1.MicroTime": _micro_time,
    "api/resource.Quantity": _quantity,
    "util/intstr.IntOrString": _int_or_string,
    "core/v1.ResourceList(map)": _resource_list,
    "[]uint8": _bytes,
    "any": _any,
}
"""How a JSON value becomes one of each type; Mismatch or ValueError (Go's words) when it cannot."""
