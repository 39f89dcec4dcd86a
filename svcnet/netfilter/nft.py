"""A table as the text that `nft -s list table` prints.

This is how nft lists a table, which is not how one is written: elements of sets come in an order
of nft's own, interval sets are merged, priorities get their names where a hook has names for
them.  Reference: nft 1.0.6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from socket import AF_INET, AF_INET6, inet_pton
from typing import TypeAlias, assert_never

from svcnet.netfilter.memo import Memo
from svcnet.netfilter.model import (
    Accept,
    Action,
    AnonymousSet,
    Chain,
    Comment,
    ConntrackState,
    ConntrackStatus,
    DataType,
    Destination,
    Dnat,
    DnatToAny,
    Drop,
    Entry,
    Family,
    Field,
    Goto,
    GotoAny,
    Hook,
    InputInterface,
    InSet,
    Jump,
    Key,
    LocalAddressType,
    Lookup,
    Mark,
    Masquerade,
    Match,
    NamedMap,
    NamedSet,
    Nfacct,
    RecentCheck,
    RecentSet,
    Reject,
    Return,
    Rule,
    SetMark,
    SetUpdate,
    Source,
    Statistic,
    Table,
    Transport,
    Verdict,
)

VERSION = "1.0.6"

_IP = {Family.IPV4: "ip", Family.IPV6: "ip6"}
_PROTOCOLS = {"tcp": 6, "udp": 17, "sctp": 132}
_PRIORITIES = (("dstnat", -100, "prerouting"), ("filter", 0, ""), ("srcnat", 100, "postrouting"))
"""Names of priorities, and the one hook where each is used; empty: in all of them."""
_NEAR = 10
"""How far from a named priority nft still counts from that name."""
_Network: TypeAlias = IPv4Network | IPv6Network
# Further rows begin in the column of the first element, 29 with tabs of eight.
_ELEMENT_BREAK = ",\n\t\t\t     "


class Untranslatable(ValueError):
    """A rule asks for something that nft has no words for."""


def render(table: Table, memo: Memo | None = None) -> Iterator[str]:
    """Yield the text of `table` in pieces of any size: sets and maps first, then chains.

    With a `memo`, chains that were printed before as part of other tables are not printed anew;
    it costs the memory of the texts.

    Raises:
        Untranslatable: a rule has a match that only iptables knows.
    """
    yield f"table {_IP[table.family]} {table.name} {{\n"
    yield f'\tcomment "{table.comment}"\n' if table.comment else ""
    # An empty line goes between objects, but not between the comment and the first of them.
    separator = ""
    for each in table.sets:
        text = _set(each, table.family) if isinstance(each, NamedSet) else _map(each, table.family)
        yield f"{separator}{text}"
        separator = "\n"
    for chain in table.each_chain():
        yield f"{separator}{_remembered(chain, table.family, memo)}"
        separator = "\n"
    yield "}\n"


def _remembered(chain: Chain, family: Family, memo: Memo | None) -> str:
    if memo is None:
        return _chain(chain, family)
    known = memo.recall(chain.name, chain)
    if known is None:
        known = ((chain.name, _chain(chain, family)),)
        memo.keep(chain.name, chain, known)
    return known[0][1]


def _chain(chain: Chain, family: Family) -> str:
    comment = f'\t\tcomment "{chain.comment}"\n' if chain.comment else ""
    hook = f"\t\t{_hook(chain.hook)}\n" if chain.hook else ""
    rules = "".join([f"\t\t{_rule(rule, family)}\n" for rule in chain.rules])
    return f"\tchain {chain.name} {{\n{comment}{hook}{rules}\t}}\n"


def _hook(hook: Hook) -> str:
    return f"type {hook.kind} hook {hook.name} priority {_priority(hook)}; policy accept;"


def _priority(hook: Hook) -> str:
    """Return a priority as nft prints it: from a name it has in that hook, if one is near.

    >>> _priority(Hook("filter", "prerouting", -110)), _priority(Hook("filter", "output", -110))
    ('dstnat - 10', '-110')
    """
    # A name is only good in the hook it was made for: dstnat means nothing in output.
    for name, number, where in _PRIORITIES:
        offset = hook.priority - number
        if where in ("", hook.name) and abs(offset) <= _NEAR:
            return f"{name} {'+' if offset > 0 else '-'} {abs(offset)}" if offset else name
    return str(hook.priority)


# --- sets and maps ----------------------------------------------------------------------------


def _set(named: NamedSet, family: Family) -> str:
    options = f"\t\tsize {named.size}\n" if named.size else ""
    if named.timeout:
        options += f"\t\tflags dynamic,timeout\n\t\ttimeout {_duration(named.timeout)}\n"
    elements = ""
    if named.elements:
        ordered = sorted(named.elements, key=_Listing(named.types, family))
        elements = _elements([" . ".join(map(str, key)) for key in ordered], named.types, family)
    types = _types(named.types, family)
    return f"\tset {named.name} {{\n\t\ttype {types}\n{options}{_comment(named)}{elements}\t}}\n"


def _map(named: NamedMap, family: Family) -> str:
    order = _Listing(named.types, family)
    ordered = sorted(named.entries, key=lambda each: order(each.key))
    elements = _elements([_entry(each) for each in ordered], named.types, family)
    types = _types(named.types, family)
    head = f"\tmap {named.name} {{\n\t\ttype {types} : verdict\n"
    return f"{head}{_comment(named)}{elements}\t}}\n"


def _comment(named: NamedSet | NamedMap) -> str:
    return f'\t\tcomment "{named.comment}"\n' if named.comment else ""


def _elements(listed: list[str], types: tuple[DataType, ...], family: Family) -> str:
    """Return the line of elements; IPv4 addresses are short enough for two of them in a row."""
    if not listed:
        return ""
    row = 2 if types == (DataType.ADDRESS,) and family is Family.IPV4 else 1
    rows = [", ".join(listed[start : start + row]) for start in range(0, len(listed), row)]
    return f"\t\telements = {{ {_ELEMENT_BREAK.join(rows)} }}\n"


def _entry(entry: Entry) -> str:
    key = " . ".join(map(str, entry.key))
    comment = f' comment "{entry.comment}"' if entry.comment else ""
    return f"{key}{comment} : {_verdict(entry.verdict)}"


@cache
def _types(types: tuple[DataType, ...], family: Family) -> str:
    return " . ".join(
        f"{family}_addr" if each is DataType.ADDRESS else each.value for each in types
    )


class _Listing:
    """The order in which nft lists the elements of a set or map.

    Addresses alone ascend.  Concatenated parts are compared as one number that begins with its
    last byte: the low byte of the port decides first, so that 80 (0x50) comes before 443 (0x1bb).
    """

    def __init__(self, types: tuple[DataType, ...], family: Family) -> None:
        self._types = types
        self._family = AF_INET if family is Family.IPV4 else AF_INET6

    def __call__(self, key: Key) -> bytes:
        """Return what elements are sorted by."""
        # Seen in nft 1.0.6; newer versions may compare from the first byte.
        packed = b"".join(map(self._packed, self._types, key))
        return packed if len(key) == 1 else packed[::-1]

    def _packed(self, datum: DataType, value: str | int) -> bytes:
        match datum:
            case DataType.ADDRESS:
                return inet_pton(self._family, str(value))
            case DataType.PROTOCOL:
                return bytes((_PROTOCOLS[str(value)],))
            case DataType.PORT:
                return int(value).to_bytes(2, "big")
            case _:
                assert_never(datum)


@cache
def _duration(seconds: int) -> str:
    """Return a time as nft prints it.

    >>> _duration(90), _duration(10800), _duration(86401)
    ('1m30s', '3h', '1d1s')
    """
    parts = []
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts)


# --- one rule ---------------------------------------------------------------------------------


def _rule(rule: Rule, family: Family) -> str:
    """Return one rule: matches and actions in order, its comment behind them."""
    # A comment belongs to the rule and not to a place in it, unlike in iptables.
    words: list[str] = []
    comment = ""
    for each in rule.matches:
        if isinstance(each, Comment):
            comment = f' comment "{each.text}"'
        else:
            words.append(_match(each, family))
    words += [_action(each, family) for each in rule.actions]
    return f"{' '.join(words)}{comment}".lstrip()


def _match(match: Match, family: Family) -> str:
    ip = _IP[family]
    match match:
        case Source(network, negated):
            return f"{ip} saddr {_not(negated)}{network}"
        case Destination(network, negated):
            return f"{ip} daddr {_not(negated)}{network}"
        case AnonymousSet(side, networks, negated):
            return f"{ip} {side[0]}addr {_not(negated)}{_intervals(networks)}"
        case InputInterface(name, prefix, negated):
            return f'iifname {_not(negated)}"{name}{"*" if prefix else ""}"'
        case Transport(protocol, port):
            return f"{protocol} dport {port}" if port else f"meta l4proto {protocol}"
        case ConntrackState(states, negated):
            return f"ct state {_not(negated)}{','.join(states)}"
        case ConntrackStatus(status):
            return f"ct status {status}"
        case Mark(value, mask, negated):
            sign = "!=" if negated else "=="
            return f"meta mark & {mask:#010x} {sign} {value:#010x}"
        case LocalAddressType(side):
            return f"fib {side[0]}addr type local"
        case InSet(fields, name):
            return f"{_fields(fields, family)} @{name}"
        case Comment():
            return ""  # Stands behind the rule.
        case Statistic() | RecentCheck() | RecentSet() | Nfacct():
            raise Untranslatable(str(match))
        case _:
            assert_never(match)


def _not(negated: bool) -> str:
    return "!= " if negated else ""


@cache
def _fields(fields: tuple[Field, ...], family: Family) -> str:
    words = {
        Field.SOURCE_ADDRESS: f"{_IP[family]} saddr",
        Field.DESTINATION_ADDRESS: f"{_IP[family]} daddr",
        Field.PROTOCOL: "meta l4proto",
        Field.DESTINATION_PORT: "th dport",
    }
    return " . ".join(words[each] for each in fields)


def _action(action: Action, family: Family) -> str:
    match action:
        case SetMark(bits, mask):
            return f"meta mark set meta mark {_change(bits, mask)}"
        case Masquerade():
            return "masquerade fully-random"
        case Dnat(address, port):
            return f"dnat to {address if family is Family.IPV4 else f'[{address}]'}:{port}"
        case DnatToAny(targets):
            listed = [f"{i} : {address} . {port}" for i, (address, port) in enumerate(targets)]
            pick = f"numgen random mod {len(targets)} map {{ {', '.join(listed)} }}"
            return f"dnat {_IP[family]} to {pick}"
        case GotoAny(chains):
            listed = [f"{i} : goto {chain}" for i, chain in enumerate(chains)]
            return f"numgen random mod {len(chains)} vmap {{ {', '.join(listed)} }}"
        case Lookup(fields, name):
            return f"{_fields(fields, family)} vmap @{name}"
        case SetUpdate(name):
            return f"update @{name} {{ {_IP[family]} saddr }}"
        case Accept() | Drop() | Reject() | Return() | Jump() | Goto():
            return _verdict(action)
        case _:
            assert_never(action)


def _change(bits: int, mask: int) -> str:
    if bits == mask:
        return f"| {bits:#010x}"
    # Clear first, then flip; nft lists both as one expression.
    keep = f"& {mask ^ 0xFFFFFFFF:#010x} " if mask else ""
    return f"{keep}^ {bits:#010x}"


def _verdict(verdict: Verdict) -> str:
    match verdict:
        case Jump(chain):
            return f"jump {chain}"
        case Goto(chain):
            return f"goto {chain}"
        case Accept():
            return "accept"
        case Drop():
            return "drop"
        case Reject():
            return "reject"
        case Return():
            return "return"
        case _:
            assert_never(verdict)


# --- intervals --------------------------------------------------------------------------------


def _intervals(networks: tuple[str, ...]) -> str:
    """Return an anonymous set: what overlaps or touches is merged, and the rest ascends.

    A single element needs no braces, except for the network of all addresses.

    >>> _intervals(("198.51.100.0/24",))
    '198.51.100.0/24'
    >>> _intervals(("192.168.50.13", "192.168.50.12"))
    '{ 192.168.50.12/31 }'
    >>> _intervals(("10.0.0.4/30", "10.0.0.8"))
    '{ 10.0.0.4-10.0.0.8 }'
    """
    if len(networks) == 1 and not networks[0].endswith("/0"):
        return networks[0]
    # nft only merges in interval sets, which kube-proxy's are: each range is given with its length.
    parsed = sorted(map(ip_network, networks), key=lambda each: (int(each[0]), each.prefixlen))
    return f"{{ {', '.join(map(_span, _merged(parsed)))} }}"


def _merged(ascending: Sequence[_Network]) -> Iterator[list[_Network]]:
    """Yield runs of networks between which no address lies."""
    run: list[_Network] = []
    end = 0
    for each in ascending:
        if run and int(each[0]) > end + 1:
            yield run
            run = []
        end = max(end, int(each[-1])) if run else int(each[-1])
        run.append(each)
    yield run


def _span(run: list[_Network]) -> str:
    """Return an address, a network or a range: the shortest form of what a run covers."""
    first, last = run[0][0], max(each[-1] for each in run)
    if first == last:
        return str(first)
    # A network has a power of two addresses, and begins at a multiple of that.
    size = int(last) - int(first) + 1
    if size & (size - 1) == 0 and int(first) % size == 0:
        return f"{first}/{first.max_prefixlen - size.bit_length() + 1}"
    return f"{first}-{last}"
