"""Who set which field: ``metadata.managedFields`` of what is written.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/
{managedfieldsupdater,skipnonapplied,lastappliedupdater}.go;
staging/src/k8s.io/client-go/util/csaupgrade/upgrade.go.
"""

from __future__ import annotations

from svcnet.api.fields import blank
from svcnet.api.go.json import marshal
from svcnet.api.keys import Document
from svcnet.api.managedfields import Manager, Scope, applied, handed_over, updated
from svcnet.api.merge_keys import merge_rules_of
from svcnet.control.apiserver.requests import Request
from svcnet.errors import BadRequest

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
CLIENT_SIDE = "kubectl-client-side-apply"
"""Who applies without the server's help; `kubectl`, when it lets the server do it, takes over."""


def noted(request: Request, document: Document, old: Document | None) -> list[Document]:
    """Return the ``managedFields`` after an update, a patch or the making of an object.

    Nobody keeps book of an object that was made without it.

    Args:
        request: the write.
        document: what the user wants, defaulted, before anything is allocated.
        old: the stored object, or None when it is new.
    """
    entries = [] if old is None else (old["metadata"].get("managedFields") or [])
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
    if who.name == "kubectl":
        live = _handed_over(live, config, who)
    return applied(live, config, scope, who, force=force)


def with_entries(document: Document, entries: list[Document]) -> Document:
    """Return `document` with these ``managedFields``, or without any."""
    metadata = {
        name: each for name, each in document["metadata"].items() if name != "managedFields"
    }
    if entries:
        metadata["managedFields"] = entries
    return {**document, "metadata": metadata}


def _handed_over(live: Document, config: Document, who: Manager) -> Document:
    """Return an object whose fields `kubectl apply` set as those of its server-side apply."""
    metadata = live["metadata"]
    annotations = metadata.get("annotations") or {}
    entries = handed_over(metadata.get("managedFields") or [], CLIENT_SIDE, who)
    if LAST_APPLIED in annotations:
        # As Go's encoder ends it: lastappliedupdater.go keeps the newline.
        annotations = {**annotations, LAST_APPLIED: f"{marshal(config)}\n"}
        metadata = {**metadata, "annotations": annotations}
    return with_entries({**live, "metadata": metadata}, entries)


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
