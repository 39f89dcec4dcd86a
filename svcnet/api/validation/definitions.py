"""Rules for CustomResourceDefinitions: their names, their versions, and structural schemas.

Source: kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/
validation.go; pkg/apiserver/schema/validation.go ValidateStructural().
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from svcnet.api import content
from svcnet.api.field_errors import forbidden, invalid, required, unchanged, unsupported
from svcnet.api.keys import Document
from svcnet.api.schemas.definitions import (
    APPROVAL,
    Approval,
    approval,
    is_protected,
)
from svcnet.api.schemas.structural import (
    EMBEDDED,
    INT_OR_STRING,
    PRESERVED,
    Schema,
    properties,
    schema_in,
)
from svcnet.errors import FieldError

_COLUMN_TYPES = ("boolean", "date", "integer", "number", "string")
_LABEL = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
    "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', "
    "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
)
_UNSUPPORTED = (
    "id",
    "additionalItems",
    "patternProperties",
    "definitions",
    "dependencies",
    "$ref",
)
"""Words of JSON Schema that OpenAPI as Kubernetes has it does not know."""

_NOT_NESTED = {
    "type": "must be empty to be structural",
    "additionalProperties": "must be undefined to be structural",
    "default": "must be undefined to be structural",
    "title": "must be empty to be structural",
    "description": "must be empty to be structural",
    "nullable": "must be false to be structural",
    PRESERVED: "must be false to be structural",
    EMBEDDED: "must be false to be structural",
    INT_OR_STRING: "must be false to be structural",
    "x-kubernetes-list-map-keys": "must be empty to be structural",
    "x-kubernetes-list-type": "must be undefined to be structural",
    "x-kubernetes-map-type": "must be undefined to be structural",
    "x-kubernetes-validations": "must be empty to be structural",
}
"""What may only stand outside of `allOf`, `anyOf`, `oneOf` and `not`."""

_EITHER = [{"type": "integer"}, {"type": "string"}]


def _dns_1035(text: str) -> Iterator[str]:
    if content.is_longer(text, content.MAX_LABEL):
        yield content.too_long(content.MAX_LABEL)
    if not re.fullmatch(r"[a-z](?:[-a-z0-9]*[a-z0-9])?", text):
        yield _LABEL


def check_definition(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a CustomResourceDefinition breaks."""
    spec = document.get("spec") or {}
    names = spec.get("names") or {}
    name = document["metadata"].get("name", "")
    if name != f"{names.get('plural', '')}.{spec.get('group', '')}":
        yield invalid("metadata.name", name, 'must be spec.names.plural+"."+spec.group')
    yield from _group_and_scope(spec)
    yield from _versions(spec)
    yield from _names(names)
    yield from _approval(document)
    yield from _schemas(spec)
    yield from _columns(spec)


def check_definition_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of one breaks: what is stored cannot be called otherwise.

    What is as it was is let be: a schema may be older than the rules for it.
    """
    if document.get("spec") != old.get("spec"):
        yield from check_definition(document)
    spec, before = document.get("spec") or {}, old.get("spec") or {}
    names, named = spec.get("names") or {}, before.get("names") or {}
    yield from unchanged("spec.scope", spec.get("scope"), before.get("scope"))
    yield from unchanged("spec.names.kind", names.get("kind"), named.get("kind"))
    yield from unchanged("spec.group", spec.get("group"), before.get("group"))
    yield from unchanged("spec.names.plural", names.get("plural"), named.get("plural"))


def _group_and_scope(spec: Document) -> Iterator[FieldError]:
    group, scope = spec.get("group") or "", spec.get("scope") or ""
    if not group:
        yield required("spec.group")
    elif faults := list(content.dns_subdomain(group)):
        yield invalid("spec.group", group, ",".join(faults))
    elif "." not in group:
        yield invalid("spec.group", group, "should be a domain with at least one dot")
    if not scope:
        yield required("spec.scope")
    elif scope not in ("Cluster", "Namespaced"):
        yield unsupported("spec.scope", scope, ("Cluster", "Namespaced"))


def _versions(spec: Document) -> Iterator[FieldError]:
    versions = spec.get("versions") or []
    names = [each.get("name") or "" for each in versions]
    for index, name in enumerate(names):
        if faults := list(_dns_1035(name)):
            yield invalid(f"spec.versions[{index}].name", name, ",".join(faults))
    if len(set(names)) < len(names):
        yield invalid("spec.versions", versions, "must contain unique version names")
    if sum(bool(each.get("storage")) for each in versions) != 1:
        why = "must have exactly one version marked as storage version"
        yield invalid("spec.versions", versions, why)
    if spec.get("preserveUnknownFields"):
        yield invalid("spec.preserveUnknownFields", True, "must be false")


def _name(path: str, name: str, case: str = "") -> Iterator[FieldError]:
    """Yield what is wrong with a name, if there is one; with `case`, its letters may be large."""
    faults = list(_dns_1035(name.lower() if case else name)) if name else []
    if faults:
        yield invalid(path, name, case + ",".join(faults))


def _names(names: Document) -> Iterator[FieldError]:
    path = "spec.names"
    for field in ("plural", "singular", "kind", "listKind"):
        if not names.get(field):
            yield required(f"{path}.{field}")
    for field in ("plural", "singular"):
        yield from _name(f"{path}.{field}", names.get(field) or "")
    case = "may have mixed case, but should otherwise match: "
    for field in ("kind", "listKind"):
        yield from _name(f"{path}.{field}", names.get(field) or "", case)
    for field in ("shortNames", "categories"):
        for index, name in enumerate(names.get(field) or ()):
            yield from _name(f"{path}.{field}[{index}]", name)
    if names.get("kind") and names.get("kind") == names.get("listKind"):
        why = "kind and listKind may not be the same"
        yield invalid(f"{path}.listKind", names["listKind"], why)


def _approval(document: Document) -> Iterator[FieldError]:
    if not is_protected((document.get("spec") or {}).get("group") or ""):
        return
    state, why = approval(document)
    path = f"metadata.annotations[{APPROVAL}]"
    if state is Approval.MISSING:
        yield required(path, why)
    elif state is Approval.INVALID:
        yield invalid(path, document["metadata"]["annotations"][APPROVAL], why)


def _per_version(spec: Document, field: str, shared: str) -> Iterator[tuple[str, Any]]:
    """Yield what versions hold under `field`, and where it is told to stand.

    What all versions have in common the server keeps once, at `shared`.
    """
    held = [each.get(field) for each in spec.get("versions") or ()]
    if held and all(each == held[0] for each in held):
        yield f"spec.{shared}", held[0]
    else:
        for index, each in enumerate(held):
            yield f"spec.versions[{index}].{field}", each


def _schemas(spec: Document) -> Iterator[FieldError]:
    missing = False
    for index, each in enumerate(spec.get("versions") or ()):
        if schema_in(each) is None:
            missing = True
            path = f"spec.versions[{index}].schema.openAPIV3Schema"
            yield required(path, "schemas are required")
    if missing:
        return
    for path, holder in _per_version(spec, "schema", "validation"):
        yield from _check_schema(f"{path}.openAPIV3Schema", holder["openAPIV3Schema"])


def _check_schema(path: str, schema: Schema) -> Iterator[FieldError]:
    yield from _standard(path, schema)
    # The server sorts these, as it walks through maps.
    yield from sorted(_structural(path, schema, "root"), key=str)


def _standard(path: str, schema: Schema) -> Iterator[FieldError]:
    """Yield words of JSON Schema that cannot be used.

    Source: ValidateCustomResourceDefinitionOpenAPISchema(), specStandardValidatorV3.
    """
    for word in _UNSUPPORTED:
        if schema.get(word):
            yield forbidden(f"{path}.{word}", f"{word} is not supported")
    if schema.get("type") == "null":
        why = "type cannot be set to null, use nullable as an alternative"
        yield forbidden(f"{path}.type", why)
    if isinstance(schema.get("items"), list):
        why = "items must be a schema object and not an array"
        yield forbidden(f"{path}.items", why)
    if schema.get("uniqueItems"):
        why = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
        yield forbidden(f"{path}.uniqueItems", why)
    others = schema.get("additionalProperties")
    if schema.get("properties") and (others is False or isinstance(others, dict)):
        why = "additionalProperties and properties are mutual exclusive"
        yield forbidden(f"{path}.additionalProperties", why)
    keys = schema.get("x-kubernetes-list-map-keys")
    if schema.get("x-kubernetes-list-type") == "map" and not keys:
        why = "must not be empty if x-kubernetes-list-type is map"
        yield required(f"{path}.x-kubernetes-list-map-keys", why)
    for where, each, _ in _parts(path, schema):
        yield from _standard(where, each)


def _parts(path: str, schema: Schema) -> Iterator[tuple[str, Schema, str]]:
    """Yield the schemas of what a value holds, where they stand, and of what level they are."""
    if isinstance(items := schema.get("items"), dict):
        yield f"{path}.items", items, "item"
    if isinstance(others := schema.get("additionalProperties"), dict):
        yield f"{path}.additionalProperties", others, "field"
    for name, each in properties(schema).items():
        yield f"{path}.properties[{name}]", each, "field"


_NO_TYPE = {
    "root": "must not be empty at the root",
    "item": "must not be empty for specified array items",
    "field": "must not be empty for specified object fields",
}


def _structural(path: str, schema: Schema, level: str) -> Iterator[FieldError]:
    """Yield what keeps a schema from being structural.

    Source: validateStructuralInvariants().
    """
    kind = schema.get("type") or ""
    if kind == "array" and not schema.get("items"):
        yield required(f"{path}.items", "must be specified")
    if level == "root" and schema.get("additionalProperties"):
        yield forbidden(f"{path}.additionalProperties", "must not be used at the root")
    yield from _extensions(path, schema, kind)
    if not kind and not any(schema.get(each) for each in (EMBEDDED, INT_OR_STRING, PRESERVED)):
        yield required(f"{path}.type", _NO_TYPE[level])
    if level == "root" and kind and kind != "object":
        yield invalid(f"{path}.type", kind, "must be object at the root")
    if level == "root":
        yield from _metadata(f"{path}.properties[metadata]", properties(schema).get("metadata"))
    yield from _junctors(path, schema, exempt=bool(schema.get(INT_OR_STRING)))
    for part in _parts(path, schema):
        yield from _structural(*part)


def _extensions(path: str, schema: Schema, kind: str) -> Iterator[FieldError]:
    why = "must be object if x-kubernetes-embedded-resource is true"
    if schema.get(EMBEDDED):
        if not kind:
            yield required(f"{path}.type", why)
        elif kind != "object":
            yield invalid(f"{path}.type", kind, why)
        if not schema.get(PRESERVED) and not schema.get("properties"):
            more = "must not be empty if x-kubernetes-embedded-resource is true without"
            yield required(f"{path}.properties", f"{more} {PRESERVED}")
    if schema.get(INT_OR_STRING):
        for field in (PRESERVED, EMBEDDED):
            if schema.get(field):
                why = "must be false if x-kubernetes-int-or-string is true"
                yield invalid(f"{path}.{field}", True, why)


def _metadata(path: str, schema: Schema | None) -> Iterator[FieldError]:
    if schema is None:
        return
    if schema.get("type") != "object":
        yield invalid(f"{path}.type", schema.get("type") or "", "must be object")
    extra = {*properties(schema)} - {"name", "generateName"}
    if extra or {*schema} - {"type", "properties", "description"}:
        why = "must not specify anything other than name and generateName, but metadata is"
        yield forbidden(path, f"{why} implicitly specified")


def _junctors(path: str, schema: Schema, *, exempt: bool = False) -> Iterator[FieldError]:
    """Yield what `allOf`, `anyOf`, `oneOf` and `not` may not say: they restrict, and no more.

    An int-or-string may say so in `anyOf`, or in the first of `allOf`.
    """
    for word in ("anyOf", "allOf", "oneOf"):
        choices = schema.get(word) or ()
        if exempt and word == "anyOf" and choices == _EITHER:
            continue
        for index, each in enumerate(choices):
            first = exempt and word == "allOf" and index == 0
            yield from _nested(f"{path}.{word}[{index}]", each, exempt=first)
    if isinstance(excluded := schema.get("not"), dict):
        yield from _nested(f"{path}.not", excluded)


def _nested(path: str, schema: Schema, *, exempt: bool = False) -> Iterator[FieldError]:
    for word, why in _NOT_NESTED.items():
        if schema.get(word) not in (None, "", False, []):
            yield forbidden(f"{path}.{word}", why)
    if "metadata" in properties(schema):
        why = "must not be specified in a nested context"
        yield forbidden(f"{path}.properties[metadata]", why)
    yield from _junctors(path, schema, exempt=exempt)
    if isinstance(items := schema.get("items"), dict):
        yield from _nested(f"{path}.items", items)
    for name, each in properties(schema).items():
        yield from _nested(f"{path}.properties[{name}]", each)


def _columns(spec: Document) -> Iterator[FieldError]:
    field = "additionalPrinterColumns"
    for path, columns in _per_version(spec, field, field):
        for index, column in enumerate(columns or ()):
            yield from _column(f"{path}[{index}]", column)


def _column(path: str, column: Document) -> Iterator[FieldError]:
    if not column.get("name"):
        yield required(f"{path}.name")
    must = f"must be one of {','.join(_COLUMN_TYPES)}"
    if not column.get("type"):
        yield required(f"{path}.type", must)
    elif column["type"] not in _COLUMN_TYPES:
        yield invalid(f"{path}.type", column["type"], must)
    json_path = column.get("jsonPath") or ""
    if not json_path:
        yield required(f"{path}.JSONPath")
    elif not json_path.startswith("."):
        why = "must be a simple json path starting with ."
        yield invalid(f"{path}.JSONPath", json_path, why)
