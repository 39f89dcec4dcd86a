"""Which service ports there are, and what is read off a Service."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.netfilter.model import Family
from svcnet.proxy.addresses import spelled
from svcnet.proxy.services import ServicePort, service_ports
from tests.proxy.building import HTTP, cluster, service


def ports_of(*services: dict[str, Any], family: Family = Family.IPV4) -> list[ServicePort]:
    return service_ports(cluster(*services).services, family)


def port_of(**fields: Any) -> ServicePort:
    (port,) = ports_of(service(**fields))
    return port


@pytest.mark.parametrize(
    "fields",
    [
        {"clusterIP": "None"},
        {"clusterIP": ""},
        {"clusterIP": "no address"},
        {"clusterIP": "fd00:10:96::a"},
        {"type": "ExternalName", "externalIPs": ["192.0.2.1"]},
        {"labels": {"service.kubernetes.io/service-proxy-name": ""}},
        {"ports": []},
        {"ports": [{**HTTP, "port": 0}]},
        {"ports": [{**HTTP, "protocol": "ICMP"}]},
        {"ipFamilies": ["IPv6"], "clusterIPs": ["fd00:10:96::a"]},
        {"ipFamilies": ["IPv6", "IPv4"], "clusterIPs": ["fd00:10:96::a"]},
    ],
    ids=str,
)
def test_some_services_have_no_ports_in_a_family(fields: dict[str, Any]) -> None:
    assert ports_of(service(**fields)) == []


def test_the_headless_label_hides_slices_only() -> None:
    """Since 1.36; headless Services are known by their cluster IP."""
    labels = {"service.kubernetes.io/headless": ""}

    assert len(ports_of(service(labels=labels))) == 1


def test_a_family_has_the_cluster_ip_at_its_own_place() -> None:
    both: dict[str, Any] = {
        "ipFamilies": ["IPv6", "IPv4"],
        "clusterIPs": ["FD00:10:96:0::A", "10.96.0.10"],
        "clusterIP": "fd00:10:96::a",
    }

    (four,) = ports_of(service(**both))
    (six,) = ports_of(service(**both), family=Family.IPV6)

    assert (four.cluster_ip, six.cluster_ip) == ("10.96.0.10", "fd00:10:96::a")


def test_ports_go_by_namespace_name_and_index() -> None:
    https = {"name": "https", "port": 443, "protocol": "TCP"}
    dns = {"port": 53, "protocol": "UDP"}

    found = ports_of(service("web", ports=[https, HTTP]), service("dns", ports=[dns]))

    assert [each.name for each in found] == ["shop/dns", "shop/web:https", "shop/web:http"]
    assert [each.protocol for each in found] == ["udp", "tcp", "tcp"]


def test_a_later_port_of_the_same_name_replaces_an_earlier_one() -> None:
    (port,) = ports_of(service(ports=[HTTP, {**HTTP, "port": 8080}]))

    assert port.number == 8080


def test_the_same_name_may_stand_for_two_protocols() -> None:
    dns = [{"name": "dns", "port": 53, "protocol": each} for each in ("TCP", "UDP")]

    assert [each.protocol for each in ports_of(service(ports=dns))] == ["tcp", "udp"]


def test_external_ips_are_those_of_the_family_that_can_be_read() -> None:
    port = port_of(externalIPs=["192.0.2.1", "2001:db8::1", "none", "192.0.02.2"])

    assert port.external_ips == ("192.0.2.1", "192.0.2.2")


def test_external_ips_can_be_switched_off() -> None:
    services = cluster(service(externalIPs=["192.0.2.1"])).services

    (port,) = service_ports(services, Family.IPV4, external_ips=False)

    assert port.external_ips == ()


def test_addresses_at_which_the_balancer_rewrites_packets_itself_are_not_vips() -> None:
    """Source: KEP-1860."""
    port = port_of(
        ingress=[
            {"ip": "203.0.113.1"},
            {"ip": "203.0.113.2", "ipMode": "VIP"},
            {"ip": "203.0.113.3", "ipMode": "Proxy"},
            {"hostname": "lb.example"},
            {"ip": "2001:db8::1"},
        ]
    )

    assert port.vips == ("203.0.113.1", "203.0.113.2")


def test_source_ranges_are_those_of_the_family_trimmed_and_masked() -> None:
    port = port_of(
        loadBalancerSourceRanges=[" 198.51.100.77/24 ", "2001:db8::/32", "192.0.2.064/26"]
    )

    assert [spelled(each) for each in port.source_ranges] == ["198.51.100.0/24", "192.0.2.64/26"]


def test_a_source_range_of_everything_lifts_the_others() -> None:
    assert port_of(loadBalancerSourceRanges=["198.51.100.0/24", "0.0.0.0/0"]).source_ranges == ()


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({}, 0),
        ({"sessionAffinity": "None"}, 0),
        ({"sessionAffinity": "ClientIP"}, 10800),
        ({"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {}}}, 10800),
        (
            {
                "sessionAffinity": "ClientIP",
                "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 90}},
            },
            90,
        ),
    ],
    ids=str,
)
def test_clients_stay_as_long_as_the_service_says(fields: dict[str, Any], seconds: int) -> None:
    assert port_of(**fields).sticky_seconds == seconds


LOCAL = {"externalTrafficPolicy": "Local"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({**LOCAL, "type": "NodePort"}, True),
        ({**LOCAL, "type": "LoadBalancer"}, True),
        ({**LOCAL, "type": "ClusterIP"}, False),
        ({**LOCAL, "type": "ClusterIP", "externalIPs": ["192.0.2.1"]}, True),
        ({"type": "NodePort", "externalTrafficPolicy": "Cluster"}, False),
    ],
    ids=str,
)
def test_the_external_policy_counts_where_there_is_an_outside(
    fields: dict[str, Any],
    expected: bool,
) -> None:
    """Source: kubernetes pkg/api/v1/service/util.go ExternalPolicyLocal()."""
    assert port_of(**fields).external_local is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({**LOCAL, "type": "LoadBalancer"}, 30200),
        ({"type": "LoadBalancer", "externalTrafficPolicy": "Cluster"}, 0),
        ({**LOCAL, "type": "NodePort"}, 0),
    ],
    ids=str,
)
def test_health_checks_are_for_balancers_under_policy_local(
    fields: dict[str, Any], expected: int
) -> None:
    assert port_of(healthCheckNodePort=30200, **fields).health_check_port == expected


NODE_PORT = {"ports": [{**HTTP, "nodePort": 30080}]}


@pytest.mark.parametrize(
    ("fields", "accessible", "cluster_endpoints", "local_endpoints"),
    [
        ({}, False, True, False),
        (NODE_PORT, True, True, False),
        ({"internalTrafficPolicy": "Local"}, False, False, True),
        ({"internalTrafficPolicy": "Local", **NODE_PORT}, True, True, True),
        ({**LOCAL, "type": "NodePort", **NODE_PORT}, True, True, True),
        ({**LOCAL, "type": "NodePort"}, False, True, False),
    ],
    ids=str,
)
def test_policies_tell_which_endpoints_are_needed(
    fields: dict[str, Any],
    accessible: bool,
    cluster_endpoints: bool,
    local_endpoints: bool,
) -> None:
    """Source: kubernetes pkg/proxy/serviceport.go UsesClusterEndpoints(), UsesLocalEndpoints()."""
    port = port_of(**fields)

    assert port.externally_accessible is accessible
    assert port.uses_cluster_endpoints is cluster_endpoints
    assert port.uses_local_endpoints is local_endpoints
