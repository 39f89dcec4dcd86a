"""The pods of a namespace by who made them, and how pods come to belong to somebody else.

Source: kubernetes pkg/controller/controller_ref_manager.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svcnet.api.keys import Key
from svcnet.api.kinds import POD
from svcnet.api.objects import LabelSelector
from svcnet.api.workloads import Pod
from svcnet.control.objects.ownership import (
    OwnerIdentity,
    adopted,
    identity_of,
    identity_of_entry,
    matcher,
    released,
)
from svcnet.snapshot import Put, Snapshot


class PodIndex:
    """The pods of one namespace, by who made them; those of nobody by their labels."""

    def __init__(self, cluster: Snapshot, namespace: str) -> None:
        self._cluster = cluster
        self.all = cluster.of(Pod, namespace)
        self._owned: dict[OwnerIdentity, list[Pod]] = {}
        self._orphans: dict[tuple[str, str], list[Pod]] = {}
        for pod in self.all:
            if owner := pod.controller:
                self._owned.setdefault(identity_of(owner), []).append(pod)
            else:
                for label in pod.labels.items():
                    self._orphans.setdefault(label, []).append(pod)

    def of(self, owner: OwnerIdentity) -> list[Pod]:
        """Return the pods of an owner, by name."""
        return self._owned.get(owner, [])

    def orphans(self, selector: LabelSelector) -> list[Pod]:
        """Return pods of nobody's that `selector` takes in, by name."""
        # One label is enough to find candidates among thousands of pods.
        wanted = next(iter((selector.match_labels or {}).items()), None)
        candidates = (
            [pod for pod in self.all if pod.controller is None]
            if wanted is None
            else self._orphans.get(wanted, [])
        )
        matches = matcher(selector)
        return [pod for pod in candidates if matches(pod.labels)]

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
