"""A large cluster as documents, and as a state."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from svcnet.api.config import ClusterSettings
from svcnet.store.opening import create

NOW = "2026-01-01T00:00:00Z"

Document = dict[str, Any]


def nodes(count: int) -> Iterator[Document]:
    """Yield nodes with an address and a pod range each."""
    for number in range(1, count + 1):
        address = str(IPv4Address("172.16.0.0") + number)
        pods = f"{IPv4Address('10.128.0.0') + number * 256}/24"
        yield {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": f"n{number}", "labels": {"kubernetes.io/hostname": f"n{number}"}},
            "spec": {"podCIDR": pods, "podCIDRs": [pods]},
            "status": {"addresses": [{"type": "InternalIP", "address": address}]},
        }


def service(number: int) -> Document:
    """Return a Service with one port and a cluster IP."""
    address = str(IPv4Address("10.96.1.0") + number)
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": f"svc-{number}",
            "namespace": f"team-{number % 20}",
            "uid": f"00000000-0000-4000-8000-{number:012}",
            "creationTimestamp": NOW,
        },
        "spec": {
            "type": "ClusterIP",
            "selector": {"app": f"svc-{number}"},
            "clusterIP": address,
            "clusterIPs": [address],
            "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack",
            "internalTrafficPolicy": "Cluster",
            "sessionAffinity": "None",
            "ports": [{"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"}],
        },
        "status": {"loadBalancer": {}},
    }


def endpoint_slice(number: int, endpoints: int, node_count: int) -> Document:
    """Return the EndpointSlice of a Service, as the slice controller writes it."""
    first = number * endpoints
    namespace = f"team-{number % 20}"
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": f"svc-{number}-abcde",
            "namespace": namespace,
            "uid": f"00000000-0000-4000-9000-{number:012}",
            "creationTimestamp": NOW,
            "generation": 1,
            "labels": {
                "kubernetes.io/service-name": f"svc-{number}",
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
            },
        },
        "addressType": "IPv4",
        "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
        "endpoints": [
            {
                "addresses": [str(IPv4Address("10.128.0.0") + each)],
                "conditions": {"ready": True, "serving": True, "terminating": False},
                "nodeName": f"n{each % node_count + 1}",
                "targetRef": {
                    "kind": "Pod",
                    "namespace": namespace,
                    "name": f"svc-{number}-7d4b9c5d6f-{each:05}",
                    "uid": f"00000000-0000-4000-a000-{each:012}",
                },
            }
            for each in range(first, first + endpoints)
        ],
    }


def documents(services: int, endpoints: int, node_count: int) -> Iterator[Document]:
    """Yield nodes, Services and their EndpointSlices."""
    yield from nodes(node_count)
    for number in range(services):
        yield service(number)
        yield endpoint_slice(number, endpoints, node_count)


def make_state(path: Path, services: int, endpoints: int, node_count: int) -> None:
    """Store a cluster of this size in a new file, as it is: no controller has work with it."""
    settings = ClusterSettings(cluster_cidrs=("10.128.0.0/9",))
    with create(str(path), settings, force=True) as store, store.transaction(NOW) as txn:
        for each in documents(services, endpoints, node_count):
            txn.put(each)
