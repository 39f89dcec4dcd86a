"""Selectors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api import selectors
from svcnet.api.selectors import FieldRequirement, SelectorError

LABELS = {"app": "shop", "tier": "web", "size": "12"}


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("", True),
        ("app=shop", True),
        ("app==shop,tier=web", True),
        ("app=blog", False),
        ("app!=blog", True),
        ("env!=prod", True),
        ("app in (shop, blog)", True),
        ("app notin (shop)", False),
        ("env notin (prod)", True),
        ("app", True),
        ("!app", False),
        ("!env", True),
        ("size>10", True),
        ("size<10", False),
        ("app>10", False),
        ("env in ()", False),
        ("app=", False),
    ],
)
def test_a_selector_means_objects_by_their_labels(text: str, matches: bool) -> None:
    assert selectors.parse(text).matches(LABELS) is matches


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("app in shop", "unable to parse requirement: found 'shop' expected: '('"),
        ("app=shop,", "found '', expected: identifier after ','"),
        ("=x", "found '=', expected: !, identifier, or 'end of string'"),
        ("app=a b", "found 'b', expected: ',' or 'end of string'"),
        ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ("a in (b c)", "unable to parse requirement: found 'c', expected: ',' or ')'"),
        ("a in (b,", "unable to parse requirement: found '', expected: ',', or identifier"),
        ("a===b", "unable to parse requirement: found '=', expected: identifier"),
        ("!", "unable to parse requirement: found '', expected: identifier"),
        (
            "a>x",
            "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' "
            "operators, the value must be an integer",
        ),
    ],
)
def test_what_means_nothing_is_refused_in_the_servers_words(text: str, told: str) -> None:
    with pytest.raises(SelectorError) as caught:
        selectors.parse(text)

    assert str(caught.value) == told


def test_a_selector_is_told_with_its_keys_and_values_sorted() -> None:
    text = "tier in (web,db),app==shop,!old,new,size>3,env!=x"

    assert str(selectors.parse(text)) == "app==shop,env!=x,new,!old,size>3,tier in (db,web)"


def test_objects_select_like_text() -> None:
    selector = {
        "matchLabels": {"app": "shop"},
        "matchExpressions": [
            {"key": "tier", "operator": "In", "values": ["web", "db"]},
            {"key": "old", "operator": "DoesNotExist"},
        ],
    }

    assert selectors.from_object(selector).matches(LABELS)
    assert not selectors.from_object(selector).matches({**LABELS, "old": ""})


def test_field_selectors_are_pairs() -> None:
    assert selectors.parse_fields("spec.type=NodePort,metadata.name!=a,x==y") == (
        FieldRequirement("metadata.name", "a", negated=True),
        FieldRequirement("spec.type", "NodePort"),
        FieldRequirement("x", "y"),
    )


def test_what_is_no_pair_is_refused() -> None:
    with pytest.raises(SelectorError, match="invalid selector: 'nonsense'; can't understand"):
        selectors.parse_fields("nonsense")


@given(st.text(st.sampled_from("ab=!<>(), \tinot")))
def test_any_text_is_read_or_refused_and_what_is_read_reads_back(text: str) -> None:
    try:
        selector = selectors.parse(text)
    except SelectorError:
        return
    assert selectors.parse(str(selector)) == selector
