"""Which ports an endpoint has: a Service's target ports, looked up in the pod, in a fixed order.

The order is that of a hash: Kubernetes sorts the ports of a slice by FNV-1a over the text of a Go
dump, so that equal lists have one spelling.  It shows in every output, and is kept to the letter.

Source: kubernetes staging/src/k8s.io/endpointslice/utils.go, pkg/api/v1/endpoints/util.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from svcnet.api.go import spew
from svcnet.api.objects import Service, ServicePort
from svcnet.api.workloads import Container, Pod
from svcnet.control.objects.hashing import fnv_128
from svcnet.lean_namedtuple import NamedTuple


class Port(NamedTuple):
    """One port of an endpoint."""

    name: str | None
    protocol: str | None
    number: int | None
    app_protocol: str | None = None


Ports: TypeAlias = tuple[Port, ...]


def resolver(service: Service) -> Callable[[Pod], Ports]:
    """Return what tells a pod's ports behind `service`, in the order of a slice.

    A port that is named and that the pod does not have is left out.
    """
    given = service.spec.ports or ()
    # Numbers are the same in every pod; only names must be looked up.
    if all(isinstance(_target(port), int) for port in given):
        same = in_slice_order(_port(port, int(_target(port))) for port in given)
        return lambda _: same

    def resolve(pod: Pod) -> Ports:
        found = ((port, _number(port, pod)) for port in given)
        return in_slice_order(_port(port, number) for port, number in found if number is not None)

    return resolve


def _port(port: ServicePort, number: int) -> Port:
    return Port(port.name, port.protocol, number, port.app_protocol)


def _target(port: ServicePort) -> int | str:
    return port.target_port or port.port


def _number(port: ServicePort, pod: Pod) -> int | None:
    """Return a port's number in `pod`: as given, or the first one so named of that protocol."""
    target = _target(port)
    if isinstance(target, int):
        return target
    for container in _listening(pod):
        # A pod need not declare a port to be reached at its number, but a name must be declared.
        for each in container.ports or ():
            if (each.name, each.protocol) == (target, port.protocol):
                return each.container_port
    return None


def _listening(pod: Pod) -> Iterator[Container]:
    yield from pod.spec.containers or ()
    # Sidecars run as long as the pod, and may serve; other init containers have ended.
    yield from (each for each in pod.spec.init_containers or () if each.restart_policy == "Always")


def in_slice_order(ports: Iterable[Port]) -> Ports:
    """Return `ports` as an EndpointSlice lists them."""
    return tuple(sorted(ports, key=_slice_rank))


def in_endpoints_order(ports: Iterable[Port]) -> Ports:
    """Return `ports` as an Endpoints object lists them, which is another order."""
    return tuple(sorted(ports, key=_endpoints_rank))


@lru_cache(maxsize=4096)
def _slice_rank(port: Port) -> int:
    """Return where a port stands among those of a slice."""
    return fnv_128(spew.sprintf(in_slice(port), "discovery/v1.EndpointPort").encode())


@lru_cache(maxsize=4096)
def _endpoints_rank(port: Port) -> int:
    """Return where a port stands among those of an Endpoints object."""
    return fnv_128(spew.sprintf(in_subset(port), "core/v1.EndpointPort").encode())


def in_slice(port: Port) -> dict[str, Any]:
    """Return a port as it stands in an EndpointSlice."""
    return _document(port, name=port.name)


def in_subset(port: Port) -> dict[str, Any]:
    """Return a port as it stands in an Endpoints object, where a port without name has none."""
    return _document(port, name=port.name or None)


def _document(port: Port, name: str | None) -> dict[str, Any]:
    """Return a port's fields, those that are absent left out."""
    fields = {
        "appProtocol": port.app_protocol,
        "name": name,
        "port": port.number,
        "protocol": port.protocol,
    }
    return {field: value for field, value in fields.items() if value is not None}


def of_slice(ports: Iterable[dict[str, Any]] | None) -> Ports:
    """Return the ports that stand in an EndpointSlice, in its order."""
    return in_slice_order(
        Port(each.get("name"), each.get("protocol"), each.get("port"), each.get("appProtocol"))
        for each in ports or ()
    )
