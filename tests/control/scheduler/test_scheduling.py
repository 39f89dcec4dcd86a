"""Where pods go."""

from __future__ import annotations

import pytest

from svcnet.api.keys import Document
from svcnet.control.apiserver import registry
from tests.control.workbench import (
    changed,
    deleted,
    deployment,
    ended,
    pod,
    pods,
    read,
    resettled,
    settled,
    tainted,
    taints,
    template,
    where,
    why_pending,
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
        ({}, "had untolerated taint(s)"),
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


HELPLESS = "0/1 nodes are available: 1 Preemption is not helpful for scheduling."
NO_VICTIMS = "0/1 nodes are available: 1 No preemption victims found for incoming pod."
_CLAIMS = "no new claims to deallocate, preemption"


def asking(name: str, **requests: str) -> Document:
    document = pod(name)
    (container,) = document["spec"]["containers"]
    resources = {"resources": {"requests": requests}}
    document["spec"]["containers"] = [{**container, **resources}]
    return document


def test_a_node_takes_pods_until_its_cpus_are_asked_for() -> None:
    txn = settled(asking("a", cpu="40"), asking("b", cpu="30"), nodes=["n1"])

    assert where(txn) == {"n1": 1, "": 1}
    assert why_pending(txn, "b") == (
        f"0/1 nodes are available: 1 Insufficient cpu. {_CLAIMS}: {NO_VICTIMS}"
    )


def test_nobody_gives_way_to_a_pod_that_is_larger_than_the_node() -> None:
    txn = settled(asking("a", cpu="65", memory="1Ti"), nodes=["n1"])

    assert why_pending(txn, "a") == (
        f"0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. {_CLAIMS}: {HELPLESS}"
    )


def test_a_pod_that_goes_makes_room() -> None:
    txn = settled(asking("a", cpu="40"), asking("b", cpu="30"), nodes=["n1"])

    deleted(txn, "Pod", "a")

    assert where(txn) == {"n1": 1}


def test_pods_of_one_turn_fill_the_nodes_evenly_and_no_further() -> None:
    form = template("web")
    form["spec"]["containers"][0]["resources"] = {"requests": {"memory": "100Gi"}}

    assert where(settled(deployment("web", 8, form))) == {"n1": 2, "n2": 2, "n3": 2, "": 2}


def test_limits_are_asked_for_where_nothing_else_is() -> None:
    form = template("web")
    form["spec"]["containers"][0]["resources"] = {"limits": {"cpu": "64"}}

    assert where(settled(deployment("web", 2, form), nodes=["n1"])) == {"n1": 1, "": 1}


def test_a_node_takes_as_many_pods_as_it_says() -> None:
    txn = settled(deployment("web", 251), nodes=["n1"])

    assert where(txn) == {"n1": 250, "": 1}
    (waiting,) = [each for each in pods(txn) if "nodeName" not in each["spec"]]
    assert why_pending(txn, waiting["metadata"]["name"]).startswith(
        f"0/1 nodes are available: 1 Too many pods. {_CLAIMS}: {NO_VICTIMS}"
    )


def test_a_port_of_the_node_is_had_once() -> None:
    form = template("web")
    form["spec"]["containers"][0]["ports"] = [{"containerPort": 80, "hostPort": 8080}]

    txn = settled(deployment("web", 2, form), nodes=["n1"])

    assert where(txn) == {"n1": 1, "": 1}
    (waiting,) = [each for each in pods(txn) if "nodeName" not in each["spec"]]
    assert why_pending(txn, waiting["metadata"]["name"]) == (
        "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. "
        f"{_CLAIMS}: {NO_VICTIMS}"
    )


def test_on_the_nodes_network_every_port_is_the_nodes() -> None:
    txn = settled(deployment("web", 2, template("web", hostNetwork=True)), nodes=["n1"])

    assert where(txn) == {"n1": 1, "": 1}
    (port,) = pods(txn)[0]["spec"]["containers"][0]["ports"]
    assert (port["containerPort"], port["hostPort"]) == (80, 80)


def test_a_pod_that_has_ended_takes_up_nothing() -> None:
    txn = settled(asking("a", cpu="40"), nodes=["n1"])
    ended(txn, "a", "Succeeded")

    registry.create(txn, asking("b", cpu="40"))

    assert where(resettled(txn)) == {"n1": 2}


def test_nodes_that_a_pod_does_not_name_are_told_apart() -> None:
    field = {"key": "metadata.name", "operator": "In", "values": ["n2"]}
    term = {"nodeSelectorTerms": [{"matchFields": [field]}]}
    required = {"requiredDuringSchedulingIgnoredDuringExecution": term}
    document = asking("a", cpu="65")
    document["spec"]["affinity"] = {"nodeAffinity": required}

    assert why_pending(settled(document, nodes=["n1", "n2"]), "a") == (
        "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) "
        f"[NodeAffinity]. {_CLAIMS}: "
        "0/2 nodes are available: 2 Preemption is not helpful for scheduling."
    )


def test_another_reason_does_not_make_a_pod_unschedulable_anew() -> None:
    txn = settled(asking("a", cpu="65"), nodes=["n1"])
    document = read(txn, "Pod", "a")
    (told,) = document["status"]["conditions"]
    before = [{**told, "lastTransitionTime": "2026-01-01T00:00:00Z", "message": "before"}]
    txn.put({**document, "status": {**document["status"], "conditions": before}})

    (now,) = read(resettled(txn), "Pod", "a")["status"]["conditions"]

    assert now["lastTransitionTime"] == "2026-01-01T00:00:00Z"
    assert now["message"] != "before"
