"""A command line for every verb, and a program that runs one with its streams in some state.

As a program: ``python -m tests.cli.every_verb HOW STATE`` runs them all, each in a process of its
own on a copy of STATE, and prints as JSON how each one ended.  Processes are forked off one that
has imported what all share, which makes a hundred of them a matter of seconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

from svcnet.cli import process

LINES = {
    "annotate": "annotate svc web note=x",
    "api-resources": "api-resources",
    "api-versions": "api-versions",
    "apply": "apply -f api.yaml",
    "apply edit-last-applied": "apply edit-last-applied -f applied.yaml",
    "apply set-last-applied": "apply set-last-applied -f applied.yaml",
    "apply view-last-applied": "apply view-last-applied svc applied",
    "cluster-info": "cluster-info",
    "completion": "completion bash",
    "config current-context": "config current-context",
    "config get-clusters": "config get-clusters",
    "config get-contexts": "config get-contexts",
    "config get-users": "config get-users",
    "config use-context": "config use-context svcnet",
    "config view": "config view",
    "cordon": "cordon n1",
    "create": "create -f api.yaml",
    "create configmap": "create configmap c --from-literal=a=b",
    "create cronjob": "create cronjob nightly --image=busybox --schedule=@daily",
    "create deployment": "create deployment other --image=nginx",
    "create job": "create job once --image=busybox",
    "create namespace": "create namespace team",
    "create node": "create node n9",
    "create secret generic": "create secret generic s --from-literal=a=b",
    "create service clusterip": "create service clusterip c --tcp=80",
    "create service externalname": "create service externalname e --external-name=a.example",
    "create service loadbalancer": "create service loadbalancer l --tcp=80",
    "create service nodeport": "create service nodeport n --tcp=80",
    "create serviceaccount": "create serviceaccount robot",
    "delete": "delete svc web",
    "describe": "describe svc web",
    "docs": "docs",
    "diff": "diff -f api.yaml",
    "drain": "drain n1 --ignore-daemonsets --force",
    "edit": "edit svc web",
    "events": "events",
    "explain": "explain service.spec",
    "expose": "expose deployment web --name=again --port=81",
    "get": "get svc,deploy,pods -o yaml",
    "import": "import -f api.yaml",
    "init": "init --force",
    "label": "label svc web tier=front",
    "patch": 'patch svc web -p {"spec":{"sessionAffinity":"ClientIP"}}',
    "replace": "replace -f applied.yaml",
    "rollout history": "rollout history deployment/web",
    "rollout pause": "rollout pause deployment/web",
    "rollout restart": "rollout restart deployment/web",
    "rollout resume": "rollout resume deployment/paused",
    "rollout status": "rollout status deployment/web",
    "rollout undo": "rollout undo deployment/paused --dry-run=client",
    "rules": "rules --node n1",
    "run": "run alone --image=nginx",
    "scale": "scale deployment web --replicas=3",
    "set env": "set env deployment/web A=b",
    "set image": "set image deployment/web nginx=other",
    "set resources": "set resources deployment/web --limits=cpu=1",
    "set selector": "set selector svc web app=other",
    "set serviceaccount": "set serviceaccount deployment/web robot",
    "set-condition": "set-condition node n2 --ready=false",
    "taint": "taint nodes n1 a=b:NoSchedule",
    "uncordon": "uncordon n3",
    "version": "version",
    "wait": "wait --for=jsonpath={.spec.ports[0].port}=80 svc/web",
}
"""Each does something, and prints that it did."""

BEFORE = (
    "create deployment web --image=nginx --replicas=2",
    "create deployment paused --image=nginx",
    "set image deployment/paused nginx=second",
    "rollout pause deployment/paused",
    "expose deployment web --port=80",
    "cordon n3",
    "apply -f applied.yaml",
)
"""What stands in the state before."""

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:
  ports:
  - port: {port}
"""


class Ended(NamedTuple):
    """How one process ended."""

    status: int
    """The exit status, or the negative number of the signal that ended it."""
    out: str
    err: str
    state: list[str]
    """Every object that is stored then."""
    files: list[str]
    """What lies in the folder of the state."""


def write_files(folder: Path) -> None:
    (folder / "api.yaml").write_text(SERVICE.format(name="api", port=80))
    (folder / "applied.yaml").write_text(SERVICE.format(name="applied", port=81))
    editor = folder / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/port: 8/port: 9/' \"$1\"\n")
    editor.chmod(0o755)


def run(line: str, state: Path, prepare: Callable[[], None]) -> Ended:
    """Run a command line in a child of this process, and in a folder of its own.

    Args:
        line: without the program's name.
        state: what the state begins as.
        prepare: does something to the child before the program starts.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder)
        work = folder / "work"
        work.mkdir()
        db = str(shutil.copy(state, work / "state.db"))
        child = os.fork()
        if not child:
            os.chdir(folder)
            os.environ.update(
                SVCNET_DB=db, EDITOR=str(folder / "editor"), TMPDIR=str(work), TZ="UTC"
            )
            _start(line, prepare)
        _, status = os.waitpid(child, 0)
        out, err = ((folder / each).read_text() for each in ("out", "err"))
        return Ended(
            os.waitstatus_to_exitcode(status),
            out,
            err,
            _stored(db),
            sorted(each.name for each in work.iterdir()),
        )


def _start(line: str, prepare: Callable[[], None]) -> None:
    try:
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(name, os.O_CREAT | os.O_WRONLY), number)
        sys.argv = ["svcnet", *line.split()]
        signal.signal(signal.SIGINT, signal.default_int_handler)
        prepare()
        process.run_process()
    finally:
        # Only an exception gets here; what it was must not be lost.
        sys.excepthook(*sys.exc_info())
        os._exit(99)


def _stored(db: str) -> list[str]:
    from svcnet.store.opening import open_reader  # noqa: PLC0415 - a verb is to import it

    with open_reader(db) as reader:
        resources = ("services", "deployments.apps", "pods", "nodes", "namespaces", "configmaps")
        return [str(body) for resource in resources for body in reader.bodies(resource)]


# --- what is done to the child before it starts -----------------------------------------------


def as_it_is() -> None:
    """Leave both streams as files."""


def closed() -> None:
    """Close standard output, as `>&-` does."""
    os.close(1)
    sys.stdout = None


def full() -> None:
    """Let standard output take nothing."""
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)


def broken() -> None:
    """Let standard output be a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    os.dup2(writer, 1)


def interrupted(moment: int) -> Callable[[], None]:
    """Return what interrupts the process at its n-th audit event: an import, a file, a statement.

    So the moments are the same ones every time, and none is missed however slow the machine is.
    """

    def prepare() -> None:
        seen = 0

        def hook(_event: str, _args: object) -> None:
            nonlocal seen
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGINT)

        started = process._die_of_interrupts

        def then_listen() -> None:
            started()
            sys.addaudithook(hook)

        process._die_of_interrupts = then_listen

    return prepare


def counted() -> None:
    """Write, on standard error, how many moments there are until the process has ended."""
    seen = 0
    started, ended = process._die_of_interrupts, os._exit

    def hook(_event: str, _args: object) -> None:
        nonlocal seen
        seen += 1

    def then_count() -> None:
        started()
        sys.addaudithook(hook)

    def tell(status: int) -> NoReturn:
        os.write(2, f"{seen} moments\n".encode())
        ended(status)

    process._die_of_interrupts = then_count
    os._exit = tell


def interrupted_runs(state: Path, count: int) -> list[tuple[str, int, Ended]]:
    """Interrupt verbs, one after another, at `count` moments from their first to their last."""
    found = []
    paths = list(LINES)
    for index in range(count):
        # Steps that share no divisor with the number of verbs, so that all sorts are met.
        line = LINES[paths[index * 7 % len(paths)]]
        last = int(run(line, state, counted).err.split()[-2])
        moment = max(1, last * (index + 1) // count)
        found.append((line, moment, run(line, state, interrupted(moment))))
    return found


def _import_what_verbs_need(state: Path) -> None:
    """Run every verb here, so that their children need not import it all again."""
    from svcnet.cli.app import main  # noqa: PLC0415 - only here

    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        write_files(Path())
        os.environ["EDITOR"] = "true"
        db = shutil.copy(state, "state.db")
        with Path("told").open("w") as told, contextlib.redirect_stdout(told):
            for line in LINES.values():
                main([*line.split(), "--db", db])


def main(how: str, state: str) -> None:
    found: object
    if how.isdigit():
        found = interrupted_runs(Path(state), int(how))
    else:
        _import_what_verbs_need(Path(state))
        prepare = {"as-it-is": as_it_is, "closed": closed, "full": full, "broken": broken}[how]
        found = {path: run(line, Path(state), prepare) for path, line in LINES.items()}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
