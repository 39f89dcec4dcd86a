"""What an object holds that nobody else may have, and how it is written together with that.

The document says what is held, and the claims follow it: every write goes through `write` or
`erase`, so that claims and documents cannot disagree.  An address of a Service also has an
IPAddress object, which tells users whose it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api import addresses
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import IP_ADDRESS, NODE, POD, SERVICE
from svcnet.api.service_spec import canonical, cluster_ips, is_address, node_ports
from svcnet.control.objects.allocation import FAMILIES
from svcnet.lean_namedtuple import NamedTuple
from svcnet.store.pools import Pool, Value
from svcnet.store.transaction import Transaction

ALLOCATOR = "ipallocator.k8s.io"
"""Who made an IPAddress, when it was made for a Service."""


class HeldValue(NamedTuple):
    """One value that an object holds."""

    pool: Pool
    value: Value


def write(txn: Transaction, key: Key, document: Document) -> Document:
    """Store `document`, and claim what it holds now and release what it held before.

    Returns the stored document.

    Raises:
        ClaimTaken: somebody else holds a value; nothing was written.
    """
    old = txn.get(key)
    if key.resource in _HOLDERS:
        _move(txn, key, _held(key.resource, old), _held(key.resource, document))
    return txn.put(document)


def write_new(txn: Transaction, key: Key, document: Document) -> None:
    """Store an object of the cluster's own making, new and without further ado."""
    made = {"creationTimestamp": txn.now, "uid": txn.fresh_uid(key)}
    write(txn, key, {**document, "metadata": {**document["metadata"], **made}})


def give_up(txn: Transaction, key: Key, old: Document, document: Document) -> None:
    """Release what `old` holds and `document` does not; `document` must be written after."""
    if key.resource in _HOLDERS:
        kept = _held(key.resource, document)
        before = _held(key.resource, old)
        _move(txn, key, before, tuple(each for each in before if each in kept))


def erase(txn: Transaction, key: Key) -> None:
    """Take the object away and release what it holds."""
    if key.resource in _HOLDERS:
        _move(txn, key, _held(key.resource, txn.get(key)), ())
    if key.resource == SERVICE.resource and txn.get(key) is not None:
        txn.count_deletion(key)
    txn.delete(key)


def claims_of(resource: str, document: Document) -> Iterator[HeldValue]:
    """Yield what an object holds, addresses in canonical spelling; some values may come twice."""
    match resource:
        case SERVICE.resource:
            spec = document.get("spec") or {}
            yield from (HeldValue(Pool.CLUSTER_IPS, canonical(each)) for each in cluster_ips(spec))
            yield from (HeldValue(Pool.NODE_PORTS, each) for each in node_ports(spec))
        case POD.resource:
            yield from _pod_ips(document)
        case NODE.resource:
            yield from (HeldValue(Pool.POD_RANGES, each) for each in addresses.pod_ranges(document))
        case IP_ADDRESS.resource:
            yield from _by_hand(document)
        case _:
            return


def ip_address_object(txn: Transaction, address: str, service: Key) -> Document:
    """Return the IPAddress that tells that `address` is `service`'s.

    Source: kubernetes pkg/registry/core/service/ipallocator/ipallocator.go createIPAddress().
    """
    key = Key(IP_ADDRESS.resource, "", address)
    return {
        "apiVersion": IP_ADDRESS.api_version,
        "kind": IP_ADDRESS.kind,
        "metadata": {
            "creationTimestamp": txn.now,
            "labels": {
                "ipaddress.kubernetes.io/ip-family": FAMILIES[6 if ":" in address else 4],
                "ipaddress.kubernetes.io/managed-by": ALLOCATOR,
            },
            "name": address,
            "uid": txn.fresh_uid(key),
        },
        "spec": {"parentRef": parent_of(service)},
    }


def parent_of(service: Key) -> Document:
    """Return how an IPAddress names the Service that has it."""
    return {"name": service.name, "namespace": service.namespace, "resource": service.resource}


# Most writes are of other kinds, and cost no look at what they hold.
_HOLDERS = frozenset((SERVICE.resource, POD.resource, NODE.resource, IP_ADDRESS.resource))


def _held(resource: str, document: Document | None) -> tuple[HeldValue, ...]:
    return () if document is None else tuple(dict.fromkeys(claims_of(resource, document)))


def _move(
    txn: Transaction, key: Key, before: tuple[HeldValue, ...], after: tuple[HeldValue, ...]
) -> None:
    if before == after:
        return  # Nearly every update: nothing is looked up.
    # Released last: claims are refused before anything is given away.
    for claim in after:
        if claim not in before:
            txn.claim(claim.pool, claim.value, key)
            if key.resource == SERVICE.resource and claim.pool is Pool.CLUSTER_IPS:
                _show(txn, str(claim.value), key)
    for claim in before:
        # An import may have given the value to somebody else already.
        if claim not in after and txn.owner(claim.pool, claim.value) == key:
            txn.release(claim.pool, claim.value)
            if key.resource == SERVICE.resource and claim.pool is Pool.CLUSTER_IPS:
                txn.delete(Key(IP_ADDRESS.resource, "", str(claim.value)))


def _show(txn: Transaction, address: str, service: Key) -> None:
    """Store the IPAddress of a claimed cluster IP, unless an import brought it along."""
    # One that an import left behind may tell of a former owner.
    known = txn.get(Key(IP_ADDRESS.resource, "", address))
    if known is None or (known.get("spec") or {}).get("parentRef") != parent_of(service):
        txn.put(ip_address_object(txn, address, service))


def _pod_ips(pod: Document) -> Iterator[HeldValue]:
    """Yield the addresses of a pod; those on the host's network have none of their own.

    A pod that has ended has given its addresses back, although its status still shows them.
    """
    status = pod.get("status") or {}
    if (pod.get("spec") or {}).get("hostNetwork") or status.get("phase") in _ENDED:
        return
    given = [each.get("ip") for each in status.get("podIPs") or ()] or [status.get("podIP")]
    known = (each for each in given if each and is_address(each))
    yield from (HeldValue(Pool.POD_IPS, canonical(each)) for each in known)


_ENDED = ("Succeeded", "Failed")


def _by_hand(address: Document) -> Iterator[HeldValue]:
    """Yield the address of an IPAddress that was not made for a Service."""
    labels = address["metadata"].get("labels") or {}
    name = address["metadata"]["name"]
    if labels.get("ipaddress.kubernetes.io/managed-by") != ALLOCATOR and is_address(name):
        yield HeldValue(Pool.CLUSTER_IPS, canonical(name))
