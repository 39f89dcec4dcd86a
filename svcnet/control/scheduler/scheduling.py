"""Which node is to have a pod, and why none when there is none.

A pod goes to the node with the fewest pods of its own kind, then the fewest pods at all, then the
first by name: nothing is left to chance, and equal pods are spread evenly.
"""

from __future__ import annotations

import heapq
from collections import Counter
from typing import Any

from svcnet.api.index_values import by_owner
from svcnet.api.keys import Document
from svcnet.api.objects import Node
from svcnet.api.tallies import LOAD, load_of
from svcnet.api.workloads import Pod, PodSpec
from svcnet.control.objects.pod_conditions import ConditionStatus, condition, with_condition
from svcnet.control.scheduler.inter_pod_affinity import (
    ANTI_AFFINITY_NOT_MATCHED,
    EXISTING_ANTI_AFFINITY_NOT_MATCHED,
    InterPodAffinity,
)
from svcnet.control.scheduler.node_filters import filter_reason
from svcnet.lean_namedtuple import NamedTuple
from svcnet.snapshot import Record, Snapshot

COMPONENT = "default-scheduler"
"""Who records where pods go."""

TOO_MANY = "Too many pods"

_NO_CLAIMS = "no new claims to deallocate, preemption"

TOPOLOGY = ("topology.kubernetes.io/zone", "topology.kubernetes.io/region")
"""Labels that a pod takes over from its node.

Source: kubernetes plugin/pkg/admission/podtopologylabels/admission.go.
"""


class Refused(NamedTuple):
    """No node can have the pod; `why` is the scheduler's message."""

    why: str


class NodeInfos:
    """How full the nodes are, kept up to date while pods are placed."""

    def __init__(self, cluster: Snapshot) -> None:
        self._cluster = cluster
        self._nodes = nodes = cluster.nodes
        self._index = {node.name: index for index, node in enumerate(nodes)}
        self.affinity = InterPodAffinity(cluster, self._index)
        # Pods that have ended take up no place.
        load = cluster.tallies(LOAD)
        self._total = [load.get(load_of(node.name), 0) for node in nodes]
        self._mates: dict[str, Counter[int]] = {}
        self._fitting: dict[tuple[Any, ...], list[int]] = {}
        self._turn: tuple[Any, ...] = ()
        self._heap: list[tuple[int, int, int]] = []

    def named(self, name: str) -> Node | None:
        """Return the node called `name`, if there is one."""
        index = self._index.get(name)
        return None if index is None else self._nodes[index]

    def choose(self, pod: Pod) -> Node | Refused:
        """Return the node that is to have `pod`, and count it there."""
        constraints = _constraints(pod.spec)
        turn = (_owner_uid(pod), *constraints)
        if turn != self._turn:
            self._turn, self._heap = turn, self._candidates(pod, constraints)
        passed: list[tuple[int, int, int]] = []
        chosen: Node | Refused | None = None
        while chosen is None and self._heap:
            mates, total, index = heapq.heappop(self._heap)
            if total >= _capacity(self._nodes[index]):
                # Full, and nothing leaves while pods are placed.
                continue
            if self.affinity.filter_reason(pod, index):
                passed.append((mates, total, index))
                continue
            self._count(pod, index)
            # A pod of nobody's has none of its owner to keep away from.
            heapq.heappush(self._heap, (mates + 1 if turn[0] else 0, total + 1, index))
            chosen = self._nodes[index]
        for each in passed:
            # The next pod of the turn may be welcome there.
            heapq.heappush(self._heap, each)
        return chosen or Refused(self._explain(pod))

    def _count(self, pod: Pod, index: int) -> None:
        """Count a pod on a node, for those that are placed after it."""
        self._total[index] += 1
        self.affinity.add(pod, index)
        if _owner_uid(pod):
            self._mates_of(pod)[index] += 1

    def _mates_of(self, pod: Pod) -> Counter[int]:
        """Return how many pods of the owner of `pod` there are, by node."""
        uid = _owner_uid(pod)
        if uid not in self._mates:
            found = self._cluster.indexed(Pod, by_owner(uid), pod.namespace) if uid else ()
            self._mates[uid] = Counter(
                self._index[each.spec.node_name]
                for each in found
                if each.spec.node_name in self._index
                and _owner_uid(each) == uid
                and not each.finished
            )
        return self._mates[uid]

    def _candidates(self, pod: Pod, constraints: tuple[Any, ...]) -> list[tuple[int, int, int]]:
        """Return the nodes that fit, as a heap with the emptiest on top."""
        # Nodes do not change while pods are placed, so equal constraints have equal answers.
        if constraints not in self._fitting:
            self._fitting[constraints] = [
                index for index, node in enumerate(self._nodes) if not filter_reason(pod.spec, node)
            ]
        mates = self._mates_of(pod)
        heap = [(mates[index], self._total[index], index) for index in self._fitting[constraints]]
        heapq.heapify(heap)
        return heap

    def _explain(self, pod: Pod) -> str:
        """Return the scheduler's account of why there is no place.

        Source: kubernetes pkg/scheduler/framework/types.go FitError.Error().
        """
        count = len(self._nodes)
        if not count:
            return "no nodes available to schedule pods"
        reasons = Counter(
            filter_reason(pod.spec, node) or self.affinity.filter_reason(pod, index) or TOO_MANY
            for index, node in enumerate(self._nodes)
        )
        counted = ", ".join(sorted(f"{number} {reason}" for reason, number in reasons.items()))
        # Only for these could it help to evict somebody, and there is nobody of less priority.
        helpless = count - sum(
            reasons[each]
            for each in (TOO_MANY, ANTI_AFFINITY_NOT_MATCHED, EXISTING_ANTI_AFFINITY_NOT_MATCHED)
        )
        parts = [
            f"{helpless} Preemption is not helpful for scheduling" if helpless else "",
            f"{count - helpless} No preemption victims found for incoming pod"
            if count - helpless
            else "",
        ]
        preemption = ", ".join(sorted(filter(None, parts)))
        return (
            f"0/{count} nodes are available: {counted}. {_NO_CLAIMS}: "
            f"0/{count} nodes are available: {preemption}."
        )


def _owner_uid(pod: Pod) -> str:
    owner = pod.controller
    return owner.uid if owner else ""


def _constraints(spec: PodSpec) -> tuple[Any, ...]:
    """Return what decides which nodes fit, as something that can be looked up."""
    selector = tuple(sorted((spec.node_selector or {}).items()))
    return (selector, repr(spec.affinity), spec.tolerations)


def _capacity(node: Node) -> float:
    """Return how many pods a node takes; without end when it does not say."""
    try:
        return int((node.status.allocatable or {}).get("pods", ""))
    except ValueError:
        return float("inf")


def bound(document: Document, node: Node) -> Document:
    """Return a pod given to `node`, labelled with where that is."""
    labels = {key: node.labels[key] for key in TOPOLOGY if key in node.labels}
    metadata = document["metadata"]
    if labels:
        metadata = {**metadata, "labels": {**(metadata.get("labels") or {}), **labels}}
    return {
        **document,
        "metadata": metadata,
        "spec": {**document["spec"], "nodeName": node.name},
    }


def scheduled(pod: Document, node: str) -> Record:
    """Return what is recorded of a pod that was given to a node.

    Source: kubernetes pkg/scheduler/schedule_one.go bindingCycle().
    """
    metadata = pod["metadata"]
    name = f"{metadata.get('namespace', '')}/{metadata['name']}"
    message = f"Successfully assigned {name} to {node}"
    return Record(pod, "Normal", "Scheduled", message, COMPONENT, "Binding")


def failed_scheduling(pod: Document, why: str) -> Record:
    """Return what is recorded of a pod that fits nowhere.

    Source: kubernetes pkg/scheduler/schedule_one.go handleSchedulingFailure().
    """
    return Record(pod, "Warning", "FailedScheduling", why, COMPONENT, "Scheduling")


def refused(document: Document, why: str, now: str) -> Document | None:
    """Return a pod that fits nowhere, saying why; None when that is what it says already."""
    generation = document["metadata"].get("generation", 1)
    unschedulable = condition(
        "PodScheduled", ConditionStatus("False", "Unschedulable", why), generation, now
    )
    for each in (document.get("status") or {}).get("conditions") or ():
        if each.get("type") == "PodScheduled" and each.get("message") == why:
            return None
    return with_condition(document, unschedulable)
