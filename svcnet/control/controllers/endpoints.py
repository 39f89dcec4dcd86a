"""Endpoints objects follow Services and their pods, for those who still read them.

Source: kubernetes pkg/controller/endpoint/endpoints_controller.go, pkg/api/v1/endpoints/util.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any, TypeAlias

from svcnet.api.index_values import SERVICE_NAME, by_label
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import ENDPOINTS, POD
from svcnet.api.objects import EndpointSlice, Service
from svcnet.api.workloads import Pod
from svcnet.control.controllers import service_pods
from svcnet.control.controllers.endpoint_ports import Port, in_endpoints_order, in_subset, resolver
from svcnet.lean_namedtuple import NamedTuple
from svcnet.snapshot import Put, Snapshot

MAX_ADDRESSES = 1000
"""Addresses in one Endpoints object; beyond that it is truncated."""

HEADLESS = "service.kubernetes.io/headless"
MANAGED_BY = "endpoints.kubernetes.io/managed-by"
CONTROLLER = "endpoint-controller"
TRIGGER = "endpoints.kubernetes.io/last-change-trigger-time"
OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity"


class _Address(NamedTuple):
    """One address of a subset, and whether traffic may go there."""

    ip: str
    uid: str
    ready: bool
    document: Document


Subsets: TypeAlias = list[tuple[list[Port], list[_Address]]]


def sync_endpoints(cluster: Snapshot) -> Iterator[Put]:
    """Ask for an Endpoints object that shows the pods behind each Service of one family."""
    for service in service_pods.concerned(cluster, mirrors=ENDPOINTS.resource):
        if service.metadata.deletion_timestamp is not None:
            continue
        pods = service_pods.selected_by(cluster, service)
        if pods or not _imported(cluster, service):
            yield from _reconcile(cluster, service, pods)


def _imported(cluster: Snapshot, service: Service) -> bool:
    """Tell whether the slices of a Service show pods that were never here."""
    labelled = by_label(SERVICE_NAME, service.name)
    shown = cluster.indexed(EndpointSlice, labelled, service.namespace)
    return service_pods.imported(cluster, shown)


def _reconcile(cluster: Snapshot, service: Service, pods: Sequence[Pod]) -> Iterator[Put]:
    """Ask for one Service's Endpoints, unless they show all that already."""
    key = Key(ENDPOINTS.resource, service.namespace, service.name)
    old = cluster.document(key)
    subsets = _repacked(service, pods)
    # Truncated before it is compared: what was cut before is cut again.
    truncated = _truncated(subsets)
    wanted = [_subset(*each) for each in subsets]
    labels = _labels(service)
    held = (old or {"metadata": {}})["metadata"]
    annotations = {
        name: text
        for name, text in (held.get("annotations") or {}).items()
        if name not in (OVER_CAPACITY, TRIGGER)
    }
    if truncated:
        annotations[OVER_CAPACITY] = "truncated"
    # The moment of the last change is only told together with a change.
    same = old is not None and (old.get("subsets") or []) == wanted
    capacity = (held.get("annotations") or {}).get(OVER_CAPACITY)
    if same and held.get("labels") == labels and capacity == annotations.get(OVER_CAPACITY):
        return
    if trigger := _triggered(cluster, service, pods, fresh=old is None):
        annotations[TRIGGER] = trigger
    metadata = {**held, "labels": labels, "name": service.name, "namespace": service.namespace}
    metadata.pop("annotations", None)
    yield Put(
        {
            "apiVersion": ENDPOINTS.api_version,
            "kind": ENDPOINTS.kind,
            "metadata": {**metadata, **({"annotations": annotations} if annotations else {})},
            **({"subsets": wanted} if wanted else {}),
        }
    )


def _labels(service: Service) -> dict[str, str]:
    own = {key: value for key, value in service.labels.items() if key != HEADLESS}
    headless = {HEADLESS: ""} if service.spec.cluster_ip in ("", "None") else {}
    return {**own, **headless, MANAGED_BY: CONTROLLER}


def _triggered(cluster: Snapshot, service: Service, pods: Sequence[Pod], *, fresh: bool) -> str:
    """Return when the first of the changes that are seen now happened; empty: not known."""
    times = [
        each.last_transition_time
        for pod in pods
        if fresh or Key(POD.resource, pod.namespace, pod.name) in cluster.changed
        for each in pod.status.conditions or ()
        if each.type == "Ready"
        and each.last_transition_time
        and (fresh or each.last_transition_time == cluster.now)
    ]
    if fresh and service.metadata.creation_timestamp:
        times.append(service.metadata.creation_timestamp)
    return min(times, default="")


# --- subsets ----------------------------------------------------------------------------------


def _repacked(service: Service, pods: Sequence[Pod]) -> Subsets:
    """Return the addresses behind a Service; ports that have the same ones share a subset."""
    publish = service.spec.publish_not_ready_addresses
    resolve = resolver(service)
    portless = not service.spec.ports and service.spec.cluster_ip == "None"
    by_port: dict[Port | None, dict[tuple[str, str], _Address]] = {}
    for pod in pods:
        # This object has no word for pods on their way out: they are left out.
        if pod.finished or (pod.terminating and not publish):
            continue
        address = _address(service, pod, ready=publish or pod.ready)
        if address is not None:
            for port in (None,) if portless else resolve(pod):
                by_port.setdefault(port, {})[address.ip, address.uid] = address
    groups: dict[frozenset[tuple[str, str, bool]], tuple[list[Port], list[_Address]]] = {}
    # Ports that have the very same addresses, in the same state, stand together.
    for port, found in by_port.items():
        identity = frozenset((each.ip, each.uid, each.ready) for each in found.values())
        ports, _ = groups.setdefault(identity, ([], [*found.values()]))
        if port is not None:
            ports.append(port)
    return sorted(
        (
            ([*in_endpoints_order(ports)], sorted(each, key=_by_ip))
            for ports, each in groups.values()
        ),
        key=lambda subset: [_by_ip(each) for each in subset[1]],
    )


def _by_ip(address: _Address) -> tuple[str, str]:
    """Addresses are sorted as texts: ``10.0.0.10`` before ``10.0.0.2``."""
    return address.ip, address.uid


def _address(service: Service, pod: Pod, *, ready: bool) -> _Address | None:
    """Return a pod as its subset shows it; None when it has no address of the family."""
    # Only the first family: this object is older than dual-stack clusters.
    family = next(iter(service.spec.ip_families or ("IPv4",)))
    ip = next((each for each in pod.addresses if (":" in each) == (family == "IPv6")), None)
    if ip is None:
        return None
    document: Document = {"ip": ip}
    if pod.spec.hostname and pod.spec.subdomain == service.name:
        document["hostname"] = pod.spec.hostname
    if pod.spec.node_name:
        document["nodeName"] = pod.spec.node_name
    document["targetRef"] = {
        "kind": POD.kind,
        "name": pod.name,
        "namespace": pod.namespace,
        "uid": pod.metadata.uid,
    }
    return _Address(ip, pod.metadata.uid, ready, document)


def _truncated(subsets: Subsets) -> bool:
    """Cut `subsets` down to what one object may hold; tell whether that was needed.

    Ready addresses have precedence; subsets are cut in proportion.

    Source: endpoints_controller.go truncateEndpoints().
    """
    ready = sum(each.ready for _, addresses in subsets for each in addresses)
    total = sum(len(addresses) for _, addresses in subsets)
    if total <= MAX_ADDRESSES:
        return False
    cut_ready = ready > MAX_ADDRESSES
    count = ready if cut_ready else total - ready
    room = most = MAX_ADDRESSES if cut_ready else MAX_ADDRESSES - ready
    for _, addresses in subsets:
        cut = [each for each in addresses if each.ready == cut_ready]
        # Rounded up, so that the last subset may get less than its share.
        kept = cut[: min(room, ceil(len(cut) * most / count))]
        room -= len(kept)
        whole = [] if cut_ready else [each for each in addresses if each.ready]
        addresses[:] = [*whole, *kept]
    return True


def _subset(ports: Sequence[Port], addresses: Sequence[_Address]) -> dict[str, Any]:
    """Return a subset as a document, ready addresses and others apart."""
    fields = {
        "addresses": [each.document for each in addresses if each.ready],
        "notReadyAddresses": [each.document for each in addresses if not each.ready],
        "ports": [in_subset(each) for each in ports],
    }
    return {name: value for name, value in fields.items() if value}
