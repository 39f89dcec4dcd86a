"""Service ports: what kube-proxy makes rules for, one value per port and IP family.

Source: kubernetes pkg/proxy/serviceport.go, servicechangetracker.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from svcnet.api.objects import Service
from svcnet.api.objects import ServicePort as Port
from svcnet.lean_namedtuple import NamedTuple
from svcnet.netfilter.model import Family
from svcnet.proxy.addresses import Address, Range, parse_address, parse_range

PROXY_NAME_LABEL = "service.kubernetes.io/service-proxy-name"
"""Whoever carries this label, with any value, is left to another proxy."""

PROTOCOLS = ("tcp", "udp", "sctp")
PORTS = range(1, 65536)
DEFAULT_STICKY_SECONDS = 10800

_FAMILIES = {"IPv4": Family.IPV4, "IPv6": Family.IPV6}


class PortKey(NamedTuple):
    """What a service port is known by, and what its endpoints are found by."""

    namespace: str
    service: str
    port: str
    protocol: str
    """In lower case."""


@dataclass(frozen=True, slots=True, eq=False)
class ServicePort:
    """One port of a Service in one family, addresses parsed and policies read.

    Two of them are the same only if they are one: they are compared by identity.
    """

    key: PortKey
    name: str
    """``shop/cart:http``, or ``shop/cart`` for a port without a name."""
    cluster_ip: Address
    number: int
    node_port: int
    """0: none."""
    external_ips: tuple[Address, ...]
    vips: tuple[Address, ...]
    """Load balancer addresses that packets arrive with."""
    source_ranges: tuple[Range, ...]
    """Who may use the load balancer addresses; empty: everybody."""
    sticky_seconds: int
    """How long a client stays with its endpoint; 0: not at all."""
    internal_local: bool
    external_local: bool
    health_check_port: int
    """0: none."""

    @property
    def protocol(self) -> str:
        """In lower case."""
        return self.key.protocol

    @property
    def externally_accessible(self) -> bool:
        """Whether anything but the cluster IP leads here."""
        return bool(self.node_port or self.vips or self.external_ips)

    @property
    def uses_cluster_endpoints(self) -> bool:
        """Whether any traffic may go to endpoints of the whole cluster."""
        return not self.internal_local or self.externally_accessible

    @property
    def uses_local_endpoints(self) -> bool:
        """Whether any traffic must go to endpoints on the node itself."""
        return self.internal_local or (self.external_local and self.externally_accessible)


def service_ports(
    services: Iterable[Service], family: Family, *, external_ips: bool = True
) -> list[ServicePort]:
    """Return the service ports of a family, by (namespace, name, index).

    A later port of a Service replaces an earlier one with the same name and protocol.  Without
    `external_ips` those of Services are not looked at.
    """
    # A dict as in kube-proxy: replacing a value keeps the place of its key.
    found: dict[PortKey, ServicePort] = {}
    for service in services:
        for port in _ports(service, family, external_ips=external_ips):
            found[port.key] = port
    return list(found.values())


def _ports(service: Service, family: Family, *, external_ips: bool) -> Iterator[ServicePort]:
    spec = service.spec
    cluster_ip = _cluster_ip(service, family)
    if cluster_ip is None or spec.type == "ExternalName" or PROXY_NAME_LABEL in service.labels:
        return
    # All ports of a Service share these.
    outside = _addresses(spec.external_ips or (), family) if external_ips else ()
    vips = _vips(service, family)
    source_ranges = _source_ranges(spec.load_balancer_source_ranges or (), family)
    external_local = _external_local(service)
    health_check_port = (
        spec.health_check_node_port if external_local and spec.type == "LoadBalancer" else 0
    )
    for port in filter(_is_possible, spec.ports or ()):
        yield ServicePort(
            key=PortKey(service.namespace, service.name, port.name, port.protocol.lower()),
            name=_name(service, port),
            cluster_ip=cluster_ip,
            number=port.port,
            node_port=port.node_port if port.node_port in PORTS else 0,
            external_ips=outside,
            vips=vips,
            source_ranges=source_ranges,
            sticky_seconds=_sticky_seconds(service),
            internal_local=spec.internal_traffic_policy == "Local",
            external_local=external_local,
            health_check_port=health_check_port,
        )


def _is_possible(port: Port) -> bool:
    """Return whether a packet can be for `port`; the API server stores no others."""
    return port.protocol.lower() in PROTOCOLS and port.port in PORTS


def _name(service: Service, port: Port) -> str:
    name = f"{service.namespace}/{service.name}"
    return f"{name}:{port.name}" if port.name else name


def _cluster_ip(service: Service, family: Family) -> Address | None:
    """Return the cluster IP of a family; headless Services and the other family have none."""
    spec = service.spec
    if spec.cluster_ip in ("", "None"):
        return None
    # Objects from before dual stack, and hand-written ones, have no families.
    if not spec.ip_families:
        return parse_address(spec.cluster_ip, family)
    for name, address in zip(spec.ip_families, spec.cluster_ips or (), strict=False):
        if _FAMILIES.get(name) is family:
            return parse_address(address, family)
    return None


def _addresses(texts: Iterable[str], family: Family) -> tuple[Address, ...]:
    """Return the addresses of a family; what cannot be parsed is passed over."""
    parsed = [parse_address(text, family) for text in texts]
    return tuple([address for address in parsed if address is not None])


def _vips(service: Service, family: Family) -> tuple[Address, ...]:
    """Return the load balancer's addresses, without those at which it rewrites packets itself.

    Source: KEP-1860, ipMode.
    """
    ingress = service.status.load_balancer.ingress
    if not ingress:
        return ()
    return _addresses([each.ip for each in ingress if each.ip_mode != "Proxy"], family)


def _source_ranges(texts: tuple[str, ...], family: Family) -> tuple[Range, ...]:
    """Return the ranges of a family; one that holds every address lifts the restriction."""
    if not texts:
        return ()
    parsed = [parse_range(text.strip(), family) for text in texts]
    ranges = tuple([each for each in parsed if each is not None])
    # Source: kubernetes/kubernetes#132722.
    return () if any(each.prefixlen == 0 for each in ranges) else ranges


def _external_local(service: Service) -> bool:
    """Source: kubernetes pkg/api/v1/service/util.go ExternalPolicyLocal()."""
    spec = service.spec
    outside = spec.type in ("NodePort", "LoadBalancer") or bool(spec.external_ips)
    return outside and spec.external_traffic_policy == "Local"


def _sticky_seconds(service: Service) -> int:
    if service.spec.session_affinity != "ClientIP":
        return 0
    config = service.spec.session_affinity_config
    seconds = config.client_ip.timeout_seconds if config and config.client_ip else None
    return seconds or DEFAULT_STICKY_SECONDS
