"""The program as a process: what becomes of it with its streams closed, full or broken off."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from svcnet.cli.app import main
from svcnet.cli.command import tree
from tests.cli.conftest import EPOCH
from tests.cli.every_verb import BEFORE, LINES, Ended, write_files

FULL = "write /dev/stdout: no space left on device\n"
SVCNET = [sys.executable, "-m", "svcnet"]

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state in which every verb has something to do."""
    folder = tmp_path_factory.mktemp("every")
    write_files(folder)
    path = folder / "state.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("SOURCE_DATE_EPOCH", str(EPOCH))
        for line in ("init", *BEFORE):
            assert main([*line.split(), "--db", str(path)]) == 0, line
    return path


@cache
def runs(how: str, state: Path) -> dict[str, Ended]:
    return {path: Ended(*each) for path, each in _told(how, state).items()}


def _told(how: str, state: Path) -> Any:
    program = [sys.executable, "-m", "tests.cli.every_verb", how, str(state)]
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH), "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(program, capture_output=True, text=True, check=True, env=environ)
    return json.loads(done.stdout)


def test_every_verb_has_a_line_here() -> None:
    assert sorted(LINES) == sorted(path for path, verb in tree.VERBS.items() if verb.runs)


def test_every_line_does_something_and_tells_of_it(state: Path) -> None:
    ended = runs("as-it-is", state)

    assert {path for path, each in ended.items() if each.status} == {"diff"}
    assert [path for path, each in ended.items() if not each.out] == []
    assert [path for path, each in ended.items() if "Traceback" in each.err] == []


def test_a_closed_stdout_is_as_good_as_dev_null(state: Path) -> None:
    """Go opens /dev/null where a standard stream is closed, so nothing is missed."""
    usual, closed = runs("as-it-is", state), runs("closed", state)

    for path, each in closed.items():
        assert each == usual[path]._replace(out="", files=each.files), path


def test_a_full_stdout_is_an_error_after_what_was_done(state: Path) -> None:
    usual, full = runs("as-it-is", state), runs("full", state)

    for path, each in full.items():
        # What diff says is said by another program, and 1 would mean that there are differences.
        status = 2 if path == "diff" else 1
        assert (each.status, each.out) == (status, ""), path
        assert "o space left on device\n" in each.err, path
        if path != "diff":
            # The error is all that is added; warnings are told all the same.
            assert each.err == usual[path].err + f"error: {FULL}", path
        # The write was before the print, as in kubectl: it stands, whole.
        assert each.state == usual[path].state, path


def test_a_pipe_that_nobody_reads_ends_the_process_with_sigpipe(state: Path) -> None:
    usual, broken = runs("as-it-is", state), runs("broken", state)

    for path, each in broken.items():
        # The program that compares dies of it itself, and svcnet tells how that ended.
        died = path != "diff"
        assert (each.status == -signal.SIGPIPE) == died, path
        assert "Traceback" not in each.err, path
        assert each.err in ("", usual[path].err) or not died, path
        assert each.state == usual[path].state, path


def _check_interrupted(state: Path, count: int) -> None:
    usual = runs("as-it-is", state)
    before = runs("as-it-is", state)["version"].state
    path_of = {line: path for path, line in LINES.items()}

    for line, moment, ended in _told(str(count), state):
        each = Ended(*ended)
        where = f"{line} at {moment}: {each.err}"
        assert each.status == -signal.SIGINT, where
        assert each.err in ("", usual[path_of[line]].err), where
        # All of the command, or nothing.
        assert each.state in (before, usual[path_of[line]].state), where
        # A log of SQLite's may stay, as after a crash, and the file an editor had.
        left = {name for name in each.files if not name.startswith(("state.db", "kubectl-edit-"))}
        assert not left, where


def test_an_interrupt_ends_the_process_at_any_of_30_moments(state: Path) -> None:
    _check_interrupted(state, 30)


@pytest.mark.slow
def test_an_interrupt_ends_the_process_at_any_of_600_moments(
    state: Path, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--every-case"):
        pytest.skip("takes minutes: --every-case asks for it")
    _check_interrupted(state, 600)


SLEEPER = '#!/bin/sh\necho "$@" >"$READY.new"\nmv "$READY.new" "$READY"\nexec sleep 60\n'


def _sleeper(folder: Path) -> dict[str, str]:
    """Return an environment in which the editor and the diff program wait to be interrupted."""
    sleeper = folder / "sleeper"
    sleeper.write_text(SLEEPER)
    sleeper.chmod(0o755)
    temporary = folder / "temporary"
    temporary.mkdir()
    return {
        **os.environ,
        "EDITOR": str(sleeper),
        "KUBECTL_EXTERNAL_DIFF": str(sleeper),
        "READY": str(folder / "ready"),
        "TMPDIR": str(temporary),
    }


def _await(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("line", ["edit svc web", "diff -f api.yaml"])
def test_an_interrupt_while_another_program_runs(line: str, state: Path, tmp_path: Path) -> None:
    write_files(tmp_path)
    process = subprocess.Popen(
        [*SVCNET, *line.split(), "--db", str(state)],
        cwd=tmp_path,
        env=_sleeper(tmp_path),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    _await(tmp_path / "ready")

    os.kill(process.pid, signal.SIGINT)

    assert process.wait(10) == -signal.SIGINT
    os.killpg(process.pid, signal.SIGTERM)
    assert process.communicate()[1] == ""
    # What was being edited stays, as kubectl's does; nothing else.
    left = [each.name for each in (tmp_path / "temporary").iterdir()]
    assert len(left) == (1 if line.startswith("edit") else 0)


@pytest.mark.skipif(not Path("/bin/bash").exists(), reason="no bash here")
def test_a_loop_in_a_shell_stops_at_an_interrupt(state: Path, tmp_path: Path) -> None:
    loop = f"for i in 1 2; do '{sys.executable}' -m svcnet edit svc web --db '{state}'; done; echo"
    shell = subprocess.Popen(
        ["bash", "-c", loop],
        env=_sleeper(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    _await(tmp_path / "ready")

    os.killpg(shell.pid, signal.SIGINT)

    assert (*shell.communicate(timeout=10), shell.returncode) == ("", "", -signal.SIGINT)


def test_an_interrupt_that_is_ignored_stays_so() -> None:
    # As for a job that a script runs in the background.
    program = (
        "import os, signal; signal.signal(signal.SIGINT, signal.SIG_IGN); import sys;"
        "from svcnet.cli import process, app; app.main = lambda: os.kill(os.getpid(), 2) or 7;"
        "process.run_process()"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 7


@pytest.mark.parametrize(
    ("stream", "status", "out", "err"),
    [
        ("<&-", 1, "", "error: no objects passed to apply\n"),
        (
            "0>/dev/null",
            1,
            "",
            "error: error parsing STDIN: read /dev/stdin: bad file descriptor\n",
        ),
    ],
)
def test_a_stdin_that_cannot_be_read(
    stream: str, status: int, out: str, err: str, state: Path
) -> None:
    script = f"'{sys.executable}' -m svcnet apply -f - --db '{state}' {stream}"

    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (status, out, err)


@pytest.mark.parametrize("stream", ["2>&-", "2>/dev/full", "<&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(("verb", "status"), [("get svc web -o name", 0), ("get svc nope", 1)])
def test_nobody_misses_a_closed_or_full_stderr(
    stream: str, verb: str, status: int, state: Path
) -> None:
    script = f"'{sys.executable}' -m svcnet {verb} --db '{state}' {stream}"

    done = subprocess.run(["sh", "-c", script], stdout=subprocess.PIPE, text=True, check=False)

    out = "service/web\n" if not status and ">&- 2" not in stream else ""
    assert (done.returncode, done.stdout) == (status, out)


def test_stdin_can_be_read_once_only(state: Path) -> None:
    line = ["apply", "-f", "-", "-f", "-", "--db", str(state)]

    done = subprocess.run([*SVCNET, *line], capture_output=True, text=True, check=False, input="")

    assert done.returncode == 1
    assert done.stderr == "error: standard input cannot be used for multiple arguments\n"


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii:strict"},
        {"PYTHONIOENCODING": "latin-1"},
    ],
    ids=str,
)
def test_all_is_utf_8_whatever_the_locale(
    locale: dict[str, str], state: Path, tmp_path: Path
) -> None:
    environ = {**os.environ, "SVCNET_DB": str(state), **locale}
    name = os.fsencode(tmp_path) + "/é\udcff.yaml".encode(errors="surrogateescape")
    Path(os.fsdecode(name)).write_text("apiVersion: v1\nkind: Service\nmetadata: {name: ä}\n")
    line = [b"annotate", b"--local", b"-f", name, "ü=ß".encode(), b"-o", b"json"]

    done = subprocess.run([*SVCNET, *line], capture_output=True, check=True, env=environ)
    lost = subprocess.run(
        [*SVCNET, "get", "-f", b"\xff\xc3\xa9"], capture_output=True, check=False, env=environ
    )

    told = json.loads(done.stdout)["metadata"]
    assert (told["annotations"], told["name"]) == ({"ü": "ß"}, "ä")
    assert '"name": "ä"'.encode() in done.stdout
    assert (lost.returncode, lost.stderr) == (
        1,
        'error: the path "\\xffé" does not exist\n'.encode(),
    )
