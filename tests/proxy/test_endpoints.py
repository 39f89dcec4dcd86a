"""Which endpoints a service port has, and which of them a node may use."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.netfilter.model import Family
from svcnet.proxy.endpoints import Usable, endpoints_by_port, usable
from svcnet.proxy.services import PortKey, service_ports
from tests.proxy.building import HTTP, Document, cluster, endpoint, endpoint_slice, service

KEY = PortKey("shop", "cart", "http", "tcp")


def sockets(*slices: Document, family: Family = Family.IPV4, key: PortKey = KEY) -> list[str]:
    found = endpoints_by_port(cluster(*slices).slices, family)
    return [each.socket for each in found.get(key, ())]


def test_endpoints_are_ordered_by_socket_as_text() -> None:
    given = [endpoint(f"10.244.1.{each}") for each in (9, 100, 10)]

    found = sockets(endpoint_slice(*given))

    assert found == ["10.244.1.100:8080", "10.244.1.10:8080", "10.244.1.9:8080"]


def test_all_slices_of_a_service_count_whatever_they_are_called() -> None:
    one = endpoint_slice(endpoint("10.244.1.1"), name="zzz")
    other = endpoint_slice(endpoint("10.244.1.2"), name="aaa")
    foreign = endpoint_slice(endpoint("10.244.1.3"), of="other")

    assert sockets(one, other, foreign) == ["10.244.1.1:8080", "10.244.1.2:8080"]


@pytest.mark.parametrize(
    "fields",
    [
        {"addressType": "FQDN"},
        {"addressType": "IPv6"},
        {"labels": {"kubernetes.io/service-name": ""}},
        {"labels": {"service.kubernetes.io/headless": ""}},
        {"ports": None},
        {"ports": [{"port": 8080, "protocol": "TCP"}]},
        {"ports": [{"name": "http", "protocol": "TCP"}]},
        {"ports": [{"name": "http", "port": 0, "protocol": "TCP"}]},
        {"ports": [{"name": "http", "port": 8080, "protocol": "UDP"}]},
        {"ports": [{"name": "https", "port": 8080, "protocol": "TCP"}]},
    ],
    ids=str,
)
def test_some_slices_say_nothing_of_a_port(fields: dict[str, Any]) -> None:
    assert sockets(endpoint_slice(endpoint("10.244.1.1"), **fields)) == []


def test_what_says_nothing_hides_nothing_behind_it() -> None:
    """Neither a slice, nor a port, nor an endpoint that is passed over ends the search."""
    # Slices are gone through backwards, so the odd one comes first.
    odd = endpoint_slice(endpoint("10.244.1.9"), name="zzz", addressType="FQDN")
    nameless = {"port": 1, "protocol": "TCP"}
    # Without a word the protocol is TCP.
    ports = [nameless, {"name": "http", "port": 8080}]
    # The second has the address of the first, and is going; the third is still to be met.
    going = endpoint("10.244.1.1", terminating=True)
    given = [endpoint("10.244.1.1"), going, endpoint("10.244.1.2")]

    assert sockets(odd, endpoint_slice(*given, name="aaa", ports=ports)) == [
        "10.244.1.1:8080",
        "10.244.1.2:8080",
    ]


def test_the_proxy_name_label_hides_services_only() -> None:
    """Since 1.36."""
    labels = {"service.kubernetes.io/service-proxy-name": "other"}

    assert len(sockets(endpoint_slice(endpoint("10.244.1.1"), labels=labels))) == 1


def test_lists_may_be_null_and_addresses_unreadable() -> None:
    odd: list[Document] = [
        {"addresses": []},
        {"addresses": None},
        {},
        endpoint("nowhere"),
        endpoint("10.244.1.1"),
    ]

    assert sockets(endpoint_slice(*odd)) == ["10.244.1.1:8080"]
    assert sockets(endpoint_slice(endpoints=None)) == []


def test_a_port_without_a_protocol_is_tcp() -> None:
    ports = [{"name": "http", "port": 8080}]

    assert sockets(endpoint_slice(endpoint("10.244.1.1"), ports=ports)) == ["10.244.1.1:8080"]


def test_endpoints_of_one_port_may_have_several_numbers() -> None:
    one = endpoint_slice(endpoint("10.244.1.1"))
    ports = [{"name": "http", "port": 9090, "protocol": "TCP"}]
    other = endpoint_slice(endpoint("10.244.1.2"), name="other", ports=ports)

    assert sockets(one, other) == ["10.244.1.1:8080", "10.244.1.2:9090"]


def test_only_the_first_address_counts_in_canonical_form() -> None:
    given = endpoint("FD00:10:244:1:0::2")
    given["addresses"].append("fd00:10:244:1::3")

    found = sockets(endpoint_slice(given, addressType="IPv6"), family=Family.IPV6)

    assert found == ["[fd00:10:244:1::2]:8080"]


# --- twins ------------------------------------------------------------------------------------


def of_twins(first: Document, second: Document) -> str:
    """Return the node of the endpoint that stays; slices are met from the last to the first."""
    slices = (endpoint_slice(second, name="a"), endpoint_slice(first, name="b"))
    ((kept,),) = endpoints_by_port(cluster(*slices).slices, Family.IPV4).values()
    return kept.node


def test_of_twins_the_later_one_stays() -> None:
    assert of_twins(endpoint("10.244.1.1", "n1"), endpoint("10.244.1.1", "n2")) == "n2"


def test_a_terminating_twin_replaces_nobody() -> None:
    """Source: kubernetes/kubernetes#135593."""
    terminating = endpoint("10.244.1.1", "n2", ready=False, terminating=True)

    assert of_twins(endpoint("10.244.1.1", "n1"), terminating) == "n1"
    assert of_twins(terminating, endpoint("10.244.1.1", "n1")) == "n1"


# --- what a node may use ----------------------------------------------------------------------


def used(*endpoints: Document, node: str = "n1", zone: str = "a", **spec: Any) -> Usable:
    watched = cluster(service(**spec), endpoint_slice(*endpoints))
    (port,) = service_ports(watched.services, Family.IPV4)
    found = endpoints_by_port(watched.slices, Family.IPV4).get(port.key, ())
    return usable(port, found, node, zone)


def last_bytes(endpoints: Any) -> list[int]:
    return [int(each.address.rpartition(".")[2]) for each in endpoints]


READY: Document = {"ready": True}
UNREADY: Document = {"ready": False}
DRAINING: Document = {"ready": False, "serving": True, "terminating": True}
GONE: Document = {"ready": False, "serving": False, "terminating": True}
INTERNAL_LOCAL: Document = {"internalTrafficPolicy": "Local"}
EXTERNAL_LOCAL: Document = {
    "type": "NodePort",
    "ports": [{**HTTP, "nodePort": 30080}],
    "externalTrafficPolicy": "Local",
}


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([READY, UNREADY, DRAINING, GONE], [1]),
        ([{}, {"serving": False}], [1, 2]),
        ([UNREADY, DRAINING, GONE, DRAINING], [2, 4]),
        ([UNREADY, GONE], []),
        ([{"ready": False, "terminating": True}], [1]),
    ],
    ids=str,
)
def test_draining_endpoints_serve_when_none_is_ready(
    conditions: list[Document], expected: list[int]
) -> None:
    """Source: KEP-1669."""
    given = [endpoint(f"10.244.1.{i}", **each) for i, each in enumerate(conditions, 1)]

    found = used(*given)

    assert last_bytes(found.cluster) == last_bytes(found.reachable) == expected
    assert found.has_any_endpoints is bool(expected)
    assert found.local == ()


def test_policy_local_keeps_to_the_node() -> None:
    found = used(endpoint("10.244.1.1", "n1"), endpoint("10.244.2.2", "n2"), **INTERNAL_LOCAL)

    assert last_bytes(found.local) == last_bytes(found.reachable) == [1]
    assert found.cluster == ()
    assert found.has_any_endpoints


@pytest.mark.parametrize(
    ("conditions", "has_any_endpoints"), [(READY, True), (DRAINING, True), (GONE, False)]
)
def test_endpoints_elsewhere_tell_a_drop_from_a_reject(
    conditions: dict[str, bool],
    has_any_endpoints: bool,
) -> None:
    found = used(endpoint("10.244.2.2", "n2", **conditions), **INTERNAL_LOCAL)

    assert (found.local, found.has_any_endpoints) == ((), has_any_endpoints)


def test_both_policies_fall_back_to_draining_endpoints_by_themselves() -> None:
    found = used(
        endpoint("10.244.1.1", "n1", **DRAINING), endpoint("10.244.2.2", "n2"), **EXTERNAL_LOCAL
    )

    assert last_bytes(found.cluster) == [2]
    assert last_bytes(found.local) == [1]
    assert last_bytes(found.reachable) == [2, 1]


def test_an_endpoint_without_a_node_is_local_nowhere() -> None:
    assert used(endpoint("10.244.1.1"), **INTERNAL_LOCAL).local == ()


def hinted(number: int, *zones: str, nodes: tuple[str, ...] = (), **conditions: Any) -> Document:
    hints = {
        "forZones": [{"name": each} for each in zones],
        "forNodes": [{"name": each} for each in nodes],
    }
    return endpoint(f"10.244.1.{number}", f"n{number}", hints=hints, **conditions)


def test_hints_for_the_zone_are_followed() -> None:
    found = used(hinted(1, "a"), hinted(2, "b"), hinted(3, "b", "a"))

    assert last_bytes(found.cluster) == [1, 3]


@pytest.mark.parametrize("zone", ["", "c"])
def test_without_an_endpoint_for_the_zone_all_are_used(zone: str) -> None:
    assert last_bytes(used(hinted(1, "a"), hinted(2, "b"), zone=zone).cluster) == [1, 2]


def test_one_ready_endpoint_without_a_hint_undoes_all_hints() -> None:
    assert last_bytes(used(hinted(1, "a"), hinted(2)).cluster) == [1, 2]
    assert last_bytes(used(hinted(1, "a"), hinted(2, ready=False)).cluster) == [1]


def test_hints_do_not_count_for_draining_endpoints() -> None:
    found = used(hinted(1, "b", **DRAINING), hinted(2, "a", **DRAINING))

    assert last_bytes(found.cluster) == [1, 2]


def test_hints_for_the_node_go_before_those_for_the_zone() -> None:
    """Source: KEP-3015."""
    given = (hinted(1, "a", nodes=("n1",)), hinted(2, "a", nodes=("n2",)))

    assert last_bytes(used(*given).cluster) == [1]
    assert last_bytes(used(*given, node="n3").cluster) == [1, 2]


def test_node_hints_count_only_if_every_ready_endpoint_has_one() -> None:
    given = (hinted(1, "a", nodes=("n1",)), hinted(2, "a"))

    assert last_bytes(used(*given).cluster) == [1, 2]


def test_what_either_policy_needs_is_reachable_under_hints() -> None:
    found = used(hinted(1, "b"), hinted(2, "a"), **EXTERNAL_LOCAL)

    assert last_bytes(found.cluster) == [2]
    assert last_bytes(found.local) == [1]
    assert last_bytes(found.reachable) == [2, 1]
