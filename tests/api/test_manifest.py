"""Reading manifests."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api import manifest, yaml_reader
from svcnet.api.yamlscalars import NotYAML
from svcnet.errors import UsageError


def read(text: str) -> list[object]:
    return manifest.read(text, "STDIN")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(
    st.dictionaries(st.text(), JSON_VALUES),
    st.sampled_from(((",", ":"), (", ", ": "))),
    st.booleans(),
)
def test_json_is_read_as_yaml_reads_it(
    value: dict[str, object], separators: tuple[str, str], ensure_ascii: bool
) -> None:
    text = json.dumps(value, separators=separators, ensure_ascii=ensure_ascii)

    assert outcome(manifest.read_one, text) == outcome(yaml_reader.first_value, text)


@pytest.mark.parametrize(
    "text",
    [
        '{"<<": {"a": 1}}',
        '{"a": 1, "a": 2}',
        '{"a": 1e3, "b": -0, "c": 12345678901234567890}',
        '{"a": NaN}',
        '{"a"\t:1}',
        '{"a": "# \\/ \\u00e9"}',
        '{"a": 1} # nothing',
        '{"a": on}',
        f'{{"{"a" * 2000}": 1}}',
        "{}",
    ],
)
def test_odd_json_is_read_as_yaml_reads_it(text: str) -> None:
    assert outcome(manifest.read_one, text) == outcome(yaml_reader.first_value, text)


def outcome(reader: Callable[[str], object], text: str) -> object:
    try:
        return reader(text)
    except (ValueError, NotYAML) as error:
        return str(error).removeprefix("error converting YAML to JSON: ")


def test_documents_stand_between_lines_of_dashes() -> None:
    assert read("a: 1\n---\n# nothing\n---\nb: 2\n--- # next\nc: 3\n") == [
        {"a": 1},
        {"b": 2},
        {"c": 3},
    ]


def test_json_values_may_follow_each_other() -> None:
    assert read('{"a": 1}\n{"b": 2.0} {"c": null}') == [{"a": 1}, {"b": 2}, {"c": None}]


def test_what_begins_like_json_may_be_yaml() -> None:
    assert read("{apiVersion: v1, kind: Service,}") == [{"apiVersion": "v1", "kind": "Service"}]


def test_after_one_json_value_yaml_may_follow() -> None:
    assert read('{"a": 1}\n---\nb: 2\n') == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("on", True), ("No", False), ("y", True), ("~", None), ("0o17", 15), ("017", 15),
        ("0x1F", 31), ("0b11", 3), ("1_000", 1000), ("08", 8), ("1.5", 1.5), ("1.0", 1),
        ("12:30:45", "12:30:45"), ("2026-11-23", "2026-11-23"), ("+1", 1), ("-2", -2),
        ("1e400", "1e400"), ("'80'", "80"), ('"on"', "on"), ("!!str 80", "80"), ("oN", "oN"),
    ],
)  # fmt: skip
def test_words_mean_what_they_mean_to_kubectl(word: str, value: object) -> None:
    found = manifest.read_one(f"k: {word}")["k"]

    assert found == value
    assert type(found) is type(value)


def test_of_keys_that_repeat_the_last_counts() -> None:
    assert read("{spec: {type: ClusterIP, type: NodePort}}") == [{"spec": {"type": "NodePort"}}]


def test_keys_become_strings() -> None:
    assert read("1: a\ntrue: b\n2.5: c") == [{"1": "a", "true": "b", "2.5": "c"}]


def test_anchors_and_merges_are_resolved() -> None:
    assert read("base: &b {x: 1, z: 2}\nmore: {<<: *b, z: 3}\nsame: *b") == [
        {"base": {"x": 1, "z": 2}, "more": {"x": 1, "z": 3}, "same": {"x": 1, "z": 2}}
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1", "yaml: line 1: did not find expected ',' or ']'"),
        ("a:\n  name: x\n spec:\n", "yaml: line 2: did not find expected key"),
        ("a: b\nc:\n\td: e\n", "yaml: line 3: found character that cannot start any token"),
        ("a: b: c", "yaml: mapping values are not allowed in this context"),
        ("a: *x", "yaml: unknown anchor 'x' referenced"),
        ("a\x00b", "yaml: control characters are not allowed"),
    ],
)
def test_bad_yaml_is_refused_in_gos_words(text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(text)

    assert str(caught.value) == f"error parsing STDIN: error converting YAML to JSON: {told}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{bad json", "offset 2: invalid character 'b' looking for beginning of object key string"),
        ('{"a": 1', "offset 7: unexpected end of JSON input"),
        ('{"a": [1 2', "offset 10: invalid character '2' after array element"),
        ('{"a": tru', "offset 9: unexpected end of JSON input"),
        ('{} {} {"a" 1}', "offset 12: invalid character '1' after object key"),
        ('{} {} {"a": 01}', "offset 14: invalid character '1' after object key:value pair"),
        ('{} {} {"a": "\\q"}', "offset 15: invalid character 'q' in string escape code"),
        ('{} {} {"a": "\n"}', "offset 14: invalid character '\\n' in string literal"),
        ("{} {} x", "offset 7: invalid character 'x' looking for beginning of value"),
    ],
)
def test_bad_json_is_refused_in_gos_words(text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(text)

    assert str(caught.value) == f"error parsing STDIN: json: {told}"


def test_text_after_a_separator_is_refused() -> None:
    with pytest.raises(UsageError, match="invalid Yaml document separator: foo"):
        read("a: 1\n--- foo\n")


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"kind": "Service"}, "apiVersion not set"),
        ({"apiVersion": "v1"}, "kind not set"),
        ({}, "[apiVersion not set, kind not set]"),
        ({"apiVersion": 1, "kind": "Service"}, "apiVersion isn't string type"),
        ("text", "invalid object to validate"),
    ],
)
def test_a_document_must_say_what_it_is(document: object, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        manifest.check_type(document, "x.yaml")

    assert str(caught.value) == (
        f'error validating "x.yaml": error validating data: {told}; if you choose to ignore these '
        "errors, turn validation off with --validate=false"
    )


def test_lists_are_taken_apart_and_their_items_know_what_they_are() -> None:
    service = {"apiVersion": "v1", "kind": "Service"}
    inner = {"apiVersion": "v1", "kind": "List", "items": [service]}
    named = {"apiVersion": "v1", "kind": "ServiceList", "items": [{"metadata": {"name": "x"}}]}

    assert manifest.flatten([inner, named]) == [service, {**service, "metadata": {"name": "x"}}]


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    told = ""
    try:
        read(text)
    except UsageError as error:
        told = str(error)

    assert told.startswith("error parsing STDIN: ") or not told
