"""Volumes, as descriptions of pods and of pod templates show them.

Source: kubectl pkg/describe/describe.go describeVolumes().
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from svcnet.api.keys import Document
from svcnet.cli.describe.claims import claim_template
from svcnet.cli.describe.page import Page
from svcnet.cli.printers.cells import NONE, UNSET, items, part, yes_no
from svcnet.lean_namedtuple import NamedTuple


class VolumeSource(NamedTuple):
    """A kind of volume: what it is, and which of its fields are shown."""

    type: str
    fields: tuple[tuple[str, str, Any], ...] = ()
    """Title, name in the document, and what is shown where it is not there."""


_READ_ONLY = ("ReadOnly", "readOnly", False)
_FS_TYPE = ("FSType", "fsType", "")

SOURCES: dict[str, VolumeSource] = {
    "hostPath": VolumeSource(
        "HostPath (bare host directory volume)",
        (("Path", "path", ""), ("HostPathType", "type", NONE)),
    ),
    "emptyDir": VolumeSource(
        "EmptyDir (a temporary directory that shares a pod's lifetime)",
        (("Medium", "medium", ""), ("SizeLimit", "sizeLimit", UNSET)),
    ),
    "secret": VolumeSource(
        "Secret (a volume populated by a Secret)",
        (("SecretName", "secretName", ""), ("Optional", "optional", False)),
    ),
    "configMap": VolumeSource(
        "ConfigMap (a volume populated by a ConfigMap)",
        (("Name", "name", ""), ("Optional", "optional", False)),
    ),
    "nfs": VolumeSource(
        "NFS (an NFS mount that lasts the lifetime of a pod)",
        (("Server", "server", ""), ("Path", "path", ""), _READ_ONLY),
    ),
    "persistentVolumeClaim": VolumeSource(
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        (("ClaimName", "claimName", ""), _READ_ONLY),
    ),
    "ephemeral": VolumeSource(
        "EphemeralVolume (an inline specification for a volume that gets created and deleted "
        "with the pod)"
    ),
    "projected": VolumeSource(
        "Projected (a volume that contains injected data from multiple sources)"
    ),
    "downwardAPI": VolumeSource("DownwardAPI (a volume populated by information about the pod)"),
    "csi": VolumeSource(
        "CSI (a Container Storage Interface (CSI) volume source)",
        (("Driver", "driver", ""), _FS_TYPE, _READ_ONLY),
    ),
    "image": VolumeSource(
        "Image (a container image or OCI artifact)",
        (("Reference", "reference", ""), ("PullPolicy", "pullPolicy", "")),
    ),
    "gcePersistentDisk": VolumeSource(
        "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
        (("PDName", "pdName", ""), _FS_TYPE, ("Partition", "partition", 0), _READ_ONLY),
    ),
    "awsElasticBlockStore": VolumeSource(
        "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
        (("VolumeID", "volumeID", ""), _FS_TYPE, ("Partition", "partition", 0), _READ_ONLY),
    ),
    "gitRepo": VolumeSource(
        "GitRepo (a volume that is pulled from git when the pod is created)",
        (("Repository", "repository", ""), ("Revision", "revision", "")),
    ),
}

_CSI = SOURCES["csi"].type
PERSISTENT = {
    **SOURCES,
    "local": VolumeSource(
        "LocalVolume (a persistent volume backed by local storage on a node)",
        (("Path", "path", ""),),
    ),
    "csi": VolumeSource(
        # Only a persistent volume has a handle: it exists before any pod mounts it.
        _CSI,
        (("Driver", "driver", ""), _FS_TYPE, ("VolumeHandle", "volumeHandle", ""), _READ_ONLY),
    ),
}
"""The sources of PersistentVolumes."""


def volumes(page: Page, found: Sequence[Document], indent: str) -> None:
    """Add the volumes of a pod (no indent) or of a template."""
    if not found:
        page.line(f"{indent}Volumes:\t{NONE}")
        return
    page.line(f"{indent}Volumes:")
    for volume in found:
        page.line(f"{indent and ' '}{volume.get('name', '')}:", 1)
        _volume(page, volume)


def _volume(page: Page, volume: Document) -> None:
    volume_source(page, volume, SOURCES)
    if "ephemeral" in volume:
        claim_template(page, part(volume, "ephemeral", "volumeClaimTemplate"))


def volume_source(page: Page, document: Document, known: Mapping[str, VolumeSource]) -> None:
    """Add where a volume comes from; `document` has a field for it."""
    # A volume has one source: the API refuses a second one.
    name = next((name for name in known if name in document), None)
    if name is None:
        page.line("<unknown>", 1)
        return
    source, detail = known[name], part(document, name)
    page.field("Type", source.type, 2)
    for title, field, missing in source.fields:
        page.field(title, _shown(detail.get(field, missing)), 2)
    match name:
        case "projected":
            for title, value in _projections(items(detail, "sources")):
                page.field(title, value, 2)
        case "downwardAPI":
            _downward(page, items(detail, "items"))
        case "csi":
            _attributes(page, part(detail, "volumeAttributes"))


def _shown(value: Any) -> Any:
    return yes_no(value) if isinstance(value, bool) else value


def _projections(sources: Sequence[Document]) -> Iterator[tuple[str, object]]:
    """Yield what is shown of each part of a projected volume."""
    for source in sources:
        if "secret" in source:
            yield "SecretName", part(source, "secret").get("name", "")
            yield "Optional", yes_no(part(source, "secret").get("optional"))
        elif "downwardAPI" in source:
            yield "DownwardAPI", "true"
        elif "configMap" in source:
            yield "ConfigMapName", part(source, "configMap").get("name", "")
            yield "Optional", yes_no(part(source, "configMap").get("optional"))
        elif "serviceAccountToken" in source:
            token = part(source, "serviceAccountToken")
            # An hour is core/v1's default.
            yield "TokenExpirationSeconds", token.get("expirationSeconds", 3600)


def _downward(page: Page, mappings: Sequence[Document]) -> None:
    """Add which fields of the pod become files."""
    page.line("Items:", 2)
    for mapping in mappings:
        path = mapping.get("path", "")
        if field := part(mapping, "fieldRef"):
            page.line(f"{field.get('fieldPath', '')} -> {path}", 3)
        if amount := part(mapping, "resourceFieldRef"):
            page.line(f"{amount.get('resource', '')} -> {path}", 3)


def _attributes(page: Page, attributes: Document) -> None:
    """Add what a driver is told; kubectl indents the values once more."""
    page.write("VolumeAttributes:\t", 2)
    if not attributes:
        page.line(NONE)
    for index, key in enumerate(sorted(attributes)):
        if index:
            page.write("  " * 2 + "\t", 2)
        page.line(f"{key}={attributes[key]}", 2)
