"""ReplicaSets, and the ReplicationControllers before them, make and take away pods by number.

Source: kubernetes pkg/controller/replicaset/replica_set.go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

from svcnet.api.go.strconv import parse_decimal
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import POD, REPLICA_SET, REPLICATION_CONTROLLER
from svcnet.api.objects import LabelSelector
from svcnet.api.workloads import Pod, ReplicaSet, ReplicationController
from svcnet.control.controllers.pod_index import PodIndex, key_of
from svcnet.control.objects.ownership import (
    OwnerIdentity,
    identity_of,
    owner_identity,
    owner_reference,
)
from svcnet.control.objects.pods import NameGenerator, check_count, pod_template_factory
from svcnet.lean_namedtuple import NamedTuple
from svcnet.snapshot import Change, Delete, Put, Snapshot

DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
"""Annotation: pods with a lower number go first; 0 when absent."""


class Replicated(NamedTuple):
    """What ReplicaSets and ReplicationControllers have in common."""

    view: ReplicaSet | ReplicationController
    api_version: str
    kind: str
    resource: str
    selector: LabelSelector
    siblings: tuple[OwnerIdentity, ...]
    """All that the same Deployment made, itself included."""

    @property
    def key(self) -> Key:
        """Where the object is kept."""
        return Key(self.resource, self.view.namespace, self.view.name)

    @property
    def identity(self) -> OwnerIdentity:
        """What its pods say whose they are."""
        return owner_identity(self.api_version, self.kind, self.view.metadata.uid)

    @property
    def reference(self) -> dict[str, Any]:
        """What its pods carry."""
        return owner_reference(self.api_version, self.kind, self.view.metadata)


def sync_replicasets(cluster: Snapshot) -> Iterator[Change]:
    """Ask for as many pods as ReplicaSets and ReplicationControllers want, and tell what is."""
    kinds = (REPLICA_SET, REPLICATION_CONTROLLER, POD)
    for namespace in cluster.changed.namespaces(*(kind.resource for kind in kinds)):
        owners = [*_replicated(cluster, namespace)]
        if not owners:
            continue
        index = PodIndex(cluster, namespace)
        # Names are drawn for all owners together: they share a namespace.
        names = NameGenerator(cluster, {pod.name for pod in index.all})
        for owner in owners:
            yield from _reconcile(cluster, owner, index, names)


def _replicated(cluster: Snapshot, namespace: str) -> Iterator[Replicated]:
    """Yield the ReplicaSets of a namespace, then its ReplicationControllers."""
    sets = cluster.of(ReplicaSet, namespace)
    kind = REPLICA_SET
    families: dict[OwnerIdentity, list[OwnerIdentity]] = {}
    for each in sets:
        identity = owner_identity(kind.api_version, kind.kind, each.metadata.uid)
        families.setdefault(_parent(each), []).append(identity)
    for each in sets:
        siblings = tuple(families[_parent(each)])
        yield Replicated(
            each, kind.api_version, kind.kind, kind.resource, each.spec.selector, siblings
        )
    kind = REPLICATION_CONTROLLER
    for old in cluster.of(ReplicationController, namespace):
        selector = LabelSelector(match_labels=old.spec.selector)
        siblings = (owner_identity(kind.api_version, kind.kind, old.metadata.uid),)
        yield Replicated(old, kind.api_version, kind.kind, kind.resource, selector, siblings)


def _parent(replica_set: ReplicaSet) -> OwnerIdentity:
    """Return the Deployment of a set; the set itself when it is nobody's."""
    if owner := replica_set.controller:
        return identity_of(owner)
    kind = REPLICA_SET
    return owner_identity(kind.api_version, kind.kind, replica_set.metadata.uid)


def _reconcile(
    cluster: Snapshot, owner: Replicated, index: PodIndex, names: NameGenerator
) -> Iterator[Change]:
    """Take one step for one owner; its status is told once there is nothing left to do."""
    mine = index.of(owner.identity)
    changes: list[Change] = []
    if owner.view.metadata.deletion_timestamp is None:
        pods = [pod for pod in mine if pod.active]
        claimed: list[Change] = [*index.claims(owner.selector, owner.reference, pods)]
        # Who is whose is settled before anybody is counted.
        changes = claimed or [*_resize(owner, pods, names, index)]
    yield from changes
    if not changes:
        yield from _sync_status(cluster, owner, mine)


def _resize(
    owner: Replicated, pods: list[Pod], names: NameGenerator, index: PodIndex
) -> Iterator[Change]:
    """Make the pods that are missing, or take away those that are too many."""
    missing = owner.view.spec.replicas - len(pods)
    if missing > 0:
        view = owner.view
        check_count(owner.kind, view.name, view.spec.replicas)
        form = pod_template_factory(view.namespace, view.name, view.spec.template, owner.reference)
        for _ in range(missing):
            yield Put(form.pod(names.draw(view.namespace, form.prefix)))
    elif missing < 0:
        for pod in sorted(pods, key=_Ranking(index, owner))[:-missing]:
            # A pod that is held is only marked, and no longer counts.
            yield Delete(key_of(pod))


class _Ranking:
    """Orders pods by how easily they are given up; the first one goes first.

    Source: kubernetes pkg/controller/controller_utils.go ActivePodsWithRanks.
    """

    _PHASES: ClassVar = {"Pending": 0, "Unknown": 1, "Running": 2}

    def __init__(self, index: PodIndex, owner: Replicated) -> None:
        self._neighbours = Counter(
            pod.spec.node_name
            for sibling in owner.siblings
            for pod in index.of(sibling)
            if pod.active and pod.spec.node_name
        )

    def __call__(self, pod: Pod) -> tuple[Any, ...]:
        ready_since = next(
            (
                each.last_transition_time or ""
                for each in pod.status.conditions or ()
                if each.type == "Ready"
            ),
            "",
        )
        return (
            bool(pod.spec.node_name),
            self._PHASES.get(pod.status.phase, 2),
            pod.ready,
            _deletion_cost(pod),
            -self._neighbours[pod.spec.node_name],
            _Descending(ready_since),
            _Descending(pod.metadata.creation_timestamp or ""),
            _Descending(pod.name),
        )


class _Descending(str):
    """A text that sorts behind the greater ones."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)

    def __gt__(self, other: str) -> bool:
        return str.__lt__(self, other)


def _deletion_cost(pod: Pod) -> int:
    """Return what a pod says its loss costs; 0 when that is no number."""
    return parse_decimal(pod.annotations.get(DELETION_COST, "")) or 0


def _sync_status(cluster: Snapshot, owner: Replicated, mine: list[Pod]) -> Iterator[Change]:
    """Say how many pods there are and serve, unless that was said before."""
    pods = [pod for pod in mine if pod.active]
    ready = sum(pod.ready for pod in pods)
    template = (owner.view.spec.template.get("metadata") or {}).get("labels") or {}
    labeled = sum(template.items() <= pod.labels.items() for pod in pods)
    # KEP-3973 gave ReplicaSets this count; ReplicationControllers have no field for it.
    terminating = (
        sum(pod.terminating and not pod.finished for pod in mine)
        if owner.kind == REPLICA_SET.kind
        else None
    )
    # Compared with the view, so that only a document that changes is read whole.
    seen = owner.view.status
    generation = owner.view.metadata.generation
    counted = (len(pods), labeled, ready, ready, terminating, generation)
    if counted == (
        seen.replicas,
        seen.fully_labeled_replicas,
        seen.ready_replicas,
        seen.available_replicas,
        seen.terminating_replicas,
        seen.observed_generation,
    ):
        return
    if document := cluster.document(owner.key):
        yield Put({**document, "status": _status(document, counted)})


def _status(document: Document, counted: tuple[int | None, ...]) -> Document:
    """Return the status with its counts; those that are 0 are left out, but for two.

    ReplicationControllers do not count terminating pods.
    """
    replicas, labeled, ready, available, terminating, generation = counted
    optional = {
        "availableReplicas": available,
        "fullyLabeledReplicas": labeled,
        "observedGeneration": generation,
        "readyReplicas": ready,
    }
    shown = {} if terminating is None else {"terminatingReplicas": terminating}
    kept = {"conditions": (document.get("status") or {}).get("conditions")}
    return {
        "replicas": replicas,
        **shown,
        **{name: value for name, value in (optional | kept).items() if value},
    }
