"""What goes with something else: what objects owned.

Source: kubernetes pkg/controller/garbagecollector/garbagecollector.go.
"""

from __future__ import annotations

from collections.abc import Iterator

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
from svcnet.api.objects import EndpointSlice
from svcnet.api.workloads import Pod, ReplicaSet
from svcnet.control.objects.ownership import (
    OwnerIdentity,
    identity_of,
    identity_of_document,
    owners_of,
    released,
)
from svcnet.lean_namedtuple import NamedTuple
from svcnet.snapshot import Change, Delete, Put, Snapshot

_CHILDLESS = frozenset(
    kind.resource for kind in (ENDPOINT_SLICE, EVENT, IP_ADDRESS, NAMESPACE, SERVICE_CIDR)
)
"""What owns nothing."""


class _Owned(NamedTuple):
    """An object that has owners."""

    key: Key
    owners: tuple[OwnerIdentity, ...]


def collect_garbage(cluster: Snapshot) -> Iterator[Change]:
    """Ask for the deletion of what belonged to objects that are gone.

    Only what lost its owner just now goes: what an import brought without its owner stays.
    """
    lost: dict[str, set[OwnerIdentity]] = {}
    for event in cluster.changed:
        if event.went and event.before and event.key.resource not in _CHILDLESS:
            lost.setdefault(event.key.namespace, set()).add(identity_of_document(event.before))
    for namespace, gone in lost.items():
        # What belongs to the whole cluster may own something anywhere.
        for each in _owned(cluster, namespace or None):
            yield from _orphaned(cluster, each, gone)


def _orphaned(cluster: Snapshot, owned: _Owned, gone: set[OwnerIdentity]) -> Iterator[Change]:
    """Take away what has lost all its owners; from others only strike those it has lost."""
    dead = gone.intersection(owned.owners)
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
                    key = Key(resource, view.namespace, view.name)
                    yield _Owned(key, tuple(map(identity_of, references)))
        else:
            for document in cluster.documents(resource, namespace):
                if owners := tuple(owners_of(document)):
                    metadata = document["metadata"]
                    key = Key(resource, metadata.get("namespace", ""), metadata["name"])
                    yield _Owned(key, owners)
