"""Sets of fields of a document: what a write changed, and how ``managedFields`` spells it.

A field is a path of steps, spelled as in ``fieldsV1``: ``f:spec`` goes into a field, ``k:{…}`` to
the item of a list that has these values, ``v:…`` to a plain value of a list that is a set.

Source: sigs.k8s.io/structured-merge-diff fieldpath/, typed/compare.go, typed/tofieldset.go.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from svcnet.api.names import Document
from svcnet.api.shapes import Field, Shape, field_of, inside

Path: TypeAlias = tuple[str, ...]
Fields: TypeAlias = frozenset[Path]

MISSING: Any = object()
"""Stands for a field that is not there; null is something else."""

_KEY_DEFAULTS = {"protocol": "TCP"}
"""What the fields that tell items apart are when an item does not say."""


class Comparison(NamedTuple):
    """How two documents differ."""

    added: Fields
    modified: Fields
    removed: Fields


def compare(old: Document, new: Document, shape: Shape) -> Comparison:
    """Return how `new` differs from `old`.

    A map or a list that was not there before counts as a field of its own, besides what is in it.
    """
    added: list[Path] = []
    modified: list[Path] = []
    removed: list[Path] = []
    for path, before, after in _differences((), Field(), old, new, shape):
        if before is MISSING:
            added.append(path)
        elif after is MISSING:
            removed.append(path)
        else:
            modified.append(path)
    return Comparison(frozenset(added), frozenset(modified), frozenset(removed))


def fields_of(document: Document, shape: Shape) -> Fields:
    """Return the fields that `document` says something about."""
    found: list[Path] = []
    for name, value in document.items():
        found += _leaves((f"f:{name}",), field_of(shape, name), value)
    return frozenset(found)


def spelled(fields: Fields) -> Document:
    """Return `fields` as ``fieldsV1``.

    >>> spelled(frozenset({("f:spec", "f:ports"), ("f:spec", "f:ports", "f:x"), ("f:a",)}))
    {'f:a': {}, 'f:spec': {'f:ports': {'.': {}, 'f:x': {}}}}
    """
    root: Document = {}
    for path in sorted(fields):
        node = root
        for step in path:
            node = node.setdefault(step, {})
        node["."] = {}
    return _tidy(root)


def read(text: Document) -> Fields:
    """Return the fields that a ``fieldsV1`` names: the inverse of `spelled`."""
    return frozenset(_read((), text))


def shown(path: Path) -> str:
    """Return a path as conflicts name it.

    >>> shown(("f:spec", "f:ports", 'k:{"port":80,"protocol":"TCP"}', "f:name"))
    '.spec.ports[port=80,protocol="TCP"].name'
    """
    return "".join(map(_shown, path))


def is_keyed(field: Field, value: Any) -> bool:
    """Tell whether a value is a list whose items have an identity of their own."""
    return isinstance(value, list) and bool(field.owned_by or field.owned_values)


def step_to(field: Field, item: Any) -> str:
    """Return the step to one item of a list whose items have an identity."""
    if field.owned_values:
        return f"v:{_compact(item)}"
    keys = {each: item.get(each, _KEY_DEFAULTS.get(each)) for each in sorted(field.owned_by)}
    return f"k:{_compact({each: value for each, value in keys.items() if value is not None})}"


def items_of(field: Field, value: Any) -> dict[str, Any]:
    """Return the parts of a map or of a list with identities by the steps to them."""
    if isinstance(value, dict):
        return {f"f:{name}": each for name, each in value.items()}
    if is_keyed(field, value):
        return {step_to(field, each): each for each in value}
    return {}


def field_at(field: Field, shape: Shape, step: str) -> Field:
    """Return how the part behind `step` merges; items of a list merge by its own shape."""
    if step.startswith("f:"):
        return field_of(shape, step[2:])
    return Field(field.shape)


def _differences(
    path: Path, field: Field, old: Any, new: Any, shape: Shape
) -> Iterator[tuple[Path, Any, Any]]:
    """Yield what differs, as path, old and new value; `MISSING` stands for none."""
    known = new if new is not MISSING and new is not None else old
    before, after = items_of(field, old), items_of(field, new)
    whole = field.atomic or not (before or after) or not isinstance(known, dict | list)
    if whole:
        if old is MISSING or new is MISSING or old != new:
            yield path, old, new
        return
    for step in {**before, **after}:
        part = field_at(field, shape, step)
        values = before.get(step, MISSING), after.get(step, MISSING)
        yield from _differences((*path, step), part, *values, inside(part))
    if old is MISSING or new is MISSING:
        yield path, old, new


def _leaves(path: Path, field: Field, value: Any) -> Iterator[Path]:
    parts = {} if field.atomic else items_of(field, value)
    if not parts:
        yield path
        return
    shape = inside(field)
    for step, each in parts.items():
        yield from _leaves((*path, step), field_at(field, shape, step), each)
        if not step.startswith("f:"):
            yield (*path, step)


def _tidy(node: Document) -> Document:
    if node.keys() == {"."}:
        return {}
    return {step: node[step] if step == "." else _tidy(node[step]) for step in sorted(node)}


def _read(path: Path, node: Document) -> Iterator[Path]:
    for step, below in node.items():
        if step == ".":
            yield path
        elif below:
            yield from _read((*path, step), below)
        else:
            yield (*path, step)


def _shown(step: str) -> str:
    kind, text = step[:2], step[2:]
    if kind == "f:":
        return f".{text}"
    if kind == "v:":
        return f"[={text}]"
    keys = json.loads(text)
    return f"[{','.join(f'{each}={_compact(keys[each])}' for each in sorted(keys))}]"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
