"""What a namespace that goes takes along.

Source: kubernetes pkg/controller/namespace/deletion/namespaced_resources_deleter.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.keys import Key
from svcnet.api.kinds import NAMESPACE
from svcnet.api.objects import Namespace
from svcnet.snapshot import Change, Delete, Put, Snapshot


def sync_namespaces(cluster: Snapshot) -> Iterator[Change]:
    """Ask for the deletion of all that is in a namespace that is going, then of the namespace."""
    keys = [each.key for each in cluster.changed]
    names = {key.namespace for key in keys}
    names |= {key.name for key in keys if key.resource == NAMESPACE.resource}
    for name in sorted(names):
        namespace = cluster.one(Namespace, "", name)
        if namespace is not None and namespace.metadata.deletion_timestamp is not None:
            yield from _emptied(cluster, namespace)


def _emptied(cluster: Snapshot, namespace: Namespace) -> Iterator[Change]:
    """Empty one namespace, then let it go: first its finalizer, then itself."""
    content = [
        Key(resource, namespace.name, document["metadata"]["name"])
        for resource in cluster.resources(namespace.name)
        for document in cluster.documents(resource, namespace.name)
    ]
    # What is held is only marked, and keeps its namespace until it goes.
    yield from map(Delete, content)
    key = Key(NAMESPACE.resource, "", namespace.name)
    document = cluster.document(key)
    if content or document is None:
        return
    if (document.get("spec") or {}).get("finalizers"):
        spec = {name: value for name, value in document["spec"].items() if name != "finalizers"}
        yield Put({**document, "spec": spec})
    else:
        yield Delete(key)
