"""What one node does with traffic for service ports: every decision, and no rules yet.

Both modes of kube-proxy build their rules from the same `Plan`: which traffic goes where, what is
masqueraded, what is refused and how.  Names of chains and the shape of rules are not found here.

Source: kubernetes pkg/proxy/iptables/proxier.go and pkg/proxy/nftables/proxier.go syncProxyRules(),
the decisions that stand in both of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from svcnet.api.kubeproxy import KubeProxyConfiguration
from svcnet.errors import NotFound
from svcnet.lean_namedtuple import NamedTuple
from svcnet.netfilter.model import Family, InputInterface, Match, Network, Source
from svcnet.proxy.addresses import Address, contains, parse_range, spelled
from svcnet.proxy.endpoints import (
    ZONE_LABEL,
    Endpoints,
    Usable,
    endpoints_by_port,
    usable,
)
from svcnet.proxy.node import Mode, NodeConfig, node_config
from svcnet.proxy.services import ServicePort, service_ports
from svcnet.proxy.watched import Watched


class Route(Enum):
    """Where traffic goes."""

    CLUSTER = "to endpoints of the whole cluster"
    LOCAL = "to endpoints on this node"
    REJECT = "refused: there are no endpoints"
    DROP = "dropped: there are endpoints, and none on this node"

    @property
    def refused(self) -> bool:
        """Whether nothing gets through."""
        return self in (Route.REJECT, Route.DROP)


class Treatment(Enum):
    """One thing that is done with traffic to external addresses."""

    MASQUERADE = "mark all of it for masquerading"
    SHORT_CIRCUIT_PODS = "send what pods of this node sent to endpoints of the whole cluster"
    MASQUERADE_LOCAL = "mark what this node sent for masquerading"
    SHORT_CIRCUIT_LOCAL = "send what this node sent to endpoints of the whole cluster"
    DELIVER = "send the rest where the external policy says"


class Firewall(NamedTuple):
    """Who may use the load balancer addresses of a service port."""

    ranges: tuple[Network, ...]
    own_vips: tuple[Address, ...]
    """The addresses themselves, where the node may use them: it then seems to come from there."""


@dataclass(frozen=True, slots=True, eq=False)
class PortPlan:
    """What one node does with traffic for one service port."""

    port: ServicePort
    usable: Usable
    internal: Route
    """For traffic to the cluster IP."""
    external: Route
    """For traffic from outside, to external IPs, load balancer addresses and the node port."""
    firewall: Firewall | None

    @property
    def name(self) -> str:
        """`shop/cart:http`."""
        return self.port.name

    @property
    def uses_external_chain(self) -> bool:
        """Whether traffic to external addresses is looked at any further.

        It may be even where `external` is refused: pods and the node itself get through.
        """
        return self.usable.has_any_endpoints and self.port.externally_accessible

    @property
    def node_port(self) -> int:
        """The node port that leads in; 0: none."""
        return self.port.node_port if self.uses_external_chain else 0

    @property
    def refused_addresses(self) -> tuple[Address, ...]:
        """External IPs and load balancer addresses at which outsiders are turned away."""
        return self.port.external_ips + self.port.vips if self.external.refused else ()

    @property
    def refused_node_port(self) -> int:
        """The node port at which outsiders are turned away; 0: none."""
        return self.port.node_port if self.external.refused else 0

    def treatments(self, pods: Source | InputInterface | None) -> Iterator[Treatment]:
        """Yield what becomes of traffic to external addresses, in order.

        Under policy Cluster the endpoint may be on another node, so all of it is masqueraded.
        Under Local the source is kept, and pods and the node itself are spared the policy: they
        reach what they would have reached by the cluster IP.

        Args:
            pods: how packets of pods are told from others, if they are.
        """
        if not self.port.external_local:
            yield Treatment.MASQUERADE
        else:
            if pods:
                yield Treatment.SHORT_CIRCUIT_PODS
            yield Treatment.MASQUERADE_LOCAL
            yield Treatment.SHORT_CIRCUIT_LOCAL
        if not self.external.refused:
            yield Treatment.DELIVER


@dataclass(frozen=True, slots=True)
class Plan:
    """What one node does with traffic for all service ports of a family."""

    node_config: NodeConfig
    ports: tuple[PortPlan, ...]
    """By (namespace, name, index)."""
    service_ranges: tuple[Network, ...]
    """Out of which cluster IPs are allocated."""
    endpoint_count: int
    """All endpoints, also those that are not ready, counted for each service port."""

    @property
    def masqueraded_cluster_ips(self) -> tuple[Match, ...] | None:
        """What traffic to a cluster IP must match to be masqueraded; None: it never is.

        Answers to a client outside the cluster would not find their way back otherwise.
        """
        if self.node_config.masquerade_all:
            return ()
        if self.node_config.pods is None:
            return None
        return (replace(self.node_config.pods, negated=True),)


class TopologyKey(NamedTuple):
    """What of a node matters to one service port; nodes with the same key plan alike."""

    node: str
    """Its name, if endpoints are on it or meant for it and that matters; else empty."""
    zone: str
    """Its zone, if endpoints are meant for zones; else empty."""
    in_source_range: bool


class PortPlanner:
    """Plans one service port for any node; there are few topology keys, however many nodes."""

    def __init__(self, port: ServicePort, endpoints: Endpoints) -> None:
        self._port, self.endpoints = port, endpoints
        self._zoned = any(each.zone_hints for each in endpoints)
        nodes = {name for each in endpoints for name in each.node_hints}
        if port.uses_local_endpoints:
            nodes |= {each.node for each in endpoints}
        self._nodes = nodes
        self._known: dict[TopologyKey, PortPlan] = {}

    def plan(self, base: NodeConfig) -> PortPlan:
        """Return what a node does with traffic for the service port."""
        topology_key = TopologyKey(
            base.node if base.node in self._nodes else "",
            base.labels.get(ZONE_LABEL, "") if self._zoned else "",
            any(contains(each, base.node_ip) for each in self._port.source_ranges),
        )
        known = self._known.get(topology_key)
        if known is None:
            known = self._known[topology_key] = self._planned(topology_key)
        return known

    def _planned(self, topology_key: TopologyKey) -> PortPlan:
        port = self._port
        reach = usable(port, self.endpoints, topology_key.node, topology_key.zone)
        return PortPlan(
            port,
            reach,
            internal=_route(reach, local=port.internal_local),
            external=_route(reach, local=port.external_local),
            firewall=_firewall(port, allows_node=topology_key.in_source_range),
        )


class Planner:
    """Plans for any node of a cluster; what does not depend on the node is decided once."""

    def __init__(
        self, watched: Watched, config: KubeProxyConfiguration, family: Family, mode: Mode
    ) -> None:
        self._watched, self._config = watched, config
        self._family, self._mode = family, mode
        endpoints = endpoints_by_port(watched.slices, family)
        external_ips = config.gate("AllowServiceExternalIPs", default=True)
        ports = service_ports(watched.services, family, external_ips=external_ips)
        self._ports = [PortPlanner(port, endpoints.get(port.key, ())) for port in ports]
        self._endpoint_count = sum(len(each.endpoints) for each in self._ports)
        cidrs = (text for each in watched.service_cidrs for text in each.spec.cidrs or ())
        parsed = (parse_range(text, family) for text in cidrs)
        self._service_ranges = tuple([spelled(each) for each in parsed if each is not None])

    def plan(self, name: str) -> Plan:
        """Return the plan of the node with this name.

        Raises:
            NotFound: there is no such node.
        """
        # Nodes are few, and asked for once each.
        node = next((each for each in self._watched.nodes if each.name == name), None)
        if node is None:
            raise NotFound("nodes", name)
        base = node_config(self._config, node, self._family, self._mode)
        ports = tuple([each.plan(base) for each in self._ports])
        return Plan(base, ports, self._service_ranges, self._endpoint_count)


def plan(
    watched: Watched, config: KubeProxyConfiguration, node: str, family: Family, mode: Mode
) -> Plan:
    """Return what `node` does with the traffic of one family.

    Raises:
        NotFound: there is no such node.
    """
    return Planner(watched, config, family, mode).plan(node)


def _route(reach: Usable, *, local: bool) -> Route:
    """Return where traffic goes under policy Local or Cluster."""
    # A reject tells clients to give up; a drop lets them try again, perhaps by way of another node.
    if not reach.has_any_endpoints:
        return Route.REJECT
    if not local:
        return Route.CLUSTER
    return Route.LOCAL if reach.local else Route.DROP


def _firewall(port: ServicePort, *, allows_node: bool) -> Firewall | None:
    """Return who may use the load balancer addresses; None: everybody, or there are none.

    Where a range holds the node itself, packets from the node to the load balancer's address are
    let in too.  They carry that address as their source, as it is bound to the node.
    """
    if not port.vips or not port.source_ranges:
        return None
    ranges = tuple([spelled(each) for each in port.source_ranges])
    # Whether packets carry that address depends on the balancer; kube-proxy allows for it.
    return Firewall(ranges, port.vips if allows_node else ())
