"""The nodes of a cluster whose machines are simulated, and the ranges their pods live in.

Source: kubernetes pkg/kubelet/kubelet_node_status.go initialNode();
pkg/controller/nodeipam/ipam/range_allocator.go; recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, ip_network
from typing import Any, NamedTuple

from svcnet.api.config import REFERENCE
from svcnet.api.kinds import NODE
from svcnet.api.names import Document, Key
from svcnet.api.objects import Node
from svcnet.control.allocation import Network, pod_range
from svcnet.snapshot import Put, Snapshot

FIRST_ADDRESS = IPv4Address("192.168.50.11")
"""The InternalIP of the first node; the next ones count up."""

WATCHED = (NODE.resource,)
"""The resources whose changes concern pod ranges."""

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

    Its pod range is given to it by `give_pod_ranges`.
    """
    zone = {"topology.kubernetes.io/zone": asked.zone} if asked.zone else {}
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


def give_pod_ranges(cluster: Snapshot) -> Iterator[Put]:
    """Ask for a pod range for every node that has none, one of each family, lowest first.

    Nodes are served by the time of their creation.  A node that finds no range left goes without.
    """
    nodes = cluster.of(Node)
    # Nearly always there is nothing to do, and nothing must be parsed to see it.
    without = [each for each in nodes if not each.spec.pod_cidr and not each.spec.pod_cidrs]
    if not without:
        return
    settings = cluster.settings
    # Where ranges overlap, services go first: range_allocator.go filterOutServiceRange().
    taken: list[Network] = [ip_network(each, strict=False) for each in settings.service_cidrs]
    for each in nodes:
        given = each.spec.pod_cidrs or filter(None, [each.spec.pod_cidr])
        taken += [ip_network(cidr, strict=False) for cidr in given]
    for document in sorted((_whole(cluster, each) for each in without), key=_age):
        chosen = []
        for cidr, prefix in zip(settings.cluster_cidrs, settings.node_masks, strict=False):
            family = ip_network(cidr, strict=False)
            found = pod_range(family, prefix, _of_family(taken, family.version))
            if found is not None:
                chosen.append(str(found))
                taken.append(found)
        if chosen:
            spec = {**(document.get("spec") or {}), "podCIDR": chosen[0], "podCIDRs": chosen}
            yield Put({**document, "spec": spec})


def _whole(cluster: Snapshot, each: Node) -> Document:
    document = cluster.document(Key(NODE.resource, "", each.name))
    assert document is not None
    return document


def _age(document: Document) -> tuple[str, int]:
    """Return what sorts nodes by their creation, those of one second in order of writing."""
    metadata = document["metadata"]
    return metadata.get("creationTimestamp", ""), int(metadata.get("resourceVersion", 0))


def _of_family(networks: Iterable[Network], version: int) -> list[Network]:
    ours = [each for each in networks if each.version == version]
    return sorted(ours, key=lambda each: int(each.network_address))


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
