"""Objects that cannot be found, beside others that go wrong or well: what is told, and when."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Kubectl


def thing(name: str, kind: str = "Probe") -> str:
    return f"apiVersion: example.com/v1\nkind: {kind}\nmetadata: {{name: {name}}}\n---\n"


def unknown(name: str, kind: str = "Probe") -> str:
    return (
        f'resource mapping not found for name: "{name}" namespace: "" from "STDIN": no matches for '
        f'kind "{kind}" in version "example.com/v1"\nensure CRDs are installed first'
    )


WRONG = """apiVersion: v1
kind: ConfigMap
metadata: {name: lost, namespace: nowhere}
"""
FINE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fine}\n"
REFUSED = (
    'Error from server (NotFound): error when creating "STDIN": namespaces "nowhere" not found'
)
BOTH = f"[{unknown('one')}, {unknown('two', 'Rule')}]"


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        # All files are read before anything is applied; `create` goes object by object.
        ("apply", f"{BOTH}\n{REFUSED}\n"),
        ("create", f"{REFUSED}\n{BOTH}\n"),
    ],
)
def test_unknown_kinds_are_told_of_together(kubectl: Kubectl, verb: str, told: str) -> None:
    text = thing("one") + thing("two", "Rule") + WRONG

    assert kubectl(verb, "-f", "-", stdin=text) == (1, "", told)


@pytest.mark.parametrize("verb", ["apply", "create"])
def test_of_one_nothing_is_made_a_list(kubectl: Kubectl, verb: str) -> None:
    said = kubectl(verb, "-f", "-", stdin=thing("one") + WRONG)

    assert sorted(said.err.splitlines()) == sorted([*unknown("one").splitlines(), REFUSED])


@pytest.mark.parametrize("verb", ["apply", "create", "delete"])
def test_without_other_errors_each_has_its_own_lines(kubectl: Kubectl, verb: str) -> None:
    if verb == "delete":
        kubectl("create", "-f", "-", stdin=FINE)
    said = kubectl(verb, "-f", "-", stdin=thing("one") + FINE + "---\n" + thing("two", "Rule"))

    assert said.out.startswith(("configmap/fine created", 'configmap "fine" deleted'))
    assert said.err == f"{unknown('one')}\n{unknown('two', 'Rule')}\n"


def test_rollout_looks_for_all_objects_first(kubectl: Kubectl) -> None:
    kubectl("create", "deployment", "d", "--image=x")
    kubectl("rollout", "pause", "deployment/d")
    said = kubectl("rollout", "pause", "deployment/none", "deployment/d")

    assert said.err.splitlines() == [
        'deployments.apps "none" not found',
        'deployments.apps "d" is already paused',
    ]
