"""Go's structs, made from the tables in `schema/`: JSON values in, what Go would write back out.

Source: Go's encoding/json decode.go; sigs.k8s.io/json; kubernetes
staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/time.go and pkg/util/intstr/intstr.go.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from svcnet.api import scalars
from svcnet.api.lean_namedtuple import NamedTuple

Where: TypeAlias = tuple[Any, ...]
"""A place in a document: the place around it, the struct it is a field of, its name or index."""

Decoder: TypeAlias = Callable[[Any, Where, "Faults"], Any]


class Faults:
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
        told = scalars.told(value)
        if told == "number" and go_type.startswith("int"):
            told = f"number {value}"
        into = f"struct field {struct}.{path}" if struct or path else "value"
        self.refuse(f"json: cannot unmarshal {told} into Go {into} of type {go_type}")

    def refuse(self, why: str) -> None:
        """Note a complaint that does not say where."""
        # Like decode.go saveError(): decoding goes on, but the first complaint is the one told.
        self.refusal = self.refusal or why

    def stranger(self, where: Where, name: str) -> None:
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


class Field(NamedTuple):
    """One field of a struct."""

    decode: Decoder
    keep: bool
    """Whether it is written when it holds nothing: it is a pointer to that."""


class Struct:
    """A Go struct: decodes mappings."""

    def __init__(self, name: str, go_type: str) -> None:
        self.name, self.go_type = name, go_type
        self.fields: dict[str, Field] = {}
        self.always: list[tuple[str, Callable[[], Any]]] = []
        """Fields that are written in any case, and what they are when nothing is given."""

    def decode(self, value: Any, where: Where, faults: Faults) -> dict[str, Any]:
        """Return the mapping `value` as this struct; what is wrong goes to `faults`."""
        out: dict[str, Any] = {}
        if type(value) is not dict:
            if value is not None:
                faults.mismatch(value, where, self.go_type)
            return self.empty()
        fields = self.fields
        for name, each in value.items():
            field = fields.get(name)
            if field is None:
                faults.stranger(where, name)
            # A null is as good as nothing at all, whatever the type.
            elif each is not None:
                decoded = field.decode(each, (where, self.name, name), faults)
                # Go's omitempty: zero values are not written, pointers to them are.
                if decoded or field.keep:
                    out[name] = decoded
        # What has no omitempty is written in any case, an empty list as null: that is how
        # protobuf gives it back.
        for name, zero in self.always:
            if not out.get(name):
                out[name] = zero()
        return out

    def empty(self) -> dict[str, Any]:
        """Return this struct when nothing is given."""
        return {name: zero() for name, zero in self.always}


@cache
def tables(file: str) -> dict[str, dict[str, str]]:
    """Return `schema/<file>.json`: for each struct the Go types of its fields."""
    path = Path(__file__).with_name("schema") / f"{file}.json"
    found: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    return found


@cache
def struct_of(file: str, name: str) -> Struct | None:
    """Return the struct of this name that `schema/<file>.json` tells of, or None.

    A name that is not found there is looked for among the core kinds and the metadata.
    """
    # Groups share the core types: a Deployment holds a PodTemplateSpec of core/v1.
    for each in (file, "core", "meta") if file else ():
        if name in (table := tables(each)):
            return _struct(each, name, table[name])
    return None


@cache
def _named(file: str, name: str) -> Struct:
    """Return a struct that a table names."""
    struct = struct_of(file, name)
    assert struct is not None, f"{file}.json names {name}, which nothing describes"
    return struct


_MADE: dict[tuple[str, str], Struct] = {}


def _struct(file: str, name: str, table: dict[str, str]) -> Struct:
    """Make a struct; it is remembered before its fields are made: some contain themselves."""
    if (file, name) in _MADE:
        return _MADE[file, name]
    made = _MADE[file, name] = Struct(name, f"{_package(file)}.{name}")
    for field, go_type in table.items():
        bare = go_type.removesuffix("!")
        decode, zero = _decoder(file, bare)
        made.fields[field] = Field(decode, keep=bare.startswith("*"))
        # Go writes structs in any case: omitempty does not know when one is empty.
        if go_type.endswith("!") or (bare[0].isupper() and bare not in _OMITTED):
            made.always.append((field, zero))
    return made


_OMITTED = ("Time", "MicroTime", "UID", "ResourceList")
"""Types with a capital letter that are no structs, or are left out when they are zero."""


def _package(file: str) -> str:
    """Return the Go package in front of a type's name; the API's version, and v1 for most."""
    return "v2" if file == "autoscaling" else "v1"


def _nothing() -> None:
    return None


def _decoder(file: str, bare: str) -> tuple[Decoder, Callable[[], Any]]:
    """Return how values of a Go type are decoded, and what its zero value is."""
    if bare.startswith("*"):
        return _decoder(file, bare[1:])[0], _nothing
    if bare.startswith("[]"):
        return _list(file, bare[2:]), _nothing
    if bare.startswith("map[string]"):
        return _map(file, bare.removeprefix("map[string]")), _nothing
    if bare in scalars.ZEROES or bare.startswith("string/"):
        return _leaf(bare), _zero(bare)
    struct = _named(file, bare)
    return struct.decode, struct.empty


def _zero(bare: str) -> Callable[[], Any]:
    """Return a maker of a leaf's zero value."""
    value = scalars.ZEROES.get(bare, "")
    return lambda: value


def _leaf(bare: str) -> Decoder:
    """Return the decoder of values that are no structs, lists or maps."""
    go_type = (
        f"v1.{bare.removeprefix('string/')}" if "/" in bare else scalars.GO_TYPES.get(bare, bare)
    )
    read = scalars.READERS["string" if "/" in bare else bare]

    def decode(value: Any, where: Where, faults: Faults) -> Any:
        try:
            return read(value)
        except scalars.Mismatch:
            faults.mismatch(value, where, go_type)
        except ValueError as error:
            # Types that read themselves (Quantity, Time, IntOrString) do not know where they
            # stand, so Go names no field in these errors.
            faults.refuse(str(error))
        return None

    return decode


def _go_name(file: str, bare: str) -> str:
    """Return a type as Go names it in errors."""
    if bare.startswith("[]"):
        return f"[]{_go_name(file, bare[2:])}"
    if bare.startswith("map[string]"):
        return f"map[string]{_go_name(file, bare.removeprefix('map[string]'))}"
    if "/" in bare:
        return f"v1.{bare.removeprefix('string/')}"
    if bare in scalars.ZEROES:
        return scalars.GO_TYPES.get(bare, bare)
    return f"{_package(file)}.{bare}"


def _list(file: str, item: str) -> Decoder:
    """Return the decoder of lists; a null in one is the item's zero value, as in Go."""
    decode_item, zero = _decoder(file, item)
    go_type = f"[]{_go_name(file, item)}"

    def decode(value: Any, where: Where, faults: Faults) -> Any:
        if type(value) is not list:
            faults.mismatch(value, where, go_type)
            return None
        return [
            zero() if each is None else decode_item(each, (where, None, index), faults)
            for index, each in enumerate(value)
        ]

    return decode


def _map(file: str, item: str) -> Decoder:
    """Return the decoder of maps; a null in one is the item's zero value, as in Go."""
    decode_item, zero = _decoder(file, item)
    go_type = f"map[string]{_go_name(file, item)}"

    def decode(value: Any, where: Where, faults: Faults) -> Any:
        if type(value) is not dict:
            faults.mismatch(value, where, go_type)
            return None
        return {
            key: zero() if each is None else decode_item(each, (where, None, key), faults)
            for key, each in value.items()
        }

    return decode
