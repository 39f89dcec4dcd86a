"""Where pods go."""

from __future__ import annotations

import pytest

from svcnet.api.keys import Document
from svcnet.control.apiserver import registry
from tests.control.workbench import (
    changed,
    deployment,
    pod,
    read,
    resettled,
    settled,
    tainted,
    taints,
    where,
)


def test_pods_of_a_kind_are_spread_evenly() -> None:
    txn = settled(deployment("web", 7))

    assert where(txn) == {"n1": 3, "n2": 2, "n3": 2}


def test_nobody_wants_a_cordoned_node() -> None:
    txn = changed(settled(nodes=["n1", "n2"]), "Node", "n1", unschedulable=True)

    registry.create(txn, deployment("web", 3))
    resettled(txn)

    assert where(txn) == {"n2": 3}
    assert taints(txn, "n1") == [("node.kubernetes.io/unschedulable", "NoSchedule")]
    changed(txn, "Node", "n1", unschedulable=None)
    assert taints(txn, "n1") == []


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"nodeSelector": {"no": "such"}}, "didn't match Pod's node affinity/selector"),
        ({}, "had untolerated taint {k: v}"),
    ],
)
def test_a_pod_that_fits_nowhere_is_pending_and_says_why(asked: Document, why: str) -> None:
    txn = tainted(settled(nodes=["n1"]), "n1", "NoSchedule")
    tolerations = [{"key": "k", "operator": "Exists"}] if asked else []

    registry.create(txn, pod("p", **asked, tolerations=tolerations))
    resettled(txn)

    status = read(txn, "Pod", "p")["status"]
    assert status["phase"] == "Pending"
    (told,) = status["conditions"]
    assert (told["type"], told["reason"]) == ("PodScheduled", "Unschedulable")
    assert told["message"].startswith(f"0/1 nodes are available: 1 node(s) {why}. ")


def test_a_waiting_pod_runs_once_a_node_fits() -> None:
    txn = settled(pod("p", nodeSelector={"disk": "ssd"}), nodes=["n1", "n2"])
    node = read(txn, "Node", "n2")
    labels = {**node["metadata"]["labels"], "disk": "ssd"}

    registry.update(txn, {**node, "metadata": {**node["metadata"], "labels": labels}})
    resettled(txn)

    assert where(txn) == {"n2": 1}


def test_required_node_affinity_is_met() -> None:
    term = {
        "matchExpressions": [
            {"key": "kubernetes.io/hostname", "operator": "NotIn", "values": ["n1", "n3"]}
        ]
    }
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}

    txn = settled(pod("p", affinity={"nodeAffinity": required}))

    assert where(txn) == {"n2": 1}
