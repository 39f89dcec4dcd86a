"""What a kubelet makes of a pod that was given to its node: addresses, and running containers.

Source: kubernetes pkg/kubelet/kubelet_pods.go generateAPIPodStatus(),
pkg/kubelet/status/generate.go.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from svcnet.api.keys import Document
from svcnet.api.objects import Node
from svcnet.control.objects.allocation import pod_addresses
from svcnet.control.objects.pod_conditions import ConditionStatus, condition
from svcnet.control.objects.pods import UNREADY
from svcnet.snapshot import Snapshot


class Addresses:
    """The addresses that pods have and can have; each is handed out once.

    A node's range is walked upward from its third address: the network's own and the gateway's
    are never a pod's.
    """

    def __init__(self, cluster: Snapshot) -> None:
        self._cluster = cluster
        self._free: dict[str, Iterator[str]] = {}

    def next(self, node: Node) -> tuple[str, ...]:
        """Return one address of each of a node's ranges; none when one of them is full."""
        ranges = node.spec.pod_cidrs or ((node.spec.pod_cidr,) if node.spec.pod_cidr else ())
        # All or nothing: a pod does not start with one family missing.
        chosen = [next(self._of(each), None) for each in ranges]
        return () if None in chosen else tuple(each for each in chosen if each)

    def _of(self, cidr: str) -> Iterator[str]:
        if cidr not in self._free:
            self._free[cidr] = self._walk(cidr)
        return self._free[cidr]

    def _walk(self, cidr: str) -> Iterator[str]:
        """Yield the addresses of a range that no pod has, lowest first."""
        network = ip_network(cidr, strict=False)
        band = pod_addresses(network)
        spell = type(network.network_address)
        taken = self._cluster.taken_pod_ips(spell(band.first), spell(band.last))
        # Read only as far as addresses are asked for.
        following = next(taken, None)
        for number in range(band.first, band.last + 1):
            if number == following:
                following = next(taken, None)
            else:
                yield str(spell(number))


def host_addresses(node: Node) -> tuple[str, ...]:
    """Return a node's own addresses, at most one per family."""
    found: dict[bool, str] = {}
    for each in node.status.addresses or ():
        # Other addresses are for those outside.
        if each.type == "InternalIP":
            # The first of each family, as the kubelet reports it.
            found.setdefault(":" in each.address, each.address)
    return tuple(found.values())


def runs_pods(node: Node) -> bool:
    """Tell whether a kubelet is at work; a node that says nothing of itself is taken to be well."""
    for each in node.status.conditions or ():
        if each.type == "Ready":
            return each.status == "True"
    return True


def started(document: Document, node: Node, addresses: tuple[str, ...], now: str) -> Document:
    """Return a bound pod as it is once its containers run.

    Its init containers have ended by then, but for those that run as long as the pod.
    """
    spec, metadata = document["spec"], document["metadata"]
    ready = UNREADY not in (metadata.get("annotations") or {})
    hosts = host_addresses(node)
    status: Document = {
        **(document.get("status") or {}),
        "conditions": _conditions(spec, metadata, ready=ready, now=now),
        "containerStatuses": [_running(each, ready=ready, now=now) for each in spec["containers"]],
        "observedGeneration": metadata.get("generation", 1),
        "phase": "Running",
        "podIP": addresses[0],
        "podIPs": [{"ip": each} for each in addresses],
        "startTime": now,
    }
    if hosts:
        status |= {"hostIP": hosts[0], "hostIPs": [{"ip": each} for each in hosts]}
    if spec.get("initContainers"):
        status["initContainerStatuses"] = [_initial(each, now) for each in spec["initContainers"]]
    return {**document, "status": status}


def _conditions(
    spec: Document, metadata: dict[str, Any], *, ready: bool, now: str
) -> list[dict[str, Any]]:
    """Return a started pod's conditions, in the kubelet's order."""
    serving = ConditionStatus("True")
    if not ready:
        names = " ".join(each.get("name", "") for each in spec["containers"])
        message = f"containers with unready status: [{names}]"
        # All containers run; it is their probes that fail.
        serving = ConditionStatus("False", "ContainersNotReady", message)
    statuses = {
        "PodReadyToStartContainers": ConditionStatus("True"),
        "Initialized": ConditionStatus("True"),
        "Ready": serving,
        "ContainersReady": serving,
        "PodScheduled": ConditionStatus("True"),
    }
    generation = metadata.get("generation", 1)
    return [condition(kind, each, generation, now) for kind, each in statuses.items()]


def _running(container: Document, *, ready: bool, now: str) -> Document:
    """Return the status of a container that runs."""
    return {
        "image": container.get("image", ""),
        "imageID": "",
        "lastState": {},
        "name": container.get("name", ""),
        "ready": ready,
        "restartCount": 0,
        "started": True,
        "state": {"running": {"startedAt": now}},
    }


def _initial(container: Document, now: str) -> Document:
    """Return the status of an init container: ended, or running on as a sidecar."""
    if container.get("restartPolicy") == "Always":
        return _running(container, ready=True, now=now)
    ended = {"exitCode": 0, "finishedAt": now, "reason": "Completed", "startedAt": now}
    status = _running(container, ready=True, now=now)
    return {**status, "started": False, "state": {"terminated": ended}}
