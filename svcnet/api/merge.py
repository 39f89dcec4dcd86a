"""Patches as the API server takes them, and how kubectl makes them.

Three kinds of patch change a document: strategic merge (`api.strategic`), JSON merge (RFC 7396)
and JSON patch (RFC 6902).  Everything here is a function of documents.

Source: kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from svcnet.api import strategic
from svcnet.api.go.json import type_name
from svcnet.api.go.json_scanner import JSONSyntaxError, parse
from svcnet.api.keys import Document
from svcnet.api.kinds import BUILT_IN, Kind
from svcnet.api.merge_keys import merge_rules_of
from svcnet.api.nulls import without_nulls
from svcnet.errors import BadRequest, MergeFailed, RequestInvalid, UnsupportedMediaType
from svcnet.lean_namedtuple import NamedTuple


class PatchType(StrEnum):
    """How a patch is to be read; the values are those of `kubectl patch --type`."""

    STRATEGIC = "strategic"
    MERGE = "merge"
    JSON = "json"


class Patch(NamedTuple):
    """A change to one document."""

    type: PatchType
    body: Any
    """A partial document, or for `PatchType.JSON` a list of operations."""


def read_patch(type_: PatchType, text: str) -> Patch:
    """Return the patch that JSON text holds.

    Raises:
        BadRequest: the text is not JSON, or not of the form that `type_` asks for.
    """
    try:
        return patch_of(type_, parse(text))
    except JSONSyntaxError as fault:
        raise BadRequest(str(fault)) from None


def patch_of(type_: PatchType, body: Any) -> Patch:
    """Return the patch that a JSON value is.

    Raises:
        BadRequest: it is not of the form that `type_` asks for.
    """
    if type_ is not PatchType.JSON:
        return Patch(type_, _mapping(body))
    if not isinstance(body, list):
        what = f"cannot unmarshal {type_name(body)} into Go value of type []handlers.jsonPatchOp"
        raise BadRequest(f"error decoding patch: json: {what}")
    return Patch(type_, body)


def patched(document: Document, patch: Patch, kind: Kind) -> Document:
    """Return `document` with `patch` applied; nothing about the outcome is checked.

    Raises:
        BadRequest: the patch is malformed.
        RequestInvalid: a JSON patch does not fit the document.
        UnsupportedMediaType: a strategic merge patch of a kind that is not built in.
    """
    match patch.type:
        case PatchType.STRATEGIC:
            return _strategic(document, patch.body, kind)
        case PatchType.MERGE:
            return _mapping(merge(document, patch.body))
        case PatchType.JSON:
            return _json_patched(document, patch.body)


def _strategic(document: Document, body: Mapping[str, Any], kind: Kind) -> Document:
    # A custom kind has no Go type, and so no tags that would tell how its lists are keyed.
    if kind not in BUILT_IN:
        raise UnsupportedMediaType(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/apply-patch+yaml",
            "application/apply-patch+cbor",
        )
    try:
        return strategic.apply(document, body, merge_rules_of(kind))
    except strategic.MergeFault as fault:
        # Only errors that Kubernetes knows as faults of the patch are 400; any other is an
        # internal one to the server, although here, too, the client is to blame.
        if fault.of_format:
            raise BadRequest(str(fault)) from None
        raise MergeFailed(str(fault)) from None


def _json_patched(document: Document, operations: list[Any]) -> Document:
    from jsonpatch import JsonPatch, JsonPatchException  # noqa: PLC0415 - only this patch needs it
    from jsonpointer import JsonPointerException  # noqa: PLC0415

    # Applied to nothing else than a copy: an operation that fails must undo those before it.
    try:
        result = JsonPatch(operations).apply(document)
    except (JsonPatchException, JsonPointerException, TypeError, KeyError, AttributeError):
        # The API server gives the reason to nobody: kubectl shows this sentence for all of them.
        refused = "the server rejected our request due to an error in our request"
        raise RequestInvalid(refused) from None
    return _mapping(result)


def _mapping(value: Any) -> Document:
    if not isinstance(value, dict):
        what = "cannot unmarshal {} into Go value of type map[string]interface {{}}"
        raise BadRequest(f"json: {what.format(type_name(value))}")
    return value


def merge(document: Any, patch: Any) -> Any:
    """Return `document` with a JSON merge patch applied.

    Source: RFC 7396, section 2; github.com/evanphx/json-patch merge.go, which drops nulls from new
    lists, too, but not from those that take the place of a map.

    >>> merge({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"b": None}, "d": [2]})
    {'a': {'c': 2}, 'd': [2]}
    """
    if not isinstance(patch, dict):
        return patch if isinstance(document, dict) else without_nulls(patch)
    result = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            # Merged even where nothing was: a null inside a new value means absence, too.
            result[name] = merge(result.get(name), value)
    return result


def create_merge(original: Mapping[str, Any], modified: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON merge patch that turns `original` into `modified`.

    A null in `modified` cannot be told from a deletion, as in every JSON merge patch.
    """
    patch: dict[str, Any] = {name: None for name in original if name not in modified}
    for name, new in modified.items():
        old = original.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            inner = create_merge(old, new)
            patch |= {name: inner} if inner else {}
        # The types as well: to Python 1, 1.0 and True are equal, in JSON they are not.
        elif name not in original or type(old) is not type(new) or old != new:
            patch[name] = new
    return patch


def three_way_merge(
    original: Mapping[str, Any], modified: Mapping[str, Any], current: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the JSON merge patch by which `kubectl apply` changes objects of custom kinds.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/jsonmergepatch/patch.go.
    """
    # Against the live object only what is wanted counts: what it has besides may be set by
    # others, and only what was applied before may be taken away.
    additions = _without_deletions(create_merge(current, modified))
    deletions = _only_deletions(create_merge(original, modified))
    # In this order a value that is wanted beats the deletion of what stood in its place.
    return _joined(deletions, additions)


def _without_deletions(patch: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of a patch that must take nothing away."""
    kept = {
        name: _without_deletions(value) if isinstance(value, dict) else value
        for name, value in patch.items()
        if value is not None
    }
    # A map that held only deletions goes with them; one that was empty is wished empty.
    return {name: value for name, value in kept.items() if value != {} or patch[name] == {}}


def _only_deletions(patch: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of a patch that must set nothing."""
    kept: dict[str, Any] = {}
    for name, value in patch.items():
        if value is None:
            kept[name] = None
        elif isinstance(value, dict) and (inner := _only_deletions(value)):
            kept[name] = inner
    return kept


def _joined(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Return one patch for two; of values that differ the second's."""
    result = dict(first)
    for name, value in second.items():
        mine = result.get(name)
        if isinstance(mine, dict) and isinstance(value, dict):
            result[name] = _joined(mine, value)
        else:
            result[name] = value
    return result
