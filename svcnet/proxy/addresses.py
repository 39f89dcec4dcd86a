"""Addresses as kube-proxy reads them: once, leniently, into canonical text.

kube-proxy still takes octets with leading zeros (as decimal), which neither the kernel nor
Python does.  Source: kubernetes vendor/k8s.io/utils/internal/third_party/forked/golang/net/ip.go.
"""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import NewType, TypeAlias

from svcnet.netfilter.model import Family

Address = NewType("Address", str)
"""An address in canonical text: ``10.0.0.1``, ``fd00::1``."""

Range: TypeAlias = IPv4Network | IPv6Network

_OCTETS = 4


def parse_address(text: str, family: Family) -> Address | None:
    """Return `text` in canonical form, or None when it is no address of `family`.

    >>> parse_address("10.0.010.1", Family.IPV4), parse_address("FD00:0::1", Family.IPV6)
    ('10.0.10.1', 'fd00::1')
    >>> parse_address("fd00::1", Family.IPV4) is None
    True
    """
    if family is Family.IPV6:
        return _parse_ipv6(text)
    try:
        inet_pton(AF_INET, text)
    except (OSError, ValueError):
        return _parse_lenient_ipv4(text)
    return Address(text)  # What passes has exactly one spelling.


def _parse_lenient_ipv4(text: str) -> Address | None:
    octets = text.split(".")
    # isdigit alone also holds for digits of other scripts, which int() would read.
    if len(octets) == _OCTETS and all(each.isascii() and each.isdigit() for each in octets):
        numbers = [int(each) for each in octets]
        return Address(".".join(map(str, numbers))) if max(numbers) < 256 else None  # noqa: PLR2004
    # An IPv4 address in IPv6 clothes is an IPv4 address in Go.
    packed = _packed_ipv6(text)
    mapped = IPv6Address(packed).ipv4_mapped if packed else None
    return Address(str(mapped)) if mapped else None


def _parse_ipv6(text: str) -> Address | None:
    packed = _packed_ipv6(text)
    if packed is None:
        return None
    printed = inet_ntop(AF_INET6, packed)
    # The C library ends some addresses in dotted form (::10.0.0.1), Go never does.
    if "." not in printed:
        return Address(printed)
    address = IPv6Address(packed)
    return None if address.ipv4_mapped else Address(str(address))


def _packed_ipv6(text: str) -> bytes | None:
    try:
        return inet_pton(AF_INET6, text)
    except (OSError, ValueError):
        return None


# The same few ranges stand in many Services.
@cache
def parse_range(text: str, family: Family) -> Range | None:
    """Return a CIDR of `family`, masked to its network, or None when `text` is none.

    >>> str(parse_range("192.0.2.077/26", Family.IPV4))
    '192.0.2.64/26'
    """
    host, slash, length = text.partition("/")
    address = parse_address(host, family)
    if address is None or not slash or not (length.isascii() and length.isdigit()):
        return None
    if int(length) > family.bits:
        return None
    return ip_network(f"{address}/{int(length)}", strict=False)


def spelled(network: Range) -> str:
    """Return a range as filters write it: one address goes without its prefix length.

    >>> spelled(ip_network("10.0.0.0/8")), spelled(ip_network("10.0.0.1/32"))
    ('10.0.0.0/8', '10.0.0.1')
    """
    if network.prefixlen == network.max_prefixlen:
        return str(network.network_address)
    return str(network)


def contains(network: Range, address: str) -> bool:
    """Return whether canonical `address`, of the same family, lies in `network`."""
    return ip_address(address) in network


def is_loopback(address: str) -> bool:
    """Return whether packets to canonical `address` stay on the host."""
    return ip_address(address).is_loopback
