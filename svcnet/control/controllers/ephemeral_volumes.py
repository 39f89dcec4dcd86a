"""Claims that are made for one pod, and go with it.

Source: kubernetes pkg/controller/volume/ephemeral/controller.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import PERSISTENT_VOLUME_CLAIM, POD
from svcnet.api.workloads import Pod
from svcnet.control.objects.ownership import owner_reference
from svcnet.control.objects.volumes import new_claim
from svcnet.snapshot import Put, Snapshot


def sync_ephemeral_volumes(cluster: Snapshot) -> Iterator[Put]:
    """Ask for the claims that pods want to be made for them, where there are none yet."""
    for event in cluster.changed.of(POD.resource):
        pod = cluster.one(Pod, event.key.namespace, event.key.name)
        if pod is None or pod.terminating:
            continue
        for volume in pod.spec.volumes or ():
            if volume.ephemeral is None:
                continue
            key = Key(PERSISTENT_VOLUME_CLAIM.resource, pod.namespace, f"{pod.name}-{volume.name}")
            if cluster.document(key) is None:
                yield Put(_claim(pod, key, volume.ephemeral.get("volumeClaimTemplate") or {}))


def _claim(pod: Pod, key: Key, template: Document) -> Document:
    metadata = template.get("metadata") or {}
    named = {
        **{field: metadata[field] for field in ("annotations", "labels") if metadata.get(field)},
        "name": key.name,
        "namespace": key.namespace,
        "ownerReferences": [owner_reference(POD.api_version, POD.kind, pod.metadata)],
    }
    return new_claim(named, template.get("spec") or {})
