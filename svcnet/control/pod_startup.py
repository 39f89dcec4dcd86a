"""Pods are given to nodes, and run there: scheduler and kubelets at work.

What the scheduler binds and what the kubelet reports is one write, because here nothing takes time.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.index_values import WAITING
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import (
    NODE,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    STORAGE_CLASS,
)
from svcnet.api.objects import Node
from svcnet.api.workloads import Pod, PodSpec
from svcnet.control.kubelet.pod import Addresses, host_addresses, runs_pods, started
from svcnet.control.objects.pod_conditions import ConditionStatus, condition, with_condition
from svcnet.control.scheduler.scheduling import NodeInfos, Refused, bound, nominated, refused
from svcnet.snapshot import Put, Snapshot

_FOR_PODS = (
    NODE.resource,
    PERSISTENT_VOLUME_CLAIM.resource,
    PERSISTENT_VOLUME.resource,
    STORAGE_CLASS.resource,
)
"""What pods may wait for."""


def schedule_pods(cluster: Snapshot) -> Iterator[Put]:
    """Ask for a node, addresses and running containers for every pod that waits for them."""
    waiting = _waiting(cluster)
    if not waiting:
        return
    start = _Startup(cluster)
    for key in waiting:
        pod, document = cluster.one(Pod, key.namespace, key.name), cluster.document(key)
        if pod is not None and document is not None:
            yield from start.placed(pod, document)


def _waiting(cluster: Snapshot) -> list[Key]:
    """Return the pods that are to be looked at; all that wait when a place may have come free."""
    events = cluster.changed.of(POD.resource)
    # A pod that went, or a node or a claim that changed, may have made room for any that wait.
    if cluster.changed.of(*_FOR_PODS) or any(each.after is None for each in events):
        return [
            Key(POD.resource, pod.namespace, pod.name)
            for pod in cluster.indexed(Pod, WAITING)
            if _waits(
                phase=pod.status.phase,
                started=bool(pod.status.start_time),
                terminating=pod.terminating,
                gated=bool(pod.spec.scheduling_gates),
            )
        ]
    return [each.key for each in events if each.after and _document_waits(each.after)]


def _document_waits(document: Document) -> bool:
    """Tell from a whole document what `_waits` tells."""
    status = document.get("status") or {}
    return _waits(
        phase=status.get("phase", ""),
        started="startTime" in status,
        terminating="deletionTimestamp" in document["metadata"],
        gated=bool((document.get("spec") or {}).get("schedulingGates")),
    )


def _waits(*, phase: str, started: bool, terminating: bool, gated: bool) -> bool:
    """Tell whether a pod is to be placed or started."""
    return phase in ("", "Pending") and not (started or terminating or gated)


class _Startup:
    """Nodes, and what they have left for pods."""

    def __init__(self, cluster: Snapshot) -> None:
        self._now = cluster.now
        self._nodes = NodeInfos(cluster)
        self._addresses = Addresses(cluster)

    def placed(self, pod: Pod, document: Document) -> Iterator[Put]:
        """Yield the pod, and the volumes it is given, where something is new about them."""
        node: Node | Refused | None
        # Given by hand, or by an import: nobody asks whether it fits.
        if pod.spec.node_name:
            node = self._nodes.named(pod.spec.node_name)
            if node and (started := self._run(document, node)):
                yield Put(started)
            return
        if pod.spec.scheduler_name != PodSpec().scheduler_name:
            return
        match self._nodes.choose(pod):
            case Refused(why):
                if unschedulable := refused(document, why, self._now):
                    yield Put(unschedulable)
            case Node() as node:
                changes, complete = self._nodes.bind_volumes(pod, node)
                yield from changes
                placed = self._run(document, node) if complete else nominated(document, node)
                if placed:
                    yield Put(placed)

    def _run(self, document: Document, node: Node) -> Document | None:
        """Give a pod to a node, and start it when the kubelet and an address are to be had."""
        given = bound(document, node)
        if runs_pods(node):
            on_host = given["spec"].get("hostNetwork")
            addresses = host_addresses(node) if on_host else self._addresses.next(node)
            if addresses:
                return started(given, node, addresses, self._now)
        if document["spec"].get("nodeName"):
            # It waits for the kubelet, or for an address, as it did before.
            return None
        generation = given["metadata"].get("generation", 1)
        return with_condition(
            given, condition("PodScheduled", ConditionStatus("True"), generation, self._now)
        )
