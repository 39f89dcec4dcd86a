"""`create job` and `create cronjob`: out of flags, and of one another."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Kubectl


def read(kubectl: Kubectl, *words: str) -> Any:
    return json.loads(kubectl("get", *words, "-o", "json").out)


def test_a_job_runs_one_container_of_its_own_name(kubectl: Kubectl) -> None:
    said = kubectl("create", "job", "once", "--image=i", "--", "sh", "-c", "true")

    assert said == (0, "job.batch/once created\n", "")
    document = read(kubectl, "job", "once")
    template = document["spec"]["template"]["spec"]
    (container,) = template["containers"]
    assert (container["name"], container["image"]) == ("once", "i")
    assert container["command"] == ["sh", "-c", "true"]
    assert template["restartPolicy"] == "Never"
    assert document["status"]["active"] == 1


def test_a_dry_run_of_the_client_shows_what_would_be_sent(kubectl: Kubectl) -> None:
    # As kubectl prints it, but for the times that are null up to 1.33.
    words = ["create", "job", "a", "--image=x", "--dry-run=client", "-o", "yaml"]

    assert kubectl(*words).out == (
        "apiVersion: batch/v1\n"
        "kind: Job\n"
        "metadata:\n"
        "  name: a\n"
        "spec:\n"
        "  template:\n"
        "    metadata: {}\n"
        "    spec:\n"
        "      containers:\n"
        "      - image: x\n"
        "        name: a\n"
        "        resources: {}\n"
        "      restartPolicy: Never\n"
        "status: {}\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["job", "a"], "either --image or --from must be specified"),
        (["job", "a", "--image=x", "--from=cj/x"], "either --image or --from must be specified"),
        (["job", "a", "--from=cronjob/x", "--", "y"], "cannot specify --from and command"),
        (["job", "a", "--from=ns/default"], "unknown object type *v1.Namespace"),
        (["cronjob", "a", "--image=", "--schedule=x"], "--image must be specified"),
        (["cronjob", "a", "--image=x", "--schedule="], "--schedule must be specified"),
        (["cronjob", "a", "--image=x"], 'required flag(s) "schedule" not set'),
        (["cronjob", "a"], 'required flag(s) "image", "schedule" not set'),
        (
            ["job", "A", "--image=x"],
            'failed to create job: Job.batch "A" is invalid: ',
        ),
        (
            ["cronjob", "a", "--image=x", "--schedule=often"],
            'failed to create cronjob: CronJob.batch "a" is invalid: spec.schedule: ',
        ),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_kubectls_words(kubectl: Kubectl, words: list[str], told: str) -> None:
    said = kubectl("create", *words)

    assert (said.status, said.out) == (1, "")
    assert said.err.startswith(f"error: {told}")


@pytest.mark.parametrize("words", [["job"], ["job", "a", "b", "--image=x"]])
def test_a_job_has_one_name(kubectl: Kubectl, words: list[str]) -> None:
    said = kubectl("create", *words)

    assert said.err.startswith(f"error: exactly one NAME is required, got {len(words[1:3])}\n")


def test_a_cron_job_waits_for_its_time(kubectl: Kubectl) -> None:
    said = kubectl("create", "cj", "tick", "--image=i", "--schedule=*/1 * * * *", "--", "date")

    assert said == (0, "cronjob.batch/tick created\n", "")
    document = read(kubectl, "cronjob", "tick")
    assert document["status"] == {}
    assert document["spec"]["schedule"] == "*/1 * * * *"
    template = document["spec"]["jobTemplate"]
    assert template["metadata"] == {"name": "tick"}
    pod = template["spec"]["template"]["spec"]
    assert (pod["restartPolicy"], pod["containers"][0]["command"]) == ("OnFailure", ["date"])
    columns = kubectl("get", "cj").out.split("\n")[1].split()
    assert columns == ["tick", *["*/1", "*", "*", "*", "*"], "<none>", "False", "0", "<none>", "0s"]
    assert kubectl("get", "jobs").err == "No resources found in default namespace.\n"


def test_a_job_is_made_as_a_cron_job_would_make_it(kubectl: Kubectl) -> None:
    kubectl("create", "cronjob", "tick", "--image=i", "--schedule=@daily", "--restart=Never")

    said = kubectl("create", "job", "once", "--from=cronjob/tick")

    assert said == (0, "job.batch/once created\n", "")
    document, owner = read(kubectl, "job", "once"), read(kubectl, "cronjob", "tick")
    metadata = document["metadata"]
    assert metadata["annotations"] == {"cronjob.kubernetes.io/instantiate": "manual"}
    assert metadata["ownerReferences"] == [
        {
            "apiVersion": "batch/v1",
            "controller": True,
            "kind": "CronJob",
            "name": "tick",
            "uid": owner["metadata"]["uid"],
        }
    ]
    assert document["status"]["active"] == 1
    # Jobs that others made are none of the CronJob's active ones, but go with it.
    assert owner["status"] == {}
    kubectl("delete", "cronjob", "tick")
    assert kubectl("get", "jobs,pods").out == ""


def test_a_cron_job_that_is_not_there(kubectl: Kubectl) -> None:
    said = kubectl("create", "job", "once", "--from=cronjob/none")

    assert said == (1, "", 'Error from server (NotFound): cronjobs.batch "none" not found\n')


def test_a_dry_run_of_a_job_from_a_cron_job_makes_nothing(kubectl: Kubectl) -> None:
    kubectl("create", "cronjob", "tick", "--image=i", "--schedule=@daily")

    for strategy in ("client", "server"):
        said = kubectl("create", "job", "once", "--from=cj/tick", f"--dry-run={strategy}")
        word = "dry run" if strategy == "client" else "server dry run"
        assert said.out == f"job.batch/once created ({word})\n"

    assert kubectl("get", "jobs").out == ""


def test_a_manifest_of_a_job_cannot_replace_it(kubectl: Kubectl) -> None:
    kubectl("create", "job", "j", "--image=i")
    document = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "j"},
        "spec": {
            "template": {
                "spec": {"restartPolicy": "Never", "containers": [{"name": "j", "image": "i"}]}
            }
        },
    }

    said = kubectl("replace", "-f", "-", stdin=json.dumps(document))

    assert said.status == 1
    told = 'The Job "j" is invalid: \n* spec.selector: Required value\n'
    assert said.err.startswith(told)
    assert "* spec.selector: Invalid value: null: field is immutable\n" in said.err
