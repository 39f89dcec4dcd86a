"""Rules for Services, in the order in which the API server tells what is wrong.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateService().
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api import addresses, content
from svcnet.api.field_errors import (
    complaints,
    duplicate,
    forbidden,
    invalid,
    one_of,
    port_number,
    port_or_name,
    required,
    unsupported,
)
from svcnet.api.keys import Document
from svcnet.api.struct_table import enum_of
from svcnet.api.validation.clusterips import (
    HEADLESS,
    check_cluster_ips,
    check_cluster_ips_update,
)
from svcnet.api.validation.metadata import check_labels
from svcnet.errors import FieldError

__all__ = ["check_cluster_ips", "check_service", "check_service_update"]

TYPES = enum_of("core/v1.ServiceSpec", "type")
PROTOCOLS = enum_of("core/v1.ServicePort", "protocol")
_AFFINITIES = enum_of("core/v1.ServiceSpec", "sessionAffinity")
_POLICIES = enum_of("core/v1.ServiceSpec", "internalTrafficPolicy")
_DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")
# One day. Source: kubernetes pkg/apis/core MaxClientIPServiceAffinitySeconds.
_LONGEST_AFFINITY = 86400
_ONLY_LOAD_BALANCERS = "may only be used when `type` is 'LoadBalancer'"
_TOPOLOGY_MODE = "service.kubernetes.io/topology-mode"
_TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints"
_SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"


def check_service(document: Document, old: Document | None = None) -> Iterator[FieldError]:
    """Yield every rule a Service breaks; `old` is the stored one before an update."""
    spec = document.get("spec") or {}
    before = (old or {}).get("spec") or {}
    annotations = (document.get("metadata") or {}).get("annotations") or {}
    ports = spec.get("ports") or []
    # The order is the server's: scripts compare its answers line by line.
    yield from _hints(annotations)
    # Of a headless Service or a name, DNS answers alone: no port is needed.
    if not ports and spec.get("clusterIP") != HEADLESS and spec.get("type") != "ExternalName":
        yield required("spec.ports")
    yield from _of_type(spec)
    yield from _ports(ports)
    yield from check_labels("spec.selector", spec.get("selector"))
    yield from _affinity(spec)
    # Allocation has asked this already, and ended the request if there was anything to tell.
    yield from check_cluster_ips(spec, before)
    yield from _external_ips(spec, before)
    yield from one_of("spec.type", spec.get("type"), TYPES)
    yield from _repeated_ports(spec, ports)
    yield from _source_ranges(spec, before, annotations)
    yield from _load_balancer(spec)
    yield from _traffic(spec)


def check_service_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of a Service breaks.

    What may not change is told first, then everything that is asked of a new Service. Source:
    ValidateServiceUpdate().
    """
    spec, before = document.get("spec") or {}, old.get("spec") or {}
    yield from check_cluster_ips_update(spec, before)
    both_balance = spec.get("type") == before.get("type") == "LoadBalancer"
    # Source: kubernetes KEP-1959: the class is chosen once, when the type is set.
    if both_balance and spec.get("loadBalancerClass") != before.get("loadBalancerClass"):
        yield invalid(
            "spec.loadBalancerClass", spec.get("loadBalancerClass"), "may not change once set"
        )
    if (
        needs_health_check(spec)
        and needs_health_check(before)
        and spec.get("healthCheckNodePort", 0) != before.get("healthCheckNodePort", 0)
    ):
        yield forbidden("spec.healthCheckNodePort", "field is immutable")
    yield from check_service(document, old)
    # A status that stays was written by a controller and is not for the user to mend.
    if document.get("status") != old.get("status"):
        yield from _status(spec, document.get("status") or {})


def needs_health_check(spec: Document) -> bool:
    """Tell whether load balancers ask each node if it has endpoints of its own."""
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def _hints(annotations: dict[str, str]) -> Iterator[FieldError]:
    """The old annotation and the new one must agree."""
    # Source: kubernetes KEP-2433: the annotation was renamed, and both names are read.
    mode, hints = annotations.get(_TOPOLOGY_MODE), annotations.get(_TOPOLOGY_HINTS)
    if mode is not None and hints is not None and mode != hints:
        yield invalid(
            f"metadata.annotations[{_TOPOLOGY_MODE}]",
            mode,
            f"must match annotations[{_TOPOLOGY_HINTS}] when both are specified",
        )


def _of_type(spec: Document) -> Iterator[FieldError]:
    """Yield fields that do not go with the type.

    An ExternalName Service is a name in DNS and nothing else, so addresses are forbidden; the
    others that must be reached from outside need an address to lead to.
    """
    kind = spec.get("type", "")
    if kind in ("LoadBalancer", "NodePort") and spec.get("clusterIP") == HEADLESS:
        yield invalid(
            "spec.clusterIPs[0]", HEADLESS, f"may not be set to 'None' for {kind} services"
        )
    if kind == "ExternalName":
        for field in ("clusterIPs", "ipFamilies", "ipFamilyPolicy"):
            if spec.get(field):
                yield forbidden(f"spec.{field}", "may not be set for ExternalName services")
        yield from _external_name(spec.get("externalName", ""))


def _external_name(name: str) -> Iterator[FieldError]:
    """One trailing dot is allowed, and is not part of what is checked."""
    if name:
        # A trailing dot makes a name absolute (RFC 1034, 3.1).
        host = name.removesuffix(".")
        yield from complaints("spec.externalName", host, content.dns_subdomain(host))
    else:
        yield required("spec.externalName")


def _ports(ports: list[Document]) -> Iterator[FieldError]:
    """Names are needed, and must differ, as soon as there are two ports.

    The same name may not be given twice, or nobody could tell which port is meant. Source:
    validateServicePort().
    """
    names: set[str] = set()
    for index, port in enumerate(ports):
        path = f"spec.ports[{index}]"
        if name := port.get("name"):
            yield from complaints(f"{path}.name", name, content.dns_label(name))
            if name in names:
                yield duplicate(f"{path}.name", name)
            names.add(name)
        elif len(ports) > 1:
            yield required(f"{path}.name")
        yield from port_number(f"{path}.port", port.get("port", 0))
        # Capitals count: `tcp` is no protocol.
        yield from one_of(f"{path}.protocol", port.get("protocol"), PROTOCOLS)
        yield from port_or_name(f"{path}.targetPort", port.get("targetPort", 0))
        if (app := port.get("appProtocol")) is not None:
            yield from complaints(f"{path}.appProtocol", app, content.label_key(app))


def _affinity(spec: Document) -> Iterator[FieldError]:
    """The detail says less than 86400, but that is allowed.

    Source: validateClientIPAffinityConfig().
    """
    yield from one_of("spec.sessionAffinity", spec.get("sessionAffinity"), _AFFINITIES)
    if spec.get("sessionAffinity") == "ClientIP":
        config = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
        seconds = config.get("timeoutSeconds") or 0
        if not 0 < seconds <= _LONGEST_AFFINITY:
            yield invalid(
                "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                seconds,
                f"must be greater than 0 and less than {_LONGEST_AFFINITY}",
            )


def _external_ips(spec: Document, before: Document) -> Iterator[FieldError]:
    """Yield external addresses that could not be external.

    A loopback or link-local address means another place on every node. Source:
    ValidateNonSpecialIP().
    """
    stored = before.get("externalIPs") or ()
    for index, text in enumerate(spec.get("externalIPs") or ()):
        path = f"spec.externalIPs[{index}]"
        # What is no address is told as that only.
        messages = list(addresses.ip(text, stored)) or addresses.special(text)
        yield from complaints(path, text, messages)


def _repeated_ports(spec: Document, ports: list[Document]) -> Iterator[FieldError]:
    """Yield node ports where there can be none, and pairs of protocol and number that repeat."""
    if spec.get("type") == "ClusterIP":
        for index, port in enumerate(ports):
            if port.get("nodePort"):
                yield forbidden(
                    f"spec.ports[{index}].nodePort", "may not be used when `type` is 'ClusterIP'"
                )
    # TCP and UDP may share a node port, so it is the pair that must differ.
    seen: set[tuple[str, int]] = set()
    for index, port in enumerate(ports):
        taken = (port.get("protocol", ""), port.get("nodePort", 0))
        if taken[1] and taken in seen:
            yield duplicate(f"spec.ports[{index}].nodePort", taken[1])
        seen.add(taken)
    # Node ports first, then ports: the server goes through the list twice too.
    seen.clear()
    for index, port in enumerate(ports):
        taken = (port.get("protocol", ""), port.get("port", 0))
        if taken in seen:
            yield duplicate(f"spec.ports[{index}]", _bare_port(*taken))
        seen.add(taken)


def _bare_port(protocol: str, number: int) -> Document:
    """Return a port as the server tells it: a Go value, with nothing but what was compared."""
    return {
        "Name": "",
        "Protocol": protocol,
        "AppProtocol": None,
        "Port": number,
        "TargetPort": 0,
        "NodePort": 0,
    }


def _source_ranges(
    spec: Document, before: Document, annotations: dict[str, str]
) -> Iterator[FieldError]:
    """The path has a capital letter in it: so it does in the server."""
    path = "spec.LoadBalancerSourceRanges"
    ranges = spec.get("loadBalancerSourceRanges") or []
    noted = annotations.get(_SOURCE_RANGES)
    if not ranges and noted is None:
        return
    if not ranges:
        path = f"metadata.annotations[{_SOURCE_RANGES}]"
    if spec.get("type") != "LoadBalancer":
        yield forbidden(path, _ONLY_LOAD_BALANCERS)
    stored = before.get("loadBalancerSourceRanges") or ()
    for index, text in enumerate(ranges):
        # The annotation, which was there before the field, let blanks pass: so the field does.
        yield from complaints(f"{path}[{index}]", text, addresses.cidr(text.strip(), stored))
    # The annotation counts only where the field is empty.
    if not ranges and (noted or "").strip():
        for text in (noted or "").strip().split(","):
            yield from complaints(path, noted, addresses.cidr(text.strip()))


def _load_balancer(spec: Document) -> Iterator[FieldError]:
    """Yield fields for load balancers on Services of other types.

    Source: validateLoadBalancerClassField().
    """
    balances = spec.get("type") == "LoadBalancer"
    if not balances and spec.get("allocateLoadBalancerNodePorts") is not None:
        yield forbidden("spec.allocateLoadBalancerNodePorts", _ONLY_LOAD_BALANCERS)
    if (name := spec.get("loadBalancerClass")) is None:
        return
    if balances:
        yield from complaints("spec.loadBalancerClass", name, content.label_key(name))
    else:
        yield forbidden("spec.loadBalancerClass", _ONLY_LOAD_BALANCERS)


def _traffic(spec: Document) -> Iterator[FieldError]:
    """Yield what is wrong with how traffic is spread.

    A Service that nobody reaches from outside has no external traffic. Source:
    validateServiceExternalTrafficPolicy(), validateServiceInternalTrafficFieldsValue(),
    validateServiceTrafficDistribution().
    """
    kind, external = spec.get("type"), spec.get("externalTrafficPolicy")
    reachable = kind in ("LoadBalancer", "NodePort") or (
        kind == "ClusterIP" and spec.get("externalIPs")
    )
    if external and not reachable:
        yield invalid(
            "spec.externalTrafficPolicy",
            external,
            "may only be set for externally-accessible services",
        )
    elif external and external not in _POLICIES:
        yield unsupported("spec.externalTrafficPolicy", external, _POLICIES)
    # Nobody would answer at that port where no node is asked for endpoints of its own.
    if (port := spec.get("healthCheckNodePort")) and not needs_health_check(spec):
        yield invalid(
            "spec.healthCheckNodePort",
            port,
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
        )
    internal = spec.get("internalTrafficPolicy")
    if internal is not None and internal not in _POLICIES:
        yield unsupported("spec.internalTrafficPolicy", internal, _POLICIES)
    spread = spec.get("trafficDistribution")
    if spread is not None and spread not in _DISTRIBUTIONS:
        yield unsupported("spec.trafficDistribution", spread, _DISTRIBUTIONS)


def _status(spec: Document, status: Document) -> Iterator[FieldError]:
    """Yield what is wrong with the addresses at which a load balancer answers.

    Source: ValidateLoadBalancerStatus().
    """
    ingress = (status.get("loadBalancer") or {}).get("ingress") or ()
    if ingress and spec.get("type") != "LoadBalancer":
        yield forbidden(
            "status.loadBalancer.ingress", "may only be used when `spec.type` is 'LoadBalancer'"
        )
        return
    for index, each in enumerate(ingress):
        yield from _ingress(f"status.loadBalancer.ingress[{index}]", each)


def _ingress(path: str, ingress: Document) -> Iterator[FieldError]:
    """Yield what is wrong with one address or name of a load balancer.

    The mode says how proxies treat the address, so one is of no use without the other.
    """
    address, mode = ingress.get("ip"), ingress.get("ipMode")
    if address:
        yield from complaints(f"{path}.ip", address, addresses.ip(address))
        if mode is None:
            yield required(f"{path}.ipMode", "must be specified when `ip` is set")
    elif mode is not None:
        yield forbidden(f"{path}.ipMode", "may not be specified when `ip` is not set")
    if mode is not None and mode not in ("Proxy", "VIP"):
        yield unsupported(f"{path}.ipMode", mode, ("Proxy", "VIP"))
    if host := ingress.get("hostname"):
        yield from complaints(f"{path}.hostname", host, content.dns_subdomain(host))
        # DNS allows such a name, but nobody could reach it.
        if addresses.parse(host) is not None:
            yield invalid(f"{path}.hostname", host, "must be a DNS name, not an IP address")
