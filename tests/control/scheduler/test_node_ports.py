"""Ports of nodes."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.lean_msgspec import msgspec
from svcnet.api.workloads import PodSpec
from svcnet.control.scheduler.node_ports import HostPort, NodePortsInUse, host_ports


def test_only_ports_of_the_node_count_those_of_sidecars_included() -> None:
    spec: dict[str, Any] = {
        "containers": [{"ports": [{"containerPort": 80, "hostPort": 8080}, {"containerPort": 81}]}],
        "initContainers": [
            {"ports": [{"containerPort": 1, "hostPort": 1}]},
            {
                "restartPolicy": "Always",
                "ports": [{"hostPort": 53, "protocol": "UDP", "hostIP": "127.0.0.1"}],
            },
        ],
    }

    assert host_ports(msgspec.convert(spec, PodSpec)) == (
        HostPort("TCP", 8080),
        HostPort("UDP", 53, "127.0.0.1"),
    )


@pytest.mark.parametrize(
    ("held", "asked", "free"),
    [
        (HostPort("TCP", 80), HostPort("TCP", 80), False),
        (HostPort("TCP", 80), HostPort("UDP", 80), True),
        (HostPort("TCP", 80), HostPort("TCP", 81), True),
        (HostPort("TCP", 80, "127.0.0.1"), HostPort("TCP", 80, "192.0.2.1"), True),
        (HostPort("TCP", 80, "127.0.0.1"), HostPort("TCP", 80, "127.0.0.1"), False),
        (HostPort("TCP", 80, "127.0.0.1"), HostPort("TCP", 80), False),
        (HostPort("TCP", 80), HostPort("TCP", 80, "127.0.0.1"), False),
    ],
)
def test_a_port_is_one_pods_unless_protocol_or_address_differ(
    held: HostPort, asked: HostPort, free: bool
) -> None:
    ports = NodePortsInUse(2)
    ports.add([held], 0)

    assert ports.has_room([asked], 0) is free
    assert ports.has_room([asked], 1)
