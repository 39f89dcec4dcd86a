"""A null in a patch deletes what is there, and asks for nothing where nothing is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Kubectl

QUOTA = """
apiVersion: v1
kind: ResourceQuota
metadata: {name: q}
spec: {hard: {pods: "5", cpu: null}}
"""


def read(kubectl: Kubectl, *words: str) -> Any:
    return json.loads(kubectl("get", *words, "-o", "json").out)


@pytest.mark.parametrize("type_", ["strategic", "merge"])
@pytest.mark.parametrize(
    ("kind", "start", "field"),
    [
        ("configmap", "data: {}", "data"),
        ("configmap", "binaryData: {}", "binaryData"),
        ("secret", "type: Opaque", "data"),
        ("resourcequota", "spec: {}", "spec.hard"),
        ("serviceaccount", "secrets: []", "metadata.annotations"),
    ],
)
def test_a_null_under_a_map_that_is_not_there_is_dropped(
    kubectl: Kubectl, type_: str, kind: str, start: str, field: str
) -> None:
    names = {"configmap": "ConfigMap", "secret": "Secret", "resourcequota": "ResourceQuota"}
    named = names.get(kind, "ServiceAccount")
    kubectl(
        "create", "-f", "-", stdin=f"apiVersion: v1\nkind: {named}\nmetadata: {{name: x}}\n{start}"
    )
    before = read(kubectl, kind, "x")
    body: Any = {"a": None}
    for name in reversed(field.split(".")):
        body = {name: body}

    said = kubectl("patch", kind, "x", f"--type={type_}", "-p", json.dumps(body))

    assert said.out == f"{kind}/x patched (no change)\n"
    assert read(kubectl, kind, "x") == before


def test_a_null_beside_values_is_dropped(kubectl: Kubectl) -> None:
    kubectl("create", "configmap", "x")
    kubectl("patch", "cm", "x", "-p", '{"data": {"a": null, "b": "c"}}')

    assert read(kubectl, "cm", "x")["data"] == {"b": "c"}


def test_a_null_in_what_is_created_is_the_empty_value(kubectl: Kubectl) -> None:
    # Go's decoder makes a key of it, as of any other value.
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: null}\n"
    kubectl("create", "-f", "-", stdin=text)

    assert read(kubectl, "cm", "x")["data"] == {"a": ""}


def test_a_quota_with_a_null_stays_as_it_is_when_it_is_applied_again(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=QUOTA)
    first = read(kubectl, "quota", "q")
    kubectl("apply", "-f", "-", stdin=QUOTA)
    kubectl("apply", "-f", "-", stdin=QUOTA)

    assert first["spec"]["hard"] == {"pods": "5"}
    assert read(kubectl, "quota", "q") == first


def test_a_null_takes_away_what_others_set(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=QUOTA)
    kubectl("patch", "quota", "q", "-p", '{"spec": {"hard": {"cpu": "2"}}}')
    kubectl("apply", "-f", "-", stdin=QUOTA)

    assert read(kubectl, "quota", "q")["spec"]["hard"] == {"pods": "5"}
