"""Claims that pods use, and volumes that are bound, stay until they are free.

Source: kubernetes pkg/controller/volume/pvcprotection/pvc_protection_controller.go,
pkg/controller/volume/pvprotection/pv_protection_controller.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.index_values import by_volume_claim
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM
from svcnet.api.workloads import Pod
from svcnet.control.objects.volumes import (
    CLAIM_PROTECTION,
    VOLUME_PROTECTION,
    claim_names,
    name_of,
)
from svcnet.snapshot import Change, Delete, Put, Snapshot


def protect_volumes(cluster: Snapshot) -> Iterator[Change]:
    """Let go of deleted claims that no pod uses, and of deleted volumes that no claim has."""
    for claim in _leaving(cluster, PERSISTENT_VOLUME_CLAIM.resource, CLAIM_PROTECTION):
        if not _is_used(cluster, claim):
            yield from _released(claim, PERSISTENT_VOLUME_CLAIM.resource, CLAIM_PROTECTION)
    for volume in _leaving(cluster, PERSISTENT_VOLUME.resource, VOLUME_PROTECTION):
        if (volume.get("status") or {}).get("phase") != "Bound":
            yield from _released(volume, PERSISTENT_VOLUME.resource, VOLUME_PROTECTION)


def _leaving(cluster: Snapshot, resource: str, finalizer: str) -> Iterator[Document]:
    """Yield the objects that are deleted and only kept."""
    for each in cluster.documents(resource):
        metadata = each["metadata"]
        if "deletionTimestamp" in metadata and finalizer in (metadata.get("finalizers") or ()):
            yield each


def _is_used(cluster: Snapshot, claim: Document) -> bool:
    """Tell whether a pod on some node has a claim; others would not be started with it any more."""
    return any(
        pod.spec.node_name and not pod.finished and name_of(claim) in claim_names(pod)
        for pod in cluster.indexed(
            Pod, by_volume_claim(name_of(claim)), claim["metadata"]["namespace"]
        )
    )


def _released(document: Document, resource: str, finalizer: str) -> Iterator[Change]:
    metadata = {**document["metadata"]}
    kept = [each for each in metadata.pop("finalizers") if each != finalizer]
    if kept:
        metadata["finalizers"] = kept
    yield Put({**document, "metadata": metadata})
    yield Delete(Key(resource, metadata.get("namespace", ""), metadata["name"]))
