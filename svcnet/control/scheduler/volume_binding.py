"""Storage that a pod claims: it must be there, and within reach of the pod's node.

Source: kubernetes pkg/scheduler/framework/plugins/volumebinding/{volume_binding,binder}.go;
pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.index_values import by_volume_claim
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, STORAGE_CLASS
from svcnet.api.objects import Node
from svcnet.api.workloads import Pod
from svcnet.control.objects import volumes
from svcnet.control.scheduler.diagnosis import Status
from svcnet.snapshot import Put, Snapshot

UNBOUND = "pod has unbound immediate PersistentVolumeClaims"
NO_VOLUME = "node(s) didn't find available persistent volumes to bind"
OUT_OF_REACH = "node(s) didn't match PersistentVolume's node affinity"
IN_USE = (
    "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode"
)


class VolumeBinder:
    """The claims and volumes of the cluster, and who gets which of them in this run."""

    def __init__(self, cluster: Snapshot) -> None:
        self._cluster = cluster
        self._taken: set[str] = set()
        self._used: set[tuple[str, str]] = set()
        self._volumes: list[Document] | None = None

    def use(self, pod: Pod) -> None:
        """Remember which claims a pod uses that was just given a node."""
        self._used.update((pod.namespace, name) for name in volumes.claim_names(pod))

    def refusal(self, pod: Pod) -> str:
        """Return why no node will do, in the scheduler's words; empty when one may."""
        for volume in pod.spec.volumes or ():
            claimed = volume.persistent_volume_claim
            if claimed is None and volume.ephemeral is None:
                continue
            name = claimed.claim_name if claimed else f"{pod.name}-{volume.name}"
            claim = self._claim(pod.namespace, name)
            if claim is None:
                if claimed:
                    return f'persistentvolumeclaim "{name}" not found'
                return (
                    "waiting for ephemeral volume controller to create the "
                    f'persistentvolumeclaim "{name}"'
                )
            if why := _unusable(claim):
                return why
        unbound = [each for each in self._of(pod) if not volumes.is_bound(each)]
        if all(volumes.waits_for_first_consumer(self._class_of(each)) for each in unbound):
            return ""
        return UNBOUND

    def filter_reasons(self, pod: Pod, node: Node) -> list[str]:
        """Return why a node will not do; nothing when it will."""
        found: dict[str, None] = {}
        for claim in self._of(pod):
            if volumes.is_bound(claim):
                volume = self._volume(claim["spec"]["volumeName"])
                # An import may have brought the claim without its volume.
                if volume is not None and not volumes.fits_node(volume, node):
                    found[OUT_OF_REACH] = None
        if not found and self._choice(pod, node) is None:
            found[NO_VOLUME] = None
        return [*found]

    def status(self, pod: Pod, node: Node) -> Status | None:
        """Return what is to be said against a node; None when nothing is."""
        if self.is_in_use(pod):
            return Status((IN_USE,), for_good=False)
        reasons = self.filter_reasons(pod, node)
        return Status(tuple(reasons)) if reasons else None

    def is_in_use(self, pod: Pod) -> bool:
        """Tell whether another pod has a claim that one pod only may have."""
        return any(
            (claim.get("spec") or {}).get("accessModes") == ["ReadWriteOncePod"]
            and self._is_used(pod.namespace, volumes.name_of(claim))
            for claim in self._of(pod)
        )

    def _is_used(self, namespace: str, claim: str) -> bool:
        """Tell whether a pod that has a node uses a claim."""
        users = self._cluster.indexed(Pod, by_volume_claim(claim), namespace)
        placed = any(each.spec.node_name and not each.finished for each in users)
        return placed or (namespace, claim) in self._used

    def bind(self, pod: Pod, node: Node) -> tuple[list[Put], bool]:
        """Return what binds a pod's claims on its node, and whether they are all bound then.

        A claim that somebody outside would make a volume for is told the node, and waits.
        """
        changes: list[Put] = []
        complete = True
        for claim, volume in (self._choice(pod, node) or {}).values():
            if volume is not None:
                self._taken.add(volumes.name_of(volume))
                changes += map(Put, volumes.bound(claim, volume, self._cluster.now))
                continue
            complete = False
            told = volumes.annotated(claim, {volumes.SELECTED_NODE: node.name})
            if told != claim:
                changes.append(Put(told))
        return changes, complete

    def _choice(self, pod: Pod, node: Node) -> dict[str, tuple[Document, Document | None]] | None:
        """Return which volume each waiting claim gets there; None when one of them gets none."""
        chosen: dict[str, tuple[Document, Document | None]] = {}
        taken = set(self._taken)
        waiting = [each for each in self._of(pod) if not volumes.is_bound(each)]
        for claim in waiting:
            volume = volumes.matching_volume(claim, self._all_volumes(), node=node, taken=taken)
            if volume is None and not self._is_provisioned(claim):
                return None
            if volume is not None:
                taken.add(volumes.name_of(volume))
            chosen[volumes.name_of(claim)] = claim, volume
        return chosen

    def _is_provisioned(self, claim: Document) -> bool:
        """Tell whether somebody outside would make a volume for a claim."""
        provisioner = (self._class_of(claim) or {}).get("provisioner", "")
        return provisioner not in ("", volumes.NO_PROVISIONER)

    # --- what is there ----------------------------------------------------------------------

    def _of(self, pod: Pod) -> Iterator[Document]:
        for name in volumes.claim_names(pod):
            if claim := self._claim(pod.namespace, name):
                yield claim

    def _claim(self, namespace: str, name: str) -> Document | None:
        return self._cluster.document(Key(PERSISTENT_VOLUME_CLAIM.resource, namespace, name))

    def _volume(self, name: str) -> Document | None:
        return self._cluster.document(Key(PERSISTENT_VOLUME.resource, "", name))

    def _all_volumes(self) -> list[Document]:
        if self._volumes is None:
            self._volumes = self._cluster.documents(PERSISTENT_VOLUME.resource)
        return self._volumes

    def _class_of(self, claim: Document) -> Document | None:
        name = volumes.class_of(claim)
        return self._cluster.document(Key(STORAGE_CLASS.resource, "", name)) if name else None


def _unusable(claim: Document) -> str:
    """Return why nobody can use a claim that is there."""
    name, volume = volumes.name_of(claim), (claim.get("spec") or {}).get("volumeName", "")
    if (claim.get("status") or {}).get("phase") == "Lost":
        return f'persistentvolumeclaim "{name}" bound to non-existent persistentvolume "{volume}"'
    if "deletionTimestamp" in claim["metadata"]:
        return f'persistentvolumeclaim "{name}" is being deleted'
    return ""
