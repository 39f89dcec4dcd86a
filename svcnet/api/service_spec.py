"""What a Service's spec says about addresses and ports, read from its document."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from svcnet.api import addresses
from svcnet.api.keys import Document

HEADLESS = "None"
"""The cluster IP of a Service that wants none."""


def cluster_ips(spec: Document) -> list[str]:
    """Return the addresses a Service's spec holds; none when it is headless or only a name."""
    if spec.get("type") == "ExternalName" or spec.get("clusterIP") == HEADLESS:
        return []
    given = spec.get("clusterIPs") or [spec.get("clusterIP") or ""]
    return [each for each in given if each and each != HEADLESS and is_address(each)]


def is_allocated(service: Document) -> bool:
    """Tell whether an API server has given a Service all that it is to have.

    It fills in both lists; whoever writes a manifest names one address, if any.
    """
    spec = service.get("spec")
    return isinstance(spec, dict) and bool(spec.get("clusterIPs") and spec.get("ipFamilies"))


def wants_node_ports(spec: Document) -> bool:
    """Tell whether a Service would be given node ports that it does not have."""
    if spec.get("type") not in ("NodePort", "LoadBalancer"):
        return False
    if needs_health_check(spec) and not spec.get("healthCheckNodePort"):
        return True
    optional = spec.get("type") == "LoadBalancer"
    if optional and spec.get("allocateLoadBalancerNodePorts") is False:
        return False
    return not all(each.get("nodePort") for each in spec.get("ports") or ())


def node_ports(spec: Document) -> Iterator[int]:
    """Yield the node ports a Service's spec holds, that of its health check last.

    Numbers that stand in the ports of other types of Services are only decoration.
    """
    if spec.get("type") not in ("NodePort", "LoadBalancer"):
        return
    for port in spec.get("ports") or ():
        if number := port.get("nodePort"):
            yield number
    if needs_health_check(spec) and (number := spec.get("healthCheckNodePort")):
        yield number


def needs_health_check(spec: Document) -> bool:
    """Tell whether load balancers ask each node if it has endpoints of its own."""
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def is_address(text: str) -> bool:
    """Tell whether a text spells an address; nothing else can be claimed."""
    return addresses.parse(text) is not None


@lru_cache(maxsize=4096)
def canonical(address: str) -> str:
    """Return an address as its claim and its IPAddress spell it.

    Clusters that were made before Kubernetes 1.36 may hold addresses with leading zeros, which
    were always read as decimal.

    >>> canonical("010.096.0.1"), canonical("FD00:0::1")
    ('10.96.0.1', 'fd00::1')
    """
    return str(addresses.parse(address))
