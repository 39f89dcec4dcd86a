"""Who made what: owner references, adoption and release, and what a selector takes in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from svcnet.api.keys import Document, Key
from svcnet.api.objects import LabelSelector, LabelSelectorRequirement, ObjectMeta, OwnerReference

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


def released(document: Document, uids: Iterable[str]) -> Document:
    """Return `document` without the owners that have `uids`."""
    # Owners are known by uid: a name may have been taken by another object since.
    gone = set(uids)
    metadata = dict(document["metadata"])
    owners = [each for each in metadata.pop("ownerReferences", ()) if each.get("uid") not in gone]
    if owners:
        metadata["ownerReferences"] = owners
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


def changed_keys(changed: frozenset[Key] | None, *resources: str) -> list[Key]:
    """Return the changed keys of `resources` in fixed order; empty when nothing is known."""
    return sorted(key for key in changed or () if key.resource in resources)


def changed_namespaces(changed: frozenset[Key] | None, *resources: str) -> Iterator[str]:
    """Yield the namespaces in which something of `resources` changed, in order."""
    yield from sorted({key.namespace for key in changed or () if key.resource in resources})
