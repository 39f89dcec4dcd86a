"""Rules of schemas, in the words of the API server."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.schemas.structural import Schema
from svcnet.api.schemas.validation import check_against_schema, check_change_against_schema


def told(x: Any, schema: Schema) -> list[str]:
    """What is told of `spec.x` with that schema."""
    spec = {"type": "object", "properties": {"x": schema}}
    whole = {"type": "object", "properties": {"spec": spec}}
    return [str(each) for each in check_against_schema({"spec": {"x": x}}, whole)]


TYPED = 'spec.x: Invalid value: "{0}": spec.x in body must be of type {1}: "{0}"'


@pytest.mark.parametrize(
    ("value", "wanted", "given"),
    [
        ("a", "integer", "string"),
        (1, "string", "integer"),
        (1.5, "integer", "number"),
        (True, "integer", "boolean"),
        ([], "object", "array"),
        ({}, "array", "object"),
        (None, "string", "null"),
    ],
)
def test_types(value: Any, wanted: str, given: str) -> None:
    assert told(value, {"type": wanted}) == [TYPED.format(given, wanted)]


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (1, {"type": "number"}),
        (2.0, {"type": "integer"}),
        (None, {"type": "string", "nullable": True}),
        (80, {"x-kubernetes-int-or-string": True}),
        ("80%", {"x-kubernetes-int-or-string": True}),
        ({"any": "thing"}, {"x-kubernetes-preserve-unknown-fields": True}),
        (5, {"type": "integer", "maximum": 5, "minimum": 5}),
        ("äöü", {"type": "string", "maxLength": 3}),
    ],
)
def test_what_fits_is_not_told(value: Any, schema: Schema) -> None:
    assert told(value, schema) == []


@pytest.mark.parametrize(
    ("value", "schema", "error"),
    [
        ("x", {"enum": ["a", "b"]}, 'Unsupported value: "x": supported values: "a", "b"'),
        (True, {"enum": [1]}, 'Unsupported value: true: supported values: "1"'),
        (
            "A",
            {"pattern": "^[a-z]+$"},
            "Invalid value: \"A\": spec.x in body should match '^[a-z]+$'",
        ),
        (
            "",
            {"minLength": 1},
            'Invalid value: "": spec.x in body should be at least 1 chars long',
        ),
        ("abc", {"maxLength": 2}, "Too long: may not be more than 2 bytes"),
        (
            11,
            {"maximum": 10},
            "Invalid value: 11: spec.x in body should be less than or equal to 10",
        ),
        (
            10,
            {"maximum": 10, "exclusiveMaximum": True},
            "Invalid value: 10: spec.x in body should be less than 10",
        ),
        (
            0,
            {"minimum": 1},
            "Invalid value: 0: spec.x in body should be greater than or equal to 1",
        ),
        (
            1,
            {"minimum": 1, "exclusiveMinimum": True},
            "Invalid value: 1: spec.x in body should be greater than 1",
        ),
        (5, {"multipleOf": 2}, "Invalid value: 5: spec.x in body should be a multiple of 2"),
        # A bound is a float64 to Go, and that is how it prints one.
        (
            2_000_001,
            {"maximum": 1_000_000},
            "Invalid value: 2000001: spec.x in body should be less than or equal to 1e+06",
        ),
        ([1, 2], {"maxItems": 1}, "Too many: 2: must have at most 1 items"),
        ([], {"minItems": 1}, "Invalid value: 0: spec.x in body should have at least 1 items"),
        (
            {},
            {"minProperties": 1},
            "Invalid value: 0: spec.x in body should have at least 1 properties",
        ),
        (
            "x",
            {"type": "string", "format": "cidr"},
            'Invalid value: "x": spec.x in body must be of type cidr: "x"',
        ),
        (
            ["a", "b", "a"],
            {"type": "array", "x-kubernetes-list-type": "set"},
            None,
        ),
    ],
)
def test_values(value: Any, schema: Schema, error: str | None) -> None:
    expected = 'spec.x[2]: Duplicate value: "a"' if error is None else f"spec.x: {error}"

    assert told(value, schema) == [expected]


def test_what_is_required_and_missing() -> None:
    schema = {
        "required": ["spec"],
        "properties": {"spec": {"required": ["range"], "properties": {"range": {}}}},
    }

    assert [*map(str, check_against_schema({}, schema))] == ["spec: Required value"]
    assert [*map(str, check_against_schema({"spec": {}}, schema))] == ["spec.range: Required value"]


def test_places_in_lists_and_maps() -> None:
    text = {"type": "string"}

    assert told(["a", 1], {"type": "array", "items": text}) == [
        'spec.x[1]: Invalid value: "integer": spec.x[1] in body must be of type string: "integer"'
    ]
    assert told({"k": 1}, {"type": "object", "additionalProperties": text}) == [
        'spec.x.k: Invalid value: "integer": spec.x.k in body must be of type string: "integer"'
    ]


def test_lists_that_are_maps_have_each_key_once() -> None:
    schema = {
        "type": "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
    }

    assert told([{"name": "a"}, {"name": "b"}, {"name": "a", "x": 1}], schema) == [
        'spec.x[2]: Duplicate value: {"name":"a"}'
    ]


def test_embedded_objects_say_what_they_are() -> None:
    schema = {"type": "object", "x-kubernetes-embedded-resource": True}

    assert told({"kind": "Pod"}, schema) == ["spec.x.apiVersion: Required value: must not be empty"]


ONE = {"required": ["a"]}
OTHER = {"required": ["b"]}


@pytest.mark.parametrize(
    ("value", "schema", "first"),
    [
        ({}, {"anyOf": [ONE, OTHER]}, "must validate at least one schema (anyOf)"),
        (
            {},
            {"oneOf": [ONE, OTHER]},
            "must validate one and only one schema (oneOf). Found none valid",
        ),
        (
            {"a": 1, "b": 1},
            {"oneOf": [ONE, OTHER]},
            "must validate one and only one schema (oneOf). Found 2 valid alternatives",
        ),
        ({"a": 1}, {"not": ONE}, "must not validate the schema (not)"),
    ],
)
def test_combinations(value: Any, schema: Schema, first: str) -> None:
    assert told(value, schema)[0] == f'<nil>: Invalid value: "": "spec.x" {first}'
    assert told({"b": 1}, {"anyOf": [ONE, OTHER]}) == []


def test_all_of_them() -> None:
    assert told({"a": 1}, {"allOf": [ONE, OTHER]}) == [
        "spec.x.b: Required value",
        '<nil>: Invalid value: "": "spec.x" must validate all the schemas (allOf)',
    ]


def test_what_was_wrong_before_and_stays_is_let_be() -> None:
    schema = {"properties": {"a": {"maximum": 1}, "b": {"maximum": 1}}}

    changed = check_change_against_schema({"a": 2, "b": 3}, {"a": 2, "b": 0}, schema)

    assert [each.path for each in changed] == ["b"]
