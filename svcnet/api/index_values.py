"""By what objects are found beside their names: the values that the store indexes them under.

A verb on one object, and a controller that one object woke, must not read all others: who wants
the pods of a ReplicaSet or the slices of a Service asks for those under one value.

Source: kubernetes staging/src/k8s.io/client-go/tools/cache/index.go IndexFunc, which returns the
indexed values of an object; the indexers of its controllers (controller_ref_manager.go, podgc,
taint_eviction.go) are by owner, node and label as these are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from svcnet.api.keys import Document
from svcnet.api.kinds import (
    DAEMON_SET,
    DEPLOYMENT,
    ENDPOINT_SLICE,
    EVENT,
    JOB,
    POD,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    SERVICE,
    STATEFUL_SET,
)

SERVICE_NAME = "kubernetes.io/service-name"
"""Label: the Service that a slice belongs to."""

NOBODY = "orphan:"
"""The value of pods and ReplicaSets that nobody answers for."""

LOAD_BALANCER = "load-balancer:"
"""The value of Services that are load balancers, or have the address of one."""

PROPORTIONAL = "topology-mode:"
"""The value of Services that ask for endpoints in proportion to each zone's nodes."""

TOPOLOGY_MODES = (
    # The older name has the last word.
    "service.kubernetes.io/topology-aware-hints",
    "service.kubernetes.io/topology-mode",
)
"""Annotations of a Service that ask for that."""

WAITING = "phase:Pending"
"""The value of pods that do not run yet."""

REPELLING = "anti-affinity:"
"""The value of pods that some others may not be near."""

HOST_PORTS = "host-ports:"
"""The value of pods that have ports of their node."""

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def by_label(name: str, value: str) -> str:
    """Return the value of pods and ReplicaSets with a label, and of a Service's slices."""
    return f"label:{name}={value}"


def by_owner(uid: str) -> str:
    """Return the value of what names an owner."""
    return f"owner:{uid}"


def by_node(name: str) -> str:
    """Return the value of the pods that were given to a node."""
    return f"node:{name}"


def by_volume_claim(name: str) -> str:
    """Return the value of the pods that mount a PersistentVolumeClaim."""
    return f"claim:{name}"


def by_subject(uid: str) -> str:
    """Return the value of the Events about an object."""
    return f"about:{uid}"


def by_selector(labels: Mapping[str, str]) -> str:
    """Return the value of what selects pods by `labels` and perhaps by more.

    One label stands for all of them: where it is missing the others need not be looked at.

    >>> by_selector({"tier": "front", "app": "web"}), by_selector({})
    ('selects:app=web', 'selects:')
    """
    name = min(labels, default=None)
    return "selects:" if name is None else f"selects:{name}={labels[name]}"


def by_selectors_of(labels: Mapping[str, str]) -> list[str]:
    """Return the values of everything that may select an object with `labels`.

    >>> by_selectors_of({"app": "web"})
    ['selects:', 'selects:app=web']
    """
    return ["selects:", *(f"selects:{name}={value}" for name, value in labels.items())]


def index_values(resource: str, document: Document) -> tuple[str, ...]:
    """Return the values that a document is to be found under, sorted, each once."""
    metadata = document.get("metadata") or {}
    found = set(_owners(metadata))
    rest = _VALUES.get(resource)
    if rest is not None:
        found.update(rest(document, metadata))
    return tuple(sorted(found))


def _owners(metadata: Mapping[str, Any]) -> Iterator[str]:
    for each in metadata.get("ownerReferences") or ():
        yield by_owner(each.get("uid") or "")


def _labels(metadata: Mapping[str, Any]) -> Iterator[str]:
    for name, value in (metadata.get("labels") or {}).items():
        yield by_label(name, value)


def _orphaned(metadata: Mapping[str, Any]) -> Iterator[str]:
    if not any(each.get("controller") for each in metadata.get("ownerReferences") or ()):
        yield NOBODY


def _of_service(document: Document, metadata: Mapping[str, Any]) -> Iterator[str]:
    spec = document.get("spec") or {}
    if spec.get("selector"):
        yield by_selector(spec["selector"])
    if any(name in (metadata.get("annotations") or {}) for name in TOPOLOGY_MODES):
        yield PROPORTIONAL
    balancer = (document.get("status") or {}).get("loadBalancer") or {}
    if spec.get("type") == "LoadBalancer" or balancer.get("ingress"):
        yield LOAD_BALANCER


def _of_slice(document: Document, metadata: Mapping[str, Any]) -> Iterator[str]:  # noqa: ARG001
    yield by_label(SERVICE_NAME, (metadata.get("labels") or {}).get(SERVICE_NAME, ""))


def _of_pod(document: Document, metadata: Mapping[str, Any]) -> Iterator[str]:
    yield from _labels(metadata)
    yield from _orphaned(metadata)
    spec, status = document.get("spec") or {}, document.get("status") or {}
    if spec.get("nodeName"):
        yield by_node(spec["nodeName"])
    if status.get("phase") in (None, "", "Pending"):
        yield WAITING
    if ((spec.get("affinity") or {}).get("podAntiAffinity") or {}).get(_REQUIRED):
        yield REPELLING
    for volume in spec.get("volumes") or ():
        if claim := volume.get("persistentVolumeClaim"):
            yield by_volume_claim(claim.get("claimName") or "")
        elif volume.get("ephemeral") is not None:
            yield by_volume_claim(f"{metadata.get('name', '')}-{volume.get('name', '')}")
    if spec.get("nodeName") and _has_host_ports(spec):
        yield HOST_PORTS


def _has_host_ports(spec: Mapping[str, Any]) -> bool:
    return any(
        port.get("hostPort")
        for field in ("containers", "initContainers")
        for container in spec.get(field) or ()
        for port in container.get("ports") or ()
    )


def _of_replica_set(document: Document, metadata: Mapping[str, Any]) -> Iterator[str]:
    yield from _labels(metadata)
    yield from _orphaned(metadata)
    yield from _of_workload(document, metadata)


def _of_workload(document: Document, metadata: Mapping[str, Any]) -> Iterator[str]:  # noqa: ARG001
    selector = (document.get("spec") or {}).get("selector") or {}
    yield by_selector(selector.get("matchLabels") or {})


def _of_replication_controller(
    document: Document,
    metadata: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[str]:
    yield by_selector((document.get("spec") or {}).get("selector") or {})


def _of_event(document: Document, metadata: Mapping[str, Any]) -> Iterator[str]:  # noqa: ARG001
    about = document.get("involvedObject") or document.get("regarding") or {}
    yield by_subject(about.get("uid") or "")


_VALUES: dict[str, Callable[[Document, Mapping[str, Any]], Iterator[str]]] = {
    SERVICE.resource: _of_service,
    ENDPOINT_SLICE.resource: _of_slice,
    POD.resource: _of_pod,
    REPLICA_SET.resource: _of_replica_set,
    REPLICATION_CONTROLLER.resource: _of_replication_controller,
    EVENT.resource: _of_event,
    **{kind.resource: _of_workload for kind in (DAEMON_SET, DEPLOYMENT, JOB, STATEFUL_SET)},
}
