"""Claims for storage, and which volume fits which of them; controller and scheduler agree on it.

Source: kubernetes pkg/controller/volume/persistentvolume/index.go;
staging/src/k8s.io/component-helpers/storage/volume/pv_helpers.go FindMatchingVolume();
pkg/apis/core/v1/helper/helpers.go GetPersistentVolumeClaimClass().
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from svcnet.api import quantity, selectors
from svcnet.api.keys import Document
from svcnet.api.kinds import PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM
from svcnet.api.objects import Node
from svcnet.api.workloads import Pod
from svcnet.control.objects.node_affinity import meets_any

BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller"
BIND_COMPLETED = "pv.kubernetes.io/bind-completed"
SELECTED_NODE = "volume.kubernetes.io/selected-node"
"""Annotation of a claim: the node on which its first pod is to run."""

CLAIM_PROTECTION = "kubernetes.io/pvc-protection"
VOLUME_PROTECTION = "kubernetes.io/pv-protection"
"""Finalizers that admission puts on every claim and every volume.

Source: kubernetes plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go.
"""

NO_PROVISIONER = "kubernetes.io/no-provisioner"
_CLASS = "volume.beta.kubernetes.io/storage-class"


def claim_names(pod: Pod) -> tuple[str, ...]:
    """Return the claims that a pod's volumes name, those that are made for the pod included."""
    return tuple(
        each.persistent_volume_claim.claim_name
        if each.persistent_volume_claim
        else f"{pod.name}-{each.name}"
        for each in pod.spec.volumes or ()
        if each.persistent_volume_claim or each.ephemeral is not None
    )


def new_claim(metadata: dict[str, Any], spec: Document) -> Document:
    """Return a claim as a controller makes it."""
    return protected(
        {
            "apiVersion": PERSISTENT_VOLUME_CLAIM.api_version,
            "kind": PERSISTENT_VOLUME_CLAIM.kind,
            "metadata": metadata,
            "spec": spec,
            "status": {"phase": "Pending"},
        }
    )


def protected(document: Document) -> Document:
    """Return a new claim or volume with the finalizer that keeps it while it is in use."""
    own = VOLUME_PROTECTION if document["kind"] == PERSISTENT_VOLUME.kind else CLAIM_PROTECTION
    metadata = document["metadata"]
    finalizers = metadata.get("finalizers") or []
    if own in finalizers:
        return document
    return {**document, "metadata": {**metadata, "finalizers": [*finalizers, own]}}


def class_of(document: Document) -> str:
    """Return the storage class of a claim or a volume; empty when it has none."""
    annotations = document["metadata"].get("annotations") or {}
    # Older than the field, and still the one that counts.
    given = annotations.get(_CLASS, (document.get("spec") or {}).get("storageClassName"))
    return str(given or "")


def waits_for_first_consumer(storage_class: Document | None) -> bool:
    """Tell whether claims of a class are bound only once it is known where a pod goes."""
    return (storage_class or {}).get("volumeBindingMode") == "WaitForFirstConsumer"


def is_bound(claim: Document) -> bool:
    """Tell whether a claim has its volume, both sides agreeing.

    Source: pkg/scheduler/framework/plugins/volumebinding/binder.go isPVCFullyBound().
    """
    annotations = claim["metadata"].get("annotations") or {}
    # A dump may have lost its annotations; no server takes a status from a user.
    agreed = BIND_COMPLETED in annotations or (claim.get("status") or {}).get("phase") == "Bound"
    return agreed and bool((claim.get("spec") or {}).get("volumeName"))


def is_meant_for(volume: Document, claim: Document) -> bool:
    """Tell whether a volume is bound to a claim, or was set aside for it.

    Source: pkg/controller/volume/persistentvolume/util IsVolumeBoundToClaim().
    """
    reference = (volume.get("spec") or {}).get("claimRef") or {}
    metadata = claim["metadata"]
    return (
        reference.get("name") == metadata["name"]
        and reference.get("namespace") == metadata.get("namespace")
        and reference.get("uid") in (None, "", metadata.get("uid"))
    )


def fits_node(volume: Document, node: Node) -> bool:
    """Tell whether a volume can be reached from `node`."""
    required = ((volume.get("spec") or {}).get("nodeAffinity") or {}).get("required")
    return required is None or meets_any(required, node)


def matching_volume(
    claim: Document,
    volumes: Iterable[Document],
    *,
    node: Node | None = None,
    taken: Collection[str] = (),
    reserved_only: bool = False,
) -> Document | None:
    """Return the volume that a claim is to get; None when there is none for it.

    Args:
        claim: what is asked for.
        volumes: those of the cluster.
        node: where its pod is to run, if that counts.
        taken: names of volumes that others get.
        reserved_only: whether only volumes count that were set aside for the claim.

    One that was set aside goes before all others; else the fewest access modes win, then the
    least capacity, then the name.
    """
    candidates = sorted(
        (each for each in volumes if each["metadata"]["name"] not in taken), key=_by_size
    )
    able = [each for each in candidates if _can_serve(each, claim)]
    for volume in able:
        if is_meant_for(volume, claim):
            return volume if node is None or fits_node(volume, node) else None
    if reserved_only:
        return None
    return next((each for each in able if _is_free_for(each, claim, node)), None)


def _by_size(volume: Document) -> tuple[int, int, str]:
    spec = volume.get("spec") or {}
    return len(spec.get("accessModes") or ()), _storage(spec.get("capacity")), name_of(volume)


def name_of(document: Document) -> str:
    """Return what an object is called."""
    return str(document["metadata"]["name"])


def _can_serve(volume: Document, claim: Document) -> bool:
    """Tell whether a volume is large enough for a claim, of its mode, and not going."""
    asked, offered = claim.get("spec") or {}, volume.get("spec") or {}
    wanted = _storage((asked.get("resources") or {}).get("requests"))
    return (
        set(asked.get("accessModes") or ()) <= set(offered.get("accessModes") or ())
        and _storage(offered.get("capacity")) >= wanted
        and _mode(asked) == _mode(offered)
        and asked.get("volumeAttributesClassName") == offered.get("volumeAttributesClassName")
        and "deletionTimestamp" not in volume["metadata"]
    )


def _is_free_for(volume: Document, claim: Document, node: Node | None) -> bool:
    """Tell whether a volume is nobody's, and of the class and with the labels that are asked."""
    if (volume.get("spec") or {}).get("claimRef"):
        return False
    selector = (claim.get("spec") or {}).get("selector")
    labels = volume["metadata"].get("labels") or {}
    return (
        (volume.get("status") or {}).get("phase") == "Available"
        and (selector is None or selectors.from_object(selector).matches(labels))
        and class_of(volume) == class_of(claim)
        and (node is None or fits_node(volume, node))
    )


def satisfies(volume: Document, claim: Document) -> bool:
    """Tell whether a volume that a claim names can be its own.

    Source: pkg/controller/volume/persistentvolume/pv_controller.go checkVolumeSatisfyClaim().
    """
    return _can_serve(volume, claim) and class_of(volume) == class_of(claim)


def _mode(spec: Document) -> str:
    return str(spec.get("volumeMode") or "Filesystem")


def _storage(amounts: Document | None) -> int:
    """Return how much storage a list of amounts tells of, in billionths of a byte."""
    try:
        return quantity.parse(str((amounts or {}).get("storage", "0")))[0]
    except quantity.QuantityError:
        return 0


def bound(claim: Document, volume: Document, now: str) -> Iterator[Document]:
    """Yield a volume and a claim that belong to each other, both saying so.

    Source: pkg/controller/volume/persistentvolume/pv_controller.go bind().
    """
    yield _bound_volume(claim, volume, now)
    spec = volume.get("spec") or {}
    marks = {BIND_COMPLETED: "yes"}
    # Whoever named the volume keeps the say over it.
    if not (claim.get("spec") or {}).get("volumeName"):
        marks[BOUND_BY_CONTROLLER] = "yes"
    status = {**(claim.get("status") or {}), "phase": "Bound"}
    for field in ("accessModes", "capacity"):
        if spec.get(field):
            status[field] = spec[field]
    yield {
        **annotated(claim, marks),
        "spec": {**(claim.get("spec") or {}), "volumeName": name_of(volume)},
        "status": status,
    }


def _bound_volume(claim: Document, volume: Document, now: str) -> Document:
    metadata, spec = claim["metadata"], volume.get("spec") or {}
    if not spec.get("claimRef"):
        volume = annotated(volume, {BOUND_BY_CONTROLLER: "yes"})
    reference = {
        "apiVersion": PERSISTENT_VOLUME_CLAIM.api_version,
        "kind": PERSISTENT_VOLUME_CLAIM.kind,
        "name": metadata["name"],
        "namespace": metadata.get("namespace", ""),
        "resourceVersion": metadata.get("resourceVersion", ""),
        "uid": metadata.get("uid", ""),
    }
    return in_phase({**volume, "spec": {**spec, "claimRef": reference}}, "Bound", now)


def in_phase(volume: Document, phase: str, now: str) -> Document:
    """Return a volume in that phase; since when is told of one that was in another."""
    status = volume.get("status") or {}
    if status.get("phase") == phase:
        return volume
    return {**volume, "status": {**status, "lastPhaseTransitionTime": now, "phase": phase}}


def annotated(document: Document, marks: dict[str, str]) -> Document:
    """Return an object with some annotations more."""
    metadata = document["metadata"]
    annotations = {**(metadata.get("annotations") or {}), **marks}
    return {**document, "metadata": {**metadata, "annotations": annotations}}
