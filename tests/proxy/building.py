"""Objects for tests of the proxy, with everything left out that a test does not speak of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from svcnet.api.kubeproxy import KubeProxyConfiguration
from svcnet.netfilter.model import Family
from svcnet.proxy import watched
from svcnet.proxy.node import Mode
from svcnet.proxy.plan import Plan, PortPlan, plan
from svcnet.proxy.watched import Watched

Document = dict[str, Any]

CONFIG = KubeProxyConfiguration(cluster_cidr="10.244.0.0/16,fd00:10:244::/48")
HTTP = {"name": "http", "port": 80, "protocol": "TCP"}


def node(name: str = "n1", *, zone: str = "", **fields: Any) -> Document:
    labels = {"topology.kubernetes.io/zone": zone} if zone else {}
    number = int(name[1:])
    addresses = [{"type": "InternalIP", "address": f"192.168.50.{10 + number}"}]
    return {
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": {"podCIDRs": [f"10.244.{number}.0/24"]},
        "status": {"addresses": addresses},
        **fields,
    }


def service(
    name: str = "cart",
    *,
    ports: Iterable[Document] = (HTTP,),
    ingress: Iterable[Document] = (),
    labels: dict[str, str] | None = None,
    **spec: Any,
) -> Document:
    return {
        "kind": "Service",
        "metadata": {"name": name, "namespace": "shop", "labels": labels or {}},
        "spec": {"clusterIP": "10.96.0.10", "ports": list(ports), **spec},
        "status": {"loadBalancer": {"ingress": list(ingress)}},
    }


def endpoint(address: str, on: str | None = None, **fields: Any) -> Document:
    """Return an endpoint; `ready`, `serving`, `terminating` are its conditions, the rest fields."""
    states = ("ready", "serving", "terminating")
    conditions = {each: fields.pop(each) for each in states if each in fields}
    where = {} if on is None else {"nodeName": on}
    return {"addresses": [address], "conditions": conditions, **where, **fields}


def endpoint_slice(
    *endpoints: Document,
    of: str = "cart",
    name: str = "cart-abcde",
    ports: Iterable[Document] | None = ({"name": "http", "port": 8080, "protocol": "TCP"},),
    labels: dict[str, str] | None = None,
    **fields: Any,
) -> Document:
    return {
        "kind": "EndpointSlice",
        "metadata": {
            "name": name,
            "namespace": "shop",
            "labels": {"kubernetes.io/service-name": of, **(labels or {})},
        },
        "addressType": "IPv4",
        "ports": None if ports is None else list(ports),
        "endpoints": list(endpoints),
        **fields,
    }


_RESOURCES = {
    "Node": watched.NODES,
    "Service": watched.SERVICES,
    "EndpointSlice": watched.SLICES,
    "ServiceCIDR": watched.SERVICE_CIDRS,
}


def cluster(*documents: Document) -> Watched:
    """Return what kube-proxy watches, in the order in which a state gives it."""

    def place(document: Document) -> tuple[str, str]:
        return document["metadata"].get("namespace", ""), document["metadata"]["name"]

    given = sorted(documents, key=place)
    return watched.from_documents(
        lambda resource: [each for each in given if _RESOURCES[each["kind"]] == resource]
    )


def planned(
    *documents: Document,
    on: str = "n1",
    config: KubeProxyConfiguration = CONFIG,
    family: Family = Family.IPV4,
    mode: Mode = Mode.IPTABLES,
) -> Plan:
    """Return a node's plan; the node n1 is there if no node is given."""
    given = documents if any(each["kind"] == "Node" for each in documents) else (node(), *documents)
    return plan(cluster(*given), config, on, family, mode)


def planned_port(*documents: Document, **about: Any) -> PortPlan:
    """Return a node's plan for the only service port there is."""
    (port,) = planned(*documents, **about).ports
    return port
