"""What a node's object and the configuration decide for all service ports."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from svcnet.api.kubeproxy import (
    Conntrack,
    DetectLocal,
    IPTables,
    KubeProxyConfiguration,
    NFTables,
)
from svcnet.netfilter.model import Family, InputInterface, Source
from svcnet.proxy.node import Mode, NodeConfig, NodePorts, node_config
from tests.proxy.building import CONFIG, cluster, node


def on(
    *addresses: tuple[str, str] | str,
    family: Family = Family.IPV4,
    mode: Mode = Mode.IPTABLES,
    **settings: Any,
) -> NodeConfig:
    given = [each if isinstance(each, tuple) else ("InternalIP", each) for each in addresses]
    status = {"addresses": [{"type": kind, "address": address} for kind, address in given]}
    (found,) = cluster(node(status=status)).nodes
    return node_config(replace(CONFIG, **settings), found, family, mode)


@pytest.mark.parametrize(
    ("addresses", "family", "expected"),
    [
        (("192.168.50.11", "192.168.50.12"), Family.IPV4, "192.168.50.11"),
        ((("ExternalIP", "192.0.2.1"), "192.168.50.11"), Family.IPV4, "192.168.50.11"),
        ((("ExternalIP", "192.0.2.1"),), Family.IPV4, "192.0.2.1"),
        ((("Hostname", "192.0.2.1"),), Family.IPV4, "127.0.0.1"),
        (("fd00:50::11",), Family.IPV4, "127.0.0.1"),
        (("192.168.50.11", "FD00:50::11"), Family.IPV6, "fd00:50::11"),
        ((), Family.IPV6, "::1"),
        (("no address",), Family.IPV4, "127.0.0.1"),
    ],
)
def test_a_node_is_known_by_its_first_internal_address(
    addresses: tuple[Any, ...], family: Family, expected: str
) -> None:
    assert on(*addresses, family=family).node_ip == expected


@pytest.mark.parametrize(
    ("bind", "expected"),
    [("192.168.50.99", "192.168.50.99"), ("0.0.0.0", "192.168.50.11"), ("::", "192.168.50.11")],  # noqa: S104
)
def test_a_bind_address_is_taken_for_the_node(bind: str, expected: str) -> None:
    assert on("192.168.50.11", bind_address=bind).node_ip == expected


@pytest.mark.parametrize(
    ("settings", "family", "expected"),
    [
        ({}, Family.IPV4, Source("10.244.0.0/16")),
        ({}, Family.IPV6, Source("fd00:10:244::/48")),
        ({"cluster_cidr": ""}, Family.IPV4, None),
        ({"cluster_cidr": "10.244.5.5/16"}, Family.IPV4, Source("10.244.0.0/16")),
        ({"cluster_cidr": "10.244.0.0/16"}, Family.IPV6, None),
        ({"detect_local_mode": "NodeCIDR"}, Family.IPV4, Source("10.244.1.0/24")),
        ({"detect_local_mode": "NodeCIDR"}, Family.IPV6, None),
        (
            {
                "detect_local_mode": "BridgeInterface",
                "detect_local": DetectLocal(bridge_interface="cni0"),
            },
            Family.IPV6,
            InputInterface("cni0"),
        ),
        (
            {
                "detect_local_mode": "InterfaceNamePrefix",
                "detect_local": DetectLocal(interface_name_prefix="veth"),
            },
            Family.IPV4,
            InputInterface("veth", prefix=True),
        ),
    ],
    ids=str,
)
def test_pods_are_told_from_others_as_configured(
    settings: dict[str, Any], family: Family, expected: Source | InputInterface | None
) -> None:
    assert on(family=family, **settings).pods == expected


EVERYWHERE = NodePorts(everywhere=True, addresses=(), localhost=False)
LOCALHOST_TOO = NodePorts(everywhere=True, addresses=(), localhost=True)
NO_LOCALHOST = {"iptables": IPTables(localhost_node_ports=False)}


def only(*addresses: Any, localhost: bool = False) -> NodePorts:
    return NodePorts(everywhere=False, addresses=addresses, localhost=localhost)


@pytest.mark.parametrize(
    ("given", "settings", "expected"),
    [
        ((), {}, LOCALHOST_TOO),
        (("0.0.0.0/0",), {}, LOCALHOST_TOO),
        (("10.0.0.0/8", "1.2.3.4/0"), {}, LOCALHOST_TOO),
        ((), NO_LOCALHOST, EVERYWHERE),
        (("192.168.50.0/24",), {}, only("192.168.50.11")),
        (("127.0.0.0/8",), {}, only("127.0.0.1", localhost=True)),
        (("127.0.0.0/8",), NO_LOCALHOST, only()),
        (("96.0.0.0/3",), {}, only("127.0.0.1", localhost=True)),
        (("127.0.0.2/32",), {}, only(localhost=True)),
        (("198.51.100.0/24",), {}, only()),
        (("fd00::/8",), {}, LOCALHOST_TOO),
        (("primary",), {}, only("192.168.50.11")),
        (
            ("192.168.0.0/16", "127.0.0.1/32"),
            {},
            only("127.0.0.1", "192.168.50.11", localhost=True),
        ),
    ],
    ids=str,
)
def test_node_ports_answer_where_configured_in_iptables_mode(
    given: tuple[str, ...], settings: dict[str, Any], expected: NodePorts
) -> None:
    """Source: kubernetes pkg/proxy/util/nodeport_addresses.go."""
    found = on("192.168.50.11", "fd00:50::11", node_port_addresses=given, **settings)

    assert found.node_ports == expected


@pytest.mark.parametrize(
    ("given", "family", "expected"),
    [
        ((), Family.IPV4, only("192.168.50.11")),
        (None, Family.IPV6, EVERYWHERE),
        (("0.0.0.0/0",), Family.IPV4, EVERYWHERE),
        (("127.0.0.0/8",), Family.IPV4, only()),
        (("192.168.0.0/16",), Family.IPV4, only("192.168.50.11", "192.168.60.11")),
    ],
    ids=str,
)
def test_node_ports_answer_at_the_first_address_by_default_in_nftables_mode(
    given: tuple[str, ...] | None, family: Family, expected: NodePorts
) -> None:
    addresses = ("192.168.50.11", "192.168.60.11")

    found = on(*addresses, node_port_addresses=given, family=family, mode=Mode.NFTABLES)

    assert found.node_ports == expected


def test_localhost_is_never_served_in_ipv6() -> None:
    found = on("fd00:50::11", family=Family.IPV6, node_port_addresses=("::/0",))

    assert found.node_ports == EVERYWHERE


@pytest.mark.parametrize(
    ("mode", "settings", "mark", "masquerade_all"),
    [
        (Mode.IPTABLES, {}, 0x4000, False),
        (Mode.IPTABLES, {"iptables": IPTables(masquerade_bit=0)}, 1, False),
        (
            Mode.IPTABLES,
            {"nftables": NFTables(masquerade_bit=5, masquerade_all=True)},
            0x4000,
            False,
        ),
        (Mode.NFTABLES, {"nftables": NFTables(masquerade_bit=5, masquerade_all=True)}, 32, True),
        (Mode.IPTABLES, {"iptables": IPTables(masquerade_all=True)}, 0x4000, True),
    ],
    ids=str,
)
def test_each_mode_has_settings_of_its_own(
    mode: Mode,
    settings: dict[str, Any],
    mark: int,
    masquerade_all: bool,
) -> None:
    found = on(mode=mode, **settings)

    assert (found.mark, found.masquerade_all) == (mark, masquerade_all)


def test_invalid_packets_pass_when_conntrack_is_liberal() -> None:
    assert on().drops_invalid
    assert not on(conntrack=Conntrack(tcp_be_liberal=True)).drops_invalid


def test_a_node_may_say_nothing_of_itself() -> None:
    (bare,) = cluster({"kind": "Node", "metadata": {"name": "n1"}}).nodes

    found = node_config(KubeProxyConfiguration(), bare, Family.IPV4, Mode.NFTABLES)

    assert (found.node_ip, found.pods, found.node_ports) == ("127.0.0.1", None, EVERYWHERE)
