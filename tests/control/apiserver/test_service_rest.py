"""Families, cluster IPs and node ports of Services, as recorded."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from svcnet.api.keys import Document
from svcnet.control.apiserver import registry, requests
from svcnet.errors import InternalError, Invalid, StatusError
from svcnet.store.pools import Pool
from tests.control.clusters import DUAL, cluster, created, held, key, merged, service, service_cidr


def refused(error: pytest.ExceptionInfo[Any]) -> list[str]:
    """The broken rules, without the introduction."""
    assert isinstance(error.value, Invalid)
    return [str(each) for each in error.value.faults]


class TestFamilies:
    """Recorded on a dual-stack and on a single-stack cluster."""

    @pytest.mark.parametrize(
        ("asked", "policy", "families"),
        [
            ({}, "SingleStack", ["IPv4"]),
            ({"ipFamilyPolicy": "PreferDualStack"}, "PreferDualStack", ["IPv4", "IPv6"]),
            ({"ipFamilyPolicy": "RequireDualStack"}, "RequireDualStack", ["IPv4", "IPv6"]),
            ({"ipFamilies": ["IPv6"]}, "SingleStack", ["IPv6"]),
            (
                {"ipFamilyPolicy": "PreferDualStack", "ipFamilies": ["IPv6"]},
                "PreferDualStack",
                ["IPv6", "IPv4"],
            ),
            ({"clusterIP": "fd00:10:96::77"}, "SingleStack", ["IPv6"]),
        ],
    )
    def test_a_dual_stack_cluster_gives_an_address_of_each_family(
        self, asked: Document, policy: str, families: list[str]
    ) -> None:
        spec = created(cluster(DUAL), "s", selector={"app": "web"}, **asked)

        assert spec["ipFamilyPolicy"] == policy
        assert spec["ipFamilies"] == families
        versions = [f"IPv{ip_address(each).version}" for each in spec["clusterIPs"]]
        assert versions == families
        assert spec["clusterIP"] == spec["clusterIPs"][0]

    @pytest.mark.parametrize(
        ("asked", "policy", "families"),
        [
            ({"ipFamilyPolicy": "PreferDualStack"}, "PreferDualStack", ["IPv4"]),
            ({"clusterIP": "None"}, "RequireDualStack", ["IPv4", "IPv6"]),
            ({"clusterIP": "None", "selector": {"app": "web"}}, "SingleStack", ["IPv4"]),
        ],
    )
    def test_a_single_stack_cluster_gives_what_it_has(
        self, asked: Document, policy: str, families: list[str]
    ) -> None:
        spec = created(cluster(), "s", **asked)

        assert (spec["ipFamilyPolicy"], spec["ipFamilies"]) == (policy, families)

    @pytest.mark.parametrize(
        ("asked", "fault"),
        [
            (
                {"ipFamilyPolicy": "RequireDualStack"},
                'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": '
                "this cluster is not configured for dual-stack services",
            ),
            (
                {"ipFamilies": ["IPv6"]},
                'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
            ),
            (
                {"ipFamilies": ["IPv4", "IPv6"]},
                'spec.ipFamilyPolicy: Invalid value: "SingleStack": must be '
                "'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified",
            ),
            (
                {"clusterIP": "fd00:10:96::1"},
                'spec.clusterIPs[0]: Invalid value: ["fd00:10:96::1"]: '
                "IPv6 is not configured on this cluster",
            ),
        ],
    )
    def test_a_single_stack_cluster_refuses_the_other_family(
        self, asked: Document, fault: str
    ) -> None:
        with pytest.raises(Invalid) as error:
            created(cluster(), "s", selector={"app": "web"}, **asked)

        assert refused(error) == [fault]

    def test_a_second_family_comes_and_goes_with_the_policy(self) -> None:
        txn = cluster(DUAL)
        first = created(txn, "s")["clusterIP"]

        grown = merged(txn, "s", ipFamilyPolicy="PreferDualStack")
        shrunk = merged(txn, "s", ipFamilyPolicy="SingleStack")

        assert grown["ipFamilies"] == ["IPv4", "IPv6"]
        assert grown["clusterIPs"][0] == first
        assert (shrunk["ipFamilies"], shrunk["clusterIPs"]) == (["IPv4"], [first])
        assert [value for value, owner in held(txn, Pool.CLUSTER_IPS).items() if owner == key("s")]

    def test_a_second_address_is_not_dropped_under_a_dual_stack_policy(self) -> None:
        txn = cluster(DUAL)
        first = created(txn, "s", ipFamilyPolicy="RequireDualStack")["clusterIP"]

        with pytest.raises(Invalid) as error:
            merged(txn, "s", clusterIPs=[first], ipFamilies=["IPv4"])

        assert refused(error) == [
            "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": must be 'SingleStack' "
            f"to release the secondary {what}"
            for what in ("cluster IP", "IP family")
        ]

    def test_a_headless_service_stays_so(self) -> None:
        """Recorded: its families do not fit a cluster IP on a single-stack cluster."""
        txn = cluster()
        created(txn, "hl", clusterIP="None")

        with pytest.raises(Invalid) as error:
            merged(txn, "hl", clusterIP="10.96.0.13")

        assert refused(error) == [
            'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": '
            "this cluster is not configured for dual-stack services",
            'spec.ipFamilies[1]: Invalid value: "IPv6": not configured on this cluster',
        ]


class TestClusterIPs:
    """Asked for, taken, out of range, full."""

    @pytest.mark.parametrize(
        ("address", "why"),
        [
            ("10.96.0.1", "provided IP is already allocated"),
            ("10.96.0.0", "the provided network does not match the current range"),
            ("10.111.255.255", "the provided network does not match the current range"),
            ("192.168.1.1", "the provided network does not match the current range"),
        ],
    )
    def test_an_address_that_is_not_to_be_had_is_refused(self, address: str, why: str) -> None:
        with pytest.raises(Invalid) as error:
            created(cluster(), "s", clusterIP=address)

        wanted = f'spec.clusterIPs: Invalid value: ["{address}"]: failed to allocate IP {address}'
        assert refused(error) == [f"{wanted}: {why}"]

    def test_allocation_comes_before_validation(self) -> None:
        with pytest.raises(Invalid) as error:
            created(cluster(), "s", clusterIP="10.96.0.1", type="Nonsense", ports=[])

        assert len(refused(error)) == 1

    def test_a_service_without_a_name_is_told_of_its_address(self) -> None:
        with pytest.raises(Invalid) as error:
            created(cluster(), "")

        [fault] = refused(error)
        assert fault.startswith('spec.clusterIPs: Invalid value: [""]: failed to allocate IP: IPA')
        assert fault.endswith("is invalid: spec.parentRef.name: Required value")

    def test_all_fourteen_addresses_of_a_small_range_are_given_once(self) -> None:
        txn = cluster(service_cidrs=("10.0.0.0/28",))
        given = [created(txn, f"s{number}")["clusterIP"] for number in range(13)]

        with pytest.raises(InternalError) as error:
            created(txn, "toomany")
        registry.delete(txn, key("s7"))
        heir = created(txn, "heir")["clusterIP"]

        hosts = {str(each) for each in ip_network("10.0.0.0/28").hosts()}
        assert {*given, "10.0.0.1"} == hosts
        assert len(given) == 13
        assert str(error.value) == (
            'Internal error occurred: failed to allocate a serviceIP for Service "toomany": '
            "range is full"
        )
        assert heir == given[7]

    def test_drawn_addresses_leave_the_static_band_alone(self) -> None:
        txn = cluster(service_cidrs=("10.96.0.0/24",))
        given = [created(txn, f"s{number}")["clusterIP"] for number in range(50)]

        assert all(int(each.rsplit(".", 1)[1]) > 16 for each in given)

    def test_another_range_extends_the_cluster(self) -> None:
        txn = cluster(service_cidrs=("10.0.0.0/29",))
        for number in range(5):
            created(txn, f"s{number}")
        registry.create(txn, service_cidr("extra", "10.100.0.0/28"))

        assert ip_address(created(txn, "more")["clusterIP"]) in ip_network("10.100.0.0/28")
        assert created(txn, "asked", clusterIP="10.100.0.9")["clusterIP"] == "10.100.0.9"

    def test_what_is_left_out_of_an_update_stays(self) -> None:
        txn = cluster()
        before = created(txn, "s")

        assert merged(txn, "s", clusterIP="", clusterIPs=[])["clusterIP"] == before["clusterIP"]
        registry.update(txn, service("s", ports=[{"port": 81}]))
        after = registry.update(txn, service("s", ports=[{"port": 82}])).document["spec"]
        assert after["clusterIPs"] == before["clusterIPs"]

    def test_an_address_has_an_object_that_tells_whose_it_is(self) -> None:
        txn = cluster()
        address = created(txn, "s")["clusterIP"]
        known = txn.get(key(address, "")._replace(resource="ipaddresses.networking.k8s.io"))

        assert known is not None
        assert known["spec"]["parentRef"] == {
            "name": "s",
            "namespace": "default",
            "resource": "services",
        }
        assert known["metadata"]["labels"]["ipaddress.kubernetes.io/ip-family"] == "IPv4"

    def test_a_dry_run_shows_the_base_of_the_range_and_takes_nothing(self) -> None:
        txn = cluster()
        before = held(txn, Pool.CLUSTER_IPS)
        options = requests.WriteOptions(dry_run=True)
        shown = registry.create(txn, service("s", type="NodePort"), options).document["spec"]

        assert (shown["clusterIP"], shown["ports"][0]["nodePort"]) == ("10.96.0.0", 32769)
        assert txn.get(key("s")) is None
        assert held(txn, Pool.CLUSTER_IPS) == before


class TestNodePorts:
    """Asked for, shared, kept on update, given back."""

    def test_ports_of_the_same_number_share_a_node_port_on_creation(self) -> None:
        dns = [{"name": "u", "port": 53, "protocol": "UDP"}, {"name": "t", "port": 53}]
        ports = created(cluster(), "dns", type="NodePort", ports=dns)["ports"]

        assert ports[0]["nodePort"] == ports[1]["nodePort"]

    def test_ports_of_different_numbers_cannot_share_one_on_creation(self) -> None:
        """Recorded, although the same is accepted on update: kubernetes issue 135439."""
        ports = [
            {"name": "t", "port": 53, "nodePort": 30081},
            {"name": "u", "port": 54, "protocol": "UDP", "nodePort": 30081},
        ]
        txn = cluster()

        with pytest.raises(Invalid) as error:
            created(txn, "s", type="NodePort", ports=ports)
        created(txn, "s", type="NodePort", ports=ports[:1])

        assert refused(error) == [
            "spec.ports[1].nodePort: Invalid value: 30081: provided port is already allocated"
        ]
        assert [each["nodePort"] for each in merged(txn, "s", ports=ports)["ports"]] == [30081] * 2

    def test_two_ports_of_one_protocol_cannot_have_one_node_port(self) -> None:
        txn = cluster()
        created(txn, "s", type="NodePort")
        ports = [{"name": name, "port": n, "nodePort": 30080} for name, n in (("a", 1), ("b", 2))]

        with pytest.raises(StatusError, match=r"^duplicate nodePort: \{TCP 30080\}$"):
            merged(txn, "s", ports=ports)

    @pytest.mark.parametrize("port", [29999, 32768, -1])
    def test_ports_out_of_range_are_refused(self, port: int) -> None:
        with pytest.raises(Invalid) as error:
            created(cluster(), "s", type="NodePort", ports=[{"port": 80, "nodePort": port}])

        assert refused(error) == [
            f"spec.ports[0].nodePort: Invalid value: {port}: provided port is not in the valid "
            "range. The range of valid ports is 30000-32767"
        ]

    def test_a_named_port_keeps_its_node_port(self) -> None:
        txn = cluster()
        created(txn, "s", type="NodePort", ports=[{"name": "a", "port": 80, "nodePort": 30080}])
        ports = merged(txn, "s", ports=[{"name": "b", "port": 80}, {"name": "a", "port": 81}])

        assert ports["ports"][1]["nodePort"] == 30080
        assert ports["ports"][0]["nodePort"] != 30080

    def test_the_range_can_be_full(self) -> None:
        txn = cluster(node_ports=(30000, 30003))
        given = [created(txn, f"s{n}", type="NodePort")["ports"][0]["nodePort"] for n in range(4)]

        with pytest.raises(InternalError, match="failed to allocate a nodePort: range is full"):
            created(txn, "s", type="NodePort")

        assert sorted(given) == [30000, 30001, 30002, 30003]
        assert set(held(txn, Pool.CLUSTER_IPS).values()) == {
            key("kubernetes"),
            *(key(f"s{number}") for number in range(4)),
        }

    def test_load_balancers_can_do_without(self) -> None:
        spec = created(cluster(), "s", type="LoadBalancer", allocateLoadBalancerNodePorts=False)

        assert "nodePort" not in spec["ports"][0]

    def test_the_health_check_has_a_port_of_its_own(self) -> None:
        txn = cluster()
        local = {"type": "LoadBalancer", "externalTrafficPolicy": "Local"}
        spec = created(txn, "s", **local)
        created(txn, "t", **local, healthCheckNodePort=30901)

        with pytest.raises(InternalError) as taken:
            created(txn, "u", **local, healthCheckNodePort=30901)
        shared = merged(txn, "s", externalTrafficPolicy="Cluster")

        assert spec["healthCheckNodePort"] not in (0, spec["ports"][0]["nodePort"])
        assert "healthCheckNodePort" not in shared
        assert str(taken.value) == (
            "Internal error occurred: failed to allocate requested HealthCheck NodePort 30901: "
            "provided port is already allocated"
        )


class TestTypeChanges:
    """What is kept, wiped and given back."""

    def test_node_ports_live_as_long_as_the_type_needs_them(self) -> None:
        txn = cluster()
        first = created(txn, "s", type="NodePort")

        balanced = merged(txn, "s", type="LoadBalancer")
        plain = merged(txn, "s", type="ClusterIP")

        assert balanced["ports"][0]["nodePort"] == first["ports"][0]["nodePort"]
        assert "nodePort" not in plain["ports"][0]
        assert not {"externalTrafficPolicy", "allocateLoadBalancerNodePorts"} & set(plain)
        assert plain["clusterIP"] == first["clusterIP"]
        assert held(txn, Pool.NODE_PORTS) == {}

    def test_a_mere_name_gives_everything_back(self) -> None:
        txn = cluster()
        created(txn, "s", type="NodePort")
        spec = merged(txn, "s", type="ExternalName", externalName="b.example.com")

        assert not {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"} & set(spec)
        assert "internalTrafficPolicy" not in spec
        assert key("s") not in held(txn, Pool.CLUSTER_IPS).values()
        assert held(txn, Pool.NODE_PORTS) == {}
        assert created(txn, "t", type="NodePort", ports=[{"port": 1, "nodePort": 30333}])

    def test_a_port_that_a_mere_name_decorates_is_nobodys(self) -> None:
        txn = cluster()
        ports = [{"port": 1, "nodePort": 30001}]
        created(txn, "np", type="ExternalName", externalName="x.example.com", ports=ports)
        created(txn, "s", type="NodePort", ports=ports)

        with pytest.raises(Invalid) as error:
            merged(txn, "np", type="NodePort")

        assert "provided port is already allocated" in refused(error)[0]


class TestMadeAgain:
    """A Service of a name that was there before: the server draws at random each time."""

    def test_it_draws_other_values_than_before(self) -> None:
        txn = cluster()
        seen = []
        for _ in range(4):
            seen.append(created(txn, "s", type="NodePort"))
            registry.delete(txn, key("s"))

        assert len({each["clusterIP"] for each in seen}) == 4
        assert len({each["ports"][0]["nodePort"] for each in seen}) == 4

    def test_the_same_commands_give_the_same_again(self) -> None:
        def second() -> Document:
            txn = cluster()
            created(txn, "s")
            registry.delete(txn, key("s"))
            return created(txn, "s")

        assert second() == second()

    def test_others_draw_as_if_it_had_never_been_there(self) -> None:
        before, after = cluster(), cluster()
        created(after, "s")
        registry.delete(after, key("s"))

        assert created(before, "t")["clusterIP"] == created(after, "t")["clusterIP"]


class TestNodePortsOfALoadBalancerThatNeedsNone:
    """Recorded: `allocateLoadBalancerNodePorts: false` alone gives no port back."""

    def test_they_stay_until_they_are_taken_away(self) -> None:
        txn = cluster()
        spec = created(txn, "s", type="LoadBalancer")
        number = spec["ports"][0]["nodePort"]

        spec = merged(txn, "s", allocateLoadBalancerNodePorts=False)
        assert spec["ports"][0]["nodePort"] == number
        spec = merged(txn, "s", ports=[{"port": 80}])
        assert "nodePort" not in spec["ports"][0]
        assert txn.owner(Pool.NODE_PORTS, number) is None

    def test_who_needs_them_keeps_them(self) -> None:
        txn = cluster()
        number = created(txn, "s", type="LoadBalancer")["ports"][0]["nodePort"]

        assert merged(txn, "s", ports=[{"port": 80}])["ports"][0]["nodePort"] == number

    def test_another_one_is_drawn_when_they_are_wanted_again(self) -> None:
        txn = cluster()
        first = created(txn, "s", type="LoadBalancer")["ports"][0]["nodePort"]
        merged(txn, "s", allocateLoadBalancerNodePorts=False, ports=[{"port": 80}])

        second = merged(txn, "s", allocateLoadBalancerNodePorts=True)["ports"][0]["nodePort"]
        assert second not in (0, first)
