"""`scale`: what it prints, and where it stops."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Kubectl

FILE = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 7}
"""


@pytest.fixture
def web(kubectl: Kubectl) -> Kubectl:
    """Two Deployments of one pod each."""
    for name in ("web", "api"):
        assert kubectl("create", "deployment", name, "--image=x").status == 0
    return kubectl


def read(kubectl: Kubectl, name: str) -> Any:
    return json.loads(kubectl("get", "deployment", name, "-o", "json").out)


@pytest.mark.parametrize(
    ("dry_run", "suffix", "stored"),
    [("none", "", 3), ("server", " (server dry run)", 1), ("client", " (dry run)", 1)],
)
def test_the_object_is_printed_scaled(web: Kubectl, dry_run: str, suffix: str, stored: int) -> None:
    before = read(web, "web")
    words = ("scale", "deployment/web", "--replicas=3", f"--dry-run={dry_run}")

    said = web(*words, "-o", "json")

    # It is the one that was found: what the server made of it meanwhile is not asked for.
    before["spec"]["replicas"] = 3
    assert json.loads(said.out) == before
    assert read(web, "web")["spec"]["replicas"] == stored
    assert web(*words).out == f"deployment.apps/web scaled{suffix}\n"


def test_an_object_in_a_file_is_printed_as_it_stands_there(web: Kubectl) -> None:
    Path("web.yaml").write_text(FILE)
    said = web("scale", "-f", "web.yaml", "--replicas=2", "-o", "jsonpath={.spec}")

    assert said == (0, '{"replicas":2}', "")
    assert read(web, "web")["spec"]["replicas"] == 2


def test_the_first_error_ends_it(web: Kubectl) -> None:
    web("scale", "deployment/web", "--replicas=2")
    words = ("deployment/none", "deployment/api", "deployment/web", "--current-replicas=1")

    said = web("scale", *words, "--replicas=3")

    assert said == (
        1, "deployment.apps/api scaled\n", "error: Expected replicas to be 1, was 2\n"
    )  # fmt: skip


def test_what_is_not_found_is_told_last(web: Kubectl) -> None:
    said = web("scale", "deployment/none", "deployment/api", "--replicas=3")

    assert said.out == "deployment.apps/api scaled\n"
    assert said.err == 'Error from server (NotFound): deployments.apps "none" not found\n'


def test_a_kind_without_a_scale_has_none(web: Kubectl) -> None:
    web("create", "configmap", "c")
    said = web("scale", "cm/c", "--replicas=3")

    assert said.err == (
        "Error from server (NotFound): the server could not find the requested resource\n"
    )


def test_a_size_that_cannot_be_is_refused(web: Kubectl) -> None:
    said = web("scale", "deployment/web", "--replicas=3", "--current-replicas=-2")

    assert said.err == "error: The --current-replicas must specify an integer of -1 or greater\n"
