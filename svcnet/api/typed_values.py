"""A document held against the schema of its kind, as server-side apply holds what is applied.

It has to know of every item in a list whose it is, so of two items with one identity it takes
neither, whatever ``fieldValidation`` says.

Source: sigs.k8s.io/structured-merge-diff typed/validate.go, typed/helpers.go; kubernetes
staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/structuredmerge.go Apply().
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svcnet.api.fieldsets import is_keyed, shown, step_to
from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.api.merge_keys import MergeRule, rule_of_field, rules_inside
from svcnet.api.struct_table import element_type, fields_of_struct, is_struct, struct_of_kind

_NO_KEYS = (
    "associative list with keys has an element that omits all key fields [{}] (and has no default "
    "values for any key fields)"
)


def fault(document: Document, kind: Kind) -> str:
    """Return what the server says of a document that it cannot tell the fields of; else nothing.

    Of a custom kind nothing is known here.
    """
    struct = struct_of_kind(kind.api_version, kind.kind)
    found = list(_struct("", document, struct, MergeRule(struct))) if struct else []
    if not found:
        return ""
    metadata = document.get("metadata") or {}
    what = (
        f"failed to create typed patch object ({metadata.get('namespace') or ''}/"
        f"{metadata.get('name') or ''}; {kind.group}/{kind.version}, Kind={kind.kind}): "
    )
    return what + (found[0] if len(found) == 1 else "\n  ".join(("errors:", *found)))


def _struct(path: str, value: Any, struct: str, rule: MergeRule) -> Iterator[str]:
    """Yield what is wrong with the fields of a struct."""
    # A wrong type is left to the decoder, a null is as good as nothing.
    if not isinstance(value, dict):
        return
    fields, rules = fields_of_struct(struct), rules_inside(rule)
    # Go's maps have no order; sorted, the same document gets the same words each time.
    for name in sorted(value):
        if name not in fields:
            yield f"{path}.{name}: field not declared in schema"
        else:
            yield from _value(
                f"{path}.{name}", value[name], fields[name].go_type, rule_of_field(rules, name)
            )


def _value(path: str, value: Any, go_type: str, rule: MergeRule) -> Iterator[str]:
    """Yield what is wrong with a value of a Go type."""
    bare = go_type.lstrip("*")
    if bare.startswith("[]"):
        if isinstance(value, list):
            yield from _list(path, value, bare[2:], rule)
    elif bare.startswith("map["):
        element = bare.partition("]")[2]
        # Only structs and lists of structs have something that can be wrong.
        if isinstance(value, dict) and is_struct(element_type(element)):
            for name in sorted(value):
                yield from _value(f"{path}.{name}", value[name], element, MergeRule())
    elif is_struct(bare):
        yield from _struct(path, value, bare, MergeRule(bare))


def _list(path: str, items: list[Any], item_type: str, rule: MergeRule) -> Iterator[str]:
    """Yield faults in items, and those that have no identity of their own where they need one."""
    keyed, seen = is_keyed(rule, items), set()
    for index, item in enumerate(items):
        step = f"[{index}]"
        if keyed:
            identity = step_to(rule, item)
            if identity == "k:{}":
                keys = " ".join(f'"{each}"' for each in rule.owned_by)
                yield f"{path}: element {index}: {_NO_KEYS.format(keys)}"
                return
            step = shown((identity,))
            if identity in seen:
                yield f"{path}: duplicate entries for key {step}"
            seen.add(identity)
        yield from _value(f"{path}{step}", item, item_type, MergeRule())
