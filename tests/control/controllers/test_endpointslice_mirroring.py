"""Endpoints that were written by hand, as slices."""

from __future__ import annotations

from svcnet.api.keys import Document
from svcnet.control.apiserver import registry
from tests.control.clusters import service
from tests.control.workbench import (
    changed,
    deleted,
    pod,
    read,
    resettled,
    selecting,
    settled,
    slices,
)

WRITTEN: Document = {
    "apiVersion": "v1",
    "kind": "Endpoints",
    "metadata": {"name": "ext", "namespace": "default"},
    "subsets": [
        {
            "addresses": [{"ip": "192.0.2.1"}, {"ip": "2001:db8::1"}],
            "notReadyAddresses": [{"ip": "192.0.2.3"}],
            "ports": [{"port": 8080, "protocol": "TCP"}],
        }
    ],
}


def test_endpoints_written_by_hand_are_mirrored_family_by_family() -> None:
    txn = settled(service("ext"), WRITTEN)

    shown = {
        each["addressType"]: [(e["addresses"][0], e["conditions"]) for e in each["endpoints"]]
        for each in slices(txn, "ext")
    }
    assert shown == {
        "IPv4": [("192.0.2.1", {"ready": True}), ("192.0.2.3", {"ready": False})],
        "IPv6": [("2001:db8::1", {"ready": True})],
    }
    labels = slices(txn, "ext")[0]["metadata"]["labels"]
    assert labels == {
        "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
        "kubernetes.io/service-name": "ext",
    }


def test_mirrored_slices_go_with_their_endpoints() -> None:
    txn = settled(service("ext"), WRITTEN)

    deleted(txn, "Endpoints", "ext")

    assert slices(txn, "ext") == []


def test_endpoints_that_ask_not_to_be_mirrored_are_not() -> None:
    metadata = {
        **WRITTEN["metadata"],
        "labels": {"endpointslice.kubernetes.io/skip-mirror": "true"},
    }

    assert slices(settled(service("ext"), {**WRITTEN, "metadata": metadata}), "ext") == []


def test_endpoints_of_a_service_that_lost_its_selector_are_mirrored() -> None:
    txn = settled(pod("p"), selecting("web"))
    (before,) = slices(txn, "web")

    changed(txn, "Service", "web", selector=None)

    (mirrored,) = [each for each in slices(txn, "web") if each != before]
    assert mirrored["metadata"]["labels"] == {
        "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
        "endpoints.kubernetes.io/managed-by": "endpoint-controller",
        "kubernetes.io/service-name": "web",
    }
    shown = [each["endpoints"][0]["addresses"] for each in (before, mirrored)]
    assert shown[0] == shown[1]


def test_what_is_written_into_such_endpoints_is_mirrored() -> None:
    txn = changed(settled(pod("p"), selecting("web")), "Service", "web", selector=None)
    document = read(txn, "Endpoints", "web")

    registry.update(txn, {**document, "subsets": WRITTEN["subsets"]})
    resettled(txn)

    ports = [each["ports"][0]["port"] for each in slices(txn, "web")]
    assert sorted(ports) == [80, 8080, 8080]  # The old slice, and one for each family.


def test_they_are_no_longer_when_there_is_a_selector_again() -> None:
    txn = settled(pod("p"), selecting("web"))
    before = slices(txn, "web")

    changed(txn, "Service", "web", selector=None)
    changed(txn, "Service", "web", selector={"app": "web"})

    assert [each["metadata"]["name"] for each in slices(txn, "web")] == [
        each["metadata"]["name"] for each in before
    ]
