"""Slices that mirror Endpoints stay, also where nobody gave the Endpoints."""

from __future__ import annotations

from typing import Any

from svcnet.api.keys import Document, Key
from svcnet.control.apiserver.missing_endpoints import missing_endpoints
from svcnet.control.manager import settle
from tests.control.apiserver.dumps import restored, slices_of

SERVICE: Document = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "legacy", "namespace": "shop"},
    "spec": {"clusterIP": "10.96.0.77", "ports": [{"port": 80}]},
}
PORT = {"name": "", "port": 9090, "protocol": "TCP"}


def mirrored(name: str, endpoints: list[Any], **more: Any) -> Document:
    return {
        "addressType": "IPv4",
        "apiVersion": "discovery.k8s.io/v1",
        "endpoints": endpoints,
        "kind": "EndpointSlice",
        "metadata": {
            "annotations": {"who": "me"},
            "creationTimestamp": "2024-05-01T10:00:00Z",
            "generation": 1,
            "labels": {
                "app": "legacy",
                "endpointslice.kubernetes.io/managed-by": (
                    "endpointslicemirroring-controller.k8s.io"
                ),
                "kubernetes.io/service-name": "legacy",
            },
            "name": name,
            "namespace": "shop",
            "ownerReferences": [
                {
                    "apiVersion": "v1",
                    "blockOwnerDeletion": True,
                    "controller": True,
                    "kind": "Endpoints",
                    "name": "legacy",
                    "uid": "11111111-2222-3333-4444-555555555555",
                }
            ],
            "uid": f"uid-of-{name}",
        },
        "ports": [PORT],
        **more,
    }


def ready(address: str, **more: Any) -> Document:
    return {"addresses": [address], "conditions": {"ready": True}, **more}


UNREADY = {"addresses": ["192.0.2.9"], "conditions": {"ready": False}}
SLICES = [
    mirrored("legacy-a", [ready("192.0.2.7", hostname="h", nodeName="n1"), UNREADY]),
    mirrored("legacy-b", [ready("192.0.2.8")], ports=[{**PORT, "name": "x", "port": 9091}]),
]


def test_endpoints_are_what_their_slices_show() -> None:
    assert list(missing_endpoints(SLICES, [])) == [
        {
            "apiVersion": "v1",
            "kind": "Endpoints",
            "metadata": {
                "annotations": {"who": "me"},
                "creationTimestamp": "2024-05-01T10:00:00Z",
                "labels": {"app": "legacy"},
                "name": "legacy",
                "namespace": "shop",
                "uid": "11111111-2222-3333-4444-555555555555",
            },
            "subsets": [
                {
                    "addresses": [{"hostname": "h", "ip": "192.0.2.7", "nodeName": "n1"}],
                    "notReadyAddresses": [{"ip": "192.0.2.9"}],
                    "ports": [{"port": 9090, "protocol": "TCP"}],
                },
                {
                    "addresses": [{"ip": "192.0.2.8"}],
                    "ports": [{"name": "x", "port": 9091, "protocol": "TCP"}],
                },
            ],
        }
    ]


def test_endpoints_that_are_there_are_not_missed() -> None:
    there = {"metadata": {"name": "legacy", "namespace": "shop"}}

    assert list(missing_endpoints(SLICES, [there])) == []


def test_slices_of_others_come_from_no_endpoints() -> None:
    labels = {"endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"}
    by_pods = {**SLICES[0], "metadata": {**SLICES[0]["metadata"], "labels": labels}}

    assert list(missing_endpoints([by_pods], [])) == []


def test_mirrored_slices_stay_and_follow_the_endpoints() -> None:
    txn = restored([SERVICE, *SLICES])

    stored = slices_of(txn.list("endpointslices.discovery.k8s.io"))
    assert {name: stored.get(name) for name in ("legacy-a", "legacy-b")} == slices_of(SLICES)
    endpoints = txn.get(Key("endpoints", "shop", "legacy"))
    assert endpoints is not None
    txn.put({**endpoints, "subsets": endpoints["subsets"][:1]})
    settle(txn)
    names = {each["metadata"]["name"] for each in txn.list("endpointslices.discovery.k8s.io")}
    assert "legacy-a" in names
    assert "legacy-b" not in names
