"""Tables as JSON values, for tools; the schema is told in docs/rules.md.

Every match, action and verdict is an object whose ``type`` is the name of its class in `model`, or
the one in `_TYPES`, and whose other members are the fields of that class.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from svcnet.netfilter.model import (
    AnonymousSet,
    Chain,
    Entry,
    InputInterface,
    LocalAddressType,
    NamedMap,
    NamedSet,
    Nfacct,
    Rule,
    SetUpdate,
    Statistic,
    Table,
)

_TYPES: dict[type, str] = {
    AnonymousSet: "Among",
    InputInterface: "Incoming",
    LocalAddressType: "HostAddress",
    Nfacct: "Account",
    SetUpdate: "Remember",
    Statistic: "Chance",
}
"""Types that were published under other names than their classes have by now."""


def type_name(kind: type) -> str:
    """Return under which name a match, an action or a verdict is published."""
    return _TYPES.get(kind) or kind.__name__


def render(tables: Iterable[Table], **about: str) -> Iterator[str]:
    """Yield a JSON object in pieces: the members of `about`, then ``tables``."""
    # Chains are encoded one by one, so that a large cluster never stands in memory as one value.
    yield json.dumps(about)[:-1] + (", " if about else "") + '"tables": ['
    separator = "\n"
    for table in tables:
        yield from _table(table, separator)
        separator = ",\n"
    yield "\n]}\n"


def _table(table: Table, separator: str) -> Iterator[str]:
    head = {"name": table.name, "family": table.family, "comment": table.comment}
    yield f"{separator}{json.dumps(head)[:-1]},\n"
    yield f' "sets": {_lines(map(_set, table.sets))},\n'
    yield ' "chains": ['
    between = "\n  "
    for chain in table.each_chain():
        yield f"{between}{json.dumps(_chain(chain))}"
        between = ",\n  "
    yield "\n ]}"


def _lines(values: Iterable[Any]) -> str:
    listed = ",\n  ".join(map(json.dumps, values))
    return f"[\n  {listed}\n ]" if listed else "[]"


def _set(named: NamedSet | NamedMap) -> dict[str, Any]:
    common = {"name": named.name, "comment": named.comment}
    types = [each.value for each in named.types]
    if isinstance(named, NamedMap):
        entries = [_entry(each) for each in named.entries]
        return {**common, "type": "NamedMap", "types": types, "entries": entries}
    elements = [list(each) for each in named.elements]
    limits = {"size": named.size, "timeout": named.timeout}
    return {**common, "type": "NamedSet", "types": types, **limits, "elements": elements}


def _entry(entry: Entry) -> dict[str, Any]:
    verdict = _value(entry.verdict)
    return {"key": list(entry.key), "verdict": verdict, "comment": entry.comment}


def _chain(chain: Chain) -> dict[str, Any]:
    hook = (
        {each.name: getattr(chain.hook, each.name) for each in fields(chain.hook)}
        if chain.hook
        else None
    )
    rules = [_rule(each) for each in chain.rules]
    return {"name": chain.name, "hook": hook, "comment": chain.comment, "rules": rules}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "matches": [_value(each) for each in rule.matches],
        "actions": [_value(each) for each in rule.actions],
    }


def _value(value: Any) -> Any:
    if is_dataclass(value):
        members = {each.name: _value(getattr(value, each.name)) for each in fields(value)}
        return {"type": type_name(type(value)), **members}
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    if isinstance(value, Fraction):
        return str(value)  # Exact, where a JSON number would not be.
    return value.value if isinstance(value, Enum) else value
