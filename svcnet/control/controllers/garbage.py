"""What goes with something else: what objects owned, and what a namespace held.

Source: kubernetes pkg/controller/garbagecollector/garbagecollector.go,
pkg/controller/namespace/deletion/namespaced_resources_deleter.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from svcnet.api.keys import Key
from svcnet.api.kinds import (
    ENDPOINT_SLICE,
    EVENT,
    IP_ADDRESS,
    NAMESPACE,
    POD,
    REPLICA_SET,
    SERVICE_CIDR,
)
from svcnet.api.lean_namedtuple import NamedTuple
from svcnet.api.objects import EndpointSlice, Namespace
from svcnet.api.workloads import Pod, ReplicaSet
from svcnet.control.objects.ownership import released
from svcnet.snapshot import Change, Delete, Put, Snapshot

_CHILDLESS = frozenset(
    kind.resource for kind in (ENDPOINT_SLICE, EVENT, IP_ADDRESS, NAMESPACE, SERVICE_CIDR)
)
"""What owns nothing."""

Uids: TypeAlias = dict[tuple[str, str], str]
"""The uid of each object that may have lost its dependents, by kind and name; empty: gone."""


class _Owned(NamedTuple):
    """An object that has owners: for each, its kind, name and uid."""

    key: Key
    owners: tuple[tuple[str, str, str], ...]


def collect_garbage(cluster: Snapshot) -> Iterator[Change]:
    """Ask for the deletion of what belonged to objects that are gone.

    Only what lost its owner just now goes: what an import brought without its owner stays.
    """
    lost: dict[str, Uids] = {}
    for key in sorted(cluster.changed or ()):
        if key.resource in _CHILDLESS:
            continue
        metadata = (cluster.document(key) or {}).get("metadata", {})
        # One that was made just now may have taken the name of another; pods rarely own anything.
        fresh = key.resource != POD.resource and metadata.get("creationTimestamp") == cluster.now
        if not metadata or fresh:
            kind = cluster.kind_of(key.resource)
            lost.setdefault(key.namespace, {})[kind, key.name] = metadata.get("uid", "")
    for namespace, uids in lost.items():
        # What belongs to the whole cluster may own something anywhere.
        for each in _owned(cluster, namespace or None):
            yield from _orphaned(cluster, each, uids)


def _orphaned(cluster: Snapshot, owned: _Owned, uids: Uids) -> Iterator[Change]:
    """Take away what has lost all its owners; from others only strike those it has lost."""
    dead = {uid for kind, name, uid in owned.owners if uids.get((kind, name), uid) != uid}
    if not dead:
        return
    if len(dead) == len(owned.owners):
        yield Delete(owned.key)
    elif document := cluster.document(owned.key):
        yield Put(released(document, dead))


def _owned(cluster: Snapshot, namespace: str | None) -> Iterator[_Owned]:
    """Yield what has owners; of what there may be thousands of, the views are read."""
    views: dict[str, type[Pod | ReplicaSet | EndpointSlice]] = {
        POD.resource: Pod,
        REPLICA_SET.resource: ReplicaSet,
        ENDPOINT_SLICE.resource: EndpointSlice,
    }
    for resource in cluster.resources(namespace):
        if resource in views:
            for view in cluster.of(views[resource], namespace):
                if references := view.metadata.owner_references:
                    owners = tuple((each.kind, each.name, each.uid) for each in references)
                    yield _Owned(Key(resource, view.namespace, view.name), owners)
        else:
            for document in cluster.documents(resource, namespace):
                yield from _with_owners(resource, document["metadata"])


def _with_owners(resource: str, metadata: dict[str, Any]) -> Iterable[_Owned]:
    """Yield an object that is read whole, when it has owners."""
    references = metadata.get("ownerReferences")
    if references:
        owners = tuple((each["kind"], each["name"], each["uid"]) for each in references)
        yield _Owned(Key(resource, metadata.get("namespace", ""), metadata["name"]), owners)


def empty_namespaces(cluster: Snapshot) -> Iterator[Change]:
    """Ask for the deletion of all that is in a namespace that is going, then of the namespace."""
    changed = cluster.changed or frozenset()
    names = {key.namespace for key in changed}
    names |= {key.name for key in changed if key.resource == NAMESPACE.resource}
    for namespace in cluster.namespaces:
        if namespace.name in names and namespace.metadata.deletion_timestamp is not None:
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
