"""The order of fields in Kubernetes' Go structs.

kubectl reads what it has made itself back into such a struct, so that ``-o json`` and ``-o kyaml``
of `create`, `run` and `expose` show fields in this order and not by name.
"""

from __future__ import annotations

from typing import Any

from svcnet.api.keys import Document
from svcnet.api.struct_table import (
    element_type,
    fields_of_struct,
    is_struct,
    struct_of_kind,
)


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
    """Return a value of a Go type with the structs in it in order."""
    bare = go_type.lstrip("*")
    if not is_struct(element_type(bare)):
        return value
    if bare.startswith("map[") and isinstance(value, dict):
        return {key: _placed(each, bare.partition("]")[2]) for key, each in value.items()}
    if isinstance(value, list):
        return [_placed(each, bare[2:]) for each in value]
    return _ordered(value, bare) if isinstance(value, dict) else value
