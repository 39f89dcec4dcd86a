"""Nodes that are not well: their taints, and what becomes of the pods on them.

Time is not simulated: pods that tolerate a taint for a while are still there, for it is always the
first moment.

Source: kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go,
pkg/controller/tainteviction/taint_eviction.go, pkg/controller/podgc/gc_controller.go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svcnet.api.index_values import by_node
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import NODE, POD
from svcnet.api.objects import Node
from svcnet.api.workloads import Pod
from svcnet.control.controllers.pod_index import key_of
from svcnet.control.objects.taints import untolerated
from svcnet.snapshot import Change, Delete, Put, Snapshot

UNSCHEDULABLE = "node.kubernetes.io/unschedulable"

_TAINTS = {"False": "node.kubernetes.io/not-ready", "Unknown": "node.kubernetes.io/unreachable"}
"""What keeps pods off a node, by the status of its condition Ready."""

_EFFECTS = ("NoSchedule", "NoExecute")


def sync_nodes(cluster: Snapshot) -> Iterator[Change]:
    """Ask for the taints of nodes that are not well, and for what follows for their pods."""
    changed = {each.key.name for each in cluster.changed.of(NODE.resource)}
    for name in sorted(changed):
        if node := cluster.one(Node, "", name):
            yield from _taint(cluster, node)
    for pod in _pods(cluster, changed):
        node = cluster.one(Node, "", pod.spec.node_name)
        if node is not None:
            yield from _evict_or_mark(cluster, pod, node, turned=node.name in changed)
        elif pod.spec.node_name in changed:
            # The node is gone, and with it what ran there.
            yield Delete(key_of(pod))


def _pods(cluster: Snapshot, nodes: set[str]) -> list[Pod]:
    """Return the pods on nodes to look at, by (namespace, name): those on `nodes`, and changed."""
    there = (pod for name in nodes for pod in cluster.indexed(Pod, by_node(name)))
    keys = (each.key for each in cluster.changed.of(POD.resource))
    changed = (cluster.one(Pod, key.namespace, key.name) for key in keys)
    found = {key_of(pod): pod for pod in (*there, *changed) if pod and pod.spec.node_name}
    return [pod for _, pod in sorted(found.items())]


def _taint(cluster: Snapshot, node: Node) -> Iterator[Change]:
    """Put the taints on a node that its state asks for, and take off those it does not."""
    status = _readiness(node)
    due = {(_TAINTS[status], effect) for effect in _EFFECTS} if status in _TAINTS else set()
    if node.spec.unschedulable:
        due.add((UNSCHEDULABLE, "NoSchedule"))
    ours = {(key, effect) for key in _TAINTS.values() for effect in _EFFECTS}
    ours.add((UNSCHEDULABLE, "NoSchedule"))
    held = {(each.key, each.effect) for each in node.spec.taints or ()}
    # Taints of others are not touched.
    if held & ours == due:
        return
    document = cluster.document(Key(NODE.resource, "", node.name))
    if document is not None:
        yield Put(_tainted(document, ours - due, sorted(due - held), cluster.now))


def _tainted(
    document: Document,
    unwanted: set[tuple[str, str]],
    added: list[tuple[str, str]],
    now: str,
) -> Document:
    """Return a node without some taints and with others, which are as old as `now`."""
    spec = dict(document.get("spec") or {})
    taints: list[dict[str, Any]] = [
        *(
            each
            for each in spec.pop("taints", None) or ()
            if (each.get("key"), each.get("effect")) not in unwanted
        ),
        *({"effect": effect, "key": key, "timeAdded": now} for key, effect in added),
    ]
    return {**document, "spec": {**spec, "taints": taints} if taints else spec}


def _evict_or_mark(cluster: Snapshot, pod: Pod, node: Node, *, turned: bool) -> Iterator[Change]:
    """Evict a pod that does not tolerate its node's taints; tell whether it can serve there.

    Args:
        cluster: what is.
        pod: a pod on `node`.
        node: where it is.
        turned: whether the node changed just now; its kubelet then tells its pods' states anew.
    """
    if pod.terminating or pod.finished:
        return
    # A toleration for some seconds counts as one: time stands still.  Only at the moment of the
    # change: a pod that is pinned to a tainted node would be evicted and made again for ever.
    if turned and next(untolerated(pod.spec.tolerations or (), node, ("NoExecute",)), None):
        yield Delete(key_of(pod))
        return
    if _readiness(node) in _TAINTS:
        if pod.ready:
            yield from _set_ready(cluster, pod, "False")
    # A kubelet that comes back tells of its pods what their containers say.
    elif turned and _recovered(node) and _containers_ready(pod) and not pod.ready:
        yield from _set_ready(cluster, pod, "True")


def _set_ready(cluster: Snapshot, pod: Pod, status: str) -> Iterator[Change]:
    """Change what a pod says of its readiness."""
    document = cluster.document(key_of(pod))
    if document is None:
        return
    conditions = [
        {**each, "lastTransitionTime": cluster.now, "status": status}
        if each.get("type") == "Ready"
        else each
        for each in document["status"].get("conditions") or ()
    ]
    yield Put({**document, "status": {**document["status"], "conditions": conditions}})


def _recovered(node: Node) -> bool:
    """Tell whether a node is well again: its taints still say that it is not."""
    return any(each.key in _TAINTS.values() for each in node.spec.taints or ())


def _containers_ready(pod: Pod) -> bool:
    """Tell whether a pod's containers could serve, whatever its node is like."""
    return any(
        each.type == "ContainersReady" and each.status == "True"
        for each in pod.status.conditions or ()
    )


def _readiness(node: Node) -> str:
    """Return the status of a node's condition Ready; empty when it has none."""
    for each in node.status.conditions or ():
        if each.type == "Ready":
            return each.status
    return ""
