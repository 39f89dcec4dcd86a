"""A document's value as go-spew prints the Go value it is: the text that Kubernetes hashes.

Every struct is printed whole, with the fields that nobody gave, in Go's order; so the text, and
each name that comes of it, depends on the very version of the types (`struct_table`).  Types that
hold other things than a document shows (quantities, times, ports that may be names) are printed as
they are inside.

A controller reads its objects through protobuf, which does not tell an empty list or map from
none: both are ``<nil>`` here.

Source: github.com/davecgh/go-spew spew/format.go; kubernetes
staging/src/k8s.io/apimachinery/pkg/util/dump/dump.go ForHash().
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from svcnet.api.struct_table import embedded_structs, fields_of_struct, is_struct, spelled

_Writer: TypeAlias = Callable[[Any], str]
"""Prints a value without its type; None and what is empty as the type's zero value."""

NIL = "<nil>"


def sprintf(value: Any, go_type: str) -> str:
    """Return `value` as `%#v` of spew prints it.

    Args:
        value: as it stands in a document that was decoded and defaulted.
        go_type: its type as the table of structs names it: ``core/v1.PodTemplateSpec``.

    >>> sprintf({"command": ["sh"]}, "core/v1.ExecAction")
    '(v1.ExecAction){Command:([]string)[sh]}'
    >>> sprintf([80, None], "[]*int32")
    '([]*int32)[<*>80 <nil>]'
    """
    return f"({spelled(go_type)}){_field_writer(go_type)(value)}"


@cache
def _field_writer(go_type: str) -> _Writer:
    """Return what prints a value whose type was printed, pointers' asterisks with it."""
    if go_type.startswith("*"):
        target = go_type[1:]
        return lambda value: NIL if value is None else _writer(target)(value)
    return _writer(go_type)


@cache
def _writer(go_type: str) -> _Writer:
    """Return what prints a value whose type nobody prints: the items of lists and maps."""
    if go_type.startswith("*"):
        target = go_type[1:]
        return lambda value: NIL if value is None else f"<*>{_writer(target)(value)}"
    if go_type in _SELF_WRITTEN:
        return _SELF_WRITTEN[go_type]
    if go_type.startswith("[]"):
        item = go_type[2:]
        return lambda value: f"[{' '.join(map(_writer(item), value))}]" if value else NIL
    if go_type.startswith("map["):
        return _map_writer(go_type.partition("]")[2])
    if is_struct(go_type):
        return _struct_writer(go_type)
    return _scalar_writer(go_type)


def _map_writer(item: str) -> _Writer:
    # By code point is by byte in UTF-8, as Go compares strings.
    return lambda value: (
        f"map[{' '.join(f'{key}:{_writer(item)(value[key])}' for key in sorted(value))}]"
        if value
        else NIL
    )


def _struct_writer(name: str) -> _Writer:
    fields = [
        (field, f"{go_name}:({spelled(go_type)})", go_type)
        for field, go_name, go_type in _go_fields(name)
    ]
    # Most fields of most structs are not given, and what they print then never changes.
    empty: list[str] = []

    def write(value: Any) -> str:
        if not empty:
            empty.extend(f"{head}{_field_writer(go_type)(None)}" for _, head, go_type in fields)
        texts = [
            f"{head}{_field_writer(go_type)(inner)}"
            if (inner := value if field is None else value.get(field)) is not None
            else zero
            for (field, head, go_type), zero in zip(fields, empty, strict=True)
        ]
        return f"{{{' '.join(texts)}}}"

    return lambda value: write(value or {})


def _go_fields(name: str) -> list[tuple[str | None, str, str]]:
    """Return a struct's fields as Go has them: name in a document, name in Go, type.

    The fields of an inlined struct are one field here, without a name in a document: its value is
    the same mapping.
    """
    found: list[tuple[str | None, str, str]] = []
    embedded = {
        field: (go_name, struct)
        for go_name, struct in embedded_structs(name).items()
        for field in fields_of_struct(struct)
    }
    for field in fields_of_struct(name).values():
        if field.name not in embedded:
            found.append((field.name, field.go_name, field.go_type))
        elif (inlined := (None, *embedded[field.name])) not in found:
            found.append(inlined)
    return found


def _scalar_writer(go_type: str) -> _Writer:
    underlying = go_type.partition("(")[2].removesuffix(")") or go_type
    if underlying == "bool":
        return lambda value: "true" if value else "false"
    if underlying == "string":
        return lambda value: value or ""
    return lambda value: str(value or 0)


# --- types that write themselves ---------------------------------------------------------------


def _time(value: str | None) -> str:
    """Print a metav1.Time: nanoseconds, seconds since the year 1, and where that clock stands."""
    return f"{{Time:(time.Time){_go_time(value)}}}"


def _go_time(value: str | None) -> str:
    if value is None:
        return "{wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}"
    from datetime import UTC, datetime  # noqa: PLC0415 - hardly any template has a time

    since = datetime.fromisoformat(value) - datetime(1, 1, 1, tzinfo=UTC)
    # What protobuf gives back is in local time, and a container's local time is UTC.
    local = (
        "{name:(string)UTC zone:([]time.zone)<nil> tx:([]time.zoneTrans)<nil> extend:(string) "
        "cacheStart:(int64)0 cacheEnd:(int64)0 cacheZone:(*time.zone)<nil>}"
    )
    seconds, nanoseconds = since.days * 86400 + since.seconds, since.microseconds * 1000
    return f"{{wall:(uint64){nanoseconds} ext:(int64){seconds} loc:(*time.Location){local}}}"


def _int_or_string(value: int | str | None) -> str:
    number, text = (0, value) if isinstance(value, str) else (value or 0, "")
    kind = int(isinstance(value, str))
    return f"{{Type:(intstr.Type){kind} IntVal:(int32){number} StrVal:(string){text}}}"


def _quantity(value: str | None) -> str:
    """Print a quantity as it is after it was read from its canonical text."""
    from svcnet.api import quantity  # noqa: PLC0415 - most templates have none

    held = quantity.inside(value or "0")
    number, scale = (0, 0) if held.is_decimal else (held.value, held.scale)
    decimal = f"(*inf.Dec){_decimal(held.value, held.scale) if held.is_decimal else NIL}"
    return (
        f"{{i:(resource.int64Amount){{value:(int64){number} scale:(resource.Scale){scale}}} "
        f"d:(resource.infDecAmount){{Dec:{decimal}}} "
        f"s:(string){held.text} Format:(resource.Format){held.format}}}"
    )


def _decimal(unscaled: int, scale: int) -> str:
    """Print an inf.Dec: a whole number in words of 64 bits, the lowest first, and its scale."""
    words, rest = [], abs(unscaled)
    while rest:
        words.append(str(rest % 2**64))
        rest >>= 64
    return (
        f"{{unscaled:(big.Int){{neg:(bool){'true' if unscaled < 0 else 'false'} "
        f"abs:(big.nat)[{' '.join(words)}]}} scale:(inf.Scale){scale}}}"
    )


def _resource_list(value: dict[str, str] | None) -> str:
    return _map_writer("api/resource.Quantity")(value)


_SELF_WRITTEN: dict[str, _Writer] = {
    "meta/v1.Time": _time,
    "util/intstr.IntOrString": _int_or_string,
    "api/resource.Quantity": _quantity,
    "core/v1.ResourceList(map)": _resource_list,
}
