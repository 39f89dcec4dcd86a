"""How long one small command takes, beside programs that do nothing."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import Cost, best, new_cluster, run

RUNS = 20


def measure(folder: Path) -> None:
    """One small command, beside programs that do nothing."""
    print(f"Start to end of one command (best of {RUNS})")
    svcnet = new_cluster(folder / "commands.db")
    svcnet("create", "deployment", "web", "--image=nginx", "--replicas=3")
    svcnet("expose", "deployment", "web", "--port=80")
    nothing = (sys.executable, "-c", "pass")
    python = best(RUNS, lambda _: run(nothing, dict(os.environ)))
    kubectl = kubectl_version()
    print(f"  {'':<28}{'seconds':>9}{'x python -c pass':>20}{'x kubectl version':>20}")
    row("python -c pass", python, python, kubectl)
    if kubectl is not None:
        row("kubectl version --client", kubectl, python, kubectl)
    commands: dict[str, Callable[[int], Cost]] = {
        "get svc": lambda _: svcnet("get", "svc"),
        "get svc -o json": lambda _: svcnet("get", "svc", "-o", "json"),
        "describe svc": lambda _: svcnet("describe", "svc", "web"),
        "expose": lambda number: svcnet(
            "expose", "deployment", "web", f"--name=web-{number}", "--port=80"
        ),
    }
    for name, command in commands.items():
        row(name, best(RUNS, command), python, kubectl)


def kubectl_version() -> Cost | None:
    """Return what a real kubectl takes to say who it is; None where there is none."""
    if not shutil.which("kubectl"):
        return None
    return best(RUNS, lambda _: run(("kubectl", "version", "--client"), dict(os.environ)))


def row(name: str, cost: Cost, python: Cost, kubectl: Cost | None) -> None:
    """Print one command's time."""
    of_python = f"{cost.seconds / python.seconds:.1f}"
    of_kubectl = f"{cost.seconds / kubectl.seconds:.2f}" if kubectl else "no kubectl here"
    print(f"  {name:<28}{cost.seconds:>9.3f}{of_python:>20}{of_kubectl:>20}")
