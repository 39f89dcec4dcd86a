"""Which pods stand behind which Services, and which Services a change concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from svcnet.api.index_values import (
    PROPORTIONAL,
    SERVICE_NAME,
    by_label,
    by_node,
    by_selectors_of,
)
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import ENDPOINT_SLICE, NODE, POD, SERVICE
from svcnet.api.objects import Endpoint, EndpointSlice, Service
from svcnet.api.workloads import Pod
from svcnet.control.objects.ownership import Labels
from svcnet.snapshot import Snapshot


def selected_by(cluster: Snapshot, service: Service) -> list[Pod]:
    """Return the pods that `service` selects, by name, whatever becomes of them."""
    wanted = (service.spec.selector or {}).items()
    # The rarest label of a selector leaves the fewest pods to look at.
    values = [by_label(*each) for each in wanted]
    found = cluster.candidates(Pod, values, service.namespace)
    return [pod for pod in found if wanted <= pod.labels.items()]


def selects(service: Service) -> bool:
    """Tell whether a Service has endpoints that follow its pods."""
    return bool(service.spec.selector) and service.spec.type != "ExternalName"


def concerned(cluster: Snapshot, *, mirrors: str) -> list[Service]:
    """Return the Services whose endpoints may have changed, by (namespace, name).

    Args:
        cluster: what is, and what changed.
        mirrors: the resource that the caller keeps; a Service is also concerned when its own
            object of that resource changed.
    """
    changed = cluster.changed
    names = {each.key[1:] for each in changed.of(SERVICE.resource)}
    for key, *documents in changed.of(mirrors):
        names.update((key.namespace, name) for name in _owners(key, documents))
    names |= _of_changed_pods(cluster)
    if nodes := changed.of(NODE.resource):
        # A node tells its pods' zone, and whether they are counted at all.
        there = (pod for node in nodes for pod in cluster.indexed(Pod, by_node(node.key.name)))
        names |= _selecting(cluster, ((pod.namespace, pod.labels) for pod in there))
        # It also has a share in what is given out in proportion to the nodes of a zone.
        sharing = cluster.indexed(Service, PROPORTIONAL)
        names |= {(each.namespace, each.name) for each in sharing}
    found = (cluster.one(Service, *name) for name in sorted(names))
    return [each for each in found if each is not None and selects(each)]


def _of_changed_pods(cluster: Snapshot) -> set[tuple[str, str]]:
    """Return the namespaces and names of the Services that changed pods concern.

    Other labels alone concern those that the pod came to be behind, or is behind no more.

    Source: kubernetes staging/src/k8s.io/endpointslice/util/controller_utils.go
    GetServicesToUpdateOnPodChange(), podEndpointsChanged(), determineNeededServiceUpdates().
    """
    whole: list[tuple[str, Labels]] = []
    # Thousands of pods are labelled alike.
    relabelled: dict[tuple[object, ...], tuple[str, Labels, Labels]] = {}
    for event in cluster.changed.of(POD.resource):
        namespace = event.key.namespace
        labels = [each["metadata"].get("labels") or {} for each in event.documents()]
        if not (event.before and event.after) or _shows(event.before) != _shows(event.after):
            whole += [(namespace, each) for each in labels]
        elif labels[0] != labels[1]:
            pair = (namespace, *labels[0].items(), None, *labels[1].items())
            relabelled[pair] = (namespace, labels[0], labels[1])
    found = _selecting(cluster, whole)
    for namespace, before, after in relabelled.values():
        found |= _selecting(cluster, [(namespace, before)]) ^ _selecting(
            cluster, [(namespace, after)]
        )
    return found


def _shows(pod: Document) -> tuple[object, ...]:
    """Return what endpoints show of a pod and can change; another pod has another uid."""
    metadata, status = pod["metadata"], pod.get("status") or {}
    ready = any(
        each.get("type") == "Ready" and each.get("status") == "True"
        for each in status.get("conditions") or ()
    )
    return metadata.get("uid"), metadata.get("deletionTimestamp"), ready, status.get("podIPs")


def _selecting(cluster: Snapshot, pods: Iterable[tuple[str, Labels]]) -> set[tuple[str, str]]:
    """Return the namespaces and names of the Services that pods with some labels are behind."""
    # Thousands of pods have few sets of labels between them.
    sets = {(namespace, *labels.items()): labels for namespace, labels in pods}
    return {
        (service.namespace, service.name)
        for (namespace, *_), labels in sets.items()
        for value in by_selectors_of(labels)
        for service in cluster.indexed(Service, value, str(namespace))
        if (service.spec.selector or {}).items() <= labels.items()
    }


def _owners(key: Key, documents: Iterable[Document | None]) -> set[str]:
    """Return the Services that a slice was and is about, or the one of an Endpoints object."""
    if key.resource != ENDPOINT_SLICE.resource:
        return {key.name}
    labels = [each["metadata"].get("labels") or {} for each in documents if each is not None]
    return {each.get(SERVICE_NAME, "") for each in labels}


def imported(cluster: Snapshot, slices: Sequence[EndpointSlice]) -> bool:
    """Tell whether `slices` show pods that were never here: those of an imported dump.

    A pod that went away is among what changed.
    """
    return any(_unknown(cluster, each) for one in slices for each in one.endpoints or ())


def _unknown(cluster: Snapshot, endpoint: Endpoint) -> bool:
    """Tell whether the pod behind an endpoint was never here."""
    target = endpoint.target_ref
    if target is None:
        return True
    return (
        Key(POD.resource, target.namespace, target.name) not in cluster.changed
        and cluster.one(Pod, target.namespace, target.name) is None
    )
