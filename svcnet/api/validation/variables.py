"""Rules for environment variables.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateEnv(), ValidateEnvFrom().
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from svcnet.api import content
from svcnet.api.field_errors import complaints, invalid, required, unsupported
from svcnet.api.keys import Document
from svcnet.errors import FieldError

POD_FIELDS = (
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)
"""What a variable may take from its pod, beside single labels and annotations."""

_RESOURCES = (
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
)
_CONVERTIBLE = (
    *POD_FIELDS,
    "metadata.annotations",
    "metadata.labels",
    "spec.restartPolicy",
    "spec.schedulerName",
    "status.phase",
)
_SUBSCRIPT = r"(?s)(?P<path>.+)\['(?P<key>.*)'\]\Z"


def check_variables(path: str, variables: Iterable[Document]) -> Iterator[FieldError]:
    """Yield the rules that a container's variables break.

    Source: ValidateEnv().
    """
    for index, variable in enumerate(variables):
        at = f"{path}[{index}]"
        if name := variable.get("name"):
            yield from complaints(f"{at}.name", name, content.variable_name(name))
        else:
            yield required(f"{at}.name")
        if variable.get("valueFrom") is not None:
            yield from _value_from(f"{at}.valueFrom", variable)


def check_variable_sources(path: str, sources: Iterable[Document]) -> Iterator[FieldError]:
    """Yield the rules that the maps break from which a container takes all its variables.

    Source: ValidateEnvFrom().
    """
    for index, source in enumerate(sources):
        at = f"{path}[{index}]"
        if prefix := source.get("prefix"):
            yield from complaints(f"{at}.prefix", prefix, content.variable_name(prefix))
        found = [each for each in ("configMapRef", "secretRef") if source.get(each) is not None]
        for each in found:
            yield from _named(f"{at}.{each}", source[each])
        # The server leaves out the index here.
        if not found:
            yield invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")
        elif len(found) > 1:
            yield invalid(path, "", "may not have more than one field specified at a time")


def check_field_ref(
    path: str, reference: Document, fields: tuple[str, ...] = POD_FIELDS
) -> Iterator[FieldError]:
    """Yield the rules that a reference to a field of the pod breaks.

    A field that no pod has and a field that is not for variables are told differently: the server
    finds the first while it converts the path. Source: validateObjectFieldSelector().
    """
    if not reference.get("apiVersion"):
        yield required(f"{path}.apiVersion")
        return
    if not (wanted := reference.get("fieldPath", "")):
        yield required(f"{path}.fieldPath")
        return
    if found := re.match(_SUBSCRIPT, wanted):
        yield from _subscripted(path, found["path"], found["key"])
    elif wanted not in _CONVERTIBLE:
        yield invalid(
            f"{path}.fieldPath",
            wanted,
            f"error converting fieldPath: field label not supported: {wanted}",
        )
    elif wanted not in fields:
        yield unsupported(f"{path}.fieldPath", wanted, sorted(fields))


def _subscripted(path: str, field: str, key: str) -> Iterator[FieldError]:
    """Only labels and annotations have parts."""
    # Capitals are allowed in annotations, as in the metadata of every object.
    if field == "metadata.annotations":
        yield from complaints(path, key.lower(), content.label_key(key.lower()))
    elif field == "metadata.labels":
        yield from complaints(path, key, content.label_key(key))
    else:
        yield invalid(
            f"{path}.fieldPath",
            f"{field}['{key}']",
            f"error converting fieldPath: field label does not support subscript: {field}['{key}']",
        )


def check_resource_ref(path: str, reference: Document) -> Iterator[FieldError]:
    """Yield the rules that a reference to a container's resources breaks.

    Source: validateContainerResourceFieldSelector(), validateContainerResourceDivisor().
    """
    name = reference.get("resource", "")
    if not name:
        yield required(f"{path}.resource")
    elif name not in _RESOURCES and not re.match("(requests|limits).hugepages-", name):
        yield unsupported(f"{path}.resource", name, _RESOURCES)
    divisor = reference.get("divisor", "0")
    if name.endswith(".cpu") and divisor not in ("0", "1", "1m"):
        # The value told is the resource, not the divisor: so it is in the server.
        yield invalid(
            f"{path}.divisor",
            name,
            "only divisor's values 1m and 1 are supported with the cpu resource",
        )


def _key_ref(path: str, reference: Document) -> Iterator[FieldError]:
    name, key = reference.get("name", ""), reference.get("key", "")
    yield from complaints(f"{path}.name", name, content.dns_subdomain(name))
    if key:
        yield from complaints(f"{path}.key", key, content.config_key(key))
    else:
        yield required(f"{path}.key")


def _file_key_ref(path: str, reference: Document) -> Iterator[FieldError]:
    for field in ("key", "path", "volumeName"):
        if not reference.get(field):
            yield required(f"{path}.{field}")


_SOURCES: dict[str, Callable[[str, Any], Iterator[FieldError]]] = {
    "fieldRef": check_field_ref,
    "resourceFieldRef": check_resource_ref,
    "configMapKeyRef": _key_ref,
    "secretKeyRef": _key_ref,
    "fileKeyRef": _file_key_ref,
}


def _value_from(path: str, variable: Document) -> Iterator[FieldError]:
    """Yield what is wrong with where a variable comes from: one place, and no value beside it.

    Source: validateEnvVarValueFrom().
    """
    source = variable["valueFrom"]
    found = [each for each in _SOURCES if source.get(each) is not None]
    for each in found:
        yield from _SOURCES[each](f"{path}.{each}", source[each])
    if not found:
        yield invalid(
            path,
            "",
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, "
            "`secretKeyRef` or `fileKeyRef`",
        )
    elif variable.get("value"):
        yield invalid(path, "", "may not be specified when `value` is not empty")
    elif len(found) > 1:
        yield invalid(path, "", "may not have more than one field specified at a time")


def _named(path: str, reference: Document) -> Iterator[FieldError]:
    if name := reference.get("name"):
        yield from complaints(f"{path}.name", name, content.dns_subdomain(name))
    else:
        yield required(f"{path}.name")
