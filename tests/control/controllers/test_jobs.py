"""Pods that run to an end, and the Jobs that count them."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.keys import Document
from svcnet.control.apiserver import registry
from svcnet.store.transaction import Transaction
from tests.control.clusters import NOW
from tests.control.workbench import (
    HOLD,
    changed,
    conditions,
    deleted,
    ended,
    job,
    key,
    names,
    pods,
    read,
    resettled,
    settled,
    template,
)

TRACKING = "batch.kubernetes.io/job-tracking"
INDEX = "batch.kubernetes.io/job-completion-index"


def status(txn: Transaction, name: str = "j") -> Document:
    found: Document = read(txn, "Job", name)["status"]
    return found


def first(txn: Transaction) -> str:
    """The name of the first pod."""
    return names(pods(txn))[0]


def test_a_job_says_what_runs() -> None:
    txn = settled(job("j", completions=3, parallelism=2))

    assert len(pods(txn)) == 2
    assert status(txn) == {
        "active": 2,
        "ready": 2,
        "startTime": NOW,
        "terminating": 0,
        "uncountedTerminatedPods": {},
    }


def test_pods_of_a_job_know_it_by_four_labels_and_are_tracked() -> None:
    txn = settled(job("j"))

    (pod,) = pods(txn)
    uid = read(txn, "Job", "j")["metadata"]["uid"]
    metadata = pod["metadata"]
    assert metadata["labels"] == {
        "app": "j",
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": "j",
        "controller-uid": uid,
        "job-name": "j",
    }
    assert metadata["finalizers"] == [TRACKING]
    assert metadata["generateName"] == "j-"
    (owner,) = metadata["ownerReferences"]
    assert (owner["kind"], owner["name"], owner["controller"]) == ("Job", "j", True)
    assert owner["blockOwnerDeletion"]


def test_never_more_run_than_are_missing() -> None:
    assert len(pods(settled(job("j", completions=2, parallelism=5)))) == 2


def test_pods_of_an_indexed_job_know_their_index() -> None:
    txn = settled(job("j", completions=3, parallelism=2, completionMode="Indexed"))

    found = pods(txn)
    assert [each["metadata"]["generateName"] for each in found] == ["j-0-", "j-1-"]
    assert [each["spec"]["hostname"] for each in found] == ["j-0", "j-1"]
    for index, each in enumerate(found):
        metadata = each["metadata"]
        assert metadata["annotations"][INDEX] == metadata["labels"][INDEX] == str(index)
        (variable,) = each["spec"]["containers"][0]["env"]
        field = {"apiVersion": "v1", "fieldPath": f"metadata.labels['{INDEX}']"}
        assert variable == {"name": "JOB_COMPLETION_INDEX", "valueFrom": {"fieldRef": field}}


def test_an_indexed_job_goes_on_with_the_lowest_index_and_tells_which_are_done() -> None:
    txn = settled(job("j", completions=4, parallelism=2, completionMode="Indexed"))

    ended(txn, names(pods(txn))[1], "Succeeded")

    running = [each for each in pods(txn) if each["status"]["phase"] == "Running"]
    assert sorted(each["metadata"]["labels"][INDEX] for each in running) == ["0", "2"]
    assert (status(txn)["completedIndexes"], status(txn)["succeeded"]) == ("1", 1)


def test_a_suspended_job_has_no_pods_and_starts_when_it_is_resumed() -> None:
    txn = settled(job("j", suspend=True))

    assert pods(txn) == []
    assert conditions(read(txn, "Job", "j")) == {"Suspended": ("True", "JobSuspended")}
    assert "startTime" not in status(txn)
    changed(txn, "Job", "j", suspend=False)
    assert len(pods(txn)) == 1
    assert conditions(read(txn, "Job", "j")) == {"Suspended": ("False", "JobResumed")}
    assert status(txn)["startTime"] == NOW


def test_pods_that_go_because_a_job_is_suspended_have_not_failed() -> None:
    txn = changed(settled(job("j", parallelism=2, completions=2)), "Job", "j", suspend=True)

    assert pods(txn) == []
    assert "failed" not in status(txn)
    assert status(txn)["ready"] == 0


def test_fewer_at_once_take_pods_away_without_a_failure() -> None:
    txn = changed(settled(job("j", completions=3, parallelism=3)), "Job", "j", parallelism=1)

    assert (len(pods(txn)), status(txn)["active"], status(txn).get("failed")) == (1, 1, None)


def test_a_job_is_complete_once_enough_pods_have_succeeded() -> None:
    txn = settled(job("j", completions=2, parallelism=1))

    ended(txn, first(txn), "Succeeded")
    assert (status(txn)["succeeded"], status(txn)["active"]) == (1, 1)
    running = next(each for each in pods(txn) if each["status"]["phase"] == "Running")
    ended(txn, running["metadata"]["name"], "Succeeded")

    told = status(txn)
    assert conditions(read(txn, "Job", "j")) == {
        "SuccessCriteriaMet": ("True", "CompletionsReached"),
        "Complete": ("True", "CompletionsReached"),
    }
    assert (told["succeeded"], told["completionTime"], told["ready"]) == (2, NOW, 0)
    assert "active" not in told
    # They stay to be read, but nobody waits to count them any more.
    assert [each["metadata"].get("finalizers") for each in pods(txn)] == [None, None]


def test_without_a_number_of_completions_one_success_lets_the_others_end() -> None:
    txn = settled(job("j", parallelism=2))
    one, other = names(pods(txn))

    ended(txn, one, "Succeeded")
    assert names(pods(txn)) == [one, other]
    ended(txn, other, "Succeeded")

    assert conditions(read(txn, "Job", "j"))["Complete"][0] == "True"


def test_a_pod_that_is_deleted_has_failed_and_is_replaced() -> None:
    txn = settled(job("j"))
    gone = first(txn)

    deleted(txn, "Pod", gone)

    assert len(pods(txn)) == 1
    assert first(txn) != gone
    assert (status(txn)["failed"], status(txn)["active"]) == (1, 1)


def test_a_job_fails_at_its_backoff_limit_and_takes_its_pods_along() -> None:
    txn = settled(job("j", completions=3, parallelism=3, backoffLimit=0))

    ended(txn, first(txn), "Failed")

    assert conditions(read(txn, "Job", "j")) == {
        "FailureTarget": ("True", "BackoffLimitExceeded"),
        "Failed": ("True", "BackoffLimitExceeded"),
    }
    messages = {each["message"] for each in status(txn)["conditions"]}
    assert messages == {"Job has reached the specified backoff limit"}
    assert status(txn)["failed"] == 3
    assert [each["status"]["phase"] for each in pods(txn)] == ["Failed"]
    assert "completionTime" not in status(txn)


@pytest.mark.parametrize(("policy", "running"), [("TerminatingOrFailed", 1), ("Failed", 0)])
def test_the_policy_says_whether_a_pod_that_is_going_is_replaced(policy: str, running: int) -> None:
    form = template("j", HOLD, restartPolicy="Never")
    txn = settled(job("j", form, podReplacementPolicy=policy))

    deleted(txn, "Pod", first(txn))

    told = status(txn)
    assert (told.get("active", 0), told["terminating"]) == (running, 1)
    assert told.get("failed", 0) == running


def test_an_index_that_fails_too_often_is_given_up() -> None:
    txn = settled(
        job("j", completions=2, parallelism=1, completionMode="Indexed", backoffLimitPerIndex=0)
    )
    assert status(txn)["failedIndexes"] == ""

    ended(txn, first(txn), "Failed")
    assert status(txn)["failedIndexes"] == "0"
    running = next(each for each in pods(txn) if each["status"]["phase"] == "Running")
    assert running["metadata"]["labels"][INDEX] == "1"
    ended(txn, running["metadata"]["name"], "Succeeded")

    assert conditions(read(txn, "Job", "j"))["Failed"] == ("True", "FailedIndexes")


def test_too_many_failed_indexes_end_a_job() -> None:
    txn = settled(
        job("j", completions=3, parallelism=1, completionMode="Indexed",
            backoffLimitPerIndex=0, maxFailedIndexes=0)
    )  # fmt: skip

    ended(txn, first(txn), "Failed")

    assert conditions(read(txn, "Job", "j"))["Failed"] == ("True", "MaxFailedIndexesExceeded")


def test_an_index_counts_its_failures() -> None:
    txn = settled(
        job("j", completions=1, parallelism=1, completionMode="Indexed", backoffLimitPerIndex=1)
    )

    ended(txn, first(txn), "Failed")

    running = next(each for each in pods(txn) if each["status"]["phase"] == "Running")
    count = "batch.kubernetes.io/job-index-failure-count"
    assert running["metadata"]["annotations"][count] == "1"


def test_an_indexed_job_may_grow_and_shrink() -> None:
    txn = settled(job("j", completions=2, parallelism=2, completionMode="Indexed"))

    changed(txn, "Job", "j", completions=3, parallelism=3)
    assert len(pods(txn)) == 3
    changed(txn, "Job", "j", completions=1, parallelism=1)

    assert [each["metadata"]["labels"][INDEX] for each in pods(txn)] == ["0"]


def test_the_pods_of_a_job_go_with_it() -> None:
    assert pods(deleted(settled(job("j", parallelism=2, completions=2)), "Job", "j")) == []


def test_an_orphaned_pod_is_let_go() -> None:
    txn = settled(job("j"))

    registry.delete(txn, key("Job", "j"), propagation="Orphan")
    resettled(txn)

    (pod,) = pods(txn)
    assert not {"finalizers", "ownerReferences"} & pod["metadata"].keys()


def test_a_pod_that_came_without_its_job_stays_as_it_is() -> None:
    (document,) = pods(settled(job("j")))
    txn = settled()

    txn.put(document)

    (kept,) = pods(resettled(txn))
    assert kept["metadata"]["finalizers"] == [TRACKING]
    deleted(txn, "Pod", kept["metadata"]["name"])
    assert pods(txn) == []


def test_a_finished_job_without_time_to_live_goes_at_once() -> None:
    txn = settled(job("j", ttlSecondsAfterFinished=0))

    ended(txn, first(txn), "Succeeded")

    assert txn.get(key("Job", "j")) is None
    assert pods(txn) == []


def test_a_job_of_another_controller_is_left_alone() -> None:
    assert pods(settled(job("j", managedBy="example.com/other"))) == []


def test_with_a_selector_of_its_own_a_job_takes_in_pods_of_nobodys() -> None:
    marks = {"metadata": {"labels": {"app": "j"}}}
    form = {**template("j", restartPolicy="Never"), **marks}
    stray: Any = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "stray", "namespace": "default", "labels": {"app": "j"}},
        "spec": form["spec"],
    }
    selector = {"matchLabels": {"app": "j"}}

    txn = settled(stray, job("j", form, manualSelector=True, selector=selector))

    (pod,) = pods(txn)
    assert pod["metadata"]["name"] == "stray"
    assert pod["metadata"]["finalizers"] == [TRACKING]
    assert read(txn, "Job", "j")["spec"]["selector"] == selector


def test_a_job_without_labels_has_those_of_its_pods() -> None:
    txn = settled(job("j"))

    document = read(txn, "Job", "j")
    labels = document["spec"]["template"]["metadata"]["labels"]
    assert document["metadata"]["labels"] == labels
    assert labels["job-name"] == "j"


def test_labels_of_its_own_are_all_that_a_job_has() -> None:
    document = job("j")
    document["metadata"]["labels"] = {"mine": "yes"}

    assert read(settled(document), "Job", "j")["metadata"]["labels"] == {"mine": "yes"}
