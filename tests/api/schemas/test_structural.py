"""What a schema leaves of a document, and what it adds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.schemas.structural import PRESERVED, Schema, defaulted, pruned

STRING: Schema = {"type": "string"}


def an_object(**fields: Schema) -> Schema:
    return {"type": "object", "properties": fields}


@pytest.mark.parametrize(
    ("schema", "given", "kept", "gone"),
    [
        (an_object(a=STRING), {"a": "x", "b": 1}, {"a": "x"}, ["b"]),
        (
            an_object(l={"type": "array", "items": an_object(a=STRING)}),
            {"l": [{"a": "x"}, {"a": "y", "c": 1, "b": 2}]},
            {"l": [{"a": "x"}, {"a": "y"}]},
            ["l[1].b", "l[1].c"],
        ),
        (
            an_object(m={"type": "object", "additionalProperties": an_object(a=STRING)}),
            {"m": {"one": {"a": "x", "b": 1}}},
            {"m": {"one": {"a": "x"}}},
            ["m.one.b"],
        ),
        # What is kept unknown is kept with all in it, but for what the schema does know.
        (
            {**an_object(known=an_object(a=STRING)), PRESERVED: True},
            {"free": {"x": 1}, "known": {"b": 1}},
            {"free": {"x": 1}, "known": {}},
            ["known.b"],
        ),
        # Of what every object has no schema needs to tell.
        (an_object(), {"apiVersion": "v1", "kind": "K", "metadata": {"x": 1}}, None, []),
        # Nor of that of an object within another.
        (
            an_object(t={**an_object(), "x-kubernetes-embedded-resource": True}),
            {"t": {"kind": "K", "metadata": {"name": "n"}, "spec": 1}},
            {"t": {"kind": "K", "metadata": {"name": "n"}}},
            ["t.spec"],
        ),
    ],
)
def test_unknown_fields_go(
    schema: Schema, given: dict[str, Any], kept: dict[str, Any] | None, gone: list[str]
) -> None:
    assert pruned(given, schema) == (given if kept is None else kept, gone)


@pytest.mark.parametrize(
    ("schema", "given", "filled"),
    [
        (an_object(a={"type": "integer", "default": 3}), {}, {"a": 3}),
        (an_object(a={"type": "integer", "default": 3}), {"a": 0}, {"a": 0}),
        # A default for the whole leads to those in it.
        (
            an_object(s={**an_object(a={"type": "integer", "default": 3}), "default": {}}),
            {},
            {"s": {"a": 3}},
        ),
        (
            an_object(l={"type": "array", "items": an_object(a={"default": "x"})}),
            {"l": [{}, {"a": "y"}]},
            {"l": [{"a": "x"}, {"a": "y"}]},
        ),
        # A null that may not be is as good as nothing; one that may be stays.
        (an_object(a={"default": 3}), {"a": None}, {"a": 3}),
        (an_object(a={"default": 3, "nullable": True}), {"a": None}, {"a": None}),
        (an_object(a=STRING), {"a": None}, {}),
    ],
)
def test_defaults_come(schema: Schema, given: dict[str, Any], filled: dict[str, Any]) -> None:
    assert defaulted(given, schema) == filled


def test_a_default_is_nobody_elses() -> None:
    schema = an_object(l={"default": []})

    defaulted({}, schema)["l"].append(1)

    assert defaulted({}, schema) == {"l": []}


LEAVES = st.one_of(st.none(), st.integers(), st.text(max_size=3))
DOCUMENTS = st.dictionaries(
    st.sampled_from("abcd"),
    st.recursive(
        LEAVES,
        lambda inner: st.one_of(
            st.lists(inner, max_size=2), st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
        ),
        max_leaves=6,
    ),
)
SCHEMAS = st.recursive(
    st.fixed_dictionaries({}, optional={"default": st.integers(), "nullable": st.booleans()}),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"properties": st.dictionaries(st.sampled_from("abc"), inner)}),
        st.fixed_dictionaries({"additionalProperties": inner}),
        st.fixed_dictionaries({"items": inner}),
    ),
    max_leaves=6,
)


@given(document=DOCUMENTS, schema=SCHEMAS)
def test_doing_it_twice_changes_nothing(document: dict[str, Any], schema: Schema) -> None:
    kept, _ = pruned(document, schema)
    filled = defaulted(kept, schema)

    assert pruned(kept, schema) == (kept, [])
    assert defaulted(filled, schema) == filled
