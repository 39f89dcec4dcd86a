"""Documents as JSON."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.go.json import marshal, marshal_indent, sorted_keys
from svcnet.errors import Fault, FieldError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def test_json_is_indented_by_four() -> None:
    assert marshal_indent({"a": [1, {}], "b": {}}) == (
        '{\n    "a": [\n        1,\n        {}\n    ],\n    "b": {}\n}'
    )


def test_what_html_would_take_for_markup_is_escaped() -> None:
    assert marshal({"note": "a<b> & c\u2028"}) == ('{"note":"a\\u003cb\\u003e \\u0026 c\\u2028"}')


def test_letters_beyond_ascii_stay_as_they_are() -> None:
    assert marshal("Grüße 世界") == '"Grüße 世界"'


def test_compact_json_sorts_keys_unless_told_to_keep_their_order() -> None:
    document = {"kind": "Service", "apiVersion": "v1"}

    assert marshal(document) == '{"apiVersion":"v1","kind":"Service"}'
    assert marshal(document, in_order=True) == '{"kind":"Service","apiVersion":"v1"}'


@given(VALUES)
def test_json_reads_back(value: object) -> None:
    assert json.loads(marshal_indent(value)) == value
    assert json.loads(marshal(value)) == value


@given(VALUES)
def test_sorting_keys_changes_no_value(value: object) -> None:
    assert sorted_keys(value) == value


def test_errors_tell_strings_as_go_quotes_them_and_structures_as_json() -> None:
    assert str(FieldError("p", Fault.INVALID, "a\x00<", "no")) == 'p: Invalid value: "a\\x00<": no'
    assert str(FieldError("p", Fault.INVALID, ["<"], "no")) == 'p: Invalid value: ["\\u003c"]: no'
