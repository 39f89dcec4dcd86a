"""DaemonSets keep one pod on every node that fits.

Source: kubernetes pkg/controller/daemon/daemon_controller.go, update.go, util/daemonset_util.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svcnet.api.defaulting import TEMPLATE_GENERATION
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import CONTROLLER_REVISION, DAEMON_SET, NODE, POD
from svcnet.api.lean_msgspec import msgspec
from svcnet.api.objects import Node
from svcnet.api.workloads import DaemonSet, Pod, PodSpec
from svcnet.control.controllers.deployment_sizes import scaled
from svcnet.control.controllers.history import History, RevisionOwner
from svcnet.control.controllers.pod_index import PodIndex, concerned, key_of
from svcnet.control.objects.hashing import template_hash
from svcnet.control.objects.node_affinity import matches_node_affinity
from svcnet.control.objects.ownership import owner_identity, owner_reference
from svcnet.control.objects.pods import NameGenerator, PodTemplateFactory, pod_template_factory
from svcnet.control.objects.priorities import pod_refusal
from svcnet.control.objects.revisions import HASH, POD_TEMPLATE_GENERATION
from svcnet.control.objects.taints import REPELLING, untolerated
from svcnet.snapshot import Change, Delete, Put, Snapshot

_DAEMON_TAINTS = (
    ("not-ready", "NoExecute"),
    ("unreachable", "NoExecute"),
    ("disk-pressure", "NoSchedule"),
    ("memory-pressure", "NoSchedule"),
    ("pid-pressure", "NoSchedule"),
    ("unschedulable", "NoSchedule"),
)
"""Taints that daemons tolerate, for they belong to the node."""


def sync_daemonsets(cluster: Snapshot) -> Iterator[Change]:
    """Ask for one pod of each DaemonSet on every node that fits, and for none elsewhere."""
    if cluster.changed.of(NODE.resource):
        sets = [*cluster.of(DaemonSet)]
    else:
        sets = concerned(cluster, DAEMON_SET, DaemonSet, CONTROLLER_REVISION)
    names = NameGenerator(cluster, POD.resource)
    for each in sets:
        if each.metadata.deletion_timestamp is None:
            yield from _Step(cluster, each, PodIndex(cluster, each.namespace), names).changes()


class _Step:
    """The next step of one DaemonSet."""

    def __init__(
        self, cluster: Snapshot, view: DaemonSet, index: PodIndex, names: NameGenerator
    ) -> None:
        self._cluster, self._view, self._index, self._names = cluster, view, index, names
        kind = DAEMON_SET
        self._reference = owner_reference(kind.api_version, kind.kind, view.metadata)
        self._history = History(
            cluster,
            RevisionOwner(
                kind.resource,
                view.metadata,
                view.spec.template,
                self._reference,
                hash_label=HASH,
                hash_of=template_hash,
                collisions=view.status.collision_count,
            ),
        )
        self._factory = self._pod_factory()
        self._spec = msgspec.convert(self._factory.spec, PodSpec)
        self._nodes = cluster.nodes
        self._on: dict[str, list[Pod]] = {}
        for pod in index.of(owner_identity(kind.api_version, kind.kind, view.metadata.uid)):
            self._on.setdefault(_node_of(pod), []).append(pod)

    def changes(self) -> Iterator[Change]:
        """Yield what is to be written; nothing when the set is as it should be."""
        mine = [pod for pods in self._on.values() for pod in pods]
        if claimed := [*self._index.claims(self._view.spec.selector, self._reference, mine)]:
            yield from claimed
            return
        yield from self._history.changes()
        moved = [*self._moved()] or [*self._replaced()]
        yield from moved
        if not moved:
            yield from self._sync_status()
            live = self._history.named(pod.labels.get(HASH, "") for pod in mine)
            limit = self._view.spec.revision_history_limit
            yield from self._history.surplus(limit, live, counting_live=True)

    def _moved(self) -> Iterator[Change]:
        """Make pods where there are none; take away those that may not be where they are."""
        there = set()
        refused = pod_refusal(self._cluster, self._view.spec.template)
        for node in self._nodes:
            there.add(node.name)
            pods = self._on.get(node.name, [])
            fits, stays = self._fits(node)
            if fits and not pods and not refused:
                yield Put(self._pod(node.name))
            for pod in pods:
                if (pod.finished or not stays) and not pod.terminating:
                    yield Delete(key_of(pod))
        for name, pods in sorted(self._on.items()):
            if name not in there:
                # Those that a node had are not for this controller to take away.
                waiting = (pod for pod in pods if not (pod.spec.node_name or pod.terminating))
                yield from (Delete(key_of(pod)) for pod in waiting)

    def _replaced(self) -> Iterator[Change]:
        """Take away pods of older templates, as many at once as may be missing."""
        if self._view.spec.update_strategy.type != "RollingUpdate":
            return
        missing, useless, candidates, count = 0, [], [], 0
        for node in self._nodes:
            if not self._fits(node)[0]:
                continue
            count += 1
            for pod in self._on.get(node.name, [])[:1]:
                if pod.terminating or self._is_updated(pod):
                    missing += not pod.ready or pod.terminating
                elif pod.ready:
                    candidates.append(pod)
                else:
                    useless.append(pod)
        # Those that do not serve are replaced at once: nothing is lost.
        room = max(0, self._most_missing(count) - missing)
        yield from (Delete(key_of(pod)) for pod in (*useless, *candidates[:room]))

    def _is_updated(self, pod: Pod) -> bool:
        """Tell whether a pod is of the latest template, by its hash or by the template's number.

        Source: daemonset_util.go IsPodUpdated().
        """
        number = self._view.annotations.get(TEMPLATE_GENERATION)
        return pod.labels.get(HASH) == self._history.code or (
            number is not None and pod.labels.get(POD_TEMPLATE_GENERATION) == number
        )

    def _most_missing(self, count: int) -> int:
        """Return how many pods may be missing at once; at least one, or nothing would move."""
        rolling = self._view.spec.update_strategy.rolling_update
        value = rolling.max_unavailable if rolling else None
        return max(1, scaled(1 if value is None else value, count, up=True))

    def _fits(self, node: Node) -> tuple[bool, bool]:
        """Tell whether a pod is to be started on `node`, and whether one may stay there."""
        if not matches_node_affinity(self._spec, node):
            return False, False
        given = self._spec.tolerations or ()
        stays = next(untolerated(given, node, ("NoExecute",)), None) is None
        return stays and next(untolerated(given, node, REPELLING), None) is None, stays

    # --- pods -------------------------------------------------------------------------------

    def _pod_factory(self) -> PodTemplateFactory:
        """Return what makes the set's pods, which tolerate what daemons have to."""
        view = self._view
        spec = view.spec.template.get("spec") or {}
        tolerated = [
            *_DAEMON_TAINTS,
            *([("network-unavailable", "NoSchedule")] if spec.get("hostNetwork") else []),
        ]
        tolerations = spec.get("tolerations") or []
        for reason, effect in tolerated:
            tolerations = _tolerating(tolerations, reason, effect)
        template = {**view.spec.template, "spec": {**spec, "tolerations": tolerations}}
        return pod_template_factory(view.namespace, view.name, template, self._reference)

    def _pod(self, node: str) -> Document:
        """Return the pod that is meant for one node."""
        labels = {**self._factory.labels, HASH: self._history.code}
        if number := self._view.annotations.get(TEMPLATE_GENERATION):
            labels[POD_TEMPLATE_GENERATION] = number
        spec = {
            **self._factory.spec,
            "affinity": _bound_to(node, self._factory.spec.get("affinity")),
        }
        name = self._names.draw(self._view.namespace, self._factory.prefix)
        return self._factory._replace(spec=spec).pod(name, labels)

    # --- status -----------------------------------------------------------------------------

    def _sync_status(self) -> Iterator[Change]:
        """Say on how many nodes there are pods, and how many of those serve."""
        view = self._view
        key = Key(DAEMON_SET.resource, view.namespace, view.name)
        document = self._cluster.document(key)
        if document is None:
            return
        status = self._status()
        if status != document.get("status"):
            yield Put({**document, "status": status})

    def _status(self) -> Document:
        """Count nodes and pods; a node counts once, by its first pod."""
        fitting = [node.name for node in self._nodes if self._fits(node)[0]]
        first = [self._on[name][0] for name in fitting if self._on.get(name)]
        ready = sum(pod.ready for pod in first)
        there = {node.name for node in self._nodes}
        # Left over from when the node still fitted.
        astray = sum(name in there and name not in fitting for name in self._on)
        optional = {
            "numberAvailable": ready,
            "numberUnavailable": len(fitting) - ready,
            "observedGeneration": self._view.metadata.generation,
            "updatedNumberScheduled": sum(map(self._is_updated, first)),
        }
        collisions = self._history.collisions
        return {
            "currentNumberScheduled": len(first),
            "desiredNumberScheduled": len(fitting),
            "numberMisscheduled": astray,
            "numberReady": ready,
            **{name: value for name, value in optional.items() if value},
            **({} if collisions is None else {"collisionCount": collisions}),
        }


def _node_of(pod: Pod) -> str:
    """Return the node that a pod is on, or the one that it is meant for."""
    if pod.spec.node_name:
        return pod.spec.node_name
    affinity = (pod.spec.affinity or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    for term in required.get("nodeSelectorTerms") or ():
        for field in term.get("matchFields") or ():
            return str(next(iter(field.get("values") or ()), ""))
    return ""


def _tolerating(given: list[Document], reason: str, effect: str) -> list[Document]:
    """Return tolerations with one for ever; one for some time only is replaced where it stands.

    Source: kubernetes pkg/apis/core/v1/helper/helpers.go AddOrUpdateTolerationInPod().
    """
    wanted = {"effect": effect, "key": f"node.kubernetes.io/{reason}", "operator": "Exists"}
    same = [
        {**each, "tolerationSeconds": 0} == {**wanted, "tolerationSeconds": 0} for each in given
    ]
    replaced = [wanted if is_same else each for each, is_same in zip(given, same, strict=True)]
    return replaced if any(same) else [*given, wanted]


def _bound_to(node: str, affinity: Mapping[str, Any] | None) -> Document:
    """Return an affinity that asks for one node by name, in place of whatever was asked for."""
    field = {"key": "metadata.name", "operator": "In", "values": [node]}
    required = {"nodeSelectorTerms": [{"matchFields": [field]}]}
    nodes = {
        **((affinity or {}).get("nodeAffinity") or {}),
        "requiredDuringSchedulingIgnoredDuringExecution": required,
    }
    return {**(affinity or {}), "nodeAffinity": nodes}
