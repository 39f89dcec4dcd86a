"""Rules for what containers and pods may do.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateSecurityContext(),
validatePodSpecSecurityContext().
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from svcnet.api import content
from svcnet.api.field_errors import complaints, duplicate, invalid, required, unsupported
from svcnet.api.keys import Document
from svcnet.api.struct_table import enum_of
from svcnet.errors import FieldError

_PROC_MOUNTS = enum_of("core/v1.SecurityContext", "procMount")
_CHANGE_POLICIES = enum_of("core/v1.PodSecurityContext", "fsGroupChangePolicy")
_MOST_ID = 0xFFFFFFFF
_PROFILES = enum_of("core/v1.SeccompProfile", "type")
_SYSCTL = r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?"


def check_security_context(path: str, context: Document | None) -> Iterator[FieldError]:
    """Yield the rules that a container's security context breaks.

    A privileged container has every right already, so there is none left to deny it. Source:
    ValidateSecurityContext().
    """
    if not context:
        return
    yield from _ids(path, context, "runAsUser", "runAsGroup")
    mount = context.get("procMount")
    if mount not in (None, "Default", "Unmasked"):
        yield unsupported(f"{path}.procMount", mount, _PROC_MOUNTS)
    yield from _profile(f"{path}.seccompProfile", context.get("seccompProfile"))
    if context.get("allowPrivilegeEscalation") is False:
        if context.get("privileged"):
            yield invalid(
                path,
                context,
                "cannot set `allowPrivilegeEscalation` to false and `privileged` to true",
            )
        added = (context.get("capabilities") or {}).get("add") or ()
        if "CAP_SYS_ADMIN" in added:
            yield invalid(
                path,
                context,
                "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` "
                "CAP_SYS_ADMIN",
            )
    yield from _profile(f"{path}.appArmorProfile", context.get("appArmorProfile"))


def check_pod_security_context(path: str, spec: Document) -> Iterator[FieldError]:
    """Yield the rules that a pod's security context breaks.

    Source: validatePodSpecSecurityContext().
    """
    context = spec.get("securityContext") or {}
    yield from _ids(path, context, "fsGroup", "runAsUser", "runAsGroup")
    for index, number in enumerate(context.get("supplementalGroups") or ()):
        messages = content.in_range(number, 0, _MOST_ID)
        yield from complaints(f"{path}.supplementalGroups[{index}]", number, messages)
    # A pod's processes are in one namespace: their own or the host's.
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        yield invalid(
            f"{path}.shareProcessNamespace",
            True,
            "ShareProcessNamespace and HostPID cannot both be enabled",
        )
    yield from _sysctls(f"{path}.sysctls", spec, context)
    change = context.get("fsGroupChangePolicy")
    if change not in (None, "Always", "OnRootMismatch"):
        yield unsupported(f"{path}.fsGroupChangePolicy", change, _CHANGE_POLICIES)
    yield from _profile(f"{path}.seccompProfile", context.get("seccompProfile"))
    yield from _profile(f"{path}.appArmorProfile", context.get("appArmorProfile"))


def _ids(path: str, context: Document, *fields: str) -> Iterator[FieldError]:
    """Users and groups are numbers of 32 bits."""
    for field in fields:
        if (number := context.get(field)) is not None:
            messages = content.in_range(number, 0, _MOST_ID)
            yield from complaints(f"{path}.{field}", number, messages)


def _profile(path: str, profile: Document | None) -> Iterator[FieldError]:
    """A profile on the node needs a path, the others must have none.

    Source: validateSeccompProfileField().
    """
    if profile is None:
        return
    kind, local = profile.get("type", ""), profile.get("localhostProfile")
    if not kind:
        yield required(f"{path}.type", "type is required when seccompProfile is set")
    elif kind not in _PROFILES:
        yield unsupported(f"{path}.type", kind, _PROFILES)
    elif kind == "Localhost" and local is None:
        yield required(f"{path}.localhostProfile", "must be set when seccomp type is Localhost")
    elif kind != "Localhost" and local is not None:
        yield invalid(
            f"{path}.localhostProfile", local, "can only be set when seccomp type is Localhost"
        )


def _sysctls(path: str, spec: Document, context: Document) -> Iterator[FieldError]:
    """What is set for the kernel cannot be of a namespace that the pod shares with the host."""
    seen: set[str] = set()
    for index, sysctl in enumerate(context.get("sysctls") or ()):
        at, name = f"{path}[{index}].name", sysctl.get("name", "")
        if not name:
            yield required(at)
        elif len(name) > content.MAX_SUBDOMAIN or not re.fullmatch(_SYSCTL, name):
            yield invalid(at, name, f"must have at most 253 characters and match regex ^{_SYSCTL}$")
        elif name in seen:
            yield duplicate(at, name)
        seen.add(name)
        for field, prefix in (("hostNetwork", "net"), ("hostIPC", "kernel")):
            if spec.get(field) and re.match(rf"{prefix}[./]", name):
                yield invalid(at, name, f"may not be specified when '{field}' is true")
