"""From `kubectl apply` to `kubectl apply --server-side`: who owns what the former set.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go
saveLastApplyAnnotationIfNecessary(), migrateToSSAIfNecessary().
"""

from __future__ import annotations

from svcnet.api.keys import Document
from svcnet.api.managedfields import Manager, handed_over, remembering
from svcnet.cli.commands.last_applied import ANNOTATION, stored
from svcnet.cli.commands.writing import Work
from svcnet.cli.resource.targets import Target

CLIENT_SIDE = "kubectl-client-side-apply"
"""Who owns what `apply` sets without the server's help, unless a flag says otherwise."""

SERVER_SIDE = "kubectl"
"""Who owns what `apply --server-side` sets, likewise."""

REMEMBERING = "kubectl-last-applied"
"""Who owns the annotation then, so that it does not go with those who owned it before."""


def manager_of(given: str, *, server_side: bool) -> str:
    """Return who applies; `given` is what the flag says, if it was there.

    Source: kubectl/pkg/cmd/apply/apply.go GetApplyFieldManagerFlag().
    """
    return given or (SERVER_SIDE if server_side else CLIENT_SIDE)


def migrated(work: Work, target: Target, applied: Document) -> Document | None:
    """Let whoever applied own what was applied without the server's help before.

    Args:
        work: the verb's work.
        target: what was applied.
        applied: the object as it is now.

    Returns the object after that, or None when there was nothing to hand over: then nothing more
    need be applied.
    """
    if work.flags.manager == SERVER_SIDE:
        applied = _remembered(work, target, applied)
    entries = applied["metadata"].get("managedFields") or []
    former = remembering(entries, "Update")
    who = Manager(work.flags.manager, target.kind.api_version, "Apply")
    owned = handed_over(entries, former, who)
    if owned == entries:
        return None
    from svcnet.api.merge import Patch, PatchType

    change = {"op": "replace", "path": "/metadata/managedFields", "value": owned}
    return work.patch(target.key, Patch(PatchType.JSON, [change])).document


def _remembered(work: Work, target: Target, applied: Document) -> Document:
    """Give the annotation of `kubectl apply` an owner of its own, if it has none who applies."""
    text = stored(applied)
    entries = applied["metadata"].get("managedFields") or []
    if text is None or remembering(entries, "Apply"):
        return applied
    metadata = {"name": target.name, "annotations": {ANNOTATION: text}}
    if target.namespace:
        metadata["namespace"] = target.namespace
    alone = {
        "apiVersion": target.kind.api_version,
        "kind": target.kind.kind,
        "metadata": metadata,
    }
    return work.apply(alone, force=False, manager=REMEMBERING)
