"""Whatever is typed, kubectl's words come back, and never a traceback."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.cli.app import main
from svcnet.cli.command.tree import VERBS

WAITING = {"wait", "rollout status", "drain", "edit", "apply edit-last-applied"}
"""Verbs that take time, or start an editor."""
PATHS = sorted(path for path, verb in VERBS.items() if verb.runs and path not in WAITING)
READING = ["get", "describe", "explain", "api-resources", "version", "config view", "rules"]

WORDS = """
svc pods deploy node/n1 svc/kubernetes kubernetes all web -A -l app=x -l= -n team -n= -o -owide
-ojson -oyaml -o=name -o=jsonpath={.spec} -o=custom-columns=A:.b --dry-run --dry-run=server
--all --overwrite a=b a- a=b:NoSchedule -p {} --type=json --replicas=2 --port=80 --image=x
--tcp=80 -f m.yaml -f. -R --sort-by=.x --field-selector=a=b -- --help -v=9 --node n1 -w
--request-timeout=1s --cascade --force --subresource=status --grace-period=0 - / , =
"""
words = st.sampled_from(WORDS.split()) | st.text(max_size=8)
lines = st.tuples(st.sampled_from(PATHS) | st.sampled_from(READING), st.lists(words, max_size=6))


class Program:
    """svcnet on a new cluster for every call."""

    def __init__(
        self, fresh: Path, state: Path, patch: pytest.MonkeyPatch, said: pytest.CaptureFixture[str]
    ) -> None:
        self._fresh, self._state = fresh, state
        self._patch, self._said = patch, said

    def __call__(self, *words: str, stdin: str = "") -> tuple[int, str]:
        """Return the exit status, and what was said on standard error."""
        shutil.copy(self._fresh, self._state)
        given = io.BytesIO(stdin.encode(errors="replace"))
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(given))
        self._said.readouterr()
        return main(words), self._said.readouterr().err


@pytest.fixture
def program(
    fresh: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Program:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("SVCNET_DB", str(tmp_path / "state.db"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return Program(fresh, tmp_path / "state.db", monkeypatch, capsys)


@given(line=lines)
def test_no_command_line_breaks_the_program(line: tuple[str, list[str]], program: Program) -> None:
    Path("m.yaml").write_text("{apiVersion: v1, kind: Service, metadata: {name: x}}")
    path, rest = line

    status, err = program(*path.split(), *rest)

    assert status in range(128)
    assert "Traceback" not in err
    assert err or not status or path == "diff"


pieces = st.sampled_from(
    [
        "apiVersion: v1\n", "kind: Service\n", "kind: List\n", "metadata: {name: x}\n",
        "metadata:\n", "  name: web\n", "spec: {ports: [{port: 80}]}\n", "spec: 3\n",
        "items: [1]\n", "items:\n",
        "- {kind: Pod}\n", "---\n", "{", "}", "[", "kind: Deployment\n", "apiVersion: apps/v1\n",
        "  labels: {a: 1}\n", "  labels: [a]\n", "\t", "&a", "*a", "!!binary x\n", '"', "a: b: c\n",
    ]
) | st.text(max_size=6)  # fmt: skip


@given(verb=st.sampled_from(["create", "apply", "get", "delete", "replace"]), text=st.lists(pieces))
def test_no_manifest_breaks_the_program(verb: str, text: list[str], program: Program) -> None:
    status, err = program(verb, "-f", "-", stdin="".join(text))

    assert status in (0, 1)
    assert "Traceback" not in err
