"""ControllerRevisions that a dump left out, told from the pods that were made from them.

Hardly anybody dumps them, and hashes differ from one version of Kubernetes to the next.  Without
the revisions that their pods name, StatefulSets and DaemonSets would take every pod for an old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svcnet.api.defaulting import TEMPLATE_GENERATION
from svcnet.api.go.strconv import parse_decimal
from svcnet.api.keys import Document
from svcnet.api.kinds import CONTROLLER_REVISION, STATEFUL_SET
from svcnet.control.apiserver.pod_origins import latest_of, since, template_of
from svcnet.control.objects.ownership import (
    by_controller,
    identity_of_document,
)
from svcnet.control.objects.revisions import (
    HASH,
    POD_TEMPLATE_GENERATION,
    REVISION_HASH,
    revision_name,
    same_template,
    template_patch,
)


def missing_revisions(
    pods: Iterable[Document], owners: Iterable[Document], known: Iterable[Document]
) -> Iterator[Document]:
    """Yield the revisions of `owners` that their pods, or they themselves, name and nobody gave.

    Args:
        pods: what is given, whole.
        owners: StatefulSets and DaemonSets, with their uids and defaults.
        known: the revisions that are there.

    The one of the present template keeps that; of others the template is made out from a pod.
    """
    made, kept = by_controller(pods), by_controller(known)
    for owner in owners:
        identity = identity_of_document(owner)
        missing = _Missing(owner, made.get(identity, []), kept.get(identity, []))
        yield from missing.revisions()


def with_template_count(owner: Document, pods: Iterable[Document]) -> Document:
    """Return a DaemonSet with the number of its template, where only its pods know that.

    Args:
        owner: as it is given, with its uid and defaults.
        pods: its pods.
    """
    counts = [_number_of(pod) for pod in pods]
    metadata = owner["metadata"]
    if max(counts, default=0) <= _count_of(owner):
        return owner
    annotations = {**metadata["annotations"], TEMPLATE_GENERATION: str(max(counts))}
    return {**owner, "metadata": {**metadata, "annotations": annotations}}


def _number_of(pod: Document) -> int:
    """Return the number of the template that a pod bears; 0 when it bears none."""
    text = (pod["metadata"].get("labels") or {}).get(POD_TEMPLATE_GENERATION, "")
    return parse_decimal(text) or 0


def _count_of(owner: Document) -> int:
    """Return the number of an owner's present template; 0 where none is kept."""
    text = (owner["metadata"].get("annotations") or {}).get(TEMPLATE_GENERATION, "")
    return parse_decimal(text) or 0


class _Missing:
    """What one owner lacks.

    Templates are told apart by what pods bear in the label `HASH`: the name of the revision, or
    with a DaemonSet its hash.
    """

    def __init__(self, owner: Document, pods: list[Document], known: list[Document]) -> None:
        self._owner, self._known = owner, known
        self._stateful = STATEFUL_SET.is_of(owner)
        self._template: Document = (owner.get("spec") or {}).get("template") or {}
        there = {self._tag(each) for each in known}
        self._groups: dict[str, list[Document]] = {}
        for pod in pods:
            tag = (pod["metadata"].get("labels") or {}).get(HASH)
            if tag and tag not in there:
                self._groups.setdefault(tag, []).append(pod)

    def revisions(self) -> Iterator[Document]:
        """Yield the revisions, oldest first."""
        is_kept = any(same_template(each.get("data"), self._template) for each in self._known)
        latest = "" if is_kept else self._latest()
        olds = sorted(set(self._groups) - {latest}, key=lambda tag: (since(self._groups[tag]), tag))
        # Below the given one that keeps the present template, or it would be taken for rolled
        # back to.
        highest = (
            0 if is_kept else max((each.get("revision") or 0 for each in self._known), default=0)
        )
        for index, tag in enumerate(olds, 1):
            number = 0 if is_kept else _number_of(self._groups[tag][0]) or highest + index
            template = template_of(self._groups[tag][0], self._template)
            yield self._revision(tag, template, number)
            highest = max(highest, number)
        if latest:
            revision = self._revision(
                latest, self._template, max(highest + 1, _count_of(self._owner))
            )
            annotations = self._owner["metadata"].get("annotations")
            if annotations:
                revision["metadata"]["annotations"] = annotations
            yield revision

    def _tag(self, revision: Document) -> str:
        metadata = revision["metadata"]
        tag = metadata["name"] if self._stateful else (metadata.get("labels") or {}).get(HASH)
        return str(tag)

    # --- the present template -----------------------------------------------------------------

    def _latest(self) -> str:
        """Return what tells pods of the present template; empty when none of them are."""
        if self._stateful:
            return self._told() or latest_of(self._groups, self._template, "")
        numbers = {tag: _number_of(pods[0]) for tag, pods in self._groups.items()}
        # No pod can be newer than its owner: then the count was lost, and tells nothing.
        count = _count_of(self._owner)
        if numbers and all(0 < each <= count for each in numbers.values()):
            return next((tag for tag, each in numbers.items() if each == count), "")
        return latest_of(self._groups, self._template, "")

    def _told(self) -> str:
        """Return the revision that a StatefulSet's status names, unless that is out of date."""
        status, metadata = self._owner.get("status") or {}, self._owner["metadata"]
        if status.get("observedGeneration", 0) < metadata.get("generation", 0):
            return ""
        told = str(status.get("updateRevision") or "")
        return "" if told in map(self._tag, self._known) else told

    # --- what is made ---------------------------------------------------------------------------

    def _revision(self, tag: str, template: Document, number: int) -> Document:
        owner = self._owner["metadata"]
        name = tag if self._stateful else revision_name(owner["name"], tag)
        label = REVISION_HASH if self._stateful else HASH
        labels = (template.get("metadata") or {}).get("labels") or {}
        metadata: Document = {
            "labels": {**labels, label: name.rpartition("-")[2]},
            "name": name,
            "namespace": owner["namespace"],
            "ownerReferences": [
                {
                    "apiVersion": self._owner["apiVersion"],
                    "blockOwnerDeletion": True,
                    "controller": True,
                    "kind": self._owner["kind"],
                    "name": owner["name"],
                    "uid": owner["uid"],
                }
            ],
        }
        if made := since(self._groups.get(tag, ())):
            metadata["creationTimestamp"] = made
        return {
            "apiVersion": CONTROLLER_REVISION.api_version,
            "data": template_patch(template),
            "kind": CONTROLLER_REVISION.kind,
            "metadata": metadata,
            "revision": number,
        }
