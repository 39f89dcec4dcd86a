"""What the server says when a patched object cannot be decoded.

Source: kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go
applyPatchToObject(), jsonPatcher.applyPatchToCurrentObject();
staging/src/k8s.io/apimachinery/pkg/runtime/converter.go fromUnstructured().
"""

from __future__ import annotations

import re

from svcnet.api.go.fmt import sprint
from svcnet.api.go.json import marshal
from svcnet.api.keys import Document
from svcnet.api.merge import Patch, PatchType
from svcnet.errors import BadRequest, Fault, FieldError, RequestInvalid

# Patterns are text: `re` compiles one when it is first needed, and keeps it.
_MISMATCH = (
    r"json: cannot unmarshal (?P<value>\w+)(?: (?P<number>\S+))? into Go .* of type (?P<type>\S+)"
)
_GO_KINDS = {"object": "map", "array": "slice"}
_SIMPLE = r"u?int\d*|float\d+|bool|string"


def undecodable(change: Patch, document: Document, error: BadRequest) -> RequestInvalid:
    """Return the refusal of a patch that gives an object a field of a wrong type, or a strange one.

    Args:
        change: the patch.
        document: what it made of the object.
        error: what decoding `document` said.

    A strategic merge patch is applied to values of Go, not to JSON, so it has words of its own.
    """
    _, _, why = str(error).partition(" cannot be handled as a ")
    why = why.partition(": ")[2] or str(error)
    if change.type is PatchType.STRATEGIC:
        value, why = sprint(change.body), _converted(why)
    else:
        value = marshal(document)
    return RequestInvalid(str(FieldError("patch", Fault.INVALID, value, why)))


def _converted(why: str) -> str:
    """Return the complaint about a type as the conversion to Go values has it.

    >>> _converted("json: cannot unmarshal string into Go struct field A.b of type []v1.Port")
    'cannot restore slice from string'
    >>> _converted("json: cannot unmarshal string into Go struct field A.b of type int32")
    'unrecognized type: int32'
    """
    found = re.match(_MISMATCH, why)
    if found is None:
        return why
    value, number, type_ = found["value"], found["number"] or "", found["type"]
    if value == "number":
        value = "float64" if "." in number else "int64"
    kind = _GO_KINDS.get(value, value)
    if type_.startswith("[]"):
        return f"cannot restore slice from {kind}"
    if type_.startswith("map["):
        return f"cannot restore map from {kind}"
    if not re.fullmatch(_SIMPLE, type_):
        return f"cannot restore struct from: {kind}"
    # Go converts numbers to each other and whole ones to strings, and so refuses in other words.
    numeric = kind in ("int64", "float64") and type_.startswith(("int", "float"))
    if numeric or (kind == "int64" and type_ == "string"):
        return f"cannot convert {kind} to {type_}"
    return f"unrecognized type: {type_}"
