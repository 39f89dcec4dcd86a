"""StatefulSets make pods with names that stay, one after the other, and replace them backwards.

Source: kubernetes pkg/controller/statefulset/stateful_set_control.go, stateful_set_utils.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import CONTROLLER_REVISION, PERSISTENT_VOLUME_CLAIM, STATEFUL_SET
from svcnet.api.workloads import Pod, StatefulSet
from svcnet.control.controllers.history import History, RevisionOwner
from svcnet.control.controllers.pod_index import PodIndex, concerned, key_of
from svcnet.control.objects.hashing import revision_hash
from svcnet.control.objects.ownership import owner_identity, owner_reference
from svcnet.control.objects.pods import MOST_PODS, check_count, pod_template_factory
from svcnet.control.objects.priorities import pod_refusal
from svcnet.control.objects.revisions import HASH, REVISION_HASH, template_patch
from svcnet.control.objects.volumes import new_claim
from svcnet.snapshot import Change, Delete, Put, Record, Snapshot

POD_NAME = "statefulset.kubernetes.io/pod-name"
POD_INDEX = "apps.kubernetes.io/pod-index"

_MOST_IN_TURN = 5_000
"""Pods of a set that makes one after the other: each takes a round of all controllers."""
_ORDINAL = re.compile(r"(.*)-([0-9]+)")


def sync_statefulsets(cluster: Snapshot) -> Iterator[Change]:
    """Ask for the next pod of every StatefulSet that is to come, go or be replaced."""
    for each in concerned(cluster, STATEFUL_SET, StatefulSet, CONTROLLER_REVISION):
        if each.metadata.deletion_timestamp is None:
            yield from _Step(cluster, each, PodIndex(cluster, each.namespace)).changes()


class _Step:
    """The next step of one StatefulSet."""

    def __init__(self, cluster: Snapshot, view: StatefulSet, index: PodIndex) -> None:
        self._cluster, self._view, self._index = cluster, view, index
        kind = STATEFUL_SET
        self._reference = owner_reference(kind.api_version, kind.kind, view.metadata)
        self._history = History(
            cluster,
            RevisionOwner(
                kind.resource,
                view.metadata,
                view.spec.template,
                self._reference,
                hash_label=REVISION_HASH,
                hash_of=_hash_of,
                collisions=view.status.collision_count or 0,
            ),
        )
        self._pods = {
            ordinal: pod
            for pod in index.of(owner_identity(kind.api_version, kind.kind, view.metadata.uid))
            if (ordinal := self._ordinal(pod)) is not None
        }
        start = view.spec.ordinals.start if view.spec.ordinals else 0
        self._wanted = range(start, start + view.spec.replicas)
        self._in_turn = view.spec.pod_management_policy == "OrderedReady"
        most = _MOST_IN_TURN if self._in_turn else MOST_PODS
        check_count(kind.kind, view.name, view.spec.replicas, most)

    def changes(self) -> Iterator[Change]:
        """Yield what is to be written; nothing when the set is as it should be."""
        mine = [*self._pods.values()]
        if claimed := [*self._index.claims(self._view.spec.selector, self._reference, mine)]:
            yield from claimed
            return
        yield from self._history.changes()
        moved = [*self._moved()]
        yield from moved
        if not moved:
            yield from self._sync_status()
            live = {pod.labels.get(HASH, "") for pod in mine} | {self._current}
            yield from self._history.surplus(
                self._view.spec.revision_history_limit, [*live], counting_live=False
            )

    @property
    def _current(self) -> str:
        """The revision that pods below the partition have."""
        named = self._view.status.current_revision
        return named if self._history.template(named) is not None else self._history.latest

    # --- one step ---------------------------------------------------------------------------

    def _moved(self) -> Iterator[Change]:
        """Make, or wait for, the pods there should be, from the first; then look at the others."""
        for ordinal in self._wanted:
            pod = self._pods.get(ordinal)
            if pod is None:
                yield from self._created(ordinal)
                if self._in_turn:
                    return
            elif pod.finished and not pod.terminating:
                yield from self._deleted(pod)
                return
            elif self._in_turn and not _healthy(pod):
                # The next one has to wait, but an old one may give way to a better.
                yield from self._replaced()
                return
        # All that should be there are there: now those that should not.
        condemned = sorted(each for each in self._pods if each not in self._wanted)
        if condemned:
            yield from self._condemned(condemned)
        else:
            yield from self._replaced()

    def _condemned(self, ordinals: list[int]) -> Iterator[Change]:
        """Take away pods that are too many, the highest first."""
        unhealthy = [each for each in ordinals if not _healthy(self._pods[each])]
        for ordinal in reversed(ordinals):
            pod = self._pods[ordinal]
            # The first that is not well may always go; others wait for it.
            blocked = not _healthy(pod) and ordinal != unhealthy[0]
            if not pod.terminating and not (self._in_turn and blocked):
                yield from self._deleted(pod)
            if self._in_turn:
                return

    def _replaced(self) -> Iterator[Change]:
        """Take away the highest pod of an older template, once those above it are well."""
        strategy = self._view.spec.update_strategy
        if strategy.type != "RollingUpdate":
            return
        for ordinal in reversed(self._wanted[self._partition :]):
            pod = self._pods.get(ordinal)
            if pod is None:
                return
            if pod.labels.get(HASH) != self._history.latest and not pod.terminating:
                yield from self._deleted(pod)
                return
            if not _healthy(pod):
                return

    @property
    def _partition(self) -> int:
        rolling = self._view.spec.update_strategy.rolling_update
        return rolling.partition if rolling else 0

    # --- pods -------------------------------------------------------------------------------

    def _created(self, ordinal: int) -> Iterator[Change]:
        """Make the pod of one ordinal, and the claims for storage it does not have yet."""
        view = self._view
        revision = self._current if self._comes_back(ordinal) else self._history.latest
        template = self._history.template(revision) or view.spec.template
        if pod_refusal(self._cluster, template):
            return
        form = pod_template_factory(view.namespace, view.name, template, self._reference)
        name = f"{view.name}-{ordinal}"
        labels = {**form.labels, POD_INDEX: str(ordinal), HASH: revision, POD_NAME: name}
        claims = [*self._claims(name)]
        spec = {**form.spec, "hostname": name}
        if view.spec.service_name:
            spec["subdomain"] = view.spec.service_name
        if claims:
            spec["volumes"] = _mounted(spec.get("volumes") or [], claims, name)
        for claim in claims:
            key = Key(PERSISTENT_VOLUME_CLAIM.resource, view.namespace, claim["metadata"]["name"])
            if self._cluster.document(key) is None:
                yield Put(claim)
                yield self._record(
                    "SuccessfulCreate",
                    f"create Claim {key.name} Pod {name} in StatefulSet {view.name} success",
                )
        yield Put(form._replace(spec=spec).pod(name, labels))
        done = f"create Pod {name} in StatefulSet {view.name} successful"
        yield self._record("SuccessfulCreate", done)

    def _deleted(self, pod: Pod) -> Iterator[Change]:
        """Take a pod away, and record it."""
        yield Delete(key_of(pod))
        done = f"delete Pod {pod.name} in StatefulSet {self._view.name} successful"
        yield self._record("SuccessfulDelete", done)

    def _record(self, reason: str, message: str) -> Record:
        """Say what became of the set: stateful_pod_control.go recordPodEvent()."""
        key = Key(STATEFUL_SET.resource, self._view.namespace, self._view.name)
        about = self._cluster.document(key) or {}
        return Record(about, "Normal", reason, message, "statefulset-controller")

    def _comes_back(self, ordinal: int) -> bool:
        """Tell whether a pod comes back as it was: it is not its turn to be updated.

        Source: stateful_set_utils.go newVersionedStatefulSetPod().
        """
        strategy = self._view.spec.update_strategy
        if strategy.type != "RollingUpdate":
            return False
        if strategy.rolling_update is not None:
            return ordinal - self._wanted.start < self._partition
        staying = (pod for pod in self._pods.values() if not pod.terminating)
        older = sum(pod.labels.get(HASH) == self._current for pod in staying)
        return ordinal - self._wanted.start < older

    def _claims(self, pod: str) -> Iterator[Document]:
        """Yield the claims for storage that a pod has; they outlive it."""
        labels = self._view.spec.selector.match_labels or {}
        for template in self._view.spec.volume_claim_templates or ():
            metadata = template.get("metadata") or {}
            named = {
                **metadata,
                "labels": {**(metadata.get("labels") or {}), **labels},
                "name": f"{metadata.get('name', '')}-{pod}",
                "namespace": self._view.namespace,
            }
            yield new_claim(named, template.get("spec") or {})

    def _ordinal(self, pod: Pod) -> int | None:
        match = _ORDINAL.fullmatch(pod.name)
        return int(match[2]) if match and match[1] == self._view.name else None

    # --- status -----------------------------------------------------------------------------

    def _sync_status(self) -> Iterator[Change]:
        """Say how many pods there are, serve and are of which template."""
        view, latest = self._view, self._history.latest
        document = self._cluster.document(Key(STATEFUL_SET.resource, view.namespace, view.name))
        if document is None:
            return
        pods = [*self._pods.values()]
        staying = [pod for pod in pods if not pod.terminating]
        ready = sum(pod.status.phase == "Running" and pod.ready for pod in pods)
        updated = sum(pod.labels.get(HASH) == latest for pod in staying)
        current = self._current
        # The rollout is over, and its template is the current one.
        if updated == ready == len(pods) == view.spec.replicas:
            current = latest
        counts = {
            "currentReplicas": sum(pod.labels.get(HASH) == current for pod in staying),
            "currentRevision": current,
            "observedGeneration": view.metadata.generation,
            "readyReplicas": ready,
            "updateRevision": latest,
            "updatedReplicas": updated,
        }
        status: dict[str, Any] = {
            "availableReplicas": ready,
            "collisionCount": self._history.collisions,
            "replicas": len(pods),
            **{name: value for name, value in counts.items() if value},
        }
        if status != document.get("status"):
            yield Put({**document, "status": status})


def _hash_of(template: Document, collisions: int | None) -> str:
    return revision_hash(template_patch(template), collisions or 0)


def _healthy(pod: Pod) -> bool:
    return pod.status.phase == "Running" and pod.ready and not pod.terminating


def _mounted(volumes: list[Document], claims: list[Document], pod: str) -> list[Document]:
    """Return a pod's volumes with its claims first, each under the name of its template."""
    mounted = [
        {
            "name": claim["metadata"]["name"].removesuffix(f"-{pod}"),
            "persistentVolumeClaim": {"claimName": claim["metadata"]["name"]},
        }
        for claim in claims
    ]
    names = {each["name"] for each in mounted}
    return [*mounted, *(each for each in volumes if each.get("name") not in names)]
