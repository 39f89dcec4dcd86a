"""The nodes of a cluster whose machines are simulated, and the ranges their pods live in.

Source: kubernetes pkg/kubelet/kubelet_node_status.go initialNode();
pkg/controller/nodeipam/ipam/range_allocator.go; recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any

from svcnet.api.config import ClusterSettings
from svcnet.api.keys import Document
from svcnet.api.kinds import NODE
from svcnet.api.release import REFERENCE
from svcnet.lean_namedtuple import NamedTuple

FIRST_ADDRESSES = {4: IPv4Address("192.168.50.11"), 6: IPv6Address("fd00:192:168:50::11")}
"""The InternalIPs of the first node, by version; those of the next ones count up."""

ZONE = "topology.kubernetes.io/zone"

_CAPACITY = {"cpu": "64", "memory": "256Gi", "pods": "250"}


class Machine(NamedTuple):
    """A node that is asked for."""

    name: str
    zone: str = ""
    internal_ips: tuple[str, ...] = ()
    """Empty: of each family of the cluster the next one that no node has."""
    ready: bool = True


def machine(text: str) -> Machine:
    """Return the machine that `init` is asked for.

    >>> machine("n1:zone-a")
    Machine(name='n1', zone='zone-a', internal_ips=(), ready=True)
    """
    name, _, zone = text.partition(":")
    return Machine(name, zone)


def node(
    asked: Machine, settings: ClusterSettings, others: Iterable[Document], now: str
) -> Document:
    """Return the Node that a kubelet on `asked` would register.

    Args:
        asked: what is known of the machine.
        settings: what the cluster was made with; its families are those of the node.
        others: the nodes there are, whose addresses are theirs.
        now: when it registers.

    Its pod range is given to it by `allocate_pod_cidrs`.
    """
    zone = {ZONE: asked.zone} if asked.zone else {}
    return {
        "apiVersion": NODE.api_version,
        "kind": NODE.kind,
        "metadata": {
            "annotations": {"node.alpha.kubernetes.io/ttl": "0"},
            "labels": {
                "beta.kubernetes.io/os": "linux",
                "kubernetes.io/hostname": asked.name,
                "kubernetes.io/os": "linux",
                **zone,
            },
            "name": asked.name,
        },
        "spec": {},
        "status": _status(asked, asked.internal_ips or _next_addresses(settings, others), now),
    }


def _next_addresses(settings: ClusterSettings, others: Iterable[Document]) -> tuple[str, ...]:
    """Return an address that no node has of each family, the one of the pods' first."""
    used = {
        address.get("address")
        for each in others
        for address in (each.get("status") or {}).get("addresses") or ()
    }
    ranges = (*settings.cluster_cidrs, *settings.service_cidrs)
    found = []
    for version in dict.fromkeys(ip_network(each, strict=False).version for each in ranges):
        candidate = FIRST_ADDRESSES[version]
        while str(candidate) in used:
            candidate += 1
        found.append(str(candidate))
    return tuple(found)


def _status(asked: Machine, internal_ips: Iterable[str], now: str) -> dict[str, Any]:
    condition = {
        "lastHeartbeatTime": now,
        "lastTransitionTime": now,
        "message": "ok" if asked.ready else "not ready",
        "reason": "KubeletReady" if asked.ready else "KubeletNotReady",
        "status": "True" if asked.ready else "False",
        "type": "Ready",
    }
    return {
        "addresses": [
            *({"address": each, "type": "InternalIP"} for each in internal_ips),
            {"address": asked.name, "type": "Hostname"},
        ],
        "allocatable": dict(_CAPACITY),
        "capacity": dict(_CAPACITY),
        "conditions": [condition],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 0}},
        "nodeInfo": {
            "architecture": "amd64",
            "bootID": "",
            "containerRuntimeVersion": "containerd://2.0.0",
            "kernelVersion": "6.1.0",
            "kubeProxyVersion": "",
            "kubeletVersion": f"v{REFERENCE}",
            "machineID": "",
            "operatingSystem": "linux",
            "osImage": "Debian GNU/Linux 12 (bookworm)",
            "systemUUID": "",
        },
    }
