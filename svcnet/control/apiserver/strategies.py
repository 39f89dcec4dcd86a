"""How the API server treats each kind on its way in: what it wipes, counts and fills in.

Source: kubernetes pkg/registry/*/*/strategy.go PrepareForCreate(), PrepareForUpdate(),
AllowUnconditionalUpdate(), AllowCreateOnUpdate().
"""

from __future__ import annotations

from collections.abc import Callable

from svcnet.api.keys import Document
from svcnet.api.kinds import (
    CUSTOM_RESOURCE_DEFINITION,
    DEPLOYMENT,
    ENDPOINTS,
    EVENT,
    NAMESPACE,
    NODE,
    POD,
    SERVICE,
    SERVICE_CIDR,
    Kind,
)
from svcnet.control.objects.pods import qos_class
from svcnet.lean_namedtuple import NamedTuple


class Strategy(NamedTuple):
    """What the API server does with the objects of one kind."""

    first_status: Callable[[Document], Document | None] | None = lambda _: {}
    """Gives the status of a new object; None: it keeps the one it came with."""
    owns_status: bool = True
    """Whether only the status subresource changes the status."""
    counted: bool = False
    """Whether `metadata.generation` counts the changes to what is asked for."""
    counted_annotations: bool = False
    """Whether changes to annotations count, too."""
    counted_template: bool = False
    """Whether an annotation counts the changes to the pod template (`TEMPLATE_GENERATION`)."""
    unconditional: bool = True
    """Whether an update may leave out the resourceVersion."""
    created_by_update: bool = False
    """Whether an update of an object that does not exist makes it."""


def strategy_of(kind: Kind, definition: Document | None = None) -> Strategy:
    """Return how objects of `kind` are treated.

    Args:
        kind: a kind that the cluster serves.
        definition: the CustomResourceDefinition of a kind that users defined.

    Kinds that users define count every change to anything but metadata and status, and can only
    be replaced by those who know what they replace.
    """
    known = _STRATEGIES.get(kind.resource)
    if known is not None:
        return known
    if definition is None:
        return _PLAIN
    return _CUSTOM._replace(owns_status=_has_status_subresource(kind, definition))


def _has_status_subresource(kind: Kind, definition: Document) -> bool:
    versions = (definition.get("spec") or {}).get("versions") or ()
    served = (each for each in versions if each.get("name") == kind.version)
    return any("status" in (each.get("subresources") or {}) for each in served)


def _pod_status(pod: Document) -> Document:
    return {"phase": "Pending", "qosClass": qos_class(pod.get("spec") or {})}


def _load_balancer(_: Document) -> Document:
    return {"loadBalancer": {}}


def _established(definition: Document) -> Document:
    """Return the status of a CustomResourceDefinition whose kind is served: it is at once.

    Source: kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/controller/status/
    naming_controller.go, pkg/controller/establish/establishing_controller.go.
    """
    since = definition["metadata"].get("creationTimestamp", "")
    spec = definition.get("spec") or {}
    conditions = (
        ("NamesAccepted", "NoConflicts", "no conflicts found"),
        ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    )
    versions = spec.get("versions") or ()
    return {
        "acceptedNames": spec.get("names") or {},
        "conditions": [
            {
                "lastTransitionTime": since,
                "message": message,
                "reason": reason,
                "status": "True",
                "type": type_,
            }
            for type_, reason, message in conditions
        ],
        "storedVersions": [each["name"] for each in versions if each.get("storage")],
    }


_PLAIN = Strategy(owns_status=False, first_status=None)
_CUSTOM = Strategy(counted=True, unconditional=False)
_WITH_STATUS = Strategy()
_COUNTED = Strategy(counted=True)
_COUNTED_WITHOUT_STATUS = _PLAIN._replace(counted=True)
_WEBHOOKS = _COUNTED_WITHOUT_STATUS._replace(unconditional=False)

_STRATEGIES = {
    SERVICE.resource: Strategy(first_status=_load_balancer, created_by_update=True),
    NAMESPACE.resource: Strategy(first_status=lambda _: {"phase": "Active"}),
    # A kubelet registers with its status.
    NODE.resource: Strategy(first_status=None),
    # KEP-5067 gave pods a generation.
    POD.resource: Strategy(first_status=_pod_status, counted=True),
    ENDPOINTS.resource: _PLAIN._replace(created_by_update=True),
    EVENT.resource: _PLAIN._replace(created_by_update=True),
    # PrepareForUpdate() of deployment/strategy.go compares annotations besides the spec.
    DEPLOYMENT.resource: Strategy(counted=True, counted_annotations=True),
    CUSTOM_RESOURCE_DEFINITION.resource: Strategy(
        first_status=_established, counted=True, unconditional=False
    ),
    SERVICE_CIDR.resource: _WITH_STATUS,
    "persistentvolumeclaims": Strategy(first_status=lambda _: {"phase": "Pending"}),
    "persistentvolumes": Strategy(first_status=lambda _: {"phase": "Pending"}),
    "resourcequotas": _WITH_STATUS,
    "replicationcontrollers": _COUNTED,
    "replicasets.apps": _COUNTED,
    "statefulsets.apps": _COUNTED,
    "daemonsets.apps": _COUNTED._replace(counted_template=True),
    "jobs.batch": _COUNTED,
    "cronjobs.batch": _COUNTED,
    "horizontalpodautoscalers.autoscaling": _WITH_STATUS,
    "poddisruptionbudgets.policy": _COUNTED._replace(unconditional=False),
    "ingresses.networking.k8s.io": Strategy(first_status=_load_balancer, counted=True),
    "networkpolicies.networking.k8s.io": _COUNTED_WITHOUT_STATUS,
    "ingressclasses.networking.k8s.io": _COUNTED_WITHOUT_STATUS,
    "endpointslices.discovery.k8s.io": _COUNTED_WITHOUT_STATUS,
    "priorityclasses.scheduling.k8s.io": _COUNTED_WITHOUT_STATUS,
    "mutatingwebhookconfigurations.admissionregistration.k8s.io": _WEBHOOKS,
    "validatingwebhookconfigurations.admissionregistration.k8s.io": _WEBHOOKS,
}
