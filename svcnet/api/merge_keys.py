"""How the lists and maps of the built-in kinds merge.

A patch has to know that a Service's ports are told apart by `port`, that a container's environment
is a list of names, that a selector is replaced as a whole.  Kubernetes writes this into the tags
of its Go types; here it is a table, which holds only what is not the rule: by default a map is
merged field by field, and a list is replaced.

Source: kubernetes staging/src/k8s.io/api, `patchStrategy` and `patchMergeKey` for strategic merge
patches; `listType`, `listMapKey` and `structType` for server-side apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from svcnet.api.kinds import Kind
from svcnet.api.lean_namedtuple import NamedTuple


class Field(NamedTuple):
    """How one field is merged."""

    shape: str = ""
    """The shape of the value, or of a list's items; empty when nothing in it is special."""
    key: str = ""
    """The field that tells items apart in a strategic merge patch."""
    merged: bool = False
    """Whether a list is merged item by item in a strategic merge patch."""
    replaced: bool = False
    """Whether a map is replaced as a whole in a strategic merge patch."""
    retain_keys: bool = False
    """Whether fields that the new value does not have go away (a union: one of several)."""
    owned_by: tuple[str, ...] = ()
    """The fields that tell items apart in server-side apply."""
    owned_values: bool = False
    """Whether server-side apply sees a list as a set of plain values."""
    atomic: bool = False
    """Whether server-side apply sees a map as one value."""


Shape: TypeAlias = Mapping[str, Field]
"""The fields of a type that are not merged by the general rule."""

NOTHING_SPECIAL: Shape = {}


def _items(shape: str, key: str, *owned_by: str, retain_keys: bool = False) -> Field:
    """A list whose items are told apart by `key`, and by `owned_by` in server-side apply."""
    owners = owned_by or (key,)
    return Field(shape, key, merged=True, owned_by=owners, retain_keys=retain_keys)


def _within(shape: str) -> Field:
    """A map, or a list that is replaced, with something special further down."""
    return Field(shape)


# Controllers of different owners write conditions, each its own type, side by side.
_CONDITIONS = _items("", "type")
_STATUS = {"conditions": _CONDITIONS}
# Half of one selector and half of another would select pods that nobody meant.
_ATOMIC = Field(atomic=True)
_TEMPLATE = _within("PodTemplateSpec")
_WORKLOAD = {"selector": _ATOMIC, "template": _TEMPLATE}

_SHAPES: dict[str, Shape] = {
    "ObjectMeta": {
        "ownerReferences": _items("", "uid"),
        "finalizers": Field(merged=True, owned_values=True),
    },
    "Status": _STATUS,
    "ServiceSpec": {
        # By number alone in a strategic merge patch, so that 53/TCP and 53/UDP are taken for one:
        # kubernetes issue 85020.  Server-side apply has the protocol in the key.
        "ports": _items("", "port", "port", "protocol"),
        "selector": _ATOMIC,
    },
    "NodeSpec": {
        "podCIDRs": Field(merged=True, owned_values=True),
    },
    "NodeStatus": {"conditions": _CONDITIONS, "addresses": _items("", "type")},
    "ServiceAccount": {"secrets": _items("", "name")},
    "PodTemplateSpec": {"metadata": _within("ObjectMeta"), "spec": _within("PodSpec")},
    "PodSpec": {
        "containers": _items("Container", "name"),
        "initContainers": _items("Container", "name"),
        "ephemeralContainers": _items("Container", "name"),
        # A volume is a union: one that becomes a Secret must lose its ConfigMap.
        "volumes": _items("", "name", retain_keys=True),
        "imagePullSecrets": _items("", "name"),
        "hostAliases": _items("", "ip"),
        "nodeSelector": _ATOMIC,
        "resourceClaims": _items("", "name", retain_keys=True),
        "schedulingGates": _items("", "name"),
        # Two constraints may share a topology, one strict and one lenient; only server-side
        # apply can tell them apart.
        "topologySpreadConstraints": _items("", "topologyKey", "topologyKey", "whenUnsatisfiable"),
    },
    "Container": {
        "ports": _items("", "containerPort", "containerPort", "protocol"),
        "env": _items("", "name"),
        "volumeMounts": _items("", "mountPath"),
        "volumeDevices": _items("", "devicePath"),
    },
    "PodStatus": {
        "conditions": _CONDITIONS,
        "podIPs": _items("", "ip"),
        # Patches merge it, but to server-side apply it is one value: `listType=atomic`.
        "hostIPs": Field("", "ip", merged=True),
        "resourceClaimStatuses": _items("", "name", retain_keys=True),
    },
    "WorkloadSpec": _WORKLOAD,
    # `Recreate` does not go with the settings of a rolling update, so those must go.
    "DeploymentSpec": {**_WORKLOAD, "strategy": Field(retain_keys=True)},
    "ReplicationControllerSpec": {"selector": _ATOMIC, "template": _TEMPLATE},
    "JobSpec": _WORKLOAD,
    "JobTemplateSpec": {"metadata": _within("ObjectMeta"), "spec": _within("JobSpec")},
    "CronJobSpec": {"jobTemplate": _within("JobTemplateSpec")},
    # Replaced, not merged: labels left over from the old selector would protect other pods.
    "PodDisruptionBudgetSpec": {"selector": Field(replaced=True, atomic=True)},
    "CSINodeSpec": {"drivers": _items("", "name")},
    "Webhook": {"matchConditions": _items("", "name")},
    "WebhookConfiguration": {"webhooks": _items("Webhook", "name")},
    "EndpointSlice": {"endpoints": _within("Endpoint")},
    "Endpoint": {"addresses": Field(owned_values=True)},
    "PodTemplate": {"template": _TEMPLATE},
}

_SPECS: dict[str, str] = {
    "services": "ServiceSpec",
    "nodes": "NodeSpec",
    "pods": "PodSpec",
    "replicationcontrollers": "ReplicationControllerSpec",
    "deployments.apps": "DeploymentSpec",
    "replicasets.apps": "WorkloadSpec",
    "statefulsets.apps": "WorkloadSpec",
    "daemonsets.apps": "WorkloadSpec",
    "jobs.batch": "JobSpec",
    "cronjobs.batch": "CronJobSpec",
    "poddisruptionbudgets.policy": "PodDisruptionBudgetSpec",
    "csinodes.storage.k8s.io": "CSINodeSpec",
}
_STATUSES: dict[str, str] = {"nodes": "NodeStatus", "pods": "PodStatus"}
# What these kinds hold stands beside `metadata`: they have no `spec`.
_TOP: dict[str, str] = {
    "serviceaccounts": "ServiceAccount",
    "podtemplates": "PodTemplate",
    "endpointslices.discovery.k8s.io": "EndpointSlice",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io": "WebhookConfiguration",
    "validatingwebhookconfigurations.admissionregistration.k8s.io": "WebhookConfiguration",
}


def shape_of(kind: Kind) -> Shape:
    """Return how documents of a built-in kind merge."""
    top = {"metadata": _within("ObjectMeta"), "status": _within("Status")}
    resource = kind.resource
    if resource in _SPECS:
        top["spec"] = _within(_SPECS[resource])
    if resource in _STATUSES:
        top["status"] = _within(_STATUSES[resource])
    return {**top, **_SHAPES.get(_TOP.get(resource, ""), NOTHING_SPECIAL)}


def inside(field: Field) -> Shape:
    """Return how the value of `field`, or an item of it, merges."""
    return _SHAPES.get(field.shape, NOTHING_SPECIAL)


_PLAIN = Field()


def field_of(shape: Shape, name: str) -> Field:
    """Return how the field `name` merges."""
    return shape.get(name, _PLAIN)
