"""JSON merge patches, JSON patches, and what is said of patches that cannot be read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api import merge
from svcnet.api.kinds import SERVICE, Kind
from svcnet.api.merge import Patch, PatchType, patched, read_patch
from svcnet.errors import BadRequest, RequestInvalid, UnsupportedMediaType

CUSTOM = Kind("Widget", "widgets", "example.com")


@pytest.mark.parametrize(
    ("document", "patch", "expected"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"a": "foo"}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_does_what_the_rfc_says(document: Any, patch: Any, expected: Any) -> None:
    """Source: RFC 7396, appendix A."""
    assert merge.merge(document, patch) == expected


def test_a_json_patch_is_a_list_of_operations() -> None:
    change = read_patch(PatchType.JSON, '[{"op":"replace","path":"/spec/port","value":82}]')

    assert patched({"spec": {"port": 80}}, change, SERVICE) == {"spec": {"port": 82}}


@pytest.mark.parametrize(
    "operation",
    [
        '{"op":"remove","path":"/spec/nothing"}',
        '{"op":"test","path":"/spec/type","value":"NodePort"}',
        '{"op":"jump","path":"/spec/type"}',
        '{"op":"add"}',
        "1",
    ],
)
def test_a_json_patch_that_does_not_fit_is_refused_without_a_reason(operation: str) -> None:
    """Recorded: patch."""
    change = read_patch(PatchType.JSON, f"[{operation}]")

    with pytest.raises(RequestInvalid, match="rejected our request due to an error in our request"):
        patched({"spec": {"type": "ClusterIP"}}, change, SERVICE)


@pytest.mark.parametrize(
    ("type_", "text", "told"),
    [
        (
            "strategic",
            "{bad json",
            "invalid character 'b' looking for beginning of object key string",
        ),
        (
            "json",
            '{"op":"remove"}',
            "error decoding patch: json: cannot unmarshal object into Go value of type "
            "[]handlers.jsonPatchOp",
        ),
        ("merge", "{", "unexpected end of JSON input"),
    ],
)
def test_a_patch_that_cannot_be_read_is_a_bad_request(type_: str, text: str, told: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read_patch(PatchType(type_), text)

    assert str(refused.value) == told


def test_objects_of_custom_kinds_take_no_strategic_merge_patch() -> None:
    with pytest.raises(UnsupportedMediaType):
        patched({}, Patch(PatchType.STRATEGIC, {}), CUSTOM)


leaves = st.one_of(st.integers(0, 3), st.sampled_from(["a", "b"]), st.lists(st.integers(0, 2)))
objects = st.recursive(
    st.dictionaries(st.sampled_from("abc"), leaves, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), st.one_of(leaves, inner), max_size=3),
    max_leaves=8,
)


@given(objects, objects)
def test_the_merge_patch_between_two_documents_leads_from_one_to_the_other(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert merge.merge(before, merge.create_merge(before, after)) == after


@given(objects, objects)
def test_applying_to_what_was_applied_changes_nothing_of_it(
    applied: dict[str, Any], current: dict[str, Any]
) -> None:
    after = merge.merge(current, merge.three_way_merge({}, applied, current))

    assert merge.three_way_merge(applied, applied, after) == {}


@pytest.mark.parametrize(
    ("document", "patch", "expected"),
    [
        # As `kubectl patch --local --type=merge` has it; the RFC leaves lists alone.
        ({}, {"a": [{"b": None}, None]}, {"a": [{}, None]}),
        ({"a": [1]}, {"a": [{"b": None}]}, {"a": [{}]}),
        ({"a": {"c": 1}}, {"a": [{"b": None}]}, {"a": [{"b": None}]}),
        ({"a": None}, {"a": {"b": None}}, {"a": {}}),
    ],
)
def test_nulls_in_new_lists_are_dropped(
    document: dict[str, Any], patch: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert merge.merge(document, patch) == expected
