"""Where a dump's pods and Services are."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.config import ClusterSettings
from svcnet.control.dump.contents import SourcedDocument, read
from svcnet.control.dump.ranges import PodRange, pod_range, service_cidrs, settings_of

DEFAULT = ClusterSettings()
AFTER = "after the podCIDRs of the nodes"


def node(*cidrs: str, name: str = "n", uid: str = "u") -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "uid": uid},
        "spec": {"podCIDRs": [*cidrs]} if cidrs else {},
    }


def service(*addresses: str, name: str = "s") -> dict[str, Any]:
    spec = {"clusterIPs": [*addresses], "clusterIP": addresses[0]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        # The installers' own: k3s, kubeadm with --pod-network-cidr, OpenShift's size of node.
        ([["10.42.0.0/24"], ["10.42.1.0/24"]], PodRange(("10.42.0.0/16",), AFTER)),
        ([["192.168.0.0/24"]], PodRange(("192.168.0.0/16",), AFTER)),
        ([["10.128.0.0/23"], ["10.130.2.0/23"]], PodRange(("10.128.0.0/14",), AFTER)),
        # Nodes of more than one /16 are all inside.
        ([["10.4.0.0/24"], ["10.5.9.0/24"]], PodRange(("10.4.0.0/15",), AFTER)),
        ([["2001:cafe:42::/64"]], PodRange(("2001:cafe:42::/56",), AFTER)),
        (
            [["10.42.0.0/24", "2001:cafe:42::/64"], ["10.42.1.0/24", "2001:cafe:42:1::/64"]],
            PodRange(("10.42.0.0/16", "2001:cafe:42::/56"), AFTER),
        ),
        # What is known already holds where it can be right.
        ([["10.244.3.0/24"]], PodRange(("10.244.0.0/16",), "")),
        ([["10.244.3.0/24", "fd00:10:244:3::/64"]], PodRange(("10.244.0.0/16",), "")),
        ([[], []], PodRange((), "")),
        ([["nonsense"]], PodRange((), "")),
    ],
)
def test_the_range_is_the_usual_one_around_those_of_the_nodes(
    nodes: list[list[str]], expected: PodRange
) -> None:
    assert pod_range([node(*each) for each in nodes], DEFAULT) == expected


SHARES = st.tuples(st.integers(0, 2**32 - 1), st.integers(8, 28)).map(
    lambda drawn: str(ip_network(drawn, strict=False))
)


@given(st.lists(SHARES, min_size=1, max_size=6))
def test_every_nodes_range_is_inside(shares: list[str]) -> None:
    found = pod_range([node(each) for each in shares], DEFAULT)

    (cidr,) = found.cidrs
    assert all(ip_network(each).subnet_of(ip_network(cidr)) for each in shares)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (["10.96.0.1", "10.101.7.9"], ("10.96.0.0/12",)),
        (["10.43.0.1", "10.43.200.9"], ("10.43.0.0/16",)),
        (["172.20.0.1", "172.21.0.9"], ("172.20.0.0/15",)),
        (["fd00:10:96::1"], ("fd00:10:96::/112",)),
        (["None"], ("10.96.0.0/12",)),
    ],
)
def test_cluster_ips_tell_where_services_are(
    addresses: list[str], expected: tuple[str, ...]
) -> None:
    documents = [service(each, name=f"s{n}") for n, each in enumerate(addresses)]
    contents = read((SourcedDocument(each, "f") for each in documents), "default")

    assert service_cidrs(contents, DEFAULT.service_cidrs) == expected


def test_nodes_of_which_some_have_no_range_get_none() -> None:
    nodes = [node("10.42.0.0/24", name="a"), node(name="b")]
    contents = read((SourcedDocument(each, "f") for each in nodes), "default")

    settings = settings_of(contents, nodes, DEFAULT, "")

    assert settings.cluster_cidrs == ("10.42.0.0/16",)
    assert settings.node_masks == ()
    assert settings.load_balancer_cidr == ""


def test_nodes_written_by_hand_beside_workloads_get_ranges() -> None:
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": {"spec": {}}},
    }
    nodes = [node(name="a", uid="")]
    both = read((SourcedDocument(each, "f") for each in [*nodes, deployment]), "default")
    alone = read((SourcedDocument(each, "f") for each in nodes), "default")

    assert settings_of(both, nodes, DEFAULT, "").cluster_cidrs == DEFAULT.cluster_cidrs
    assert settings_of(both, nodes, DEFAULT, "").node_masks == DEFAULT.node_masks
    assert settings_of(alone, nodes, DEFAULT, "").cluster_cidrs == ()


def test_what_kube_proxy_was_told_goes_before_the_nodes() -> None:
    nodes = [node("10.42.0.0/24")]
    contents = read((SourcedDocument(each, "f") for each in nodes), "default")

    settings = settings_of(contents, nodes, DEFAULT, "10.40.0.0/13,fd00::/56")

    assert (settings.cluster_cidrs, settings.node_masks) == (
        ("10.40.0.0/13", "fd00::/56"),
        (24, 64),
    )


def test_a_manifest_leaves_settings_alone() -> None:
    document = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}}

    contents = read([SourcedDocument(document, "f")], "default")

    assert settings_of(contents, [], DEFAULT, "") == DEFAULT
