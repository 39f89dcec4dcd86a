"""Taints of nodes that are not well, and what becomes of their pods."""

from __future__ import annotations

from svcnet.control.apiserver import registry
from svcnet.store.transaction import Transaction
from tests.control.workbench import (
    deleted,
    deployment,
    read,
    resettled,
    settled,
    tainted,
    taints,
    template,
    turned,
    where,
)


def test_taints_that_do_not_execute_leave_running_pods_alone() -> None:
    txn = settled(deployment("web", 2), nodes=["n1", "n2"])

    tainted(txn, "n1", "NoSchedule")

    assert where(txn) == {"n1": 1, "n2": 1}


def test_taints_that_execute_send_pods_elsewhere() -> None:
    txn = settled(deployment("web", 2), nodes=["n1", "n2"])

    tainted(txn, "n1", "NoExecute")

    assert where(txn) == {"n2": 2}


def test_pods_pinned_to_a_node_that_evicts_them_do_not_come_and_go_for_ever() -> None:
    txn = tainted(settled(nodes=["n1", "n2"]), "n1", "NoExecute")
    registry.create(txn, deployment("web", 2, template("web", nodeName="n1")))

    assert where(resettled(txn)) == {"n1": 2}


def test_a_node_that_is_not_ready_makes_its_pods_unready_until_it_is_well_again() -> None:
    txn = settled(deployment("web", 2), nodes=["n1", "n2"])

    turned(txn, "Node", "n1", ready=False)

    assert read(txn, "Deployment", "web")["status"]["readyReplicas"] == 1
    assert taints(txn, "n1") == [
        ("node.kubernetes.io/not-ready", "NoExecute"),
        ("node.kubernetes.io/not-ready", "NoSchedule"),
    ]
    turned(txn, "Node", "n1", ready=True)
    assert read(txn, "Deployment", "web")["status"]["readyReplicas"] == 2
    assert taints(txn, "n1") == []


def test_pods_of_a_node_that_goes_away_go_with_it() -> None:
    txn = settled(deployment("web", 2), nodes=["n1", "n2"])

    deleted(txn, "Node", "n1")

    assert where(txn) == {"n2": 2}


def recorded(txn: Transaction, kind: str, name: str) -> list[tuple[str, str, str, str]]:
    """Return what was recorded of an object: who, type, reason and message."""
    return [
        (each["source"]["component"], each["type"], each["reason"], each["message"])
        for each in txn.list("events", "default")
        if (each["involvedObject"]["kind"], each["involvedObject"]["name"]) == (kind, name)
        and each["source"]
    ]


def test_nodes_that_come_and_go_are_told_of() -> None:
    txn = settled(nodes=["n1", "n2"])

    deleted(txn, "Node", "n1")

    came = "Node n1 event: Registered Node n1 in Controller"
    went = "Node n1 event: Removing Node n1 from Controller"
    assert recorded(txn, "Node", "n1") == [
        ("node-controller", "Normal", "RegisteredNode", came),
        ("node-controller", "Normal", "RemovingNode", went),
    ]


def test_a_node_that_fails_is_told_of_and_so_are_its_pods() -> None:
    txn = settled(deployment("web", 1), nodes=["n1"])

    turned(txn, "Node", "n1", ready=False)

    now = "Node n1 status is now: NodeNotReady"
    assert recorded(txn, "Node", "n1")[1:] == [("node-controller", "Normal", "NodeNotReady", now)]
    [pod] = txn.list("pods", "default")
    assert recorded(txn, "Pod", pod["metadata"]["name"]) == [
        ("node-controller", "Warning", "NodeNotReady", "Node is not ready")
    ]


def test_a_pod_that_is_evicted_is_told_of() -> None:
    txn = settled(deployment("web", 1), nodes=["n1", "n2"])
    [pod] = txn.list("pods", "default")
    name = pod["metadata"]["name"]

    tainted(txn, "n1", "NoExecute")

    marked = f"Marking for deletion Pod default/{name}"
    assert recorded(txn, "Pod", name) == [
        ("taint-eviction-controller", "Normal", "TaintManagerEviction", marked)
    ]
