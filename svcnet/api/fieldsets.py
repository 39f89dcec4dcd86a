"""Sets of fields of a document: what a write changed, and how ``managedFields`` spells it.

A field is a path of steps, spelled as in ``fieldsV1``: ``f:spec`` goes into a field, ``k:{…}`` to
the item of a list that has these values, ``v:…`` to a plain value of a list that is a set.

Source: sigs.k8s.io/structured-merge-diff fieldpath/, typed/compare.go, typed/tofieldset.go.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from svcnet.api.keys import Document
from svcnet.api.merge_keys import (
    MergeRule,
    MergeRules,
    rule_of_field,
    rule_of_item,
    rules_inside,
)
from svcnet.lean_namedtuple import NamedTuple

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


def compare(old: Document, new: Document, rules: MergeRules) -> Comparison:
    """Return how `new` differs from `old`.

    A map or a list that was not there before counts as a field of its own, besides what is in it.
    """
    found: tuple[list[Path], list[Path], list[Path]] = ([], [], [])
    _compare((), MergeRule(), (old, new), rules, found)
    return Comparison(*map(frozenset, found))


def fields_of(document: Document, rules: MergeRules) -> Fields:
    """Return the fields that `document` says something about."""
    found: list[Path] = []
    for name, value in document.items():
        found += _leaves((f"f:{name}",), rule_of_field(rules, name), value)
    return frozenset(found)


@lru_cache(maxsize=256)
def spelled(fields: Fields) -> Document:
    """Return `fields` as ``fieldsV1``; it is shared, and must not be changed.

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
    """Return the fields that a ``fieldsV1`` names: the inverse of `spelled`.

    Raises:
        ValueError: it names none, or not in this way.
    """
    # As a set, because managers' shares are subtracted from one another all the time.
    return frozenset(_read((), text))


def shown(path: Path) -> str:
    """Return a path as conflicts name it.

    >>> shown(("f:spec", "f:ports", 'k:{"port":80,"protocol":"TCP"}', "f:name"))
    '.spec.ports[port=80,protocol="TCP"].name'
    """
    return "".join(map(_shown, path))


def is_keyed(rule: MergeRule, value: Any) -> bool:
    """Tell whether a value is a list whose items have an identity of their own."""
    return isinstance(value, list) and bool(rule.owned_by or rule.owned_values)


def step_to(rule: MergeRule, item: Any) -> str:
    """Return the step to one item of a list whose items have an identity."""
    if rule.owned_values:
        return f"v:{_compact(item)}"
    fields = item if isinstance(item, dict) else {}
    # Sorted, since the text is the identity, whichever way round an item spells its keys.
    keys = {each: fields.get(each, _KEY_DEFAULTS.get(each)) for each in sorted(rule.owned_by)}
    # Without what is not there: null would be another key than none at all.
    return f"k:{_compact({each: value for each, value in keys.items() if value is not None})}"


def items_of(rule: MergeRule, value: Any) -> dict[str, Any]:
    """Return the parts of a map or of a list with identities by the steps to them."""
    if type(value) is dict:
        return {f"f:{name}": each for name, each in value.items()}
    if type(value) is list and (rule.owned_by or rule.owned_values):
        return {step_to(rule, each): each for each in value}
    return {}


def rule_at(rule: MergeRule, rules: MergeRules, step: str) -> MergeRule:
    """Return how the part behind `step` merges; items of a list merge by their own rules."""
    return rule_of_field(rules, step[2:]) if step[0] == "f" else rule_of_item(rule)


_Found: TypeAlias = tuple[list[Path], list[Path], list[Path]]
"""What is added, modified and removed."""


def _compare(
    path: Path, rule: MergeRule, values: tuple[Any, Any], rules: MergeRules, found: _Found
) -> None:
    """Add to `found` how two values differ; `MISSING` stands for none."""
    old, new = values
    if old is MISSING:
        found[0].extend(_whole(path, rule, new, rules))
        return
    if new is MISSING:
        found[2].extend(_whole(path, rule, old, rules))
        return
    before, after = ({}, {}) if rule.atomic else (items_of(rule, old), items_of(rule, new))
    # Nothing to go into: plain values, empty ones, and what is owned only as a whole.
    if not before and not after:
        if old != new:
            found[1].append(path)
        return
    for step in {**before, **after}:
        both = before.get(step, MISSING), after.get(step, MISSING)
        # Most of an object stays as it is; identity is the cheapest way to see it.
        if both[0] is not both[1]:
            part = rule_at(rule, rules, step)
            _compare((*path, step), part, both, rules_inside(part), found)


def _whole(path: Path, rule: MergeRule, value: Any, rules: MergeRules) -> list[Path]:
    """Return all fields of a value that is there on one side only, maps and lists included."""
    found: list[Path] = []
    if not rule.atomic and type(value) is dict:
        for name, each in value.items():
            below = (*path, f"f:{name}")
            if type(each) is dict or type(each) is list:
                part = rule_of_field(rules, name)
                found += _whole(below, part, each, rules_inside(part))
            else:
                found.append(below)
    elif type(value) is list and (rule.owned_by or rule.owned_values):
        item = rule_of_item(rule)
        for each in value:
            found += _whole((*path, step_to(rule, each)), item, each, rules_inside(item))
    # The value itself last: a map that comes into being is news besides what is in it.
    found.append(path)
    return found


def _leaves(path: Path, rule: MergeRule, value: Any) -> Iterator[Path]:
    """Yield the paths that a value says something about, items of keyed lists among them."""
    parts = {} if rule.atomic else items_of(rule, value)
    if not parts:
        yield path
        return
    rules = rules_inside(rule)
    for step, each in parts.items():
        yield from _leaves((*path, step), rule_at(rule, rules, step), each)
        # That an item exists is a wish of its own: who leaves it out later removes it.
        if not step.startswith("f:"):
            yield (*path, step)


def _tidy(node: Document) -> Document:
    # The dot tells that a field is owned besides what is below it; below a leaf is nothing,
    # and Kubernetes spells it as an empty map.
    if node.keys() == {"."}:
        return {}
    return {step: node[step] if step == "." else _tidy(node[step]) for step in sorted(node)}


def _read(path: Path, node: Any) -> Iterator[Path]:
    if not isinstance(node, dict):
        raise ValueError(f"no set of fields: {node}")  # noqa: TRY004 - as for any bad text
    for step, below in node.items():
        if step == ".":
            yield path
            continue
        if step[:2] in ("k:", "v:"):
            _check_item(step)
        if below:
            yield from _read((*path, step), below)
        else:
            yield (*path, step)


@lru_cache(maxsize=1024)
def _check_item(step: str) -> None:
    """Raise ValueError when a step into a list is not spelled as JSON."""
    value = json.loads(step[2:])
    if step[0] == "k" and not isinstance(value, dict):
        raise ValueError(f"no keys: {step}")


def _shown(step: str) -> str:
    kind, text = step[:2], step[2:]
    if kind == "f:":
        return f".{text}"
    if kind == "v:":
        return f"[={text}]"
    # Read again, for the message has the keys as `port=80,protocol="TCP"` and not as JSON.
    keys = json.loads(text)
    return f"[{','.join(f'{each}={_compact(keys[each])}' for each in sorted(keys))}]"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
