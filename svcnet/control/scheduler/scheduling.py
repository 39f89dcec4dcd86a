"""Which node is to have a pod, and why none when there is none.

A pod goes to the node with the fewest pods of its own kind, then the fewest pods at all, then the
first by name: nothing is left to chance, and equal pods are spread evenly.
"""

from __future__ import annotations

import heapq
from collections import Counter
from typing import TYPE_CHECKING, Any

from svcnet.api.index_values import HOST_PORTS, by_owner
from svcnet.api.keys import Document
from svcnet.api.objects import Node
from svcnet.api.pod_requests import Amounts, pod_requests
from svcnet.api.tallies import LOAD, REQUESTS, load_of, requested
from svcnet.api.workloads import Pod, PodSpec
from svcnet.control.objects.node_affinity import named_nodes
from svcnet.control.objects.pod_conditions import ConditionStatus, condition, with_condition
from svcnet.control.scheduler import diagnosis, node_ports
from svcnet.control.scheduler.diagnosis import Status
from svcnet.control.scheduler.inter_pod_affinity import AFFINITY_NOT_MATCHED, InterPodAffinity
from svcnet.control.scheduler.node_filters import filter_reason
from svcnet.control.scheduler.node_ports import HostPort, NodePortsInUse
from svcnet.control.scheduler.node_resources import NodeResources
from svcnet.lean_namedtuple import NamedTuple
from svcnet.snapshot import Put, Snapshot

if TYPE_CHECKING:
    from svcnet.control.scheduler.volume_binding import VolumeBinder

TOPOLOGY = ("topology.kubernetes.io/zone", "topology.kubernetes.io/region")
"""Labels that a pod takes over from its node.

Source: kubernetes plugin/pkg/admission/podtopologylabels/admission.go.
"""

_NOMINATED = "nominatedNodeName"
"""Field of a pod's status: the node that it is likely to get."""


class Refused(NamedTuple):
    """No node can have the pod; `why` is the scheduler's message."""

    why: str


class _Wanted(NamedTuple):
    """What a pod asks of its node, as far as it is counted."""

    requests: Amounts
    ports: tuple[HostPort, ...]
    claims: bool
    """Whether it has volumes that somebody must have claimed."""


class NodeInfos:
    """How full the nodes are, kept up to date while pods are placed."""

    def __init__(self, cluster: Snapshot) -> None:
        self._cluster, self._nodes = cluster, cluster.nodes
        self._index = {node.name: index for index, node in enumerate(self._nodes)}
        self.affinity = InterPodAffinity(cluster, self._index)
        self._resources = NodeResources(self._nodes)
        self._ports: NodePortsInUse | None = None
        self._mates: dict[str, Counter[int]] = {}
        self._fitting: dict[tuple[Any, ...], list[int]] = {}
        self._turn: tuple[Any, ...] = ()
        self._heap: list[tuple[int, int, int]] = []
        self._with_claims: list[Pod] = []
        self._binder: VolumeBinder | None = None
        self._count_what_is_asked_for()

    def _count_what_is_asked_for(self) -> None:
        """Count the pods that are there, without looking at them."""
        # Pods that have ended take up no place.
        pods = self._cluster.tallies(LOAD)
        requests: dict[str, Amounts] = {}
        for name, amount in self._cluster.tallies(REQUESTS).items():
            node, resource = requested(name)
            requests.setdefault(node, {})[resource] = amount
        for name, index in self._index.items():
            self._resources.load(index, pods.get(load_of(name), 0), requests.get(name, {}))

    def named(self, name: str) -> Node | None:
        """Return the node called `name`, if there is one."""
        index = self._index.get(name)
        return None if index is None else self._nodes[index]

    def choose(self, pod: Pod) -> Node | Refused:
        """Return the node that is to have `pod`, and count it there."""
        wanted = _wanted(pod.spec)
        if refused := self._refused_by_all(pod, wanted):
            return refused
        constraints = _constraints(pod.spec)
        turn = (_owner_uid(pod), wanted.ports, *sorted(wanted.requests.items()), *constraints)
        if turn != self._turn:
            self._turn, self._heap = turn, self._candidates(pod, constraints)
        passed: list[tuple[int, int, int]] = []
        chosen: Node | Refused | None = None
        while chosen is None and self._heap:
            mates, total, index = heapq.heappop(self._heap)
            if not self._has_room(wanted, index):
                # Full, and nothing leaves while pods are placed.
                continue
            if self._refused_for_itself(pod, wanted, index):
                passed.append((mates, total, index))
                continue
            self._count(pod, index, wanted)
            # A pod of nobody's has none of its owner to keep away from.
            heapq.heappush(self._heap, (mates + 1 if turn[0] else 0, total + 1, index))
            chosen = self._nodes[index]
        for each in passed:
            # The next pod of the turn may be welcome there.
            heapq.heappush(self._heap, each)
        return chosen or Refused(self._explain(pod, wanted))

    def bind_volumes(self, pod: Pod, node: Node) -> tuple[list[Put], bool]:
        """Return what binds the claims of a pod that was given `node`, and whether all are then."""
        if not _wanted(pod.spec).claims:
            return [], True
        return self._volumes().bind(pod, node)

    def _count(self, pod: Pod, index: int, wanted: _Wanted) -> None:
        """Count a pod on a node, for those that are placed after it."""
        self._resources.add(wanted.requests, index)
        if wanted.ports:
            self._ports_in_use().add(wanted.ports, index)
        if wanted.claims:
            self._with_claims.append(pod)
            if self._binder:
                self._binder.use(pod)
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

    def _ports_in_use(self) -> NodePortsInUse:
        if self._ports is None:
            # Most pods want none, and need not know who has some.
            self._ports = NodePortsInUse(len(self._nodes))
            for pod in self._cluster.indexed(Pod, HOST_PORTS):
                index = self._index.get(pod.spec.node_name)
                if index is not None and not pod.finished:
                    self._ports.add(node_ports.host_ports(pod.spec), index)
        return self._ports

    def _volumes(self) -> VolumeBinder:
        if self._binder is None:
            # Most pods claim nothing, and cost no import.
            from svcnet.control.scheduler.volume_binding import VolumeBinder  # noqa: PLC0415

            self._binder = VolumeBinder(self._cluster)
            for pod in self._with_claims:
                self._binder.use(pod)
        return self._binder

    def _candidates(self, pod: Pod, constraints: tuple[Any, ...]) -> list[tuple[int, int, int]]:
        """Return the nodes that fit, as a heap with the emptiest on top."""
        # Nodes do not change while pods are placed, so equal constraints have equal answers.
        if constraints not in self._fitting:
            self._fitting[constraints] = [
                index for index, node in enumerate(self._nodes) if not filter_reason(pod.spec, node)
            ]
        mates, total = self._mates_of(pod), self._resources.pods
        heap = [(mates[index], total[index], index) for index in self._fitting[constraints]]
        heapq.heapify(heap)
        return heap

    # --- filters ----------------------------------------------------------------------------

    def _refused_by_all(self, pod: Pod, wanted: _Wanted) -> Refused | None:
        """Return why it makes no sense to look at the nodes, if it makes none."""
        count = len(self._nodes)
        if not count:
            return Refused(diagnosis.NO_NODES)
        if named_nodes(pod.spec) == frozenset():
            return Refused(diagnosis.refused_by_all(count, diagnosis.TERMS_CONFLICT))
        if wanted.claims and (why := self._volumes().refusal(pod)):
            return Refused(diagnosis.refused_by_all(count, why))
        return None

    def _has_room(self, wanted: _Wanted, index: int) -> bool:
        """Tell whether a pod fits beside those that are there."""
        return self._resources.has_room(wanted.requests, index) and (
            not wanted.ports or self._ports_in_use().has_room(wanted.ports, index)
        )

    def _refused_for_itself(self, pod: Pod, wanted: _Wanted, index: int) -> bool:
        """Tell whether something is against this very pod, and not against all like it."""
        if wanted.claims:
            binder = self._volumes()
            if binder.is_in_use(pod) or binder.filter_reasons(pod, self._nodes[index]):
                return True
        return bool(self.affinity.filter_reason(pod, index))

    def _explain(self, pod: Pod, wanted: _Wanted) -> str:
        """Return the scheduler's account of why there is no place."""
        only = named_nodes(pod.spec)
        statuses = [
            Status((diagnosis.NOT_NAMED,))
            if only is not None and node.name not in only
            else self._status(pod, wanted, index)
            for index, node in enumerate(self._nodes)
        ]
        never = pod.spec.preemption_policy == "Never"
        return diagnosis.refused_by_each(statuses, never_preempts=never)

    def _status(self, pod: Pod, wanted: _Wanted, index: int) -> Status:
        """Return what the first filter says that turns a pod away from a node.

        Source: kubernetes pkg/scheduler/apis/config/v1/default_plugins.go, for their order.
        """
        node = self._nodes[index]
        if reason := filter_reason(pod.spec, node):
            return Status((reason,))
        if wanted.ports and not self._ports_in_use().has_room(wanted.ports, index):
            return Status((node_ports.TAKEN,), for_good=False)
        if shortages := self._resources.shortages(wanted.requests, index):
            for_good = any(each.for_good for each in shortages)
            return Status(tuple(each.reason for each in shortages), for_good)
        if wanted.claims and (status := self._volumes().status(pod, node)):
            return status
        reason = self.affinity.filter_reason(pod, index)
        return Status((reason,), for_good=reason == AFFINITY_NOT_MATCHED)


def _owner_uid(pod: Pod) -> str:
    owner = pod.controller
    return owner.uid if owner else ""


def _wanted(spec: PodSpec) -> _Wanted:
    """Return what is counted of what a pod asks for."""
    claims = any(
        each.persistent_volume_claim or each.ephemeral is not None for each in spec.volumes or ()
    )
    return _Wanted(pod_requests(spec), node_ports.host_ports(spec), claims)


def _constraints(spec: PodSpec) -> tuple[Any, ...]:
    """Return what decides which nodes fit, as something that can be looked up."""
    selector = tuple(sorted((spec.node_selector or {}).items()))
    return (selector, repr(spec.affinity), spec.tolerations)


def bound(document: Document, node: Node) -> Document:
    """Return a pod given to `node`, labelled with where that is."""
    labels = {key: node.labels[key] for key in TOPOLOGY if key in node.labels}
    metadata = document["metadata"]
    if labels:
        metadata = {**metadata, "labels": {**(metadata.get("labels") or {}), **labels}}
    placed = {
        **document,
        "metadata": metadata,
        "spec": {**document["spec"], "nodeName": node.name},
    }
    status = document.get("status") or {}
    if _NOMINATED in status:
        # It has served: KEP-5278.
        placed["status"] = {name: each for name, each in status.items() if name != _NOMINATED}
    return placed


def refused(document: Document, why: str, now: str) -> Document | None:
    """Return a pod that fits nowhere, saying why; None when that is what it says already."""
    since = now
    for each in (document.get("status") or {}).get("conditions") or ():
        if each.get("type") == "PodScheduled":
            if each.get("message") == why:
                return None
            # It is as unschedulable as before, only for another reason.
            if each.get("status") == "False":
                since = each.get("lastTransitionTime", now)
    generation = document["metadata"].get("generation", 1)
    saying = ConditionStatus("False", "Unschedulable", why)
    return with_condition(document, condition("PodScheduled", saying, generation, since))


def nominated(document: Document, node: Node) -> Document | None:
    """Return a pod that is to go to a node once its volumes are made; None when it says so.

    Source: kubernetes pkg/scheduler/schedule_one.go bindingCycle(), KEP-5278.
    """
    status = document.get("status") or {}
    if status.get(_NOMINATED) == node.name:
        return None
    return {**document, "status": {**status, _NOMINATED: node.name}}
