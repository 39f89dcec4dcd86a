"""Ports of the nodes themselves, each of which one pod can have.

Source: kubernetes pkg/scheduler/framework/plugins/nodeports/node_ports.go;
staging/src/k8s.io/kube-scheduler/framework/types.go HostPortInfo.
"""

from __future__ import annotations

from collections.abc import Sequence

from svcnet.api.workloads import Container, PodSpec
from svcnet.lean_namedtuple import NamedTuple

TAKEN = "node(s) didn't have free ports for the requested pod ports"

_EVERYWHERE = "0.0.0.0"  # noqa: S104  what Kubernetes calls all addresses; nothing is bound here


class HostPort(NamedTuple):
    """A port of a node that a pod wants for itself."""

    protocol: str
    port: int
    address: str = _EVERYWHERE


def host_ports(spec: PodSpec) -> tuple[HostPort, ...]:
    """Return the ports of its node that a pod wants: its containers' and its sidecars'.

    Source: kubernetes pkg/scheduler/util/utils.go GetHostPorts().
    """
    found: list[HostPort] = []
    for container in spec.containers or ():
        found += _of_container(container)
    for container in spec.init_containers or ():
        if container.restart_policy == "Always":
            found += _of_container(container)
    return tuple(found)


def _of_container(container: Container) -> list[HostPort]:
    return [
        HostPort(port.protocol or "TCP", port.host_port, port.host_ip or _EVERYWHERE)
        for port in container.ports or ()
        if port.host_port > 0
    ]


class NodePortsInUse:
    """The ports that pods have on each node."""

    def __init__(self, count: int) -> None:
        self._used: list[dict[tuple[str, int], set[str]]] = [{} for _ in range(count)]

    def add(self, ports: Sequence[HostPort], index: int) -> None:
        """Count the ports of a pod on the node with that index."""
        for each in ports:
            self._used[index].setdefault((each.protocol, each.port), set()).add(each.address)

    def has_room(self, ports: Sequence[HostPort], index: int) -> bool:
        """Tell whether all of `ports` are free there; all addresses take in every single one."""
        for each in ports:
            held = self._used[index].get((each.protocol, each.port))
            if held and (each.address == _EVERYWHERE or {each.address, _EVERYWHERE} & held):
                return False
        return True
