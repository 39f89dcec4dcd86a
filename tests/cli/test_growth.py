"""What a verb costs does not grow with the cluster, or only as fast as what it is asked for.

Work is counted and not timed: calls of functions, and steps of SQLite's machine.  Both are the
same on every machine, however busy it is.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from svcnet.api.keys import Document
from svcnet.cli.app import main

SMALL, LARGE = 6, 60
"""Deployments of three pods each, every one with a Service."""

REPLICAS = 3
NODES = [f"n{number}" for number in range(30)]
"""As many in every cluster: an address is looked for among those of one node's pods."""

MOST_FOR_ONE = 1.5
MOST_TIMES_LINEAR = 1.2

States: TypeAlias = Callable[[int], str]


class Work:
    """How much was done."""

    def __init__(self) -> None:
        self.calls = self.steps = 0

    def call(self, _frame: object, event: str, _argument: object) -> None:
        self.calls += event in ("call", "c_call")

    def step(self) -> int:
        self.steps += 1
        return 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        connect = sqlite3.connect

        def connected(*args: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*args, **options)
            connection.set_progress_handler(self.step, 1)
            return connection

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sqlite3, "connect", connected)
            sys.setprofile(self.call)
            try:
                yield
            finally:
                sys.setprofile(None)


def workload(number: int) -> Iterator[Document]:
    """Yield a Deployment as a cluster would have it, with all that belongs to it."""
    name, hashed = f"web-{number}", {"app": f"web-{number}", "pod-template-hash": "5d4f8c7b9"}
    spec = {"containers": [{"name": "web", "image": "nginx"}]}
    template = {"metadata": {"labels": {"app": name}}, "spec": spec}
    labels = {"app": name, "team": "blue"}
    status = dict.fromkeys(("replicas", "readyReplicas", "availableReplicas"), REPLICAS)
    yield {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "uid": f"d{number}", "labels": labels},
        "spec": {
            "replicas": REPLICAS,
            "selector": {"matchLabels": {"app": name}},
            "template": template,
        },
        "status": status,
    }
    yield {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": f"{name}-5d4f8c7b9",
            "uid": f"r{number}",
            "labels": hashed,
            "ownerReferences": [owner("Deployment", name, f"d{number}")],
        },
        "spec": {
            "replicas": REPLICAS,
            "selector": {"matchLabels": hashed},
            "template": {**template, "metadata": {"labels": hashed}},
        },
        "status": status,
    }
    for index in range(number * REPLICAS, (number + 1) * REPLICAS):
        node = index % len(NODES)
        yield {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": f"{name}-5d4f8c7b9-{index:05}",
                "uid": f"p{index}",
                "labels": {**hashed, "team": "blue"},
                "ownerReferences": [owner("ReplicaSet", f"{name}-5d4f8c7b9", f"r{number}")],
            },
            "spec": {"nodeName": NODES[node], **spec},
            "status": {
                "conditions": [{"type": "Ready", "status": "True"}],
                "phase": "Running",
                "podIPs": [{"ip": f"10.244.{node}.{20 + index // len(NODES)}"}],
                "startTime": "2026-01-01T00:00:00Z",
            },
        }
    yield {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "labels": labels},
        "spec": {"selector": {"app": name}, "ports": [{"port": 80}]},
    }


def nodes() -> Iterator[Document]:
    for number, name in enumerate([*NODES, "quiet"]):
        block = f"10.244.{number}.0/24"
        yield {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": name},
            "spec": {"podCIDR": block, "podCIDRs": [block]},
            "status": {
                "addresses": [{"type": "InternalIP", "address": f"192.168.50.{11 + number}"}],
                "conditions": [{"type": "Ready", "status": "True"}],
            },
        }


def owner(kind: str, name: str, uid: str) -> Document:
    return {
        "apiVersion": "apps/v1",
        "controller": True,
        "kind": kind,
        "name": name,
        "uid": uid,
    }


def run(db: str, *words: str) -> Work:
    work = Work()
    with work.counted():
        assert main([*words, "--db", db]) == 0
    return work


def dump(folder: Path, size: int) -> Path:
    path = folder / f"{size}.json"
    items = [*nodes(), *(each for number in range(size) for each in workload(number))]
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    return path


def made(folder: Path, size: int) -> str:
    """Make a cluster of a size, in which every verb ran once: what is imported is imported."""
    db = str(folder / f"{size}.db")
    assert main(["init", "--nodes", "", "--db", db]) == 0
    assert main(["import", "-f", str(dump(folder, size)), "--db", db]) == 0
    prepare = [line.split() for line in PREPARED]
    for words in (*prepare, *(line.format(turn="a").split() for line in (*ONE, *MANY))):
        assert main([*words, "--db", db]) == 0
    return db


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> States:
    """Clusters of any size, each made once."""
    folder = tmp_path_factory.mktemp("growth")
    folder.joinpath("one.yaml").write_text(json.dumps([*workload(10_000)][-1]))
    found: dict[int, str] = {}

    def of(size: int) -> str:
        if size not in found:
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(folder)
                found[size] = made(folder, size)
        return found[size]

    return of


PREPARED = (
    "cordon quiet",
    "create deployment one --image=nginx --replicas=2",
    "expose deployment one --port=80",
    "create service clusterip gone-a --tcp=80",
    "create service clusterip gone-b --tcp=80",
    "create deployment old-a --image=nginx",
    "create deployment old-b --image=nginx",
)
ONE = (
    "get svc one",
    "describe svc one",
    "describe deployment one",
    "wait svc/one --for=create",
    "rollout status deployment/one",
    "rollout history deployment/one",
    "create service clusterip new-{turn} --tcp=80",
    "create service nodeport port-{turn} --tcp=80",
    "create service loadbalancer balancer-{turn} --tcp=80",
    "expose deployment one --name=exposed-{turn} --port=80",
    "apply -f one.yaml",
    "label svc one run={turn} --overwrite",
    'patch svc one -p {{"metadata":{{"annotations":{{"run":"{turn}"}}}}}}',
    "scale deployment one --replicas=3",
    "scale deployment one --replicas=2",
    "set image deployment/one nginx=nginx:{turn}",
    "create deployment deployed-{turn} --image=nginx --replicas=2",
    "delete svc gone-{turn}",
    "delete deployment old-{turn}",
    "create configmap settings-{turn}",
    "label node quiet run={turn} --overwrite",
    "taint node quiet run={turn}:NoSchedule --overwrite",
)
MANY = (
    "get svc -A",
    "get pods -o wide",
    "describe svc -l team=blue",
    "wait pods -l team=blue --for=create",
    "label svc -l team=blue run={turn} --overwrite",
    "label pods --all run={turn} --overwrite",
    "get deployments --sort-by=.metadata.name",
)


@pytest.mark.parametrize("line", ONE)
def test_a_verb_on_one_object_does_not_look_at_the_others(line: str, states: States) -> None:
    words = line.format(turn="b").split()
    small, large = (measured(states(size), words) for size in (SMALL, LARGE))

    assert large.calls <= MOST_FOR_ONE * small.calls
    assert large.steps <= MOST_FOR_ONE * small.steps


@pytest.mark.parametrize("line", MANY)
def test_a_verb_on_many_objects_costs_as_much_for_each(line: str, states: States) -> None:
    words = line.format(turn="b").split()
    small, large = (measured(states(size), words) for size in (SMALL, LARGE))

    assert large.calls <= MOST_TIMES_LINEAR * small.calls * LARGE / SMALL
    assert large.steps <= MOST_TIMES_LINEAR * small.steps * LARGE / SMALL


def measured(db: str, words: list[str]) -> Work:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(Path(db).parent)
        return run(db, *words)


def test_an_import_costs_as_much_for_each_object(tmp_path: Path) -> None:
    def imported(size: int) -> Work:
        db = str(tmp_path / f"{size}.db")
        assert main(["init", "--nodes", "", "--db", db]) == 0
        return run(db, "import", "-f", str(dump(tmp_path, size)))

    imported(1)  # Now everything is imported that is needed.
    small, large = map(imported, (SMALL, LARGE))

    assert large.calls <= MOST_TIMES_LINEAR * small.calls * LARGE / SMALL
    assert large.steps <= MOST_TIMES_LINEAR * small.steps * LARGE / SMALL


def test_deleting_many_objects_costs_as_much_for_each(tmp_path: Path) -> None:
    def deleted(size: int) -> Work:
        db = str(tmp_path / f"{size}.db")
        assert main(["init", "--nodes", "", "--db", db]) == 0
        assert main(["import", "-f", str(dump(tmp_path, size)), "--db", db]) == 0
        return run(db, "delete", "svc,deployments", "-l", "team=blue")

    deleted(1)
    small, large = map(deleted, (SMALL, LARGE))

    assert large.calls <= MOST_TIMES_LINEAR * small.calls * LARGE / SMALL
    assert large.steps <= MOST_TIMES_LINEAR * small.steps * LARGE / SMALL
