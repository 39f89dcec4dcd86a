"""What kube-proxy watches: Services, EndpointSlices, Nodes, ServiceCIDRs; of each what it reads.

A large cluster has a hundred thousand endpoints, so the views of slices here leave out what only
controllers need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from svcnet.api.keys import Document
from svcnet.api.lean_msgspec import msgspec
from svcnet.api.nulls import without_nulls
from svcnet.api.objects import (
    EndpointConditions,
    EndpointHints,
    EndpointPort,
    Node,
    Service,
    ServiceCIDR,
)
from svcnet.errors import BadRequest
from svcnet.lean_namedtuple import NamedTuple

T = TypeVar("T")


class WatchedEndpoint(msgspec.Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """An endpoint without what does not matter to packets."""

    addresses: tuple[str, ...] | None = None
    conditions: EndpointConditions | None = None
    node_name: str | None = None
    hints: EndpointHints | None = None


class WatchedMeta(msgspec.Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """Where a slice belongs."""

    namespace: str = ""
    labels: dict[str, str] | None = None


class WatchedSlice(msgspec.Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """An EndpointSlice without what does not matter to packets."""

    metadata: WatchedMeta = WatchedMeta()
    address_type: str = ""
    endpoints: tuple[WatchedEndpoint, ...] | None = None
    ports: tuple[EndpointPort, ...] | None = None


class Watched(NamedTuple):
    """All objects that rules come from, each kind by (namespace, name)."""

    nodes: list[Node]
    services: list[Service]
    slices: list[WatchedSlice]
    service_cidrs: list[ServiceCIDR]


NODES = "nodes"
SERVICES = "services"
SLICES = "endpointslices.discovery.k8s.io"
SERVICE_CIDRS = "servicecidrs.networking.k8s.io"
RESOURCES = (NODES, SERVICES, SLICES, SERVICE_CIDRS)


def from_bodies(bodies: Callable[[str], Iterable[bytes]]) -> Watched:
    """Return what is stored; `bodies` gives the JSON texts of a resource, in order.

    Raises:
        BadRequest: a field is of the wrong type; an earlier svcnet took it so from a file.
    """

    def decoded(resource: str, view: type[T]) -> list[T]:
        decode = msgspec.json.Decoder(view).decode
        texts = list(bodies(resource))
        try:
            return [decode(body) for body in texts]
        except msgspec.ValidationError:
            # One by one, to tell which it is.
            return [_convert(msgspec.json.decode(body), view) for body in texts]

    return Watched(
        decoded(NODES, Node),
        decoded(SERVICES, Service),
        decoded(SLICES, WatchedSlice),
        decoded(SERVICE_CIDRS, ServiceCIDR),
    )


def from_documents(documents: Callable[[str], Iterable[Document]]) -> Watched:
    """Return what files say; `documents` gives those of a resource, in order.

    Raises:
        BadRequest: a field is of the wrong type.
    """

    def converted(resource: str, view: type[T]) -> list[T]:
        return [_convert(document, view) for document in documents(resource)]

    return Watched(
        converted(NODES, Node),
        converted(SERVICES, Service),
        converted(SLICES, WatchedSlice),
        converted(SERVICE_CIDRS, ServiceCIDR),
    )


def _convert(document: Document, view: type[T]) -> T:
    try:
        # To Kubernetes a field that is null is a field left out.
        return msgspec.convert(without_nulls(document), view)
    except msgspec.ValidationError as error:
        kind, name = document.get("kind"), (document.get("metadata") or {}).get("name")
        raise BadRequest(f'{kind} "{name}" cannot be read: {error}') from error
