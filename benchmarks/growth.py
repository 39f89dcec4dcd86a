"""How the cost of verbs grows with the cluster: time of processor and peak memory of each.

Two clusters grow: Services that nobody serves, and Deployments of ten pods each with a Service.
Both are imported from a dump, as somebody's own cluster would be.  A verb on one object is to cost
in them what it costs in an empty one, at most half as much again; a verb that lists is to cost ten
times as much for ten times the objects, at most a fifth more.  Processor time and not wall time,
because others may use the machine.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address
from pathlib import Path
from typing import TypeAlias

from benchmarks.cluster import NOW, Document
from benchmarks.measuring import Cost, Svcnet, best, new_cluster
from benchmarks.writes import SERVICE

SIZES = (1_000, 10_000, 100_000)
"""Services; and pods, ten to a Deployment."""

REPLICAS = 10
NODES = 100
RUNS = 3

MOST_TIMES_LINEAR = 1.2
MOST_TIMES_EMPTY = 1.5

Verb: TypeAlias = Callable[[Svcnet, int], Cost]


def measure(folder: Path, sizes: tuple[int, ...] = SIZES) -> None:
    """What verbs cost in clusters of several sizes, beside an empty one."""
    empty = new_cluster(folder / "growth-empty.db")
    prepare(empty)
    for what, items in (("Services", services), ("pods behind Services", workloads)):
        grown = [filled(folder, what, items, size) for size in sizes]
        one = one_object(folder)
        print(f"One object's verbs among {what} (best of {RUNS}): CPU seconds, x empty, MiB")
        _table(one, {0: empty, **dict(zip(sizes, grown, strict=True))})
        print(f"Listing verbs among {what} (best of {RUNS}): CPU seconds, x linear, MiB")
        _table(listing(what), dict(zip(sizes, grown, strict=True)))


def filled(
    folder: Path, what: str, items: Callable[[int], Iterator[Document]], size: int
) -> Svcnet:
    """Return a cluster of a size, and tell what importing it took."""
    dump = folder / "dump.json"
    with dump.open("w") as file:
        file.write('{"apiVersion":"v1","kind":"List","items":[')
        for index, each in enumerate(items(size)):
            file.write(("," if index else "") + json.dumps(each))
        file.write("]}")
    svcnet = new_cluster(folder / f"growth-{what.split(maxsplit=1)[0]}-{size}.db")
    cost = svcnet("import", "-f", str(dump))
    dump.unlink()
    prepare(svcnet)
    print(f"  import of {size:>7,} {what:<22}{cost.cpu:>9.2f} s{cost.peak:>8.0f} MiB")
    return svcnet


def prepare(svcnet: Svcnet) -> None:
    """Make the objects that verbs are about, the same in every cluster."""
    svcnet("create", "deployment", "one", "--image=nginx", "--replicas=2")
    svcnet("expose", "deployment", "one", "--port=80")
    for number in range(RUNS):
        svcnet("create", "service", "clusterip", f"gone-{number}", "--tcp=80")


def one_object(folder: Path) -> dict[str, Verb]:
    """Return verbs on one object; each is told which run it is, for names of its own."""
    manifest = folder / "one.yaml"

    def apply(svcnet: Svcnet, number: int) -> Cost:
        manifest.write_text(SERVICE.format(index=f"applied-{number}"))
        cost = svcnet("apply", "-f", str(manifest))
        svcnet("delete", "-f", str(manifest))
        return cost

    def expose(svcnet: Svcnet, number: int) -> Cost:
        cost = svcnet("expose", "deployment", "one", f"--name=exposed-{number}", "--port=80")
        svcnet("delete", "svc", f"exposed-{number}")
        return cost

    def create(svcnet: Svcnet, number: int) -> Cost:
        cost = svcnet("create", "service", "clusterip", f"made-{number}", "--tcp=80")
        svcnet("delete", "svc", f"made-{number}")
        return cost

    def delete(svcnet: Svcnet, number: int) -> Cost:
        cost = svcnet("delete", "svc", f"gone-{number}")
        svcnet("create", "service", "clusterip", f"gone-{number}", "--tcp=80")
        return cost

    def patch(svcnet: Svcnet, number: int) -> Cost:
        change = json.dumps({"metadata": {"annotations": {"run": f"n{number}"}}})
        return svcnet("patch", "svc", "one", "-p", change)

    def scale(svcnet: Svcnet, number: int) -> Cost:
        return svcnet("scale", "deployment", "one", f"--replicas={3 + number % 2}")

    return {
        "get svc x": lambda svcnet, _: svcnet("get", "svc", "one"),
        "describe svc x": lambda svcnet, _: svcnet("describe", "svc", "one"),
        "wait svc/x": lambda svcnet, _: svcnet("wait", "svc/one", "--for=create"),
        "rollout status": lambda svcnet, _: svcnet("rollout", "status", "deployment/one"),
        "create service": create,
        "expose": expose,
        "apply -f one": apply,
        "label svc x": lambda svcnet, number: svcnet(
            "label", "svc", "one", f"run=n{number}", "--overwrite"
        ),
        "patch svc x": patch,
        "scale deployment x": scale,
        "delete svc x": delete,
    }


def listing(what: str) -> dict[str, Verb]:
    """Return verbs on all objects of a kind, or on the tenth of them that a label selects."""
    kind = "svc" if what == "Services" else "pods"

    def delete(svcnet: Svcnet, number: int) -> Cost:
        # A hundredth each time, so that the cluster stays as large as it is said to be.
        return svcnet("delete", kind, "-l", f"part=p{number}", "--cascade=background")

    return {
        f"get {kind} -A": lambda svcnet, _: svcnet("get", kind, "-A"),
        f"describe {kind} -l": lambda svcnet, _: svcnet("describe", kind, "-l", "team=t1"),
        f"label {kind} -l": lambda svcnet, number: svcnet(
            "label", kind, "-l", "team=t1", f"run=n{number}", "--overwrite"
        ),
        f"wait {kind} --all": lambda svcnet, _: svcnet("wait", kind, "--all", "--for=create"),
        f"delete {kind} -l": delete,
    }


def _table(verbs: dict[str, Verb], clusters: dict[int, Svcnet]) -> None:
    """Print a row for every verb; a column for every cluster, beside the first of them."""
    print(f"  {'':<20}" + "".join(f"{size:>22,}" for size in clusters))
    for name, verb in verbs.items():
        costs = {
            size: best(RUNS, lambda number, svcnet=svcnet: verb(svcnet, number))  # noqa: B023
            for size, svcnet in clusters.items()
        }
        smallest = next(iter(costs))
        cells = []
        for size, cost in costs.items():
            times = cost.cpu / costs[smallest].cpu / (size / smallest if smallest else 1)
            most = MOST_TIMES_LINEAR if smallest else MOST_TIMES_EMPTY
            mark = "!" if times > most else " "
            cells.append(f"{cost.cpu:>9.3f}{times:>6.2f}{mark}{cost.peak:>6.0f}")
        print(f"  {name:<20}" + "".join(cells))


# --- clusters ---------------------------------------------------------------------------------


def services(count: int) -> Iterator[Document]:
    """Yield Services that select pods which nobody made."""
    for number in range(count):
        yield service(f"svc-{number}", number)


def service(name: str, number: int) -> Document:
    """Return a Service as a manifest has it: svcnet gives it its addresses and its slices."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": "default", "labels": _labels(name, number)},
        "spec": {
            "selector": {"app": name},
            "ports": [{"name": "http", "port": 80, "targetPort": 8080}],
        },
    }


def workloads(pods: int) -> Iterator[Document]:
    """Yield nodes, and Deployments with their ReplicaSets, pods and Services."""
    for number in range(NODES):
        block = f"{_block(number)}/20"
        yield {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": f"m{number}"},
            "spec": {"podCIDR": block, "podCIDRs": [block]},
            "status": {
                "addresses": [{"type": "InternalIP", "address": f"192.168.51.{number + 1}"}],
                "allocatable": {"cpu": "1000", "memory": "4000Gi", "pods": "4000"},
                "conditions": [{"type": "Ready", "status": "True"}],
            },
        }
    for number in range(pods // REPLICAS):
        yield from _workload(number)


def _workload(number: int) -> Iterator[Document]:
    name, code = f"web-{number}", "5d4f8c7b9"
    hashed = {"app": name, "pod-template-hash": code}
    containers = {"containers": [{"name": "web", "image": "nginx"}]}
    deployment, replica_set = _uid(1, number), _uid(2, number)
    counts = dict.fromkeys(("replicas", "readyReplicas", "availableReplicas"), REPLICAS)
    yield {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            **_metadata(name, deployment, _labels(name, number)),
            "annotations": {"deployment.kubernetes.io/revision": "1"},
            "generation": 1,
        },
        "spec": {
            "replicas": REPLICAS,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": containers},
        },
        "status": {**counts, "observedGeneration": 1, "updatedReplicas": REPLICAS},
    }
    yield {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            **_metadata(f"{name}-{code}", replica_set, hashed),
            "annotations": {
                "deployment.kubernetes.io/desired-replicas": str(REPLICAS),
                "deployment.kubernetes.io/max-replicas": "13",
                "deployment.kubernetes.io/revision": "1",
            },
            "generation": 1,
            "ownerReferences": [_owner("apps/v1", "Deployment", name, deployment)],
        },
        "spec": {
            "replicas": REPLICAS,
            "selector": {"matchLabels": hashed},
            "template": {"metadata": {"labels": hashed}, "spec": containers},
        },
        "status": {**counts, "fullyLabeledReplicas": REPLICAS, "observedGeneration": 1},
    }
    for index in range(number * REPLICAS, (number + 1) * REPLICAS):
        node, place = index % NODES, index // NODES
        address = str(_block(node) + place + 2)
        yield {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                **_metadata(
                    f"{name}-{code}-{index:06}", _uid(3, index), {**_labels(name, index), **hashed}
                ),
                "ownerReferences": [_owner("apps/v1", "ReplicaSet", f"{name}-{code}", replica_set)],
            },
            "spec": {"nodeName": f"m{node}", **containers},
            "status": {
                "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": NOW}],
                "phase": "Running",
                "podIP": address,
                "podIPs": [{"ip": address}],
                "startTime": NOW,
            },
        }
    yield service(name, number)


def _labels(name: str, number: int) -> dict[str, str]:
    """Return labels of which one selects a tenth of all objects, and one a hundredth."""
    return {"app": name, "team": f"t{number % 10}", "part": f"p{number % 100}"}


def _metadata(name: str, uid: str, labels: dict[str, str]) -> Document:
    return {
        "creationTimestamp": NOW,
        "labels": labels,
        "name": name,
        "namespace": "default",
        "uid": uid,
    }


def _owner(api_version: str, kind: str, name: str, uid: str) -> Document:
    return {
        "apiVersion": api_version,
        "blockOwnerDeletion": True,
        "controller": True,
        "kind": kind,
        "name": name,
        "uid": uid,
    }


def _uid(kind: int, number: int) -> str:
    return f"00000000-0000-4000-{0x8000 + kind:x}-{number:012}"


def _block(node: int) -> IPv4Address:
    """Return the first address of a node's pods."""
    return IPv4Address("10.128.0.0") + node * 4096


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        measure(Path(temporary), tuple(map(int, sys.argv[1:])) or SIZES)
