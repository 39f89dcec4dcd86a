"""Which controllers a write wakes, and what it imports for them."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from svcnet.control.bootstrap import create_default
from svcnet.control.manager import CONTROLLERS, Controller, Lazy

NOW = "2026-11-23T16:59:45Z"


WRITE = """
import sys
from svcnet.cli.app import main
status = main(sys.argv[1:])
print(*sorted(sys.modules), sep="\\n", file=sys.stderr)
sys.exit(status)
"""


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A state with a new cluster of one node."""
    path = tmp_path / "cluster.db"
    assert create_default(str(path), ("n1",), NOW)
    return path


def woken(*words: str, db: Path) -> set[str]:
    """The modules of controllers, scheduler and kubelet that a command imports."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", WRITE, *words, "--db", str(db)],
        capture_output=True,
        text=True,
        check=True,
    )
    parts = ("controllers.", "scheduler.", "kubelet.")
    mine = [name.removeprefix("svcnet.control.") for name in done.stderr.split()]
    return {name for name in mine if name.startswith(parts)}


SLICES = {
    "controllers.endpointslices",
    "controllers.endpoints",
    "controllers.endpoint_ports",
    "controllers.hint_records",
    "controllers.service_pods",
    "controllers.slice_packing",
    "controllers.topology_hints",
}


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("label svc kubernetes a=b", SLICES),
        ("annotate ns default a=b", {"controllers.namespace"}),
        ("create configmap c --from-literal=a=b", set()),
        ("label node n1 a=b", None),
    ],
)
def test_a_write_imports_the_controllers_that_it_wakes(
    line: str, needed: set[str] | None, fresh: Path
) -> None:
    found = woken(*line.split(), db=fresh)

    if needed is not None:
        assert found == needed
    # Whatever else a node may wake: Deployments have nothing to do with it.
    assert "controllers.deployments" not in found
    assert "controllers.garbage" not in found


def test_a_new_deployment_wakes_what_makes_its_pods_and_no_more(fresh: Path) -> None:
    found = woken("create", "deployment", "web", "--image=nginx", db=fresh)

    assert {"controllers.deployments", "controllers.replicasets", "scheduler.scheduling"} <= found
    assert not found & {
        "controllers.endpointslice_mirroring",
        "controllers.garbage",
        "controllers.node_ipam",
        "controllers.service_lb",
        "controllers.servicecidrs",
    }


@pytest.mark.parametrize(
    "controller", CONTROLLERS, ids=lambda each: str(getattr(each.run, "function", ""))
)
def test_every_controller_of_the_table_is_there(controller: Controller) -> None:
    run = controller.run
    assert isinstance(run, Lazy)

    assert callable(getattr(import_module(f"svcnet.control.{run.module}"), run.function))
