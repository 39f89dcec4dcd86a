"""Pods with names that stay."""

from __future__ import annotations

import pytest

from svcnet.control.apiserver import registry
from tests.control.workbench import (
    HOLD,
    UNREADY,
    changed,
    deleted,
    images,
    key,
    names,
    pods,
    read,
    resettled,
    scaled,
    settled,
    template,
    workload,
)


def test_a_stateful_set_makes_pods_with_names_that_stay() -> None:
    txn = settled(workload("StatefulSet", "db", replicas=2))

    first = read(txn, "Pod", "db-0")
    (revision,) = names(txn.list("controllerrevisions.apps"))
    assert names(pods(txn)) == ["db-0", "db-1"]
    assert first["metadata"]["labels"] == {
        "app": "db",
        "apps.kubernetes.io/pod-index": "0",
        "controller-revision-hash": revision,
        "statefulset.kubernetes.io/pod-name": "db-0",
    }
    assert (first["spec"]["hostname"], first["spec"]["subdomain"]) == ("db-0", "db")


def test_a_stateful_set_waits_for_the_pod_before() -> None:
    txn = settled(workload("StatefulSet", "db", template("db", UNREADY), replicas=3))

    assert names(pods(txn)) == ["db-0"]


def test_a_parallel_stateful_set_does_not_wait() -> None:
    document = workload(
        "StatefulSet", "db", template("db", UNREADY), replicas=2, podManagementPolicy="Parallel"
    )

    assert names(pods(settled(document))) == ["db-0", "db-1"]


def test_a_stateful_set_is_updated_backwards_down_to_its_partition() -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}
    txn = settled(workload("StatefulSet", "db", replicas=3, updateStrategy=strategy))

    changed(txn, "StatefulSet", "db", template=template("db", image="nginx:2"))

    assert images(txn) == {"db-0": "nginx:1", "db-1": "nginx:2", "db-2": "nginx:2"}
    status = read(txn, "StatefulSet", "db")["status"]
    assert status["currentRevision"] != status["updateRevision"]
    assert (status["currentReplicas"], status["updatedReplicas"]) == (1, 2)


def test_a_stateful_set_that_is_scaled_down_loses_its_last_pods() -> None:
    txn = settled(workload("StatefulSet", "db", replicas=3))

    scaled(txn, "StatefulSet", "db", 1)

    assert names(pods(txn)) == ["db-0"]


def test_a_held_pod_keeps_its_name_until_it_is_gone() -> None:
    txn = settled(workload("StatefulSet", "db", template("db", HOLD), replicas=1))
    uid = read(txn, "Pod", "db-0")["metadata"]["uid"]

    deleted(txn, "Pod", "db-0")

    assert read(txn, "Pod", "db-0")["metadata"]["uid"] == uid
    registry.delete(txn, key("Pod", "db-0"), grace_period=0)
    resettled(txn)
    assert read(txn, "Pod", "db-0")["metadata"]["uid"] != uid


@pytest.mark.parametrize(("limit", "left"), [(0, [4]), (1, [3, 4]), (2, [2, 3, 4])])
def test_so_many_older_templates_are_remembered(limit: int, left: list[int]) -> None:
    """Source: stateful_set_control.go truncateHistory()."""
    txn = settled(workload("StatefulSet", "db", revisionHistoryLimit=limit))

    for version in (2, 3, 4):
        changed(txn, "StatefulSet", "db", template=template("db", image=f"nginx:{version}"))

    assert sorted(each["revision"] for each in txn.list("controllerrevisions.apps")) == left


def test_a_pod_comes_back_as_it_was_until_it_is_its_turn() -> None:
    """With a type and nothing else, as many pods stay old as there are old ones."""
    strategy = {"type": "RollingUpdate"}
    document = workload("StatefulSet", "db", replicas=3, updateStrategy=strategy)
    txn = settled(document)
    assert read(txn, "StatefulSet", "db")["spec"]["updateStrategy"] == strategy

    broken = template("db", UNREADY, image="nginx:2")
    changed(txn, "StatefulSet", "db", template=broken)
    assert images(txn) == {"db-0": "nginx:1", "db-1": "nginx:1", "db-2": "nginx:2"}
    deleted(txn, "Pod", "db-0")

    assert images(txn) == {"db-0": "nginx:1", "db-1": "nginx:1", "db-2": "nginx:2"}


def test_with_a_type_and_nothing_else_all_pods_are_updated() -> None:
    strategy = {"type": "RollingUpdate"}
    txn = settled(workload("StatefulSet", "db", replicas=3, updateStrategy=strategy))

    changed(txn, "StatefulSet", "db", template=template("db", image="nginx:2"))

    assert images(txn) == {"db-0": "nginx:2", "db-1": "nginx:2", "db-2": "nginx:2"}


def test_a_taken_name_makes_another_hash_and_is_counted() -> None:
    txn = settled(workload("StatefulSet", "db"))
    (name,) = names(txn.list("controllerrevisions.apps"))
    deleted(txn, "StatefulSet", "db")
    registry.create(
        txn,
        {
            "apiVersion": "apps/v1",
            "kind": "ControllerRevision",
            "metadata": {"name": name, "namespace": "default"},
            "revision": 1,
        },
    )

    registry.create(txn, workload("StatefulSet", "db"))
    resettled(txn)

    status = read(txn, "StatefulSet", "db")["status"]
    assert status["collisionCount"] == 1
    assert status["currentRevision"] == status["updateRevision"] != name
    assert names(pods(txn)) == ["db-0"]
