"""Descriptions of claims to storage, and of the templates of such claims.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/describe/describe.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svcnet.api.index_values import by_volume_claim
from svcnet.api.keys import Document
from svcnet.cli.describe.page import Page, long_time, name_of
from svcnet.cli.printers.ages import since
from svcnet.cli.printers.cells import items, part

_CLASS = "volume.beta.kubernetes.io/storage-class"
_MODES = {
    "ReadWriteOnce": "RWO",
    "ReadOnlyMany": "ROX",
    "ReadWriteMany": "RWX",
    "ReadWriteOncePod": "RWOP",
}


def claim(page: Page, document: Document) -> None:
    """Describe a PersistentVolumeClaim, with the pods that use it.

    Source: kubectl pkg/describe/describe.go PersistentVolumeClaimDescriber.
    """
    page.field("Name", name_of(document))
    page.field("Namespace", part(document, "metadata").get("namespace", ""))
    page.field("StorageClass", storage_class_of(document))
    page.field("Status", shown_phase(page, document))
    _claimed(page, document, finalizers=True)
    page.several("Used By", sorted(_users(page, document)))
    conditions = items(document, "status", "conditions")
    if conditions:
        page.line("Conditions:")
        page.line("Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage", 1)
        # kubectl underlines LastProbeTime too far.
        page.line("----\t------\t-----------------\t------------------\t------\t-------", 1)
    for each in conditions:
        page.line(_condition(each), 1)


def claim_template(page: Page, document: Document) -> None:
    """Add the claim that is made for a pod with an ephemeral volume."""
    if document:
        # A page of its own, as all that is written on it stands two levels deeper.
        inner = Page(page.objects, page.now, base=2)
        inner.field("StorageClass", storage_class_of(document))
        _claimed(inner, document, finalizers=False)
        page.write(inner.raw())


def storage_class_of(document: Document) -> str:
    """Return the name of a claim's or volume's class; the beta annotation comes first."""
    annotated = part(document, "metadata", "annotations").get(_CLASS)
    return str(annotated or part(document, "spec").get("storageClassName", ""))


def shown_phase(page: Page, document: Document) -> str:
    """Return the phase, or for how long an object has been going."""
    deleted = part(document, "metadata").get("deletionTimestamp")
    if deleted:
        return f"Terminating (lasts {since(deleted, page.now)})"
    return str(part(document, "status").get("phase", ""))


def _claimed(page: Page, document: Document, *, finalizers: bool) -> None:
    """Add what is claimed, and what was got."""
    metadata, spec = part(document, "metadata"), part(document, "spec")
    # As long as no volume is bound, nothing has been got.
    status = part(document, "status") if spec.get("volumeName") else {}
    page.field("Volume", spec.get("volumeName", ""))
    page.labels("Labels", part(metadata, "labels"))
    page.annotations("Annotations", part(metadata, "annotations"))
    if finalizers:
        page.field("Finalizers", f"[{' '.join(items(metadata, 'finalizers'))}]")
    page.field("Capacity", part(status, "capacity").get("storage", "0") if status else "")
    page.field("Access Modes", shown_access_modes(items(status, "accessModes")))
    if "volumeMode" in spec:
        page.field("VolumeMode", spec["volumeMode"])
    source = part(spec, "dataSource")
    if source:
        page.line("DataSource:")
    for title, field in (("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")):
        if field in source:
            page.field(title, source[field], 1)


def shown_access_modes(modes: Sequence[str]) -> str:
    """Return access modes in short, in a fixed order."""
    return ",".join(short for mode, short in _MODES.items() if mode in modes)


def _users(page: Page, document: Document) -> Iterator[str]:
    """Yield the names of the pods that mount a claim."""
    namespace = part(document, "metadata").get("namespace", "")
    value = by_volume_claim(name_of(document))
    for pod in page.objects.indexed("pods", value, namespace):
        for volume in items(pod, "spec", "volumes"):
            # Pods find a claim by name, within their namespace.
            named = part(volume, "persistentVolumeClaim").get("claimName")
            if named == name_of(document):
                yield name_of(pod)


def _condition(condition: Document) -> str:
    return " \t".join(
        (
            condition.get("type", ""),
            condition.get("status", ""),
            long_time(condition.get("lastProbeTime")),
            long_time(condition.get("lastTransitionTime")),
            condition.get("reason", ""),
            condition.get("message", ""),
        )
    )
