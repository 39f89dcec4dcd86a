"""The rules that Jobs and CronJobs must meet."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from svcnet.api.defaulting import default
from svcnet.api.keys import Document
from svcnet.api.kinds import CRON_JOB, JOB, Kind
from svcnet.api.validation.objects import check, check_update
from svcnet.control.objects.jobs import with_generated_selector

LABELS = {
    "batch.kubernetes.io/controller-uid": "u",
    "batch.kubernetes.io/job-name": "j",
    "controller-uid": "u",
    "job-name": "j",
}


def job(labels: dict[str, str] | None = None, name: str = "j", **spec: Any) -> Document:
    """A Job as it is when its rules are looked at."""
    pod = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}
    template = {"metadata": {"labels": labels} if labels else {}, "spec": pod}
    return with_generated_selector(
        default(
            {
                "apiVersion": "batch/v1",
                "kind": "Job",
                "metadata": {"name": name, "namespace": "default", "uid": "u"},
                "spec": {"template": template, **spec},
            },
            JOB,
        )
    )


def cron_job(**spec: Any) -> Document:
    given = job()["spec"]["template"]
    return default(
        {
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "metadata": {"name": "c", "namespace": "default"},
            "spec": {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": given, **spec}}},
        },
        CRON_JOB,
    )


def told(document: Document, kind: Kind = JOB) -> list[str]:
    return [str(each) for each in check(document, kind)]


def told_of_change(document: Document, old: Document) -> list[str]:
    return list(dict.fromkeys(str(each) for each in check_update(document, old, JOB)))


def test_a_job_with_a_generated_selector_is_good() -> None:
    document = job()

    assert told(document) == []
    assert document["spec"]["selector"] == {
        "matchLabels": {"batch.kubernetes.io/controller-uid": "u"}
    }
    assert document["spec"]["template"]["metadata"]["labels"] == LABELS


@pytest.mark.parametrize(
    ("document", "errors"),
    [
        (
            job({"job-name": "other"}),
            [
                "spec.template.metadata.labels[job-name]: Invalid value: "
                + json.dumps({**LABELS, "job-name": "other"}, separators=(",", ":"))
                + ": must be 'j'"
            ],
        ),
        (
            job(selector={"matchLabels": {"a": "b"}}),
            [
                'spec.selector: Invalid value: {"matchLabels":{"a":"b",'
                '"batch.kubernetes.io/controller-uid":"u"}}: `selector` not auto-generated',
                f"spec.template.metadata.labels: Invalid value: {json.dumps(LABELS)}: `selector` "
                "does not match template `labels`",
            ],
        ),
        (
            job(manualSelector=True),
            [
                "spec.selector: Required value",
                "spec.template.metadata.labels: Invalid value: null: `selector` does not match "
                "template `labels`",
            ],
        ),
        (
            job(completionMode="Indexed"),
            [],
        ),
        (
            job(completionMode="Indexed", parallelism=2),
            ["spec.completions: Required value: when completion mode is Indexed"],
        ),
        (
            job(completionMode="Indexed", completions=1, parallelism=100001),
            [
                "spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 "
                "when completion mode is Indexed"
            ],
        ),
        (
            job(completionMode="Sorted"),
            [
                'spec.completionMode: Unsupported value: "Sorted": supported values: "Indexed", '
                '"NonIndexed"'
            ],
        ),
        (
            job(backoffLimitPerIndex=1),
            [
                "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
            ],
        ),
        (
            job(completionMode="Indexed", completions=1, maxFailedIndexes=1),
            ["spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified"],
        ),
        (
            job(parallelism=-1),
            ["spec.parallelism: Invalid value: -1: must be greater than or equal to 0"],
        ),
        (
            job(podReplacementPolicy="Never"),
            [
                'spec.podReplacementPolicy: Unsupported value: "Never": supported values: '
                '"Failed", "TerminatingOrFailed"'
            ],
        ),
    ],
)
def test_a_job_that_breaks_rules(document: Document, errors: list[str]) -> None:
    blank = [each.replace(" ", "") for each in told(document)]

    assert blank == [each.replace(" ", "") for each in errors]


def test_a_long_name_and_an_index_must_be_a_host_name() -> None:
    name = "x" * 62

    assert told(job(name=name, completionMode="Indexed", completions=2)) == [
        f'metadata.name: Invalid value: "{name}": will not able to create pod with invalid DNS '
        f"label: {name}-1"
    ]


@pytest.mark.parametrize("field", ["completions", "selector", "completionMode", "managedBy"])
def test_what_pods_were_made_by_does_not_change(field: str) -> None:
    old = job(completions=2)
    changes: dict[str, Any] = {
        "completions": 3,
        "selector": {"matchLabels": {"job-name": "j"}},
        "completionMode": "Indexed",
        "managedBy": "example.com/x",
    }
    now = {**old, "spec": {**old["spec"], field: changes[field]}}

    (error,) = told_of_change(now, old)

    assert error.startswith(f"spec.{field}: Invalid value: ")
    assert error.endswith(": field is immutable")


def test_an_indexed_job_changes_both_numbers_together() -> None:
    old = job(completionMode="Indexed", completions=2, parallelism=2)

    def sized(**numbers: int) -> Document:
        return {**old, "spec": {**old["spec"], **numbers}}

    assert told_of_change(sized(completions=3, parallelism=3), old) == []
    assert told_of_change(sized(completions=3), old) == [
        "spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism"
    ]


def test_what_a_job_may_change_while_it_runs() -> None:
    old = job()
    spec = {**old["spec"], "parallelism": 3, "suspend": True, "backoffLimit": 1}

    assert told_of_change({**old, "spec": spec}, old) == []


def test_labels_without_a_prefix_are_enough_for_a_job_that_has_no_others() -> None:
    old = job()
    plain = {key: value for key, value in LABELS.items() if "/" not in key}
    old["spec"]["selector"] = {"matchLabels": {"controller-uid": "u"}}
    old["spec"]["template"]["metadata"]["labels"] = plain

    assert told_of_change(old, old) == []
    assert "spec.template.metadata.labels[batch.kubernetes.io/job-name]: Required value" in str(
        told(old)
    )


def templated(document: Document, **pod: Any) -> Document:
    changed = copy.deepcopy(document)
    changed["spec"]["template"]["spec"].update(pod)
    return changed


def test_a_template_is_fixed_and_shown_as_the_server_holds_it() -> None:
    old = job()

    (error,) = told_of_change(templated(old, nodeSelector={"a": "b"}), old)

    start = 'spec.template: Invalid value: {"labels":{"batch.kubernetes.io/controller-uid":"u",'
    assert error.startswith(start)
    assert '"Spec":{"Volumes":null,"InitContainers":null,"Containers":[{"Name":"c",' in error
    assert '"NodeSelector":{"a":"b"}' in error
    assert error.endswith(": field is immutable")


RESTING = [{"type": "Suspended", "status": "True"}]


@pytest.mark.parametrize(
    ("status", "free"),
    [({}, True), ({"startTime": "t"}, False), ({"startTime": "t", "conditions": RESTING}, True)],
)
@pytest.mark.parametrize(
    "change",
    [
        {"nodeSelector": {"a": "b"}},
        {"tolerations": [{"operator": "Exists"}]},
        {"affinity": {"nodeAffinity": {}}},
    ],
)
def test_a_job_that_rests_may_go_elsewhere(
    status: Document, free: bool, change: dict[str, Any]
) -> None:
    old = {**job(suspend=True), "status": status}

    assert (told_of_change(templated(old, **change), old) == []) is free


def test_a_job_that_rests_keeps_its_containers() -> None:
    old = {**job(suspend=True), "status": {}}
    (container,) = old["spec"]["template"]["spec"]["containers"]
    more = {**container, "resources": {"requests": {"cpu": "1"}}}
    other = {**container, "image": "other"}

    assert told_of_change(templated(old, containers=[more]), old) == []
    assert len(told_of_change(templated(old, containers=[other]), old)) == 1


def test_jobs_of_a_cron_job_get_their_selectors_when_they_are_made() -> None:
    path = "spec.jobTemplate.spec"

    assert told(cron_job(), CRON_JOB) == []
    assert told(cron_job(selector={"matchLabels": {"a": "b"}}), CRON_JOB) == [
        f'{path}.selector: Invalid value: {{"matchLabels":{{"a":"b"}}}}: `selector` will be '
        "auto-generated"
    ]
    assert told(cron_job(manualSelector=True), CRON_JOB) == [
        f'{path}.manualSelector: Unsupported value: true: supported values: "nil", "false"'
    ]
