"""Descriptions of storage: claims, volumes and classes.

Source: kubectl pkg/describe/describe.go.
"""

from __future__ import annotations

from svcnet.api.keys import Document
from svcnet.cli.describe.claims import shown_access_modes, shown_phase, storage_class_of
from svcnet.cli.describe.page import Page, name_of
from svcnet.cli.describe.volumes import PERSISTENT, volume_source
from svcnet.cli.printers import cells
from svcnet.cli.printers.cells import NONE, UNSET, items, part

_DEFAULT = tuple(f"storageclass{each}.kubernetes.io/is-default-class" for each in ("", ".beta"))


def volume(page: Page, document: Document) -> None:
    """Describe a PersistentVolume.

    Source: kubectl pkg/describe/describe.go PersistentVolumeDescriber.
    """
    spec = part(document, "spec")
    page.head(document, namespaced=False)
    page.field("Finalizers", f"[{' '.join(items(document, 'metadata', 'finalizers'))}]")
    page.field("StorageClass", storage_class_of(document))
    page.field("Status", shown_phase(page, document))
    owner = part(spec, "claimRef")
    named = f"{owner.get('namespace', '')}/{owner.get('name', '')}" if owner else ""
    page.field("Claim", named)
    page.field("Reclaim Policy", spec.get("persistentVolumeReclaimPolicy", ""))
    page.field("Access Modes", shown_access_modes(items(spec, "accessModes")))
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
