"""`set-condition`: readiness that somebody says, and what follows from it.

Expected values follow from Kubernetes' rules: an endpoint is ready while its pod is ready and not
being deleted, and kube-proxy sends new connections to ready endpoints only; those that terminate
but serve are a last resort.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Kubectl

MANIFEST = """
apiVersion: v1
kind: Pod
metadata: {name: first, labels: {app: web}}
spec: {nodeName: n1, containers: [{name: web, image: nginx}]}
---
apiVersion: v1
kind: Pod
metadata: {name: second, labels: {app: web}}
spec: {nodeName: n2, containers: [{name: web, image: nginx}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
"""


@pytest.fixture
def web(kubectl: Kubectl) -> Kubectl:
    """A cluster with a Service and two pods behind it."""
    assert kubectl("apply", "-f", "-", stdin=MANIFEST).status == 0
    return kubectl


def read(kubectl: Kubectl, *words: str) -> Any:
    return json.loads(kubectl("get", *words, "-o", "json").out)


def address(kubectl: Kubectl, pod: str) -> str:
    return str(read(kubectl, "pod", pod)["status"]["podIP"])


def conditions(kubectl: Kubectl) -> dict[str, tuple[bool, bool, bool]]:
    """Return whether each pod's endpoint is ready, serving and terminating."""
    slices = read(kubectl, "endpointslices", "-l", "kubernetes.io/service-name=web")["items"]
    return {
        each["targetRef"]["name"]: (
            each["conditions"]["ready"],
            each["conditions"]["serving"],
            each["conditions"]["terminating"],
        )
        for one in slices
        for each in one["endpoints"]
    }


def rules(kubectl: Kubectl) -> str:
    return kubectl("rules", "--node", "n1").out


def test_an_unready_pod_keeps_its_endpoint_but_leaves_the_rules(web: Kubectl) -> None:
    second = address(web, "second")
    assert f"--to-destination {second}:80" in rules(web)

    said = web("set-condition", "pod/second", "--ready=false")

    assert said == (0, "pod/second condition set\n", "")
    assert conditions(web) == {"first": (True, True, False), "second": (False, False, False)}
    assert f"--to-destination {second}:80" not in rules(web)
    assert f"--to-destination {address(web, 'first')}:80" in rules(web)


def test_an_unready_pod_names_its_containers(web: Kubectl) -> None:
    web("set-condition", "pod", "second", "--ready=false")

    status = read(web, "pod", "second")["status"]
    told = {each["type"]: each for each in status["conditions"]}
    assert [each["ready"] for each in status["containerStatuses"]] == [False]
    for type_ in ("Ready", "ContainersReady"):
        assert told[type_]["status"] == "False"
        assert told[type_]["reason"] == "ContainersNotReady"
        assert told[type_]["message"] == "containers with unready status: [web]"


def test_a_pod_that_is_ready_again_is_back_in_the_rules(web: Kubectl) -> None:
    before = rules(web)
    web("set-condition", "pod/second", "--ready=false")
    web("set-condition", "pod/second", "--ready=true")

    assert rules(web) == before
    assert conditions(web)["second"] == (True, True, False)


def test_without_a_ready_pod_connections_are_refused(web: Kubectl) -> None:
    assert web("set-condition", "pods", "--all", "--ready=false").status == 0

    assert "--to-destination" not in "".join(
        line for line in rules(web).splitlines() if "default/web" in line
    )
    assert "default/web has no endpoints" in rules(web)


def test_a_terminating_pod_serves_without_being_ready(web: Kubectl) -> None:
    second = address(web, "second")
    assert web("set-condition", "pod/second", "--terminating").status == 0

    assert "deletionTimestamp" in read(web, "pod", "second")["metadata"]
    assert conditions(web)["second"] == (False, True, True)
    assert f"--to-destination {second}:80" not in rules(web)


def test_terminating_pods_are_the_last_resort(web: Kubectl) -> None:
    second = address(web, "second")
    web("set-condition", "pod/second", "--terminating")
    web("set-condition", "pod/first", "--ready=false")

    assert f"--to-destination {second}:80" in rules(web)


def test_a_terminating_pod_that_does_not_serve_gets_nothing(web: Kubectl) -> None:
    web("set-condition", "pod/second", "--terminating", "--serving=false")

    assert conditions(web)["second"] == (False, False, True)


def test_a_node_that_is_not_ready_says_so(web: Kubectl) -> None:
    said = web("set-condition", "node/n2", "--ready=false")

    assert said == (0, "node/n2 condition set\n", "")
    told = {each["type"]: each for each in read(web, "node", "n2")["status"]["conditions"]}
    assert told["Ready"]["status"] == "False"
    assert told["Ready"]["reason"] == "KubeletNotReady"
    assert web("get", "node", "n2", "--no-headers").out.split()[1] == "NotReady"


def test_a_dry_run_leaves_the_pod_ready(web: Kubectl) -> None:
    for how in ("client", "server"):
        assert web("set-condition", "pod/second", "--ready=false", f"--dry-run={how}").status == 0
        assert conditions(web)["second"] == (True, True, False)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["pod/first"], "at least one of --ready, --serving and --terminating is required"),
        (["pod/first", "--ready=maybe"], 'invalid value "maybe" for --ready: true or false'),
        (["pod/first", "--ready=true", "--serving=false"], "--ready and --serving cannot differ"),
        (["service/web", "--ready=true"], "set-condition is for pods and nodes"),
        (["node/n1", "--terminating"], "--terminating is for pods"),
        (["pod/none", "--ready=true"], 'pods "none" not found'),
    ],
)
def test_what_makes_no_sense_is_refused(web: Kubectl, words: list[str], told: str) -> None:
    said = web("set-condition", *words)

    assert said.status == 1
    assert told in said.err
