"""The nodes of a cluster whose machines are simulated, and the ranges their pods live in.

Source: kubernetes pkg/kubelet/kubelet_node_status.go initialNode();
pkg/controller/nodeipam/ipam/range_allocator.go; recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address
from typing import Any

from svcnet.api.config import REFERENCE
from svcnet.api.keys import Document
from svcnet.api.kinds import NODE
from svcnet.lean_namedtuple import NamedTuple

FIRST_ADDRESS = IPv4Address("192.168.50.11")
"""The InternalIP of the first node; the next ones count up."""

ZONE = "topology.kubernetes.io/zone"

_CAPACITY = {"cpu": "64", "memory": "256Gi", "pods": "250"}


class Machine(NamedTuple):
    """A node that is asked for."""

    name: str
    zone: str = ""
    internal_ip: str = ""
    """Empty: the next one that no node has."""
    ready: bool = True


def machine(text: str) -> Machine:
    """Return the machine that `init` is asked for.

    >>> machine("n1:zone-a")
    Machine(name='n1', zone='zone-a', internal_ip='', ready=True)
    """
    name, _, zone = text.partition(":")
    return Machine(name, zone)


def node(asked: Machine, others: Iterable[Document], now: str) -> Document:
    """Return the Node that a kubelet on `asked` would register.

    Args:
        asked: what is known of the machine.
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
        "status": _status(asked, asked.internal_ip or _next_address(others), now),
    }


def _next_address(others: Iterable[Document]) -> str:
    used = {
        address.get("address")
        for each in others
        for address in (each.get("status") or {}).get("addresses") or ()
    }
    candidate = FIRST_ADDRESS
    while str(candidate) in used:
        candidate += 1
    return str(candidate)


def _status(asked: Machine, internal_ip: str, now: str) -> dict[str, Any]:
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
            {"address": internal_ip, "type": "InternalIP"},
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
