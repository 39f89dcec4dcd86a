"""Rules for EndpointSlices and Endpoints.

Source: kubernetes pkg/apis/discovery/validation/validation.go,
pkg/apis/core/validation/validation.go ValidateEndpoints().
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api import addresses, content
from svcnet.api.field_errors import (
    IMMUTABLE,
    complaints,
    duplicate,
    invalid,
    one_of,
    port_number,
    required,
    too_many,
    unsupported,
)
from svcnet.api.keys import Document
from svcnet.api.struct_table import enum_of
from svcnet.api.validation.metadata import check_labels
from svcnet.errors import FieldError

_TYPES = enum_of("discovery/v1.EndpointSlice", "addressType")
_PROTOCOLS = enum_of("discovery/v1.EndpointPort", "protocol")
# Source: kubernetes pkg/apis/discovery/validation/validation.go maxEndpoints and the like.
_MOST_ENDPOINTS = 1000
_MOST_ADDRESSES = 100
_MOST_PORTS = 20000
_MOST_HINTS = 8
_MOST_TOPOLOGY = 16


def check_endpoint_slice(document: Document, old: Document | None = None) -> Iterator[FieldError]:
    """Yield every rule that an EndpointSlice breaks.

    Source: ValidateEndpointSlice().
    """
    kind = document.get("addressType", "")
    yield from one_of("addressType", kind, _TYPES)
    # Addresses that are stored already may be spelled as older servers let them be.
    stored = [
        text for each in (old or {}).get("endpoints") or () for text in each.get("addresses") or ()
    ]
    endpoints = document.get("endpoints") or []
    # Of too many endpoints none is looked at: the answer would be endless.
    if len(endpoints) > _MOST_ENDPOINTS:
        yield too_many("endpoints", len(endpoints), _MOST_ENDPOINTS)
    else:
        for index, endpoint in enumerate(endpoints):
            yield from _endpoint(f"endpoints[{index}]", endpoint, kind, stored)
    yield from _ports(document.get("ports") or [])


def check_endpoint_slice_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of an EndpointSlice breaks.

    Source: ValidateEndpointSliceUpdate().
    """
    kind = document.get("addressType", "")
    # The addresses are then of the wrong type too, but that is not told.
    if kind != old.get("addressType"):
        yield invalid("addressType", kind, IMMUTABLE)
        return
    yield from check_endpoint_slice(document, old)


def _endpoint(path: str, endpoint: Document, kind: str, stored: list[str]) -> Iterator[FieldError]:
    """Yield what is wrong with one endpoint.

    Source: validateEndpoints().
    """
    listed = endpoint.get("addresses") or []
    if not listed:
        yield required(f"{path}.addresses", "must contain at least 1 address")
    elif len(listed) > _MOST_ADDRESSES:
        yield too_many(f"{path}.addresses", len(listed), _MOST_ADDRESSES)
    for index, text in enumerate(listed):
        yield from _address(f"{path}.addresses[{index}]", text, kind, stored)
    if name := endpoint.get("nodeName"):
        yield from complaints(f"{path}.nodeName", name, content.dns_subdomain(name))
    topology = endpoint.get("deprecatedTopology") or {}
    if len(topology) > _MOST_TOPOLOGY:
        yield too_many(f"{path}.deprecatedTopology", len(topology), _MOST_TOPOLOGY)
    yield from check_labels(f"{path}.deprecatedTopology", topology)
    if (name := endpoint.get("hostname")) is not None:
        yield from complaints(f"{path}.hostname", name, content.dns_label(name))
    yield from _hints(f"{path}.hints", endpoint.get("hints") or {})


def _address(path: str, text: str, kind: str, stored: list[str]) -> Iterator[FieldError]:
    """Only a good address can be of the wrong family, or special."""
    if kind == "FQDN":
        yield from complaints(path, text, _domain(text))
        return
    if kind not in _TYPES:
        return
    if messages := list(addresses.ip(text, stored)):
        yield from complaints(path, text, messages)
        return
    if addresses.family(text) != kind:
        yield invalid(path, text, f"must be an {kind} address")
    yield from complaints(path, text, addresses.special(text))


def _domain(text: str) -> Iterator[str]:
    """Yield why a text is no domain of two labels at least."""
    name = text.removesuffix(".")
    if messages := list(content.dns_subdomain(name)):
        yield ",".join(messages)
    elif "." not in name:
        yield "should be a domain with at least two segments separated by dots"


def _hints(path: str, hints: Document) -> Iterator[FieldError]:
    """Yield what is wrong with for whom an endpoint is meant."""
    for field in ("forZones", "forNodes"):
        targets = hints.get(field) or []
        if len(targets) > _MOST_HINTS:
            yield too_many(f"{path}.{field}", len(targets), _MOST_HINTS)
            # Of too many none is looked at, as above.
            continue
        seen: set[str] = set()
        for index, target in enumerate(targets):
            at, name = f"{path}.{field}[{index}].name", target.get("name", "")
            if name in seen:
                yield duplicate(at, name)
            rule = content.label_value if field == "forZones" else content.dns_subdomain
            yield from complaints(at, name, rule(name))
            seen.add(name)


def _ports(ports: list[Document]) -> Iterator[FieldError]:
    """Yield what is wrong with the ports of a slice.

    A missing name counts as the empty one, so only one port can be without. Source:
    validatePorts().
    """
    if len(ports) > _MOST_PORTS:
        yield too_many("ports", len(ports), _MOST_PORTS)
        # Of too many ports none is looked at, as with endpoints.
        return
    names: set[str] = set()
    for index, port in enumerate(ports):
        path, name = f"ports[{index}]", port.get("name") or ""
        if name:
            yield from complaints(f"{path}.name", name, content.dns_label(name))
        if name in names:
            yield duplicate(f"{path}.name", name)
        names.add(name)
        if (number := port.get("port")) is not None:
            yield from port_number(f"{path}.port", number)
        yield from one_of(f"{path}.protocol", port.get("protocol"), _PROTOCOLS)
        if (app := port.get("appProtocol")) is not None:
            yield from complaints(f"{path}.appProtocol", app, content.label_key(app))


# --- Endpoints --------------------------------------------------------------------------------


def check_endpoints(document: Document, old: Document | None = None) -> Iterator[FieldError]:
    """Yield every rule that an Endpoints object breaks.

    Source: ValidateEndpoints().
    """
    # Addresses that are stored already may be spelled as older servers let them be.
    stored = [
        each.get("ip", "")
        for subset in (old or {}).get("subsets") or ()
        for group in ("addresses", "notReadyAddresses")
        for each in subset.get(group) or ()
    ]
    for index, subset in enumerate(document.get("subsets") or ()):
        yield from _subset(f"subsets[{index}]", subset, stored)


def _subset(path: str, subset: Document, stored: list[str]) -> Iterator[FieldError]:
    """Yield what is wrong with addresses that share ports.

    Source: validateEndpointSubsets().
    """
    ready, waiting = subset.get("addresses") or (), subset.get("notReadyAddresses") or ()
    if not ready and not waiting:
        yield required(path, "must specify `addresses` or `notReadyAddresses`")
    for group, listed in (("addresses", ready), ("notReadyAddresses", waiting)):
        for index, address in enumerate(listed):
            yield from _endpoint_address(f"{path}.{group}[{index}]", address, stored)
    ports = subset.get("ports") or ()
    for index, port in enumerate(ports):
        yield from _endpoint_port(f"{path}.ports[{index}]", port, named=len(ports) > 1)


def _endpoint_address(path: str, address: Document, stored: list[str]) -> Iterator[FieldError]:
    """A bad address is told twice: as no address, and as none that can be an endpoint."""
    text = address.get("ip", "")
    yield from complaints(f"{path}.ip", text, addresses.ip(text, stored))
    if name := address.get("hostname"):
        yield from complaints(f"{path}.hostname", name, content.dns_label(name))
    if (name := address.get("nodeName")) is not None:
        yield from complaints(f"{path}.nodeName", name, content.dns_subdomain(name))
    yield from complaints(f"{path}.ip", text, addresses.special(text))


def _endpoint_port(path: str, port: Document, *, named: bool) -> Iterator[FieldError]:
    """Yield what is wrong with one port.

    Source: validateEndpointPort().
    """
    if name := port.get("name"):
        yield from complaints(f"{path}.name", name, content.dns_label(name))
    elif named:
        yield required(f"{path}.name")
    yield from port_number(f"{path}.port", port.get("port", 0))
    if not (protocol := port.get("protocol")):
        yield required(f"{path}.protocol")
    elif protocol not in _PROTOCOLS:
        yield unsupported(f"{path}.protocol", protocol, _PROTOCOLS)
    if (app := port.get("appProtocol")) is not None:
        yield from complaints(f"{path}.appProtocol", app, content.label_key(app))
