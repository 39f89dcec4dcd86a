"""Endpoints that were written by hand, as slices."""

from __future__ import annotations

from svcnet.api.keys import Document
from tests.control.clusters import service
from tests.control.workbench import (
    deleted,
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
