"""Objects that are in no namespace although their file names one: it is passed over."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Kubectl

ROLE = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r, namespace: nowhere}
"""


@pytest.mark.parametrize(
    "words", [["apply"], ["replace"], ["apply", "--server-side", "--force-conflicts"]]
)
def test_it_can_be_written_again_and_again(kubectl: Kubectl, words: list[str]) -> None:
    assert kubectl("apply", "-n", "other", "-f", "-", stdin=ROLE).status == 0
    for _ in range(2):
        said = kubectl(*words, "-f", "-", stdin=ROLE)
        assert said.status == 0, said.err

    document = json.loads(kubectl("get", "clusterrole", "r", "-o", "json").out)
    assert "namespace" not in document["metadata"]


def test_the_way_it_differs_is_no_difference(kubectl: Kubectl) -> None:
    kubectl("create", "-f", "-", stdin=ROLE)

    assert kubectl("diff", "-f", "-", stdin=ROLE) == (0, "", "")


def test_a_patch_may_name_one_too(kubectl: Kubectl) -> None:
    kubectl("create", "-f", "-", stdin=ROLE)
    said = kubectl("patch", "clusterrole", "r", "-p", '{"metadata": {"namespace": "x"}}')

    assert said.out == "clusterrole.rbac.authorization.k8s.io/r patched (no change)\n"
