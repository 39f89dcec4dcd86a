"""IP addresses and ranges as Kubernetes reads them, and its words for bad ones.

New values must be spelled strictly; values that are stored already may have leading zeros.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/ip.go; KEP-4858.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TypeAlias

from svcnet.api.keys import Document

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

NOT_AN_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
NOT_A_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"

# Kubernetes reads them as decimal (netutils.ParseIPSloppy()), as Go did before 1.17.
# Patterns are text: `re` compiles one when it is first needed, and keeps it.
_LEADING_ZEROS = r"(?<![0-9a-fA-F:.])0+(?=[0-9])|(?<=\.)0+(?=[0-9])"


@lru_cache(maxsize=4096)
def parse(text: str) -> Address | None:
    """Return the address that `text` means, leading zeros in IPv4 allowed; None for no address.

    >>> parse("10.096.0.1"), parse("::ffff:10.0.0.1"), parse("fe80::1%eth0")
    (IPv4Address('10.96.0.1'), IPv4Address('10.0.0.1'), None)
    """
    # Python reads zones (fe80::1%eth0), Go's ParseIP does not.
    if "%" in text:
        return None
    try:
        address = ip_address(re.sub(_LEADING_ZEROS, "", text) if "." in text else text)
    except ValueError:
        return None
    # To Go's net.IP an IPv4 address and its IPv6-mapped form are one and the same.
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


@lru_cache(maxsize=1024)
def parse_range(text: str) -> Network | None:
    """Return the range that `text` means, bits beyond the prefix cut off; None for no range."""
    address, slash, length = text.partition("/")
    if not slash or not re.fullmatch("[0-9]{1,3}", length) or parse(address) is None:
        return None
    try:
        return ip_network(f"{re.sub(_LEADING_ZEROS, '', address)}/{int(length)}", strict=False)
    except ValueError:
        return None


def given_pod_ranges(spec: Document) -> list[str]:
    """Return what a node's spec says of the ranges for pods, right or wrong."""
    return spec.get("podCIDRs") or ([spec["podCIDR"]] if spec.get("podCIDR") else [])


def pod_ranges(node: Document) -> list[str]:
    """Return the ranges that pods on a node get addresses from."""
    known = (parse_range(each) for each in given_pod_ranges(node.get("spec") or {}))
    return [str(each) for each in known if each is not None]


def ip(text: str, stored: tuple[str, ...] | list[str] = ()) -> Iterator[str]:
    """Yield what keeps `text` from being an address; what is `stored` need not be strict."""
    if text in stored:
        return
    if parse(text) is None:
        yield NOT_AN_IP
    elif re.search(_LEADING_ZEROS, text):
        yield "must not have leading 0s"
    elif _is_mapped(text):
        yield "must not be an IPv4-mapped IPv6 address"


def cidr(text: str, stored: tuple[str, ...] | list[str] = ()) -> Iterator[str]:
    """Yield what keeps `text` from being a range of addresses."""
    if text in stored:
        return
    network = parse_range(text)
    address, _, length = text.partition("/")
    if network is None:
        yield NOT_A_CIDR
    elif re.search(_LEADING_ZEROS, address) or (length != "0" and length.startswith("0")):
        yield "must not have leading 0s in IP or prefix length"
    elif _is_mapped(address):
        yield "must not have an IPv4-mapped IPv6 address"
    elif ip_address(address) != network.network_address:
        yield "must not have bits set beyond the prefix length"


def _is_mapped(text: str) -> bool:
    """Tell whether a good address is an IPv4 one in IPv6's clothes."""
    return ":" in text and getattr(ip_address(text), "ipv4_mapped", None) is not None


def family(text: str) -> str:
    """Return the family of an address or range that is known to be good."""
    return "IPv6" if ":" in text else "IPv4"


def special(text: str) -> Iterator[str]:
    """Yield why traffic to a good address cannot be meant for a Service or an endpoint.

    Source: kubernetes pkg/apis/core/validation/validation.go ValidateNonSpecialIP().
    """
    address = parse(text)
    if address is None:
        yield "must be a valid IP address"
        return
    if address.is_unspecified:
        yield f"may not be unspecified ({text})"
    if address.is_loopback:
        yield "may not be in the loopback range (127.0.0.0/8, ::1/128)"
    if _is_link_local_multicast(address):
        yield "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"
    elif address.is_link_local:
        yield "may not be in the link-local range (169.254.0.0/16, fe80::/10)"


def _is_link_local_multicast(address: Address) -> bool:
    """Tell whether packets to an address stay on the link and reach many."""
    if address.version == 4:  # noqa: PLR2004 - IPv4
        return address in IPv4Network("224.0.0.0/24")
    packed = address.packed
    return packed[0] == 0xFF and packed[1] & 0x0F == 0x02  # noqa: PLR2004 - scope 2
