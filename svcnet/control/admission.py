"""One write, as the API server does it: default, allocate, validate, store.

The order decides which error a user sees: decoding comes first, then the namespace, then what is
allocated for a Service, then every broken rule at once, and whether the object exists is looked
at last.  A write that is refused has written nothing.

Source: kubernetes staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go Create(),
Update(); staging/src/k8s.io/apiserver/pkg/endpoints/handlers/{create,update,patch}.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from svcnet.api.defaulting import default
from svcnet.api.fields import decode
from svcnet.api.kinds import BUILT_IN, CUSTOM_RESOURCE_DEFINITION, POD, SERVICE, Kind
from svcnet.api.merge import Patch, patched
from svcnet.api.names import Document, Key
from svcnet.api.validation import check, check_update
from svcnet.api.warnings import warn
from svcnet.control import claims, metadata, scale, services
from svcnet.control.deletion import is_over, orphan, remove
from svcnet.control.namespaces import check_mortal, check_namespace
from svcnet.control.patching import undecodable
from svcnet.control.pods import admitted
from svcnet.control.strategies import Strategy, strategy_of
from svcnet.errors import (
    AlreadyExists,
    BadRequest,
    Conflict,
    Fault,
    FieldError,
    Invalid,
    NotFound,
    NotServed,
)
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


PLAIN = WriteOptions()


class Written(NamedTuple):
    """What came of a write."""

    document: Document
    """The object as the server answers it; the caller must not change it."""
    warnings: tuple[str, ...] = ()
    """What the server remarks, in its order."""
    changed: bool = True
    """Whether the stored object differs from before."""


class _Request(NamedTuple):
    """One write of one object, once it is known what it is about."""

    txn: Transaction
    kind: Kind
    key: Key
    strategy: Strategy
    options: WriteOptions
    remarks: tuple[str, ...] = ()
    """What decoding had to say."""


def create(txn: Transaction, document: Document, options: WriteOptions = PLAIN) -> Written:
    """Make a new object.

    Args:
        txn: where to write.
        document: as the user gave it, its namespace filled in.
        options: how the write is meant.

    Raises:
        NotServed: there is no such kind.
        BadRequest: the document cannot be decoded.
        NotFound: its namespace is missing.
        Forbidden: its namespace is being deleted.
        Invalid: it breaks rules, or asks for what is taken.
        InternalError: a range is full.
        AlreadyExists: there is such an object.
    """
    request, decoded = _read(txn, document, options)
    check_namespace(txn, request.key, new=True)
    prefix = decoded["metadata"].get("generateName", "")
    return _create(request._replace(key=_named(txn, request.key, prefix)), decoded)


def update(txn: Transaction, document: Document, options: WriteOptions = PLAIN) -> Written:
    """Replace an object; some kinds are made when they do not exist.

    Args:
        txn: where to write.
        document: the whole object as the user gave it, its namespace filled in.
        options: how the write is meant.

    Raises:
        Conflict: the object has another uid or resourceVersion than `document` says.
        NotFound: there is no such object.
        StatusError: as `create`.
    """
    request, decoded = _read(txn, document, options)
    old = txn.get(request.key)
    if old is None:
        if not request.strategy.created_by_update:
            raise NotFound(request.key.resource, request.key.name)
        check_namespace(txn, request.key, new=True)
        return _create(request, decoded)
    if options.subresource == "scale":
        return _rescale(request, old, document)
    _check_uid(request, decoded, old)
    return _update(request, decoded, old)


def patch(txn: Transaction, key: Key, change: Patch, options: WriteOptions = PLAIN) -> Written:
    """Change parts of an object.

    Args:
        txn: where to write.
        key: which object.
        change: what to change.
        options: how the write is meant.

    Raises:
        NotFound: there is no such object.
        BadRequest: the patch cannot be read, or gives the object another name.
        StatusError: as `update`, or what applying the patch raises.
    """
    kind = txn.kinds().of_resource(key.resource)
    old = txn.get(key)
    if old is None:
        raise NotFound(key.resource, key.name)
    if options.subresource == "scale":
        request = _Request(txn, kind, key, _strategy(txn, kind), options)
        before = scale.scale_of(kind, old)
        return _rescale(request, old, patched(before, change, scale.SCALE))
    document = patched(old, change, kind)
    document = {**document, "apiVersion": old["apiVersion"], "kind": old["kind"]}
    _check_name(key, document.get("metadata") or {})
    try:
        request, decoded = _read(txn, document, options)
    except BadRequest as error:
        raise undecodable(change, document, error) from None
    return _update(request._replace(key=key), decoded, old)


def delete(  # noqa: PLR0913  these are the fields of DeleteOptions
    txn: Transaction,
    key: Key,
    *,
    propagation: str = "Background",
    grace_period: int | None = None,
    dry_run: bool = False,
    uid: str = "",
) -> Document:
    """Delete one object; return it as it was, or as it is now when it cannot go yet.

    Args:
        txn: where to write.
        key: which object.
        propagation: what becomes of what it owns: ``Orphan`` lets it live; with ``Background``
            and ``Foreground`` it goes, too, and has gone when the command ends.
        grace_period: seconds a pod is given; 0 takes it away at once, None asks the pod.
        dry_run: only say what would happen.
        uid: refuse when the object is not this one.

    Raises:
        NotFound: there is no such object.
        Forbidden: it is a namespace that must stay.
        Conflict: the object has another uid.
    """
    check_mortal(key)
    document = txn.get(key)
    if document is None:
        raise NotFound(key.resource, key.name)
    there = document["metadata"].get("uid", "")
    if uid and uid != there:
        why = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {there}"
        raise Conflict(key.resource, key.name, why)
    if dry_run:
        return document
    if propagation == "Orphan":
        orphan(txn, there, key.namespace)
    return remove(txn, key, grace=grace_period)


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


def _read(txn: Transaction, document: Document, options: WriteOptions) -> tuple[_Request, Document]:
    """Decode and default `document`; return also what is then known of the write."""
    kind = kind_of(txn, document)
    decoded, remarks = decode(document, options.field_validation)
    decoded = default(decoded)
    given = decoded.get("metadata") or {}
    decoded = {**decoded, "metadata": given}
    namespace = given.get("namespace", "") if kind.namespaced else ""
    key = Key(kind.resource, namespace, given.get("name", ""))
    return _Request(txn, kind, key, _strategy(txn, kind), options, tuple(remarks)), decoded


def _strategy(txn: Transaction, kind: Kind) -> Strategy:
    if kind in BUILT_IN:
        return strategy_of(kind)
    return strategy_of(kind, txn.get(Key(CUSTOM_RESOURCE_DEFINITION.resource, "", kind.resource)))


def _named(txn: Transaction, key: Key, prefix: str) -> Key:
    """Return `key` with a name that nobody has, where only the beginning of one was given."""
    named = key
    for attempt in range(0 if key.name or not prefix else ATTEMPTS):
        named = key._replace(name=metadata.generated_name(txn, key, prefix, attempt))
        if txn.get(named) is None:
            break
    return named


def _create(request: _Request, document: Document) -> Written:
    txn, kind, key, strategy, options, remarks = request
    document = metadata.created(txn, key, document, strategy)
    if kind is POD:
        document = {**document, "spec": admitted(document.get("spec") or {})}
    if kind is SERVICE:
        document = services.allocated(txn, key, document, None, dry_run=options.dry_run)
    _refuse(kind, key, check(document, kind))
    warnings = (*remarks, *warn(document))
    if txn.get(key) is not None:
        raise AlreadyExists(key.resource, key.name)
    if kind is SERVICE:
        document = services.without_hidden_fields(document)
    return Written(_stored(request, document), warnings)


def _update(request: _Request, document: Document, old: Document) -> Written:
    txn, kind, key, strategy, options, remarks = request
    _check_version(request, document, old)
    spec_of_service = kind is SERVICE and not options.subresource
    if spec_of_service:
        document = services.allocated(txn, key, document, old, dry_run=options.dry_run)
    document = metadata.updated(document, old, strategy, options.subresource)
    if spec_of_service:
        document = services.without_stale_fields(document, old)
    _refuse(kind, key, check_update(document, old, kind))
    warnings = (*remarks, *warn(document, old))
    if kind is SERVICE:
        document = services.without_hidden_fields(document)
    if metadata.unchanged(document, old):
        return Written(old, warnings, changed=False)
    check_namespace(txn, key, new=False)
    if is_over(document) and not options.dry_run:
        claims.erase(txn, key)
        return Written(document, warnings)
    return Written(_stored(request, document), warnings)


def _stored(request: _Request, document: Document) -> Document:
    if request.options.dry_run:
        return document
    return claims.write(request.txn, request.key, document)


def _rescale(request: _Request, old: Document, wanted: Document) -> Written:
    """Write the number of replicas of an object through its scale."""
    kind = request.kind
    document = scale.rescaled(kind, old, wanted)
    whole = request._replace(options=request.options._replace(subresource=""))
    written = _update(whole, document, old)
    return written._replace(document=scale.scale_of(kind, written.document))


def _refuse(kind: Kind, key: Key, faults: Iterable[FieldError]) -> None:
    told = tuple(faults)
    if told:
        raise Invalid(kind.qualified, key.name, told)


def _check_uid(request: _Request, document: Document, old: Document) -> None:
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


def _storage_key(request: _Request) -> str:
    kind = request.kind
    plain = kind.plural if kind in BUILT_IN else f"{kind.group}/{kind.plural}"
    place = _STORED_ELSEWHERE.get(kind.resource, plain)
    return "/".join(("/registry", place, *filter(None, request.key[1:])))


def _check_version(request: _Request, document: Document, old: Document) -> None:
    """Refuse to overwrite what the user has not seen, where it says what it has seen."""
    asked = document["metadata"].get("resourceVersion")
    key = request.key
    if not asked:
        if not request.strategy.unconditional:
            path, why = "metadata.resourceVersion", "must be specified for an update"
            faults = (FieldError(path, Fault.INVALID, 0, why),)
            raise Invalid(key.resource, key.name, faults)
    elif asked != old["metadata"].get("resourceVersion"):
        raise Conflict(key.resource, key.name)


def _check_name(key: Key, given: Document) -> None:
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
