"""`diff`: exit statuses, which scripts look at: 0 the same, 1 different, 2 trouble."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.cli.conftest import Kubectl

MANIFEST = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: default}
data: {a: "1"}
"""
LOGIN = """\
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: default}
stringData: {user: %s}
"""


def test_no_difference_is_0(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=MANIFEST)

    assert kubectl("diff", "-f", "-", stdin=MANIFEST) == (0, "", "")


def test_a_difference_is_1_and_changes_nothing(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=MANIFEST)

    assert kubectl("diff", "-f", "-", stdin=MANIFEST.replace('"1"', '"2"')).status == 1
    assert kubectl("get", "cm", "settings", "-o", "jsonpath={.data.a}").out == "1"


def test_the_server_is_asked_in_the_name_of_whoever_lets_it_merge(kubectl: Kubectl) -> None:
    # It keeps the annotation of kubectl's own apply up to date, without what it never was told:
    # the empty annotations. Recorded in reports/diff-and-prune.
    kubectl("apply", "-f", "-", stdin=MANIFEST)

    assert kubectl("diff", "-f", "-", stdin=MANIFEST).status == 0
    assert kubectl("diff", "--server-side", "-f", "-", stdin=MANIFEST).status == 1
    # Anybody else has no such annotation to keep.
    other = ("diff", "--server-side", "--field-manager=ci", "-f", "-")
    assert kubectl(*other, stdin=MANIFEST).status == 0


def test_an_object_that_would_be_new_is_1(kubectl: Kubectl) -> None:
    assert kubectl("diff", "-f", "-", stdin=MANIFEST).status == 1
    assert kubectl("get", "cm", "settings").status == 1


@pytest.mark.parametrize(
    ("words", "stdin"),
    [
        (("-f", "none.yaml"), ""),
        (("-f", "-"), "kind: ConfigMap\n"),
        (("-f", "-"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Not_A_Name}\n"),
        ((), ""),
    ],
)
def test_trouble_is_more_than_1(kubectl: Kubectl, words: tuple[str, ...], stdin: str) -> None:
    said = kubectl("diff", *words, stdin=stdin)

    assert said.status > 1
    assert said.err


def test_the_status_of_another_program_is_passed_on(
    kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch
) -> None:
    kubectl("apply", "-f", "-", stdin=MANIFEST)
    changed = MANIFEST.replace('"1"', '"2"')

    monkeypatch.setenv("KUBECTL_EXTERNAL_DIFF", "true")
    assert kubectl("diff", "-f", "-", stdin=changed).status == 0
    monkeypatch.setenv("KUBECTL_EXTERNAL_DIFF", "svcnet-no-such-program")
    assert kubectl("diff", "-f", "-", stdin=changed).status > 1


def test_what_a_secret_holds_is_not_shown(
    kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kubectl("apply", "-f", "-", stdin=LOGIN % "admin")
    program = tmp_path / "compare"
    program.write_text(f'#!/bin/sh\ncat "$1"/* "$2"/* > {tmp_path}/seen\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("KUBECTL_EXTERNAL_DIFF", str(program))

    said = kubectl("diff", "-f", "-", stdin=LOGIN % "guest")

    seen = (tmp_path / "seen").read_text()
    assert said.status == 1
    assert "*** (before)" in seen
    assert "*** (after)" in seen
    for text in ("admin", "guest"):
        assert base64.b64encode(text.encode()).decode() not in seen
