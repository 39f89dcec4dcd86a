"""Columns of volumes and of what they are made by.

Source: kubernetes pkg/printers/internalversion/printers.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from svcnet.api.keys import Document
from svcnet.cli.printers.cells import NONE, UNSET, age_of, items, joined, name_of, part, yes_no
from svcnet.cli.printers.table import table

_MODES = {
    "ReadWriteOnce": "RWO",
    "ReadOnlyMany": "ROX",
    "ReadWriteMany": "RWX",
    "ReadWriteOncePod": "RWOP",
}
_CLASS = "volume.beta.kubernetes.io/storage-class"
_DEFAULT_CLASS = (
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
)


def _modes(given: Iterable[str]) -> str:
    """Return access modes, shortened: ``RWO,ROX``."""
    # In the table's order and each once, whatever the order in the volume.
    present = set(given)
    return ",".join(short for mode, short in _MODES.items() if mode in present)


def _phase(volume: Document) -> str:
    deleted = part(volume, "metadata").get("deletionTimestamp")
    return "Terminating" if deleted else str(part(volume, "status").get("phase", ""))


def _class_of(volume: Document) -> str:
    # The annotation is older than the field, and goes before it where both are there
    # (GetPersistentVolumeClass()).
    annotated = part(volume, "metadata", "annotations").get(_CLASS)
    return str(annotated or part(volume, "spec").get("storageClassName", ""))


def _volume_row(each: Document, now: str) -> Sequence[object]:
    spec = part(each, "spec")
    claim = part(spec, "claimRef")
    return (
        name_of(each),
        part(spec, "capacity").get("storage", 0),
        _modes(items(spec, "accessModes")),
        spec.get("persistentVolumeReclaimPolicy", ""),
        _phase(each),
        f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else "",
        _class_of(each),
        spec.get("volumeAttributesClassName", UNSET),
        part(each, "status").get("reason", ""),
        age_of(each, now),
        spec.get("volumeMode", UNSET),
    )


def _claim_row(each: Document, now: str) -> Sequence[object]:
    spec, status = part(each, "spec"), part(each, "status")
    # What was asked for is not what there is: an unbound claim has neither size nor modes.
    bound = bool(spec.get("volumeName"))
    return (
        name_of(each),
        _phase(each),
        spec.get("volumeName", ""),
        part(status, "capacity").get("storage", 0) if bound else "",
        _modes(items(status, "accessModes")) if bound else "",
        _class_of(each),
        spec.get("volumeAttributesClassName", UNSET),
        age_of(each, now),
        spec.get("volumeMode", UNSET),
    )


def _storage_class_row(each: Document, now: str) -> Sequence[object]:
    annotations = part(each, "metadata", "annotations")
    default = any(annotations.get(key) == "true" for key in _DEFAULT_CLASS)
    return (
        name_of(each) + (" (default)" if default else ""),
        each.get("provisioner", ""),
        each.get("reclaimPolicy", "Delete"),
        each.get("volumeBindingMode", "Immediate"),
        yes_no(each.get("allowVolumeExpansion")),
        age_of(each, now),
    )


def _attachment_row(each: Document, now: str) -> Sequence[object]:
    spec = part(each, "spec")
    return (
        name_of(each),
        spec.get("attacher", ""),
        part(spec, "source").get("persistentVolumeName", ""),
        spec.get("nodeName", ""),
        yes_no(part(each, "status").get("attached")),
        age_of(each, now),
    )


def _csi_node_row(each: Document, now: str) -> Sequence[object]:
    return name_of(each), len(items(each, "spec", "drivers")), age_of(each, now)


def _csi_driver_row(each: Document, now: str) -> Sequence[object]:
    """Return a CSIDriver's cells; a driver attaches unless it says otherwise."""
    spec = part(each, "spec")
    asked = spec.get("tokenRequests")
    return (
        name_of(each),
        yes_no(spec.get("attachRequired", True)),
        yes_no(spec.get("podInfoOnMount")),
        yes_no(spec.get("storageCapacity")),
        UNSET if asked is None else ",".join(request.get("audience", "") for request in asked),
        yes_no(spec.get("requiresRepublish")),
        joined(items(spec, "volumeLifecycleModes"), NONE),
        age_of(each, now),
    )


TABLES = {
    "persistentvolumes": table(
        "NAME|CAPACITY|ACCESS MODES|RECLAIM POLICY|STATUS|CLAIM|STORAGECLASS|"
        "VOLUMEATTRIBUTESCLASS|REASON|AGE",
        _volume_row,
        "VOLUMEMODE",
    ),
    "persistentvolumeclaims": table(
        "NAME|STATUS|VOLUME|CAPACITY|ACCESS MODES|STORAGECLASS|VOLUMEATTRIBUTESCLASS|AGE",
        _claim_row,
        "VOLUMEMODE",
    ),
    "storageclasses.storage.k8s.io": table(
        "NAME|PROVISIONER|RECLAIMPOLICY|VOLUMEBINDINGMODE|ALLOWVOLUMEEXPANSION|AGE",
        _storage_class_row,
    ),
    "volumeattachments.storage.k8s.io": table(
        "NAME|ATTACHER|PV|NODE|ATTACHED|AGE", _attachment_row
    ),
    "csinodes.storage.k8s.io": table("NAME|DRIVERS|AGE", _csi_node_row),
    "csidrivers.storage.k8s.io": table(
        "NAME|ATTACHREQUIRED|PODINFOONMOUNT|STORAGECAPACITY|TOKENREQUESTS|REQUIRESREPUBLISH|"
        "MODES|AGE",
        _csi_driver_row,
    ),
}
