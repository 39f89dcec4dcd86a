"""Typed, frozen views of documents: the fields the pipeline reads, and no others.

A view is decoded once from the stored text.  Names are Kubernetes' own, spelled with
underscores.  A field is optional only where Kubernetes gives "absent" a meaning of its own
(an endpoint whose `ready` is absent *is* ready); lists that the API server may give as ``null``
read as empty through a property.
"""

# No `from __future__ import annotations`: msgspec would have to compile and evaluate every field.

from typing import Any

from svcnet.api.lean_msgspec import msgspec

_ACRONYMS = {"ip": "IP", "ips": "IPs", "cidr": "CIDR", "cidrs": "CIDRs", "uid": "UID"}


def wire_name(field: str) -> str:
    """Spell a field as Kubernetes does.

    >>> wire_name("cluster_ips"), wire_name("node_port"), wire_name("pod_cidr"), wire_name("uid")
    ('clusterIPs', 'nodePort', 'podCIDR', 'uid')
    """
    first, *rest = field.split("_")
    return first + "".join(_ACRONYMS.get(word, word.title()) for word in rest)


# Without the garbage collector: views are made by the thousand and never form cycles, which
# is what msgspec asks for before `gc=False` may be set.
class WireStruct(msgspec.Struct, frozen=True, kw_only=True, rename=wire_name, gc=False):
    """Base of everything that is read from a document; unknown fields are passed over."""


class OwnerReference(WireStruct, frozen=True, kw_only=True):
    """Whose object this is."""

    api_version: str = ""
    kind: str = ""
    name: str = ""
    uid: str = ""
    controller: bool | None = None


class ObjectMeta(WireStruct, frozen=True, kw_only=True):
    """What every object carries."""

    name: str = ""
    namespace: str = ""
    uid: str = ""
    generation: int = 0
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    finalizers: tuple[str, ...] | None = None
    owner_references: tuple[OwnerReference, ...] | None = None


class ObjectView(WireStruct, frozen=True, kw_only=True):
    """What every object has: its name, its place, its labels."""

    metadata: ObjectMeta = ObjectMeta()

    @property
    def name(self) -> str:
        """The object's own name."""
        return self.metadata.name

    @property
    def namespace(self) -> str:
        """Where the object lives; empty for what belongs to the whole cluster."""
        return self.metadata.namespace

    @property
    def labels(self) -> dict[str, str]:
        """What selectors look at."""
        return self.metadata.labels or {}

    @property
    def annotations(self) -> dict[str, str]:
        """Notes for programs."""
        return self.metadata.annotations or {}


# --- services and what stands behind them -----------------------------------------------------


class ServicePort(WireStruct, frozen=True, kw_only=True):
    """One port a Service answers on."""

    port: int
    name: str = ""
    protocol: str = "TCP"
    app_protocol: str | None = None
    # A number, or the name of a port that each pod may give another number.
    target_port: int | str = 0
    node_port: int = 0


class ClientIPConfig(WireStruct, frozen=True, kw_only=True):
    """How long a client stays with its endpoint."""

    timeout_seconds: int | None = None


class SessionAffinityConfig(WireStruct, frozen=True, kw_only=True):
    """Settings of session affinity."""

    client_ip: ClientIPConfig | None = None


class ServiceSpec(WireStruct, frozen=True, kw_only=True):
    """What is asked of a Service, and what was allocated for it."""

    type: str = "ClusterIP"
    ports: tuple[ServicePort, ...] | None = None
    selector: dict[str, str] | None = None
    # Always the first of `cluster_ips`: it is older than dual-stack, and clients still read it.
    cluster_ip: str = ""
    cluster_ips: tuple[str, ...] | None = None
    ip_families: tuple[str, ...] | None = None
    external_ips: tuple[str, ...] | None = None
    external_name: str = ""
    external_traffic_policy: str = ""
    internal_traffic_policy: str | None = None
    health_check_node_port: int = 0
    # Deprecated since 1.24, because it never meant the same to two providers.
    load_balancer_ip: str = ""
    load_balancer_class: str | None = None
    load_balancer_source_ranges: tuple[str, ...] | None = None
    publish_not_ready_addresses: bool = False
    session_affinity: str = "None"
    session_affinity_config: SessionAffinityConfig | None = None
    traffic_distribution: str | None = None


class LoadBalancerIngress(WireStruct, frozen=True, kw_only=True):
    """One address at which a load balancer answers."""

    ip: str = ""
    hostname: str = ""
    ip_mode: str | None = None


class LoadBalancerStatus(WireStruct, frozen=True, kw_only=True):
    """Where a load balancer answers."""

    ingress: tuple[LoadBalancerIngress, ...] | None = None


class ServiceStatus(WireStruct, frozen=True, kw_only=True):
    """What came of a Service."""

    load_balancer: LoadBalancerStatus = LoadBalancerStatus()


class Service(ObjectView, frozen=True, kw_only=True):
    """A name and an address for a set of pods."""

    spec: ServiceSpec = ServiceSpec()
    status: ServiceStatus = ServiceStatus()


class EndpointConditions(WireStruct, frozen=True, kw_only=True):
    """Whether an endpoint may be used; absent has a meaning in each case."""

    ready: bool | None = None
    """Absent: ready."""
    serving: bool | None = None
    """Absent: serving."""
    terminating: bool | None = None
    """Absent: not terminating."""


class HintTarget(WireStruct, frozen=True, kw_only=True):
    """A zone or a node for which an endpoint is meant."""

    name: str = ""


class EndpointHints(WireStruct, frozen=True, kw_only=True):
    """For whom an endpoint is meant."""

    for_zones: tuple[HintTarget, ...] | None = None
    for_nodes: tuple[HintTarget, ...] | None = None


class TargetReference(WireStruct, frozen=True, kw_only=True):
    """The pod behind an endpoint."""

    kind: str = ""
    namespace: str = ""
    name: str = ""
    uid: str = ""


class Endpoint(WireStruct, frozen=True, kw_only=True):
    """One pod's addresses, as a slice gives them."""

    addresses: tuple[str, ...] | None = None
    conditions: EndpointConditions | None = None
    hostname: str | None = None
    node_name: str | None = None
    zone: str | None = None
    hints: EndpointHints | None = None
    target_ref: TargetReference | None = None


class EndpointPort(WireStruct, frozen=True, kw_only=True):
    """One port of every endpoint of a slice."""

    name: str | None = None
    protocol: str | None = None
    # Absent: ports are not restricted, which is not the same as no port.
    port: int | None = None
    app_protocol: str | None = None


class EndpointSlice(ObjectView, frozen=True, kw_only=True):
    """Some endpoints of a Service, all with the same ports."""

    address_type: str = ""
    endpoints: tuple[Endpoint, ...] | None = None
    ports: tuple[EndpointPort, ...] | None = None


class ServiceCIDRSpec(WireStruct, frozen=True, kw_only=True):
    """The ranges of a ServiceCIDR, at most one per family."""

    cidrs: tuple[str, ...] | None = None


class ServiceCIDR(ObjectView, frozen=True, kw_only=True):
    """A range out of which cluster IPs are allocated."""

    spec: ServiceCIDRSpec = ServiceCIDRSpec()


class IPAddress(ObjectView, frozen=True, kw_only=True):
    """A cluster IP that somebody holds; its name is the address."""


# --- nodes and workloads ----------------------------------------------------------------------


class Condition(WireStruct, frozen=True, kw_only=True):
    """One thing that is so, is not so, or is not known."""

    type: str = ""
    status: str = ""
    reason: str = ""
    message: str = ""
    last_transition_time: str | None = None


class NodeAddress(WireStruct, frozen=True, kw_only=True):
    """One address of a node."""

    type: str = ""
    address: str = ""


class Taint(WireStruct, frozen=True, kw_only=True):
    """Why pods should stay off a node."""

    key: str = ""
    value: str = ""
    effect: str = ""


class NodeSpec(WireStruct, frozen=True, kw_only=True):
    """What is asked of a node, and the ranges it was given."""

    pod_cidr: str = ""
    pod_cidrs: tuple[str, ...] | None = None
    unschedulable: bool = False
    taints: tuple[Taint, ...] | None = None


class NodeStatus(WireStruct, frozen=True, kw_only=True):
    """How a node is."""

    addresses: tuple[NodeAddress, ...] | None = None
    conditions: tuple[Condition, ...] | None = None
    # Quantities: text or number, as the author of a manifest likes.
    allocatable: dict[str, Any] | None = None


class Node(ObjectView, frozen=True, kw_only=True):
    """A machine of the cluster."""

    spec: NodeSpec = NodeSpec()
    status: NodeStatus = NodeStatus()


class LabelSelectorRequirement(WireStruct, frozen=True, kw_only=True):
    """One term of a set-based selector."""

    key: str = ""
    operator: str = ""
    values: tuple[str, ...] | None = None


class LabelSelector(WireStruct, frozen=True, kw_only=True):
    """Which objects are meant: all terms must hold."""

    match_labels: dict[str, str] | None = None
    match_expressions: tuple[LabelSelectorRequirement, ...] | None = None


class Namespace(ObjectView, frozen=True, kw_only=True):
    """A room for names."""


VIEWS: dict[str, type[ObjectView]] = {
    "services": Service,
    "endpointslices.discovery.k8s.io": EndpointSlice,
    "servicecidrs.networking.k8s.io": ServiceCIDR,
    "ipaddresses.networking.k8s.io": IPAddress,
    "nodes": Node,
    "namespaces": Namespace,
}
"""The view of each resource that the pipeline reads."""
