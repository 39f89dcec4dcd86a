"""Rules for containers.

Source: kubernetes pkg/apis/core/validation/validation.go validateContainers() and what it calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svcnet.api import content
from svcnet.api.field_errors import (
    complaints,
    duplicate,
    forbidden,
    invalid,
    not_found,
    one_of,
    port_number,
    required,
    unsupported,
)
from svcnet.api.keys import Document
from svcnet.api.struct_table import enum_of
from svcnet.api.validation.probes import check_lifecycle, check_probes
from svcnet.api.validation.resources import check_resources
from svcnet.api.validation.security import check_security_context
from svcnet.api.validation.variables import check_variable_sources, check_variables
from svcnet.errors import FieldError
from svcnet.lean_namedtuple import NamedTuple

PROTOCOLS = enum_of("core/v1.ContainerPort", "protocol")
_PULL_POLICIES = enum_of("core/v1.Container", "imagePullPolicy")
_MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
_PROPAGATIONS = enum_of("core/v1.VolumeMount", "mountPropagation")
_NOT_FOR_INIT = "may not be set for init containers without restartPolicy=Always"


class Surroundings(NamedTuple):
    """What a container's rules need to know of its pod."""

    volumes: dict[str, Document]
    """By name; those that are well-formed enough to have one."""
    claims: frozenset[str]
    """Names of the pod's resource claims."""
    grace: int | None
    """Seconds between being asked to stop and being killed."""


def check_containers(
    path: str, containers: list[Document], pod: Surroundings
) -> Iterator[FieldError]:
    """Yield the rules that a pod's ordinary containers break.

    Source: validateContainers().
    """
    if not containers:
        yield required(path)
        return
    names: set[str] = set()
    for index, container in enumerate(containers):
        at = f"{path}[{index}]"
        yield from _container(at, container, pod)
        name = container.get("name", "")
        if name in names:
            yield duplicate(f"{at}.name", name)
        names.add(name)
        yield from check_lifecycle(f"{at}.lifecycle", container.get("lifecycle"), pod.grace)
        yield from check_probes(at, container, pod.grace)
    # Ordinary containers run at once and share the host's ports.
    yield from _host_ports(path, enumerate(containers))


def check_init_containers(
    path: str, containers: list[Document], names: set[str], pod: Surroundings
) -> Iterator[FieldError]:
    """Yield the rules that containers break that run before the ordinary ones, called `names`.

    Those with `restartPolicy: Always` are sidecars: they keep running beside the ordinary ones, so
    they alone can have hooks and probes. Source: validateInitContainers().
    """
    # A pod's status tells containers by name, so the two lists share their names.
    taken = set(names)
    for index, container in enumerate(containers):
        at = f"{path}[{index}]"
        yield from _container(at, container, pod)
        policy = container.get("restartPolicy")
        # Source: kubernetes KEP-753, sidecar containers: `Always` is the only value it added.
        if policy not in (None, "Always"):
            yield unsupported(f"{at}.restartPolicy", policy, ("Always",))
        name = container.get("name", "")
        if name in taken:
            yield duplicate(f"{at}.name", name)
        elif name:
            taken.add(name)
        # These run one by one, so each has the host's ports for itself.
        yield from _host_ports(path, [(0, container)])
        if policy == "Always":
            yield from check_lifecycle(f"{at}.lifecycle", container.get("lifecycle"), pod.grace)
            yield from check_probes(at, container, pod.grace)
        else:
            for field in ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe"):
                if container.get(field) is not None:
                    yield forbidden(f"{at}.{field}", _NOT_FOR_INIT)


def _container(path: str, container: Document, pod: Surroundings) -> Iterator[FieldError]:
    """Yield what is wrong with any kind of container.

    Source: validateContainerCommon().
    """
    if name := container.get("name"):
        yield from complaints(f"{path}.name", name, content.dns_label(name))
    else:
        yield required(f"{path}.name")
    # A blank is an image: some templates use it as a mark to be replaced.
    if not container.get("image"):
        yield required(f"{path}.image")
    policy = container.get("terminationMessagePolicy")
    yield from one_of(f"{path}.terminationMessagePolicy", policy, _MESSAGE_POLICIES)
    yield from _ports(f"{path}.ports", container.get("ports") or ())
    yield from check_variables(f"{path}.env", container.get("env") or ())
    yield from check_variable_sources(f"{path}.envFrom", container.get("envFrom") or ())
    yield from _mounts(f"{path}.volumeMounts", container, pod.volumes)
    yield from _devices(f"{path}.volumeDevices", container, pod.volumes)
    pull = container.get("imagePullPolicy")
    yield from one_of(f"{path}.imagePullPolicy", pull, _PULL_POLICIES)
    resources = container.get("resources") or {}
    yield from check_resources(f"{path}.resources", resources, pod.claims)
    yield from check_security_context(f"{path}.securityContext", container.get("securityContext"))


def _ports(path: str, ports: Any) -> Iterator[FieldError]:
    """Yield what is wrong with ports; only good names can repeat."""
    names: set[str] = set()
    for index, port in enumerate(ports):
        at = f"{path}[{index}]"
        if name := port.get("name"):
            messages = list(content.port_name(name))
            yield from complaints(f"{at}.name", name, messages)
            if not messages and name in names:
                yield duplicate(f"{at}.name", name)
            names.add(name)
        # Zero and absent are the same to Go, so zero is told as missing, not as out of range.
        if number := port.get("containerPort"):
            yield from port_number(f"{at}.containerPort", number)
        else:
            yield required(f"{at}.containerPort")
        # Zero means that no port of the host is asked for.
        if number := port.get("hostPort"):
            yield from port_number(f"{at}.hostPort", number)
        yield from one_of(f"{at}.protocol", port.get("protocol"), PROTOCOLS)


def _host_ports(path: str, containers: Any) -> Iterator[FieldError]:
    """Yield ports of the host that two of the containers want.

    One address of the host gives a port of one protocol to one process only. Source:
    checkHostPortConflicts().
    """
    taken: set[str] = set()
    for number, container in containers:
        for index, port in enumerate(container.get("ports") or ()):
            if not port.get("hostPort"):
                continue
            text = f"{port.get('protocol', '')}/{port.get('hostIP', '')}/{port['hostPort']}"
            if text in taken:
                yield duplicate(f"{path}[{number}].ports[{index}].hostPort", text)
            taken.add(text)


def _mounts(path: str, container: Document, volumes: dict[str, Document]) -> Iterator[FieldError]:
    """Yield mounts of volumes that are not there, and places that are taken.

    Whether the volume exists is asked even of a mount without a name, so that mistake is told
    twice. Source: ValidateVolumeMounts().
    """
    devices = container.get("volumeDevices") or ()
    seen: set[str] = set()
    for index, mount in enumerate(container.get("volumeMounts") or ()):
        at, name, place = f"{path}[{index}]", mount.get("name", ""), mount.get("mountPath", "")
        if not name:
            yield required(f"{at}.name")
        if name not in volumes:
            yield not_found(f"{at}.name", name)
        if not place:
            yield required(f"{at}.mountPath")
        # Of two mounts at one place the later would hide the earlier.
        if place in seen:
            yield invalid(f"{at}.mountPath", place, "must be unique")
        seen.add(place)
        if any(each.get("name") == name for each in devices):
            yield invalid(f"{at}.name", name, "must not already exist in volumeDevices")
        if any(each.get("devicePath") == place for each in devices):
            yield invalid(
                f"{at}.mountPath", place, "must not already exist as a path in volumeDevices"
            )
        # The server leaves out the index here.
        yield from _inner_path(f"{path}.subPath", mount.get("subPath", ""))
        yield from _inner_path(f"{path}.subPathExpr", mount.get("subPathExpr", ""))
        propagation = mount.get("mountPropagation")
        if propagation is not None and propagation not in _PROPAGATIONS:
            yield unsupported(f"{path}.mountPropagation", propagation, _PROPAGATIONS)


def _inner_path(path: str, value: str) -> Iterator[FieldError]:
    """Yield what keeps a path from leading to a place inside a volume.

    A path that climbs out of the volume would show the container the node's own files. Source:
    validateLocalDescendingPath().
    """
    if value.startswith("/"):
        yield invalid(path, value, "must be a relative path")
    if ".." in value.split("/"):
        yield invalid(path, value, "must not contain '..'")


def _devices(path: str, container: Document, volumes: dict[str, Document]) -> Iterator[FieldError]:
    """Yield raw devices of volumes that are not there, or are no claims.

    Only a claim can stand for a raw disk; the other kinds of volume are made of files. Source:
    ValidateVolumeDevices().
    """
    mounts = container.get("volumeMounts") or ()
    for index, device in enumerate(container.get("volumeDevices") or ()):
        at, name, place = f"{path}[{index}]", device.get("name", ""), device.get("devicePath", "")
        volume = volumes.get(name)
        if not name:
            yield required(f"{at}.name")
        if volume is None:
            yield not_found(f"{at}.name", name)
        elif not ("persistentVolumeClaim" in volume or "ephemeral" in volume):
            yield invalid(
                f"{at}.name",
                name,
                "can only use volume source type of PersistentVolumeClaim or Ephemeral for block "
                "mode",
            )
        if not place:
            yield required(f"{at}.devicePath")
        if any(each.get("name") == name for each in mounts):
            yield invalid(f"{at}.name", name, "must not already exist in volumeMounts")
