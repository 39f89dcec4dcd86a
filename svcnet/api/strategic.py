"""Apply a strategic merge patch to a document, or to another patch.

A strategic merge patch is a partial document that knows which lists are keyed (`api.merge_keys`).
Directives say what a partial document cannot: `$patch` (delete, replace), `$retainKeys`,
`$setElementOrder/LIST`, `$deleteFromPrimitiveList/LIST`.  Nothing here changes its arguments.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from svcnet.api.go.fmt import sprint
from svcnet.api.merge_keys import MergeRule, MergeRules, rule_of_field, rules_inside
from svcnet.api.nulls import without_nulls

Map: TypeAlias = Mapping[str, Any]

DIRECTIVE = "$patch"
RETAIN = "$retainKeys"
ORDER = "$setElementOrder/"
DROP = "$deleteFromPrimitiveList/"


class MergeFault(ValueError):
    """Two documents cannot be merged; `str()` is Kubernetes' text.

    `of_format` tells that the patch itself is malformed, which is the client's fault.
    """

    def __init__(self, why: str, *, of_format: bool = False) -> None:
        super().__init__(why)
        self.of_format = of_format


def _no_key(item: Map, key: str) -> MergeFault:
    return MergeFault(f"map: {sprint(item)} does not contain declared merge key: {key}")


def _bad_type(wanted: str, value: Any) -> MergeFault:
    return MergeFault(f"expected a {wanted}, but received a {_GO_TYPES[type(value)]}")


# Go names the type that it holds in memory, so users read of interfaces where JSON has none.
_GO_TYPES = {
    dict: "map[string]interface {}",
    list: "[]interface {}",
    bool: "bool",
    int: "int64",
    float: "float64",
    str: "string",
    type(None): "<nil>",
}


def apply(document: Map, patch: Map, rules: MergeRules) -> dict[str, Any]:
    """Return `document` with `patch` applied.

    Raises:
        MergeFault: the patch does not fit the document or is malformed.
    """
    return merge_maps(document, patch, rules, final=True)


def merge_maps(original: Map, patch: Map, rules: MergeRules, *, final: bool) -> dict[str, Any]:
    """Return `patch` merged into a document (`final`), or into another patch.

    Merged into another patch, directives and nulls are kept: they still have to reach a document.
    """
    # First of all: with `$patch` in a map nothing else in it is a field to be merged.
    if DIRECTIVE in patch:
        return _directed(patch)
    rest = dict(patch)
    result = _retained(original, rest, final=final)
    # Before the other fields: a list and its order are two entries of the patch, but one change.
    _merge_ordered(result, rest, rules, final=final)
    for name, value in rest.items():
        if name.startswith(DROP):
            if final:
                _drop(result, name.removeprefix(DROP), value)
            else:
                result[name] = value
        # Between two patches a null is news itself: the field is yet to be deleted.
        elif value is None:
            result.pop(name, None)
            if not final:
                result[name] = None
        # What differs in type cannot be merged; the new value wins without complaint.
        elif type(result.get(name)) is not type(value):
            _take(result, name, value, final=final)
        else:
            result[name] = _merged(result[name], value, rule_of_field(rules, name), final=final)
    return result


def _take(result: dict[str, Any], name: str, value: Any, *, final: bool) -> None:
    """Set a field to a value that nothing is merged with.

    What it asks to be deleted, by a null or by `$patch`, is not there.

    Source: discardNullValuesFromPatch(), dropDirectives().
    """
    if final:
        value = without_nulls(value)
        if _is_directed(value):
            result.pop(name, None)
            return
        value = _undirected(value)
    result[name] = value


def _undirected(value: Any) -> Any:
    """Return a value without the maps in it that hold `$patch`."""
    if isinstance(value, dict):
        return {name: _undirected(each) for name, each in value.items() if not _is_directed(each)}
    if isinstance(value, list):
        return [_undirected(each) for each in value if not _is_directed(each)]
    return value


def _is_directed(value: Any) -> bool:
    return isinstance(value, dict) and DIRECTIVE in value


def _directed(patch: Map) -> dict[str, Any]:
    """Return what a patch with `$patch` makes of a map."""
    match patch[DIRECTIVE]:
        case "replace":
            return {name: value for name, value in patch.items() if name != DIRECTIVE}
        case "delete":
            # The map stays, empty: only an item of a list can be deleted from within.
            return {}
        case other:
            raise MergeFault(f"unknown patch type {sprint(other)} in patch {sprint(patch)}")


def _drop(result: dict[str, Any], name: str, values: Any) -> None:
    if isinstance(result.get(name), list) and isinstance(values, list):
        result[name] = [each for each in result[name] if each not in values]


def _merged(old: Any, new: Any, rule: MergeRule, *, final: bool) -> Any:
    """The outcome for one field that both sides have, with values of one type."""
    if isinstance(new, dict):
        return new if rule.replaced else merge_maps(old, new, rules_inside(rule), final=final)
    if isinstance(new, list):
        return _merged_lists(old, new, rule, final=final) if rule.merged else new
    return new


def _retained(original: Map, patch: dict[str, Any], *, final: bool) -> dict[str, Any]:
    """Take `$retainKeys` out of `patch`; return `original` without the fields it does not name."""
    if RETAIN not in patch:
        return dict(original)
    # Meant for unions such as a volume: who sends another source for it must be rid of the
    # old one, which a partial document does not mention.
    kept = patch.pop(RETAIN)
    if not final:
        return {**original, RETAIN: kept}
    # Other directives have a slash in their names, which no field of a Go type has.
    named = {name for name, value in patch.items() if value is not None and "/" not in name}
    if not isinstance(kept, list) or not named <= set(map(str, kept)):
        raise MergeFault("invalid patch format of retainKeys", of_format=True)
    return {name: value for name, value in original.items() if name in kept}


def _merge_ordered(
    result: dict[str, Any], patch: dict[str, Any], rules: MergeRules, *, final: bool
) -> None:
    """Merge the lists of `patch` that come with an order, and take them out of it."""
    for directive in [name for name in patch if name.startswith(ORDER)]:
        order = patch.pop(directive)
        name = directive.removeprefix(ORDER)
        if not isinstance(order, list):
            raise _bad_type("[]interface {}", order)
        # Two patches that want different orders cannot become one.
        if not final and result.setdefault(directive, order) != order:
            raise MergeFault("invalid patch format of setElementOrder list", of_format=True)
        rule = rule_of_field(rules, name)
        before, change = _list_at(result, name), _list_at(patch, name)
        _check_order(change or [], order, rule.key)
        patch.pop(name, None)
        if before is None and change is None:
            continue
        if before is not None and change is not None:
            merged = _merged(before, change, rule, final=final)
        else:
            merged = before if change is None else change
        # A patch holds only the items that change, so merging alone could never reorder a list.
        live = _live_order(before or [], change or [], rule.key)
        result[name] = _ordered(merged or [], order, live, rule.key)


def _live_order(before: Sequence[Any], change: Sequence[Any], key: str) -> list[Any]:
    """Return the order of the live list as Kubernetes still sees it after merging.

    Its merge works on the list in place: items that a patch deletes make room at the end, and the
    first items that are new come to stand there.
    """
    if not key:
        return list(before)
    gone = [each.get(key) for each in change if each.get(DIRECTIVE) == "delete"]
    kept = [each for each in before if each.get(key) not in gone]
    known = [each.get(key) for each in kept]
    new = [each for each in change if DIRECTIVE not in each and each.get(key) not in known]
    return kept + new[: len(before) - len(kept)]


def _list_at(document: Map, name: str) -> list[Any] | None:
    value = document.get(name)
    if name in document and not isinstance(value, list):
        raise _bad_type("[]interface {}", value)
    return value


def _check_order(change: Sequence[Any], order: Sequence[Any], key: str) -> None:
    """Raise unless the items of a patch stand in the order that the patch itself asks for."""
    if not change or not order:
        return
    wanted = iter([identity(each, key) for each in order])
    for item in change:
        # An item that is to be deleted has no place in the order.
        if isinstance(item, dict) and DIRECTIVE in item:
            continue
        # `wanted` is used up as far as the match, so the next item must stand behind it.
        if not any(each == identity(item, key) for each in wanted):
            raise MergeFault(
                f"The order in patch list:\n{sprint(change)}\n doesn't match "
                f"{ORDER.removesuffix('/')} list:\n{sprint(order)}\n"
            )


def identity(item: Any, key: str) -> Any:
    """What tells an item apart: the value of its merge key, or a plain value itself."""
    if not key:
        return item
    if not isinstance(item, dict):
        raise _bad_type("map[string]interface {}", item)
    if key not in item:
        raise _no_key(item, key)
    return item[key]


def _merged_lists(
    old: Sequence[Any], new: Sequence[Any], rule: MergeRule, *, final: bool
) -> list[Any]:
    if not old and not new:
        return []
    if not are_maps(old, new):
        merged = list(dict.fromkeys([*old, *new]))
        return _ordered(merged, new, old, "")
    # A list of maps without a merge key in its tags: a flaw of the type, not of the patch.
    if not rule.key:
        raise MergeFault("cannot merge lists without merge key for type struct")
    kept, added = _settled_directives(old, new, rule.key)
    merged = list(kept)
    for item in added:
        wanted = identity(item, rule.key)
        at = next((i for i, each in enumerate(merged) if identity(each, rule.key) == wanted), -1)
        if at < 0:
            merged.append(item)
        else:
            merged[at] = merge_maps(merged[at], item, rules_inside(rule), final=final)
    return _ordered(merged, added, kept, rule.key)


def are_maps(*lists: Sequence[Any]) -> bool:
    """Whether items are maps; raises when they differ in type, or are lists themselves."""
    types = list(dict.fromkeys(type(item) for items in lists for item in items))
    if list in types:
        raise MergeFault("lists of lists are not supported")
    if len(types) > 1:
        raise MergeFault(f"list element types are not identical: {sprint(list(lists))}")
    return types == [dict]


def _settled_directives(
    old: Sequence[Any], new: Sequence[Any], key: str
) -> tuple[list[Any], list[Any]]:
    """Carry out `$patch` among the items; return what is left of the old list and of the new."""
    kept, added, replace = list(old), [], False
    for item in new:
        match item.get(DIRECTIVE):
            case None:
                added.append(item)
            case "delete":
                gone = identity(item, key)
                kept = [each for each in kept if each.get(key) != gone]
            case "replace":
                replace = True
            case "merge":
                raise MergeFault("merging lists cannot yet be specified in the patch")
            case other:
                raise MergeFault(f"unknown patch type {sprint(other)} in patch {sprint(item)}")
    # Even items that stand before `$patch: replace` are part of the new list.
    return (added, []) if replace else (kept, added)


def _ordered(
    merged: Sequence[Any], order: Sequence[Any], live: Sequence[Any], key: str
) -> list[Any]:
    """Return `merged` with the items of `order` in that order, and the others where they were.

    An item that `order` does not name goes before the first one that follows it in `live`.
    """
    places = [identity(each, key) for each in order]
    before = [identity(each, key) for each in live]
    named = [each for each in merged if identity(each, key) in places]
    others = [each for each in merged if identity(each, key) not in places]
    named.sort(key=lambda each: places.index(identity(each, key)))
    result: list[Any] = []
    while named and others:
        mine, theirs = identity(others[0], key), identity(named[0], key)
        known = mine in before and theirs in before
        first = others if known and before.index(mine) < before.index(theirs) else named
        result.append(first.pop(0))
    return result + others + named
