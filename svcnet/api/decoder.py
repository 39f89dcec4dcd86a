"""Go's structs, made from the table of structs: JSON values in, what Go would write back out.

Source: Go's encoding/json decode.go; sigs.k8s.io/json; kubernetes
staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/time.go and pkg/util/intstr/intstr.go.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from svcnet.api import scalars
from svcnet.api.go.json import type_name
from svcnet.api.struct_table import StructField, fields_of_struct, is_struct, spelled
from svcnet.lean_namedtuple import NamedTuple

Where: TypeAlias = tuple[Any, ...]
"""A place in a document: the place around it, the struct it is a field of, its name or index."""

Decoder: TypeAlias = Callable[[Any, Where, "DecodingErrors"], Any]


class DecodingErrors:
    """What is wrong with a document: of wrong types the first counts, of unknown fields all."""

    __slots__ = ("refusal", "unknown")

    def __init__(self) -> None:
        self.refusal = ""
        self.unknown: list[str] = []

    def __bool__(self) -> bool:
        return bool(self.refusal or self.unknown)

    def mismatch(self, value: Any, where: Where, go_type: str) -> None:
        """Note that `value` cannot be a `go_type`."""
        # Source: decode.go literalStore(): the digits are told where a number does not fit an
        # integer, and only there.
        struct, path = _go_place(where)
        given = type_name(value)
        if given == "number" and go_type.startswith("int"):
            given = f"number {value}"
        into = f"struct field {struct}.{path}" if struct or path else "value"
        self.refuse(f"json: cannot unmarshal {given} into Go {into} of type {go_type}")

    def refuse(self, why: str) -> None:
        """Note a complaint that does not say where."""
        # Like decode.go saveError(): decoding goes on, but the first complaint is the one told.
        self.refusal = self.refusal or why

    def unknown_field(self, where: Where, name: str) -> None:
        """Note a field that the struct at `where` does not have."""
        self.unknown.append("".join((*_path(where), f".{name}")).removeprefix("."))


def _path(where: Where) -> list[str]:
    """Return the parts of a path as strict decoding tells it: with indices."""
    # Strict errors come from a stack that sigs.k8s.io/json added, and it counts indices; the
    # stack of Go itself, below, holds the names of fields only.
    parts: list[str] = []
    while where:
        where, _, name = where
        parts.append(f"[{name}]" if isinstance(name, int) else f".{name}")
    return parts[::-1]


def _go_place(where: Where) -> tuple[str, str]:
    """Return the struct around a place and the path to it, as Go tells them: without indices."""
    struct, names = "", []
    while where:
        where, owner, name = where
        if owner is not None:
            struct = struct or owner
            names.append(str(name))
    return struct, ".".join(reversed(names))


class FieldDecoder(NamedTuple):
    """How one field of a struct is decoded."""

    decode: Decoder
    keep: bool
    """Whether it is written when it holds nothing: it is a pointer to that."""


class _FieldDecoders(dict[str, FieldDecoder | None]):
    """The decoders of a struct's fields, each made when a document has the field; else None."""

    # A PodSpec leads to a hundred structs, of which a pod uses five.
    def __init__(self, struct: str) -> None:
        self._fields = fields_of_struct(struct)

    def __missing__(self, name: str) -> FieldDecoder | None:
        field = self._fields.get(name)
        # Not remembered: documents may hold any number of unknown names.
        if field is None:
            return None
        decode, _ = _decoder(field.go_type)
        made = self[name] = FieldDecoder(decode, keep=field.go_type.startswith("*"))
        return made


class Struct:
    """A Go struct: decodes mappings."""

    def __init__(self, name: str) -> None:
        self.name = name.rpartition(".")[2]
        self.go_type = spelled(name)
        self.fields = _FieldDecoders(name)
        self.always = [
            (field.name, _decoder(field.go_type)[1], field.go_type.startswith("*"))
            for field in fields_of_struct(name).values()
            if _is_always_written(field)
        ]
        """Fields that are written in any case, what makes their zero value, and whether they are
        pointers, which are something also when they point to nothing."""

    def decode(self, value: Any, where: Where, errors: DecodingErrors) -> dict[str, Any]:
        """Return the mapping `value` as this struct; what is wrong goes to `errors`."""
        out: dict[str, Any] = {}
        if type(value) is not dict:
            if value is not None:
                errors.mismatch(value, where, self.go_type)
            return self.empty()
        fields = self.fields
        for name, each in value.items():
            field = fields[name]
            if field is None:
                errors.unknown_field(where, name)
            # A null is as good as nothing at all, whatever the type.
            elif each is not None:
                decoded = field.decode(each, (where, self.name, name), errors)
                # Go's omitempty: zero values are not written, pointers to them are.
                if decoded or field.keep:
                    out[name] = decoded
        # What has no omitempty is written in any case, an empty list as null: that is how
        # protobuf gives it back.
        for name, zero, pointer in self.always:
            if not out.get(name) and not (pointer and name in out):
                out[name] = zero()
        return out

    def empty(self) -> dict[str, Any]:
        """Return this struct when nothing is given."""
        return {name: zero() for name, zero, _ in self.always}


@cache
def struct_named(name: str) -> Struct:
    """Return the decoder of a struct of the table."""
    return Struct(name)


def _is_always_written(field: StructField) -> bool:
    """Tell whether Go writes a field also when it holds nothing."""
    if not field.omitempty:
        return True
    # Go's omitempty does not know when a struct is empty; omitzero does, which this field has.
    # Source: kubernetes staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/types.go ObjectMeta.
    return field.name != "creationTimestamp" and (
        is_struct(field.go_type) or field.go_type in scalars.SELF_WRITTEN
    )


def _nothing() -> None:
    return None


@cache
def _decoder(go_type: str) -> tuple[Decoder, Callable[[], Any]]:
    """Return how values of a Go type are decoded, and what makes its zero value."""
    if go_type.startswith("*"):
        return _decoder(go_type[1:])[0], _nothing
    if go_type in scalars.READERS:
        return _scalar(go_type, scalars.READERS[go_type])
    if go_type.startswith("[]"):
        return _list(go_type, go_type[2:]), _nothing
    if go_type.startswith("map["):
        return _map(go_type, go_type.partition("]")[2]), _nothing
    if is_struct(go_type):
        return _struct(go_type)
    # A type of its own that is another one underneath: `core/v1.Protocol(string)`.  Lists and
    # maps of that sort have no readers; nobody needs to look into them.
    underlying = go_type.partition("(")[2].removesuffix(")")
    return _scalar(go_type, scalars.READERS.get(underlying, scalars.READERS["any"]))


def _struct(name: str) -> tuple[Decoder, Callable[[], Any]]:
    """Return the decoder of a struct, which is made when it is needed: some contain themselves."""

    def decode(value: Any, where: Where, errors: DecodingErrors) -> Any:
        return struct_named(name).decode(value, where, errors)

    return decode, lambda: struct_named(name).empty()


def _scalar(go_type: str, read: Callable[[Any], Any]) -> tuple[Decoder, Callable[[], Any]]:
    """Return the decoder of values that are no structs, lists or maps, and their zero value."""
    go_name = spelled(go_type)
    zero = scalars.ZEROES.get(go_type, scalars.ZEROES.get(go_type.partition("(")[2][:-1]))

    def decode(value: Any, where: Where, errors: DecodingErrors) -> Any:
        try:
            return read(value)
        except scalars.Mismatch:
            errors.mismatch(value, where, go_name)
        except ValueError as error:
            # Types that read themselves (Quantity, Time, IntOrString) do not know where they
            # stand, so Go names no field in these errors.
            errors.refuse(str(error))
        return None

    return decode, lambda: zero


def _list(go_type: str, item: str) -> Decoder:
    """Return the decoder of lists; a null in one is the item's zero value, as in Go."""
    decode_item, zero = _decoder(item)
    go_name = spelled(go_type)

    def decode(value: Any, where: Where, errors: DecodingErrors) -> Any:
        if type(value) is not list:
            errors.mismatch(value, where, go_name)
            return None
        return [
            zero() if each is None else decode_item(each, (where, None, index), errors)
            for index, each in enumerate(value)
        ]

    return decode


def _map(go_type: str, item: str) -> Decoder:
    """Return the decoder of maps; a null in one is the item's zero value, as in Go."""
    decode_item, zero = _decoder(item)
    go_name = spelled(go_type)

    def decode(value: Any, where: Where, errors: DecodingErrors) -> Any:
        if type(value) is not dict:
            errors.mismatch(value, where, go_name)
            return None
        return {
            key: zero() if each is None else decode_item(each, (where, None, key), errors)
            for key, each in value.items()
        }

    return decode
