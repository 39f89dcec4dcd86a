"""Names, labels, ports and addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api import addresses, content

LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used "
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
QUALIFIED = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)


@pytest.mark.parametrize(
    ("rule", "value", "told"),
    [
        (content.dns_label, "web-1", []),
        (content.dns_label, "1", []),
        (content.dns_label, "a.b", ["must not contain dots"]),
        (content.dns_label, "-a", [LABEL]),
        (content.dns_label, "X_y", [LABEL]),
        (content.dns_label, "a" * 64, ["must be no more than 63 characters"]),
        (content.dns_subdomain, "a.b-c.d", []),
        (content.dns_subdomain, "a." * 126 + "aa", ["must be no more than 253 characters"]),
        (content.label_key, "app", []),
        (content.label_key, "example.com/MyName", []),
        (content.label_key, "bad key", [f"name part {QUALIFIED}"]),
        (content.label_key, "/x", ["prefix part must be non-empty"]),
        (content.label_key, "x/", ["name part must be non-empty", f"name part {QUALIFIED}"]),
        (content.label_key, "a" * 64, ["name part must be no more than 63 bytes"]),
        (
            content.label_key,
            "a/b/c",
            [
                f"a valid label key {QUALIFIED} with an optional DNS subdomain prefix and '/' "
                "(e.g. 'example.com/MyName')"
            ],
        ),
        (content.label_value, "", []),
        (content.label_value, "Ok_1.2", []),
        (content.label_value, "0" * 64, ["must be no more than 63 bytes"]),
        (content.port_name, "http", []),
        (content.port_name, "-a", ["must not begin or end with a hyphen"]),
        (content.port_name, "0123456789abcdefg", ["must be no more than 15 characters"]),
        (content.port_name, "8080", ["must contain at least one letter (a-z)"]),
        (content.port_name, "a--b", ["must not contain consecutive hyphens"]),
        (
            content.port_name,
            "HTTP_8",
            [
                "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
                "must contain at least one letter (a-z)",
            ],
        ),
        (addresses.ip, "10.96.0.10", []),
        (addresses.ip, "fd00::1", []),
        (addresses.ip, "10.96.0.300", [addresses.NOT_AN_IP]),
        (addresses.ip, "fe80::1%eth0", [addresses.NOT_AN_IP]),
        (addresses.ip, "10.096.0.11", ["must not have leading 0s"]),
        (addresses.ip, "::ffff:10.0.0.1", ["must not be an IPv4-mapped IPv6 address"]),
        (addresses.cidr, "10.0.0.0/8", []),
        (addresses.cidr, "10.0.0.0", [addresses.NOT_A_CIDR]),
        (addresses.cidr, "10.0.0.0/33", [addresses.NOT_A_CIDR]),
        (addresses.cidr, "10.0.0.1/8", ["must not have bits set beyond the prefix length"]),
        (addresses.cidr, "10.0.0.0/08", ["must not have leading 0s in IP or prefix length"]),
        (addresses.special, "8.8.8.8", []),
        (addresses.special, "::", ["may not be unspecified (::)"]),
        (
            addresses.special,
            "127.0.0.1",
            ["may not be in the loopback range (127.0.0.0/8, ::1/128)"],
        ),
        (
            addresses.special,
            "169.254.1.1",
            ["may not be in the link-local range (169.254.0.0/16, fe80::/10)"],
        ),
        (
            addresses.special,
            "224.0.0.1",
            ["may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"],
        ),
    ],
)
def test_values_are_complained_of_in_the_servers_words(
    rule: Callable[[str], Iterable[str]], value: str, told: list[str]
) -> None:
    assert list(rule(value)) == told


def test_what_is_stored_already_need_not_be_strict() -> None:
    assert list(addresses.ip("10.096.0.11", ["10.096.0.11"])) == []


@given(st.ip_addresses())
def test_every_address_is_good_and_reads_back(address: object) -> None:
    text = str(address)

    mapped = getattr(address, "ipv4_mapped", None)
    assert addresses.parse(text) == (mapped or ip_address(text))
    assert bool(list(addresses.ip(text))) is (mapped is not None)


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_every_range_is_good_when_it_has_no_bits_too_many(address: object, length: int) -> None:
    network = ip_network(f"{address}/{length}", strict=False)

    assert list(addresses.cidr(str(network))) == []
    assert addresses.parse_range(f"{address}/{length}") == network


@given(st.text())
def test_any_text_is_an_address_or_is_complained_of(text: str) -> None:
    assert (addresses.parse(text) is None) <= bool(list(addresses.ip(text)))
    list(addresses.cidr(text))
