"""The pods of a namespace by who made them, and how pods come to belong to somebody else.

Source: kubernetes pkg/controller/controller_ref_manager.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from svcnet.api.index_values import NOBODY, by_label, by_owner, by_selectors_of
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import POD, PRIORITY_CLASS, Kind
from svcnet.api.objects import LabelSelector, ObjectView
from svcnet.api.workloads import Pod
from svcnet.control.objects.ownership import (
    OwnerIdentity,
    adopted,
    controller_entry,
    identity_of,
    identity_of_entry,
    matcher,
    released,
)
from svcnet.snapshot import Put, Snapshot

Owner = TypeVar("Owner", bound=ObjectView)


def concerned(cluster: Snapshot, kind: Kind, view: type[Owner], *more: Kind) -> list[Owner]:
    """Return the objects of a kind that something has changed for, by (namespace, name).

    An object is concerned by what became of itself and of what it made, and by pods of nobody's
    that it may select: those it takes in.

    Args:
        cluster: what is, and what changed.
        kind: what makes pods.
        view: how it is read.
        more: what it makes beside pods.
    """
    changed = cluster.changed
    # A new class may let pods be made wherever they are missing.
    if changed.of(PRIORITY_CLASS.resource):
        return [*cluster.of(view)]
    names = {each.key[1:] for each in changed.of(kind.resource)}
    for event in changed.of(POD.resource, *(each.resource for each in more)):
        for document in event.documents():
            owner = controller_entry(document)
            if owner is not None and owner.get("kind") == kind.kind:
                names.add((event.key.namespace, owner.get("name", "")))
            elif owner is None and event.key.resource == POD.resource:
                names |= _selecting(cluster, view, event.key.namespace, document)
    found = (cluster.one(view, *name) for name in sorted(names))
    return [each for each in found if each is not None]


def _selecting(
    cluster: Snapshot, view: type[Owner], namespace: str, pod: Document
) -> set[tuple[str, str]]:
    """Return the namespaces and names of the objects that may select a pod."""
    labels = pod["metadata"].get("labels") or {}
    return {
        (namespace, each.name)
        for value in by_selectors_of(labels)
        for each in cluster.indexed(view, value, namespace)
    }


class PodIndex:
    """The pods of one namespace, by who made them; those of nobody by their labels."""

    def __init__(self, cluster: Snapshot, namespace: str) -> None:
        self._cluster, self._namespace = cluster, namespace

    def of(self, owner: OwnerIdentity) -> list[Pod]:
        """Return the pods of an owner, by name."""
        named = self._cluster.indexed(Pod, by_owner(owner.uid), self._namespace)
        return [pod for pod in named if (maker := pod.controller) and identity_of(maker) == owner]

    def orphans(self, selector: LabelSelector) -> list[Pod]:
        """Return pods of nobody's that `selector` takes in, by name."""
        # One label is enough to find candidates among thousands of pods.
        values = [NOBODY, *(by_label(*each) for each in (selector.match_labels or {}).items())]
        candidates = self._cluster.candidates(Pod, values, self._namespace)
        matches = matcher(selector)
        return [pod for pod in candidates if pod.controller is None and matches(pod.labels)]

    def claims(
        self, selector: LabelSelector, reference: dict[str, Any], pods: Sequence[Pod]
    ) -> Iterator[Put]:
        """Take in orphans whose labels fit; let go of those of `pods` whose labels no longer do."""
        matches = matcher(selector)
        for pod in pods:
            if not matches(pod.labels) and (document := self._cluster.document(key_of(pod))):
                yield Put(released(document, [identity_of_entry(reference)]))
        for pod in self.orphans(selector):
            # replica_set.go leaves ended pods out before it claims any: FilterActivePods().
            if pod.active and (document := self._cluster.document(key_of(pod))):
                yield Put(adopted(document, reference))


def key_of(pod: Pod) -> Key:
    """Return where a pod is kept."""
    return Key(POD.resource, pod.namespace, pod.name)
