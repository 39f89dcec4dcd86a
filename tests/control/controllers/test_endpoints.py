"""Endpoints objects, for those who still read them."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.keys import Document
from svcnet.control.apiserver import registry
from svcnet.store.transaction import Transaction
from tests.control.clusters import DUAL, NOW, cluster
from tests.control.workbench import (
    HOLD,
    UNREADY,
    deleted,
    deployment,
    key,
    pod,
    pods,
    read,
    resettled,
    scaled,
    selecting,
    settled,
    turned,
)


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

    # What was cut before is cut again, which is no change.
    assert read(relabelled(txn), "Endpoints", "web") == written
    scaled(txn, "Deployment", "web", 1000)
    annotations = read(txn, "Endpoints", "web")["metadata"].get("annotations", {})
    assert "endpoints.kubernetes.io/over-capacity" not in annotations


def relabelled(txn: Transaction) -> Transaction:
    """The cluster once a pod has one label more, of which nobody makes anything."""
    found = pods(txn)[0]
    labels = {**found["metadata"]["labels"], "x": "y"}
    registry.update(txn, {**found, "metadata": {**found["metadata"], "labels": labels}})
    return resettled(txn)


def test_endpoints_that_show_all_that_already_are_not_written() -> None:
    txn = settled(pod("p"), selecting("web"))
    before = read(txn, "Endpoints", "web")

    assert read(relabelled(txn), "Endpoints", "web") == before


def test_annotations_of_others_stay() -> None:
    txn = settled(pod("p"), selecting("web"))
    written = read(txn, "Endpoints", "web")
    annotations = {**written["metadata"]["annotations"], "mine": "yes"}
    txn.put({**written, "metadata": {**written["metadata"], "annotations": annotations}})

    registry.create(txn, pod("q"))
    resettled(txn)

    assert read(txn, "Endpoints", "web")["metadata"]["annotations"]["mine"] == "yes"


def test_endpoints_go_with_their_service_and_come_back_on_their_own() -> None:
    txn = settled(pod("p"), selecting("web"))
    uid = read(txn, "Endpoints", "web")["metadata"]["uid"]

    deleted(txn, "Endpoints", "web")
    assert read(txn, "Endpoints", "web")["metadata"]["uid"] != uid

    deleted(txn, "Service", "web")
    assert txn.get(key("Endpoints", "web")) is None


def test_an_address_names_its_pod_its_node_and_its_host() -> None:
    named = pod("a", hostname="first", subdomain="web")
    astray = pod("b", hostname="second", subdomain="other")
    txn = settled(named, astray, pod("c"), selecting("web"), nodes=["n1"])

    (subset,) = read(txn, "Endpoints", "web")["subsets"]

    def target(name: str) -> Document:
        uid = read(txn, "Pod", name)["metadata"]["uid"]
        return {"kind": "Pod", "name": name, "namespace": "default", "uid": uid}

    assert subset["addresses"] == [
        {"hostname": "first", "ip": "10.244.0.2", "nodeName": "n1", "targetRef": target("a")},
        # DNS knows a host only below the Service that its subdomain names.
        {"ip": "10.244.0.3", "nodeName": "n1", "targetRef": target("b")},
        {"ip": "10.244.0.4", "nodeName": "n1", "targetRef": target("c")},
    ]


@pytest.mark.parametrize(
    ("families", "expected"),
    [(["IPv4", "IPv6"], "10.244.0.2"), (["IPv6", "IPv4"], "fd00:10:244::2"), (None, "10.244.0.2")],
)
def test_only_the_first_family_is_shown(families: list[str] | None, expected: str) -> None:
    policy: dict[str, Any] = {}
    if families:
        policy = {"ipFamilies": families, "ipFamilyPolicy": "RequireDualStack"}
    txn = cluster(DUAL, nodes=["n1"])
    for each in (pod("p"), selecting("web", **policy)):
        registry.create(txn, each)
    resettled(txn)

    (subset,) = read(txn, "Endpoints", "web")["subsets"]
    assert [each["ip"] for each in subset["addresses"]] == [expected]


def test_pods_on_their_way_out_are_only_shown_to_those_who_ask_for_all() -> None:
    txn = settled(
        pod("p", annotations=HOLD),
        selecting("web"),
        selecting("all", publishNotReadyAddresses=True),
    )

    deleted(txn, "Pod", "p")

    assert "subsets" not in read(txn, "Endpoints", "web")
    (subset,) = read(txn, "Endpoints", "all")["subsets"]
    assert len(subset["addresses"]) == 1


def test_a_headless_service_without_ports_has_addresses_without_ports() -> None:
    txn = settled(pod("p"), selecting("web", clusterIP="None", ports=[]))

    (subset,) = read(txn, "Endpoints", "web")["subsets"]

    assert "ports" not in subset
    assert len(subset["addresses"]) == 1
    assert read(txn, "Endpoints", "web")["metadata"]["labels"] == {
        "endpoints.kubernetes.io/managed-by": "endpoint-controller",
        "service.kubernetes.io/headless": "",
    }


def test_labels_of_the_service_are_taken_over_and_followed() -> None:
    document = selecting("web")
    document["metadata"]["labels"] = {"team": "a", "service.kubernetes.io/headless": "yes"}
    txn = settled(document)
    managed = {"endpoints.kubernetes.io/managed-by": "endpoint-controller"}
    assert read(txn, "Endpoints", "web")["metadata"]["labels"] == {"team": "a", **managed}

    stored = read(txn, "Service", "web")
    metadata = {**stored["metadata"], "labels": {"team": "b"}}
    registry.update(txn, {**stored, "metadata": metadata})
    resettled(txn)

    assert read(txn, "Endpoints", "web")["metadata"]["labels"] == {"team": "b", **managed}


TRIGGER = "endpoints.kubernetes.io/last-change-trigger-time"


def test_the_moment_of_the_last_change_is_told_with_a_change() -> None:
    """The Service is the older one; then a pod turns, at the moment of the command."""
    txn = settled(pod("p"), selecting("web"))
    first = read(txn, "Endpoints", "web")
    assert first["metadata"]["annotations"] == {TRIGGER: NOW}

    txn.now = "2026-11-24T00:00:00Z"
    turned(txn, "Pod", "p", ready=False)
    # Its condition says that it turned long ago, so nobody knows what triggered this.
    assert "annotations" not in read(txn, "Endpoints", "web")["metadata"]


def test_a_pod_that_turns_is_what_triggers_a_change() -> None:
    txn = settled(pod("p"), pod("q"), selecting("web"))
    txn.now = "2026-11-24T00:00:00Z"
    found = read(txn, "Pod", "p")
    conditions = [
        {**each, "status": "False", "lastTransitionTime": txn.now}
        if each["type"] == "Ready"
        else each
        for each in found["status"]["conditions"]
    ]

    txn.put({**found, "status": {**found["status"], "conditions": conditions}})
    resettled(txn)

    assert read(txn, "Endpoints", "web")["metadata"]["annotations"] == {TRIGGER: txn.now}


def test_new_endpoints_are_as_old_as_their_service() -> None:
    txn = settled(pod("p"), selecting("web"))
    txn.now = "2026-11-24T00:00:00Z"

    deleted(txn, "Endpoints", "web")

    assert read(txn, "Endpoints", "web")["metadata"]["annotations"] == {TRIGGER: NOW}


def edited(txn: Transaction) -> Document:
    """What somebody made of the Endpoints of `web`."""
    document = read(txn, "Endpoints", "web")
    (subset,) = document["subsets"]
    changed = {**subset, "ports": [{**subset["ports"][0], "port": 1}]}
    registry.update(txn, {**document, "subsets": [changed]})
    resettled(txn)
    return changed


def labelled(txn: Transaction, name: str, labels: dict[str, str]) -> None:
    """Give a pod these labels, and no others."""
    document = read(txn, "Pod", name)
    metadata = {**document["metadata"], "labels": labels}
    registry.update(txn, {**document, "metadata": metadata})
    resettled(txn)


def test_an_edit_stands_until_something_changes_that_they_follow() -> None:
    txn = settled(pod("a"), selecting("web"), nodes=["n1"])
    before = read(txn, "Endpoints", "web")["subsets"]

    changed = edited(txn)
    assert read(txn, "Endpoints", "web")["subsets"] == [changed]

    # Nodes are nothing that Endpoints follow, pods are.
    turned(txn, "Node", "n1", ready=True)
    assert read(txn, "Endpoints", "web")["subsets"] == [changed]
    registry.create(txn, pod("b", app="other"))
    resettled(txn)
    assert read(txn, "Endpoints", "web")["subsets"] == [changed]
    # A label that no selector asks for leaves the pod behind the same Services.
    labelled(txn, "a", {"app": "web", "tier": "front"})
    assert read(txn, "Endpoints", "web")["subsets"] == [changed]
    turned(txn, "Pod", "a", ready=False)
    turned(txn, "Pod", "a", ready=True)
    assert read(txn, "Endpoints", "web")["subsets"] == before


def test_a_pod_that_is_labelled_comes_to_be_behind_a_service_or_no_more() -> None:
    txn = settled(pod("a"), selecting("web"), nodes=["n1"])
    before = read(txn, "Endpoints", "web")["subsets"]

    labelled(txn, "a", {"app": "other"})
    assert not read(txn, "Endpoints", "web").get("subsets")
    labelled(txn, "a", {"app": "web"})
    assert read(txn, "Endpoints", "web")["subsets"] == before


def test_what_was_edited_is_made_anew_when_it_is_deleted() -> None:
    txn = settled(pod("a"), selecting("web"), nodes=["n1"])
    before = read(txn, "Endpoints", "web")["subsets"]
    edited(txn)

    deleted(txn, "Endpoints", "web")

    assert read(txn, "Endpoints", "web")["subsets"] == before
