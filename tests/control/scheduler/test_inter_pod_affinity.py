"""Pods that want to be near others, or far from them."""

from __future__ import annotations

from svcnet.api.keys import Document
from tests.control.workbench import (
    deployment,
    pod,
    pods,
    settled,
    template,
    where,
)


def near(kind: str, app: str, topology: str) -> Document:
    term = {"labelSelector": {"matchLabels": {"app": app}}, "topologyKey": topology}
    return {"affinity": {kind: {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}}


def test_pods_that_keep_away_from_each_other_leave_one_waiting() -> None:
    apart = near("podAntiAffinity", "web", "kubernetes.io/hostname")

    txn = settled(deployment("web", 4, template("web", **apart)))

    assert where(txn) == {"n1": 1, "n2": 1, "n3": 1, "": 1}
    waiting = next(each for each in pods(txn) if "nodeName" not in each["spec"])
    (told,) = waiting["status"]["conditions"]
    assert "3 node(s) didn't match pod anti-affinity rules" in told["message"]


def test_a_pod_is_kept_away_by_those_that_keep_away_from_it() -> None:
    apart = near("podAntiAffinity", "db", "kubernetes.io/hostname")

    txn = settled(pod("web", **apart), pod("db", "db"), nodes=["n1", "n2"])

    assert where(txn) == {"n1": 1, "n2": 1}


def test_pods_that_want_to_be_together_are() -> None:
    together = near("podAffinity", "web", "topology.kubernetes.io/zone")

    txn = settled(deployment("web", 4, template("web", **together)), nodes=["n1:a", "n2:b", "n3:b"])

    assert where(txn) == {"n1": 4}
