"""What goes with something else: what objects owned.

Source: kubernetes pkg/controller/garbagecollector/garbagecollector.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.index_values import by_owner
from svcnet.api.keys import Key
from svcnet.api.kinds import (
    ENDPOINT_SLICE,
    EVENT,
    IP_ADDRESS,
    NAMESPACE,
    SERVICE_CIDR,
)
from svcnet.control.objects.ownership import (
    OwnerIdentity,
    identity_of_document,
    owners_of,
    released,
)
from svcnet.snapshot import Change, Delete, Put, Snapshot

_CHILDLESS = frozenset(
    kind.resource for kind in (ENDPOINT_SLICE, EVENT, IP_ADDRESS, NAMESPACE, SERVICE_CIDR)
)
"""What owns nothing."""


def collect_garbage(cluster: Snapshot) -> Iterator[Change]:
    """Ask for the deletion of what belonged to objects that are gone.

    Only what lost its owner just now goes: what an import brought without its owner stays.
    """
    lost: dict[str, set[OwnerIdentity]] = {}
    for event in cluster.changed:
        if event.went and event.before and event.key.resource not in _CHILDLESS:
            lost.setdefault(event.key.namespace, set()).add(identity_of_document(event.before))
    for namespace, gone in lost.items():
        found = {key for owner in gone for key in cluster.indexed_keys(by_owner(owner.uid))}
        for key in sorted(found):
            # What belongs to the whole cluster may own something anywhere.
            if namespace in ("", key.namespace):
                yield from _orphaned(cluster, key, gone)


def _orphaned(cluster: Snapshot, key: Key, gone: set[OwnerIdentity]) -> Iterator[Change]:
    """Take away what has lost all its owners; from others only strike those it has lost."""
    document = cluster.document(key)
    if document is None:
        return
    owners = tuple(owners_of(document))
    dead = gone.intersection(owners)
    if not dead:
        return
    if len(dead) == len(owners):
        yield Delete(key)
    else:
        yield Put(released(document, dead))
