"""Pod specs as the API server holds them inside: what some of its errors show.

The internal types have the fields of `core/v1`, but for a few, and no JSON tags: Go writes every
field, by its Go name, in the order of declaration.

Source: kubernetes pkg/apis/core/types.go.
"""

from __future__ import annotations

from typing import Any

from svcnet.api.keys import Document
from svcnet.api.scalars import ZEROES
from svcnet.api.struct_table import StructFields, fields_of_struct, is_struct

_OF_SECURITY = ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers")
"""What belongs to the pod's security context inside, and to its spec outside."""

# By hand: what is known of Go's structs is known of the published ones only.
_POD_SPEC = [
    "volumes",
    "initContainers",
    "containers",
    "ephemeralContainers",
    "restartPolicy",
    "terminationGracePeriodSeconds",
    "activeDeadlineSeconds",
    "dnsPolicy",
    "nodeSelector",
    "serviceAccountName",
    "automountServiceAccountToken",
    "nodeName",
    "securityContext",
    "imagePullSecrets",
    "hostname",
    "subdomain",
    "setHostnameAsFQDN",
    "affinity",
    "schedulerName",
    "tolerations",
    "hostAliases",
    "priorityClassName",
    "priority",
    "preemptionPolicy",
    "dnsConfig",
    "readinessGates",
    "runtimeClassName",
    "overhead",
    "enableServiceLinks",
    "topologySpreadConstraints",
    "os",
    "schedulingGates",
    "resourceClaims",
    "resources",
    "hostnameOverride",
    "schedulingGroup",
]
"""The internal PodSpec's fields: without those of its security context, some moved."""


def pod_spec(spec: Document) -> Document:
    """Return a PodSpec with the server's own fields, all of them, in their order."""
    # Source: kubernetes pkg/apis/core/v1/conversion.go, which moves them on the way in and out.
    context = {**(spec.get("securityContext") or {})}
    context |= {field: spec[field] for field in _OF_SECURITY if field in spec}
    return _struct("core/v1.PodSpec", {**spec, "securityContext": context})


def pod_template(template: Document) -> Document:
    """Return a PodTemplateSpec with its metadata as they are and its spec as the server's own."""
    # The metadata are embedded, and keep the published names, in their order; so maps are sorted.
    given = template.get("metadata") or {}
    metadata = {
        field: given[field] for field in fields_of_struct("meta/v1.ObjectMeta") if field in given
    }
    for field in ("labels", "annotations"):
        if metadata.get(field):
            metadata[field] = dict(sorted(metadata[field].items()))
    return {**metadata, "Spec": pod_spec(template.get("spec") or {})}


def _fields(struct: str) -> StructFields:
    """Return the fields of an internal struct, in its order."""
    fields = fields_of_struct(struct)
    if struct == "core/v1.PodSpec":
        return {name: fields[name] for name in _POD_SPEC}
    if struct == "core/v1.PodSecurityContext":
        outside = fields_of_struct("core/v1.PodSpec")
        return {**{name: outside[name] for name in _OF_SECURITY}, **fields}
    if struct == "core/v1.Volume":
        # This one source stands earlier inside.
        names = [name for name in fields if name != "quobyte"]
        names.insert(names.index("flexVolume"), "quobyte")
        return {name: fields[name] for name in names}
    return fields


def _struct(struct: str, value: Document) -> Document:
    """Return a mapping with all fields of a struct under their Go names."""
    return {
        field.go_name: _value(field.go_type, value.get(name))
        for name, field in _fields(struct).items()
    }


def _value(go_type: str, value: Any) -> Any:
    """Return a value of a Go type, structs in it completed."""
    bare = go_type.removeprefix("*")
    if value is None:
        return _zero(go_type)
    if bare.startswith("[]"):
        # An empty list does not outlive the store; what comes back is nil, written as null.
        return [_value(bare[2:], each) for each in value] or None
    if is_struct(bare) and isinstance(value, dict):
        return _struct(bare, value)
    return value


def _zero(go_type: str) -> Any:
    """Return what a field holds that is not given."""
    if is_struct(go_type):
        return _struct(go_type, {})
    # Pointers, lists and maps are nil, which Go writes as null.
    return "" if go_type.endswith("(string)") else ZEROES.get(go_type)
