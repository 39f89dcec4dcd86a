"""Documents held against the fields of their kinds.

Decoding does what the API server's JSON decoder and its way through the store do to a document:
unknown fields are refused, warned about or dropped; nulls and what is empty go; quantities and
times come out in their canonical spelling.

Source: kubernetes staging/src/k8s.io/api/*/types.go; sigs.k8s.io/json.
"""

from __future__ import annotations

from svcnet.api.decoder import DecodingErrors, struct_named
from svcnet.api.go.json import sorted_keys
from svcnet.api.keys import Document
from svcnet.api.struct_table import struct_of_kind
from svcnet.errors import BadRequest
from svcnet.lean_namedtuple import NamedTuple


class Decoded(NamedTuple):
    """A document as its kind has it, and what to tell the user about it."""

    document: Document
    warnings: tuple[str, ...] = ()


def decode(document: Document, mode: str = "Strict") -> Decoded:
    """Return `document` as the API server would store it, before any deerrors.

    Documents of custom kinds are returned as they are.

    Args:
        document: what the user wrote; not changed.
        mode: what to do about unknown fields: ``Strict`` refuses, ``Warn`` warns, ``Ignore``
            says nothing.  In the last two cases they are dropped.

    Raises:
        BadRequest: a value has the wrong type, or a field is unknown and `mode` is ``Strict``.
    """
    api_version, kind = document.get("apiVersion", ""), document.get("kind", "")
    name = struct_of_kind(api_version, kind)
    if not name:
        return Decoded(document)
    struct = struct_named(name)
    # The usual case: nothing is wrong, and then the order does not matter.
    errors = DecodingErrors()
    decoded = struct.decode(document, (), errors)
    if not errors:
        return Decoded(decoded)
    # Go meets the fields in alphabetical order, because kubectl sends them so.
    errors = DecodingErrors()
    decoded = struct.decode(sorted_keys(document), (), errors)
    version = api_version.rpartition("/")[2]
    refused = f'{kind} in version "{version}" cannot be handled as a {kind}: '
    # A wrong type hides unknown fields: the serializer looks at strict errors only when there is
    # no other error.  Source: apimachinery pkg/runtime/serializer/json/json.go.
    if errors.refusal:
        raise BadRequest(f"{refused}{errors.refusal}")
    unknown = tuple(f'unknown field "{path}"' for path in errors.unknown)
    # kubectl asks for Strict unless told otherwise; the server by itself would only warn.
    if mode == "Strict":
        raise BadRequest(f"{refused}strict decoding error: {', '.join(unknown)}")
    return Decoded(decoded, unknown if mode == "Warn" else ())


def blank(api_version: str, kind: str) -> Document:
    """Return what an object of a kind writes when nothing is given."""
    name = struct_of_kind(api_version, kind)
    return struct_named(name).empty() if name else {}


def metadata_fault(document: Document) -> str:
    """Return why kubectl itself refuses a document's metadata, or nothing.

    kubectl decodes the metadata of whatever it reads, passing over fields it does not know.
    """
    metadata = document.get("metadata")
    if metadata is None:
        return ""
    struct = struct_named("meta/v1.ObjectMeta")
    errors = DecodingErrors()
    struct.decode(sorted_keys(metadata), ((), "PartialObjectMetadata", "metadata"), errors)
    return errors.refusal
