"""Make a strategic merge patch from two documents, or from three as `kubectl apply` does.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go diffMaps(),
diffLists(), CreateThreeWayMergePatch().
"""

from __future__ import annotations

from typing import Any

from svcnet.api.go.fmt import sprint
from svcnet.api.merge_keys import (
    MergeRule,
    MergeRules,
    rule_of_field,
    rules_inside,
)
from svcnet.api.strategic import (
    DIRECTIVE,
    DROP,
    ORDER,
    RETAIN,
    Map,
    are_maps,
    identity,
    merge_maps,
)
from svcnet.lean_namedtuple import NamedTuple


class _Interest(NamedTuple):
    """Which differences go into a patch."""

    deletions: bool = True
    changes: bool = True
    """Changes and additions."""
    order: bool = False
    """Whether the order of keyed lists is told along."""


def create(original: Map, modified: Map, rules: MergeRules) -> dict[str, Any]:
    """Return the patch that turns `original` into `modified`; empty when they are equal.

    Raises:
        MergeFault: an item of a keyed list lacks its key.
    """
    return _difference(original, modified, rules, _Interest(order=True))


def three_way(original: Map, modified: Map, current: Map, rules: MergeRules) -> dict[str, Any]:
    """Return the patch that brings `current` to `modified`, as `kubectl apply` sees it.

    What `original` (the last applied configuration) had and `modified` has not is deleted; what
    others added to `current` stays.

    Raises:
        MergeFault: an item of a keyed list lacks its key.
    """
    # Two differences, for deletions must not be looked for in the live object: what others
    # added there is missing from the manifest as well.
    delta = _difference(current, modified, rules, _Interest(deletions=False, order=True))
    deletions = _difference(original, modified, rules, _Interest(changes=False, order=True))
    # The changes go on top: a field that was deleted and is set again is set.
    return merge_maps(deletions, delta, rules, final=False)


def _difference(
    original: Map, modified: Map, rules: MergeRules, interest: _Interest, *, retain: bool = False
) -> dict[str, Any]:
    """Return the patch for the fields of one map, as far as they are of `interest`."""
    patch: dict[str, Any] = {}
    for name, new in modified.items():
        old = original.get(name)
        if name not in original or type(old) is not type(new):
            if interest.changes:
                patch[name] = new
        elif isinstance(new, dict):
            patch |= _map_difference(name, old, new, rule_of_field(rules, name), interest)
        elif isinstance(new, list) and rule_of_field(rules, name).merged:
            patch |= _list_difference(name, old, new, rule_of_field(rules, name), interest)
        elif interest.changes and old != new:
            patch[name] = new
    if interest.deletions:
        patch |= {name: None for name in original if name not in modified}
    # Without `$retainKeys` the other member of a union would outlive the change, and the
    # object would be refused for having both.
    if retain and (patch or any(modified.get(name) is None for name in original)):
        kept = sorted(name for name, value in modified.items() if value is not None)
        patch |= {RETAIN: kept} if kept else {}
    return patch


def _map_difference(
    name: str, old: Any, new: Map, rule: MergeRule, interest: _Interest
) -> dict[str, Any]:
    # Kubernetes does not compare such a map: it is sent whole even when it is the same.
    if rule.replaced:
        return {name: new} if interest.changes else {}
    patch = _difference(old, new, rules_inside(rule), interest, retain=rule.retain_keys)
    return {name: patch} if patch else {}


def _list_difference(
    name: str, old: Any, new: list[Any], rule: MergeRule, interest: _Interest
) -> dict[str, Any]:
    """The parts of a patch for one list that is merged: items, deletions and order."""
    if not old:
        return {name: new} if new and interest.changes else {}
    if are_maps(old, new):
        return _keyed_difference(name, old, new, rule, interest)
    added = sorted((each for each in new if each not in old), key=new.index)
    # Kubernetes walks both lists sorted, so it finds deletions in that order.
    gone = sorted(each for each in old if each not in new)
    patch: dict[str, Any] = {}
    if added and interest.changes:
        patch[name] = added
    if gone and interest.deletions:
        patch[DROP + name] = gone
    if interest.order and ((gone and interest.deletions) or (interest.changes and old != new)):
        patch |= {ORDER + name: new} if new else {}
    return patch


def _keyed_difference(
    name: str, old: list[Any], new: list[Any], rule: MergeRule, interest: _Interest
) -> dict[str, Any]:
    """The parts of a patch for a list of maps with a merge key."""
    key = rule.key
    changed, gone = _changed_items(old, new, rule, interest)
    places = [identity(each, key) for each in new]
    # Changes stand in the order asked for, or applying the patch would refuse it; deletions
    # have no place in that order and come last.
    items = sorted(changed, key=lambda each: places.index(each[key])) + gone
    patch: dict[str, Any] = {name: items} if items else {}
    reordered = [identity(each, key) for each in old] != places
    differs = (interest.changes and (items or reordered)) or (interest.deletions and items)
    if interest.order and differs and new:
        patch[ORDER + name] = [{key: place} for place in places]
    return patch


def _changed_items(
    old: list[Any], new: list[Any], rule: MergeRule, interest: _Interest
) -> tuple[list[Any], list[Any]]:
    """Pair the items of two keyed lists off; return the changes, and the deletions."""
    key, changed, gone = rule.key, [], []
    mine, theirs = _by_key(old, key), _by_key(new, key)
    while mine or theirs:
        left = sprint(identity(mine[0], key)) if mine else None
        right = sprint(identity(theirs[0], key)) if theirs else None
        if left == right:
            before, after = mine.pop(0), theirs.pop(0)
            # Without changes an item is left out: its key alone would ask for it to exist.
            patch = _difference(
                before, after, rules_inside(rule), interest, retain=rule.retain_keys
            )
            if patch:
                changed.append({**patch, key: after[key]})
        elif left is None or (right is not None and left > right):
            added = theirs.pop(0)
            changed += [added] if interest.changes else []
        else:
            missing = mine.pop(0)
            gone += [{key: missing[key], DIRECTIVE: "delete"}] if interest.deletions else []
    return changed, gone


def _by_key(items: list[Any], key: str) -> list[Any]:
    """Return `items` by key, compared as text; of those with equal keys the last comes first.

    That order of equals is what Kubernetes' sort leaves, and it decides which of two ports with
    one number is taken for the other.
    """
    backwards = items[::-1]
    return sorted(backwards, key=lambda item: sprint(identity(item, key)))
