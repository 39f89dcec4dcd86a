"""How the API server treats each kind on its way in: what it wipes, counts and fills in.

Source: kubernetes pkg/registry/*/*/strategy.go PrepareForCreate(), PrepareForUpdate(),
AllowUnconditionalUpdate(), AllowCreateOnUpdate().
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from svcnet.api.keys import Document
from svcnet.api.kinds import (
    API_SERVICE,
    CUSTOM_RESOURCE_DEFINITION,
    DEPLOYMENT,
    ENDPOINTS,
    EVENT,
    JOB,
    NAMESPACE,
    NODE,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
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
    completed: Callable[[Document], Document] = lambda document: document
    """Fills in what follows from the name and uid of a new object."""
    schema: Document = {}  # noqa: RUF012 - nobody changes it
    """What its objects are held to, where users defined the kind; empty: to nothing."""


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
    from svcnet.api.schemas.structural import schema_of  # noqa: PLC0415 - custom kinds alone

    schema = schema_of(definition, kind.version)
    if _has_status_subresource(kind, definition):
        return _CUSTOM._replace(schema=schema)
    # What is called status is a field like any other.
    return _CUSTOM._replace(schema=schema, owns_status=False, first_status=None)


def _has_status_subresource(kind: Kind, definition: Document) -> bool:
    versions = (definition.get("spec") or {}).get("versions") or ()
    served = (each for each in versions if each.get("name") == kind.version)
    return any("status" in (each.get("subresources") or {}) for each in served)


def _pod_status(pod: Document) -> Document:
    return {"phase": "Pending", "qosClass": qos_class(pod.get("spec") or {})}


def _job(document: Document) -> Document:
    from svcnet.control.objects.jobs import with_generated_selector  # noqa: PLC0415 - only theirs

    return with_generated_selector(document)


def _protected(document: Document) -> Document:
    from svcnet.control.objects.volumes import protected  # noqa: PLC0415 - only theirs

    return protected(document)


def _load_balancer(_: Document) -> Document:
    return {"loadBalancer": {}}


def _established(definition: Document) -> Document:
    """Return the status of a CustomResourceDefinition whose kind is served: it is at once.

    Source: kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/controller/status/
    naming_controller.go, pkg/controller/establish/establishing_controller.go.
    """
    metadata = definition["metadata"]
    since = metadata.get("creationTimestamp", "")
    spec = definition.get("spec") or {}
    conditions = (
        *_approved(definition),
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
                # The gate CRDObservedGenerationTracking is on since 1.36.
                "observedGeneration": metadata.get("generation", 1),
                "reason": reason,
                "status": "True",
                "type": type_,
            }
            for type_, reason, message in conditions
        ],
        "observedGeneration": metadata.get("generation", 1),
        "storedVersions": [each["name"] for each in versions if each.get("storage")],
    }


def _approved(definition: Document) -> Iterator[tuple[str, str, str]]:
    """Yield the condition of kinds in groups of Kubernetes' own, where they are approved.

    Source: kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/controller/apiapproval/
    apiapproval_controller.go.
    """
    from svcnet.api.schemas import definitions  # noqa: PLC0415 - few commands define kinds

    if definitions.is_protected((definition.get("spec") or {}).get("group", "")):
        state, message = definitions.approval(definition)
        if state is definitions.Approval.GIVEN:
            yield "KubernetesAPIApprovalPolicyConformant", "ApprovedAnnotation", message


def redefined(status: Document, definition: Document) -> Document:
    """Return the status of a CustomResourceDefinition whose spec was changed.

    A version that objects were stored in stays among those, also when another one took its place.
    """
    fresh = _established(definition)
    stored = [*(status.get("storedVersions") or ())]
    stored += [each for each in fresh["storedVersions"] if each not in stored]
    generation = definition["metadata"].get("generation", 1)
    conditions = [
        {**each, "observedGeneration": generation} for each in status.get("conditions") or ()
    ]
    return {
        **status,
        "acceptedNames": fresh["acceptedNames"],
        "conditions": conditions,
        "observedGeneration": generation,
        "storedVersions": stored,
    }


def _api_service(document: Document) -> Document:
    """Return the status of a new APIService: ready when the API server itself answers for it.

    Source: kubernetes staging/src/k8s.io/kube-aggregator/pkg/registry/apiservice/strategy.go,
    pkg/apis/apiregistration/helpers.go NewLocalAvailableAPIServiceCondition().
    """
    if (document.get("spec") or {}).get("service"):
        return {}
    local = {
        "lastTransitionTime": document["metadata"].get("creationTimestamp", ""),
        "message": "Local APIServices are always available",
        "reason": "Local",
        "status": "True",
        "type": "Available",
    }
    return {"conditions": [local]}


_PLAIN = Strategy(owns_status=False, first_status=None)
# Only who owns the status writes one: a new object has none, not even an empty one.
_CUSTOM = Strategy(counted=True, unconditional=False, first_status=lambda _: None)
_WITH_STATUS = Strategy()
_COUNTED = Strategy(counted=True)
_COUNTED_WITHOUT_STATUS = _PLAIN._replace(counted=True)
_STORAGE = Strategy(first_status=lambda _: {"phase": "Pending"}, completed=_protected)
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
    PERSISTENT_VOLUME_CLAIM.resource: _STORAGE,
    PERSISTENT_VOLUME.resource: _STORAGE,
    "resourcequotas": _WITH_STATUS,
    "replicationcontrollers": _COUNTED,
    "replicasets.apps": _COUNTED,
    "statefulsets.apps": _COUNTED,
    "daemonsets.apps": _COUNTED._replace(counted_template=True),
    JOB.resource: _COUNTED._replace(completed=_job),
    "cronjobs.batch": _COUNTED,
    "horizontalpodautoscalers.autoscaling": _WITH_STATUS,
    "poddisruptionbudgets.policy": _COUNTED._replace(unconditional=False),
    "ingresses.networking.k8s.io": Strategy(first_status=_load_balancer, counted=True),
    "networkpolicies.networking.k8s.io": _COUNTED_WITHOUT_STATUS,
    "ingressclasses.networking.k8s.io": _COUNTED_WITHOUT_STATUS,
    "endpointslices.discovery.k8s.io": _COUNTED_WITHOUT_STATUS,
    "priorityclasses.scheduling.k8s.io": _COUNTED_WITHOUT_STATUS,
    "mutatingadmissionpolicies.admissionregistration.k8s.io": _WEBHOOKS,
    "mutatingadmissionpolicybindings.admissionregistration.k8s.io": _WEBHOOKS,
    "validatingadmissionpolicies.admissionregistration.k8s.io": Strategy(
        counted=True, unconditional=False
    ),
    "validatingadmissionpolicybindings.admissionregistration.k8s.io": _WEBHOOKS,
    API_SERVICE.resource: Strategy(first_status=_api_service, unconditional=False),
    "certificatesigningrequests.certificates.k8s.io": _WITH_STATUS,
    "flowschemas.flowcontrol.apiserver.k8s.io": _COUNTED,
    "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io": _COUNTED,
    "deviceclasses.resource.k8s.io": _COUNTED_WITHOUT_STATUS,
    "resourceclaims.resource.k8s.io": _WITH_STATUS,
    "resourceslices.resource.k8s.io": _COUNTED_WITHOUT_STATUS,
    "volumeattachments.storage.k8s.io": Strategy(first_status=lambda _: {"attached": False}),
    "mutatingwebhookconfigurations.admissionregistration.k8s.io": _WEBHOOKS,
    "validatingwebhookconfigurations.admissionregistration.k8s.io": _WEBHOOKS,
}
