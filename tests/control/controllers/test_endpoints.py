"""Endpoints objects, for those who still read them."""

from __future__ import annotations

from svcnet.control.apiserver import registry
from tests.control.clusters import cluster
from tests.control.workbench import (
    UNREADY,
    deleted,
    deployment,
    key,
    pod,
    read,
    resettled,
    selecting,
    settled,
)

# --- Endpoints --------------------------------------------------------------------------------


def test_endpoints_tell_ready_and_unready_addresses_apart() -> None:
    txn = settled(pod("a"), pod("b", annotations=UNREADY), selecting("web"), nodes=["n1"])

    written = read(txn, "Endpoints", "web")
    (subset,) = written["subsets"]
    assert [each["ip"] for each in subset["addresses"]] == ["10.244.0.2"]
    assert [each["ip"] for each in subset["notReadyAddresses"]] == ["10.244.0.3"]
    assert subset["ports"] == [{"port": 80, "protocol": "TCP"}]
    assert written["metadata"]["labels"] == {
        "endpoints.kubernetes.io/managed-by": "endpoint-controller"
    }


def test_endpoints_sort_addresses_as_texts() -> None:
    txn = settled(deployment("web", 12), selecting("web"), nodes=["n1"])

    (subset,) = read(txn, "Endpoints", "web")["subsets"]
    assert [each["ip"] for each in subset["addresses"]][:3] == [
        "10.244.0.10",
        "10.244.0.11",
        "10.244.0.12",
    ]


def test_ports_that_not_all_pods_have_make_a_subset_of_their_own() -> None:
    ports = [
        {"name": "main", "port": 80, "targetPort": "http"},
        {"name": "fixed", "port": 81, "targetPort": 81},
    ]
    bare = pod("b")
    del bare["spec"]["containers"][0]["ports"]

    txn = settled(pod("a"), bare, selecting("web", ports=ports), nodes=["n1"])

    shown = [
        ([a["targetRef"]["name"] for a in each["addresses"]], [p["name"] for p in each["ports"]])
        for each in read(txn, "Endpoints", "web")["subsets"]
    ]
    assert sorted(shown) == [(["a"], ["main"]), (["a", "b"], ["fixed"])]


def test_endpoints_hold_a_thousand_addresses_at_most() -> None:
    txn = cluster(nodes=["n1"], node_masks=(16,))
    node = read(txn, "Node", "n1")
    txn.put({**node, "status": {**node["status"], "allocatable": {}}})
    for each in (deployment("web", 1005), selecting("web")):
        registry.create(txn, each)
    resettled(txn)

    written = read(txn, "Endpoints", "web")
    assert sum(len(each["addresses"]) for each in written["subsets"]) == 1000
    annotations = written["metadata"]["annotations"]
    assert annotations["endpoints.kubernetes.io/over-capacity"] == "truncated"


def test_endpoints_go_with_their_service_and_come_back_on_their_own() -> None:
    txn = settled(pod("p"), selecting("web"))
    uid = read(txn, "Endpoints", "web")["metadata"]["uid"]

    deleted(txn, "Endpoints", "web")
    assert read(txn, "Endpoints", "web")["metadata"]["uid"] != uid

    deleted(txn, "Service", "web")
    assert txn.get(key("Endpoints", "web")) is None
