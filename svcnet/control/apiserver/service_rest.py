"""What the API server adds to a Service, and what it takes away when the type changes.

Source: kubernetes pkg/registry/core/service/storage/storage.go beginCreate(), beginUpdate();
pkg/registry/core/service/strategy.go dropTypeDependentFields().
"""

from __future__ import annotations

from collections.abc import Iterable

from svcnet.api.keys import Document, Key
from svcnet.api.service_spec import needs_health_check
from svcnet.control.apiserver.cluster_ips import ClusterIPs, families_of
from svcnet.control.apiserver.ip_families import (
    needs_addresses,
    needs_node_ports,
    normalised,
    same,
    with_families,
)
from svcnet.control.apiserver.node_ports import NodePorts
from svcnet.control.apiserver.service_write import ServiceWrite
from svcnet.store.transaction import Transaction


def allocated(
    txn: Transaction, key: Key, service: Document, old: Document | None, *, dry_run: bool
) -> Document:
    """Return `service` with all that is allocated for it; nothing is claimed yet.

    This goes before validation: a Service that breaks rules *and* asks for a taken address hears
    of the address only.

    Args:
        txn: where to look what is taken.
        key: the Service's own key.
        service: what the user asks for, defaulted.
        old: the stored Service before an update, or None when it is new.
        dry_run: fill in dummies, and do not look at all that a real run would look at.

    Raises:
        Invalid: an address or port asked for is not to be had, or the families do not fit.
        InternalError: a range is full.
    """
    before = None if old is None else (old.get("spec") or {})
    spec = normalised(service.get("spec") or {}, before)
    spec = with_families(key.name, spec, before, families_of(txn))
    if old is not None:
        draws: tuple[object, ...] = (old["metadata"].get("resourceVersion"),)
    else:
        # The first of a name draws by that alone, so that the order of manifests makes no
        # difference; one that is made again must not count on what its forerunner had.
        times = txn.deletions(key)
        draws = ("again", times) if times else ()
    write = ServiceWrite(txn, key, dry_run, draws)
    spec = ClusterIPs(write).allocated(spec, before)
    spec = NodePorts(write).allocated(spec, before)
    return {**service, "spec": spec}


def without_stale_fields(service: Document, old: Document) -> Document:
    """Return `service` without what its new type has no use for.

    Only what was there before and was left untouched is taken away: a user who sets such a field
    in the same breath is told that it may not be used.
    """
    spec, before = dict(service.get("spec") or {}), old.get("spec") or {}
    for field in tuple(_stale_fields(spec, before)):
        spec.pop(field, None)
    if needs_node_ports(before) and not needs_node_ports(spec) and _no_new_ports(spec, before):
        spec["ports"] = [_without_node_port(each) for each in spec.get("ports") or ()]
    if spec.get("type") == "LoadBalancer" or "status" not in service:
        return {**service, "spec": spec}
    return {**service, "spec": spec, "status": {**service["status"], "loadBalancer": {}}}


def without_hidden_fields(service: Document) -> Document:
    """Return `service` without what nobody is shown: how to route to a mere name."""
    spec = service.get("spec") or {}
    if spec.get("type") != "ExternalName" or "internalTrafficPolicy" not in spec:
        return service
    shown = {field: value for field, value in spec.items() if field != "internalTrafficPolicy"}
    return {**service, "spec": shown}


def externally_accessible(spec: Document) -> bool:
    """Tell whether traffic from outside has a way in that the external traffic policy governs."""
    return needs_node_ports(spec) or bool(
        spec.get("type") == "ClusterIP" and spec.get("externalIPs")
    )


def _stale_fields(spec: Document, before: Document) -> Iterable[str]:
    if needs_addresses(before) and not needs_addresses(spec):
        # Both spellings must be untouched, or neither goes.
        if spec.get("clusterIP") == before.get("clusterIP") and same(spec, before, "clusterIPs"):
            yield from ("clusterIP", "clusterIPs")
        yield from _untouched(spec, before, "ipFamilies", "ipFamilyPolicy")
    if needs_health_check(before) and not needs_health_check(spec):
        yield from _untouched(spec, before, "healthCheckNodePort")
    if before.get("type") == "LoadBalancer" and spec.get("type") != "LoadBalancer":
        yield from _untouched(spec, before, "allocateLoadBalancerNodePorts", "loadBalancerClass")
    if externally_accessible(before) and not externally_accessible(spec):
        yield from _untouched(spec, before, "externalTrafficPolicy")


def _untouched(spec: Document, before: Document, *fields: str) -> Iterable[str]:
    return (each for each in fields if spec.get(each) == before.get(each))


def _no_new_ports(spec: Document, before: Document) -> bool:
    held = {each.get("nodePort", 0) for each in before.get("ports") or ()}
    return {each.get("nodePort", 0) for each in spec.get("ports") or ()} <= held | {0}


def _without_node_port(port: Document) -> Document:
    return {field: value for field, value in port.items() if field != "nodePort"}
