"""How objects go: at once, or when whoever holds on to them lets go.

Source: kubernetes staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go Delete(),
staging/src/k8s.io/apiserver/pkg/registry/rest/delete.go BeforeDelete();
pkg/registry/core/pod/strategy.go CheckGracefulDelete().
"""

from __future__ import annotations

from datetime import datetime, timedelta

from svcnet.api.index_values import by_owner
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import (
    BUILT_IN,
    CUSTOM_RESOURCE_DEFINITION,
    ENDPOINTS,
    IP_ADDRESS,
    NAMESPACE,
    POD,
    SERVICE,
)
from svcnet.api.tallies import objects_of
from svcnet.control.apiserver import allocated
from svcnet.control.apiserver.kubernetes_service import (
    ITS_ENDPOINTS,
    ITS_SLICE,
    KUBERNETES,
    kubernetes_service,
)
from svcnet.control.objects.ownership import identity_of_document, owners_of, released
from svcnet.control.objects.pods import HOLD
from svcnet.store.pools import Pool
from svcnet.store.transaction import Transaction

DEFAULT_GRACE = 30
"""Seconds that a pod is given when neither it nor whoever deletes it says otherwise."""


CLEANUP = "customresourcecleanup.apiextensions.k8s.io"
"""Finalizer of a definition whose objects are not gone yet."""

_BUILT_IN = frozenset(each.resource for each in BUILT_IN)

FOREVER = 10**10
"""Seconds beyond which nobody waits; calendars end there."""


def remove(txn: Transaction, key: Key, *, grace: int | None = None) -> Document:
    """Take an object away, or mark it as going when something holds on to it; return it.

    Held are objects with finalizers, namespaces until they are empty, and pods on a node with the
    annotation ``svcnet/hold``.  A Service's Endpoints go with it.  Only when nothing happens, the
    stored document itself is returned.

    Args:
        txn: where to write.
        key: which object; it must be there.
        grace: seconds a pod is given; 0 takes it away at once, None asks the pod.
    """
    document = txn.get(key)
    assert document is not None
    if key.resource == CUSTOM_RESOURCE_DEFINITION.resource:
        document = _emptied(txn, document)
    marked = _marked(txn, key, document, grace)
    if is_held(marked, forced=grace == 0):
        if marked != document:
            txn.put(marked)
        return marked
    finish(txn, key)
    # A copy, because the stored document itself would mean that nothing happened.
    return {**marked}


def finish(txn: Transaction, key: Key) -> None:
    """Take an object away that nothing holds on to, and what the API server takes along."""
    document = txn.get(key)
    allocated.erase(txn, key)
    if key in (ITS_ENDPOINTS, ITS_SLICE) and document is not None:
        _advertise_again(txn, key, document)
    elif key.resource == SERVICE.resource:
        _after_service(txn, key)
    elif key.resource == IP_ADDRESS.resource:
        _after_address(txn, key.name)
    elif key.resource not in _BUILT_IN:
        _after_custom(txn, key.resource)


def _emptied(txn: Transaction, definition: Document) -> Document:
    """Delete the objects of a custom kind; return its definition, held as long as some are left.

    Source: kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/controller/finalizer/
    crd_finalizer.go.
    """
    name = definition["metadata"]["name"]
    for each in txn.list(name):
        metadata = each["metadata"]
        remove(txn, Key(name, metadata.get("namespace", ""), metadata["name"]))
    metadata = definition["metadata"]
    others = [each for each in metadata.get("finalizers") or () if each != CLEANUP]
    if txn.list(name):
        return {**definition, "metadata": {**metadata, "finalizers": [*others, CLEANUP]}}
    kept = {field: value for field, value in metadata.items() if field != "finalizers"}
    if others:
        kept["finalizers"] = others
    return {**definition, "metadata": kept}


def _after_custom(txn: Transaction, resource: str) -> None:
    """Let a definition go that waited for its last object."""
    key = Key(CUSTOM_RESOURCE_DEFINITION.resource, "", resource)
    definition = txn.get(key)
    going = definition is not None and definition["metadata"].get("deletionTimestamp")
    if going and not txn.tallies(objects_of(resource, "")):
        remove(txn, key)


def orphan(txn: Transaction, key: Key, document: Document) -> None:
    """Free what an object owns from it, so that it outlives it."""
    owner = identity_of_document(document)
    for owned in txn.indexed_keys(by_owner(owner.uid)):
        each = txn.get(owned)
        # What belongs to the whole cluster may own something anywhere.
        within = key.namespace in ("", owned.namespace)
        if within and each is not None and owner in owners_of(each):
            txn.put(released(each, [owner]))


def is_over(document: Document) -> bool:
    """Tell whether a deleted object has nothing left that holds on to it."""
    metadata = document["metadata"]
    return bool(metadata.get("deletionTimestamp")) and not is_held(document)


def is_held(document: Document, *, forced: bool = False) -> bool:
    """Tell whether an object stays for a while after it is deleted.

    A forced deletion does not wait for a pod's node; finalizers hold against that, too.
    """
    metadata = document["metadata"]
    if metadata.get("finalizers"):
        return True
    if NAMESPACE.is_of(document):
        return bool((document.get("spec") or {}).get("finalizers"))
    # Pods that no node has seen have nobody who would have to stop them.
    return (
        not forced
        and POD.is_of(document)
        and HOLD in (metadata.get("annotations") or {})
        and bool((document.get("spec") or {}).get("nodeName"))
    )


def _marked(txn: Transaction, key: Key, document: Document, grace: int | None) -> Document:
    """Return `document` with the moment it is to be gone, unless it has one."""
    metadata = document["metadata"]
    if metadata.get("deletionTimestamp"):
        # The first deletion set the moment, and later ones cannot move it.
        return document
    seconds = 0
    if key.resource == POD.resource:
        given = (document.get("spec") or {}).get("terminationGracePeriodSeconds", DEFAULT_GRACE)
        seconds = given if grace is None else grace
    metadata = {
        **metadata,
        "deletionGracePeriodSeconds": seconds,
        "deletionTimestamp": _later(txn.now, seconds),
    }
    if metadata.get("generation"):
        # That it is to go is another thing to ask of whoever looks after it.
        metadata["generation"] += 1
    if key.resource == NAMESPACE.resource:
        # Namespaces have no grace, and their status tells that they are going.
        del metadata["deletionGracePeriodSeconds"]
        status = {**(document.get("status") or {}), "phase": "Terminating"}
        return {**document, "metadata": metadata, "status": status}
    return {**document, "metadata": metadata}


def _later(moment: str, seconds: int) -> str:
    """Return an RFC 3339 time some seconds after another.

    >>> _later("2026-11-23T16:59:45Z", 30)
    '2026-11-23T17:00:15Z'
    """
    then = datetime.fromisoformat(moment) + timedelta(seconds=min(seconds, FOREVER))
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


def _after_service(txn: Transaction, key: Key) -> None:
    # Slices go by their owner, but Endpoints had no owners when they were invented.
    endpoints = key._replace(resource=ENDPOINTS.resource)
    if key == KUBERNETES:
        # The API server looks after its own Service and makes it anew within seconds.
        allocated.write(txn, key, kubernetes_service(txn))
    if txn.get(endpoints) is not None:
        finish(txn, endpoints)


def _advertise_again(txn: Transaction, key: Key, document: Document) -> None:
    """Make anew, under another uid, what the API server says of where it is.

    A cluster that was imported has its API server where it said so, wherever `init` had put ours.
    """
    if txn.settings.advertise_address:
        fields = ("labels", "name", "namespace")
        metadata = {name: document["metadata"].get(name) for name in fields}
        if key == ITS_SLICE:
            metadata["generation"] = 1
        allocated.write_new(txn, key, {**document, "metadata": metadata})


def _after_address(txn: Transaction, address: str) -> None:
    # The address is still its Service's, and a repair loop gives it its IPAddress back.
    owner = txn.owner(Pool.CLUSTER_IPS, address)
    if owner is not None:
        txn.put(allocated.ip_address_object(txn, address, owner))
