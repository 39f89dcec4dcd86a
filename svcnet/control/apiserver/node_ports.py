"""Node ports of Services: those of their ports, and that of the load balancer's health check.

Nothing is claimed here: ports are only chosen, so that a refused write leaves no trace.  What
the Service holds in the end is claimed when it is written, in the same transaction.

Source: kubernetes pkg/registry/core/service/storage/alloc.go initNodePorts(), updateNodePorts(),
allocHealthCheckNodePort(); pkg/registry/core/service/portallocator/operation.go, allocator.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge

from svcnet.api.drawing import draw
from svcnet.api.keys import Document
from svcnet.api.service_spec import needs_health_check
from svcnet.control.apiserver.ip_families import draws_node_ports, needs_node_ports
from svcnet.control.apiserver.service_write import ServiceWrite
from svcnet.control.objects.allocation import FIRST_DUMMY_PORT, next_free, node_port_bands
from svcnet.errors import Fault, FieldError, InternalError, Invalid, StatusError
from svcnet.store.pools import Pool


class NodePorts:
    """Chooses the node ports of one Service in one write."""

    def __init__(self, write: ServiceWrite) -> None:
        self._txn, self._service, self._dry_run, self._draws = write
        self._chosen: list[int] = []

    def allocated(self, spec: Document, old: Document | None) -> Document:
        """Return `spec` with all the node ports it needs.

        Raises:
            Invalid: a port that was asked for is not to be had.
            InternalError: the range is full, or the health check's port is not to be had.
            StatusError: an update gives two ports of one protocol the same node port.
        """
        if needs_node_ports(spec):
            ports = spec.get("ports") or []
            chosen = self._created(spec, ports) if old is None else self._updated(spec, ports)
            spec = {**spec, "ports": list(chosen)}
        if needs_health_check(spec) and (old is None or not needs_health_check(old)):
            spec = {**spec, "healthCheckNodePort": self._health_check(spec)}
        return spec

    def completed(self, spec: Document) -> Document:
        """Return `spec` with the node ports it lacks; those it has are claimed already.

        Raises:
            InternalError: the range is full.
        """
        if needs_node_ports(spec):
            spec = {**spec, "ports": list(self._updated(spec, spec.get("ports") or []))}
        if needs_health_check(spec) and not spec.get("healthCheckNodePort"):
            spec = {**spec, "healthCheckNodePort": self._health_check(spec)}
        return spec

    def _created(self, spec: Document, ports: Sequence[Document]) -> Iterator[Document]:
        """Yield the ports of a new Service; those with the same number share a node port.

        So DNS over UDP and over TCP is found at one node port.
        """
        shared: dict[int, int] = {}
        for index, port in enumerate(ports):
            number, asked = port["port"], port.get("nodePort", 0)
            if not asked and not draws_node_ports(spec):
                yield port
                continue
            if number in shared:
                # A node port of its own must be free; here even of the other protocol.
                if asked not in (0, shared[number]):
                    self._take(index, asked)
                yield {**port, "nodePort": asked or shared[number]}
                continue
            shared[number] = _asked_for(number, ports)
            if shared[number]:
                self._take(index, shared[number])
            else:
                shared[number] = self._draw(number)
            yield {**port, "nodePort": shared[number]}

    def _updated(self, spec: Document, ports: Sequence[Document]) -> Iterator[Document]:
        """Yield the ports of a changed Service; what it holds already may stay where it likes.

        Unlike on creation, every port without a node port gets one of its own, and ports of
        different protocols may ask for the same one.
        """
        seen: set[tuple[str, int]] = set()
        for index, port in enumerate(ports):
            number = port.get("nodePort", 0)
            if not number and not draws_node_ports(spec):
                yield port
                continue
            if not number:
                number = self._draw(port["port"], port.get("protocol"))
            elif number not in self._chosen and not self._holds(number):
                # Held means claimed: a mere name may have carried a number that is not its own.
                self._take(index, number)
            pair = (port.get("protocol", ""), number)
            if pair in seen:
                raise StatusError(f"duplicate nodePort: {{{pair[0]} {pair[1]}}}")
            seen.add(pair)
            yield {**port, "nodePort": number}

    def _health_check(self, spec: Document) -> int:
        asked = spec.get("healthCheckNodePort", 0)
        if not asked:
            return self._draw("health check", what="HealthCheck NodePort 0")
        if why := self._refusal(asked):
            raise InternalError(f"failed to allocate requested HealthCheck NodePort {asked}: {why}")
        return int(asked)

    def _holds(self, port: int) -> bool:
        return self._txn.owner(Pool.NODE_PORTS, port) == self._service

    def _take(self, index: int, port: int) -> None:
        if why := self._refusal(port):
            fault = FieldError(f"spec.ports[{index}].nodePort", Fault.INVALID, port, why)
            raise Invalid("Service", self._service.name, (fault,))

    def _refusal(self, port: int) -> str:
        """Choose `port` and return nothing, or return why it is not to be had.

        A dry run does not look at the range.
        """
        first, last = self._txn.settings.node_ports
        if not self._dry_run and not first <= port <= last:
            valid = f"The range of valid ports is {first}-{last}"
            return f"provided port is not in the valid range. {valid}"
        if port in self._chosen or self._txn.owner(Pool.NODE_PORTS, port) is not None:
            return "provided port is already allocated"
        self._chosen.append(port)
        return ""

    def _draw(self, *purpose: object, what: str = "nodePort") -> int:
        """Choose the next node port.

        A dry run counts up from beyond the default range, or from the highest port it has chosen.
        """
        if self._dry_run:
            found: int | None = max(self._chosen, default=FIRST_DUMMY_PORT - 1) + 1
        else:
            settings = self._txn.settings
            number = draw(settings.seed, "node port", *self._service[1:], *purpose, *self._draws)
            found = next_free(node_port_bands(*settings.node_ports), self._taken, number)
        if found is None:
            raise InternalError(f"failed to allocate a {what}: range is full")
        self._chosen.append(found)
        return found

    def _taken(self, first: int, last: int) -> Iterator[int]:
        chosen = sorted(each for each in self._chosen if first <= each <= last)
        return merge(self._txn.taken(Pool.NODE_PORTS, first, last), chosen)


def _asked_for(number: int, ports: Sequence[Document]) -> int:
    """Return the node port that any of the ports with this number asks for, or 0."""
    asked = (each.get("nodePort", 0) for each in ports if each["port"] == number)
    return next(filter(None, asked), 0)
