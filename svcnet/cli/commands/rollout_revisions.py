"""The templates that an object has had, newest last, and the way back to one of them.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/history.go, rollback.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api import strategic
from svcnet.api.index_values import by_owner
from svcnet.api.keys import Document
from svcnet.api.kinds import (
    CONTROLLER_REVISION,
    DAEMON_SET,
    DEPLOYMENT,
    REPLICA_SET,
    STATEFUL_SET,
    Kind,
)
from svcnet.api.merge import Patch, PatchType
from svcnet.api.merge_keys import merge_rules_of
from svcnet.cli.resource.targets import Objects
from svcnet.errors import SvcnetError
from svcnet.lean_namedtuple import NamedTuple

CHANGE_CAUSE = "kubernetes.io/change-cause"
REVISION = "deployment.kubernetes.io/revision"
HASH = "pod-template-hash"

_OF_THE_DEPLOYMENT = (
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
)
"""Annotations that do not come back with a template."""


class Revision(NamedTuple):
    """One template that an object has had."""

    number: int
    template: Document
    cause: str
    """Why it came, if anybody said so."""
    holder: Document
    """The ReplicaSet or ControllerRevision that keeps it."""


def history(objects: Objects, document: Document, kind: Kind) -> list[Revision]:
    """Return the templates of an object, oldest first.

    Raises:
        SvcnetError: objects of this kind have no history.
    """
    if kind is DEPLOYMENT:
        found = list(_replica_sets(objects, document))
    elif kind in (DAEMON_SET, STATEFUL_SET):
        found = list(_revisions(objects, document, kind))
    elif kind is REPLICA_SET:
        raise SvcnetError(f'no history viewer has been implemented for "{kind.qualified}"')
    else:
        raise SvcnetError(
            f'error retrieving history for "{kind.qualified}", no visitor method exists for '
            f"{{{kind.group} {kind.kind}}}"
        )
    return sorted(found, key=lambda each: each.number)


def _owned(objects: Objects, document: Document, kind: Kind) -> Iterator[Document]:
    """Yield the objects of a kind that an object owns."""
    metadata = document["metadata"]
    value = by_owner(metadata["uid"])
    for each in objects.indexed(kind.resource, value, metadata["namespace"]):
        owners = each["metadata"].get("ownerReferences") or ()
        # By uid: an object of the same name may have gone before.
        if any(owner.get("uid") == metadata["uid"] for owner in owners):
            yield each


def _replica_sets(objects: Objects, document: Document) -> Iterator[Revision]:
    """Yield the templates that a Deployment's ReplicaSets keep, in no order."""
    for each in _owned(objects, document, REPLICA_SET):
        annotations = each["metadata"].get("annotations") or {}
        number = str(annotations.get(REVISION, ""))
        # A ReplicaSet that its Deployment has not numbered yet is no revision.
        if number.isdecimal():
            template, cause = each["spec"]["template"], annotations.get(CHANGE_CAUSE, "")
            yield Revision(int(number), _with_cause(template, cause), cause, each)


def _with_cause(template: Document, cause: str) -> Document:
    """Return a template with the change's cause among its annotations."""
    if not cause:
        return template
    metadata = template.get("metadata") or {}
    annotations = {**(metadata.get("annotations") or {}), CHANGE_CAUSE: cause}
    return {**template, "metadata": {**metadata, "annotations": annotations}}


def _revisions(objects: Objects, document: Document, kind: Kind) -> Iterator[Revision]:
    """Yield the templates that ControllerRevisions keep, in no order."""
    for each in _owned(objects, document, CONTROLLER_REVISION):
        cause = (each["metadata"].get("annotations") or {}).get(CHANGE_CAUSE, "")
        # A ControllerRevision keeps a patch, not a whole object.
        there = strategic.apply(document, each.get("data") or {}, merge_rules_of(kind))
        yield Revision(each["revision"], there["spec"]["template"], cause, each)


def chosen(revisions: list[Revision], document: Document, kind: Kind, number: int) -> Revision:
    """Return the revision to go back to.

    Args:
        revisions: the history, oldest first.
        document: the object.
        kind: what it is.
        number: which one; 0: the one before the newest.

    Raises:
        SvcnetError: there is no such revision.
    """
    if number:
        found = [each for each in revisions if each.number == number]
        if not found:
            raise SvcnetError(f"unable to find specified revision {number} in history")
        return found[0]
    # The newest is what runs now, so the one before it is meant.
    if len(revisions) > 1:
        return revisions[-2]
    if kind is DEPLOYMENT:
        name = document["metadata"]["name"]
        raise SvcnetError(f'no rollout history found for deployment "{name}"')
    raise SvcnetError("no last revision to roll back to")


def is_current(revision: Revision, document: Document, kind: Kind) -> bool:
    """Tell whether the object has the template of `revision` now."""
    held = revision.holder["spec"]["template"] if kind is DEPLOYMENT else revision.template
    return _without_hash(held) == _without_hash(document["spec"]["template"])


def _without_hash(template: Document) -> Document:
    """Return a template without the label that tells ReplicaSets apart."""
    metadata = template.get("metadata") or {}
    labels = {key: value for key, value in (metadata.get("labels") or {}).items() if key != HASH}
    return {**template, "metadata": {**metadata, "labels": labels}}


def way_back(revision: Revision, document: Document, kind: Kind) -> Patch:
    """Return the patch that brings the template of `revision` back."""
    if kind is not DEPLOYMENT:
        return Patch(PatchType.STRATEGIC, revision.holder.get("data") or {})
    now = document["metadata"].get("annotations") or {}
    then = revision.holder["metadata"].get("annotations") or {}
    # What speaks of the Deployment itself stays; the rest belongs to the old template.
    annotations = {key: now[key] for key in _OF_THE_DEPLOYMENT if key in now}
    annotations |= {key: then[key] for key in then if key not in _OF_THE_DEPLOYMENT}
    template = _without_hash(revision.holder["spec"]["template"])
    # As a JSON patch: merging would keep containers that the old template did not have.
    operations = [
        {"op": "replace", "path": "/spec/template", "value": template},
        {"op": "replace", "path": "/metadata/annotations", "value": annotations},
    ]
    return Patch(PatchType.JSON, operations)
