"""Flags that decide a cluster's ranges, in the words of what would not start with them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api import component_flags
from svcnet.errors import SvcnetError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.96.0.5/12", ("10.96.0.0/12",)),
        ("10.0.0.0/29", ("10.0.0.0/29",)),
        ("10.0.0.0/8", ("10.0.0.0/8",)),
        ("fd00::/64", ("fd00::/64",)),
        ("fd00:10:96::/112,10.96.0.0/16", ("fd00:10:96::/112", "10.96.0.0/16")),
        ("10.96.0.0/16,fd00::/127", ("10.96.0.0/16", "fd00::/127")),
    ],
)
def test_service_ranges_that_an_api_server_takes(text: str, expected: tuple[str, ...]) -> None:
    assert component_flags.service_cidrs(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "service-cluster-ip-range[0] is not a valid cidr"),
        ("10.96.0.0", "service-cluster-ip-range[0] is not a valid cidr"),
        ("10.96.0.0/33", "service-cluster-ip-range[0] is not a valid cidr"),
        ("10.96.0.0/255.255.0.0", "service-cluster-ip-range[0] is not a valid cidr"),
        ("10.96.0.0/16, fd00::/112", "service-cluster-ip-range[1] is not an ip net"),
        ("10.96.0.0/16,x", "service-cluster-ip-range[1] is not an ip net"),
        (
            "10.0.0.0/30",
            "error determining service IP ranges for primary service cidr: the service cluster IP "
            "range must be at least 8 IP addresses",
        ),
        (
            "fd00::/63",
            "specified --service-cluster-ip-range is too large; for 128-bit addresses, the mask "
            "must be >= 64",
        ),
        (
            "10.0.0.0/16,fd00::/48",
            "specified --service-cluster-ip-range[1] is too large; for 128-bit addresses, the mask "
            "must be >= 64",
        ),
        (
            "10.0.0.0/16,10.1.0.0/16",
            "--service-cluster-ip-range[0] and --service-cluster-ip-range[1] must be of different "
            "IP family",
        ),
        (
            "10.0.0.0/16,fd00::/112,10.1.0.0/16",
            "--service-cluster-ip-range must not contain more than two entries",
        ),
        (
            "10.0.0.0/16,10.1.0.0/16,fd00::/112",
            "[--service-cluster-ip-range must not contain more than two entries, "
            "--service-cluster-ip-range[0] and --service-cluster-ip-range[1] must be of different "
            "IP family]",
        ),
    ],
)
def test_service_ranges_that_an_api_server_refuses(text: str, why: str) -> None:
    with pytest.raises(SvcnetError) as told:
        component_flags.service_cidrs(text)

    assert str(told.value) == why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30000-32767", (30000, 32767)),
        (" 30000+2767 ", (30000, 32767)),
        ("30080", (30080, 30080)),
        ("", (30000, 32767)),
        ("1-65535", (1, 65535)),
    ],
)
def test_node_port_ranges_are_read_in_three_forms(text: str, expected: tuple[int, int]) -> None:
    assert component_flags.node_ports(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("30000-70000", "the port range cannot be greater than 65535: 30000-70000"),
        ("65535+1", "the port range cannot be greater than 65535: 65535+1"),
        ("32767-30000", "end port cannot be less than start port: 32767-30000"),
        ("3-4+5", "unable to parse port range: 3-4+5"),
        ("x", 'strconv.Atoi: parsing "x": invalid syntax'),
        ("30000-", 'strconv.Atoi: parsing "": invalid syntax'),
    ],
)
def test_what_is_no_node_port_range_is_refused(text: str, why: str) -> None:
    with pytest.raises(SvcnetError) as told:
        component_flags.node_ports(text)

    assert str(told.value) == (
        f'invalid argument "{text}" for "--service-node-port-range" flag: {why}'
    )


@pytest.mark.parametrize(
    ("text", "mask", "expected"),
    [
        ("10.244.0.0/16", None, (("10.244.0.0/16",), (24,))),
        ("10.244.1.2/16", 28, (("10.244.0.0/16",), (28,))),
        ("fd00:10:244::/56", None, (("fd00:10:244::/56",), (64,))),
        (
            "fd00:10:244::/48,10.244.0.0/16",
            None,
            (("fd00:10:244::/48", "10.244.0.0/16"), (64, 24)),
        ),
    ],
)
def test_each_family_of_pods_has_its_mask(
    text: str, mask: int | None, expected: tuple[tuple[str, ...], tuple[int, ...]]
) -> None:
    assert component_flags.cluster_cidrs(text, mask) == expected


_SMALLER = (
    "Controller: Invalid --cluster-cidr, mask size of cluster CIDR must be less than or equal to "
    "--node-cidr-mask-size configured for CIDR family"
)


@pytest.mark.parametrize(
    ("text", "mask", "why"),
    [
        ("x", None, "invalid CIDR[0]: x (invalid CIDR address: x)"),
        ("10.0.0.0/8,y", None, "invalid CIDR[1]: y (invalid CIDR address: y)"),
        (
            "10.0.0.0/16,10.1.0.0/16",
            None,
            "len of ClusterCIDRs==2 and they are not configured as dual stack (at least one from "
            "each IPFamily)",
        ),
        (
            "10.0.0.0/16,10.1.0.0/16,fd00::/56",
            None,
            "length of clusterCIDRs is:3 more than max allowed of 2",
        ),
        (
            "10.0.0.0/16,fd00::/56",
            24,
            "usage of --node-cidr-mask-size is not allowed with dual-stack clusters",
        ),
        ("10.0.0.0/25", None, _SMALLER),
        ("10.0.0.0/16", 8, _SMALLER),
        ("10.0.0.0/16", 33, _SMALLER),
        ("fd00::/47", None, "New CIDR set failed; the node CIDR size is too big"),
    ],
)
def test_pod_ranges_that_a_controller_manager_refuses(
    text: str, mask: int | None, why: str
) -> None:
    with pytest.raises(SvcnetError) as told:
        component_flags.cluster_cidrs(text, mask)

    assert str(told.value) == why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" ", ()),
        ("n1", ("n1",)),
        ("n1,n2", ("n1", "n2")),
        ("n1:zone-a, n2:zone-b", ("n1:zone-a", "n2:zone-b")),
    ],
)
def test_nodes_have_zones_or_none(text: str, expected: tuple[str, ...]) -> None:
    assert component_flags.nodes(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("n1,n1:zone-a", "node n1 comes twice"),
        ("n1:", "node n1 has no zone behind its colon"),
        ("n1,,n2", "a lowercase RFC 1123 subdomain must consist of"),
        ("N1", "a lowercase RFC 1123 subdomain must consist of"),
        ("n1:-", "a valid label must be an empty string or consist of"),
    ],
)
def test_nodes_need_good_names(text: str, why: str) -> None:
    with pytest.raises(SvcnetError) as told:
        component_flags.nodes(text)

    assert str(told.value).startswith(f'invalid argument "{text}" for "--nodes" flag: {why}')


def test_load_balancers_get_one_range_or_none() -> None:
    assert component_flags.load_balancer_cidr("203.0.113.7/24") == "203.0.113.0/24"
    assert (
        component_flags.load_balancer_cidr("none") == component_flags.load_balancer_cidr("") == ""
    )
    with pytest.raises(SvcnetError, match="invalid CIDR address: all"):
        component_flags.load_balancer_cidr("all")


@given(
    read=st.sampled_from(
        (
            component_flags.service_cidrs,
            component_flags.node_ports,
            component_flags.nodes,
            component_flags.load_balancer_cidr,
            lambda text: component_flags.cluster_cidrs(text, None),
        )
    ),
    text=st.one_of(st.text(), st.text("0123456789.:/,-+ n%", max_size=30)),
)
def test_any_text_is_read_or_refused(read: Callable[[str], object], text: str) -> None:
    with suppress(SvcnetError):
        read(text)
