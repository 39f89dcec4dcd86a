"""The fields of every kind, and documents held against them.

`schema/*.json` name each struct's fields and their Go types: ``*`` is a pointer, ``[]`` a list,
``string/Protocol`` a string with a type of its own, and a trailing ``!`` marks a field that is
written even when it holds nothing.  Decoding does what the API server's JSON decoder and its way
through the store do to a document: unknown fields are refused, warned about or dropped; nulls and
what is empty go; quantities and times come out in their canonical spelling.

Source: kubernetes staging/src/k8s.io/api/*/types.go; sigs.k8s.io/json.
"""

from __future__ import annotations

from svcnet.api.decoder import Faults, struct_of
from svcnet.api.keys import Document
from svcnet.api.lean_namedtuple import NamedTuple
from svcnet.api.text import sorted_keys
from svcnet.errors import BadRequest

# One version a group: svcnet follows one release (`config.REFERENCE`).
_FILES = {
    "v1": "core",
    "apps/v1": "apps",
    "autoscaling/v2": "autoscaling",
    "batch/v1": "batch",
    "coordination.k8s.io/v1": "coordination",
    "discovery.k8s.io/v1": "discovery",
    "networking.k8s.io/v1": "networking",
    "policy/v1": "policy",
    "rbac.authorization.k8s.io/v1": "rbac",
    "scheduling.k8s.io/v1": "scheduling",
    "storage.k8s.io/v1": "storage",
}


class Decoded(NamedTuple):
    """A document as its kind has it, and what to tell the user about it."""

    document: Document
    warnings: tuple[str, ...] = ()


def decode(document: Document, mode: str = "Strict") -> Decoded:
    """Return `document` as the API server would store it, before any defaults.

    Documents of kinds without a table are returned as they are.

    Args:
        document: what the user wrote; not changed.
        mode: what to do about unknown fields: ``Strict`` refuses, ``Warn`` warns, ``Ignore``
            says nothing.  In the last two cases they are dropped.

    Raises:
        BadRequest: a value has the wrong type, or a field is unknown and `mode` is ``Strict``.
    """
    api_version, kind = document.get("apiVersion", ""), document.get("kind", "")
    struct = struct_of(_FILES.get(api_version, ""), kind)
    if struct is None:
        return Decoded(document)
    # The usual case: nothing is wrong, and then the order does not matter.
    faults = Faults()
    decoded = struct.decode(document, (), faults)
    if not faults:
        return Decoded(decoded)
    # Go meets the fields in alphabetical order, because kubectl sends them so.
    faults = Faults()
    decoded = struct.decode(sorted_keys(document), (), faults)
    version = api_version.rpartition("/")[2]
    refused = f'{kind} in version "{version}" cannot be handled as a {kind}: '
    # A wrong type hides unknown fields: the serializer looks at strict errors only when there is
    # no other error.  Source: apimachinery pkg/runtime/serializer/json/json.go.
    if faults.refusal:
        raise BadRequest(f"{refused}{faults.refusal}")
    unknown = tuple(f'unknown field "{path}"' for path in faults.unknown)
    # kubectl asks for Strict unless told otherwise; the server by itself would only warn.
    if mode == "Strict":
        raise BadRequest(f"{refused}strict decoding error: {', '.join(unknown)}")
    return Decoded(decoded, unknown if mode == "Warn" else ())


def blank(api_version: str, kind: str) -> Document:
    """Return what an object of a kind writes when nothing is given."""
    struct = struct_of(_FILES.get(api_version, ""), kind)
    return {} if struct is None else struct.empty()


def metadata_fault(document: Document) -> str:
    """Return why kubectl itself refuses a document's metadata, or nothing.

    kubectl decodes the metadata of whatever it reads, passing over fields it does not know.
    """
    struct = struct_of("meta", "ObjectMeta")
    metadata = document.get("metadata")
    if struct is None or metadata is None:
        return ""
    faults = Faults()
    struct.decode(sorted_keys(metadata), ((), "PartialObjectMetadata", "metadata"), faults)
    return faults.refusal
