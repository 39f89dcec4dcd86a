"""`api-resources` and `api-versions`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Kubectl


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("version", "-o", "foo"), "error: --output must be 'yaml' or 'json'\n"),
        (("version", "x"), "error: extra arguments: [x]\n"),
        (("api-resources", "-o", "foo"), "error: --output foo is not available\n"),
        (("api-resources", "--sort-by=foo"), "error: --sort-by accepts only name or kind\n"),
        (
            ("api-resources", "x"),
            "error: unexpected arguments: [x]\n"
            "See 'kubectl api-resources -h' for help and examples\n",
        ),
        (
            ("api-versions", "x"),
            "error: unexpected arguments: [x]\n"
            "See 'kubectl api-versions -h' for help and examples\n",
        ),
        (
            ("config", "view", "x"),
            "error: unexpected arguments: [x]\n"
            "See 'kubectl config view -h' for help and examples\n",
        ),
        (("config", "use-context", "x"), 'error: no context exists with the name: "x"\n'),
    ],
)
def test_what_is_wrong_is_said_in_kubectls_words(
    kubectl: Kubectl, words: tuple[str, ...], error: str
) -> None:
    status, out, err = kubectl(*words)

    assert (status, out, err) == (1, "", error)


def test_resources_of_a_group(kubectl: Kubectl) -> None:
    assert kubectl("api-resources", "--api-group=discovery.k8s.io")[1] == (
        "NAME             SHORTNAMES   APIVERSION            NAMESPACED   KIND\n"
        "endpointslices                discovery.k8s.io/v1   true         EndpointSlice\n"
    )


def test_resources_by_name_and_by_kind(kubectl: Kubectl) -> None:
    core = kubectl("api-resources", "--api-group=", "-o", "name")[1].split()
    kinds = kubectl("api-resources", "--sort-by=kind", "--no-headers")[1].splitlines()

    assert core == sorted(core)
    assert "services" in core
    assert kinds[0].endswith(" APIService")


def test_resources_can_be_told_as_documents(kubectl: Kubectl) -> None:
    told = json.loads(kubectl("api-resources", "--categories=all", "-o", "json")[1])

    assert told["kind"] == "APIResourceList"
    assert {"pods", "services", "deployments"} <= {each["name"] for each in told["resources"]}


def test_only_some_resources_have_all_verbs(kubectl: Kubectl) -> None:
    assert "bindings" not in kubectl("api-resources", "--verbs=list,get", "-o", "name")[1].split()


def test_custom_resources_are_among_the_resources(kubectl: Kubectl, tmp_path: Path) -> None:
    names = {"plural": "widgets", "singular": "widget", "kind": "Widget", "shortNames": ["wd"]}
    schema = {"openAPIV3Schema": {"type": "object"}}
    version = {"name": "v1", "served": True, "storage": True, "schema": schema}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "names": names,
            "scope": "Namespaced",
            "versions": [version],
        },
    }
    manifest = tmp_path / "crd.json"
    manifest.write_text(json.dumps(definition))
    assert kubectl("create", "-f", str(manifest))[0] == 0

    assert kubectl("api-resources", "--api-group=example.com", "--no-headers")[1] == (
        "widgets   wd    example.com/v1   true   Widget\n"
    )
    assert "example.com/v1" in kubectl("api-versions")[1].split()


def test_versions_are_sorted(kubectl: Kubectl) -> None:
    versions = kubectl("api-versions")[1].split()

    assert versions == sorted(versions)
    assert {"v1", "apps/v1", "discovery.k8s.io/v1", "networking.k8s.io/v1"} <= {*versions}
