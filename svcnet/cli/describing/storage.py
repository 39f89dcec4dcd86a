"""Descriptions of storage: claims, volumes and classes.

Source: kubectl pkg/describe/describe.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svcnet.api.names import Document
from svcnet.cli.describing.page import Page, long_time, name_of
from svcnet.cli.describing.volumes import PERSISTENT, volume_source
from svcnet.cli.printing import cells
from svcnet.cli.printing.ages import since
from svcnet.cli.printing.cells import NONE, UNSET, items, part

_CLASS = "volume.beta.kubernetes.io/storage-class"
_DEFAULT = tuple(f"storageclass{each}.kubernetes.io/is-default-class" for each in ("", ".beta"))
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
    page.field("StorageClass", _class(document))
    page.field("Status", _phase(page, document))
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
        inner.field("StorageClass", _class(document))
        _claimed(inner, document, finalizers=False)
        page.write(inner.raw())


def _class(document: Document) -> str:
    """Return the name of a claim's or volume's class; the beta annotation comes first."""
    annotated = part(document, "metadata", "annotations").get(_CLASS)
    return str(annotated or part(document, "spec").get("storageClassName", ""))


def _phase(page: Page, document: Document) -> str:
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
    page.field("Access Modes", _modes(items(status, "accessModes")))
    if "volumeMode" in spec:
        page.field("VolumeMode", spec["volumeMode"])
    source = part(spec, "dataSource")
    if source:
        page.line("DataSource:")
    for title, field in (("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")):
        if field in source:
            page.field(title, source[field], 1)


def _modes(modes: Sequence[str]) -> str:
    """Return access modes in short, in a fixed order."""
    return ",".join(short for mode, short in _MODES.items() if mode in modes)


def _users(page: Page, document: Document) -> Iterator[str]:
    """Yield the names of the pods that mount a claim."""
    namespace = part(document, "metadata").get("namespace", "")
    for pod in page.objects.list("pods", namespace):
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


def volume(page: Page, document: Document) -> None:
    """Describe a PersistentVolume.

    Source: kubectl pkg/describe/describe.go PersistentVolumeDescriber.
    """
    spec = part(document, "spec")
    page.head(document, namespaced=False)
    page.field("Finalizers", f"[{' '.join(items(document, 'metadata', 'finalizers'))}]")
    page.field("StorageClass", _class(document))
    page.field("Status", _phase(page, document))
    owner = part(spec, "claimRef")
    named = f"{owner.get('namespace', '')}/{owner.get('name', '')}" if owner else ""
    page.field("Claim", named)
    page.field("Reclaim Policy", spec.get("persistentVolumeReclaimPolicy", ""))
    page.field("Access Modes", _modes(items(spec, "accessModes")))
    if "volumeMode" in spec:
        page.field("VolumeMode", spec["volumeMode"])
    page.field("Capacity", part(spec, "capacity").get("storage", "0"))
    _node_affinity(page, part(spec, "nodeAffinity"))
    page.field("Message", part(document, "status").get("message", ""))
    page.line("Source:")
    volume_source(page, spec, PERSISTENT)


def _node_affinity(page: Page, affinity: Document) -> None:
    """Add the nodes that can reach a volume.

    Source: kubectl pkg/describe/describe.go printVolumeNodeAffinity().
    """
    if "required" not in affinity:
        page.field("Node Affinity", NONE)
        return
    page.line("Node Affinity:\t")
    terms = items(affinity, "required", "nodeSelectorTerms")
    page.line("Required Terms:\t" + ("" if terms else NONE), 1)
    for index, term in enumerate(terms):
        page.write(f"Term {index}:\t", 2)
        found = [_requirement(each) for each in items(term, "matchExpressions")] or [NONE]
        page.line(found[0])
        for each in found[1:]:
            page.line(f"\t{each}", 2)


def _requirement(expression: Document) -> str:
    """Return one requirement on one line."""
    text = f"{expression.get('key', '')} {expression.get('operator', '').lower()}"
    values = items(expression, "values")
    return f"{text} [{', '.join(values)}]" if values else text


def storage_class(page: Page, document: Document) -> None:
    """Describe a StorageClass.

    Source: kubectl pkg/describe/describe.go StorageClassDescriber.
    """
    annotations = part(document, "metadata", "annotations")
    page.field("Name", name_of(document))
    default = any(annotations.get(each) == "true" for each in _DEFAULT)
    page.field("IsDefaultClass", "Yes" if default else "No")
    page.field("Annotations", cells.labels(annotations))
    page.field("Provisioner", document.get("provisioner", ""))
    page.field("Parameters", cells.labels(part(document, "parameters")))
    page.field("AllowVolumeExpansion", str(document.get("allowVolumeExpansion", UNSET)))
    options = items(document, "mountOptions")
    page.line("MountOptions:" if options else f"MountOptions:\t{NONE}")
    for option in options:
        page.line(option, 1)
    for title, field in (
        ("ReclaimPolicy", "reclaimPolicy"),
        ("VolumeBindingMode", "volumeBindingMode"),
    ):
        if field in document:
            page.field(title, document[field])
