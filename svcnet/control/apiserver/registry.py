"""One write, as the API server does it: default, allocate, validate, store.

The order decides which error a user sees: decoding comes first, then the namespace, then what is
allocated for a Service, then every broken rule at once, and whether the object exists is looked
at last.  A write that is refused has written nothing.

Source: kubernetes staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go Create(),
Update(); staging/src/k8s.io/apiserver/pkg/endpoints/handlers/{create,update,patch}.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import CUSTOM_RESOURCE_DEFINITION, POD, PRIORITY_CLASS, SERVICE, Kind
from svcnet.api.validation.objects import check, check_update
from svcnet.api.warnings import warn
from svcnet.control.apiserver import allocated, field_managers, metadata, scale
from svcnet.control.apiserver.deletion import finish, is_over, orphan, remove
from svcnet.control.apiserver.namespace_lifecycle import check_mortal, check_namespace
from svcnet.control.apiserver.requests import (
    PLAIN,
    Request,
    WriteOptions,
    Written,
    check_name,
    check_uid,
    check_version,
    kind_of,
    named,
    read,
    strategy_for,
)
from svcnet.control.apiserver.strategies import redefined
from svcnet.control.objects.pods import admitted, readmitted
from svcnet.errors import (
    AlreadyExists,
    BadRequest,
    Conflict,
    FieldError,
    Invalid,
    MergeFailed,
    NotFound,
)
from svcnet.store.transaction import Transaction

if TYPE_CHECKING:
    from svcnet.api.merge import Patch

__all__ = ["PLAIN", "WriteOptions", "Written", "apply", "create", "delete", "patch", "update"]


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
    request, decoded = read(txn, document, options)
    check_namespace(txn, request.key, new=True)
    if not request.kind.is_kept:
        return Written(decoded, request.remarks)
    prefix = decoded["metadata"].get("generateName", "")
    request = request._replace(key=named(txn, request.key, prefix))
    return _create(request, decoded, field_managers.noted(request, decoded, None))


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
    request, decoded = read(txn, document, options)
    old = txn.get(request.key)
    if old is None:
        if not request.strategy.created_by_update:
            raise NotFound(request.key.resource, request.key.name)
        check_namespace(txn, request.key, new=True)
        return _create(request, decoded, field_managers.noted(request, decoded, None))
    if options.subresource == "scale":
        return _rescale(request, old, document)
    check_uid(request, decoded, old)
    return _update(request, decoded, old, field_managers.noted(request, decoded, old))


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
    from svcnet.api.merge import patched  # noqa: PLC0415 - other writes need no patches
    from svcnet.control.apiserver.patch_errors import undecodable  # noqa: PLC0415

    kind = txn.kinds().of_resource(key.resource)
    old = txn.get(key)
    if old is None:
        raise NotFound(key.resource, key.name)
    if options.subresource == "scale":
        request = Request(txn, kind, key, strategy_for(txn, kind), options)
        before = scale.scale_of(kind, old)
        return _rescale(request, old, patched(before, change, scale.SCALE))
    document = patched(old, change, kind)
    # What an object is cannot be patched.
    document = {**document, "apiVersion": old["apiVersion"], "kind": old["kind"]}
    check_name(key, document.get("metadata") or {})
    try:
        request, decoded = read(txn, document, options)
    except BadRequest as error:
        raise undecodable(change, document, error) from None
    return _update(request, decoded, old, field_managers.noted(request, decoded, old))


def apply(
    txn: Transaction, config: Document, options: WriteOptions = PLAIN, *, force: bool = False
) -> Written:
    """Make an object be as `config` says, as far as it says anything: server-side apply.

    Args:
        txn: where to write.
        config: the fields that are wanted, namespace and name among them.
        options: how the write is meant; `manager` becomes the owner of the fields.
        force: take fields from others who own them.

    Raises:
        MergeFailed: it has unknown fields, or items of a list that cannot be told apart.
        ApplyConflict: others own fields that would change.
        StatusError: as `create` and `update`.
    """
    from svcnet.api import typed_values  # noqa: PLC0415 - only this kind of write needs it

    if why := typed_values.fault(config, kind_of(txn, config)):
        raise MergeFailed(why)
    request, _ = read(txn, config, options)
    live = txn.get(request.key)
    # What is owned is what the user wrote, not what decoding makes of it.
    document, entries = field_managers.merged(request, config, live, force=force)
    document = read(txn, document, options._replace(field_validation="Ignore"))[1]
    if live is None:
        check_namespace(txn, request.key, new=True)
        return _create(request, document, entries)
    return _update(request, document, live, entries)


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
        orphan(txn, key, document)
    return remove(txn, key, grace=grace_period)


def _create(request: Request, document: Document, entries: list[Document]) -> Written:
    txn, kind, key, strategy, options, remarks = request
    document = strategy.completed(metadata.created(txn, key, document, strategy))
    document = field_managers.with_entries(document, entries)
    if kind is POD:
        document = {**document, "spec": admitted(document.get("spec") or {})}
    document = _admitted(request, document)
    rest = _rest_of(kind)
    if rest:
        # Before validation, as the API server does it: its errors hide those of validation.
        document = rest.allocated(txn, key, document, None, dry_run=options.dry_run)
    _refuse(kind, key, _faults(request, document))
    warnings = (*remarks, *warn(document, kind))
    # Only the storage would notice, and it comes last.
    if txn.get(key) is not None:
        raise AlreadyExists(key.resource, key.name)
    if rest:
        document = rest.without_hidden_fields(document)
    return Written(_stored(request, document), warnings)


def _update(
    request: Request, document: Document, old: Document, entries: list[Document]
) -> Written:
    txn, kind, key, strategy, options, remarks = request
    check_version(request, document, old)
    if kind is POD and not options.subresource:
        spec = readmitted(document.get("spec") or {}, old.get("spec") or {})
        document = {**document, "spec": spec}
    rest = _rest_of(kind)
    # The status subresource leaves the spec alone, and so has nothing to allocate.
    rest_of_spec = None if options.subresource else rest
    if rest_of_spec:
        document = rest_of_spec.allocated(txn, key, document, old, dry_run=options.dry_run)
    document = metadata.updated(document, old, strategy, options.subresource)
    if kind is PRIORITY_CLASS:
        document = _admitted(request, document)
    elif kind is CUSTOM_RESOURCE_DEFINITION and not options.subresource:
        document = {**document, "status": redefined(document.get("status") or {}, document)}
    document = field_managers.with_entries(document, entries)
    if rest_of_spec:
        document = rest_of_spec.without_stale_fields(document, old)
    _refuse(kind, key, _faults(request, document, old))
    # The strategies of status have nothing to remark.
    said = () if options.subresource == "status" else warn(document, kind, old)
    warnings = (*remarks, *said)
    if rest:
        document = rest.without_hidden_fields(document)
    if metadata.unchanged(document, old):
        # Not written: the resourceVersion stays, and controllers hear nothing.
        return Written(old, warnings, changed=False)
    check_namespace(txn, key, new=False)
    if is_over(document) and not options.dry_run:
        # The last finalizer went with this update, and the object with it.
        finish(txn, key)
        return Written(document, warnings)
    return Written(_stored(request, document), warnings)


def _admitted(request: Request, document: Document) -> Document:
    """Return a new or changed object as admission plugins leave it."""
    if request.kind not in (POD, PRIORITY_CLASS):
        return document
    from svcnet.control.apiserver import priority_admission  # noqa: PLC0415 - few writes need it

    return priority_admission.admitted(request.txn, request.key, document)


def _rest_of(kind: Kind) -> ModuleType | None:
    """Return what a kind has beside the way of all: how Services get addresses and ports."""
    if kind is not SERVICE:
        return None
    from svcnet.control.apiserver import service_rest  # noqa: PLC0415 - no other kind needs it

    return service_rest


def _stored(request: Request, document: Document) -> Document:
    if request.options.dry_run:
        return document
    return allocated.write(request.txn, request.key, document)


def _rescale(request: Request, old: Document, wanted: Document) -> Written:
    """Write the number of replicas of an object through its scale."""
    kind = request.kind
    document = scale.rescaled(kind, old, wanted)
    entries = field_managers.noted(request, document, old)
    whole = request._replace(options=request.options._replace(subresource=""))
    written = _update(whole, document, old, entries)
    return written._replace(document=scale.scale_of(kind, written.document))


def _faults(
    request: Request, document: Document, old: Document | None = None
) -> Iterator[FieldError]:
    """Yield the rules that a new or changed object breaks, and then what its schema says."""
    kind, schema = request.kind, request.strategy.schema
    yield from check(document, kind) if old is None else check_update(document, old, kind)
    if schema:
        from svcnet.api.schemas import validation  # noqa: PLC0415 - only custom kinds need it

        if old is None:
            yield from validation.check_against_schema(document, schema)
        else:
            yield from validation.check_change_against_schema(document, old, schema)


def _refuse(kind: Kind, key: Key, faults: Iterable[FieldError]) -> None:
    found = tuple(faults)
    if found:
        raise Invalid(kind.qualified, key.name, found)
