"""Custom resources on their way in: decoded by their schema, and stored in one version.

Source: kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/
customresource_handler.go unstructuredDefaulter, schemaCoercingDecoder;
pkg/apiserver/conversion/nop_converter.go.
"""

from __future__ import annotations

from svcnet.api.decoder import DecodingErrors, struct_named
from svcnet.api.fields import Decoded
from svcnet.api.go.json import sorted_keys
from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.api.schemas.structural import Schema, defaulted, pruned, schema_of
from svcnet.errors import BadRequest


def requested_version(document: Document) -> str:
    """Return the version that a document is written in."""
    return str(document.get("apiVersion", "")).rpartition("/")[2]


def conformed(document: Document, kind: Kind, definition: Document, mode: str) -> Decoded:
    """Return a custom resource as its schema has it, defaults filled in.

    Args:
        document: as the user gave it, in any version that is served; not changed.
        kind: its kind; what is returned is in this version.
        definition: the CustomResourceDefinition.
        mode: what to do about unknown fields, as in `fields.decode`.

    Raises:
        BadRequest: metadata has a wrong type, or a field is unknown and `mode` is ``Strict``.
    """
    version = requested_version(document)
    refused = f'{kind.kind} in version "{version}" cannot be handled as a {kind.kind}: '
    metadata, unknown = _metadata(document, refused)
    schema = schema_of(definition, version)
    kept, gone = pruned(document, schema)
    unknown += gone
    faults = tuple(f'unknown field "{path}"' for path in unknown)
    if faults and mode == "Strict":
        raise BadRequest(f"{refused}strict decoding error: {', '.join(faults)}")
    # Without a converter, versions differ in what they are called and in nothing else.
    whole = {**kept, "apiVersion": kind.api_version, "metadata": metadata}
    remarks = (*_deprecation(definition, kind, version), *(faults if mode == "Warn" else ()))
    return Decoded(defaulted(whole, schema), remarks)


def _metadata(document: Document, refused: str) -> tuple[Document, list[str]]:
    """Return a document's metadata, and the paths of fields in it that no metadata has."""
    errors = DecodingErrors()
    struct = struct_named("meta/v1.ObjectMeta")
    given = sorted_keys(document.get("metadata") or {})
    decoded = struct.decode(given, ((), None, "metadata"), errors)
    if errors.refusal:
        raise BadRequest(f"{refused}{errors.refusal}")
    return decoded, errors.unknown


def _deprecation(definition: Document, kind: Kind, version: str) -> tuple[str, ...]:
    for each in definition["spec"].get("versions") or ():
        if each.get("name") == version and each.get("deprecated"):
            said = each.get("deprecationWarning")
            return (said or f"{kind.group}/{version} {kind.kind} is deprecated",)
    return ()


def schema_for(document: Document, definition: Document) -> Schema:
    """Return the schema that a document is held to: that of the version it is written in."""
    return schema_of(definition, requested_version(document))
