"""Which pods stand behind which Services, and which Services a change concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from svcnet.api.keys import Key
from svcnet.api.kinds import ENDPOINT_SLICE, NODE, POD, SERVICE
from svcnet.api.objects import Endpoint, EndpointSlice, Service, TargetReference
from svcnet.api.workloads import Endpoints, Pod
from svcnet.snapshot import Snapshot

SERVICE_NAME = "kubernetes.io/service-name"
"""Label: the Service that a slice belongs to."""

WATCHED = (SERVICE.resource, POD.resource, NODE.resource)
"""What changes the endpoints of a Service."""


class Membership:
    """The pods of one namespace, found by what a Service selects."""

    def __init__(self, cluster: Snapshot, namespace: str) -> None:
        self._pods = cluster.of(Pod, namespace)
        self._by_label: dict[tuple[str, str], list[Pod]] = {}
        for pod in self._pods:
            for label in pod.labels.items():
                self._by_label.setdefault(label, []).append(pod)

    def behind(self, service: Service) -> list[Pod]:
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
    changed = cluster.changed or frozenset()
    # A node tells its pods' zone, and whether they are counted at all.
    if any(key.resource == NODE.resource for key in changed):
        namespaces = {service.namespace for service in cluster.services}
    else:
        namespaces = {key.namespace for key in changed}
    for namespace in sorted(namespaces):
        services = [each for each in cluster.of(Service, namespace) if selects(each)]
        names = _concerned_names(cluster, namespace, services, mirrors) if services else set()
        if found := [each for each in services if each.name in names]:
            yield namespace, found


def _concerned_names(
    cluster: Snapshot, namespace: str, services: list[Service], mirrors: str
) -> set[str]:
    """Return the Services of a namespace whose endpoints may have changed, by name."""
    changed = cluster.changed or frozenset()
    if any(key.resource == NODE.resource for key in changed):
        return {each.name for each in services}
    here = [key for key in changed if key.namespace == namespace]
    names = {key.name for key in here if key.resource == SERVICE.resource}
    mirrored = {key.name for key in here if key.resource == mirrors}
    if mirrored:
        names |= _owners(mirrored, services, mirrors)
    pods = {key.name for key in here if key.resource == POD.resource}
    if pods:
        names |= _selecting(cluster, namespace, pods, services)
        names.update(_holding(cluster, namespace, pods, mirrors))
    return names


def _owners(mirrored: set[str], services: list[Service], mirrors: str) -> set[str]:
    """Return the Services whose own objects are among `mirrored`, by name; those may be gone."""
    if mirrors != ENDPOINT_SLICE.resource:
        return mirrored
    # A slice that is gone no longer says whose it was; its name does.
    stems = {name.rpartition("-")[0] for name in mirrored}
    return {each.name for each in services if each.name in stems}


def _selecting(
    cluster: Snapshot, namespace: str, pods: set[str], services: list[Service]
) -> set[str]:
    """Return the Services that select one of `pods` as it is now."""
    # Thousands of pods have few sets of labels between them.
    distinct: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {
        tuple(pod.labels.items()): pod.labels
        for pod in cluster.of(Pod, namespace)
        if pod.name in pods
    }
    return {
        each.name
        for each in services
        if any((each.spec.selector or {}).items() <= labels.items() for labels in distinct.values())
    }


def _holding(cluster: Snapshot, namespace: str, pods: set[str], mirrors: str) -> Iterator[str]:
    """Yield the Services whose own objects show one of `pods`, gone or not."""
    if mirrors == ENDPOINT_SLICE.resource:
        for each in cluster.of(EndpointSlice, namespace):
            if any(_shows(endpoint.target_ref, pods) for endpoint in each.endpoints or ()):
                yield each.labels.get(SERVICE_NAME, "")
        return
    for written in cluster.of(Endpoints, namespace):
        for subset in written.subsets or ():
            listed = (*(subset.addresses or ()), *(subset.not_ready_addresses or ()))
            if any(_shows(address.target_ref, pods) for address in listed):
                yield written.name


def _shows(target: TargetReference | None, pods: set[str]) -> bool:
    return target is not None and target.name in pods


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
    changed = cluster.changed or frozenset()
    return (
        Key(POD.resource, target.namespace, target.name) not in changed
        and cluster.one(Pod, target.namespace, target.name) is None
    )
