"""Rules for a pod's volumes.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateVolumes().
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from svcnet.api import content
from svcnet.api.field_errors import complaints, duplicate, forbidden, invalid, required, unsupported
from svcnet.api.keys import Document
from svcnet.api.struct_table import enum_of
from svcnet.api.validation.resources import check_amount
from svcnet.api.validation.variables import check_field_ref, check_resource_ref
from svcnet.errors import FieldError

_HOST_PATHS = enum_of("core/v1.HostPathVolumeSource", "type")
_DOWNWARD_FIELDS = (
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
)
_MODES = "must be a number between 0 and 0777 (octal), both inclusive"
# Owner, group and others may each read, write and execute.
_MOST_MODE = 0o777
_SOURCES = ("configMap", "secret", "downwardAPI", "serviceAccountToken", "clusterTrustBundle")


def named_volumes(volumes: list[Document]) -> dict[str, Document]:
    """Return the volumes that containers can mount, by name."""
    return {each["name"]: each for each in volumes if each.get("name")}


def check_volumes(path: str, volumes: list[Document]) -> Iterator[FieldError]:
    """Yield the rules that volumes break: their names, and what they hold."""
    names: set[str] = set()
    for index, volume in enumerate(volumes):
        at, name = f"{path}[{index}]", volume.get("name", "")
        # What a volume holds comes before its name, as in the server.
        yield from _source(at, volume)
        if not name:
            yield required(f"{at}.name")
        else:
            yield from complaints(f"{at}.name", name, content.dns_label(name))
        if name in names:
            yield duplicate(f"{at}.name", name)
        names.add(name)


def _source(path: str, volume: Document) -> Iterator[FieldError]:
    """Of several sources the first is checked, the others are forbidden.

    Source: validateVolumeSource().
    """
    found = [name for name in volume if name != "name" and volume[name] is not None]
    if not found:
        yield required(path, "must specify a volume type")
    for name in found[:1]:
        if name in _RULES:
            yield from _RULES[name](f"{path}.{name}", volume[name])
    for name in found[1:]:
        yield forbidden(f"{path}.{name}", "may not specify more than 1 volume type")


def _empty_dir(path: str, source: Document) -> Iterator[FieldError]:
    """Yield a limit of size that is no amount.

    Source: validateEmptyDirVolumeSource().
    """
    if (limit := source.get("sizeLimit")) is not None:
        yield from (
            forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity")
            for _ in check_amount(path, limit)
        )


def _host_path(path: str, source: Document) -> Iterator[FieldError]:
    """Yield what is wrong with a place on the node.

    Source: validateHostPathVolumeSource().
    """
    if not (place := source.get("path")):
        yield required(f"{path}.path")
        return
    yield from _no_backsteps(f"{path}.path", place)
    if source.get("type", "") not in _HOST_PATHS:
        yield unsupported(f"{path}.type", source["type"], _HOST_PATHS)


def _no_backsteps(path: str, value: str) -> Iterator[FieldError]:
    if ".." in value.split("/"):
        yield invalid(path, value, "must not contain '..'")


def _secret(path: str, source: Document) -> Iterator[FieldError]:
    if not source.get("secretName"):
        yield required(f"{path}.secretName")
    yield from _files(path, source)


def _config_map(path: str, source: Document) -> Iterator[FieldError]:
    if not source.get("name"):
        yield required(f"{path}.name")
    yield from _files(path, source)


def _files(path: str, source: Document) -> Iterator[FieldError]:
    """Yield what is wrong with the files of a volume.

    Source: validateKeyToPath().
    """
    yield from _mode(f"{path}.defaultMode", source.get("defaultMode"))
    for index, item in enumerate(source.get("items") or ()):
        at = f"{path}.items[{index}]"
        if not item.get("key"):
            yield required(f"{at}.key")
        yield from _local_path(f"{at}.path", item.get("path", ""))
        yield from _mode(f"{at}.mode", item.get("mode"))


def _mode(path: str, mode: int | None) -> Iterator[FieldError]:
    if mode is not None and not 0 <= mode <= _MOST_MODE:
        yield invalid(path, mode, _MODES)


def _local_path(path: str, value: str) -> Iterator[FieldError]:
    """Yield what keeps a path from staying in its volume.

    Names that begin with two dots are the kubelet's own: it keeps `..data` beside the files.
    Source: validateLocalNonReservedPath().
    """
    if not value:
        yield required(path)
    if value.startswith("/"):
        yield invalid(path, value, "must be a relative path")
    yield from _no_backsteps(path, value)
    if value.startswith("..") and not value.startswith("../"):
        yield invalid(path, value, "must not start with '..'")


def _downward(path: str, source: Document) -> Iterator[FieldError]:
    """Yield what is wrong with files that hold fields of the pod.

    Source: validateDownwardAPIVolumeFile().
    """
    yield from _mode(f"{path}.defaultMode", source.get("defaultMode"))
    for index, item in enumerate(source.get("items") or ()):
        # The server leaves out the list's name and the index in most of these.
        yield from _local_path(f"{path}.path", item.get("path", ""))
        if item.get("fieldRef") is not None:
            yield from check_field_ref(f"{path}.fieldRef", item["fieldRef"], _DOWNWARD_FIELDS)
            if item.get("resourceFieldRef") is not None:
                yield invalid(
                    path,
                    "resource",
                    "fieldRef and resourceFieldRef can not be specified simultaneously",
                )
        elif item.get("resourceFieldRef") is not None:
            yield from check_resource_ref(f"{path}.resourceFieldRef", item["resourceFieldRef"])
        else:
            yield required(path, "one of fieldRef and resourceFieldRef is required")
        yield from _mode(f"{path}.items[{index}].mode", item.get("mode"))


def _claim(path: str, source: Document) -> Iterator[FieldError]:
    if not source.get("claimName"):
        yield required(f"{path}.claimName")


def _nfs(path: str, source: Document) -> Iterator[FieldError]:
    """Yield what is wrong with a directory of an NFS server.

    Source: validateNFSVolumeSource().
    """
    if not source.get("server"):
        yield required(f"{path}.server")
    place = source.get("path", "")
    if not place:
        yield required(f"{path}.path")
    # An empty path is told twice, as missing and as not absolute: so it is in the server.
    if not place.startswith("/"):
        yield invalid(f"{path}.path", place, "must be an absolute path")


def _projected(path: str, source: Document) -> Iterator[FieldError]:
    """Yield what is wrong with a volume that joins several sources.

    Source: validateProjectionSources().
    """
    yield from _mode(f"{path}.defaultMode", source.get("defaultMode"))
    for index, each in enumerate(source.get("sources") or ()):
        at = f"{path}.sources[{index}]"
        found = [name for name in each if each[name] is not None]
        if not found:
            yield required(at, f"must specify one of: {', '.join(_SOURCES)}")
        for name in found[1:]:
            yield forbidden(f"{at}.{name}", "may not specify more than 1 volume type")
        if found and found[0] in ("secret", "configMap"):
            if not each[found[0]].get("name"):
                yield required(f"{at}.{found[0]}.name")
            yield from _files(f"{at}.{found[0]}", {**each[found[0]], "defaultMode": None})


def _ephemeral(path: str, source: Document) -> Iterator[FieldError]:
    template = source.get("volumeClaimTemplate")
    if template is None:
        yield required(f"{path}.volumeClaimTemplate")
    elif not (template.get("spec") or {}).get("accessModes"):
        yield required(
            f"{path}.volumeClaimTemplate.spec.accessModes", "at least 1 access mode is required"
        )


def _csi(path: str, source: Document) -> Iterator[FieldError]:
    if not source.get("driver"):
        yield required(f"{path}.driver")


_RULES: dict[str, Callable[[str, Any], Iterator[FieldError]]] = {
    "emptyDir": _empty_dir,
    "hostPath": _host_path,
    "secret": _secret,
    "configMap": _config_map,
    "downwardAPI": _downward,
    "persistentVolumeClaim": _claim,
    "nfs": _nfs,
    "projected": _projected,
    "ephemeral": _ephemeral,
    "csi": _csi,
}
"""By the name of the source; what the others hold is taken as it is."""
