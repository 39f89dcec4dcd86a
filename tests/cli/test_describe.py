"""What is said of objects, and of which of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from svcnet.api.index_values import index_values
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import BUILT_IN, Kind
from svcnet.cli.describe.amounts import Amount, of_pod
from svcnet.cli.describe.describers import description
from svcnet.cli.describe.network import ready_endpoints
from svcnet.cli.describe.page import Documents
from svcnet.cli.describe.pods import quality_of_service
from tests.cli.conftest import Kubectl

CAPTURED: dict[str, Any] = json.loads(
    Path(__file__).with_name("captured").joinpath("describe.json").read_text(encoding="utf-8")
)
KINDS = {(kind.api_version, kind.kind): kind for kind in BUILT_IN}
NOW = "2026-11-23T10:05:00Z"


class Fixed:
    """Objects that are always the same."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = sorted(
            documents,
            key=lambda each: (each["metadata"].get("namespace", ""), each["metadata"]["name"]),
        )

    def list(self, resource: str, namespace: str | None = None) -> list[Document]:
        return [
            each
            for each in self.documents
            if kind_of(each).resource == resource
            and namespace in (None, each["metadata"].get("namespace"))
        ]

    def indexed(self, resource: str, value: str, namespace: str | None = None) -> Documents:
        return [
            each for each in self.list(resource, namespace) if value in index_values(resource, each)
        ]

    def get(self, key: Key) -> Document | None:
        found = self.list(key.resource, key.namespace or None)
        return next((each for each in found if each["metadata"]["name"] == key.name), None)


def kind_of(document: Document) -> Kind:
    known = KINDS.get((document["apiVersion"], document["kind"]))
    return known or Kind(document["kind"], document["kind"].lower() + "s", "example.com")


def described(document: Document, *others: Document, events: bool = False) -> str:
    return description(Fixed([document, *others]), kind_of(document), document, NOW, events=events)


@pytest.mark.parametrize("case", CAPTURED["cases"], ids=lambda case: case["object"])
def test_an_object_is_described_as_kubectl_described_it(case: dict[str, str]) -> None:
    objects = Fixed(CAPTURED["objects"])
    api_version, kind, name = case["object"].split(" ")
    document = next(
        each
        for each in objects.documents
        if (each["apiVersion"], each["kind"], each["metadata"]["name"]) == (api_version, kind, name)
    )

    printed = description(objects, kind_of(document), document, case["now"], events=True)

    assert printed == case["printed"]


def test_a_deployment_names_the_replica_set_of_its_template() -> None:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": []}}
    hashed = {"app": "web", "pod-template-hash": "cc544bdcc"}

    def owned(name: str, pod_template: Document) -> Document:
        owner = {"kind": "Deployment", "name": "web", "uid": "u", "controller": True}
        return {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": {"name": name, "namespace": "default", "ownerReferences": [owner]},
            "spec": {"replicas": 2, "template": pod_template},
            "status": {"replicas": 2},
        }

    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "default", "uid": "u"},
        "spec": {"replicas": 2, "template": template},
    }
    new = owned("web-cc544bdcc", {**template, "metadata": {"labels": hashed}})
    old = owned("web-6d4c", {**template, "metadata": {"labels": {"app": "old"}}})

    lines = described(deployment, new, old).splitlines()

    assert [line.split(maxsplit=1) for line in lines[-2:]] == [
        ["OldReplicaSets:", "web-6d4c (2/2 replicas created)"],
        ["NewReplicaSet:", "web-cc544bdcc (2/2 replicas created)"],
    ]


@pytest.mark.parametrize(
    ("ready", "shown"),
    [
        ([], ""),
        ([True], "10.0.0.1:80"),
        ([True, False, True], "10.0.0.1:80,10.0.0.3:80"),
        ([True, True, True], "10.0.0.1:80,10.0.0.2:80,10.0.0.3:80"),
        ([True] * 5, "10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 2 more..."),
        ([True, True, True, False], "10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 0 more..."),
    ],
)
def test_three_ready_endpoints_are_shown_and_how_many_more(ready: list[bool], shown: str) -> None:
    endpoints: list[Document] = [
        {"addresses": [f"10.0.0.{number}"], "conditions": {"ready": each}}
        for number, each in enumerate(ready, start=1)
    ]

    assert (
        ready_endpoints([{"ports": [{"name": "", "port": 80}], "endpoints": endpoints}], "")
        == shown
    )


def test_no_slice_and_a_slice_without_this_port_are_told_apart() -> None:
    other = {"ports": [{"name": "other", "port": 1}], "endpoints": [{"addresses": ["10.0.0.1"]}]}

    assert (ready_endpoints([], "http"), ready_endpoints([other], "http")) == ("<none>", "")


def test_ipv6_endpoints_stand_in_brackets_and_those_without_ports_alone() -> None:
    slices: list[Document] = [
        {"ports": [{"name": "a", "port": 80}], "endpoints": [{"addresses": ["fd00::1"]}]},
        {"ports": None, "endpoints": [{"addresses": ["fd00::2"]}]},
    ]

    assert ready_endpoints(slices, "a") == "[fd00::1]:80,fd00::2"


@pytest.mark.parametrize(
    ("resources", "quality"),
    [
        ([{}], "BestEffort"),
        ([{"requests": {"cpu": "1"}}], "Burstable"),
        ([{"limits": {"cpu": "1", "memory": "1Gi"}}], "Guaranteed"),
        ([{"limits": {"cpu": "1", "memory": "1Gi"}}, {}], "Burstable"),
        (
            [{"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "1", "memory": "1Gi"}}],
            "Guaranteed",
        ),
    ],
)
def test_quality_of_service_follows_from_what_containers_ask_for(
    resources: list[Document], quality: str
) -> None:
    spec = {"containers": [{"resources": each} for each in resources]}

    assert quality_of_service(spec) == quality


def test_a_pod_needs_what_its_containers_need_together_or_one_that_starts_before_them() -> None:
    def container(cpu: str, **more: str) -> Document:
        return {"resources": {"requests": {"cpu": cpu}}, **more}

    spec = {
        "containers": [container("250m"), container("500m")],
        "initContainers": [container("100m", restartPolicy="Always"), container("2")],
        "overhead": {"cpu": "50m"},
    }

    assert of_pod({"spec": spec}, "requests") == {"cpu": Amount(2150)}
    assert of_pod({"spec": spec}, "limits") == {}


def test_events_are_told_of_a_single_object_only(kubectl: Kubectl) -> None:
    assert kubectl("describe", "svc", "kubernetes")[1].endswith(
        "\nEvents:                   <none>\n"
    )
    assert "Events" not in kubectl("describe", "nodes")[1]
    assert "Events" in kubectl("describe", "nodes", "--show-events")[1]
    assert "Events" not in kubectl("describe", "svc/kubernetes", "--show-events=false")[1]


def test_several_objects_stand_two_lines_apart(kubectl: Kubectl) -> None:
    _, out, _ = kubectl("describe", "ns")

    names = [text.partition("\n")[0] for text in out.split("\n\n\nName:  ")]
    assert len(names) == 4


def test_a_name_that_is_not_there_may_be_the_beginning_of_others(kubectl: Kubectl) -> None:
    status, out, _ = kubectl("describe", "svc", "kube", "--show-events=false")

    assert status == 0
    assert out.startswith("Name:                     kubernetes\n")
    assert out.endswith("Internal Traffic Policy:  Cluster\n\n")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("svc", "nothere"), 'Error from server (NotFound): services "nothere" not found\n'),
        (("widget", "x"), 'error: the server doesn\'t have a resource type "widget"\n'),
        (
            (),
            "error: You must specify the type of resource to describe. "
            'Use "kubectl api-resources" for a complete list of supported resources.\n',
        ),
        (("svc,deploy", "kubernetes"), "error: you may only specify a single resource type\n"),
    ],
)
def test_what_cannot_be_described(kubectl: Kubectl, words: tuple[str, ...], error: str) -> None:
    status, _, err = kubectl("describe", *words)

    assert (status, err) == (1, error)


def test_nothing_found_is_no_error(kubectl: Kubectl) -> None:
    assert kubectl("describe", "svc", "-n", "nowhere") == (
        0,
        "",
        "No resources found in nowhere namespace.\n",
    )
    assert kubectl("describe", "deploy", "-A") == (0, "", "No resources found\n")


def test_every_describer_is_there() -> None:
    for kind in BUILT_IN:
        document: Document = {
            "apiVersion": kind.api_version,
            "kind": kind.kind,
            "metadata": {"name": "bare"},
        }
        assert described(document, events=True).startswith("Name:"), kind
