"""What a schema makes of a document: fields that it does not know go, defaults come.

A schema is what a CustomResourceDefinition's version holds under ``schema.openAPIV3Schema``.

Source: kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning/
algorithm.go, defaulting/algorithm.go, defaulting/prunenulls.go.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, TypeAlias

from svcnet.api.keys import Document

Schema: TypeAlias = dict[str, Any]

OF_EVERY_OBJECT = ("apiVersion", "kind", "metadata")
"""Fields that schemas say nothing of, at the root and in embedded objects."""

EMBEDDED = "x-kubernetes-embedded-resource"
INT_OR_STRING = "x-kubernetes-int-or-string"
PRESERVED = "x-kubernetes-preserve-unknown-fields"


def versions_of(definition: Document) -> list[Document]:
    """Return the versions of a kind, in the order in which they are given."""
    return (definition.get("spec") or {}).get("versions") or []


def schema_in(version: Document) -> Schema | None:
    """Return the schema that a version of a kind holds, if it does."""
    return (version.get("schema") or {}).get("openAPIV3Schema")


def schema_of(definition: Document, version: str) -> Schema:
    """Return the schema of a version of a kind; empty when there is none."""
    for each in versions_of(definition):
        if each.get("name") == version:
            return schema_in(each) or {}
    return {}


def properties(schema: Schema) -> dict[str, Schema]:
    """Return the schemas of the fields that a schema knows by name."""
    return schema.get("properties") or {}


def other_values(schema: Schema) -> Schema | None:
    """Return the schema of values under names that are not known; None: there may be none."""
    allowed = schema.get("additionalProperties")
    if isinstance(allowed, dict):
        return allowed
    # True allows what is below any schema's notice: fields of it are pruned all the same.
    return {} if allowed is True else None


def pruned(document: Document, schema: Schema) -> tuple[Document, list[str]]:
    """Return an object without the fields that its schema does not know.

    Args:
        document: a whole object; not changed.
        schema: that of its version.

    Returns:
        What is left, and the paths of what went, sorted.
    """
    gone: list[str] = []
    kept: Document = _pruned(document, {**schema, EMBEDDED: True}, "", gone)
    return kept, sorted(gone)


def _pruned(value: Any, schema: Schema, path: str, gone: list[str]) -> Any:
    if isinstance(value, dict):
        return _pruned_map(value, schema, path, gone)
    if isinstance(value, list):
        # What is kept unknown in a list is kept in its items.
        items = schema.get("items") or {}
        if schema.get(PRESERVED):
            items = {PRESERVED: True, **items}
        return [_pruned(x, items, f"{path}[{at}]", gone) for at, x in enumerate(value)]
    return value


def _pruned_map(value: Document, schema: Schema, path: str, gone: list[str]) -> Document:
    known, others = properties(schema), other_values(schema)
    kept: Document = {}
    for name, each in value.items():
        where = f"{path}.{name}" if path else name
        if schema.get(EMBEDDED) and name in OF_EVERY_OBJECT:
            kept[name] = each
        elif name in known:
            kept[name] = _pruned(each, known[name], where, gone)
        elif others is not None:
            kept[name] = _pruned(each, others, where, gone)
        elif schema.get(PRESERVED):
            kept[name] = each
        else:
            gone.append(where)
    return kept


def defaulted(document: Document, schema: Schema) -> Document:
    """Return an object with the defaults of its schema; nulls that may not be there go first."""
    filled: Document = _filled(_without_nulls(document, schema), schema)
    return filled


def _refuses_null(schema: Schema) -> bool:
    return not schema.get("nullable")


def _without_nulls(value: Any, schema: Schema) -> Any:
    """Return a value without the nulls that mean nothing: not allowed, and without a default."""
    if isinstance(value, list):
        return [_without_nulls(each, schema.get("items") or {}) for each in value]
    if not isinstance(value, dict):
        return value
    known, others = properties(schema), other_values(schema)
    kept: Document = {}
    for name, each in value.items():
        below = known.get(name, others)
        if below is None:
            kept[name] = each
        elif each is not None or not _refuses_null(below) or "default" in below:
            kept[name] = _without_nulls(each, below)
    return kept


def _filled(value: Any, schema: Schema) -> Any:
    if isinstance(value, list):
        items = schema.get("items") or {}
        return [_filled(_replaced(each, items), items) for each in value]
    if not isinstance(value, dict):
        return value
    known, others = properties(schema), other_values(schema)
    missing = {
        name: deepcopy(below["default"])
        for name, below in known.items()
        if "default" in below
        and (name not in value or (value[name] is None and _refuses_null(below)))
    }
    whole = {**value, **missing}
    for name, each in whole.items():
        below = known.get(name, others)
        if below is not None:
            whole[name] = _filled(_replaced(each, below), below)
    return whole


def _replaced(value: Any, schema: Schema) -> Any:
    """Return a value, or the default in place of a null that may not be."""
    if value is None and _refuses_null(schema) and "default" in schema:
        return deepcopy(schema["default"])
    return value
