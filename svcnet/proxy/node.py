"""What a node's own object and kube-proxy's configuration decide for all service ports alike.

Source: kubernetes cmd/kube-proxy/app/server.go and server_linux.go, pkg/proxy/node.go,
pkg/proxy/util/nodeport_addresses.go, pkg/proxy/util/localdetector.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from svcnet.api.kubeproxy import PRIMARY, KubeProxyConfiguration
from svcnet.api.objects import Node
from svcnet.netfilter.model import Family, InputInterface, Source
from svcnet.proxy.addresses import (
    Address,
    Range,
    contains,
    is_loopback,
    parse_address,
    parse_range,
    spelled,
)

DEFAULT_MASQUERADE_BIT = 14

_LOOPBACK = {Family.IPV4: Address("127.0.0.1"), Family.IPV6: Address("::1")}
_LOOPBACK_START = "127.0.0.0"
_UNSPECIFIED = ("0.0.0.0", "::")  # noqa: S104  (compared with, never bound to)


class Mode(StrEnum):
    """How kube-proxy programs the kernel; the value is what `--proxy-mode` takes."""

    IPTABLES = "iptables"
    NFTABLES = "nftables"


@dataclass(frozen=True, slots=True)
class NodePorts:
    """On which of the host's addresses node ports answer."""

    everywhere: bool
    """On all of them, loopback ones aside."""
    addresses: tuple[Address, ...]
    """On these only, unless `everywhere`."""
    localhost: bool
    """Whether loopback addresses count like others."""


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """What all rules of one node stand on."""

    node: str
    labels: dict[str, str]
    family: Family
    mode: Mode
    node_ip: Address
    """A loopback address if the node has none of this family."""
    pods: Source | InputInterface | None
    """How packets of the node's own pods are told from others; None: they are not."""
    node_ports: NodePorts
    mark: int
    """The bit of a packet's mark that asks for masquerading."""
    masquerade_all: bool
    """Whether all traffic to cluster IPs is masqueraded."""
    drops_invalid: bool
    """Whether packets that connection tracking makes no sense of are dropped."""


def node_config(
    config: KubeProxyConfiguration, node: Node, family: Family, mode: Mode
) -> NodeConfig:
    """Return what `config` comes to on `node`."""
    settings = config.iptables if mode is Mode.IPTABLES else config.nftables
    bit = settings.masquerade_bit
    node_ip = _node_ip(config, node, family)
    return NodeConfig(
        node=node.name,
        labels=node.labels,
        family=family,
        mode=mode,
        node_ip=node_ip,
        pods=_pod_traffic(config, node, family),
        node_ports=_node_ports(config, node, node_ip, family, mode),
        mark=1 << (DEFAULT_MASQUERADE_BIT if bit is None else bit),
        masquerade_all=settings.masquerade_all,
        drops_invalid=not config.conntrack.tcp_be_liberal,
    )


def _node_ip(config: KubeProxyConfiguration, node: Node, family: Family) -> Address:
    # Despite its name nothing binds to it: it only overrides what the Node object says.
    bound = parse_address(config.bind_address, family)
    if bound is not None and bound not in _UNSPECIFIED:
        return bound
    for kind in ("InternalIP", "ExternalIP"):
        for address in _addresses(node, family, kind):
            return address
    return _LOOPBACK[family]


def _addresses(node: Node, family: Family, *kinds: str) -> Iterator[Address]:
    for each in node.status.addresses or ():
        address = parse_address(each.address, family) if each.type in kinds else None
        if address is not None:
            yield address


# --- local traffic ----------------------------------------------------------------------------


def _pod_traffic(
    config: KubeProxyConfiguration, node: Node, family: Family
) -> Source | InputInterface | None:
    match config.detect_local_mode:
        case "BridgeInterface":
            return InputInterface(config.detect_local.bridge_interface)
        case "InterfaceNamePrefix":
            return InputInterface(config.detect_local.interface_name_prefix, prefix=True)
        case "NodeCIDR":
            return _first_range(node.spec.pod_cidrs or (), family)
        case _:
            # ClusterCIDR, and the default; a family without a range tells nobody apart.
            return _first_range((config.cluster_cidr or "").split(","), family)


def _first_range(texts: Iterable[str], family: Family) -> Source | None:
    for network in _ranges(texts, family):
        return Source(spelled(network))
    return None


def _ranges(texts: Iterable[str], family: Family) -> Iterator[Range]:
    parsed = (parse_range(text, family) for text in texts)
    return (each for each in parsed if each is not None)


# --- node ports -------------------------------------------------------------------------------


def _node_ports(
    config: KubeProxyConfiguration, node: Node, node_ip: Address, family: Family, mode: Mode
) -> NodePorts:
    """Return where node ports answer; a family for which nothing is said answers everywhere."""
    given = config.node_port_addresses or ((PRIMARY,) if mode is Mode.NFTABLES else ())
    # A node without an address of this family would answer nowhere; kube-proxy lets it everywhere.
    if given == (PRIMARY,):
        given = () if is_loopback(node_ip) else (f"{node_ip}/{family.bits}",)
    ranges = tuple(_ranges(given, family))
    everywhere = not ranges or any(each.prefixlen == 0 for each in ranges)
    # Only iptables can lead node ports on 127.0.0.1 anywhere: route_localnet is for IPv4 alone.
    localhost = (
        mode is Mode.IPTABLES
        and family is Family.IPV4
        and config.iptables.localhost_node_ports is not False
        and (everywhere or any(map(_holds_loopback, ranges)))
    )
    if everywhere:
        return NodePorts(everywhere, (), localhost)
    # kube-proxy asks the interfaces; the Node object is what there is to go by here.
    host = (_LOOPBACK[family], *_addresses(node, family, "InternalIP", "ExternalIP"))
    matching = dict.fromkeys(
        address
        for address in host
        if any(contains(each, address) for each in ranges)
        and (localhost or not is_loopback(address))
    )
    return NodePorts(everywhere, tuple(matching), localhost)


def _holds_loopback(network: Range) -> bool:
    return network.is_loopback or contains(network, _LOOPBACK_START)
