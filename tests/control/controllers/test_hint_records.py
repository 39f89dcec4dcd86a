"""What is recorded of hints, as topologycache.go AddHints() and reconciler.go do it."""

from __future__ import annotations

from typing import Any

from svcnet.api.keys import Document
from svcnet.control.apiserver import registry
from svcnet.store.transaction import Transaction
from tests.control.workbench import changed, deleted, pod, resettled, selecting, settled

MODE = "service.kubernetes.io/topology-mode"
ON = "Topology Aware Hints has been enabled, addressType: IPv4"
OFF = "Topology Aware Hints has been disabled, addressType: IPv4"


def annotated(mode: str = "Auto", **spec: Any) -> Document:
    document = selecting("web", **spec)
    document["metadata"]["annotations"] = {MODE: mode}
    return document


def remarked(txn: Transaction, mode: str | None, **spec: Any) -> Transaction:
    """Change what the Service asks for."""
    document = next(each for each in txn.list("services") if each["metadata"]["name"] == "web")
    annotations = {} if mode is None else {MODE: mode}
    metadata = {**document["metadata"], "annotations": annotations}
    txn.put({**document, "metadata": metadata, "spec": {**document["spec"], **spec}})
    return resettled(txn)


def told(txn: Transaction) -> list[tuple[str, str, str]]:
    """Return type, reason and message of what is recorded of the Service, in order."""
    return [
        (each["type"], each["reason"].removeprefix("TopologyAwareHints"), each["message"])
        for each in txn.list("events", "default")
        if each["involvedObject"]["kind"] == "Service"
    ]


def zoned(*documents: Document) -> Transaction:
    return settled(*documents, nodes=["n1:zone-a", "n2:zone-b"])


PODS = (pod("a", nodeName="n1"), pod("b", nodeName="n2"))


def test_hints_that_are_given_are_told_once() -> None:
    txn = zoned(*PODS, annotated())

    assert told(txn) == [("Normal", "Enabled", ON)]
    changed(txn, "Service", "web", sessionAffinity="ClientIP")
    assert told(txn) == [("Normal", "Enabled", ON)]


def test_too_few_endpoints_are_counted() -> None:
    txn = zoned(PODS[0], annotated())

    why = "Insufficient number of endpoints (1 endpoints, 2 zones), addressType: IPv4"
    assert told(txn) == [("Warning", "Disabled", why)]


def test_shares_that_cannot_be_fair_are_told() -> None:
    """Three endpoints for two zones of equal size: each would have to have two at least."""
    txn = zoned(*PODS, pod("c", nodeName="n2"), annotated())

    why = (
        "Unable to allocate minimum required endpoints to each zone without exceeding overload "
        "threshold (3 endpoints, 2 zones), addressType: IPv4"
    )
    assert told(txn) == [("Warning", "Disabled", why)]


def test_nodes_without_zones_are_told() -> None:
    txn = settled(PODS[0], annotated(), nodes=["n1", "n2"])

    why = (
        "Insufficient Node information: allocatable CPU or zone not specified on one or more "
        "nodes, addressType: IPv4"
    )
    assert told(txn) == [("Warning", "Disabled", why)]


def test_hints_come_back_with_the_endpoints() -> None:
    txn = zoned(*PODS, annotated())
    deleted(txn, "Pod", "b")
    few = "Insufficient number of endpoints (1 endpoints, 2 zones), addressType: IPv4"

    registry.create(txn, pod("b", nodeName="n2"))
    resettled(txn)

    assert told(txn) == [
        ("Normal", "Enabled", ON),
        ("Warning", "Disabled", few),
    ]
    counts = [
        each["count"]
        for each in txn.list("events", "default")
        if each["involvedObject"]["kind"] == "Service"
    ]
    assert counts == [2, 1]


def test_who_asks_no_longer_is_told_once() -> None:
    txn = remarked(zoned(*PODS, annotated()), None)

    assert told(txn) == [("Normal", "Enabled", ON), ("Warning", "Disabled", OFF)]
    assert told(remarked(txn, None, sessionAffinity="ClientIP")) == told(txn)


def test_traffic_distribution_is_not_told() -> None:
    txn = zoned(*PODS, selecting("web", trafficDistribution="PreferSameZone"))

    assert told(txn) == []
    # Its hints are none of the shares that are asked for now.
    assert told(remarked(txn, "Auto")) == [("Normal", "Enabled", ON)]
