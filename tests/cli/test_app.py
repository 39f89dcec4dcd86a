"""The frame: which verb is meant, what errors become."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from svcnet.cli.command import errors, locate, suggestions, tree
from svcnet.errors import (
    Fault,
    FieldError,
    Invalid,
    MergeFailed,
    NotFound,
    RequestInvalid,
    SvcnetError,
    UsageError,
)
from tests.cli.conftest import Kubectl


@pytest.mark.parametrize(
    ("line", "path", "rest"),
    [
        ("get svc", "get", "svc"),
        ("-n team get svc", "get", "-n team svc"),
        ("--namespace team get svc", "get", "--namespace team svc"),
        ("--namespace=team -v 6 get svc", "get", "--namespace=team -v 6 svc"),
        ("--match-server-version get svc", "get", "--match-server-version svc"),
        ("create svc clusterip web --tcp 80", "create service clusterip", "web --tcp 80"),
        ("create -f clusterip", "create", "-f clusterip"),
        ("create -n team ns dev", "create namespace", "-n team dev"),
        ("rollout -- status", "rollout", "-- status"),
        ("get create", "get", "create"),
        ("frobnicate get", "", "frobnicate get"),
    ],
)
def test_the_first_words_name_the_verb(line: str, path: str, rest: str) -> None:
    assert locate.locate(line.split()) == (path, rest.split())


def test_every_verb_has_a_function_that_tells_what_it_does() -> None:
    for verb in tree.VERBS.values():
        if verb.runs:
            assert locate.function_of(verb).__doc__, verb.path


def test_every_path_starts_with_the_words_above_it() -> None:
    for path in tree.VERBS:
        above = path.rpartition(" ")[0]
        assert not above or above in tree.VERBS


@pytest.mark.parametrize(
    ("word", "close"),
    [("foo", ["top"]), ("exposr", ["expose"]), ("descr", ["describe"]), ("frobnicate", [])],
)
def test_commands_that_are_close_are_suggested(word: str, close: list[str]) -> None:
    message = f'unknown command "{word}" for "kubectl"'
    if close:
        message += "\n\nDid you mean this?\n" + "\n".join(f"\t{name}" for name in close)

    assert str(suggestions.unknown_command(word)) == message


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (NotFound("services", "x"), 'Error from server (NotFound): services "x" not found'),
        (MergeFailed("no"), "Error from server: no"),
        (RequestInvalid("no"), "The request is invalid: no"),
        (SvcnetError("no"), "error: no"),
        (UsageError("no", "See it"), "error: no\nSee it"),
        (
            Invalid("Service", "x", (FieldError("spec.ports", Fault.REQUIRED),)),
            'The Service "x" is invalid: spec.ports: Required value',
        ),
        (
            Invalid(
                "Deployment.apps",
                "x",
                (FieldError("a", Fault.REQUIRED), FieldError("b", Fault.FORBIDDEN, detail="no")),
            ),
            'The Deployment "x" is invalid: \n* a: Required value\n* b: Forbidden: no',
        ),
    ],
)
def test_an_error_reads_as_kubectl_words_it(error: SvcnetError, message: str) -> None:
    assert errors.message(error) == message


def test_an_error_of_the_server_tells_what_was_being_done() -> None:
    error = NotFound("services", "x")

    assert errors.message(error, 'error when creating "m.yaml"') == (
        'Error from server (NotFound): error when creating "m.yaml": services "x" not found'
    )


def test_words_that_only_lead_to_verbs_print_their_help_and_fail(kubectl: Kubectl) -> None:
    said = kubectl("create", "service")

    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("Create a service using a specified subcommand.\n\nAliases:\n")
    assert "  externalname   Create an ExternalName service\n" in said.err


def test_help_is_no_error(kubectl: Kubectl) -> None:
    for words in (
        [],
        ["--help"],
        ["help"],
        ["create", "svc", "-h"],
        ["help", "get"],
        ["get", "-h"],
    ):
        said = kubectl(*words)

        assert (said.status, said.err) == (0, "")
        assert "\nUsage:\n" in said.out


def test_verbs_that_need_a_real_cluster_say_so(kubectl: Kubectl) -> None:
    assert kubectl("logs", "web") == (
        1,
        "",
        'error: "kubectl logs" is not part of svcnet, which has no running cluster\n',
    )


def test_a_reader_who_has_seen_enough_is_no_error_to_be_shown(fresh: Path) -> None:
    script = f"{sys.executable} -m svcnet get svc --db {fresh} -o json | head -c 1"

    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("{", "")


def test_a_closed_stderr_takes_nothing_from_success(fresh: Path) -> None:
    script = f"{sys.executable} -m svcnet get svc --db {fresh} -o name 2>&-"

    done = subprocess.run(["sh", "-c", script], stdout=subprocess.PIPE, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "service/kubernetes\n")
