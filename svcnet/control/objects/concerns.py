"""Which changes concern controllers that have nothing to do after most of them.

Told from the documents alone, so that a controller that has no work need not even be imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import ENDPOINTS, NAMESPACE, POD, SERVICE, Kind
from svcnet.control.objects.ownership import controller_of_document
from svcnet.snapshot import Event

MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
"""Label: which controller keeps a slice."""

MIRRORING = "endpointslicemirroring-controller.k8s.io"
"""Who keeps the slices of Endpoints that were written by hand."""

WRITTEN_BY = "endpoints.kubernetes.io/managed-by"
"""Label: which controller made an Endpoints object; people set none."""

Find: TypeAlias = Callable[[Key], Document | None]
"""Returns an object as it is now."""


def may_empty_a_namespace(event: Event, _find: Find) -> bool:
    """Tell whether a namespace may be going, or has less or more in it now."""
    return event.key.resource == NAMESPACE.resource or event.went or event.came


def may_orphan(event: Event, _find: Find) -> bool:
    """Tell whether something is gone that may have owned others."""
    return event.went


def may_change_endpoints(event: Event, _find: Find) -> bool:
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


def may_be_about_pods_of(kind: Kind) -> Callable[[Event, Find], bool]:
    """Return what tells whether a change may concern the controller of a kind that makes pods.

    A pod does when it is, or was, of that kind's making, or nobody's: then it may be adopted.
    """
    identity = (kind.group, kind.kind)

    def concerns(event: Event, _find: Find) -> bool:
        if event.key.resource != POD.resource:
            return True
        owners = [controller_of_document(each) for each in event.documents()]
        return any(owner is None or owner[:2] == identity for owner in owners)

    return concerns


def is_about_a_load_balancer(event: Event, _find: Find) -> bool:
    """Tell whether a Service is a load balancer, or was one."""
    return any((each.get("spec") or {}).get("type") == "LoadBalancer" for each in event.documents())


def _selects(service: Document | None) -> bool:
    return bool(((service or {}).get("spec") or {}).get("selector"))


def _labels(event: Event) -> list[dict[str, Any]]:
    """Return the labels that an object had and has, as far as it is there."""
    return [each["metadata"].get("labels") or {} for each in event.documents()]
