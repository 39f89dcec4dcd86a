"""Which pods stand behind which Services, and which Services a change concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import ENDPOINT_SLICE, NODE, POD, SERVICE
from svcnet.api.objects import Endpoint, EndpointSlice, Service
from svcnet.api.workloads import Pod
from svcnet.control.objects.ownership import Labels
from svcnet.snapshot import Snapshot

SERVICE_NAME = "kubernetes.io/service-name"
"""Label: the Service that a slice belongs to."""


class PodLister:
    """The pods of one namespace, found by what a Service selects."""

    def __init__(self, cluster: Snapshot, namespace: str) -> None:
        self._pods = cluster.of(Pod, namespace)
        self._by_label: dict[tuple[str, str], list[Pod]] = {}
        for pod in self._pods:
            for label in pod.labels.items():
                self._by_label.setdefault(label, []).append(pod)

    def selected_by(self, service: Service) -> list[Pod]:
        """Return the pods that `service` selects, by name, whatever becomes of them."""
        wanted = (service.spec.selector or {}).items()
        # The rarest label of a selector leaves the fewest pods to look at.
        fewest = min((self._by_label.get(each, []) for each in wanted), key=len, default=[])
        if len(wanted) == 1:
            return fewest
        return [pod for pod in fewest if wanted <= pod.labels.items()]


def selects(service: Service) -> bool:
    """Tell whether a Service has endpoints that follow its pods."""
    return bool(service.spec.selector) and service.spec.type != "ExternalName"


def concerned(cluster: Snapshot, *, mirrors: str) -> Iterator[tuple[str, list[Service]]]:
    """Yield the Services whose endpoints may have changed, by namespace.

    Args:
        cluster: what is, and what changed.
        mirrors: the resource that the caller keeps; a Service is also concerned when its own
            object of that resource changed.
    """
    changed = cluster.changed
    # A node tells its pods' zone, and whether they are counted at all.
    if changed.of(NODE.resource):
        namespaces = sorted({service.namespace for service in cluster.services})
    else:
        namespaces = changed.namespaces(SERVICE.resource, POD.resource, mirrors)
    names = _Concerned(cluster, mirrors)
    for namespace in namespaces:
        services = [each for each in cluster.of(Service, namespace) if selects(each)]
        if found := [each for each in services if each in names]:
            yield namespace, found


class _Concerned:
    """The Services that something has changed for."""

    def __init__(self, cluster: Snapshot, mirrors: str) -> None:
        changed = cluster.changed
        self._all = bool(changed.of(NODE.resource))
        self._names = {each.key[1:] for each in changed.of(SERVICE.resource)}
        for key, *documents in changed.of(mirrors):
            self._names.update((key.namespace, name) for name in _owners(key, documents))
        # Thousands of pods have few sets of labels between them.
        self._labels: dict[str, dict[tuple[tuple[str, str], ...], Labels]] = {}
        for key, before, after in changed.of(POD.resource):
            of_namespace = self._labels.setdefault(key.namespace, {})
            # A pod that is gone, or has other labels now, concerns those that it was behind.
            for document in (before, after):
                if document is not None:
                    labels = document["metadata"].get("labels") or {}
                    of_namespace[tuple(labels.items())] = labels

    def __contains__(self, service: Service) -> bool:
        if self._all or (service.namespace, service.name) in self._names:
            return True
        wanted = (service.spec.selector or {}).items()
        of_namespace = self._labels.get(service.namespace, {})
        return any(wanted <= labels.items() for labels in of_namespace.values())


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
