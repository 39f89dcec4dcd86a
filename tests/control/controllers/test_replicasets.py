"""Which pods of a ReplicaSet go first."""

from __future__ import annotations

from svcnet.control.apiserver import registry
from tests.control.workbench import (
    deployment,
    names,
    pods,
    resettled,
    scaled,
    settled,
    template,
    turned,
)


def test_the_least_useful_pods_go_first_when_there_are_too_many() -> None:
    txn = settled(deployment("web", 3), nodes=["n1"])
    useless = names(pods(txn))[1]
    turned(txn, "Pod", useless, ready=False)

    scaled(txn, "Deployment", "web", 2)

    assert useless not in names(pods(txn))


def test_pods_that_cost_little_go_before_others() -> None:
    txn = settled(deployment("web", 3), nodes=["n1"])
    cheap = pods(txn)[2]
    metadata = {
        **cheap["metadata"],
        "annotations": {"controller.kubernetes.io/pod-deletion-cost": "-5"},
    }
    registry.update(txn, {**cheap, "metadata": metadata})

    scaled(resettled(txn), "Deployment", "web", 2)

    assert cheap["metadata"]["name"] not in names(pods(txn))


def test_pods_that_are_refused_are_told_of() -> None:
    txn = settled(deployment("web", 1, template("web", priorityClassName="late")))

    [found] = [
        (each["type"], each["reason"], each["message"])
        for each in txn.list("events", "default")
        if each["involvedObject"]["kind"] == "ReplicaSet"
    ]

    name = txn.list("replicasets.apps", "default")[0]["metadata"]["name"]
    why = "no PriorityClass with name late was found"
    assert found == (
        "Warning",
        "FailedCreate",
        f'Error creating: pods "{name}-" is forbidden: {why}',
    )
