"""Parts of an object that are read by themselves.

Source: kubernetes pkg/registry/apps/deployment/storage/storage.go ScaleREST.
"""

from __future__ import annotations

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.cli.printers.cells import part, selector
from svcnet.cli.resource.targets import Target
from svcnet.errors import NotServed

SCALE = Kind("Scale", "scales", "autoscaling")


def scale_of(target: Target) -> Document:
    """Return the Scale of an object: how many pods it wants and has.

    Raises:
        NotServed: the kind has none.
    """
    if not target.kind.scalable:
        raise NotServed
    document = target.document or {}
    metadata = part(document, "metadata")
    kept = ("creationTimestamp", "name", "namespace", "resourceVersion", "uid")
    chosen = part(document, "spec", "selector")
    # The wire wants text under status.selector; a ReplicationController has a bare map there.
    return {
        "apiVersion": "autoscaling/v1",
        "kind": "Scale",
        "metadata": {field: metadata[field] for field in kept if field in metadata},
        "spec": {"replicas": part(document, "spec").get("replicas", 0)},
        "status": {
            "replicas": part(document, "status").get("replicas", 0),
            "selector": selector(chosen if "matchLabels" in chosen else {"matchLabels": chosen}),
        },
    }
