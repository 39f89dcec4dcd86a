"""For which zones and nodes endpoints are meant."""

from __future__ import annotations

import pytest

from svcnet.api.keys import Document
from svcnet.store.transaction import Transaction
from tests.control.workbench import (
    changed,
    endpoints,
    pod,
    selecting,
    settled,
)


@pytest.mark.parametrize(
    ("distribution", "hints"),
    [
        ("PreferClose", {"forZones": [{"name": "zone-a"}]}),
        ("PreferSameZone", {"forZones": [{"name": "zone-a"}]}),
        ("PreferSameNode", {"forNodes": [{"name": "n1"}], "forZones": [{"name": "zone-a"}]}),
    ],
)
def test_hints_follow_traffic_distribution(distribution: str, hints: Document) -> None:
    document = selecting("web", trafficDistribution=distribution)

    txn = settled(pod("p"), document, nodes=["n1:zone-a"])

    assert endpoints(txn, "web")[0]["hints"] == hints
    changed(txn, "Service", "web", trafficDistribution=None)
    assert "hints" not in endpoints(txn, "web")[0]


def zoned_hints(txn: Transaction) -> list[str]:
    return sorted(each["hints"]["forZones"][0]["name"] for each in endpoints(txn, "web"))


def test_topology_mode_auto_shares_endpoints_by_cpu() -> None:
    """Two zones with the same CPUs get two endpoints each, also where three pods are in one."""
    document = selecting("web")
    document["metadata"]["annotations"] = {"service.kubernetes.io/topology-mode": "Auto"}
    txn = settled(
        *(pod(f"a{number}", nodeName="n1") for number in range(3)),
        pod("b", nodeName="n2"),
        document,
        nodes=["n1:zone-a", "n2:zone-b"],
    )

    assert zoned_hints(txn) == ["zone-a", "zone-a", "zone-b", "zone-b"]


def test_topology_mode_auto_needs_an_endpoint_for_every_zone() -> None:
    document = selecting("web")
    document["metadata"]["annotations"] = {"service.kubernetes.io/topology-mode": "Auto"}

    txn = settled(pod("p"), document, nodes=["n1:zone-a", "n2:zone-b"])

    assert "hints" not in endpoints(txn, "web")[0]
