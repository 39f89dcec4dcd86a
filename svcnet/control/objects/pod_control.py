"""How controllers make and delete pods, and what they record of it.

Source: kubernetes pkg/controller/controller_utils.go RealPodControl.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.keys import Document, Key
from svcnet.lean_namedtuple import NamedTuple
from svcnet.snapshot import Change, Delete, Put, Record


class PodControl(NamedTuple):
    """Who makes and deletes pods, and for what."""

    owner: Document
    component: str
    """The controller: ``replicaset-controller``."""

    def create(self, pod: Document) -> Iterator[Change]:
        """Ask for a pod."""
        yield Put(pod)
        yield self._record("SuccessfulCreate", f"Created pod: {pod['metadata']['name']}")

    def delete(self, key: Key) -> Iterator[Change]:
        """Ask for the end of a pod."""
        yield Delete(key)
        yield self._record("SuccessfulDelete", f"Deleted pod: {key.name}")

    def refused(self, prefix: str, why: str) -> Record:
        """Return what is recorded of pods that could not be made, whose names begin so."""
        message = f'Error creating: pods "{prefix}" is forbidden: {why}'
        return Record(self.owner, "Warning", "FailedCreate", message, self.component)

    def _record(self, reason: str, message: str) -> Record:
        return Record(self.owner, "Normal", reason, message, self.component)
