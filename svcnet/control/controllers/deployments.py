"""Deployments make ReplicaSets, one for each pod template, and move pods from one to the next.

Each run takes one step of a rollout; the ReplicaSets' own counts tell when the next one is due.

Source: kubernetes pkg/controller/deployment/deployment_controller.go, sync.go, rolling.go,
recreate.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svcnet.api.go.strconv import parse_decimal
from svcnet.api.index_values import NOBODY, by_label, by_owner, by_selectors_of
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import DEPLOYMENT, REPLICA_SET
from svcnet.api.objects import Condition
from svcnet.api.workloads import Deployment, ReplicaSet
from svcnet.control.controllers import deployment_annotations
from svcnet.control.controllers.deployment_sizes import (
    Limits,
    SetSize,
    limits,
    new_set_replicas,
    old_set_replicas,
    proportional_replicas,
)
from svcnet.control.controllers.deployment_status import (
    Counts,
    Progress,
    status_of,
    with_failure,
    with_progress,
)
from svcnet.control.objects.hashing import template_hash
from svcnet.control.objects.ownership import (
    OwnerIdentity,
    adopted,
    controller_entry,
    identity_of,
    matcher,
    owner_identity,
    owner_reference,
    released,
)
from svcnet.control.objects.priorities import FAILURE
from svcnet.control.objects.replicasets import POD_TEMPLATE_HASH, REVISION, without_hash
from svcnet.snapshot import Change, Delete, Put, Record, Snapshot


def sync_deployments(cluster: Snapshot) -> Iterator[Change]:
    """Ask for the next step of every Deployment that is not as it should be, and tell what is."""
    for deployment in _concerned(cluster):
        if deployment.metadata.deletion_timestamp is not None:
            continue
        identity = _identity(deployment)
        named = cluster.indexed(ReplicaSet, by_owner(identity.uid), deployment.namespace)
        mine = [
            each for each in named if each.controller and identity_of(each.controller) == identity
        ]
        claims = [*_claim(cluster, deployment, mine)]
        yield from claims or _Rollout(cluster, deployment, mine).changes()


def _concerned(cluster: Snapshot) -> list[Deployment]:
    """Return the Deployments to look at: changed ones and owners of changed sets.

    A ReplicaSet of nobody's may concern any Deployment that selects it.
    """
    names = {each.key[1:] for each in cluster.changed.of(DEPLOYMENT.resource)}
    for event in cluster.changed.of(REPLICA_SET.resource):
        namespace = event.key.namespace
        for document in event.documents():
            if owner := controller_entry(document):
                names.add((namespace, owner.get("name", "")))
                continue
            for value in by_selectors_of(document["metadata"].get("labels") or {}):
                selecting = cluster.indexed(Deployment, value, namespace)
                names.update((namespace, each.name) for each in selecting)
    found = (cluster.one(Deployment, *name) for name in sorted(names))
    return [each for each in found if each is not None]


def _identity(deployment: Deployment) -> OwnerIdentity:
    return owner_identity(DEPLOYMENT.api_version, DEPLOYMENT.kind, deployment.metadata.uid)


def _claim(cluster: Snapshot, deployment: Deployment, mine: list[ReplicaSet]) -> Iterator[Change]:
    """Take in orphaned sets whose labels fit; let go of those whose labels no longer do."""
    selector = deployment.spec.selector
    matches = matcher(selector)
    reference = owner_reference(DEPLOYMENT.api_version, DEPLOYMENT.kind, deployment.metadata)
    for each in mine:
        if not matches(each.labels) and (document := cluster.document(_key(each))):
            yield Put(released(document, [_identity(deployment)]))
    values = [NOBODY, *(by_label(*each) for each in (selector.match_labels or {}).items())]
    for each in cluster.candidates(ReplicaSet, values, deployment.namespace):
        orphaned = each.controller is None and each.metadata.deletion_timestamp is None
        if orphaned and matches(each.labels) and (document := cluster.document(_key(each))):
            yield Put(adopted(document, reference))


class _Rollout:
    """One step of one Deployment: what its ReplicaSets are to be, then what its status says."""

    def __init__(
        self, cluster: Snapshot, deployment: Deployment, sets: Sequence[ReplicaSet]
    ) -> None:
        self._cluster, self._deployment = cluster, deployment
        ordered = sorted(sets, key=deployment_annotations.age)
        # The oldest set with the template is the newest: a rollback finds the one that it had.
        wanted = deployment.spec.template
        self._new = next(
            (each for each in ordered if without_hash(each.spec.template) == wanted), None
        )
        self._olds = [each for each in ordered if each is not self._new]
        self._limits: Limits = limits(deployment.spec)
        self._edits: dict[str, Document] = {}
        self._made = ""
        self._gone: list[Key] = []
        self._scaled: list[str] = []
        self._collisions: int | None = None

    def changes(self) -> Iterator[Change]:
        """Yield what is to be written; nothing when the Deployment is as it should be."""
        key = Key(DEPLOYMENT.resource, self._deployment.namespace, self._deployment.name)
        document = self._cluster.document(key)
        if document is None:
            return
        self._collisions = (document.get("status") or {}).get("collisionCount")
        self._act()
        yield from map(Put, self._edits.values())
        yield from (
            Record(document, "Normal", "ScalingReplicaSet", message, "deployment-controller")
            for message in self._scaled
        )
        yield from map(Delete, self._gone)
        updated = self._with_status(document)
        if updated != document:
            yield Put(updated)

    def _act(self) -> None:
        """Take the one step that is due."""
        spec = self._deployment.spec
        # Also while paused: annotations may change without a rollout.
        if self._new is not None:
            self._annotate(self._new)
        # A changed number comes first, and is shared out before the rollout goes on.
        if spec.paused or self._resized():
            self._scale()
        elif spec.strategy.type == "Recreate":
            self._recreate()
        else:
            self._roll()

    # --- one step ---------------------------------------------------------------------------

    def _roll(self) -> None:
        """Grow the newest set into the room there is; when it cannot grow, shrink the others."""
        if self._new is None:
            self._create(new_set_replicas(SetSize("", 0, 0), self._sizes(self._olds), self._limits))
            return
        new = self._size(self._new)
        olds = self._sizes(each for each in self._olds if each.spec.replicas)
        if (size := new_set_replicas(new, olds, self._limits)) != new.replicas:
            self._resize(self._new, size)
        elif not self._resize_old_sets(old_set_replicas(new, olds, self._limits)):
            self._clean_up()

    def _recreate(self) -> None:
        """Take all old pods away, wait until they are gone, then make the new ones."""
        if self._resize_old_sets({each.name: 0 for each in self._olds if each.spec.replicas}):
            return
        # Pods on their way out still run.
        if any(each.status.replicas or each.status.terminating_replicas for each in self._olds):
            return
        if self._new is None:
            self._create(self._limits.replicas)
        elif self._new.spec.replicas != self._limits.replicas:
            self._resize(self._new, self._limits.replicas)
        else:
            self._clean_up()

    def _resize_old_sets(self, sizes: dict[str, int]) -> bool:
        """Give older sets their new sizes; tell whether there were any."""
        for each in self._olds:
            if each.name in sizes:
                self._resize(each, sizes[each.name])
        return bool(sizes)

    def _resized(self) -> bool:
        """Tell whether the Deployment's number was changed since its sets were given theirs."""
        return any(
            each.annotations.get(deployment_annotations.DESIRED)
            not in (None, str(self._limits.replicas))
            for each in self._all()
            if each.spec.replicas
        )

    def _scale(self) -> None:
        """Give the sets their share of a changed number, in the middle of a rollout or paused."""
        active = [each for each in self._all() if each.spec.replicas]
        if len(active) <= 1:
            # Without any active one it is the newest that counts.
            for each in (active or self._all())[-1:]:
                self._resize(each, self._limits.replicas)
        elif self._new is not None and self._saturated(self._new):
            self._resize_old_sets({each.name: 0 for each in self._olds if each.spec.replicas})
        elif self._deployment.spec.strategy.type == "RollingUpdate":
            # The biggest first; of equals the newest when growing, the oldest when shrinking.
            missing = self._limits.max_replicas - sum(each.spec.replicas for each in active)
            active.sort(key=deployment_annotations.age, reverse=missing > 0)
            active.sort(key=lambda each: -each.spec.replicas)
            count = sum(each.status.replicas for each in self._all())
            sizes = proportional_replicas(self._sizes(active), self._limits, count)
            for each in active:
                self._resize(each, sizes[each.name])

    def _saturated(self, new: ReplicaSet) -> bool:
        """Tell whether the newest set has all pods that are wanted, and all of them serve."""
        wanted = self._limits.replicas
        return new.spec.replicas == wanted == new.status.available_replicas and new.annotations.get(
            deployment_annotations.DESIRED
        ) == str(wanted)

    # --- what is written --------------------------------------------------------------------

    def _create(self, replicas: int) -> None:
        """Make the set for a template that is new, with as many pods as it may have at once."""
        deployment = self._deployment
        template = deployment.spec.template
        while True:
            code = template_hash(template, self._collisions)
            name = f"{deployment.name}-{code}"
            if (
                self._cluster.document(Key(REPLICA_SET.resource, deployment.namespace, name))
                is None
            ):
                break
            self._collisions = (self._collisions or 0) + 1
        labels = {**(template.get("metadata") or {}).get("labels", {}), POD_TEMPLATE_HASH: code}
        annotations = deployment_annotations.noted(
            {}, deployment.annotations, deployment_annotations.latest(self._olds) + 1
        )
        self._made = name
        if replicas:
            self._scaled.append(f"Scaled up replica set {name} from 0 to {replicas}")
        self._edits[name] = {
            "apiVersion": REPLICA_SET.api_version,
            "kind": REPLICA_SET.kind,
            "metadata": {
                "annotations": {**annotations, **self._measured()},
                "generation": 1,
                "labels": labels,
                "name": name,
                "namespace": deployment.namespace,
                "ownerReferences": [
                    owner_reference(DEPLOYMENT.api_version, DEPLOYMENT.kind, deployment.metadata)
                ],
            },
            "spec": self._set_spec(replicas, labels, code),
            "status": {"replicas": 0},
        }

    def _set_spec(self, replicas: int, labels: dict[str, str], code: str) -> Document:
        """Return the spec of a new set: the Deployment's template, told apart by its hash."""
        key = Key(DEPLOYMENT.resource, self._deployment.namespace, self._deployment.name)
        spec = (self._cluster.document(key) or {}).get("spec") or {}
        template, selector = spec.get("template") or {}, spec.get("selector") or {}
        patience = {name: spec[name] for name in ("minReadySeconds",) if spec.get(name)}
        return {
            **patience,
            "replicas": replicas,
            "selector": {
                **selector,
                "matchLabels": {**(selector.get("matchLabels") or {}), POD_TEMPLATE_HASH: code},
            },
            "template": {
                **template,
                "metadata": {**(template.get("metadata") or {}), "labels": labels},
            },
        }

    def _annotate(self, new: ReplicaSet) -> None:
        """Number the newest set above all others, and let it take over the annotations."""
        revision = deployment_annotations.latest(self._olds) + 1
        noted = deployment_annotations.noted(
            new.annotations, self._deployment.annotations, revision
        )
        if noted != new.annotations:
            self._edit(new, noted)

    def _resize(self, each: ReplicaSet, replicas: int) -> None:
        """Give a set another size, and note for what number it was meant."""
        before = each.spec.replicas
        if before == replicas:
            return
        way = "up" if before < replicas else "down"
        self._scaled.append(f"Scaled {way} replica set {each.name} from {before} to {replicas}")
        edited = self._edits.get(each.name)
        held = edited["metadata"]["annotations"] if edited else each.annotations
        annotations = {**held, **self._measured()}
        self._edit(each, annotations, replicas)

    def _edit(
        self, each: ReplicaSet, annotations: dict[str, str], replicas: int | None = None
    ) -> None:
        """Note what becomes of a set; only a change of size counts as another generation."""
        document = self._edits.get(each.name) or self._cluster.document(_key(each))
        if document is None:
            return
        metadata = {**document["metadata"], "annotations": annotations}
        spec = document["spec"]
        if replicas is not None:
            metadata["generation"] = metadata.get("generation", 1) + 1
            spec = {**spec, "replicas": replicas}
        self._edits[each.name] = {**document, "metadata": metadata, "spec": spec}

    def _clean_up(self) -> None:
        """Take away the oldest sets without pods, beyond those that the Deployment remembers."""
        limit = self._deployment.spec.revision_history_limit
        counts = self._counts()
        if limit is None or not counts.complete(self._limits.replicas):
            return
        alive = [each for each in self._olds if each.metadata.deletion_timestamp is None]
        for each in sorted(alive, key=deployment_annotations.number)[: max(0, len(alive) - limit)]:
            if not each.spec.replicas and not each.status.replicas:
                self._gone.append(_key(each))

    # --- status -------------------------------------------------------------------------------

    def _with_status(self, document: Document) -> Document:
        """Return the Deployment with its revision and its status."""
        status = status_of(document, self._counts(), self._limits, self._cluster.now)
        name = self._made or (self._new.name if self._new else "")
        progress = Progress(self._deployment, self._counts(), name, created=bool(self._made))
        status = with_progress(status, document.get("status") or {}, progress, self._cluster.now)
        status = with_failure(status, self._failure())
        if self._collisions is not None:
            status["collisionCount"] = self._collisions
        return {**document, "metadata": self._numbered(document["metadata"]), "status": status}

    def _failure(self) -> Condition | None:
        """Return why pods cannot be made; the newest set is asked first.

        Source: kubernetes pkg/controller/deployment/progress.go getReplicaFailures().
        """
        for each in reversed(self._all()):
            for condition in each.status.conditions or ():
                if condition.type == FAILURE:
                    return condition
        return None

    def _numbered(self, metadata: dict[str, Any]) -> dict[str, Any]:
        """Return the Deployment's metadata with the number of its newest set."""
        newest = self._edits.get(self._made or (self._new.name if self._new else ""))
        annotations = (
            newest["metadata"]["annotations"]
            if newest
            else (self._new.annotations if self._new else {})
        )
        revision = annotations.get(REVISION)
        if not revision:
            return metadata
        noted = {**(metadata.get("annotations") or {}), REVISION: revision}
        return {**metadata, "annotations": noted}

    def _counts(self) -> Counts:
        """Return the pods there are, as the sets tell, and those wanted, as they are to be."""
        wanted = sum(
            self._edits[each.name]["spec"]["replicas"]
            if each.name in self._edits
            else each.spec.replicas
            for each in self._all()
        )
        if self._made:
            wanted += self._edits[self._made]["spec"]["replicas"]
        statuses = [each.status for each in self._all()]
        return Counts(
            wanted=wanted,
            replicas=sum(each.replicas for each in statuses),
            updated=self._new.status.replicas if self._new else 0,
            ready=sum(each.ready_replicas for each in statuses),
            available=sum(each.available_replicas for each in statuses),
            terminating=sum(each.terminating_replicas or 0 for each in statuses),
        )

    def _all(self) -> list[ReplicaSet]:
        return [*self._olds, *([self._new] if self._new else [])]

    def _measured(self) -> dict[str, str]:
        """Return what a set notes of the Deployment when it gets its size."""
        return {
            deployment_annotations.DESIRED: str(self._limits.replicas),
            deployment_annotations.LIMIT: str(self._limits.max_replicas),
        }

    def _sizes(self, sets: Iterator[ReplicaSet] | Sequence[ReplicaSet]) -> list[SetSize]:
        return [self._size(each) for each in sets]

    def _size(self, each: ReplicaSet) -> SetSize:
        text = each.annotations.get(deployment_annotations.LIMIT, "")
        limit = parse_decimal(text) or 0
        return SetSize(each.name, each.spec.replicas, each.status.available_replicas, limit)


def _key(replica_set: ReplicaSet) -> Key:
    return Key(REPLICA_SET.resource, replica_set.namespace, replica_set.name)
