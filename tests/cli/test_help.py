"""Help: one layout for every verb, that of kubectl."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

import pytest

from svcnet.cli.command import help as help_
from svcnet.cli.command.tree import ABSENT, NEEDS_A_CLUSTER, VERBS, children
from svcnet.cli.flags.pflag import Flag
from tests.cli.conftest import Kubectl

TITLES = ["Aliases:", "Examples:", "Available Commands:", "Options:", "Usage:"]


@pytest.mark.parametrize("path", sorted(VERBS))
def test_sections_stand_in_kubectls_order(path: str, kubectl: Kubectl) -> None:
    text = kubectl(*path.split(), "--help").out

    titles = [line for line in text.splitlines() if re.fullmatch(r"[A-Z][A-Za-z ]*:", line)]
    assert titles == [title for title in TITLES if title in titles]
    assert ("Available Commands:" in titles) == bool(children(path))
    assert ("Options:" in titles) == VERBS[path].runs or "Options:" not in titles
    assert titles[-1] == "Usage:"


@pytest.mark.parametrize("path", sorted(VERBS))
def test_lines_fit_a_terminal_but_for_what_is_typed(path: str, kubectl: Kubectl) -> None:
    text, _, usage = kubectl(*path.split(), "--help").out.partition("\nUsage:\n")

    lines = [*text.splitlines(), *usage.splitlines()[1:]]
    long = [line for line in lines if len(line.expandtabs()) > 80]
    assert [line for line in long if not re.match(r"  (\S+=\S+ )?(#|\w)", line)] == []


@pytest.mark.parametrize("path", sorted(path for path, verb in VERBS.items() if verb.runs))
def test_nothing_of_python_shows(path: str, kubectl: Kubectl) -> None:
    text = kubectl(*path.split(), "--help").out

    assert not re.search(
        r"list\[|\[default|=True|=False(?!\|)|=None", text.replace("clusterip=None", "")
    )


@pytest.mark.parametrize(
    ("flag", "default", "shown"),
    [
        (Flag("output"), "", "''"),
        (Flag("dry-run"), "none", "'none'"),
        (Flag("wait", type="bool"), True, "true"),
        (Flag("tcp", type="strings"), None, "[]"),
        (Flag("replicas", type="int32"), 1, "1"),
        (Flag("timeout", type="duration"), "0s", "0s"),
    ],
)
def test_defaults_are_shown_as_pflag_shows_them(flag: Flag, default: object, shown: str) -> None:
    assert help_.shown_default(flag, default) == shown


def test_words_that_lead_on_list_what_may_follow(kubectl: Kubectl) -> None:
    assert (
        "Available Commands:\n"
        "  history   View rollout history\n"
        "  pause     Mark the provided resource as paused\n"
        "  restart   Restart a resource\n"
        "  resume    Resume a paused resource\n"
        "  status    Show the status of the rollout\n"
        "  undo      Undo a previous rollout\n"
        "\nUsage:\n  svcnet rollout SUBCOMMAND [options]\n"
    ) in kubectl("rollout", "--help").out


def test_the_program_is_called_as_it_was_started(
    kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/local/bin/kubectl", "scale", "--help"])

    text = kubectl("scale", "--help").out

    assert "\nUsage:\n  kubectl scale [--resource-version=version]" in text
    assert "\n  kubectl scale deployment/web --replicas=5\n" in text
    assert "svcnet" not in text


def test_the_overview_ends_with_what_to_try(kubectl: Kubectl) -> None:
    *_, title, first, second, third = kubectl().out.splitlines()

    assert title == "Try these next:"
    for line in (first, second, third):
        assert line.startswith("  svcnet ")
        assert kubectl(*line.split()[1:]).status == 0, line


def test_the_version_is_told_by_a_flag_too(kubectl: Kubectl) -> None:
    own = re.search("svcnet Version: v(.*)", kubectl("version").out)

    assert own is not None
    assert kubectl("--version") == (0, f"svcnet {own[1]}\n", "")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("exec -it web -- sh", '"kubectl exec"'),
        ("create ingress web --rule=a/b=c:80", "`create ingress`"),
        ("create secret tls web --cert=a", "`create secret tls`"),
        ("autoscale deployment web --max=3", '"kubectl autoscale"'),
        ("set subject rolebinding a --user=b", "`set subject`"),
        ("config set-context --current --namespace=a", "`config set-context`"),
        ("cluster-info dump --all-namespaces --x", "`cluster-info dump`"),
        ("frobnicate --x", 'unknown command "frobnicate"'),
    ],
)
def test_an_absent_verb_is_told_before_its_flags(line: str, named: str, kubectl: Kubectl) -> None:
    said = kubectl(*line.split())

    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("error: ")
    assert named in said.err
    assert "flag" not in said.err


def test_what_is_absent_is_not_there() -> None:
    there = {*VERBS} & {
        *NEEDS_A_CLUSTER,
        *(f"{path} {word}" for path in ABSENT for word in ABSENT[path]),
    }

    assert not there
    assert {*ABSENT} <= {*VERBS}


def on_terminal(environment: dict[str, str]) -> str:
    """Return what `svcnet get --help` writes to a terminal of its own."""
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "svcnet", "get", "--help"]
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    with subprocess.Popen(command, stdout=child, env={**clean, **environment}):
        os.close(child)
        written = b""
        # Linux ends a terminal that nobody writes to any more with an error.
        try:
            while piece := os.read(parent, 4096):
                written += piece
        except OSError:
            pass
    os.close(parent)
    return written.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours_and_a_pipe_none(kubectl: Kubectl) -> None:
    coloured = on_terminal({"TERM": "xterm-256color"})
    plain = kubectl("get", "--help").out

    assert "\x1b[1mUsage:\x1b[0m" in coloured
    # rich turns tabs into blanks, which a terminal does as well.
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain.expandtabs()
    assert "\x1b" not in plain
    assert on_terminal({"TERM": "dumb"}) == plain.expandtabs()
