"""Which cluster IP, node port, pod range, pod IP or load balancer address is next.

Everything here is arithmetic over what is taken already, handed in as numbers in ascending order
that are read only as far as needed: what a choice costs depends neither on the size of the range
nor on how many numbers are taken, but only on how many taken ones stand in a row at the place
where the search begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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

from svcnet.lean_namedtuple import NamedTuple

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

TakenNumbers: TypeAlias = Callable[[int, int], Iterator[int]]
"""Yields the taken numbers between two bounds, both included, in ascending order."""

FAMILIES = {4: "IPv4", 6: "IPv6"}
"""What Kubernetes calls the versions of the internet protocol."""

SMALLEST_WITH_BANDS = 16
"""Ranges of this many numbers or fewer are not divided."""

FIRST_DUMMY_PORT = 32769
"""What a dry run shows for the first node port that a real run would have drawn."""


class Band(NamedTuple):
    """A run of numbers, both ends included; empty when the last is below the first."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many numbers there are; 0 for an empty band."""
        return max(0, self.last - self.first + 1)


class Bands(NamedTuple):
    """The two parts of a range: one for numbers asked for by hand, one for drawn numbers.

    A drawn number comes from the static band only when the dynamic one is full, so that low
    numbers stay free for those who write them into manifests.
    """

    static: Band
    dynamic: Band


def next_free(bands: Bands, taken: TakenNumbers, drawn: int) -> int | None:
    """Return the number to hand out next, or None when the range is full.

    Args:
        bands: where to look; the dynamic band first, then the static one.
        taken: what is not to be had.
        drawn: any number that is not negative; decides where in a band the search begins.
            From there it goes upward, and round from the end of the band to its beginning.

    Source: kubernetes pkg/registry/core/service/ipallocator/ipallocator.go
    allocateNextService(), pkg/registry/core/service/allocator/bitmap.go.

    >>> bands = Bands(static=Band(1, 2), dynamic=Band(3, 6))
    >>> def taken(*numbers):
    ...     return lambda first, last: iter(n for n in numbers if first <= n <= last)
    >>> next_free(bands, taken(), 2), next_free(bands, taken(5, 6), 2)
    (5, 3)
    >>> next_free(bands, taken(3, 4, 5, 6), 1), next_free(bands, taken(1, 2, 3, 4, 5, 6), 1)
    (2, None)
    """
    for band in (bands.dynamic, bands.static):
        if not band.size:
            continue
        start = band.first + drawn % band.size
        for part in (Band(start, band.last), Band(band.first, start - 1)):
            found = lowest_free(part, taken)
            if found is not None:
                return found
    return None


def lowest_free(band: Band, taken: TakenNumbers) -> int | None:
    """Return the lowest number of `band` that is not taken, or None when all are.

    >>> lowest_free(Band(2, 5), lambda first, last: iter((2, 3, 5)))
    4
    """
    candidate = band.first
    if candidate > band.last:
        return None
    for number in taken(band.first, band.last):
        if number > candidate:
            break
        candidate = number + 1
    return candidate if candidate <= band.last else None


# --- cluster IPs ------------------------------------------------------------------------------


def static_band(cidr: Network) -> int:
    """Return how many addresses at the low end of `cidr` are kept for hand-picked cluster IPs.

    Args:
        cidr: the service range, e.g. ``10.96.0.0/12``.

    Returns:
        A count of addresses: 1/16 of the range, but at least 16 and at most 256; 0 when the
        range has 16 addresses or fewer.

    Source: kubernetes pkg/registry/core/service/ipallocator/bitmap.go calculateRangeOffset();
    KEP-3070.

    >>> [static_band(IPv4Network(text)) for text in ("10.0.0.0/28", "10.0.0.0/24", "10.0.0.0/16")]
    [0, 16, 256]
    """
    if cidr.num_addresses <= SMALLEST_WITH_BANDS:
        return 0
    return min(max(16, cidr.num_addresses // 16), 256)


def usable_addresses(cidr: Network) -> Band:
    """Return the addresses of `cidr` that a Service may have, as numbers.

    The first address names the network, and the last one of an IPv4 network is its broadcast
    address; nobody gets those, asked for or not.

    >>> usable_addresses(IPv4Network("10.96.0.0/28")).size
    14
    >>> usable_addresses(IPv6Network("fd00::/120")).size
    255
    """
    first = int(cidr.network_address)
    last = first + cidr.num_addresses - 1
    return Band(first + 1, last - 1 if isinstance(cidr, IPv4Network) else last)


def address_bands(cidr: Network) -> Bands:
    """Return the two bands of a service range.

    >>> static, dynamic = address_bands(IPv4Network("10.96.0.0/12"))
    >>> [str(IPv4Address(each)) for each in (*static, *dynamic)]
    ['10.96.0.1', '10.96.1.0', '10.96.1.1', '10.111.255.254']
    """
    usable = usable_addresses(cidr)
    middle = usable.first + static_band(cidr)
    return Bands(Band(usable.first, middle - 1), Band(middle, usable.last))


class ServiceRange(NamedTuple):
    """A range out of which cluster IPs are allocated."""

    cidr: Network
    bands: Bands

    @property
    def family(self) -> str:
        """``IPv4`` or ``IPv6``."""
        return FAMILIES[self.cidr.version]

    def __contains__(self, address: object) -> bool:
        """Tell whether a Service may have this address out of this range."""
        return (
            isinstance(address, IPv4Address | IPv6Address)
            and address.version == self.cidr.version
            and self.bands.static.first <= int(address) <= self.bands.dynamic.last
        )

    def address(self, number: int) -> Address:
        """Return the address with this number."""
        return type(self.cidr.network_address)(number)


@lru_cache(maxsize=64)
def service_range(cidr: str) -> ServiceRange:
    """Return the range that a text such as ``10.96.0.0/12`` names; host bits are masked off."""
    network = ip_network(cidr.strip(), strict=False)
    return ServiceRange(network, address_bands(network))


# --- node ports -------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def node_port_bands(first: int, last: int) -> Bands:
    """Return the two bands of a range of node ports, both ends included.

    The static band has 1/32 of the ports, but at least 16 and at most 128; none when there are
    16 ports or fewer.

    Source: kubernetes pkg/registry/core/service/portallocator/allocator.go
    calculateRangeOffset(); KEP-3668.

    >>> node_port_bands(30000, 32767).dynamic, node_port_bands(30000, 30100).static
    (Band(first=30086, last=32767), Band(first=30000, last=30015))
    >>> node_port_bands(30000, 30003).static.size
    0
    """
    size = last - first + 1
    static = 0 if size <= SMALLEST_WITH_BANDS else min(max(16, size // 32), 128)
    return Bands(Band(first, first + static - 1), Band(first + static, last))


# --- nodes, pods and load balancers -----------------------------------------------------------


def pod_range(cluster: Network, prefix: int, taken: Iterable[Network]) -> Network | None:
    """Return the first block of `cluster` that a node can have, or None when there is none left.

    Args:
        cluster: where pod ranges come from, e.g. ``10.244.0.0/16``.
        prefix: the prefix length of a node's block, e.g. 24.
        taken: ranges of the same family, by their first address, that the block must not touch:
            those of other nodes and the service ranges.

    Source: kubernetes pkg/controller/nodeipam/ipam/cidrset/cidr_set.go AllocateNext().

    >>> ranges = [IPv4Network("10.244.0.0/24"), IPv4Network("10.244.1.128/25")]
    >>> pod_range(IPv4Network("10.244.0.0/16"), 24, ranges)
    IPv4Network('10.244.2.0/24')
    """
    step = 1 << (cluster.max_prefixlen - prefix)
    candidate = int(cluster.network_address)
    end = candidate + cluster.num_addresses
    for each in taken:
        if int(each.network_address) >= candidate + step:
            break
        after = int(each.network_address) + each.num_addresses
        if after > candidate:
            candidate = -(-after // step) * step
    if candidate + step > end:
        return None
    return type(cluster)((candidate, prefix))


def pod_addresses(block: Network) -> Band:
    """Return the addresses of a node's block that pods can have, as numbers.

    The first address names the block and the next one is the node's own end of the pod network;
    the last one of an IPv4 block is its broadcast address.

    >>> [str(IPv4Address(each)) for each in pod_addresses(IPv4Network("10.244.1.0/24"))]
    ['10.244.1.2', '10.244.1.254']
    """
    usable = usable_addresses(block)
    return Band(usable.first + 1, usable.last)


def load_balancer_address(cidr: str, taken: Iterable[str]) -> str | None:
    """Return the lowest address of `cidr` that no load balancer has, or None when all are taken.

    >>> load_balancer_address("203.0.113.0/30", ["203.0.113.1"])
    '203.0.113.2'
    """
    network = ip_network(cidr)
    parsed = (ip_address(text) for text in taken)
    numbers = sorted({int(each) for each in parsed if each.version == network.version})

    def within(first: int, last: int) -> Iterator[int]:
        return (number for number in numbers if first <= number <= last)

    found = lowest_free(usable_addresses(network), within)
    return None if found is None else str(type(network.network_address)(found))
