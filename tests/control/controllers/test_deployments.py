"""Deployments, their ReplicaSets and pods, step by step to where a real rollout stops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from svcnet.api.keys import Document
from svcnet.control.apiserver import registry
from svcnet.store.transaction import Transaction
from tests.control.workbench import (
    HOLD,
    UNREADY,
    changed,
    conditions,
    deleted,
    deployment,
    key,
    names,
    pods,
    read,
    resettled,
    scaled,
    settled,
    template,
)

REVISION = "deployment.kubernetes.io/revision"


def sets(txn: Transaction) -> list[Document]:
    """The ReplicaSets, by revision."""
    return sorted(
        txn.list("replicasets.apps"),
        key=lambda each: int(each["metadata"]["annotations"][REVISION]),
    )


def sizes(txn: Transaction) -> list[int]:
    return [each["spec"]["replicas"] for each in sets(txn)]


def images(txn: Transaction) -> list[str]:
    return sorted(each["spec"]["containers"][0]["image"] for each in pods(txn))


def updated(
    txn: Transaction, annotations: Mapping[str, str] | None = None, **pod: Any
) -> Transaction:
    return changed(txn, "Deployment", "web", template=template("web", annotations, **pod))


def test_a_new_deployment_gets_one_replica_set_and_its_pods() -> None:
    txn = settled(deployment("web", 2))

    (replica_set,) = sets(txn)
    code = replica_set["metadata"]["labels"]["pod-template-hash"]
    assert replica_set["metadata"]["name"] == f"web-{code}"
    assert replica_set["spec"]["selector"] == {
        "matchLabels": {"app": "web", "pod-template-hash": code}
    }
    assert replica_set["metadata"]["annotations"] == {
        "deployment.kubernetes.io/desired-replicas": "2",
        "deployment.kubernetes.io/max-replicas": "3",
        REVISION: "1",
    }
    assert all(name.startswith(f"web-{code}-") for name in names(pods(txn)))
    (owner,) = pods(txn)[0]["metadata"]["ownerReferences"]
    assert (owner["kind"], owner["controller"]) == ("ReplicaSet", True)


def test_a_deployment_that_is_well_says_so() -> None:
    txn = settled(deployment("web", 2))

    web = read(txn, "Deployment", "web")

    assert [each["type"] for each in web["status"]["conditions"]] == ["Available", "Progressing"]
    assert conditions(web) == {
        "Available": ("True", "MinimumReplicasAvailable"),
        "Progressing": ("True", "NewReplicaSetAvailable"),
    }
    assert web["metadata"]["annotations"] == {REVISION: "1"}
    counts = {name: number for name, number in web["status"].items() if name != "conditions"}
    assert counts == {
        "availableReplicas": 2,
        "observedGeneration": 1,
        "readyReplicas": 2,
        "replicas": 2,
        "terminatingReplicas": 0,
        "updatedReplicas": 2,
    }


def test_a_new_template_replaces_all_pods_and_leaves_the_old_set_empty() -> None:
    txn = updated(settled(deployment("web", 4)), image="nginx:2")

    assert sizes(txn) == [0, 4]
    assert images(txn) == ["nginx:2"] * 4
    assert read(txn, "Deployment", "web")["metadata"]["annotations"][REVISION] == "2"


def test_going_back_gives_the_old_set_a_new_number_and_a_history() -> None:
    txn = updated(updated(settled(deployment("web", 2)), image="nginx:2"), image="nginx:1")

    oldest, newest = sets(txn)
    assert oldest["metadata"]["annotations"][REVISION] == "2"
    assert newest["metadata"]["annotations"][REVISION] == "3"
    assert newest["metadata"]["annotations"]["deployment.kubernetes.io/revision-history"] == "1"
    assert sizes(txn) == [0, 2]


def test_pods_that_do_not_become_ready_stop_a_rollout_within_its_limits() -> None:
    """Of four pods one may be missing and one too many: three old ones go on serving."""
    txn = updated(settled(deployment("web", 4)), annotations=UNREADY)

    assert sizes(txn) == [3, 2]
    web = read(txn, "Deployment", "web")
    assert (web["status"]["updatedReplicas"], web["status"]["availableReplicas"]) == (2, 3)
    assert web["status"]["unavailableReplicas"] == 2
    assert conditions(web)["Progressing"] == ("True", "ReplicaSetUpdated")


def test_recreate_takes_all_old_pods_away_first() -> None:
    document = deployment("web", 3, strategy={"type": "Recreate"})

    txn = updated(settled(document), annotations=UNREADY)

    assert sizes(txn) == [0, 3]
    assert conditions(read(txn, "Deployment", "web"))["Available"] == (
        "False",
        "MinimumReplicasUnavailable",
    )


def test_recreate_waits_for_pods_that_are_held() -> None:
    document = deployment("web", 1, template("web", HOLD), strategy={"type": "Recreate"})

    txn = updated(settled(document), image="nginx:2")

    assert sizes(txn) == [0]
    (waiting,) = pods(txn)
    assert "deletionTimestamp" in waiting["metadata"]


def test_a_paused_deployment_keeps_its_template_and_is_still_scaled() -> None:
    txn = changed(settled(deployment("web", 2)), "Deployment", "web", paused=True)

    scaled(updated(txn, image="nginx:2"), "Deployment", "web", 3)

    assert images(txn) == ["nginx:1"] * 3
    assert conditions(read(txn, "Deployment", "web"))["Progressing"] == (
        "Unknown",
        "DeploymentPaused",
    )


def test_old_sets_are_forgotten_beyond_the_limit() -> None:
    txn = settled(deployment("web", 1, revisionHistoryLimit=1))

    for version in (2, 3, 4):
        updated(txn, image=f"nginx:{version}")

    assert [each["metadata"]["annotations"][REVISION] for each in sets(txn)] == ["3", "4"]


@pytest.mark.parametrize(
    ("limit", "left"), [(0, ["4"]), (1, ["3", "4"]), (2, ["2", "3", "4"]), (3, list("1234"))]
)
def test_so_many_old_sets_are_remembered(limit: int, left: list[str]) -> None:
    txn = settled(deployment("web", 1, revisionHistoryLimit=limit))

    for version in (2, 3, 4):
        updated(txn, image=f"nginx:{version}")

    assert [each["metadata"]["annotations"][REVISION] for each in sets(txn)] == left


def test_sets_are_forgotten_by_revision_and_not_by_age() -> None:
    """The first set, rolled back to, has number 3 and outlives the second.

    Source: sync.go cleanupDeployment().
    """
    txn = settled(deployment("web", 1, revisionHistoryLimit=1))

    for version in (2, 1, 4):
        updated(txn, image=f"nginx:{version}")

    found = {
        each["metadata"]["annotations"][REVISION]: each["spec"]["template"]["spec"]["containers"][
            0
        ]["image"]
        for each in sets(txn)
    }
    assert found == {"3": "nginx:1", "4": "nginx:4"}


def test_sets_are_not_forgotten_before_a_rollout_is_over() -> None:
    txn = settled(deployment("web", 4, revisionHistoryLimit=0))

    updated(txn, image="nginx:2", annotations=UNREADY)

    # Of 4 pods one may be missing, and one more may be there: two that do not serve.
    assert sizes(txn) == [3, 2]
    updated(txn, image="nginx:3")
    assert sizes(txn) == [4]


def generations(txn: Transaction) -> tuple[int, int]:
    """Of which generation the Deployment is, and which one its status is about."""
    web = read(txn, "Deployment", "web")
    return web["metadata"]["generation"], web["status"]["observedGeneration"]


def test_generations_count_changes_of_the_spec_and_nothing_else() -> None:
    txn = settled(deployment("web", 2))
    assert generations(txn) == (1, 1)
    # Made with its size, and nothing was changed since.
    assert [each["metadata"]["generation"] for each in sets(txn)] == [1]

    scaled(txn, "Deployment", "web", 3)
    assert generations(txn) == (2, 2)
    assert [each["metadata"]["generation"] for each in sets(txn)] == [2]
    assert [each["status"]["observedGeneration"] for each in sets(txn)] == [2]

    document = read(txn, "Deployment", "web")
    metadata = {**document["metadata"], "labels": {"a": "b"}}
    registry.update(txn, {**document, "metadata": metadata})
    resettled(txn)
    assert generations(txn) == (2, 2)

    changed(txn, "Deployment", "web", paused=True)
    assert generations(txn) == (3, 3)


def test_a_rollout_changes_the_size_of_sets_step_by_step() -> None:
    """Two pods, one more allowed and none missing: old 2, 1, 0; new 1, 2."""
    txn = settled(deployment("web", 2))

    updated(txn, image="nginx:2")

    old, new = (each["metadata"]["generation"] for each in sets(txn))
    assert (old, new) == (3, 2)
    assert generations(txn) == (2, 2)


def test_a_deleted_replica_set_comes_back() -> None:
    txn = settled(deployment("web", 2))
    before = names(pods(txn))

    (name,) = names(sets(txn))
    deleted(txn, "ReplicaSet", name)

    assert names(sets(txn)) == [name]
    assert not set(before) & set(names(pods(txn)))


def test_a_pod_that_loses_its_label_is_let_go_and_replaced() -> None:
    txn = settled(deployment("web", 2))
    loose = pods(txn)[0]
    labels = {**loose["metadata"]["labels"], "app": "other"}
    registry.update(txn, {**loose, "metadata": {**loose["metadata"], "labels": labels}})

    resettled(txn)

    assert len(pods(txn, "web")) == 2
    assert "ownerReferences" not in read(txn, "Pod", loose["metadata"]["name"])["metadata"]


def test_orphans_are_adopted_again() -> None:
    txn = settled(deployment("web", 2))
    before = names(pods(txn))
    registry.delete(txn, key("Deployment", "web"), propagation="Orphan")
    resettled(txn)

    registry.create(txn, deployment("web", 2))
    resettled(txn)

    assert names(pods(txn)) == before
    (replica_set,) = sets(txn)
    assert replica_set["metadata"]["ownerReferences"][0]["name"] == "web"
