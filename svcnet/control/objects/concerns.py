"""Which changes concern controllers that have nothing to do after most of them.

Told from the documents alone, so that a controller that has no work need not even be imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import (
    CONFIG_MAP,
    ENDPOINTS,
    NAMESPACE,
    POD,
    PRIORITY_CLASS,
    SERVICE,
    SERVICE_ACCOUNT,
    Kind,
)
from svcnet.api.system_priority_classes import SYSTEM_PRIORITIES
from svcnet.snapshot import Event

MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
"""Label: which controller keeps a slice."""

MIRRORING = "endpointslicemirroring-controller.k8s.io"
"""Who keeps the slices of Endpoints that were written by hand."""

WRITTEN_BY = "endpoints.kubernetes.io/managed-by"
"""Label: which controller made an Endpoints object; people set none."""

Find: TypeAlias = Callable[[Key], Document | None]
"""Returns an object as it is now."""

DEFAULT_ACCOUNT = "default"
"""The ServiceAccount of pods that name none."""

ROOT_CA = "kube-root-ca.crt"
"""The ConfigMap with the certificate of the API server."""


def may_empty_a_namespace(event: Event) -> bool:
    """Tell whether a namespace may be going now, or has less in it.

    One that came as it was going is that of a dump, and so is what it holds: there it was seen
    before it was emptied.
    """
    return event.went or (event.key.resource == NAMESPACE.resource and not event.came)


def may_orphan(event: Event) -> bool:
    """Tell whether something is gone that may have owned others."""
    return event.went


def may_lack(kind: Kind, name: str) -> Callable[[Event], bool]:
    """Return what tells whether a namespace may lack the object of that kind and name."""

    def concerns(event: Event) -> bool:
        if event.key.resource == NAMESPACE.resource:
            return event.came
        return event.went and event.key.resource == kind.resource and event.key.name == name

    return concerns


may_lack_an_account = may_lack(SERVICE_ACCOUNT, DEFAULT_ACCOUNT)
may_lack_the_root_ca = may_lack(CONFIG_MAP, ROOT_CA)


def may_change_endpoints(event: Event) -> bool:
    """Tell whether Endpoints are to follow; what somebody made of them stands until then.

    Source: kubernetes pkg/controller/endpoint/endpoints_controller.go NewEndpointController(): of
    Endpoints it hears only when they are deleted.
    """
    return event.key.resource != ENDPOINTS.resource or event.went


def may_be_mirrored(event: Event, find: Find) -> bool:
    """Tell whether Endpoints are to be mirrored, or their slices made right.

    Source: kubernetes pkg/controller/endpointslicemirroring/endpointslicemirroring_controller.go
    onServiceUpdate(), onEndpointSliceUpdate(); utils.go managedByController().
    """
    match event.key.resource:
        case SERVICE.resource:
            # Endpoints are mirrored when a Service has no selector, whatever else it says.
            return event.went or event.came or _selects(event.before) != _selects(event.after)
        case ENDPOINTS.resource:
            if any(WRITTEN_BY not in each for each in _labels(event)):
                return True
            # Those that a controller made are mirrored once their Service has lost its selector.
            # Nearly always it has one, and then nothing more need be imported.
            service = find(Key(SERVICE.resource, event.key.namespace, event.key.name))
            return service is not None and not _selects(service)
        case _:
            return any(each.get(MANAGED_BY) == MIRRORING for each in _labels(event))


def may_let_pods_be(event: Event) -> bool:
    """Tell whether a change of whatever else makes pods may lead to some.

    A priority class does whose pods had to wait for it, but not those of a new cluster.
    """
    if event.key.resource != PRIORITY_CLASS.resource:
        return True
    return event.came and event.key.name not in SYSTEM_PRIORITIES


def may_be_about_pods_of(kind: Kind) -> Callable[[Event], bool]:
    """Return what tells whether a change may concern the controller of a kind that makes pods.

    A pod does when it is, or was, of that kind's making, or nobody's: then it may be adopted.
    """

    # Asked of every pod by every such kind, so nothing is made on the way.
    def concerns(event: Event) -> bool:
        if event.key.resource != POD.resource:
            return may_let_pods_be(event)
        return any(
            each is not None and _may_be_of(each, kind) for each in (event.before, event.after)
        )

    return concerns


def _may_be_of(pod: Document, kind: Kind) -> bool:
    """Tell whether something of `kind` made a pod, or nobody did."""
    for owner in pod["metadata"].get("ownerReferences") or ():
        if owner.get("controller"):
            return owner.get("kind") == kind.kind and kind.is_of(owner)
    return True


def is_about_a_load_balancer(event: Event) -> bool:
    """Tell whether a Service is a load balancer, or was one."""
    return any((each.get("spec") or {}).get("type") == "LoadBalancer" for each in event.documents())


def has_ephemeral_volumes(event: Event) -> bool:
    """Tell whether a pod that came or changed has volumes that are made for it alone."""
    return any("ephemeral" in each for each in _volumes(event.after))


def may_free_a_volume(event: Event) -> bool:
    """Tell whether a claim or a volume is to go, or a pod that may use one went or ended."""
    if event.key.resource != POD.resource:
        return "deletionTimestamp" in ((event.after or {}).get("metadata") or {})
    ended = ((event.after or {}).get("status") or {}).get("phase") in ("Succeeded", "Failed")
    return (event.went or ended) and any(
        "persistentVolumeClaim" in each or "ephemeral" in each for each in _volumes(event.before)
    )


def _volumes(pod: Document | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ((pod or {}).get("spec") or {}).get("volumes") or []
    return found


def _selects(service: Document | None) -> bool:
    return bool(((service or {}).get("spec") or {}).get("selector"))


def _labels(event: Event) -> list[dict[str, Any]]:
    """Return the labels that an object had and has, as far as it is there."""
    return [each["metadata"].get("labels") or {} for each in event.documents()]
