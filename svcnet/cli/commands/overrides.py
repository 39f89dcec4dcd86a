"""`--overrides`: a patch on the object that `expose` or `run` made.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/util/override_options.go, helpers.go Merge().
"""

from __future__ import annotations

from typing import Any

from svcnet.api import merge
from svcnet.api.fields import decode
from svcnet.api.go.json_scanner import JSONSyntaxError, parse
from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.api.merge import Patch, PatchType
from svcnet.cli.commands.struct_order import in_struct_order
from svcnet.errors import StatusError, SvcnetError

TYPES = ("json", "merge", "strategic")


def overridden(document: Document, kind: Kind, overrides: str, how: str) -> Document:
    """Return `document` with `overrides` applied.

    Args:
        document: the object kubectl made.
        kind: what it is.
        overrides: JSON; empty changes nothing.
        how: one of `TYPES`.

    Raises:
        SvcnetError: there is no such way, or the overrides cannot be read or applied.
    """
    # Untouched, so that fields stay in the order they were made in.
    if not overrides:
        return document
    if how not in TYPES:
        raise SvcnetError(f"invalid override type: {how}")
    patch = Patch(PatchType(how), _read(overrides, how))
    try:
        # kubectl reads the outcome back into a Go struct, which drops and fills in fields.
        return in_struct_order(decode(merge.patched(document, patch, kind), "Ignore").document)
    except StatusError as error:
        raise SvcnetError(error.message) from None


def _read(overrides: str, how: str) -> Any:
    """Read overrides.

    Raises:
        SvcnetError: they are no JSON, or no patch of this type; the words are the library's.
    """
    try:
        body = parse(overrides)
    except JSONSyntaxError as fault:
        # Each type goes through another library, with words of its own.
        refused = {"merge": "Invalid JSON Patch", "strategic": "invalid JSON document"}
        raise SvcnetError(refused.get(how) or str(fault)) from None
    if how == "json" and not isinstance(body, list):
        raise SvcnetError("json: cannot unmarshal object into Go value of type jsonpatch.Patch")
    if how != "json" and not isinstance(body, dict):
        raise SvcnetError("Invalid JSON Patch")
    return body
