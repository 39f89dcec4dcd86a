"""Endpoints of service ports, and which of them a node may use.

Source: kubernetes pkg/proxy/endpointslicecache.go, topology.go CategorizeEndpoints().
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from svcnet.api.lean_msgspec import msgspec
from svcnet.api.objects import EndpointConditions, EndpointHints
from svcnet.lean_namedtuple import NamedTuple
from svcnet.netfilter.model import Family
from svcnet.proxy.addresses import Address, parse_address
from svcnet.proxy.services import PORTS, PortKey, ServicePort
from svcnet.proxy.watched import WatchedEndpoint, WatchedSlice

SERVICE_LABEL = "kubernetes.io/service-name"
HEADLESS_LABEL = "service.kubernetes.io/headless"
ZONE_LABEL = "topology.kubernetes.io/zone"

_ADDRESS_TYPES = {Family.IPV4: "IPv4", Family.IPV6: "IPv6"}
_ABSENT = EndpointConditions()


class Endpoint(msgspec.Struct, frozen=True, gc=False, eq=False):
    """One address and port behind a service port."""

    address: Address
    port: int
    socket: str
    """``10.0.0.1:80`` or ``[fd00::1]:80``; endpoints are ordered by it, as text."""
    ready: bool
    draining: bool
    """Whether it is terminating and still serves."""
    terminating: bool
    node: str
    """Empty: none."""
    zone_hints: tuple[str, ...]
    node_hints: tuple[str, ...]


Endpoints: TypeAlias = tuple[Endpoint, ...]


def endpoints_by_port(slices: Sequence[WatchedSlice], family: Family) -> dict[PortKey, Endpoints]:
    """Return all endpoints of a family by the service port they stand behind, by socket.

    Of two that have the same socket the first one stays, unless the later one is not terminating.
    kube-proxy meets slices in random order; here the last by name comes first, so that among
    equals the slice that is first by name has the last word.

    Slices of other address types, for no Service or for a headless one, ports without name or
    number, and endpoints without an address are passed over.
    """
    found: dict[PortKey, dict[str, Endpoint]] = {}
    # By (namespace, name) they came; see above for why they are gone through backwards.
    for each in reversed(slices):
        labels = each.metadata.labels or {}
        service = labels.get(SERVICE_LABEL)
        if each.address_type != _ADDRESS_TYPES[family] or not service or HEADLESS_LABEL in labels:
            continue
        for port in each.ports or ():
            if port.name is None or port.port is None or port.port not in PORTS:
                continue
            protocol = (port.protocol or "TCP").lower()
            key = PortKey(each.metadata.namespace, service, port.name, protocol)
            _collect(each.endpoints or (), port.port, family, found.setdefault(key, {}))
    return {
        key: tuple([by_socket[socket] for socket in sorted(by_socket)])
        for key, by_socket in found.items()
    }


def _collect(
    given: Iterable[WatchedEndpoint], port: int, family: Family, found: dict[str, Endpoint]
) -> None:
    # This loop runs for every endpoint of the cluster: what can be, is done outside of it.
    brackets = family is Family.IPV6
    for each in given:
        address = parse_address(each.addresses[0], family) if each.addresses else None
        if address is None:
            continue
        socket = f"[{address}]:{port}" if brackets else f"{address}:{port}"
        conditions = each.conditions or _ABSENT
        terminating = conditions.terminating is True
        # A pod's address may be given to a new pod before the old one is gone from its slice.
        if socket in found and terminating:
            continue
        zones, nodes = _hints(each.hints) if each.hints else ((), ())
        found[socket] = Endpoint(
            address,
            port,
            socket,
            conditions.ready is not False,
            terminating and conditions.serving is not False,
            terminating,
            each.node_name or "",
            zones,
            nodes,
        )


def _hints(hints: EndpointHints) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the zones and the nodes that an endpoint is meant for."""
    zones = tuple([each.name for each in hints.for_zones or ()])
    return zones, tuple([each.name for each in hints.for_nodes or ()])


class Usable(NamedTuple):
    """The endpoints of one service port that a node may send to, each list by socket.

    An empty list means "may not send", and `has_any_endpoints` tells why: with it, the packet is
    dropped (endpoints exist, the policy keeps them from us); without it, it is rejected.
    """

    cluster: Endpoints
    """For traffic policy Cluster."""
    local: Endpoints
    """For traffic policy Local."""
    reachable: Endpoints
    """Those of either."""
    has_any_endpoints: bool
    """Whether any node could send to any endpoint."""


def usable(port: ServicePort, endpoints: Endpoints, node: str, zone: str) -> Usable:
    """Return which of `endpoints` the node of this name, in this zone, may use.

    Cluster and Local fall back to draining endpoints independently of each other.  An empty name
    is that of a node on which there is no endpoint, an empty zone that of a node without one.
    """
    cluster: Endpoints = ()
    nearby: Endpoints = ()
    if port.uses_cluster_endpoints:
        # Topology narrows ready endpoints only; draining ones are a last resort, wherever they are.
        ready = tuple([each for each in endpoints if each.ready])
        nearby = _hinted(ready, node, zone)
        cluster = nearby or ready or _draining(endpoints)
    # Most service ports end here; what is below is for policy Local.
    if not port.uses_local_endpoints:
        return Usable(cluster, (), cluster, has_any_endpoints=bool(cluster))
    on_this_node = [each for each in endpoints if each.node == node and node]
    local = tuple([each for each in on_this_node if each.ready])
    fallen_back = not local
    local = local or _draining(on_this_node)
    # `cluster` would not tell: a port that only ever uses local endpoints has none.
    has_any_endpoints = any(each.ready or each.draining for each in endpoints)
    if not port.uses_cluster_endpoints:
        reachable = local
    elif nearby or fallen_back:
        # Otherwise `cluster` holds every ready endpoint, the local ones among them.
        reachable = _union(cluster, local)
    else:
        reachable = cluster
    return Usable(cluster, local, reachable, has_any_endpoints)


def _draining(endpoints: Iterable[Endpoint]) -> Endpoints:
    return tuple([each for each in endpoints if each.draining])


def _hinted(ready: Endpoints, node: str, zone: str) -> Endpoints:
    """Return the ready endpoints that are meant for this node, or else for its zone.

    Hints count only if every ready endpoint has one; empty: go by no hints.
    """
    # A hint that is missing means that the hints are out of date, so none of them is trusted.
    if ready and all(each.node_hints for each in ready):
        for_node = tuple([each for each in ready if node in each.node_hints])
        if for_node:
            return for_node
    if zone and all(each.zone_hints for each in ready):
        return tuple([each for each in ready if zone in each.zone_hints])
    return ()


def _union(cluster: Endpoints, local: Endpoints) -> Endpoints:
    """Return `cluster`, then what only `local` has; kube-proxy keeps no order here."""
    sockets = {each.socket for each in cluster}
    return cluster + tuple([each for each in local if each.socket not in sockets])
