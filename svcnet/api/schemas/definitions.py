"""What a CustomResourceDefinition says of itself: approval, formats, and rules that nobody keeps.

Source: kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/registry/
customresourcedefinition/strategy.go; pkg/apihelpers/helpers.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any

from svcnet.api.keys import Document
from svcnet.api.schemas.formats import is_known
from svcnet.api.schemas.structural import Schema, properties, schema_in, versions_of
from svcnet.errors import go_quote

APPROVAL = "api-approved.kubernetes.io"
"""Annotation: who agreed to a kind in a group of Kubernetes' own."""

_SEE = "see https://github.com/kubernetes/enhancements/pull/1111"


class Approval(Enum):
    """Whether a kind may be in a group of Kubernetes' own."""

    GIVEN = "given"
    BYPASSED = "bypassed"
    MISSING = "missing"
    INVALID = "invalid"


def is_protected(group: str) -> bool:
    """Tell whether a group is Kubernetes' own.

    >>> [is_protected(each) for each in ("k8s.io", "x.kubernetes.io", "example.com")]
    [True, True, False]
    """
    return any(group == own or group.endswith(f".{own}") for own in ("k8s.io", "kubernetes.io"))


def approval(definition: Document) -> tuple[Approval, str]:
    """Return whether a definition is approved, and what the server says of that."""
    said = ((definition.get("metadata") or {}).get("annotations") or {}).get(APPROVAL, "")
    needed = f'protected groups must have approval annotation "{APPROVAL}"'
    if not said:
        return Approval.MISSING, f"{needed}, {_SEE}"
    if said.startswith("unapproved"):
        return Approval.BYPASSED, f"not approved: {go_quote(said)}"
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://[^/\s]", said):
        return Approval.GIVEN, f"approved in {said}"
    either = f'{needed} with either a URL or a reason starting with "unapproved"'
    return Approval.INVALID, f"{either}, {_SEE}"


def remarks(definition: Document, old: Document | None) -> Iterator[str]:
    """Yield what the server remarks on formats, and svcnet on rules that it cannot apply.

    Formats that were there before are not told again.
    """
    before = set() if old is None else set(_unknown_formats(old))
    for name in sorted(set(_unknown_formats(definition)) - before):
        yield f"unrecognized format {go_quote(name)}"
    if old is None and any("x-kubernetes-validations" in each for each in _all(definition)):
        name = definition["metadata"].get("name", "")
        yield f"x-kubernetes-validations of {name} are kept, but svcnet does not evaluate them"


def _unknown_formats(definition: Document) -> Iterator[str]:
    # The type is not looked at: int64 is no format of strings, and is told of everywhere.
    for each in _all(definition):
        if each.get("format") and not is_known(each["format"]):
            yield each["format"]


def _all(definition: Document) -> Iterator[Schema]:
    """Yield the schemas of all versions, and all schemas in them."""
    for each in versions_of(definition):
        yield from schemas_in(schema_in(each))


def schemas_in(schema: Any) -> Iterator[Schema]:
    """Yield a schema and all schemas in it; nothing when it is none."""
    if not isinstance(schema, dict):
        return
    yield schema
    for field in ("items", "not", "additionalProperties"):
        yield from schemas_in(schema.get(field))
    for field in ("allOf", "anyOf", "oneOf"):
        for each in schema.get(field) or ():
            yield from schemas_in(each)
    for each in properties(schema).values():
        yield from schemas_in(each)
