"""Which number is next: laws of bands and searches, and facts from recordings."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.control.objects.allocation import (
    Band,
    Bands,
    Network,
    TakenNumbers,
    address_bands,
    load_balancer_address,
    lowest_free,
    next_free,
    node_port_bands,
    pod_addresses,
    pod_range,
    service_range,
    static_band,
)

ipv4_ranges = st.builds(
    lambda number, prefix: IPv4Network((number >> (32 - prefix) << (32 - prefix), prefix)),
    st.integers(0, 2**32 - 1),
    st.integers(8, 29),
)
ipv6_ranges = st.builds(
    lambda number, prefix: IPv6Network((number >> (128 - prefix) << (128 - prefix), prefix)),
    st.integers(0, 2**128 - 1),
    st.integers(64, 120),
)
small_bands = st.builds(
    lambda first, static, dynamic: Bands(
        Band(first, first + static - 1), Band(first + static, first + static + dynamic - 1)
    ),
    st.integers(0, 1000),
    st.integers(0, 6),
    st.integers(1, 12),
)


def reading(numbers: set[int]) -> TakenNumbers:
    def taken(first: int, last: int) -> Iterator[int]:
        return iter(sorted(each for each in numbers if first <= each <= last))

    return taken


@pytest.mark.parametrize(
    ("cidr", "static", "first", "last"),
    [
        ("10.96.0.0/12", 256, "10.96.0.1", "10.111.255.254"),
        ("10.96.0.0/16", 256, "10.96.0.1", "10.96.255.254"),
        ("10.0.0.0/22", 64, "10.0.0.1", "10.0.3.254"),
        ("10.0.0.0/24", 16, "10.0.0.1", "10.0.0.254"),
        ("10.0.0.0/27", 16, "10.0.0.1", "10.0.0.30"),
        ("10.0.0.0/28", 0, "10.0.0.1", "10.0.0.14"),
        ("10.0.0.0/29", 0, "10.0.0.1", "10.0.0.6"),
        ("fd00::/112", 256, "fd00::1", "fd00::ffff"),
        ("fd00::/120", 16, "fd00::1", "fd00::ff"),
    ],
)
def test_a_range_has_the_bands_of_the_documentation(
    cidr: str, static: int, first: str, last: str
) -> None:
    """Source: KEP-3070; kubernetes pkg/registry/core/service/ipallocator/bitmap.go."""
    within = service_range(cidr)

    assert within.bands.static.size == static
    assert str(within.address(within.bands.static.first)) == first
    assert str(within.address(within.bands.dynamic.last)) == last


@given(st.one_of(ipv4_ranges, ipv6_ranges))
def test_bands_divide_the_usable_addresses_without_gap_or_overlap(cidr: Network) -> None:
    static, dynamic = address_bands(cidr)
    unusable = 2 if isinstance(cidr, IPv4Network) else 1

    assert static.first == int(cidr.network_address) + 1
    assert dynamic.first == static.last + 1
    assert static.size + dynamic.size == cidr.num_addresses - unusable
    assert static.size == static_band(cidr)


@given(st.integers(1, 65535), st.integers(0, 65535))
def test_node_port_bands_divide_the_range(first: int, more: int) -> None:
    last = min(65535, first + more)
    static, dynamic = node_port_bands(first, last)

    assert static.first == first
    assert dynamic.first == static.last + 1
    assert dynamic.last == last
    assert static.size in {0, *range(16, 129)}


@pytest.mark.parametrize(
    ("first", "last", "static"),
    [(30000, 32767, 86), (30000, 30100, 16), (20000, 40000, 128), (30000, 30015, 0)],
)
def test_node_ports_have_the_bands_of_the_documentation(first: int, last: int, static: int) -> None:
    """Source: KEP-3668."""
    assert node_port_bands(first, last).static.size == static


@given(small_bands, st.data())
def test_what_is_chosen_is_free_and_of_the_dynamic_band_while_that_has_room(
    bands: Bands, data: st.DataObject
) -> None:
    every = [*range(bands.static.first, bands.dynamic.last + 1)]
    numbers = data.draw(st.sets(st.sampled_from(every)))
    drawn = data.draw(st.integers(0, 2**64))

    found = next_free(bands, reading(numbers), drawn)

    dynamic = set(range(bands.dynamic.first, bands.dynamic.last + 1))
    if numbers == set(every):
        assert found is None
    else:
        assert found not in numbers
        assert (found in dynamic) == bool(dynamic - numbers)


@given(small_bands, st.lists(st.integers(0, 2**64), min_size=20, max_size=20))
def test_every_number_of_a_range_is_handed_out_exactly_once(bands: Bands, drawn: list[int]) -> None:
    handed_out: list[int] = []
    for number in drawn:
        found = next_free(bands, reading(set(handed_out)), number)
        if found is None:
            break
        handed_out.append(found)

    size = bands.static.size + bands.dynamic.size
    assert len(handed_out) == len(set(handed_out)) == min(size, len(drawn))


def test_a_search_reads_no_more_than_the_run_of_taken_numbers_it_meets() -> None:
    read: list[int] = []

    def taken(first: int, last: int) -> Iterator[int]:
        for number in range(first, last + 1):
            read.append(number)
            if number not in (first, first + 1):
                yield number + 100
            else:
                yield number

    assert lowest_free(Band(10, 10_000_000), taken) == 12
    assert len(read) == 3


@given(st.sets(st.integers(0, 15)), st.integers(24, 26))
def test_nodes_get_the_first_block_that_touches_no_other(taken: set[int], prefix: int) -> None:
    cluster = IPv4Network("10.244.0.0/20")
    ranges = [IPv4Network((int(cluster.network_address) + (n << 8), 24)) for n in sorted(taken)]
    blocks = list(cluster.subnets(new_prefix=prefix))
    free = [each for each in blocks if not any(each.overlaps(other) for other in ranges)]

    assert pod_range(cluster, prefix, ranges) == next(iter(free), None)


def test_ranges_of_all_sizes_are_stepped_over() -> None:
    ranges = [ip_network(each) for each in ("10.240.0.0/13", "10.244.4.0/22", "10.244.8.7/32")]

    assert pod_range(IPv4Network("10.244.0.0/16"), 24, ranges[:1]) is None
    assert pod_range(IPv4Network("10.244.4.0/22"), 24, ranges[1:2]) is None
    assert pod_range(IPv4Network("10.244.8.0/22"), 24, ranges[2:]) == IPv4Network("10.244.9.0/24")


def test_pods_count_from_the_third_address() -> None:
    """Recorded: the first pods of a node are .2 and .3."""
    band = pod_addresses(IPv4Network("10.244.0.0/24"))

    assert str(IPv4Address(band.first)) == "10.244.0.2"


def test_load_balancers_get_the_lowest_address_that_is_free() -> None:
    assert load_balancer_address("203.0.113.0/24", []) == "203.0.113.1"
    assert load_balancer_address("203.0.113.0/24", ["203.0.113.1", "fd00::1"]) == "203.0.113.2"
    assert load_balancer_address("203.0.113.0/30", ["203.0.113.1", "203.0.113.2"]) is None
