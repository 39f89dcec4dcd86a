"""What must be unique, and how it is ordered.

Each pool is a table whose primary key is the *sort key* of a value: an int for a node port, and
for an address the family and a hexadecimal number of fixed width, so that they sort as the numbers
do.  A /12 has a million addresses and IPv6 does not fit a database's integers: text does.
"""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from typing import TypeAlias

from svcnet.api.keys import Key

Value: TypeAlias = str | int
"""What is claimed: ``10.96.0.1``, ``10.244.0.0/24``, or a port number."""

SortKey: TypeAlias = str | int
"""What a value is ordered by in its pool: ``40a600001``, ``40af40000/24``, or a port number."""

Bound: TypeAlias = int | IPv4Address | IPv6Address
"""The first or last of the numbers that are asked about."""


class Pool(StrEnum):
    """A kind of value that nobody may hold twice; named as its table is."""

    CLUSTER_IPS = "cluster_ips"
    NODE_PORTS = "node_ports"
    POD_IPS = "pod_ips"
    POD_RANGES = "pod_ranges"


class ClaimTaken(Exception):
    """The value belongs to another object.

    Not an error of the user's: allocation tells it in the API server's words.
    """

    def __init__(self, pool: Pool, value: Value, owner: Key) -> None:
        super().__init__(f"{pool.replace('_', ' ')}: {value} belongs to {'/'.join(owner)}")
        self.pool, self.value, self.owner = pool, value, owner


def sort_key_of(value: Value) -> SortKey:
    """Return what `value` is ordered by.

    >>> sort_key_of("10.96.0.1"), sort_key_of("10.244.0.0/24"), sort_key_of(30000)
    ('40a600001', '40af40000/24', 30000)
    >>> sort_key_of("fd00::1")
    '6fd000000000000000000000000000001'
    """
    if isinstance(value, int):
        return value
    address, slash, mask = value.partition("/")
    if ":" in address:
        return f"6{IPv6Address(address).packed.hex()}{slash}{mask}"
    # `socket` could do both, and takes longer to import than a write can spare.
    return f"4{bytes(map(int, address.split('.'))).hex()}{slash}{mask}"


def value_of(sort_key: SortKey) -> Value:
    """Return the value that `sort_key` is of: the inverse of `sort_key_of`.

    >>> value_of("40a600001"), value_of("40af40000/24"), value_of(30000)
    ('10.96.0.1', '10.244.0.0/24', 30000)
    """
    if isinstance(sort_key, int):
        return sort_key
    digits, slash, mask = sort_key[1:].partition("/")
    number = int(digits, 16)
    address = IPv6Address(number) if sort_key[0] == "6" else IPv4Address(number)
    return f"{address}{slash}{mask}"


def number_of(sort_key: SortKey) -> int:
    """Return the number of the value that `sort_key` is of; of a range, that of its first address.

    >>> number_of("40a600001") == int(IPv4Address("10.96.0.1")), number_of(30000)
    (True, 30000)
    """
    return sort_key if isinstance(sort_key, int) else int(sort_key[1:].partition("/")[0], 16)


def sort_keys_between(first: Bound, last: Bound) -> tuple[SortKey, SortKey]:
    """Return the lowest and highest sort key that the numbers from `first` to `last` can have.

    A range's mask follows its address, and ``~`` sorts behind any mask.

    >>> sort_keys_between(IPv4Address("10.96.0.1"), IPv4Address("10.96.0.2"))
    ('40a600001', '40a600002~')
    """
    if isinstance(first, int) or isinstance(last, int):
        return int(first), int(last)
    return (
        f"{first.version}{first.packed.hex()}",
        f"{last.version}{last.packed.hex()}~",
    )
