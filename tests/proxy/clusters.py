"""Strategies: clusters as users make them, small and varied."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from svcnet.api.kubeproxy import DetectLocal, IPTables, KubeProxyConfiguration, NFTables
from tests.proxy.building import CONFIG, Document, endpoint, endpoint_slice, node, service

NODES = ("n1", "n2", "n3")
ZONES = ("", "a", "b")
PORT_NAMES = ("", "http", "dns")
POLICIES = st.sampled_from(["Cluster", "Local"])
RANGES = ("198.51.100.0/24", "192.168.50.0/24", "192.0.2.4/30", "192.0.2.0/24", "0.0.0.0/0")

policies = st.fixed_dictionaries(
    {},
    optional={
        "internalTrafficPolicy": POLICIES,
        "externalTrafficPolicy": POLICIES,
        "sessionAffinity": st.just("ClientIP"),
    },
)
conditions = st.sampled_from(
    [
        {},
        {"ready": True},
        {"ready": False},
        {"ready": False, "serving": True, "terminating": True},
        {"ready": False, "serving": False, "terminating": True},
    ]
)
configurations = st.builds(
    replace,
    st.just(CONFIG),
    cluster_cidr=st.sampled_from(["", "10.244.0.0/16"]),
    detect_local_mode=st.sampled_from(["", "NodeCIDR", "BridgeInterface"]),
    detect_local=st.just(DetectLocal(bridge_interface="cni0")),
    node_port_addresses=st.sampled_from([None, ("primary",), ("127.0.0.0/8", "192.168.0.0/16")]),
    iptables=st.builds(IPTables, masquerade_all=st.booleans(), localhost_node_ports=st.booleans()),
    nftables=st.builds(NFTables, masquerade_all=st.booleans()),
)


@st.composite
def services(draw: st.DrawFn, number: int) -> Document:
    """Return a Service whose addresses and node ports no other has."""
    kind = draw(st.sampled_from(["ClusterIP", "NodePort", "LoadBalancer"]))
    names = draw(st.lists(st.sampled_from(PORT_NAMES), min_size=1, max_size=2, unique=True))
    ports: list[Document] = []
    for index, name in enumerate(names):
        protocol = draw(st.sampled_from(["TCP", "UDP", "SCTP"]))
        port: Document = {"name": name, "port": 80 + index, "protocol": protocol}
        if kind != "ClusterIP":
            port["nodePort"] = 30000 + number * 10 + index
        ports.append(port)
    spec: dict[str, Any] = {**draw(policies), "type": kind, "clusterIP": f"10.96.0.{number + 10}"}
    if draw(st.booleans()):
        spec["externalIPs"] = [f"192.0.2.{number + 100}"]
    balanced = kind == "LoadBalancer"
    if balanced:
        spec["loadBalancerSourceRanges"] = draw(st.lists(st.sampled_from(RANGES), max_size=3))
        spec["healthCheckNodePort"] = 32000 + number
    ingress = [{"ip": f"203.0.113.{number + 1}"}] if balanced and draw(st.booleans()) else []
    return service(f"svc-{number}", ports=ports, ingress=ingress, **spec)


@st.composite
def slices(draw: st.DrawFn, of: str, number: int) -> Document:
    """Return a slice with a few endpoints for each port name."""
    endpoints = []
    for last in range(draw(st.integers(0, 5))):
        on = draw(st.sampled_from(NODES))
        hints = draw(st.lists(st.sampled_from(ZONES[1:]), max_size=2, unique=True))
        given_hints = {"hints": {"forZones": [{"name": each} for each in hints]}} if hints else {}
        address = f"10.244.{number + 1}.{last + 1}"
        endpoints.append(endpoint(address, on, **draw(conditions), **given_hints))
    ports = [
        {"name": name, "port": 8080 + index, "protocol": protocol}
        for index, name in enumerate(PORT_NAMES)
        for protocol in ("TCP", "UDP", "SCTP")
    ]
    return endpoint_slice(*endpoints, of=of, name=f"{of}-abcde", ports=ports)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    """Return nodes, Services and slices."""
    found = [node(name, zone=draw(st.sampled_from(ZONES))) for name in NODES]
    for number in range(draw(st.integers(0, 3))):
        found += [draw(services(number)), draw(slices(f"svc-{number}", number))]
    return found


def configuration_of(**settings: Any) -> KubeProxyConfiguration:
    """Return the usual configuration with other settings."""
    return replace(CONFIG, **settings)
