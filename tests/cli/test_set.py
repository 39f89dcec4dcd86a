"""`set env` and `set resources` on a Deployment and its pods."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Kubectl

MANIFEST = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: main, image: nginx, env: [{name: OLD, value: kept}]}
      - {name: side, image: busybox}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {log-level: debug, port: "80"}
"""


@pytest.fixture
def web(kubectl: Kubectl) -> Kubectl:
    """A cluster with a Deployment of two containers, and a ConfigMap."""
    assert kubectl("apply", "-f", "-", stdin=MANIFEST).status == 0
    return kubectl


def containers(kubectl: Kubectl) -> dict[str, Any]:
    document = json.loads(kubectl("get", "deployment", "web", "-o", "json").out)
    return {each["name"]: each for each in document["spec"]["template"]["spec"]["containers"]}


def test_a_variable_is_set_in_every_container(web: Kubectl) -> None:
    said = web("set", "env", "deployment/web", "MODE=test")

    assert said == (0, "deployment.apps/web env updated\n", "")
    assert containers(web)["main"]["env"] == [
        {"name": "OLD", "value": "kept"},
        {"name": "MODE", "value": "test"},
    ]
    assert containers(web)["side"]["env"] == [{"name": "MODE", "value": "test"}]


def test_one_container_is_chosen_by_name(web: Kubectl) -> None:
    web("set", "env", "deployment/web", "MODE=test", "-c", "side")

    assert [each["name"] for each in containers(web)["main"]["env"]] == ["OLD"]
    assert [each["name"] for each in containers(web)["side"]["env"]] == ["MODE"]


def test_a_minus_takes_a_variable_away(web: Kubectl) -> None:
    web("set", "env", "deployment/web", "OLD-")

    assert "env" not in containers(web)["main"]


def test_a_variable_that_stays_as_it_is_changes_nothing(web: Kubectl) -> None:
    said = web("set", "env", "deployment/web", "OLD=kept", "-c", "main")

    assert said == (0, "", "")


def test_variables_come_from_a_config_map(web: Kubectl) -> None:
    web("set", "env", "deployment/web", "--from=configmap/settings", "--prefix=APP_", "-c", "side")

    # Names are in capitals, with underscores for what a variable may not hold.
    assert containers(web)["side"]["env"] == [
        {
            "name": "APP_LOG_LEVEL",
            "valueFrom": {"configMapKeyRef": {"key": "log-level", "name": "settings"}},
        },
        {
            "name": "APP_PORT",
            "valueFrom": {"configMapKeyRef": {"key": "port", "name": "settings"}},
        },
    ]


def test_a_list_tells_each_container(web: Kubectl) -> None:
    assert web("set", "env", "deployment/web", "--list").out == (
        "# Deployment web, container main\nOLD=kept\n# Deployment web, container side\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["deployment/web"], "at least one environment variable must be provided"),
        (["deployment/web", "A=1", "A-"], "can not both modify and remove"),
        (["deployment/web", "OLD=new", "--overwrite=false"], "'OLD' already has a value (kept)"),
        (["service/kubernetes", "A=1"], "is not a pod or does not have a pod template"),
    ],
)
def test_an_environment_that_makes_no_sense_is_refused(
    web: Kubectl, words: list[str], told: str
) -> None:
    before = containers(web)
    said = web("set", "env", *words)

    assert said.status == 1
    assert told in said.err
    assert containers(web) == before


def test_a_new_environment_rolls_the_pods_over(web: Kubectl) -> None:
    before = {*web("get", "pods", "-o", "name").out.split()}
    web("set", "env", "deployment/web", "MODE=test")
    after = {*web("get", "pods", "-o", "name").out.split()}

    assert len(after) == 1
    assert not before & after


def test_resources_are_set_beside_those_that_are_there(web: Kubectl) -> None:
    said = web("set", "resources", "deployment/web", "-c=main", "--limits=cpu=200m,memory=1Gi")
    assert said == (0, "deployment.apps/web resource requirements updated\n", "")
    web("set", "resources", "deployment/web", "-c=main", "--requests=cpu=100m", "--limits=cpu=1")

    assert containers(web)["main"]["resources"] == {
        "limits": {"cpu": "1", "memory": "1Gi"},
        "requests": {"cpu": "100m"},
    }
    assert containers(web)["side"]["resources"] == {}


def test_resources_need_an_amount(web: Kubectl) -> None:
    assert "you must specify an update" in web("set", "resources", "deployment/web").err
    refused = web("set", "resources", "deployment/web", "--limits=cpu")
    assert "Invalid argument syntax" in refused.err
    assert refused.status == 1


def test_what_is_set_locally_is_printed_and_not_kept(web: Kubectl) -> None:
    said = web(
        "set",
        "env",
        "-f",
        "-",
        "--local",
        "MODE=test",
        "-o",
        "json",
        stdin=MANIFEST.partition("---")[0],
    )

    assert '"MODE"' in said.out
    assert containers(web)["side"].get("env") is None


def test_the_server_refuses_in_the_words_of_the_verb(web: Kubectl) -> None:
    said = web(
        "set", "resources", "deployment/web", "--limits=cpu=1", "--requests=cpu=2", "-c=main"
    )
    why = (
        'Deployment.apps "web" is invalid: spec.template.spec.containers[0].resources.requests: '
        'Invalid value: "2": must be less than or equal to cpu limit of 1\n'
    )

    assert said == (1, "", f"error: failed to patch resources update to pod template {why}")


@pytest.mark.parametrize(
    ("words", "start"),
    [
        (["image", "deployment/web", "main="], "failed to patch image update to pod template: "),
        (["serviceaccount", "deployment/web", "a b"], "failed to patch ServiceAccountName "),
    ],
)
def test_every_verb_has_words_of_its_own(web: Kubectl, words: list[str], start: str) -> None:
    said = web("set", *words)

    assert said.err.startswith(f'error: {start}Deployment.apps "web" is invalid: ')


def test_a_service_account_is_known_by_both_names(web: Kubectl) -> None:
    web("set", "serviceaccount", "deployment/web", "clerk")
    web("set", "serviceaccount", "deployment/web", "maid")

    document = json.loads(web("get", "deployment", "web", "-o", "json").out)
    spec = document["spec"]["template"]["spec"]
    assert (spec["serviceAccount"], spec["serviceAccountName"]) == ("maid", "maid")
