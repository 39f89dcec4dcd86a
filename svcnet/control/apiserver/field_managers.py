"""Who set which field: ``metadata.managedFields`` of what is written.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/
{managedfieldsupdater,skipnonapplied,lastappliedmanager,lastappliedupdater}.go.
"""

from __future__ import annotations

import json

from svcnet.api.fields import blank
from svcnet.api.fieldsets import Fields, compare, fields_of
from svcnet.api.go.json import marshal
from svcnet.api.keys import Document
from svcnet.api.managedfields import LAST_APPLIED, Manager, Scope, applied, updated
from svcnet.api.merge_keys import merge_rules_of
from svcnet.control.apiserver.requests import Request
from svcnet.errors import BadRequest

KUBECTL = "kubectl"
"""Who lets the server apply, unless told otherwise, and has applied without its help before."""


def noted(request: Request, document: Document, old: Document | None) -> list[Document]:
    """Return the ``managedFields`` after an update, a patch or the making of an object.

    Nobody keeps book of an object that was made without it.

    Args:
        request: the write.
        document: what the user wants, defaulted, before anything is allocated.
        old: the stored object, or None when it is new.
    """
    entries = [] if old is None else (old["metadata"].get("managedFields") or [])
    # Whoever writes them takes the book-keeping into his own hands; none at all means no change.
    if old is not None:
        entries = (document["metadata"].get("managedFields") or []) or entries
    if not request.options.manager or (old is not None and not entries):
        return entries
    before = blank(document["apiVersion"], document["kind"]) if old is None else old
    return updated(entries, (before, document), _scope(request), _manager(request, "Update"))


def merged(
    request: Request, config: Document, live: Document | None, *, force: bool
) -> tuple[Document, list[Document]]:
    """Return the object that a server-side apply wants, and its ``managedFields``.

    Raises:
        BadRequest: what is applied brings book-keeping of its own.
        ApplyConflict: others own fields that would change.
    """
    if config["metadata"].get("managedFields"):
        raise BadRequest("metadata.managedFields must be nil")
    who, scope = _manager(request, "Apply"), _scope(request)
    if live is None:
        nothing = {**config, "metadata": {"managedFields": [_nothing(who)]}, "spec": {}}
        return config, applied(nothing, config, scope, who)[1]
    remembered = _remembered(live) if who.name == KUBECTL else None
    if remembered is None:
        return applied(live, config, scope, who, force=force)
    allowed = _unchanged_since(remembered, live, scope)
    document, entries = applied(live, config, scope, who, force=force, allowed=allowed)
    return _with_remembered(document, config), entries


def with_entries(document: Document, entries: list[Document]) -> Document:
    """Return `document` with these ``managedFields``, or without any."""
    metadata = {
        name: each for name, each in document["metadata"].items() if name != "managedFields"
    }
    if entries:
        metadata["managedFields"] = entries
    return {**document, "metadata": metadata}


def _remembered(live: Document) -> str | None:
    """Return what `kubectl apply` applied without the server's help, if it did."""
    return (live["metadata"].get("annotations") or {}).get(LAST_APPLIED)


def _unchanged_since(remembered: str, live: Document, scope: Scope) -> Fields:
    """Return the fields that `kubectl apply` set, and that still are as it set them.

    These `kubectl` may change through the server, although they are another manager's.

    Source: lastappliedmanager.go allowedConflictsFromLastApplied().
    """
    try:
        config = json.loads(remembered)
    except ValueError:
        return frozenset()
    if not isinstance(config, dict) or config.get("apiVersion") != live["apiVersion"]:
        return frozenset()
    return fields_of(config, scope.rules) - compare(config, live, scope.rules).modified


def _with_remembered(document: Document, config: Document) -> Document:
    """Return an object that remembers `config` as what `kubectl apply` applied last."""
    given = config["metadata"]
    if LAST_APPLIED in (given.get("annotations") or {}):
        others = {name: each for name, each in given["annotations"].items() if name != LAST_APPLIED}
        config = {**config, "metadata": {**given, "annotations": others}}
    metadata = document["metadata"]
    # As Go's encoder ends it: lastappliedupdater.go keeps the newline.
    annotations = {**(metadata.get("annotations") or {}), LAST_APPLIED: f"{marshal(config)}\n"}
    return {**document, "metadata": {**metadata, "annotations": annotations}}


def _manager(request: Request, operation: str) -> Manager:
    options = request.options
    return Manager(options.manager, request.kind.api_version, operation, options.subresource)


def _nothing(who: Manager) -> Document:
    return {"manager": who.name, "apiVersion": who.api_version, "operation": who.operation}


def _scope(request: Request) -> Scope:
    """Return what a write can set: an object but for its status, or its status alone."""
    if request.options.subresource == "status":
        ignored: tuple[str, ...] = ("spec",)
    else:
        ignored = ("status",) if request.strategy.owns_status else ()
    return Scope(merge_rules_of(request.kind), request.txn.now, ignored)
