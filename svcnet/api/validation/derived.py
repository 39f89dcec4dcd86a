"""What must hold of an object whoever gave it, because svcnet derives other things from it.

A dump comes from a server of any version, and what that server took is not asked again: rules
became stricter from one version to the next.  But names become names of other objects and words of
rules, ranges are allocated from, and pods are made of templates; what is wrong with these would
show only later, in an object that is not to blame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from svcnet.api import addresses, content
from svcnet.api.field_errors import complaints, required
from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.api.validation.metadata import check_identity
from svcnet.errors import FieldError


def check_derived(document: Document, kind: Kind) -> Iterator[FieldError]:
    """Yield what keeps other things from being derived from an object.

    Args:
        document: the object, decoded; it need not be defaulted.
        kind: its kind.
    """
    yield from check_identity(document, kind)
    if rule := _RULES.get(kind.resource):
        yield from rule(document)


def _service(document: Document) -> Iterator[FieldError]:
    """Ports are called in rules, and balancers' addresses are not given twice."""
    for index, port in enumerate((document.get("spec") or {}).get("ports") or ()):
        if name := port.get("name"):
            yield from complaints(f"spec.ports[{index}].name", name, content.dns_label(name))
    balancer = (document.get("status") or {}).get("loadBalancer") or {}
    for index, each in enumerate(balancer.get("ingress") or ()):
        if address := each.get("ip"):
            yield from _address(f"status.loadBalancer.ingress[{index}].ip", address)


def _service_cidr(document: Document) -> Iterator[FieldError]:
    from svcnet.api.validation.cluster import check_service_cidr  # noqa: PLC0415 - dumps have one

    yield from check_service_cidr(document)


def _node(document: Document) -> Iterator[FieldError]:
    """Pods get their addresses from a node's ranges."""
    for index, text in enumerate(addresses.given_pod_ranges(document.get("spec") or {})):
        if addresses.parse_range(text) is None:
            yield from complaints(f"spec.podCIDRs[{index}]", text, (addresses.NOT_A_CIDR,))


def _pod(document: Document) -> Iterator[FieldError]:
    """Endpoints are made of a pod's addresses.

    Source: kubernetes pkg/apis/core/validation/validation.go validatePodIPs().
    """
    for index, each in enumerate((document.get("status") or {}).get("podIPs") or ()):
        yield from _address(f"status.podIPs[{index}]", each.get("ip", ""))


def _stateful_set(document: Document) -> Iterator[FieldError]:
    """Pods are made of the template; servers before 1.34 did not look into it."""
    pod = ((document.get("spec") or {}).get("template") or {}).get("spec") or {}
    containers = pod.get("containers")
    if not containers:
        yield required("spec.template.spec.containers")
    for index, each in enumerate(containers or ()):
        if not each.get("name"):
            yield required(f"spec.template.spec.containers[{index}].name")


def _address(path: str, text: str) -> Iterator[FieldError]:
    # What is stored somewhere may have leading zeros.
    if addresses.parse(text) is None:
        yield from complaints(path, text, (addresses.NOT_AN_IP,))


_RULES: dict[str, Callable[[Document], Iterator[FieldError]]] = {
    "services": _service,
    "servicecidrs.networking.k8s.io": _service_cidr,
    "nodes": _node,
    "pods": _pod,
    "statefulsets.apps": _stateful_set,
}
