"""What a node does with traffic, before there are rules."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from svcnet.api.kubeproxy import IPTables
from svcnet.errors import NotFound
from svcnet.netfilter.model import Family, Source
from svcnet.proxy.addresses import Address
from svcnet.proxy.node import Mode
from svcnet.proxy.plan import Firewall, Planner, Route, Treatment
from tests.proxy.building import (
    CONFIG,
    HTTP,
    Document,
    cluster,
    endpoint,
    endpoint_slice,
    node,
    planned,
    planned_port,
    service,
)

HERE, AWAY = endpoint("10.244.1.1", "n1"), endpoint("10.244.2.2", "n2")
NODE_PORT: Document = {"type": "NodePort", "ports": [{**HTTP, "nodePort": 30080}]}


@pytest.mark.parametrize(
    ("policy", "endpoints", "expected"),
    [
        ("Cluster", [HERE, AWAY], Route.CLUSTER),
        ("Cluster", [], Route.REJECT),
        ("Local", [HERE, AWAY], Route.LOCAL),
        ("Local", [AWAY], Route.DROP),
        ("Local", [], Route.REJECT),
    ],
)
def test_traffic_goes_where_the_policies_say(
    policy: str, endpoints: list[Document], expected: Route
) -> None:
    slices = endpoint_slice(*endpoints)

    inside = planned_port(service(**NODE_PORT, internalTrafficPolicy=policy), slices)
    outside = planned_port(service(**NODE_PORT, externalTrafficPolicy=policy), slices)

    assert inside.internal is expected
    assert outside.external is expected


def test_an_entry_stays_for_those_that_the_policy_spares() -> None:
    plan = planned_port(service(**NODE_PORT, externalTrafficPolicy="Local"), endpoint_slice(AWAY))

    assert plan.external is Route.DROP
    assert (plan.node_port, plan.refused_node_port) == (30080, 30080)
    assert list(plan.treatments(Source("10.244.0.0/16"))) == [
        Treatment.SHORT_CIRCUIT_PODS,
        Treatment.MASQUERADE_LOCAL,
        Treatment.SHORT_CIRCUIT_LOCAL,
    ]


def test_pods_are_not_spared_where_they_cannot_be_told_from_others() -> None:
    plan = planned_port(service(**NODE_PORT, externalTrafficPolicy="Local"), endpoint_slice(HERE))

    assert list(plan.treatments(None)) == [
        Treatment.MASQUERADE_LOCAL,
        Treatment.SHORT_CIRCUIT_LOCAL,
        Treatment.DELIVER,
    ]


def test_under_policy_cluster_all_is_masqueraded() -> None:
    plan = planned_port(service(**NODE_PORT), endpoint_slice(AWAY))

    assert list(plan.treatments(None)) == [Treatment.MASQUERADE, Treatment.DELIVER]


@pytest.mark.parametrize(
    ("spec", "endpoints"),
    [({}, [HERE]), (NODE_PORT, [])],
    ids=["nothing outside", "no endpoints"],
)
def test_there_is_no_entry_without_need(spec: Document, endpoints: list[Document]) -> None:
    assert not planned_port(service(**spec), endpoint_slice(*endpoints)).uses_external_chain


def firewall(*ranges: str, ingress: tuple[str, ...] = ("203.0.113.1",)) -> Firewall | None:
    vips = [{"ip": each} for each in ingress]
    balanced = service(type="LoadBalancer", ingress=vips, loadBalancerSourceRanges=ranges)
    return planned_port(balanced, endpoint_slice(HERE)).firewall


def test_source_ranges_guard_the_balancers_addresses() -> None:
    assert firewall("198.51.100.1/24") == Firewall(("198.51.100.0/24",), ())
    assert firewall("198.51.100.0/24", ingress=()) is None
    assert firewall() is None
    assert firewall("2001:db8::/32") is None
    assert firewall("0.0.0.0/0", "198.51.100.0/24") is None


def test_a_node_in_a_range_may_use_the_addresses_itself() -> None:
    assert firewall("192.168.50.0/24") == Firewall(("192.168.50.0/24",), (Address("203.0.113.1"),))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, (Source("10.244.0.0/16", negated=True),)),
        ({"cluster_cidr": ""}, None),
        ({"iptables": IPTables(masquerade_all=True), "cluster_cidr": ""}, ()),
    ],
    ids=str,
)
def test_traffic_to_cluster_ips_is_masqueraded_unless_pods_send_it(
    settings: dict[str, Any], expected: object
) -> None:
    assert planned(config=replace(CONFIG, **settings)).masqueraded_cluster_ips == expected


def test_service_ranges_are_those_of_the_family() -> None:
    ranges = {
        "kind": "ServiceCIDR",
        "metadata": {"name": "kubernetes"},
        "spec": {"cidrs": ["10.96.0.0/12", "fd00:10:96::/112"]},
    }

    assert planned(ranges).service_ranges == ("10.96.0.0/12",)
    assert planned(ranges, family=Family.IPV6).service_ranges == ("fd00:10:96::/112",)
    assert planned().service_ranges == ()


def test_all_endpoints_count_for_the_size_of_a_cluster() -> None:
    """Also those that are not ready, and once for each service port."""
    ports = [HTTP, {"name": "https", "port": 443, "protocol": "TCP"}]
    sliced = [{"name": each, "port": 80, "protocol": "TCP"} for each in ("http", "https", "gone")]
    unready = endpoint("10.244.1.9", ready=False)

    found = planned(service(ports=ports), endpoint_slice(HERE, unready, ports=sliced))

    assert found.endpoint_count == 4


def test_external_ips_can_be_switched_off() -> None:
    config = replace(CONFIG, feature_gates={"AllowServiceExternalIPs": False})

    found = planned_port(service(externalIPs=["192.0.2.1"]), endpoint_slice(HERE), config=config)

    assert found.port.external_ips == ()


def test_a_node_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound, match='nodes "n9" not found'):
        planned(on="n9")


def test_nodes_share_what_does_not_depend_on_them() -> None:
    shared = service("shared")
    own = service("own", internalTrafficPolicy="Local", clusterIP="10.96.0.11")
    slices = [endpoint_slice(HERE, AWAY, of=each, name=each) for each in ("shared", "own")]
    watched = cluster(node("n1"), node("n2"), shared, own, *slices)
    planner = Planner(watched, CONFIG, Family.IPV4, Mode.IPTABLES)

    (own1, shared1), (own2, shared2) = planner.plan("n1").ports, planner.plan("n2").ports

    assert shared1 is shared2
    assert own1.usable.local != own2.usable.local


def test_hints_count_for_the_zone_of_the_node() -> None:
    near, far = (
        endpoint(address, hints={"forZones": [{"name": zone}]})
        for address, zone in (("10.244.1.1", "a"), ("10.244.2.2", "b"))
    )

    plan = planned_port(service(), endpoint_slice(near, far), node(zone="a"))

    assert [each.address for each in plan.usable.cluster] == ["10.244.1.1"]


@pytest.mark.parametrize(
    ("gates", "expected"),
    [({}, ["198.51.100.1"]), ({"AllowServiceExternalIPs": False}, [])],
)
def test_external_ips_have_rules_unless_they_are_switched_off(
    gates: dict[str, bool], expected: list[str]
) -> None:
    config = replace(CONFIG, feature_gates=gates)

    plan = planned_port(service(externalIPs=["198.51.100.1"]), config=config)

    assert list(plan.port.external_ips) == expected


def test_hints_count_for_a_node_that_has_no_endpoint_itself() -> None:
    """Beside a policy that counts those of the node only."""
    near, far = (
        endpoint(address, on, hints={"forNodes": [{"name": name}]})
        for address, on, name in (("10.244.2.1", "n2", "n1"), ("10.244.3.1", "n3", "n3"))
    )

    plan = planned_port(
        service(**NODE_PORT, externalTrafficPolicy="Local"), endpoint_slice(near, far)
    )

    assert [each.address for each in plan.usable.cluster] == ["10.244.2.1"]
