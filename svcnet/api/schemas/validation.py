"""Rules that a custom resource breaks, by the schema of its definition.

Source: k8s.io/kube-openapi pkg/validation/validate/{schema,type,object_validator,slice_validator,
schema_props,validator}.go, pkg/validation/errors/schema.go; kubernetes
staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/validation/validation.go
kubeOpenAPIResultToFieldErrors(), schema/listtype/validation.go, schema/objectmeta/validation.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from svcnet.api.field_errors import duplicate, invalid, required, too_many, unsupported
from svcnet.api.go.fmt import sprint
from svcnet.api.go.json import marshal
from svcnet.api.keys import Document
from svcnet.api.schemas.formats import fits
from svcnet.api.schemas.structural import EMBEDDED, INT_OR_STRING, Schema, other_values, properties
from svcnet.errors import Fault, FieldError

_NOWHERE = "<nil>"
"""What Go prints for a path that nobody gave."""


def check_against_schema(document: Document, schema: Schema) -> Iterator[FieldError]:
    """Yield every rule that an object breaks: those of values, of embedded objects, of lists."""
    yield from _value(document, schema, "")
    yield from _embedded(document, schema, "")
    yield from _lists(document, schema, "")


def check_change_against_schema(
    document: Document, old: Document, schema: Schema
) -> Iterator[FieldError]:
    """Yield the rules that a change breaks; what was broken before and is the same is let be.

    Source: KEP-4008, ratcheting.
    """
    before = set(map(str, check_against_schema(old, schema)))
    for each in check_against_schema(document, schema):
        if str(each) not in before:
            yield each


def _type_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _value(value: Any, schema: Schema, path: str) -> Iterator[FieldError]:
    yield from _type(value, schema, path)
    if value is not None:
        yield from _combined(value, schema, path)
    if isinstance(value, str):
        yield from _string(value, schema, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number(value, schema, path)
    elif isinstance(value, list):
        yield from _list(value, schema, path)
    yield from _enum(value, schema, path)
    if isinstance(value, dict):
        yield from _map(value, schema, path)


def _wrong(path: str, value: Any, text: str) -> FieldError:
    return invalid(path or _NOWHERE, value, f"{path} in body {text}")


def _type(value: Any, schema: Schema, path: str) -> Iterator[FieldError]:
    wanted = ["integer", "string"] if schema.get(INT_OR_STRING) else [schema.get("type")]
    if not wanted[0]:
        return
    given = _type_of(value)
    if given == "null":
        if schema.get("nullable"):
            return
    elif given in wanted or (given == "integer" and "number" in wanted):
        return
    yield _wrong(path, given, f'must be of type {",".join(map(str, wanted))}: "{given}"')


def _string(value: str, schema: Schema, path: str) -> Iterator[FieldError]:
    most, least = schema.get("maxLength"), schema.get("minLength")
    if most is not None and len(value) > most:
        yield FieldError(path, Fault.TOO_LONG, value, f"may not be more than {most} bytes")
    if least is not None and len(value) < least:
        yield _wrong(path, value, f"should be at least {least} chars long")
    if pattern := schema.get("pattern"):
        compiled = _compiled(pattern)
        if compiled is not None and not compiled.search(value):
            yield _wrong(path, value, f"should match '{pattern}'")
    if schema.get("type", "string") == "string" and not fits(value, schema.get("format") or ""):
        yield _wrong(path, value, f'must be of type {schema["format"]}: "{value}"')


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Return a pattern of Go's, None where Python knows no such pattern."""
    try:
        return re.compile(pattern.replace(r"\z", r"\Z"))
    except re.error:
        return None


def _number(value: float, schema: Schema, path: str) -> Iterator[FieldError]:
    most, least = schema.get("maximum"), schema.get("minimum")
    step = schema.get("multipleOf")
    if step and (value / step) % 1:
        yield _wrong(path, value, f"should be a multiple of {_shown(step)}")
    if most is not None and (value >= most if schema.get("exclusiveMaximum") else value > most):
        equal = "" if schema.get("exclusiveMaximum") else " or equal to"
        yield _wrong(path, value, f"should be less than{equal} {_shown(most)}")
    if least is not None and (value <= least if schema.get("exclusiveMinimum") else value < least):
        equal = "" if schema.get("exclusiveMinimum") else " or equal to"
        yield _wrong(path, value, f"should be greater than{equal} {_shown(least)}")


def _shown(bound: float) -> str:
    """Return a bound as Go prints it: bounds are float64s."""
    return sprint(float(bound))


def _list(value: list[Any], schema: Schema, path: str) -> Iterator[FieldError]:
    if items := schema.get("items"):
        for index, each in enumerate(value):
            yield from _value(each, items, f"{path}[{index}]")
    most, least = schema.get("maxItems"), schema.get("minItems")
    if least is not None and len(value) < least:
        yield _wrong(path, len(value), f"should have at least {least} items")
    if most is not None and len(value) > most:
        yield too_many(path, len(value), most)


def _enum(value: Any, schema: Schema, path: str) -> Iterator[FieldError]:
    allowed = schema.get("enum")
    # 1 and True are the same to Python, and not to JSON.
    if not allowed or any(each == value and _type_of(each) == _type_of(value) for each in allowed):
        return
    shown = [each if isinstance(each, str) else marshal(each) for each in allowed]
    yield unsupported(path, value, shown)


def _map(value: Document, schema: Schema, path: str) -> Iterator[FieldError]:
    most, least = schema.get("maxProperties"), schema.get("minProperties")
    if least is not None and len(value) < least:
        yield _wrong(path, len(value), f"should have at least {least} properties")
    if most is not None and len(value) > most:
        yield too_many(path, len(value), most)
    for each, below, where in _below(value, schema, path):
        if where != "metadata":
            yield from _value(each, below, where)
    for name in schema.get("required") or ():
        if name not in value:
            yield required(f"{path}.{name}" if path else name)


def _combined(value: Any, schema: Schema, path: str) -> Iterator[FieldError]:
    """Yield what stands against `anyOf`, `oneOf`, `allOf` and `not`.

    Source: schema_props.go Validate(): the composite complaint names no field.
    """
    if choices := schema.get("anyOf"):
        found = [[*_value(value, each, path)] for each in choices]
        if all(found):
            yield invalid(_NOWHERE, "", f'"{path}" must validate at least one schema (anyOf)')
            yield from min(found, key=len)
    if choices := schema.get("oneOf"):
        found = [[*_value(value, each, path)] for each in choices]
        valid = sum(not each for each in found)
        if valid != 1:
            told = f"Found {valid} valid alternatives" if valid else "Found none valid"
            text = f'"{path}" must validate one and only one schema (oneOf). {told}'
            yield invalid(_NOWHERE, "", text)
            yield from () if valid else min(found, key=len)
    if choices := schema.get("allOf"):
        found = [[*_value(value, each, path)] for each in choices]
        valid = sum(not each for each in found)
        yield from (fault for each in found for fault in each)
        if valid != len(found):
            more = "" if valid else ". None validated"
            text = f'"{path}" must validate all the schemas (allOf){more}'
            yield invalid(_NOWHERE, "", text)
    excluded = schema.get("not")
    if excluded is not None and not [*_value(value, excluded, path)]:
        yield invalid(_NOWHERE, "", f'"{path}" must not validate the schema (not)')


def _below(value: Any, schema: Schema, path: str) -> Iterator[tuple[Any, Schema, str]]:
    """Yield the values in a value, each with its schema and its path."""
    if isinstance(value, dict):
        known, others = properties(schema), other_values(schema)
        # Go goes through a map, in whatever order; here it is that of names.
        for name in sorted(value):
            below = known.get(name, others)
            if below is not None:
                yield value[name], below, f"{path}.{name}" if path else name
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield each, schema.get("items") or {}, f"{path}[{index}]"


def _embedded(value: Any, schema: Schema, path: str) -> Iterator[FieldError]:
    """Yield embedded objects that do not say of which kind they are."""
    if schema.get(EMBEDDED) and isinstance(value, dict):
        for field in ("apiVersion", "kind"):
            if not value.get(field):
                yield required(f"{path}.{field}", "must not be empty")
    for each in _below(value, schema, path):
        yield from _embedded(*each)


def _lists(value: Any, schema: Schema, path: str) -> Iterator[FieldError]:
    """Yield items that lists have twice where they are sets, or maps by some of their fields."""
    kind = schema.get("x-kubernetes-list-type")
    if isinstance(value, list) and kind in ("set", "map"):
        keys = schema.get("x-kubernetes-list-map-keys") or []
        seen: list[Any] = []
        for index, each in enumerate(value):
            key = each
            if kind == "map":
                if not isinstance(each, dict):
                    continue
                key = {name: each[name] for name in keys if name in each}
            if key in seen:
                yield duplicate(f"{path}[{index}]", key)
            seen.append(key)
    for each in _below(value, schema, path):
        yield from _lists(*each)
