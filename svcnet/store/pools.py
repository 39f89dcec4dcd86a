"""What must be unique, and how it is ordered.

Each pool is a table whose primary key is the *place* of a value: an int for a node port, and for
an address the family and a hexadecimal number of fixed width, so that places sort as the numbers
do.  A /12 has a million addresses and IPv6 does not fit a database's integers: text does.
"""

from __future__ import annotations

import socket
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from typing import TypeAlias

from svcnet.api.keys import Key

Value: TypeAlias = str | int
"""What is claimed: ``10.96.0.1``, ``10.244.0.0/24``, or a port number."""

Place: TypeAlias = str | int
"""Where a value stands in its pool: ``40a600001``, ``40af40000/24``, or a port number."""

Bound: TypeAlias = int | IPv4Address | IPv6Address
"""The first or last of the numbers that are asked about."""


class Pool(StrEnum):
    """A kind of value that nobody may hold twice; named as its table is."""

    CLUSTER_IPS = "cluster_ips"
    NODE_PORTS = "node_ports"
    POD_IPS = "pod_ips"
    POD_RANGES = "pod_ranges"


class Taken(Exception):
    """The value belongs to another object.

    Not an error of the user's: allocation tells it in the API server's words.
    """

    def __init__(self, pool: Pool, value: Value, owner: Key) -> None:
        super().__init__(f"{pool.replace('_', ' ')}: {value} belongs to {'/'.join(owner)}")
        self.pool, self.value, self.owner = pool, value, owner


def place_of(value: Value) -> Place:
    """Return where `value` stands.

    >>> place_of("10.96.0.1"), place_of("10.244.0.0/24"), place_of("fd00::1"), place_of(30000)
    ('40a600001', '40af40000/24', '6fd000000000000000000000000000001', 30000)
    """
    if isinstance(value, int):
        return value
    address, slash, mask = value.partition("/")
    if ":" in address:
        return f"6{socket.inet_pton(socket.AF_INET6, address).hex()}{slash}{mask}"
    return f"4{socket.inet_pton(socket.AF_INET, address).hex()}{slash}{mask}"


def value_at(place: Place) -> Value:
    """Return the value that stands at `place`: the inverse of `place_of`.

    >>> value_at("40a600001"), value_at("40af40000/24"), value_at(30000)
    ('10.96.0.1', '10.244.0.0/24', 30000)
    """
    if isinstance(place, int):
        return place
    digits, slash, mask = place[1:].partition("/")
    number = int(digits, 16)
    address = IPv6Address(number) if place[0] == "6" else IPv4Address(number)
    return f"{address}{slash}{mask}"


def number_at(place: Place) -> int:
    """Return the number of the value at `place`; of a range, that of its first address.

    >>> number_at("40a600001") == int(IPv4Address("10.96.0.1")), number_at(30000)
    (True, 30000)
    """
    return place if isinstance(place, int) else int(place[1:].partition("/")[0], 16)


def places_between(first: Bound, last: Bound) -> tuple[Place, Place]:
    """Return the lowest and highest place that the numbers from `first` to `last` can have.

    A range's mask follows its address, and ``~`` sorts behind any mask.

    >>> places_between(IPv4Address("10.96.0.1"), IPv4Address("10.96.0.2"))
    ('40a600001', '40a600002~')
    """
    if isinstance(first, int) or isinstance(last, int):
        return int(first), int(last)
    return (
        f"{first.version}{first.packed.hex()}",
        f"{last.version}{last.packed.hex()}~",
    )
