"""Requests to write: what they are about, what they may not do, and what comes of them.

Source: kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/handlers/rest.go checkName();
staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go Update().
"""

from __future__ import annotations

from svcnet.api.defaulting import default
from svcnet.api.fields import decode
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import BUILT_IN, CUSTOM_RESOURCE_DEFINITION, Kind
from svcnet.control.apiserver import metadata
from svcnet.control.apiserver.strategies import Strategy, strategy_of
from svcnet.errors import (
    BadRequest,
    Conflict,
    Fault,
    FieldError,
    Invalid,
    NotServed,
    StatusError,
    go_quote,
)
from svcnet.lean_namedtuple import NamedTuple
from svcnet.store.transaction import Transaction

ATTEMPTS = 8
"""How often the server draws another name when a generated one is taken."""


class WriteOptions(NamedTuple):
    """How a write is meant."""

    dry_run: bool = False
    """Go through everything, and store nothing."""
    field_validation: str = "Strict"
    """What becomes of unknown fields: ``Strict`` refuses, ``Warn`` warns, ``Ignore`` drops."""
    subresource: str = ""
    """``status`` or ``scale``; empty for the object itself."""
    manager: str = ""
    """Who is said to set the fields that change; empty: nobody keeps book."""


PLAIN = WriteOptions()


class Written(NamedTuple):
    """What came of a write."""

    document: Document
    """The object as the server answers it; the caller must not change it."""
    warnings: tuple[str, ...] = ()
    """What the server remarks, in its order."""
    changed: bool = True
    """Whether the stored object differs from before."""


class Request(NamedTuple):
    """One write of one object, once it is known what it is about."""

    txn: Transaction
    kind: Kind
    key: Key
    strategy: Strategy
    options: WriteOptions
    remarks: tuple[str, ...] = ()
    """What decoding had to say."""


def kind_of(txn: Transaction, document: Document) -> Kind:
    """Return the kind of `document`.

    Raises:
        NotServed: the cluster has no such kind.
    """
    named = document.get("apiVersion"), document.get("kind")
    kind = txn.kinds().of_document(str(named[0]), str(named[1]))
    if kind is None:
        raise NotServed
    return kind


def read(txn: Transaction, document: Document, options: WriteOptions) -> tuple[Request, Document]:
    """Decode and default `document`; return also what is then known of the write."""
    kind = kind_of(txn, document)
    # Types first: a document that cannot be read has no namespace to be missing.
    definition = definition_of(txn, kind)
    strategy = strategy_of(kind, definition)
    if definition is None:
        decoded, remarks = decode(document, options.field_validation)
        decoded = default(decoded, kind)
    else:
        decoded, remarks, strategy = _custom(document, kind, definition, strategy, options)
    given = decoded.get("metadata") or {}
    decoded = {**decoded, "metadata": given}
    namespace = given.get("namespace", "") if kind.namespaced else ""
    key = Key(kind.resource, namespace, given.get("name", ""))
    return Request(txn, kind, key, strategy, options, tuple(remarks)), decoded


def _custom(
    document: Document,
    kind: Kind,
    definition: Document,
    strategy: Strategy,
    options: WriteOptions,
) -> tuple[Document, tuple[str, ...], Strategy]:
    """Decode an object of a kind that users defined, by the schema of its version."""
    from svcnet.control.apiserver import custom_resources as custom  # noqa: PLC0415 - few are

    if options.subresource == "status" and not strategy.owns_status:
        raise NotServed
    decoded, remarks = custom.conformed(document, kind, definition, options.field_validation)
    return decoded, remarks, strategy._replace(schema=custom.schema_for(document, definition))


def definition_of(txn: Transaction, kind: Kind) -> Document | None:
    """Return the CustomResourceDefinition of a kind, None where it is built in."""
    if kind in BUILT_IN:
        return None
    return txn.get(Key(CUSTOM_RESOURCE_DEFINITION.resource, "", kind.resource))


def strategy_for(txn: Transaction, kind: Kind) -> Strategy:
    """Return how the server treats objects of a kind."""
    return strategy_of(kind, definition_of(txn, kind))


def named(txn: Transaction, key: Key, prefix: str) -> Key:
    """Return `key` with a name that nobody has, where only the beginning of one was given."""
    named = key
    for attempt in range(0 if key.name or not prefix else ATTEMPTS):
        named = key._replace(name=metadata.generated_name(txn, key, prefix, attempt))
        # When all are taken, the last one is refused like any name that exists.
        if txn.get(named) is None:
            break
    return named


def check_uid(request: Request, document: Document, old: Document) -> None:
    """Refuse to replace an object that is not the one the user has seen."""
    asked, there = document["metadata"].get("uid"), old["metadata"].get("uid")
    if not asked or asked == there:
        return
    why = (
        f"StorageError: invalid object, Code: 4, Key: {_storage_key(request)}, "
        "ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: "
        f"UID in precondition: {asked}, UID in object meta: {there}"
    )
    raise Conflict(request.key.resource, request.key.name, why)


_STORED_ELSEWHERE = {
    "services": "services/specs",
    "endpoints": "services/endpoints",
    "nodes": "minions",
    "replicationcontrollers": "controllers",
    "ingresses.networking.k8s.io": "ingress",
}
"""Where etcd keeps kinds whose place is not their plural.

Source: kubernetes pkg/kubeapiserver/default_storage_factory_builder.go.
"""


def _storage_key(request: Request) -> str:
    kind = request.kind
    # Groups of custom kinds may share a plural, so their group is part of the key.
    plain = kind.plural if kind in BUILT_IN else f"{kind.group}/{kind.plural}"
    place = _STORED_ELSEWHERE.get(kind.resource, plain)
    return "/".join(("/registry", place, *filter(None, request.key[1:])))


def check_version(request: Request, document: Document, old: Document) -> None:
    """Refuse to overwrite what the user has not seen, where it says what it has seen.

    Versions are numbers, and 0 is as good as none.

    Raises:
        Invalid: none is told, and objects of the kind are only overwritten by who knows them.
        Conflict: it is another one.
        StatusError: it is no number.

    Source: kubernetes staging/src/k8s.io/apiserver/pkg/storage/api_object_versioner.go
    ObjectResourceVersion().
    """
    asked = _number(document["metadata"].get("resourceVersion") or "0")
    key = request.key
    if not asked:
        if not request.strategy.unconditional:
            path, why = "metadata.resourceVersion", "must be specified for an update"
            faults = (FieldError(path, Fault.INVALID, 0, why),)
            raise Invalid(key.resource, key.name, faults)
    elif asked != _number(old["metadata"].get("resourceVersion") or "0"):
        raise Conflict(key.resource, key.name)


_MOST = 2**64 - 1


def _number(version: str) -> int:
    """Return a version as a number; the errors are those of Go's strconv.ParseUint().

    Raises:
        StatusError: it is none.
    """
    if not (version.isascii() and version.isdigit()):
        raise StatusError(f"strconv.ParseUint: parsing {go_quote(version)}: invalid syntax")
    if int(version) > _MOST:
        raise StatusError(f"strconv.ParseUint: parsing {go_quote(version)}: value out of range")
    return int(version)


def check_name(key: Key, given: Document) -> None:
    """Refuse to change a name or a namespace by a patch."""
    name, namespace = given.get("name"), given.get("namespace")
    if name and name != key.name:
        raise BadRequest(
            f"the name of the object ({name}) does not match the name on the URL ({key.name})"
        )
    if namespace and key.namespace and namespace != key.namespace:
        raise BadRequest(
            f"the namespace of the object ({namespace}) does not match "
            f"the namespace on the request ({key.namespace})"
        )
