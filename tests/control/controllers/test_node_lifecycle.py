"""Taints of nodes that are not well, and what becomes of their pods."""

from __future__ import annotations

from svcnet.control.apiserver import registry
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
