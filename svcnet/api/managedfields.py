"""Who set which field of an object: the server's book-keeping for server-side apply.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/managedfields/; KEP-555;
sigs.k8s.io/structured-merge-diff merge/update.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from svcnet.api.fieldsets import (
    Fields,
    Path,
    compare,
    fields_of,
    is_keyed,
    items_of,
    read,
    rule_at,
    shown,
    spelled,
)
from svcnet.api.keys import Document
from svcnet.api.merge_keys import (
    MergeRule,
    MergeRules,
    rule_of_field,
    rule_of_item,
    rules_inside,
)
from svcnet.errors import ApplyConflict
from svcnet.lean_namedtuple import NamedTuple

UNTRACKED = "before-first-apply"
"""Who is said to have set the fields of an object that nobody kept book of."""

_NOBODYS = frozenset(
    {
        ("f:apiVersion",),
        ("f:kind",),
        ("f:metadata",),
        *(
            ("f:metadata", f"f:{name}")
            for name in (
                "creationTimestamp",
                "deletionGracePeriodSeconds",
                "deletionTimestamp",
                "generation",
                "managedFields",
                "name",
                "namespace",
                "resourceVersion",
                "selfLink",
                "uid",
            )
        ),
        ("f:spec",),
        ("f:status",),
    }
)
"""Fields that only the server sets, or that are always there."""


class Manager(NamedTuple):
    """Somebody who writes objects, and how."""

    name: str
    api_version: str
    operation: str = "Update"
    """``Apply`` or ``Update``."""
    subresource: str = ""


class VersionedSet(NamedTuple):
    """What a manager set, and when it last did."""

    fields: Fields
    time: str


VersionedSets = dict[Manager, VersionedSet]


class Scope(NamedTuple):
    """What a write is about."""

    rules: MergeRules
    """How documents of the kind merge."""
    now: str
    """The moment, RFC 3339."""
    ignored: tuple[str, ...] = ()
    """Top-level fields that this kind of write cannot set: ``status``, or ``spec``."""

    def of(self, fields: Iterable[Path]) -> Fields:
        """Return the fields that somebody can own through such a write."""
        # A write to an object's main place cannot touch its status, whatever the body says; who
        # sent a status along must not come to own it, or appliers would meet conflicts over it.
        ignored = [f"f:{name}" for name in self.ignored]
        return (
            frozenset(fields) - _NOBODYS
            if not ignored
            else frozenset(
                path for path in fields if path[0] not in ignored and path not in _NOBODYS
            )
        )


def updated(
    entries: list[Document], change: tuple[Document, Document], scope: Scope, who: Manager
) -> list[Document]:
    """Return ``managedFields`` after a create, an update or a patch.

    Whoever gives a field a value owns it alone; a field that goes is nobody's.

    Args:
        entries: what was there before; empty for a new object.
        change: the object before, and as the user wants it, both defaulted.
        scope: what the write is about.
        who: who writes.
    """
    found = compare(*change, scope.rules)
    gained = scope.of(found.added | found.modified)
    lost = scope.of(found.removed)
    # Untouched, times included: a write that changes nothing must stay one that changes nothing.
    if not gained and not lost:
        return entries
    managers = _without(_read(entries), gained | lost)
    if gained:
        before = managers.get(who)
        managers[who] = VersionedSet(gained | (before.fields if before else frozenset()), scope.now)
    return _written(managers)


def applied(  # noqa: PLR0913  who applies what, to what, and how
    live: Document,
    config: Document,
    scope: Scope,
    who: Manager,
    *,
    force: bool = False,
    allowed: Fields = frozenset(),
) -> tuple[Document, list[Document]]:
    """Return the object after a server-side apply, and its ``managedFields``.

    What the same manager applied before and does not apply now goes, unless others own it, too.

    Args:
        live: the object as it is.
        config: what is applied; its fields become the manager's.
        scope: what the write is about.
        who: who applies.
        force: take fields from their owners.
        allowed: fields that may be taken without force.

    Raises:
        ApplyConflict: others own fields that would change.
    """
    managers = _read(live["metadata"].get("managedFields") or [])
    # Without somebody to own what is there, the first applier would take it all unasked.
    if not managers:
        untracked = Manager(UNTRACKED, live["apiVersion"])
        managers[untracked] = VersionedSet(scope.of(fields_of(live, scope.rules)), scope.now)
    # All that is applied, changed or not: an applier owns what it names, others what they change.
    mine = scope.of(fields_of(config, scope.rules))
    before = managers.pop(who, VersionedSet(frozenset(), ""))
    others = frozenset().union(*(each.fields for each in managers.values()))
    merged = _merged(live, config, MergeRule(), scope.rules)
    # Before conflicts are looked for: a field that goes is not in dispute.
    merged = _pruned(merged, before.fields - mine - others, others | mine, scope.rules)
    found = compare(live, merged, scope.rules)
    gained = scope.of(found.added | found.modified)
    conflicts = [
        (manager, path)
        for manager, owned in managers.items()
        for path in sorted((owned.fields & gained) - allowed)
    ]
    if conflicts and not force:
        raise ApplyConflict([(_named(manager), shown(path)) for manager, path in conflicts])
    # Only what changes is taken from others: a field on whose value all agree has many owners.
    managers = _without(managers, gained | scope.of(found.removed))
    # The time is that of the last change of a value: who only comes to own what is there has none.
    changed = bool(gained) or bool(found.removed)
    managers[who] = VersionedSet(mine, scope.now if changed else before.time)
    return merged, _written(managers)


LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""The annotation in which `kubectl apply` remembers what it applied."""
_REMEMBERED = ("f:metadata", "f:annotations", f"f:{LAST_APPLIED}")


def remembering(entries: list[Document], operation: str) -> list[str]:
    """Return who owns the annotation of `kubectl apply` by an operation.

    Source: kubernetes staging/src/k8s.io/client-go/util/csaupgrade/upgrade.go FindFieldsOwners().
    """
    managers = _read(entries)
    return [
        each.name
        for each, owned in managers.items()
        if each.operation == operation and _REMEMBERED in owned.fields
    ]


def handed_over(entries: list[Document], former: Iterable[str], who: Manager) -> list[Document]:
    """Return ``managedFields`` in which all that `former` set by updates is `who`'s.

    Left as theirs, those fields could not be removed by leaving them out of what is applied later.

    Source: kubernetes staging/src/k8s.io/client-go/util/csaupgrade/upgrade.go
    upgradeManagedFields().
    """
    managers = _read(entries)
    names = frozenset(former)
    theirs = [
        each
        for each in managers
        if each.name in names and each.operation == "Update" and not each.subresource
    ]
    if not theirs:
        return entries
    given = [(each, managers.pop(each)) for each in theirs]
    mine = managers.get(who, VersionedSet(frozenset(), given[0][1].time))
    gained = frozenset().union(
        *(owned.fields for each, owned in given if each.api_version == who.api_version)
    )
    managers[who] = mine._replace(fields=mine.fields | gained)
    return _written(managers)


def _read(entries: list[Document]) -> VersionedSets:
    """Return ``managedFields`` by manager; nothing where one of the entries cannot be read.

    Source: apimachinery pkg/util/managedfields/internal/fieldmanager.go emptyManagedFieldsOnErr().
    """
    try:
        return _by_manager(entries)
    except ValueError:
        return {}


def _by_manager(entries: list[Document]) -> VersionedSets:
    managers: VersionedSets = {}
    for each in entries:
        manager = Manager(
            each.get("manager", ""),
            each.get("apiVersion", ""),
            each.get("operation", ""),
            each.get("subresource", ""),
        )
        managers[manager] = VersionedSet(read(each.get("fieldsV1") or {}), each.get("time", ""))
    return managers


def _written(managers: VersionedSets) -> list[Document]:
    """Return ``managedFields``; managers that own nothing any more are forgotten."""
    return [
        {
            "apiVersion": manager.api_version,
            "fieldsType": "FieldsV1",
            "fieldsV1": spelled(owned.fields),
            "manager": manager.name,
            "operation": manager.operation,
            **({"subresource": manager.subresource} if manager.subresource else {}),
            **({"time": owned.time} if owned.time else {}),
        }
        for manager, owned in sorted(managers.items(), key=_order)
        if owned.fields
    ]


def _order(item: tuple[Manager, VersionedSet]) -> tuple[str, ...]:
    # `Apply` sorts before `Update`, and the earlier before the later, as the server lists them.
    manager, owned = item
    return (manager.operation, owned.time, manager.name, manager.api_version, manager.subresource)


def _without(managers: Mapping[Manager, VersionedSet], fields: Fields) -> VersionedSets:
    return {
        manager: owned._replace(fields=owned.fields - fields) for manager, owned in managers.items()
    }


def _named(manager: Manager) -> str:
    """Return a manager as conflicts name it."""
    name = f'"{manager.name}"'
    if manager.subresource:
        name += f' with subresource "{manager.subresource}"'
    return f"{name} using {manager.api_version}" if manager.operation == "Update" else name


def _merged(live: Any, config: Any, rule: MergeRule, rules: MergeRules) -> Any:
    """Return `live` with what `config` says."""
    # To be owned as one it must be replaced as one.
    if rule.atomic:
        return config
    if isinstance(live, dict) and isinstance(config, dict):
        result = dict(live)
        for name, value in config.items():
            part = rule_of_field(rules, name)
            result[name] = _merged(live.get(name), value, part, rules_inside(part))
        return result
    if is_keyed(rule, live) and is_keyed(rule, config):
        return _merged_list(items_of(rule, live), items_of(rule, config), rule)
    return config


def _merged_list(live: dict[str, Any], config: dict[str, Any], rule: MergeRule) -> list[Any]:
    """Return the items of both lists: in the order of `config`, others before what they preceded.

    Source: sigs.k8s.io/structured-merge-diff typed/merge.go mergeListItems().
    """
    result: dict[str, Any] = {}
    waiting = list(live)
    item = rule_of_item(rule)
    for step, value in config.items():
        # Others' items keep their place before an item of `live` that is applied as well: whoever
        # put them there may rely on the order.
        while waiting and step in waiting and waiting[0] != step and waiting[0] not in config:
            other = waiting.pop(0)
            result[other] = live[other]
        if step in waiting:
            waiting.remove(step)
        result[step] = (
            _merged(live[step], value, item, rules_inside(item)) if step in live else value
        )
    result |= {step: live[step] for step in waiting if step not in result}
    return list(result.values())


def _pruned(document: Document, gone: Fields, kept: Fields, rules: MergeRules) -> Document:
    """Return `document` without the fields `gone`, but with all that leads to those `kept`."""
    if not gone:
        return document
    # A map may go only when nobody owns anything below it.
    needed = {path[:length] for path in kept for length in range(1, len(path) + 1)}
    doomed = frozenset(path for path in gone if path not in needed)
    return {
        name: _prune((f"f:{name}",), rule_of_field(rules, name), value, doomed)
        for name, value in document.items()
        if (f"f:{name}",) not in doomed
    }


def _prune(path: Path, rule: MergeRule, value: Any, doomed: Fields) -> Any:
    """Return one value without the fields `doomed`, which are whole paths."""
    parts = {} if rule.atomic else items_of(rule, value)
    if not parts:
        return value
    rules = rules_inside(rule)
    left = {
        step: _prune((*path, step), rule_at(rule, rules, step), each, doomed)
        for step, each in parts.items()
        if (*path, step) not in doomed
    }
    if isinstance(value, list):
        return list(left.values())
    # A map that has lost everything is nobody's wish.
    return {step[2:]: each for step, each in left.items() if each or parts[step] == each}
