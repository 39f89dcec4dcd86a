"""Who made what: owner references, adoption and release, and what a selector takes in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from svcnet.api.keys import Document
from svcnet.api.objects import LabelSelector, LabelSelectorRequirement, ObjectMeta, OwnerReference
from svcnet.lean_namedtuple import NamedTuple

Labels: TypeAlias = Mapping[str, str]
Matcher: TypeAlias = Callable[[Labels], bool]


def owner_reference(api_version: str, kind: str, metadata: ObjectMeta) -> dict[str, Any]:
    """Return the reference that an object carries to the one that made it and answers for it.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/controller_ref.go.
    """
    return {
        "apiVersion": api_version,
        "blockOwnerDeletion": True,
        "controller": True,
        "kind": kind,
        "name": metadata.name,
        "uid": metadata.uid,
    }


class OwnerIdentity(NamedTuple):
    """Which object a reference means.

    Not its name, which another object may have by now, and not the version, for one object can be
    read in several.
    """

    group: str
    """Empty for the core group."""
    kind: str
    uid: str


def owner_identity(api_version: str, kind: str, uid: str) -> OwnerIdentity:
    """Return which object is meant by the parts of a reference, or by an object's own.

    >>> owner_identity("apps/v1", "ReplicaSet", "u1"), owner_identity("v1", "Service", "u2").group
    (OwnerIdentity(group='apps', kind='ReplicaSet', uid='u1'), '')
    """
    return OwnerIdentity(api_version.rpartition("/")[0], kind, uid)


def identity_of(reference: OwnerReference) -> OwnerIdentity:
    """Return which object a reference means."""
    return owner_identity(reference.api_version, reference.kind, reference.uid)


def identity_of_document(document: Document) -> OwnerIdentity:
    """Return what references to an object must say."""
    return owner_identity(document["apiVersion"], document["kind"], document["metadata"]["uid"])


def identity_of_entry(entry: Document) -> OwnerIdentity:
    """Return which object an entry of `ownerReferences` means; imported ones may lack parts."""
    return owner_identity(entry.get("apiVersion", ""), entry.get("kind", ""), entry.get("uid", ""))


def owners_of(document: Document) -> Iterator[OwnerIdentity]:
    """Yield the owners of an object that is read whole."""
    yield from map(identity_of_entry, document["metadata"].get("ownerReferences") or ())


def controller_entry(document: Document) -> Document | None:
    """Return the reference of an object that is read whole to the one owner that answers for it."""
    for each in document["metadata"].get("ownerReferences") or ():
        if each.get("controller"):
            return dict(each)
    return None


def controller_of_document(document: Document) -> OwnerIdentity | None:
    """Return the one owner that answers for an object that is read whole."""
    entry = controller_entry(document)
    return None if entry is None else identity_of_entry(entry)


def by_controller(documents: Iterable[Document]) -> dict[OwnerIdentity | None, list[Document]]:
    """Return objects that are read whole by the one owner that answers for them."""
    found: dict[OwnerIdentity | None, list[Document]] = {}
    for each in documents:
        found.setdefault(controller_of_document(each), []).append(each)
    return found


def controller_of(metadata: ObjectMeta) -> OwnerReference | None:
    """Return the one owner that answers for an object; None for an object of nobody's."""
    for each in metadata.owner_references or ():
        if each.controller:
            return each
    return None


def adopted(document: Document, reference: dict[str, Any]) -> Document:
    """Return `document` with one owner more."""
    metadata = document["metadata"]
    owners = [*(metadata.get("ownerReferences") or ()), reference]
    return {**document, "metadata": {**metadata, "ownerReferences": owners}}


def released(document: Document, owners: Iterable[OwnerIdentity]) -> Document:
    """Return `document` without some of its owners."""
    gone = set(owners)
    metadata = dict(document["metadata"])
    entries = metadata.pop("ownerReferences", ())
    kept = [each for each in entries if identity_of_entry(each) not in gone]
    if kept:
        metadata["ownerReferences"] = kept
    return {**document, "metadata": metadata}


def matcher(selector: LabelSelector) -> Matcher:
    """Return what tells whether labels meet `selector`; an empty selector takes in everything.

    >>> matcher(LabelSelector(match_labels={"app": "web"}))({"app": "web", "tier": "front"})
    True
    """
    wanted = tuple((selector.match_labels or {}).items())
    terms = selector.match_expressions or ()

    def matches(labels: Labels) -> bool:
        return all(labels.get(key) == value for key, value in wanted) and all(
            _holds(term, labels) for term in terms
        )

    return matches


def _holds(term: LabelSelectorRequirement, labels: Labels) -> bool:
    """Tell whether labels meet one set-based term."""
    match term.operator:
        case "In":
            return labels.get(term.key) in (term.values or ())
        case "NotIn":
            return labels.get(term.key) not in (term.values or ())
        case "Exists":
            return term.key in labels
        case "DoesNotExist":
            return term.key not in labels
        # The API server refuses other operators, an import does not.
        case _:
            return False
