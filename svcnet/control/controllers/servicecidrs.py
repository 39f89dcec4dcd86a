"""What becomes of ServiceCIDRs: ready to be allocated from, or on their way out.

Source: kubernetes pkg/controller/servicecidrs/servicecidrs_controller.go sync(),
canDeleteCIDR(); KEP-1880.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svcnet.api.addresses import parse, parse_range
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import SERVICE_CIDR
from svcnet.api.objects import IPAddress, ServiceCIDR
from svcnet.control.objects.allocation import Network
from svcnet.snapshot import Change, Delete, Put, Snapshot

FINALIZER = "networking.k8s.io/service-cidr-finalizer"
"""Keeps a ServiceCIDR while cluster IPs depend on it."""

_READY = ("True", "", "Kubernetes Service CIDR is ready")
_IN_USE = (
    "False",
    "Terminating",
    "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a "
    "new ServiceCIDR",
)


def sync_service_cidrs(cluster: Snapshot) -> Iterator[Change]:
    """Ask that each ServiceCIDR is ready; those being deleted go once nothing depends on them."""
    ranges = cluster.service_cidrs
    for each in ranges:
        key = Key(SERVICE_CIDR.resource, "", each.name)
        document = cluster.document(key)
        assert document is not None
        if not each.metadata.deletion_timestamp:
            wanted = ready(document, cluster.now)
        elif not document["metadata"].get("finalizers"):
            yield Delete(key)
            continue
        elif _in_use(each, ranges, cluster.of(IPAddress)):
            wanted = _with_condition(document, *_IN_USE, cluster.now)
        else:
            wanted = _let_go(document)
        if wanted != document:
            yield Put(wanted)


def ready(document: Document, now: str) -> Document:
    """Return a ServiceCIDR that addresses can be allocated from, and that is protected."""
    metadata = document["metadata"]
    finalizers = metadata.get("finalizers") or []
    if FINALIZER not in finalizers:
        metadata = {**metadata, "finalizers": [*finalizers, FINALIZER]}
    return _with_condition({**document, "metadata": metadata}, *_READY, now)


def _let_go(document: Document) -> Document:
    """Return a ServiceCIDR without the finalizer; it goes with the last one."""
    metadata = document["metadata"]
    left = [each for each in metadata["finalizers"] if each != FINALIZER]
    return {**document, "metadata": {**metadata, "finalizers": left}}


def _with_condition(
    document: Document, status: str, reason: str, message: str, now: str
) -> Document:
    old = (document.get("status") or {}).get("conditions") or []
    before: Document = next((each for each in old if each.get("type") == "Ready"), {})
    # When the status turned, not when it was last looked at.
    since = before.get("lastTransitionTime", now) if before.get("status") == status else now
    condition: dict[str, Any] = {
        "lastTransitionTime": since,
        "message": message,
        "reason": reason,
        "status": status,
        "type": "Ready",
    }
    others = [each for each in old if each.get("type") != "Ready"]
    return {**document, "status": {"conditions": [*others, condition]}}


def _in_use(
    going: ServiceCIDR, ranges: tuple[ServiceCIDR, ...], addresses: tuple[IPAddress, ...]
) -> bool:
    """Tell whether an address would be left that no other ServiceCIDR holds."""
    staying = [
        network
        for each in ranges
        # One that is going, too, cannot take over an address.
        if each.name != going.name and not each.metadata.deletion_timestamp
        for network in _networks(each)
    ]
    ours = _networks(going)
    parsed = filter(None, (parse(each.name) for each in addresses))
    return any(
        any(address in network for network in ours)
        and not any(address in network for network in staying)
        for address in parsed
    )


def _networks(each: ServiceCIDR) -> list[Network]:
    known = map(parse_range, each.spec.cidrs or ())
    return [network for network in known if network is not None]
