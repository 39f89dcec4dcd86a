"""The one table of Kubernetes' structs: what every field is called, holds and how it merges.

`data/structs-1.36.txt` has a block for each struct: its name (`core/v1.Container`), then a line for
each field in Go's order, those of inlined structs among them.  A line holds the field's name, its
Go type, and what is not the rule, in the words of Go's tags and of OpenAPI's extensions:

    ports []core/v1.ServicePort omitempty patchStrategy=merge patchMergeKey=port listType=map …

Types that are other types by name tell which in parentheses: ``core/v1.Protocol(string)``.  What a
struct inlines stands behind its name, as ``embeds=VolumeSource:core/v1.VolumeSource``.  The first
block lists the kinds: ``apps/v1 apps/v1 DaemonSet Deployment …``, apiVersion and package.
`scripts/write_api_data.py` writes the file; blocks are only read when somebody asks for them.

Source: kubernetes staging/src/k8s.io/api/*/*/types.go; api/openapi-spec/swagger.json.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TypeAlias

from svcnet.lean_namedtuple import NamedTuple

# `pathlib` would take longer to import than the file takes to read.
_FILE = f"{os.path.dirname(__file__)}/data/structs-1.36.txt"  # noqa: PTH120


class StructField(NamedTuple):
    """One field of a struct, as Go's tags and OpenAPI tell of it."""

    name: str
    """What it is called in a document: ``tty``."""
    go_type: str
    """``string``, ``[]core/v1.ServicePort``, ``*core/v1.Protocol(string)``."""
    omitempty: bool = False
    required: bool = False
    """Whether OpenAPI says that it must be given."""
    attributes: dict[str, str] = {}  # noqa: RUF012 - nobody changes it
    """What is not the rule: ``patchMergeKey``, ``listType``, ``enum``."""

    @property
    def go_name(self) -> str:
        """What it is called in Go: ``TTY``."""
        return self.attributes.get("go") or self.name[:1].upper() + self.name[1:]

    @property
    def enum(self) -> tuple[str, ...]:
        """The values that it may have, sorted; empty when any will do."""
        values = self.attributes.get("enum")
        return () if values is None else tuple(values.split(","))


StructFields: TypeAlias = dict[str, StructField]
"""The fields of a struct by name, in Go's order."""


@cache
def _blocks() -> dict[str, tuple[str, str]]:
    """Return, for each struct, what stands behind its name, and the lines of its fields."""
    blocks: dict[str, tuple[str, str]] = {}
    with open(_FILE, encoding="utf-8") as file:  # noqa: PTH123
        text = file.read()
    for block in text.split("\n\n"):
        head, _, lines = block.partition("\n")
        name, _, attributes = head.partition(" ")
        blocks[name] = attributes, lines
    return blocks


@cache
def _packages() -> dict[tuple[str, str], str]:
    """Return the struct of each kind, by (apiVersion, kind)."""
    _, lines = _blocks()["kinds"]
    found: dict[tuple[str, str], str] = {}
    for line in lines.splitlines():
        api_version, package, *kinds = line.split(" ")
        found |= {(api_version, kind): f"{package}.{kind}" for kind in kinds}
    return found


def struct_of_kind(api_version: str, kind: str) -> str:
    """Return the name of the struct that a kind is; empty for custom ones.

    >>> struct_of_kind("apps/v1", "Deployment"), struct_of_kind("example.com/v1", "Deployment")
    ('apps/v1.Deployment', '')
    """
    return _packages().get((api_version, kind), "")


def is_struct(go_type: str) -> bool:
    """Tell whether a type is a struct of the table, and not a pointer or a list of one."""
    return go_type in _blocks()


@cache
def fields_of_struct(name: str) -> StructFields:
    """Return the fields of a struct of the table, in Go's order.

    >>> list(fields_of_struct("core/v1.ExecAction").values())
    [StructField(name='command', go_type='[]string', omitempty=True, required=False, attributes={})]
    """
    _, lines = _blocks()[name]
    return {field.name: field for field in map(_field, lines.splitlines())}


@cache
def enum_of(struct: str, field: str) -> tuple[str, ...]:
    """Return the values that a field of a struct may have, sorted.

    >>> enum_of("core/v1.ServicePort", "protocol")
    ('SCTP', 'TCP', 'UDP')
    """
    values = fields_of_struct(struct)[field].enum
    # An empty answer would refuse every value, where OpenAPI allows any.
    assert values, f"{struct} says nothing of the values of {field}"
    return values


def is_atomic_struct(name: str) -> bool:
    """Tell whether server-side apply sees a struct of the table as one value."""
    attributes, _ = _blocks()[name]
    return _attributes(attributes.split(" ")).get("mapType") == "atomic"


def embedded_structs(name: str) -> dict[str, str]:
    """Return the structs that a struct of the table inlines, by the name of the field in Go.

    >>> embedded_structs("core/v1.Volume"), embedded_structs("core/v1.Container")
    ({'VolumeSource': 'core/v1.VolumeSource'}, {})
    """
    attributes, _ = _blocks()[name]
    embeds = _attributes(attributes.split(" ")).get("embeds")
    return dict(each.split(":") for each in embeds.split(",")) if embeds else {}


def _field(line: str) -> StructField:
    name, go_type, *rest = line.split(" ")
    return StructField(name, go_type, "omitempty" in rest, "required" in rest, _attributes(rest))


def _attributes(words: list[str]) -> dict[str, str]:
    return dict(each.split("=", 1) for each in words if "=" in each)


def spelled(go_type: str) -> str:
    """Return a type as Go spells it: with the last part of its package.

    >>> spelled("map[core/v1.ResourceName(string)]*util/intstr.IntOrString")
    'map[v1.ResourceName]*intstr.IntOrString'
    """
    return re.sub(r"\w+/(?=\w+\.)|\(\w+\)", "", go_type)


def element_type(go_type: str) -> str:
    """Return the type at the bottom of pointers, lists and maps.

    >>> element_type("*core/v1.Probe"), element_type("map[string]*[]string")
    ('core/v1.Probe', 'string')
    """
    while go_type[0] in "*[" or go_type.startswith("map["):
        go_type = go_type[1:] if go_type[0] == "*" else go_type.partition("]")[2]
    return go_type
