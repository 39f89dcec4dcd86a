"""Which controllers a write wakes, and what it imports for them."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from svcnet.api.keys import Document, Key
from svcnet.control.bootstrap import create_default
from svcnet.control.manager import CONTROLLERS, Controller, Lazy
from svcnet.snapshot import Event, Events

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
    "controllers.service_pods",
    "controllers.slice_packing",
    "controllers.topology_hints",
}


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("label svc kubernetes a=b", SLICES),
        ("annotate ns default a=b", {"controllers.namespace"}),
        ("create configmap c --from-literal=a=b", {"controllers.namespace"}),
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


@pytest.mark.parametrize("controller", CONTROLLERS, ids=lambda each: str(each.run))
def test_every_controller_of_the_table_is_there(controller: Controller) -> None:
    run = controller.run
    assert isinstance(run, Lazy)

    assert callable(getattr(import_module(f"svcnet.control.{run.module}"), run.function))


WEB = Key("services", "default", "web")


def document(uid: str, **labels: str) -> Document:
    return {"metadata": {"name": "web", "uid": uid, "labels": labels}}


@pytest.mark.parametrize(
    ("before", "after", "went", "came"),
    [
        (None, document("a"), False, True),
        (document("a"), None, True, False),
        (document("a"), document("a", new="yes"), False, False),
        # Deleted and made again, under its name.
        (document("a"), document("b"), True, True),
        (None, None, False, False),
    ],
)
def test_what_comes_and_what_goes(
    before: Document | None, after: Document | None, *, went: bool, came: bool
) -> None:
    event = Event(WEB, before, after)

    assert (event.went, event.came) == (went, came)


def test_later_events_keep_what_was_before_the_first() -> None:
    other = Event(Key("services", "default", "other"), None, document("o"))
    pod = Event(Key("pods", "default", "p"), document("p"), None)
    first = Events.collect([Event(WEB, document("a"), document("a", x="1")), other])
    later = Events.collect([Event(WEB, document("a", x="1"), None), pod])

    assert [*first.then(later)] == [pod, other, Event(WEB, document("a"), None)]
    assert [*first] == [other, Event(WEB, document("a"), document("a", x="1"))]


def test_events_are_told_by_resource_and_namespace() -> None:
    there = Event(Key("pods", "b", "p"), None, document("p"))
    here = Event(Key("pods", "a", "q"), None, document("q"))
    events = Events.collect([there, Event(WEB, None, document("a")), here])

    assert events.of("pods") == [here, there]
    assert events.namespaces("pods", "services") == ["a", "b", "default"]
    assert [*events.only(["services"])] == [Event(WEB, None, document("a"))]
    assert WEB in events
    assert WEB not in events.only(["pods"])
    assert not events.only(["nodes"])
