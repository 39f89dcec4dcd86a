"""`replace`: versions that are told, and pods whose manifests do not say what was filled in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Kubectl

POD = """
apiVersion: v1
kind: Pod
metadata: {name: p, labels: {a: b}}
spec:
  containers:
  - name: c
    image: x
    resources: {limits: {cpu: "1"}}
"""
CONFLICT = (
    'Error from server (Conflict): {}Operation cannot be fulfilled on configmaps "x": the object '
    "has been modified; please apply your changes to the latest version and try again\n"
)


def read(kubectl: Kubectl, *words: str) -> Any:
    return json.loads(kubectl("get", *words, "-o", "json").out)


def config_map(version: str) -> str:
    metadata = {"name": "x", "resourceVersion": version}
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("", ""),
        ("0", ""),
        ("00", ""),
        ("1", CONFLICT.format('error when replacing "STDIN": ')),
        (
            "x",
            'Error from server: error when replacing "STDIN": strconv.ParseUint: parsing "x": '
            "invalid syntax\n",
        ),
        (
            "99999999999999999999",
            'Error from server: error when replacing "STDIN": strconv.ParseUint: parsing '
            '"99999999999999999999": value out of range\n',
        ),
    ],
)
def test_a_version_of_zero_asks_for_none(kubectl: Kubectl, version: str, told: str) -> None:
    kubectl("create", "configmap", "x")

    assert kubectl("replace", "-f", "-", stdin=config_map(version)).err == told


@pytest.mark.parametrize(("version", "told"), [("0", ""), ("1", CONFLICT.format(""))])
def test_a_patch_may_tell_a_version_too(kubectl: Kubectl, version: str, told: str) -> None:
    kubectl("create", "configmap", "x")
    body = {"metadata": {"resourceVersion": version}, "data": {"a": "b"}}

    assert kubectl("patch", "cm", "x", "-p", json.dumps(body)).err == told


def test_leading_zeros_make_no_other_version(kubectl: Kubectl) -> None:
    kubectl("create", "configmap", "x")
    version = read(kubectl, "cm", "x")["metadata"]["resourceVersion"]

    assert kubectl("replace", "-f", "-", stdin=config_map(f"0{version}")).status == 0


def test_a_pod_is_replaced_by_itself(kubectl: Kubectl) -> None:
    kubectl("create", "-f", "-", stdin=POD)
    before = read(kubectl, "pod", "p")

    said = kubectl("replace", "-f", "-", stdin=kubectl("get", "pod", "p", "-o", "yaml").out)

    assert said == (0, "pod/p replaced\n", "")
    assert read(kubectl, "pod", "p") == before


def test_what_admission_fills_in_need_not_be_told(kubectl: Kubectl) -> None:
    kubectl("create", "-f", "-", stdin=POD)
    before = read(kubectl, "pod", "p")
    node = before["spec"]["nodeName"]
    changed = POD.replace("image: x", "image: z").replace("spec:", f"spec:\n  nodeName: {node}")

    assert kubectl("replace", "-f", "-", stdin=changed).out == "pod/p replaced\n"
    after = read(kubectl, "pod", "p")["spec"]
    before["spec"]["containers"][0]["image"] = "z"
    assert after == before["spec"]
    assert after["priority"] == 0
    assert len(after["tolerations"]) == 2


def test_a_pod_cannot_leave_its_node(kubectl: Kubectl) -> None:
    kubectl("create", "-f", "-", stdin=POD)
    said = kubectl("replace", "-f", "-", stdin=POD)

    assert said.err.startswith(
        'The Pod "p" is invalid: spec: Forbidden: pod updates may not change'
    )
    lines = [
        line[1:].split(":")[0].strip() for line in said.err.split("\n") if line[:1] in ("-", "+")
    ]
    # Nothing else differs: all the rest is filled in as it was.
    assert set(lines) == {'"NodeName"'}
