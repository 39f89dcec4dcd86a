"""How long one small command takes, beside programs that do nothing."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import Cost, Svcnet, best_in_turns, new_cluster, run
from benchmarks.writes import SERVICE

RUNS = 20
NOTHING = "python -c pass"
KUBECTL = "kubectl version --client"


def measure(folder: Path) -> None:
    """One small command, beside programs that do nothing."""
    print(f"Start to end of one command (best of {RUNS})")
    svcnet = new_cluster(folder / "commands.db")
    svcnet("create", "deployment", "web", "--image=nginx", "--replicas=3")
    svcnet("expose", "deployment", "web", "--port=80")
    everything = {**yardsticks(), **commands(svcnet, folder)}
    costs = best_in_turns(RUNS, everything)
    python, kubectl = costs[NOTHING], costs.get(KUBECTL)
    print(f"  {'':<28}{'seconds':>9}{'x python -c pass':>20}{'x kubectl version':>20}")
    for name, cost in costs.items():
        row(name, cost, python, kubectl)


def yardsticks() -> dict[str, Callable[[int], Cost]]:
    """Return programs that everybody knows, kubectl among them where there is one."""
    found = {NOTHING: (sys.executable, "-c", "pass")}
    if shutil.which("kubectl"):
        found[KUBECTL] = ("kubectl", "version", "--client")
    return {
        name: lambda _, words=words: run(words, dict(os.environ)) for name, words in found.items()
    }


def commands(svcnet: Svcnet, folder: Path) -> dict[str, Callable[[int], Cost]]:
    """Return what is measured, by name; each is told which run it is, for names of its own."""
    manifest = folder / "service.yaml"

    def apply(number: int) -> Cost:
        manifest.write_text(SERVICE.format(index=number))
        return svcnet("apply", "-f", str(manifest))

    return {
        "get svc": lambda _: svcnet("get", "svc"),
        "get svc -o json": lambda _: svcnet("get", "svc", "-o", "json"),
        "describe svc": lambda _: svcnet("describe", "svc", "web"),
        "label --help": lambda _: svcnet("label", "--help"),
        "create deployment": lambda number: svcnet(
            "create", "deployment", f"new-{number}", "--image=nginx"
        ),
        "expose": lambda number: svcnet(
            "expose", "deployment", "web", f"--name=web-{number}", "--port=80"
        ),
        "label": lambda number: svcnet("label", "svc", "web", f"run=n{number}", "--overwrite"),
        "scale": lambda number: svcnet(
            "scale", "deployment", "web", f"--replicas={3 + number % 2}"
        ),
        "patch": lambda number: svcnet(
            "patch", "svc", "web", "-p", f'{{"spec":{{"selector":{{"run":"n{number}"}}}}}}'
        ),
        "apply -f, one Service": apply,
        "delete": lambda number: svcnet("delete", "svc", f"web-{number}"),
    }


def row(name: str, cost: Cost, python: Cost, kubectl: Cost | None) -> None:
    """Print one command's time."""
    of_python = f"{cost.seconds / python.seconds:.1f}"
    of_kubectl = f"{cost.seconds / kubectl.seconds:.2f}" if kubectl else "no kubectl here"
    print(f"  {name:<28}{cost.seconds:>9.3f}{of_python:>20}{of_kubectl:>20}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        measure(Path(temporary))
