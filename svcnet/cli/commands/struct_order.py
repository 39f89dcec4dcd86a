"""The order of fields in Kubernetes' Go structs.

kubectl reads what it has made itself back into such a struct, so that ``-o json`` and ``-o kyaml``
of `create`, `run` and `expose` show fields in this order and not by name.
"""

from __future__ import annotations

from typing import Any

from svcnet.api.go.json import sorted_keys
from svcnet.api.keys import Document
from svcnet.api.struct_table import fields_of_struct, is_struct, struct_of_kind


def in_struct_order(document: Document) -> Document:
    """Return an object with its fields as Go's struct has them; one of a custom kind as it is.

    >>> list(in_struct_order({"apiVersion": "v1", "kind": "Namespace", "spec": {}}))
    ['kind', 'apiVersion', 'spec']
    """
    struct = struct_of_kind(document.get("apiVersion", ""), document.get("kind", ""))
    return _ordered(document, struct) if struct else document


def _ordered(value: Document, struct: str) -> Document:
    """Return a struct's fields in order, and those of the structs in them."""
    return {
        name: _placed(value[name], field.go_type)
        for name, field in fields_of_struct(struct).items()
        if name in value
    }


def _placed(value: Any, go_type: str) -> Any:
    """Return a value of a Go type with the structs in it in order, and maps by their keys."""
    bare = go_type.lstrip("*")
    if is_struct(bare) and isinstance(value, dict):
        return _ordered(value, bare)
    if bare.startswith("[]") and isinstance(value, list):
        return [_placed(each, bare[2:]) for each in value]
    if bare.startswith("map[") and isinstance(value, dict):
        element = bare.partition("]")[2]
        return {key: _placed(value[key], element) for key in sorted(value)}
    # What is no struct to the table is a map to Go, or a value.
    return sorted_keys(value)
