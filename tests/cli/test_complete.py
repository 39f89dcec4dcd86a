"""How a command line may go on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.cli.app import main
from svcnet.cli.command.complete import FILES, NO_FILES, candidates
from svcnet.cli.command.completion_scripts import SCRIPTS


@pytest.mark.usefixtures("kubectl")
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("get svc ", ("kubernetes",)),
        ("get svc/k", ("svc/kubernetes",)),
        ("get endpointsl", ("endpointslices.discovery.k8s.io",)),
        ("describe node ", ("n1", "n2", "n3")),
        ("describe node n1 ", ("n2", "n3")),
        ("cordon n", ("n1", "n2", "n3")),
        ("taint nodes ", ("n1", "n2", "n3")),
        ("-n kube-s", ("kube-system",)),
        ("get -n kube-p", ("kube-public",)),
        ("get --namespace=kube-p", ("--namespace=kube-public",)),
        ("rules --node ", ("n1", "n2", "n3")),
        ("rules --proxy-mode=n", ("--proxy-mode=nftables",)),
        ("get -o custom-columns-", ("custom-columns-file",)),
        ("get --show-l", ("--show-labels",)),
        ("get svc -n kube-system ", ()),
        ("completion z", ("zsh",)),
        ("rollout status dep", ("deployments.apps",)),
        ("explain endpointsl", ("endpointslices.discovery.k8s.io",)),
        ("get widget ", ()),
        ("get --bogus ", ()),
    ],
)
def test_names_come_from_the_state(line: str, words: tuple[str, ...]) -> None:
    assert candidates(line.split(" ")).words == words


def test_verbs_are_told_with_what_they_are_for() -> None:
    words = candidates(["rollout", ""]).words

    assert "undo\tUndo a previous rollout" in words
    assert candidates(["desc"]).words == (
        "describe\tShow details of a specific resource or group of resources",
    )


def test_files_may_stand_where_a_flag_takes_one() -> None:
    assert candidates(["apply", "-f", ""]) == ((), FILES)
    assert candidates(["get", "-o", "zzz"]) == ((), NO_FILES)


def test_without_a_state_there_are_no_names() -> None:
    assert candidates(["get", "svc", ""]).words == ()


def test_the_answer_ends_with_the_directive(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["__complete", "config", "use"]) == 0

    assert capsys.readouterr().out == "use-context\tSet the current-context\n:4\n"


@given(st.lists(st.sampled_from(["get", "-n", "svc", "--", "-o", "=", "/", "", "-f", "é", "set"])))
def test_there_is_an_answer_to_any_line(words: list[str]) -> None:
    assert main(["__complete", *words]) == 0


@pytest.mark.parametrize("shell", sorted(SCRIPTS))
def test_every_shell_has_a_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0

    assert "__complete" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("tcsh",), 'Unsupported shell type "tcsh".'),
        ((), "Shell not specified."),
        (("bash", "x"), "Too many arguments. Expected only the shell type."),
    ],
)
def test_other_shells_are_refused(
    words: tuple[str, ...], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", *words]) == 1

    assert capsys.readouterr().err == (
        f"error: {error}\nSee 'kubectl completion -h' for help and examples\n"
    )


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("svcnet desc", "describe"),
        ("svcnet rules --proxy-mode=n", "nftables"),
        ("svcnet config use-context ", "svcnet"),
    ],
)
def test_bash_fills_in_the_rest(line: str, reply: str, tmp_path: Path) -> None:
    program = tmp_path / "svcnet"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m svcnet "$@"\n')
    program.chmod(0o755)
    script = (
        f"{SCRIPTS['bash']}\nPATH={tmp_path}:$PATH COMP_LINE='{line}' COMP_POINT={len(line)}\n"
        '__svcnet_complete; echo "${COMPREPLY[*]}"'
    )

    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path
    )

    assert done.stdout == f"{reply}\n"
