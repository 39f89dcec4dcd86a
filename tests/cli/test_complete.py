"""How a command line may go on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.cli.app import main
from svcnet.cli.command.complete import BY_EXTENSION, FILES, NO_FILES, NO_SPACE, candidates
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
        ("get --namespace=kube-p", ("kube-public",)),
        ("get -n=kube-p", ("kube-public",)),
        ("rules --node ", ("n1", "n2", "n3")),
        ("rules --proxy-mode=n", ("nftables",)),
        ("rules --ip-family ", ("ipv4", "ipv6")),
        ("rules -o ", ("json",)),
        ("version -o ", ("json", "yaml")),
        ("get --output=y", ("yaml",)),
        ("get --subresource ", ("resize", "scale", "status")),
        ("patch --type ", ("json", "merge", "strategic")),
        ("expose --type=N", ("NodePort",)),
        ("run --restart ", ("Always", "Never", "OnFailure")),
        ("set-condition --ready ", ("false", "true")),
        ("set-condition ", ("nodes", "pods")),
        ("set selector ", ("services",)),
        ("rollout pause ", ("deployments.apps",)),
        ("taint ", ("nodes",)),
        ("create ns ", ()),
        ("get svc,po", ("svc,poddisruptionbudgets.policy", "svc,pods", "svc,podtemplates")),
        ("get svc,no ", ("kubernetes", "n1", "n2", "n3")),
        ("get svc,no kubernetes n", ("n1", "n2", "n3")),
        ("get -o custom-columns-", ("custom-columns-file",)),
        ("get --show-l", ("--show-labels\tShow all labels as the last column.",)),
        ("get --show-labels --show-l", ()),
        ("apply -f a -f", ("-f\tFiles or directories that hold objects; - is standard input.",)),
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
    assert candidates(["rules", "--config", ""]) == ((), FILES)
    assert candidates(["create", "cm", "x", "--from-file="]) == ((), FILES)
    assert candidates(["get", "-o", "zzz"]) == ((), NO_FILES)
    assert candidates(["get", "-l", ""]) == ((), NO_FILES)


@pytest.mark.parametrize("line", ["apply -f ", "get --filename ", "rules --filename=a"])
def test_manifests_may_stand_where_a_flag_takes_objects(line: str) -> None:
    assert candidates(line.split(" ")) == (("json", "yaml", "yml"), BY_EXTENSION)


def test_a_value_that_is_to_be_gone_on_with_has_no_blank_behind_it() -> None:
    assert candidates(["wait", "--for", "c"]) == (("condition=", "create"), NO_FILES | NO_SPACE)


def test_without_a_state_there_are_no_names() -> None:
    assert candidates(["get", "svc", ""]).words == ()


def test_the_answer_ends_with_the_directive(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["__complete", "config", "use"]) == 0

    assert capsys.readouterr() == (
        "use-context\tSet the current-context\n:4\n",
        "Completion ended with directive: ShellCompDirectiveNoFileComp\n",
    )


def test_descriptions_may_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["__completeNoDesc", "config", "use"]) == 0

    assert capsys.readouterr().out == "use-context\n:4\n"


def test_every_flag_is_told_with_what_it_is_for() -> None:
    words = candidates(["get", "-"]).words

    assert "-A\tLook in every namespace." in words
    assert "--namespace\tthe namespace that is meant, default when nothing is said" in words
    assert all("\t" in word for word in words)


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


@pytest.fixture
def shell(tmp_path: Path, fresh: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with svcnet in its `bin` and some files in its `work`."""
    for name in ("svcnet", "kubectl_complete-svcnet"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        entry = "complete" if "_" in name else "run_process"
        program.write_text(
            f"#!{sys.executable}\nfrom svcnet.cli.process import {entry}\n{entry}()\n"
        )
        program.chmod(0o755)
    work = tmp_path / "work"
    (work / "sub").mkdir(parents=True)
    for name in ("a.yaml", "b.yml", "c.json", "d.txt"):
        (work / name).touch()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("SVCNET_DB", str(fresh))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(work)
    return tmp_path


CASES = [
    ("desc", ["describe"]),
    ("rules --proxy-mode ", ["iptables", "nftables"]),
    ("get svc,pod", ["svc,poddisruptionbudgets.policy", "svc,pods", "svc,podtemplates"]),
    ("get svc ", ["kubernetes"]),
    ("apply -f ", ["a.yaml", "b.yml", "c.json", "sub"]),
    ("create ns ", []),
    ("get -l ", []),
    ('get "$(touch pwned)" ', []),
]


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
@pytest.mark.parametrize("program", ["svcnet", "k"])
@pytest.mark.parametrize(
    ("line", "reply"),
    [*CASES, ("rules --proxy-mode=n", ["nftables"]), ("apply --filename=a", ["a.yaml"])],
)
def test_bash_fills_in_the_rest(program: str, line: str, reply: list[str], shell: Path) -> None:
    typed = f"{program} {line}"
    script = f"""{SCRIPTS["bash"]}
        shopt -s expand_aliases
        alias k=svcnet
        complete -F __start_svcnet k
        COMP_LINE='{typed}' COMP_POINT={len(typed)} COMP_TYPE=9
        __start_svcnet
        printf '%s\n' "${{COMPREPLY[@]}}"
    """

    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)

    assert sorted(done.stdout.split()) == reply
    assert not (shell / "work" / "pwned").exists()


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
@pytest.mark.usefixtures("shell")
def test_bash_lists_what_flags_are_for() -> None:
    script = f"""{SCRIPTS["bash"]}
        COMP_LINE='svcnet get --watch' COMP_POINT=18 COMP_TYPE=63 COLUMNS=80
        __start_svcnet
        printf '%s\n' "${{COMPREPLY[@]}}"
    """

    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)

    first, second = done.stdout.splitlines()
    assert first.startswith("--watch       (")
    assert second.startswith("--watch-only  (")


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish here")
@pytest.mark.parametrize(
    ("line", "reply"),
    [
        *(
            (line, [f"{each}/" if each == "sub" else each for each in reply])
            for line, reply in CASES
        ),
        ("apply --filename=a", ["--filename=a.yaml"]),
        ("get --output=y", ["--output=yaml"]),
        ("rules --config d", ["d.txt"]),
    ],
)
def test_fish_fills_in_the_rest(line: str, reply: list[str], shell: Path) -> None:
    """Nothing but what svcnet offers: names of files only where a verb takes them."""
    script = f"{SCRIPTS['fish']}\ncomplete -C 'svcnet {line}'"

    done = subprocess.run(
        ["fish", "--no-config", "-c", script], capture_output=True, text=True, check=True
    )

    assert [each.partition("\t")[0] for each in done.stdout.splitlines()] == reply
    assert not (shell / "work" / "pwned").exists()


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish here")
@pytest.mark.usefixtures("shell")
def test_fish_tells_what_flags_are_for() -> None:
    script = f"{SCRIPTS['fish']}\ncomplete -C 'svcnet get --show-l'"

    done = subprocess.run(
        ["fish", "--no-config", "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout == "--show-labels\tShow all labels as the last column.\n"


ZSH_TERMINAL = """
zmodload zsh/zpty
zpty it zsh -f -i
zpty -w it 'PS1=; unsetopt zle_bracketed_paste beep; autoload -U compinit; compinit -u -D'
zpty -w it "source $1; alias k=svcnet; compdef k=svcnet; print READ''Y"
zpty -r it said '*READY*'
zpty -w -n it "$2"$'\\t'
zpty -r it said "*$3*"
print -r -- "$said"
zpty -d it
"""


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh here")
@pytest.mark.parametrize(
    ("line", "filled"),
    [
        ("svcnet desc", "describe"),
        ("k desc", "describe"),
        ("svcnet rules --proxy-mode=n", "nftables"),
        ("svcnet apply -f a", "a.yaml"),
        ("svcnet get svc kub", "kubernetes"),
    ],
)
def test_zsh_fills_in_the_rest(line: str, filled: str, shell: Path) -> None:
    (shell / "_svcnet").write_text(SCRIPTS["zsh"])
    (shell / "terminal").write_text(ZSH_TERMINAL)

    done = subprocess.run(
        ["zsh", "-f", str(shell / "terminal"), str(shell / "_svcnet"), line, filled],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )

    assert filled in done.stdout


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["rules", "--proxy-mode", "n"], "nftables\n:4\n"),
        (["get", "svc", ""], "kubernetes\n:4\n"),
        (["desc"], "describe\tShow details of a specific resource or group of resources\n:4\n"),
    ],
)
def test_kubectl_asks_how_the_line_of_its_plugin_goes_on(
    words: list[str], answer: str, shell: Path
) -> None:
    program = shell / "bin" / "kubectl_complete-svcnet"

    done = subprocess.run([program, *words], capture_output=True, text=True, check=True)

    assert done.stdout == answer
