"""Packet filter rules as values: matches, actions, rules, chains, sets, maps, tables.

The values say what a rule means; how a tool spells it is the business of `iptables` and `nft`
beside this module.  The unions `Match` and `Action` are closed: whoever adds a member is told by
the type checker which interpreters do not know it yet.

Addresses and networks are canonical text, as `inet_ntop` writes them: ``10.0.0.1``,
``fd00::/64``.  A network of one address is written as that address, without its prefix length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from fractions import Fraction
from typing import TypeAlias

# Text and not `ipaddress`: rules are printed far more often than they are reckoned with, and a
# large cluster has a hundred thousand of them.
Network: TypeAlias = str
"""A canonical address, or a canonical network shorter than an address."""


class Family(StrEnum):
    """An IP family; the value is what `--ip-family` takes."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"

    @property
    def bits(self) -> int:
        """How many bits an address has."""
        return 32 if self is Family.IPV4 else 128

    @property
    def everything(self) -> Network:
        """The network of all addresses."""
        return "0.0.0.0/0" if self is Family.IPV4 else "::/0"

    @property
    def loopback(self) -> Network:
        """Where the host talks to itself."""
        # IPv6 has a single address for it, IPv4 a whole network.
        return "127.0.0.0/8" if self is Family.IPV4 else "::1"


class Side(StrEnum):
    """One end of a packet's way."""

    SOURCE = "src"
    DESTINATION = "dst"


class Field(Enum):
    """A part of a packet by which sets and maps are searched."""

    SOURCE_ADDRESS = "saddr"
    DESTINATION_ADDRESS = "daddr"
    PROTOCOL = "l4proto"
    DESTINATION_PORT = "dport"


# --- matches: all of a rule's must hold -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comment:
    """A note for people; every packet matches it."""

    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """The packet comes from this network, or with `negated` from elsewhere."""

    network: Network
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """The packet goes to this network, or with `negated` elsewhere."""

    network: Network
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AnonymousSet:
    """That end of the packet's way is in one of these networks, or with `negated` in none."""

    side: Side
    networks: tuple[Network, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class InputInterface:
    """The packet came in by this interface; `prefix`: by any whose name begins so."""

    interface: str
    prefix: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Transport:
    """The packet is of this protocol (``tcp``), and goes to this port; 0 stands for any."""

    protocol: str
    port: int = 0


@dataclass(frozen=True, slots=True)
class ConntrackState:
    """Connection tracking sees the packet in one of these states (``new``, ``dnat``)."""

    states: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ConntrackStatus:
    """The packet's connection has this flag (``dnat``: its destination was rewritten)."""

    status: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The packet's mark has `value` in the bits of `mask`, or with `negated` another value."""

    value: int
    mask: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class LocalAddressType:
    """That end of the packet's way is an address of this host."""

    side: Side


@dataclass(frozen=True, slots=True)
class Statistic:
    """The packet is taken with this probability, above 0 and at most 1."""

    probability: Fraction


@dataclass(frozen=True, slots=True)
class RecentCheck:
    """The packet's source was put on this list within the last `seconds`."""

    name: str
    seconds: int


@dataclass(frozen=True, slots=True)
class RecentSet:
    """Put the packet's source on this list; every packet matches it."""

    name: str


@dataclass(frozen=True, slots=True)
class Nfacct:
    """Count the packet under this nfacct object; every packet matches it."""

    name: str


@dataclass(frozen=True, slots=True)
class InSet:
    """These fields of the packet, together, are an element of a named set."""

    fields: tuple[Field, ...]
    set: str


Match: TypeAlias = (
    Comment
    | Source
    | Destination
    | AnonymousSet
    | InputInterface
    | Transport
    | ConntrackState
    | ConntrackStatus
    | Mark
    | LocalAddressType
    | Statistic
    | RecentCheck
    | RecentSet
    | Nfacct
    | InSet
)


# --- actions: what becomes of the packet ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Accept:
    """Let the packet pass this hook."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Throw the packet away, and tell nobody."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Throw the packet away, and answer that the port is unreachable."""


@dataclass(frozen=True, slots=True)
class Return:
    """Go on behind the jump that led here."""


@dataclass(frozen=True, slots=True)
class Jump:
    """Go through another chain, and come back if it decides nothing."""

    chain: str


@dataclass(frozen=True, slots=True)
class Goto:
    """Go through another chain, and do not come back to this one."""

    chain: str


@dataclass(frozen=True, slots=True)
class SetMark:
    """Clear the bits of `mask` in the packet's mark, then flip those of `bits`.

    `bits` equal to `mask` sets them; `mask` 0 flips them.
    """

    bits: int
    mask: int


@dataclass(frozen=True, slots=True)
class Masquerade:
    """Give the packet this host's address as its source, and a port drawn at random."""


@dataclass(frozen=True, slots=True)
class Dnat:
    """Send the connection to this address and port."""

    address: str
    port: int


@dataclass(frozen=True, slots=True)
class DnatToAny:
    """Send the connection to one of these, all as likely."""

    targets: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class GotoAny:
    """Go to one of these chains, all as likely, and do not come back."""

    chains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """Do what a named map says for these fields of the packet; go on where it says nothing."""

    fields: tuple[Field, ...]
    map: str


@dataclass(frozen=True, slots=True)
class SetUpdate:
    """Put the packet's source into a named set, or renew it there."""

    set: str


Verdict: TypeAlias = Accept | Drop | Reject | Return | Jump | Goto
Action: TypeAlias = Verdict | SetMark | Masquerade | Dnat | DnatToAny | GotoAny | Lookup | SetUpdate


# --- what holds them --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """When all matches hold, the actions are done in order; without actions nothing is done.

    An iptables rule has at most one action.
    """

    matches: tuple[Match, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Hook:
    """Where the kernel calls a chain; what the chain does not decide is accepted.

    `priority` orders the chains of a hook, lowest first; iptables has fixed ones.
    """

    kind: str
    """``filter``, ``nat`` or ``mangle``."""
    name: str
    """``prerouting``, ``input``, ``forward``, ``output`` or ``postrouting``."""
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """Rules that are tried in order."""

    name: str
    rules: Sequence[Rule] = ()
    hook: Hook | None = None
    """None: only other chains lead here."""
    comment: str = ""


class DataType(Enum):
    """The type of one part of an element of a set or map."""

    ADDRESS = "addr"
    PROTOCOL = "inet_proto"
    PORT = "inet_service"


Key: TypeAlias = tuple[str | int, ...]
"""An element: a canonical address, a protocol's name or a port for each `DataType`."""


@dataclass(frozen=True, slots=True)
class NamedSet:
    """Elements that rules search by `InSet`."""

    name: str
    types: tuple[DataType, ...]
    elements: tuple[Key, ...] = ()
    comment: str = ""
    size: int = 0
    """How many elements it may hold; 0: as many as there are."""
    timeout: int = 0
    """Seconds after which packets' elements (`SetUpdate`) are forgotten; 0: it has none such."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a map says for one key."""

    key: Key
    verdict: Verdict
    comment: str = ""


@dataclass(frozen=True, slots=True)
class NamedMap:
    """Verdicts that rules search by `Lookup`; no two entries have the same key."""

    name: str
    types: tuple[DataType, ...]
    entries: tuple[Entry, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Chains of one family, and the sets and maps that their rules search."""

    name: str
    family: Family
    chains: tuple[Chain | Sequence[Chain], ...]
    """Chains, and groups of chains such as `balance.Rewrites`."""
    sets: tuple[NamedSet | NamedMap, ...] = ()
    comment: str = ""

    def each_chain(self) -> tuple[Chain, ...]:
        """Return every chain, those that come as a group included."""
        # One pass and no recursion: groups hold chains, never groups.
        found: list[Chain] = []
        for each in self.chains:
            if isinstance(each, Chain):
                found.append(each)
            else:
                found.extend(each)
        return tuple(found)
