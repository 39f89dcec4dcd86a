"""Priorities on their way through the API server, and what waits for them."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.keys import Document, Key
from svcnet.control.apiserver import registry
from svcnet.errors import Forbidden, Invalid
from tests.control.clusters import cluster
from tests.control.workbench import deployment, pods, read, resettled, settled, template, workload


def priority_class(name: str, value: int, **more: Any) -> Document:
    return {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": name},
        "value": value,
        **more,
    }


def pod(**spec: Any) -> Document:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p", "namespace": "default"},
        "spec": {"containers": [{"name": "c", "image": "nginx"}], **spec},
    }


def test_a_critical_pod_needs_no_class_of_the_users() -> None:
    made = registry.create(cluster(), pod(priorityClassName="system-node-critical")).document

    assert made["spec"]["priority"] == 2000001000


def test_an_unknown_class_is_refused() -> None:
    with pytest.raises(Forbidden) as error:
        registry.create(cluster(), pod(priorityClassName="x"))

    assert str(error.value) == 'pods "p" is forbidden: no PriorityClass with name x was found'


def test_there_is_one_default() -> None:
    txn = cluster()
    registry.create(txn, priority_class("a", 1, globalDefault=True))
    with pytest.raises(Forbidden) as error:
        registry.create(txn, priority_class("b", 2, globalDefault=True))

    assert str(error.value) == (
        'priorityclasses.scheduling.k8s.io "b" is forbidden: PriorityClass a is already marked as '
        "default. Only one default can exist"
    )
    # Marked again, it is still the only one.
    registry.update(txn, priority_class("a", 1, globalDefault=True, description="usual"))


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (
            priority_class("system-x", 1),
            "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for "
            "system use only. error: system-x is not a known system priority class",
        ),
        (
            priority_class("system-node-critical", 1),
            "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for "
            "system use only. error: value of system-node-critical PriorityClass must be "
            "2000001000",
        ),
        (
            priority_class("a", 1000000001),
            "value: Forbidden: maximum allowed value of a user defined priority is 1000000000",
        ),
        (
            priority_class("a", 1, preemptionPolicy="Maybe"),
            'preemptionPolicy: Unsupported value: "Maybe": supported values: "Never", '
            '"PreemptLowerPriority"',
        ),
    ],
)
def test_what_no_class_may_be(document: Document, why: str) -> None:
    with pytest.raises(Invalid) as error:
        registry.create(cluster(), document)

    name = document["metadata"]["name"]
    assert str(error.value) == f'PriorityClass.scheduling.k8s.io "{name}" is invalid: {why}'


def test_the_critical_classes_cannot_be_deleted() -> None:
    key = Key("priorityclasses.scheduling.k8s.io", "", "system-node-critical")
    with pytest.raises(Forbidden) as error:
        registry.delete(cluster(), key)

    assert str(error.value) == (
        'priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system '
        "priority class and cannot be deleted"
    )


LATE = template("web", priorityClassName="late")


def test_a_deployment_tells_that_its_pods_are_refused_until_their_class_is_there() -> None:
    txn = settled(deployment("web", 2, LATE))

    assert pods(txn) == []
    [replica_set] = txn.list("replicasets.apps")
    name = replica_set["metadata"]["name"]
    [failure] = replica_set["status"]["conditions"]
    assert (failure["type"], failure["reason"]) == ("ReplicaFailure", "FailedCreate")
    assert failure["message"] == (
        f'pods "{name}-" is forbidden: no PriorityClass with name late was found'
    )
    types = [each["type"] for each in read(txn, "Deployment", "web")["status"]["conditions"]]
    assert "ReplicaFailure" in types

    registry.create(txn, priority_class("late", 5))
    resettled(txn)

    assert [each["spec"]["priority"] for each in pods(txn)] == [5, 5]
    assert "conditions" not in txn.list("replicasets.apps")[0]["status"]
    types = [each["type"] for each in read(txn, "Deployment", "web")["status"]["conditions"]]
    assert "ReplicaFailure" not in types


@pytest.mark.parametrize(("kind", "count"), [("StatefulSet", 2), ("DaemonSet", 3)])
def test_other_owners_wait_as_well(kind: str, count: int) -> None:
    replicas = {"replicas": 2} if kind == "StatefulSet" else {}
    txn = settled(workload(kind, "web", LATE, **replicas))
    assert pods(txn) == []

    registry.create(txn, priority_class("late", 5))
    resettled(txn)

    assert [each["spec"]["priorityClassName"] for each in pods(txn)] == ["late"] * count
