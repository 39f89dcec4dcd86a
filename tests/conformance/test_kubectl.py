"""What a user types, and what a real cluster answers: standard output, standard error, exit status.

Each file of `kubectl/` was recorded with kubectl 1.36 against a real 1.36 control plane with three
nodes.  Its steps run in order, in a directory and on a state of their own.  A step without `run`
gave the real controllers time; svcnet needs none.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from svcnet.cli.app import main
from tests.conformance.comparing import Normaliser, canonical, misaligned

SCENARIOS = sorted((Path(__file__).parent / "kubectl").glob("*.yaml"))
assert SCENARIOS, "no session was recorded"

ENVIRONMENT = {"NO_COLOR": "1", "COLUMNS": "200", "TERM": "dumb", "LC_ALL": "C.UTF-8"}

INIT_FLAGS = {
    "serviceCIDR": "--service-cluster-ip-range",
    "clusterCIDR": "--cluster-cidr",
    "nodePortRange": "--service-node-port-range",
}


class Output(NamedTuple):
    stdout: str
    stderr: str
    exit: int


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_step_answers_as_kubectl_does(
    path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    scenario = yaml.load(path.read_text(), yaml.CSafeLoader)
    _prepare(scenario, tmp_path, monkeypatch)
    theirs, ours = Normaliser(scenario), Normaliser(scenario)

    for step in (each for each in scenario["steps"] if "run" in each):
        got = _run(step["run"], capfd)

        told = f"$ {step['run']}\n{got.stderr}"
        assert (step.get("exit", 0), told) == (got.exit, told)
        if step.get("compare") != "exit":
            for wanted, printed in (
                (step.get(s, ""), getattr(got, s)) for s in ("stdout", "stderr")
            ):
                want, have = canonical(wanted, theirs), canonical(printed, ours)
                if step.get("compare") == "sorted":
                    want, have = sorted(want), sorted(have)
                assert [told, *want] == [told, *have]
            assert not misaligned(got.stdout), told


def _prepare(scenario: Mapping[str, Any], work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (work / ".bin").mkdir()
    kubectl = work / ".bin" / "kubectl"
    kubectl.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m svcnet "$@"\n')
    kubectl.chmod(0o755)
    monkeypatch.chdir(work)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(work))
    monkeypatch.setenv("SVCNET_DB", str(work / "state.db"))
    monkeypatch.setenv("PATH", f"{work / '.bin'}:{os.environ['PATH']}")
    for name, text in (scenario.get("files") or {}).items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text)
    cluster = scenario.get("cluster", {})
    nodes = ["--nodes", cluster.get("nodes", "n1,n2,n3"), "--load-balancer-ip-range", "none"]
    # The recorded API server kept no endpoints of its own.
    nodes += ["--apiserver-advertise-address", "none"]
    flags = [
        word for key, flag in INIT_FLAGS.items() if key in cluster for word in (flag, cluster[key])
    ]
    main(["init", *nodes, *flags])


def _run(command: str, capfd: pytest.CaptureFixture[str]) -> Output:
    """Run a step: in this process where it is one plain kubectl command, else by bash."""
    capfd.readouterr()
    if command.startswith("kubectl ") and not re.search(r"[|;&$<>`\n\\*~]", command):
        status = main(shlex.split(command)[1:])
        out, err = capfd.readouterr()
        return Output(out, err, status)
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    return Output(done.stdout, done.stderr, done.returncode)
