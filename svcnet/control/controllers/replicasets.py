"""ReplicaSets, and the ReplicationControllers before them, make and take away pods by number.

Source: kubernetes pkg/controller/replicaset/replica_set.go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from svcnet.api.go.strconv import parse_decimal
from svcnet.api.index_values import by_owner
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import POD, REPLICA_SET, REPLICATION_CONTROLLER
from svcnet.api.objects import LabelSelector
from svcnet.api.workloads import Pod, ReplicaSet, ReplicationController
from svcnet.control.controllers.pod_index import PodIndex, concerned, key_of
from svcnet.control.controllers.pod_ranking import removal_rank
from svcnet.control.objects.ownership import (
    OwnerIdentity,
    identity_of,
    owner_identity,
    owner_reference,
)
from svcnet.control.objects.pod_control import PodControl
from svcnet.control.objects.pods import NameGenerator, check_count, pod_template_factory
from svcnet.control.objects.priorities import FAILURE, pod_refusal
from svcnet.lean_namedtuple import NamedTuple
from svcnet.snapshot import Change, Put, Snapshot

DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
"""Annotation: pods with a lower number go first; 0 when absent."""

_COMPONENTS = {
    REPLICA_SET.kind: "replicaset-controller",
    REPLICATION_CONTROLLER.kind: "replication-controller",
}
"""Who records what becomes of their pods."""


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
    # Names are drawn for all owners together: they may share a namespace.
    names = NameGenerator(cluster, POD.resource)
    for owner in _replicated(cluster):
        yield from _reconcile(cluster, owner, PodIndex(cluster, owner.view.namespace), names)


def _replicated(cluster: Snapshot) -> list[Replicated]:
    """Return what something changed for, by namespace: ReplicaSets, then ReplicationControllers."""
    found: list[Replicated] = []
    kind = REPLICA_SET
    for each in concerned(cluster, kind, ReplicaSet):
        siblings = tuple(_siblings(cluster, each))
        selector = each.spec.selector
        found.append(
            Replicated(each, kind.api_version, kind.kind, kind.resource, selector, siblings)
        )
    kind = REPLICATION_CONTROLLER
    for old in concerned(cluster, kind, ReplicationController):
        selector = LabelSelector(match_labels=old.spec.selector)
        siblings = (owner_identity(kind.api_version, kind.kind, old.metadata.uid),)
        found.append(
            Replicated(old, kind.api_version, kind.kind, kind.resource, selector, siblings)
        )
    return sorted(found, key=lambda each: each.view.namespace)


def _siblings(cluster: Snapshot, replica_set: ReplicaSet) -> Iterator[OwnerIdentity]:
    """Yield the sets of a set's Deployment, the set itself included."""
    parent = _parent(replica_set)
    named = cluster.indexed(ReplicaSet, by_owner(parent.uid), replica_set.namespace)
    for each in named if replica_set.controller else (replica_set,):
        if _parent(each) == parent:
            yield owner_identity(REPLICA_SET.api_version, REPLICA_SET.kind, each.metadata.uid)


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
    refused = ""
    if owner.view.metadata.deletion_timestamp is None:
        pods = [pod for pod in mine if pod.active]
        claimed: list[Change] = [*index.claims(owner.selector, owner.reference, pods)]
        if owner.view.spec.replicas > len(pods):
            refused = pod_refusal(cluster, owner.view.spec.template)
        # Who is whose is settled before anybody is counted.
        changes = claimed or ([] if refused else [*_resize(cluster, owner, pods, names, index)])
    yield from changes
    if not changes:
        yield from _sync_status(cluster, owner, mine, refused)


def _resize(
    cluster: Snapshot, owner: Replicated, pods: list[Pod], names: NameGenerator, index: PodIndex
) -> Iterator[Change]:
    """Make the pods that are missing, or take away those that are too many."""
    missing = owner.view.spec.replicas - len(pods)
    document = cluster.document(owner.key) if missing else None
    if document is None:
        return
    control = PodControl(document, _COMPONENTS[owner.kind])
    if missing > 0:
        view = owner.view
        check_count(owner.kind, view.name, view.spec.replicas)
        form = pod_template_factory(view.namespace, view.name, view.spec.template, owner.reference)
        for _ in range(missing):
            yield from control.create(form.pod(names.draw(view.namespace, form.prefix)))
    else:
        for pod in sorted(pods, key=_Ranking(index, owner))[:-missing]:
            # A pod that is held is only marked, and no longer counts.
            yield from control.delete(key_of(pod))


class _Ranking:
    """Orders pods by how easily they are given up, and by how many others their node has.

    Source: kubernetes pkg/controller/controller_utils.go ActivePodsWithRanks.
    """

    def __init__(self, index: PodIndex, owner: Replicated) -> None:
        self._neighbours = Counter(
            pod.spec.node_name
            for sibling in owner.siblings
            for pod in index.of(sibling)
            if pod.active and pod.spec.node_name
        )

    def __call__(self, pod: Pod) -> tuple[Any, ...]:
        *first, since, made, name = removal_rank(pod)
        cost, neighbours = _deletion_cost(pod), -self._neighbours[pod.spec.node_name]
        return (*first, cost, neighbours, since, made, name)


def _deletion_cost(pod: Pod) -> int:
    """Return what a pod says its loss costs; 0 when that is no number."""
    return parse_decimal(pod.annotations.get(DELETION_COST, "")) or 0


def _sync_status(
    cluster: Snapshot, owner: Replicated, mine: list[Pod], refused: str
) -> Iterator[Change]:
    """Say how many pods there are and serve, and why no more are made, if that is news."""
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
    failing = any(each.type == FAILURE for each in seen.conditions or ())
    if failing == bool(refused) and counted == (
        seen.replicas,
        seen.fully_labeled_replicas,
        seen.ready_replicas,
        seen.available_replicas,
        seen.terminating_replicas,
        seen.observed_generation,
    ):
        return
    if document := cluster.document(owner.key):
        conditions = _conditions(document, owner, refused, cluster.now)
        yield Put({**document, "status": _status(conditions, counted)})
        if refused and not failing:
            control = PodControl(document, _COMPONENTS[owner.kind])
            yield control.refused(f"{owner.view.name}-", refused)


def _conditions(
    document: Document, owner: Replicated, refused: str, now: str
) -> list[dict[str, Any]]:
    """Return the conditions with that of failure, as long as pods are refused.

    Source: kubernetes pkg/controller/replicaset/replica_set_utils.go calculateStatus().
    """
    held: list[dict[str, Any]] = (document.get("status") or {}).get("conditions") or []
    if not refused:
        return [each for each in held if each["type"] != FAILURE]
    if any(each["type"] == FAILURE for each in held):
        return held
    failure = {
        "lastTransitionTime": now,
        "message": f'pods "{owner.view.name}-" is forbidden: {refused}',
        "reason": "FailedCreate",
        "status": "True",
        "type": FAILURE,
    }
    return [*held, failure]


def _status(conditions: list[dict[str, Any]], counted: tuple[int | None, ...]) -> Document:
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
    kept = {"conditions": conditions}
    return {
        "replicas": replicas,
        **shown,
        **{name: value for name, value in (optional | kept).items() if value},
    }
