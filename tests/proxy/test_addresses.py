"""Addresses are read as kube-proxy reads them, and written in one way."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from svcnet.netfilter.model import Family
from svcnet.proxy.addresses import contains, is_loopback, parse_address, parse_range, spelled

FAMILIES = st.sampled_from(Family)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_canonical_already(address: IPv4Address) -> None:
    assert parse_address(str(address), Family.IPV4) == str(address)
    assert parse_address(str(address), Family.IPV6) is None


@given(st.ip_addresses(v=6))
def test_an_ipv6_address_is_compressed_in_any_spelling(address: IPv6Address) -> None:
    assume(address.ipv4_mapped is None)

    for text in (str(address), address.exploded, address.exploded.upper()):
        assert parse_address(text, Family.IPV6) == str(address)
    assert parse_address(str(address), Family.IPV4) is None


@given(st.ip_addresses(v=4), st.integers(1, 3))
def test_leading_zeros_are_no_octal(address: IPv4Address, zeros: int) -> None:
    text = ".".join("0" * zeros + each for each in str(address).split("."))

    assert parse_address(text, Family.IPV4) == str(address)


@given(st.text(max_size=12), FAMILIES)
def test_no_text_is_too_odd_to_be_read(text: str, family: Family) -> None:
    address = parse_address(text, family)

    assert address is None or parse_address(address, family) == address
    parse_range(text, family)


@pytest.mark.parametrize("text", ["", "10.0.0", "10.0.0.256", "10.0.0.0/8", "a.b.c.d", "1.2.3.٤"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert parse_address(text, Family.IPV4) is None


def test_a_mapped_address_is_an_ipv4_address() -> None:
    """As in Go, where both are the same value."""
    assert parse_address("::ffff:10.0.0.1", Family.IPV4) == "10.0.0.1"
    assert parse_address("::ffff:10.0.0.1", Family.IPV6) is None


def test_an_embedded_ipv4_address_is_written_in_hexadecimal() -> None:
    assert parse_address("::10.0.0.1", Family.IPV6) == "::a00:1"


@pytest.mark.parametrize(
    ("text", "family", "expected"),
    [
        ("198.51.100.77/24", Family.IPV4, "198.51.100.0/24"),
        ("192.0.2.064/26", Family.IPV4, "192.0.2.64/26"),
        ("10.0.0.1/32", Family.IPV4, "10.0.0.1"),
        ("FD00::1/64", Family.IPV6, "fd00::/64"),
        ("0.0.0.0/0", Family.IPV4, "0.0.0.0/0"),
    ],
)
def test_a_range_is_masked_to_its_network(text: str, family: Family, expected: str) -> None:
    found = parse_range(text, family)

    assert found is not None
    assert spelled(found) == expected


@pytest.mark.parametrize(
    "text", ["", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "x/8", "10.0.0.0/٤"]
)
def test_what_is_no_range_is_none(text: str) -> None:
    assert parse_range(text, Family.IPV4) is None


def test_ranges_know_their_addresses() -> None:
    assert contains(ip_network("10.0.0.0/8"), "10.255.0.1")
    assert not contains(ip_network("10.0.0.0/8"), "11.0.0.1")
    assert is_loopback("127.1.2.3")
    assert is_loopback("::1")
    assert not is_loopback("10.0.0.1")
