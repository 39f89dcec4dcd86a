"""Claims and volumes find each other; nobody makes volumes here.

Source: kubernetes pkg/controller/volume/persistentvolume/pv_controller.go syncClaim(),
syncVolume().
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, STORAGE_CLASS
from svcnet.control.objects import volumes
from svcnet.snapshot import Change, Put, Snapshot

_DEFAULT = (
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
)
_PROVISIONER = (
    "volume.beta.kubernetes.io/storage-provisioner",
    "volume.kubernetes.io/storage-provisioner",
)
_IN_TREE = "kubernetes.io/"


def sync_persistent_volumes(cluster: Snapshot) -> Iterator[Change]:
    """Bind the claims for which there is a volume, and say of volumes whose they are."""
    step = _Step(cluster)
    yield from step.claims()
    yield from step.volumes()


class _Step:
    """One look at the claims that changed, or at all where others may have come in reach."""

    def __init__(self, cluster: Snapshot) -> None:
        self._cluster = cluster
        self._volumes = {
            volumes.name_of(each): each for each in cluster.documents(PERSISTENT_VOLUME.resource)
        }
        self._written: set[str] = set()

    def claims(self) -> Iterator[Change]:
        """Yield what becomes of claims."""
        changed = self._cluster.changed
        if changed.of(PERSISTENT_VOLUME.resource, STORAGE_CLASS.resource):
            candidates = self._cluster.documents(PERSISTENT_VOLUME_CLAIM.resource)
        else:
            events = changed.of(PERSISTENT_VOLUME_CLAIM.resource)
            candidates = [each.after for each in events if each.after is not None]
        for claim in candidates:
            if "deletionTimestamp" in claim["metadata"]:
                continue
            if volumes.is_bound(claim):
                yield from self._lost(claim)
            else:
                yield from self._unbound(self._with_default_class(claim), claim)

    def _lost(self, claim: Document) -> Iterator[Change]:
        """Tell of a claim whose volume went; one that an import never brought may be there."""
        status = claim.get("status") or {}
        volume = Key(PERSISTENT_VOLUME.resource, "", claim["spec"]["volumeName"])
        gone = volume.name not in self._volumes and volume in self._cluster.changed
        if gone and status.get("phase") == "Bound":
            left = {name: each for name, each in status.items() if name not in _OF_A_VOLUME}
            yield Put({**claim, "status": {**left, "phase": "Lost"}})

    def _with_default_class(self, claim: Document) -> Document:
        """Return a claim with the class of claims that ask for none, not even for no class.

        The newest class that says so is the default, then the first by name.

        Source: pv_controller.go assignDefaultStorageClass(); pkg/volume/util/storageclass.go
        GetDefaultClass().
        """
        spec = claim.get("spec") or {}
        if "storageClassName" in spec or volumes.class_of(claim):
            return claim
        defaults = [
            each
            for each in self._cluster.documents(STORAGE_CLASS.resource)
            if any(
                (each["metadata"].get("annotations") or {}).get(name) == "true" for name in _DEFAULT
            )
        ]
        if not defaults:
            return claim
        newest = max(each["metadata"].get("creationTimestamp", "") for each in defaults)
        name = min(
            volumes.name_of(each)
            for each in defaults
            if each["metadata"].get("creationTimestamp", "") == newest
        )
        return {**claim, "spec": {**spec, "storageClassName": name}}

    def _unbound(self, claim: Document, stored: Document) -> Iterator[Change]:
        """Bind a claim, or leave it waiting with what it has to know."""
        volume = self._volume_for(claim)
        if volume is None:
            claim = self._awaiting_provisioner(claim)
            if claim != stored:
                yield Put(claim)
            return
        for each in volumes.bound(claim, volume, self._cluster.now):
            if each["kind"] == PERSISTENT_VOLUME.kind:
                self._volumes[volumes.name_of(each)] = each
                self._written.add(volumes.name_of(each))
            yield Put(each)

    def _volume_for(self, claim: Document) -> Document | None:
        if name := (claim.get("spec") or {}).get("volumeName"):
            volume = self._volumes.get(name)
            if volume is None or not volumes.satisfies(volume, claim):
                return None
            free = not (volume.get("spec") or {}).get("claimRef")
            return volume if free or volumes.is_meant_for(volume, claim) else None
        delayed = volumes.waits_for_first_consumer(self._class_of(claim))
        return volumes.matching_volume(claim, self._volumes.values(), reserved_only=delayed)

    def _class_of(self, claim: Document) -> Document | None:
        name = volumes.class_of(claim)
        return self._cluster.document(Key(STORAGE_CLASS.resource, "", name)) if name else None

    def _awaiting_provisioner(self, claim: Document) -> Document:
        """Return a claim that tells who is to make its volume, if somebody outside can.

        Source: pv_controller.go provisionClaimOperationExternal(), setClaimProvisioner().
        """
        storage_class = self._class_of(claim)
        if storage_class is None or (claim.get("spec") or {}).get("volumeName"):
            return claim
        annotations = claim["metadata"].get("annotations") or {}
        if (
            volumes.waits_for_first_consumer(storage_class)
            and volumes.SELECTED_NODE not in annotations
        ):
            return claim
        name = str(storage_class.get("provisioner", ""))
        if not name or name.startswith(_IN_TREE):
            return claim
        return volumes.annotated(claim, dict.fromkeys(_PROVISIONER, name))

    def volumes(self) -> Iterator[Change]:
        """Yield the volumes that are in another phase now."""
        for name, volume in self._volumes.items():
            updated = volumes.in_phase(volume, self._phase(volume), self._cluster.now)
            if name not in self._written and updated is not volume:
                yield Put(updated)

    def _phase(self, volume: Document) -> str:
        """Return whose a volume is: somebody's, nobody's, or that of a claim that is gone."""
        reference = (volume.get("spec") or {}).get("claimRef")
        if not reference:
            return "Available"
        claim = self._cluster.document(
            Key(
                PERSISTENT_VOLUME_CLAIM.resource,
                reference.get("namespace", ""),
                reference.get("name", ""),
            )
        )
        if not reference.get("uid"):
            # Set aside for a claim that has not taken it yet.
            return "Available"
        if claim is None or claim["metadata"].get("uid") != reference["uid"]:
            phase = (volume.get("status") or {}).get("phase")
            return "Failed" if phase == "Failed" else "Released"
        return "Bound"


_OF_A_VOLUME = ("accessModes", "capacity")
"""What a claim's status tells of its volume."""
