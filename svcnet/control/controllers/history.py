"""The templates that StatefulSets and DaemonSets have had, kept as ControllerRevisions.

Source: kubernetes pkg/controller/history/controller_history.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from svcnet.api.index_values import by_owner
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import CONTROLLER_REVISION
from svcnet.api.objects import ObjectMeta
from svcnet.api.workloads import ControllerRevision
from svcnet.control.objects.ownership import controller_of, identity_of, identity_of_entry
from svcnet.control.objects.revisions import (
    revision_name,
    same_template,
    template_of_patch,
    template_patch,
)
from svcnet.lean_namedtuple import NamedTuple
from svcnet.snapshot import Change, Delete, Put, Snapshot


class RevisionOwner(NamedTuple):
    """What a StatefulSet and a DaemonSet have in common."""

    resource: str
    metadata: ObjectMeta
    template: Document
    reference: dict[str, Any]
    hash_label: str
    """The label of a revision that bears its hash."""
    hash_of: Callable[[Document, int | None], str]
    """Gives the hash of a template, and of how often that was found taken."""
    collisions: int | None
    """How often any was, as the owner's status tells."""


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
        self._held = self._holding(owner.template)

    @property
    def latest(self) -> str:
        """The name of the revision that the owner's template is, stored or about to be."""
        if self._held is not None:
            return self._held.name
        return self._name(self._drawn[0])

    @property
    def collisions(self) -> int | None:
        """How often a hash was found taken, now and before; None when nobody counts."""
        return self._owner.collisions if self._held is not None else self._drawn[1]

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
        return self._drawn[0]

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
        return template_of_patch(held.data)

    def changes(self) -> Iterator[Change]:
        """Yield what makes the owner's template the newest of its revisions."""
        if self._held is None:
            yield Put(self._document(self.number))
            yield from self._counted()
        elif self._held is not self.all[-1] and (document := self._stored(self._held.name)):
            # Rolled back to: an old template is the newest again.
            yield Put({**document, "revision": self.number})

    def _counted(self) -> Iterator[Change]:
        """Note in the owner's status that a hash was found taken."""
        key = Key(self._owner.resource, self._owner.metadata.namespace, self._owner.metadata.name)
        document = self._cluster.document(key)
        if document is not None and self.collisions != self._owner.collisions:
            status = {**(document.get("status") or {}), "collisionCount": self.collisions}
            yield Put({**document, "status": status})

    def surplus(
        self, limit: int | None, live: Sequence[str], *, counting_live: bool
    ) -> Iterator[Change]:
        """Yield the deletion of old revisions that nobody uses, beyond `limit`.

        Args:
            limit: how many old ones are remembered; None: all.
            live: the names of those that pods have.
            counting_live: whether these are among those remembered.
        """
        old = [each for each in self.all if each is not self._held]
        # Oldest first, and never one that a pod still has.
        idle = [each for each in old if each.name not in live]
        if limit is not None:
            for each in idle[: max(0, len(old if counting_live else idle) - limit)]:
                yield Delete(self._key(each.name))

    def _holding(self, template: Document) -> ControllerRevision | None:
        """Return the newest revision that keeps `template`.

        One that another version of Kubernetes wrote does so in other bytes.

        Source: stateful_set_control.go getStatefulSetRevisions() with the feature gate
        StatefulSetSemanticRevisionComparison.
        """
        patch = template_patch(template)
        newest_first = self.all[::-1]
        same = next((each for each in newest_first if each.data == patch), None)
        if same is not None:
            return same
        return next((each for each in newest_first if same_template(each.data, template)), None)

    def _document(self, number: int) -> Document:
        """Return the revision that keeps the owner's template."""
        owner = self._owner
        labels: Mapping[str, str] = (owner.template.get("metadata") or {}).get("labels") or {}
        metadata: dict[str, Any] = {
            "labels": {**labels, owner.hash_label: self._drawn[0]},
            "name": self.latest,
            "namespace": owner.metadata.namespace,
            "ownerReferences": [owner.reference],
        }
        if owner.metadata.annotations:
            metadata["annotations"] = owner.metadata.annotations
        return {
            "apiVersion": CONTROLLER_REVISION.api_version,
            "data": template_patch(owner.template),
            "kind": CONTROLLER_REVISION.kind,
            "metadata": metadata,
            "revision": number,
        }

    @cached_property
    def _drawn(self) -> tuple[str, int | None]:
        """The hash of the owner's template, another when it is taken, and how often it was."""
        owner, collisions = self._owner, self._owner.collisions
        while self._stored(self._name(code := owner.hash_of(owner.template, collisions))):
            collisions = (collisions or 0) + 1
        return code, collisions

    def _name(self, code: str) -> str:
        return revision_name(self._owner.metadata.name, code)

    def _stored(self, name: str) -> Document | None:
        return self._cluster.document(self._key(name))

    def _key(self, name: str) -> Key:
        return Key(CONTROLLER_REVISION.resource, self._owner.metadata.namespace, name)
