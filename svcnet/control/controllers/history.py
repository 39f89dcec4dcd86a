"""The templates that StatefulSets and DaemonSets have had, kept as ControllerRevisions.

Source: kubernetes pkg/controller/history/controller_history.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from svcnet.api.index_values import by_owner
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import CONTROLLER_REVISION
from svcnet.api.objects import ObjectMeta
from svcnet.api.workloads import ControllerRevision
from svcnet.control.objects.hashing import template_hash
from svcnet.control.objects.ownership import controller_of, identity_of, identity_of_entry
from svcnet.lean_namedtuple import NamedTuple
from svcnet.snapshot import Change, Delete, Put, Snapshot

HASH = "controller-revision-hash"
"""Label: which template a pod was made from."""

REVISION_HASH = "controller.kubernetes.io/hash"
"""Label of a StatefulSet's revisions; those of a DaemonSet have `HASH`."""


class RevisionOwner(NamedTuple):
    """What a StatefulSet and a DaemonSet have in common."""

    metadata: ObjectMeta
    template: Document
    reference: dict[str, Any]
    hash_label: str


class History:
    """The templates of one owner, oldest first."""

    def __init__(self, cluster: Snapshot, owner: RevisionOwner) -> None:
        self._cluster, self._owner = cluster, owner
        identity = identity_of_entry(owner.reference)
        found = [
            each
            for each in cluster.indexed(
                ControllerRevision, by_owner(identity.uid), owner.metadata.namespace
            )
            if (maker := controller_of(each.metadata)) and identity_of(maker) == identity
        ]
        self.all = sorted(found, key=lambda each: (each.revision, each.name))
        # Compared as data: the same template again is the same revision.
        data = _data(owner.template)
        self._held = next((each for each in reversed(self.all) if each.data == data), None)

    @property
    def latest(self) -> str:
        """The name of the revision that the owner's template is, stored or about to be."""
        if self._held is not None:
            return self._held.name
        return f"{self._owner.metadata.name}-{self._hash()}"

    @property
    def number(self) -> int:
        """The number of the latest revision: how often the template has changed, plus one."""
        if self._held is not None and self._held is self.all[-1]:
            return self._held.revision
        return 1 + max((each.revision for each in self.all), default=0)

    @property
    def code(self) -> str:
        """The hash of the latest revision, as pods bear it."""
        if self._held is not None:
            return self._held.labels.get(self._owner.hash_label, "")
        return self._hash()

    def named(self, codes: Iterable[str]) -> list[str]:
        """Return the names of the revisions whose hashes are among `codes`."""
        wanted = set(codes)
        label = self._owner.hash_label
        return [each.name for each in self.all if each.labels.get(label) in wanted]

    def template(self, name: str) -> Document | None:
        """Return the template that revision `name` holds."""
        held = next((each for each in self.all if each.name == name), None)
        if held is None:
            return self._owner.template if name == self.latest else None
        template = {**held.data["spec"]["template"]}
        template.pop("$patch", None)
        return template

    def changes(self) -> Iterator[Change]:
        """Yield what makes the owner's template the newest of its revisions."""
        if self._held is None:
            yield Put(self._document(self.number))
        elif self._held is not self.all[-1] and (document := self._stored(self._held.name)):
            # Rolled back to: an old template is the newest again.
            yield Put({**document, "revision": self.number})

    def surplus(self, limit: int | None, live: Sequence[str]) -> Iterator[Change]:
        """Yield the deletion of old revisions that nobody uses, beyond `limit`."""
        # Oldest first, and never one that a pod still has.
        idle = [each for each in self.all if each.name not in live and each is not self._held]
        if limit is not None:
            for each in idle[: max(0, len(idle) - limit)]:
                yield Delete(self._key(each.name))

    def _document(self, number: int) -> Document:
        """Return the revision that keeps the owner's template."""
        owner = self._owner
        labels: Mapping[str, str] = (owner.template.get("metadata") or {}).get("labels") or {}
        metadata: dict[str, Any] = {
            "labels": {**labels, owner.hash_label: self._hash()},
            "name": self.latest,
            "namespace": owner.metadata.namespace,
            "ownerReferences": [owner.reference],
        }
        if owner.metadata.annotations:
            metadata["annotations"] = owner.metadata.annotations
        return {
            "apiVersion": CONTROLLER_REVISION.api_version,
            "data": _data(owner.template),
            "kind": CONTROLLER_REVISION.kind,
            "metadata": metadata,
            "revision": number,
        }

    def _hash(self) -> str:
        """Return the template's hash; another one when the name it makes is somebody else's."""
        collisions = 0
        while self._stored(f"{self._owner.metadata.name}-{self._hash_of(collisions)}") is not None:
            collisions += 1
        return self._hash_of(collisions)

    def _hash_of(self, collisions: int) -> str:
        return template_hash(self._owner.template, collisions)

    def _stored(self, name: str) -> Document | None:
        return self._cluster.document(self._key(name))

    def _key(self, name: str) -> Key:
        return Key(CONTROLLER_REVISION.resource, self._owner.metadata.namespace, name)


def _data(template: Document) -> Document:
    return {"spec": {"template": {**template, "$patch": "replace"}}}
