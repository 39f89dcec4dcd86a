"""What the API server writes into an object's metadata, and what an update may not touch.

Source: kubernetes staging/src/k8s.io/apiserver/pkg/registry/rest/meta.go, create.go
BeforeCreate(), update.go BeforeUpdate().
"""

from __future__ import annotations

from svcnet.api.defaulting import TEMPLATE_GENERATION
from svcnet.api.drawing import SUFFIX_ALPHABET, suffix
from svcnet.api.go.strconv import parse_decimal
from svcnet.api.keys import Document, Key
from svcnet.control.apiserver.strategies import Strategy
from svcnet.store.transaction import Transaction

# randomLength and maxNameLength of apiserver/pkg/storage/names/generate.go.
SUFFIX_LENGTH = 5
LONGEST_GENERATED = 63
"""Generated names fit into a label; a longer prefix is cut."""

_SET_BY_SERVER = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
)


def created(txn: Transaction, key: Key, document: Document, strategy: Strategy) -> Document:
    """Return a new object with the metadata that only the server sets, and its first status.

    Whatever the user gave for these fields is replaced.
    """
    given = document.get("metadata") or {}
    metadata = {field: value for field, value in given.items() if field not in _SET_BY_SERVER}
    metadata |= {
        "creationTimestamp": txn.now,
        "name": key.name,
        "uid": txn.fresh_uid(key),
    }
    if key.namespace:
        metadata["namespace"] = key.namespace
    else:
        metadata.pop("namespace", None)
    if strategy.counted:
        metadata["generation"] = 1
    document = {**document, "metadata": metadata}
    if strategy.first_status is None:
        return document
    return _with_status(document, strategy.first_status(document))


def updated(document: Document, old: Document, strategy: Strategy, subresource: str) -> Document:
    """Return the changed object with what an update cannot change taken from `old`.

    The uid and the name are left as they were given, for validation to see.
    """
    given, before = document.get("metadata") or {}, old["metadata"]
    if subresource == "status":
        document = {**old, **({"status": document["status"]} if "status" in document else {})}
    elif strategy.owns_status:
        document = _with_status(document, old.get("status"))
    metadata = dict(given)
    # A uid that was given must be the right one, which validation checks.
    metadata.setdefault("uid", before.get("uid", ""))
    for field in ("creationTimestamp", "deletionTimestamp", "generation", "resourceVersion"):
        metadata.pop(field, None)
        if field in before:
            metadata[field] = before[field]
    if "deletionGracePeriodSeconds" in before:
        metadata.setdefault("deletionGracePeriodSeconds", before["deletionGracePeriodSeconds"])
    # A namespace that is named for what is in none is passed over:
    # EnsureObjectNamespaceMatchesRequestNamespace().
    if "namespace" not in before:
        metadata.pop("namespace", None)
    # No server fills it in any more (KEP-1164).
    metadata.pop("selfLink", None)
    if strategy.counted_template:
        metadata["annotations"] = {
            **(metadata.get("annotations") or {}),
            TEMPLATE_GENERATION: str(template_count(document, old)),
        }
    if strategy.counted and _asks_for_more({**document, "metadata": metadata}, old, strategy):
        metadata["generation"] = before.get("generation", 0) + 1
    return {**document, "metadata": metadata}


def generated_name(txn: Transaction, key: Key, prefix: str, attempt: int) -> str:
    """Return a name that begins with `prefix` and ends in five drawn letters.

    Args:
        txn: what the name is drawn for, and when: the next object gets another name.
        key: the object's key, without a name.
        prefix: what `metadata.generateName` gives.
        attempt: counts from 0; each gives another name.
    """
    number = int(txn.fresh_uid(key._replace(name=f"{prefix}{attempt}")).replace("-", ""), 16)
    ending = suffix(number % len(SUFFIX_ALPHABET) ** SUFFIX_LENGTH, SUFFIX_LENGTH)
    return prefix[: LONGEST_GENERATED - SUFFIX_LENGTH] + ending


def unchanged(document: Document, old: Document) -> bool:
    """Tell whether both are the same but for the resourceVersion."""
    return _unversioned(document) == _unversioned(old)


def _unversioned(document: Document) -> Document:
    metadata = {**document["metadata"]}
    metadata.pop("resourceVersion", None)
    return {**document, "metadata": metadata}


def _asks_for_more(document: Document, old: Document, strategy: Strategy) -> bool:
    """Tell whether anything but metadata and status differs, or annotations where they count."""
    passed_over = ("metadata", "status") if strategy.owns_status else ("metadata",)
    fields = {*document, *old}.difference(passed_over)
    if any(document.get(field) != old.get(field) for field in fields):
        return True
    if not strategy.counted_annotations:
        return False
    now, before = (each["metadata"].get("annotations") or {} for each in (document, old))
    return bool(now != before)


def template_count(document: Document, old: Document) -> int:
    """Return the number of a changed DaemonSet's template; nobody but the server counts them.

    Source: kubernetes pkg/registry/apps/daemonset/strategy.go PrepareForUpdate().
    """
    before = (old["metadata"].get("annotations") or {}).get(TEMPLATE_GENERATION, "")
    template, former = ((each.get("spec") or {}).get("template") for each in (document, old))
    return (parse_decimal(before) or 1) + (template != former)


def _with_status(document: Document, status: Document | None) -> Document:
    if status is not None:
        return {**document, "status": status}
    return {field: value for field, value in document.items() if field != "status"}
