"""Rules as JSON: whole, and by the names of the model."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest

from svcnet.netfilter.balance import EndpointChains, Target
from svcnet.netfilter.document import render, type_name
from svcnet.netfilter.model import (
    Action,
    AnonymousSet,
    Chain,
    Comment,
    DataType,
    DnatToAny,
    Drop,
    Entry,
    Family,
    Hook,
    InputInterface,
    Jump,
    LocalAddressType,
    Match,
    NamedMap,
    NamedSet,
    Nfacct,
    Rule,
    SetUpdate,
    Side,
    Source,
    Statistic,
    Table,
)


def test_a_table_is_told_by_the_names_of_the_model() -> None:
    rule = Rule(
        (Statistic(Fraction(1, 3)), LocalAddressType(Side.SOURCE)),
        (DnatToAny((("10.0.0.1", 80),)),),
    )
    table = Table(
        "t",
        Family.IPV4,
        (Chain("x", (rule,), Hook("nat", "prerouting", -100), "first"),),
        (
            NamedSet("s", (DataType.ADDRESS,), (("10.0.0.1",),), "a set", 8, 60),
            NamedMap("m", (DataType.PROTOCOL, DataType.PORT), (Entry(("tcp", 80), Drop(), "why"),)),
        ),
        "a table",
    )

    told = json.loads("".join(render([table], node="n1")))

    assert told == {
        "node": "n1",
        "tables": [
            {
                "name": "t",
                "family": "ipv4",
                "comment": "a table",
                "sets": [
                    {
                        "type": "NamedSet",
                        "name": "s",
                        "comment": "a set",
                        "types": ["addr"],
                        "size": 8,
                        "timeout": 60,
                        "elements": [["10.0.0.1"]],
                    },
                    {
                        "type": "NamedMap",
                        "name": "m",
                        "comment": "",
                        "types": ["inet_proto", "inet_service"],
                        "entries": [
                            {"key": ["tcp", 80], "verdict": {"type": "Drop"}, "comment": "why"}
                        ],
                    },
                ],
                "chains": [
                    {
                        "name": "x",
                        "hook": {"kind": "nat", "name": "prerouting", "priority": -100},
                        "comment": "first",
                        "rules": [
                            {
                                "matches": [
                                    {"type": "Chance", "probability": "1/3"},
                                    {"type": "HostAddress", "side": "src"},
                                ],
                                "actions": [{"type": "DnatToAny", "targets": [["10.0.0.1", 80]]}],
                            }
                        ],
                    }
                ],
            }
        ],
    }


def test_groups_of_chains_are_told_chain_by_chain() -> None:
    target = Target("SEP", "10.0.0.1", 80, "10.0.0.1:80")
    tables = [
        Table("nat", Family.IPV4, (EndpointChains((target,), "tcp", "MARK"), Chain("MARK"))),
        Table("filter", Family.IPV4, ()),
    ]

    told = json.loads("".join(render(tables)))

    assert [each["name"] for each in told["tables"]] == ["nat", "filter"]
    assert [each["name"] for each in told["tables"][0]["chains"]] == ["SEP", "MARK"]


def test_rules_without_matches_or_actions_are_told_too() -> None:
    rules = (Rule((Comment("nothing"),)), Rule((), (Jump("x"),)))

    told = json.loads("".join(render([Table("t", Family.IPV4, (Chain("x", rules),))])))

    assert told["tables"][0]["chains"][0]["rules"] == [
        {"matches": [{"type": "Comment", "text": "nothing"}], "actions": []},
        {"matches": [], "actions": [{"type": "Jump", "chain": "x"}]},
    ]


def test_the_schema_names_every_match_and_action() -> None:
    schema = (Path(__file__).parents[2] / "docs" / "rules.md").read_text()

    names = [type_name(each) for each in get_args(Match | Action)]

    assert len(names) > 20
    assert [name for name in names if f"`{name}`" not in schema] == []


@pytest.mark.parametrize(
    ("kind", "published"),
    [
        (AnonymousSet, "Among"),
        (InputInterface, "Incoming"),
        (LocalAddressType, "HostAddress"),
        (Nfacct, "Account"),
        (SetUpdate, "Remember"),
        (Statistic, "Chance"),
        (Source, "Source"),
    ],
)
def test_published_types_stay_whatever_classes_are_called(kind: type, published: str) -> None:
    assert type_name(kind) == published
