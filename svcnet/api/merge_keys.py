"""How the lists and maps of the built-in kinds merge.

A patch has to know that a Service's ports are told apart by `port`, that a container's environment
is a list of names, that a selector is replaced as a whole.  Kubernetes writes this into the tags
of its Go types; the table of structs has them.  By default a map is merged field by field, and a
list is replaced.

Source: kubernetes staging/src/k8s.io/api, `patchStrategy` and `patchMergeKey` for strategic merge
patches; `listType`, `listMapKey` and `structType` for server-side apply, as OpenAPI has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

from svcnet.api.kinds import Kind
from svcnet.api.struct_table import (
    StructField,
    element_type,
    fields_of_struct,
    is_atomic_struct,
    is_struct,
    struct_of_kind,
)
from svcnet.lean_namedtuple import NamedTuple


class MergeRule(NamedTuple):
    """How one field is merged."""

    struct: str = ""
    """The struct that the value is, or a list's items; empty for what is no struct."""
    key: str = ""
    """The field that tells items apart in a strategic merge patch."""
    merged: bool = False
    """Whether a list is merged item by item in a strategic merge patch."""
    replaced: bool = False
    """Whether a map is replaced as a whole in a strategic merge patch."""
    retain_keys: bool = False
    """Whether fields that the new value does not have go away (a union: one of several)."""
    owned_by: tuple[str, ...] = ()
    """The fields that tell items apart in server-side apply."""
    owned_values: bool = False
    """Whether server-side apply sees a list as a set of plain values."""
    atomic: bool = False
    """Whether server-side apply sees a map as one value."""


MergeRules: TypeAlias = Mapping[str, MergeRule]
"""How the fields of a struct merge; those that are missing merge by the general rule."""

_GENERAL = MergeRule()
_METADATA: MergeRules = {"metadata": MergeRule("meta/v1.ObjectMeta")}


def merge_rules_of(kind: Kind) -> MergeRules:
    """Return how documents of a kind merge; of a custom one only the metadata is known."""
    struct = struct_of_kind(kind.api_version, kind.kind)
    return _rules_of_struct(struct) if struct else _METADATA


def rules_inside(rule: MergeRule) -> MergeRules:
    """Return how the fields of a value, or of an item of it, merge."""
    return _rules_of_struct(rule.struct) if rule.struct else {}


def rule_of_item(rule: MergeRule) -> MergeRule:
    """Return how an item of a list merges."""
    return _rule_of_struct(rule.struct) if rule.struct else _GENERAL


def rule_of_field(rules: MergeRules, name: str) -> MergeRule:
    """Return how the field `name` merges."""
    return rules.get(name, _GENERAL)


@cache
def _rules_of_struct(struct: str) -> MergeRules:
    """Return how the fields of a struct merge, without those that do by the general rule."""
    rules = {name: _rule(field) for name, field in fields_of_struct(struct).items()}
    return {name: rule for name, rule in rules.items() if rule != _GENERAL}


@cache
def _rule_of_struct(struct: str) -> MergeRule:
    return MergeRule(struct, atomic=is_atomic_struct(struct))


def _rule(field: StructField) -> MergeRule:
    """Return how a field merges, by its tags."""
    attributes = field.attributes
    bare = field.go_type.lstrip("*")
    element = element_type(bare)
    # The keys of a map are anybody's words, so nothing is known of what is below them.
    struct = element if is_struct(element) and not bare.startswith("map[") else ""
    listed = bare.startswith("[]")
    strategies = attributes.get("patchStrategy", "").split(",")
    return MergeRule(
        struct,
        key=attributes.get("patchMergeKey", ""),
        merged=listed and "merge" in strategies,
        replaced=not listed and "replace" in strategies,
        retain_keys="retainKeys" in strategies,
        owned_by=tuple(attributes["listMapKeys"].split(",")) if "listMapKeys" in attributes else (),
        owned_values=attributes.get("listType") == "set",
        atomic=attributes.get("mapType") == "atomic"
        or (not listed and struct != "" and is_atomic_struct(struct)),
    )
