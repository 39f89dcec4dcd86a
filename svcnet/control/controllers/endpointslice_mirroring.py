"""Endpoints that somebody wrote by hand are mirrored to slices, which is what is read today.

Source: kubernetes pkg/controller/endpointslicemirroring/{endpointslicemirroring_controller,
reconciler,utils}.go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svcnet.api.index_values import SERVICE_NAME, by_label
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import ENDPOINT_SLICE, ENDPOINTS, SERVICE
from svcnet.api.objects import EndpointSlice, Service
from svcnet.api.workloads import EndpointAddress, Endpoints
from svcnet.control.controllers.endpoint_ports import (
    Port,
    Ports,
    in_slice,
    in_slice_order,
    of_slice,
)
from svcnet.control.controllers.slice_packing import Identity, identity, lay_out
from svcnet.control.objects.concerns import MANAGED_BY, MIRRORING, WRITTEN_BY
from svcnet.control.objects.ownership import owner_reference
from svcnet.control.objects.pods import NameGenerator
from svcnet.snapshot import Change, Delete, Put, Snapshot

SKIP = "endpointslice.kubernetes.io/skip-mirror"
LEADER = "control-plane.alpha.kubernetes.io/leader"

MAX_ADDRESSES = 1000
"""Addresses of one subset that are mirrored, and endpoints in one mirrored slice."""

_NOT_COPIED = frozenset(
    {
        "endpoints.kubernetes.io/last-change-trigger-time",
        "kubectl.kubernetes.io/last-applied-configuration",
    }
)

_NOT_INHERITED = frozenset({SKIP, WRITTEN_BY})


def sync_mirrored_endpoints(cluster: Snapshot) -> Iterator[Change]:
    """Ask for slices that show what Endpoints without a selector's Service say by hand."""
    names = NameGenerator(cluster, ENDPOINT_SLICE.resource)
    for namespace, name in sorted(_concerned(cluster)):
        labelled = by_label(SERVICE_NAME, name)
        shown = cluster.indexed(EndpointSlice, labelled, namespace)
        held = [each for each in shown if each.labels.get(MANAGED_BY) == MIRRORING]
        endpoints = cluster.one(Endpoints, namespace, name)
        if endpoints is not None and _mirrored(cluster, endpoints):
            yield from _reconcile(cluster, endpoints, held, names)
        else:
            # The Endpoints are gone, or their Service has got a selector.
            yield from (Delete(_key(each.namespace, each.name)) for each in held)


def _concerned(cluster: Snapshot) -> set[tuple[str, str]]:
    """Return the namespaces and names of the Services that something changed for."""
    changed = cluster.changed
    found = {each.key[1:] for each in changed.of(ENDPOINTS.resource, SERVICE.resource)}
    for event in changed.of(ENDPOINT_SLICE.resource):
        labels = (each["metadata"].get("labels") or {} for each in event.documents())
        found.update((event.key.namespace, each.get(SERVICE_NAME, "")) for each in labels)
    return found


def _mirrored(cluster: Snapshot, endpoints: Endpoints) -> bool:
    """Tell whether this object stands for a Service that has no selector.

    Whoever wrote it: what the controller made while there was a selector stays, and is mirrored.
    """
    service = cluster.one(Service, endpoints.namespace, endpoints.name)
    return (
        service is not None
        and not service.spec.selector
        and endpoints.labels.get(SKIP) != "true"
        and LEADER not in endpoints.annotations
    )


def _reconcile(
    cluster: Snapshot, endpoints: Endpoints, held: list[EndpointSlice], names: NameGenerator
) -> Iterator[Change]:
    """Yield what makes the slices of one Endpoints object show what it says."""
    found = ((each, cluster.document(_key(each.namespace, each.name))) for each in held)
    documents = {each.name: document for each, document in found if document is not None}
    grouped: dict[tuple[str, Ports], dict[str, Document]] = {}
    for name, document in documents.items():
        group = (document["addressType"], of_slice(document.get("ports")))
        grouped.setdefault(group, {})[name] = document
    gone: list[str] = []
    for (family, ports), wanted in _desired(endpoints).items():
        existing = grouped.pop((family, ports), {})
        shown = _metadata(endpoints)
        # Slices also follow labels and annotations of what they mirror.
        stale = frozenset(name for name in existing if not _up_to_date(existing[name], shown))
        held_endpoints = {name: each.get("endpoints") or [] for name, each in existing.items()}
        layout = lay_out(held_endpoints, wanted, stale, MAX_ADDRESSES)
        for name, endpoint_list in layout.written.items():
            yield Put(_slice(family, ports, endpoint_list, existing[name]["metadata"] | shown))
        for endpoint_list in layout.added:
            prefix = f"{endpoints.name}-"
            named = {
                "generateName": prefix,
                "generation": 1,
                "name": names.draw(endpoints.namespace, prefix),
                "namespace": endpoints.namespace,
            }
            yield Put(_slice(family, ports, endpoint_list, named | shown))
        gone += layout.emptied
    gone += [name for group in grouped.values() for name in group]
    yield from (Delete(_key(endpoints.namespace, name)) for name in gone)


def slices_of(cluster: Snapshot, endpoints: Endpoints) -> Iterator[Document]:
    """Yield the slices of Endpoints that no controller mirrors, laid out as it would.

    They belong to whoever wrote the Endpoints: the controller that follows pods, or the API server
    for its own Service.
    """
    # Imported here: what is mirrored every day has no use for it.
    from svcnet.control.controllers.endpointslices import CONTROLLER  # noqa: PLC0415

    by_server = endpoints.labels.get(SKIP) == "true"
    labels = {name: text for name, text in endpoints.labels.items() if name not in _NOT_INHERITED}
    managed = {} if by_server else {MANAGED_BY: CONTROLLER}
    metadata: dict[str, Any] = {
        "generation": 1,
        "labels": {**labels, **managed, SERVICE_NAME: endpoints.name},
        "namespace": endpoints.namespace,
    }
    service = cluster.one(Service, endpoints.namespace, endpoints.name)
    if service is not None and not by_server:
        owner = owner_reference(SERVICE.api_version, SERVICE.kind, service.metadata)
        metadata["ownerReferences"] = [owner]
    prefix = f"{endpoints.name}-"
    names = NameGenerator(cluster, ENDPOINT_SLICE.resource)
    own = by_server and cluster.document(_key(endpoints.namespace, endpoints.name)) is None
    for (family, ports), wanted in _desired(endpoints).items():
        for listed in lay_out({}, wanted, frozenset(), MAX_ADDRESSES).added:
            name = endpoints.name if own else names.draw(endpoints.namespace, prefix)
            own = False
            yield _slice(family, ports, listed, {**metadata, "name": name})


def _desired(endpoints: Endpoints) -> dict[tuple[str, Ports], dict[Identity, Document]]:
    """Return the endpoints there are to be, by family and ports."""
    found: dict[tuple[str, Ports], dict[Identity, Document]] = {}
    for subset in endpoints.subsets or ():
        ports = in_slice_order(
            Port(each.name, each.protocol, each.port, each.app_protocol)
            for each in subset.ports or ()
        )
        listed = [
            *((each, True) for each in subset.addresses or ()),
            *((each, False) for each in subset.not_ready_addresses or ()),
        ]
        # Ready addresses have precedence where there are too many.
        for address, ready in listed[:MAX_ADDRESSES]:
            family = "IPv6" if ":" in address.ip else "IPv4"
            endpoint = _endpoint(address, ready=ready)
            found.setdefault((family, ports), {})[identity(endpoint)] = endpoint
    return found


def _endpoint(address: EndpointAddress, *, ready: bool) -> Document:
    """Return an address as its slice shows it."""
    target = address.target_ref
    reference = target and {
        "kind": target.kind,
        "name": target.name,
        "namespace": target.namespace,
        "uid": target.uid,
    }
    optional = {
        "hostname": address.hostname,
        "nodeName": address.node_name,
        "targetRef": {name: text for name, text in (reference or {}).items() if text},
    }
    return {
        "addresses": [address.ip],
        "conditions": {"ready": ready},
        **{name: value for name, value in optional.items() if value},
    }


def _metadata(endpoints: Endpoints) -> dict[str, Any]:
    """Return what a mirrored slice takes over."""
    annotations = {
        name: text for name, text in endpoints.annotations.items() if name not in _NOT_COPIED
    }
    return {
        **({"annotations": annotations} if annotations else {}),
        "labels": {**endpoints.labels, MANAGED_BY: MIRRORING, SERVICE_NAME: endpoints.name},
        "ownerReferences": [
            owner_reference(ENDPOINTS.api_version, ENDPOINTS.kind, endpoints.metadata)
        ],
    }


def _up_to_date(document: Document, shown: dict[str, Any]) -> bool:
    metadata = document["metadata"]
    return all(metadata.get(field) == shown.get(field) for field in ("annotations", "labels"))


def _slice(
    family: str, ports: Ports, endpoints: list[Document], metadata: dict[str, Any]
) -> Document:
    """Return a mirrored slice."""
    return {
        "addressType": family,
        "apiVersion": ENDPOINT_SLICE.api_version,
        "endpoints": endpoints,
        "kind": ENDPOINT_SLICE.kind,
        "metadata": metadata,
        "ports": [in_slice(each) for each in ports] or None,
    }


def _key(namespace: str, name: str) -> Key:
    return Key(ENDPOINT_SLICE.resource, namespace, name)
