"""What the API server remarks on objects that it accepts.

Source: kubernetes pkg/api/service/warnings.go, pkg/api/pod/warnings.go, pkg/registry/*/strategy.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from svcnet.api import addresses, formats
from svcnet.api.names import Document
from svcnet.api.text import go_quote

_TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints"


def warn(document: Document, old: Document | None = None) -> Iterator[str]:
    """Yield remarks on a document that is about to be stored; `old` is the stored one, if any."""
    remarks = _REMARKS.get((document.get("apiVersion", ""), document.get("kind", "")))
    if remarks is not None:
        yield from remarks(document, old)


def _service(document: Document, old: Document | None) -> Iterator[str]:
    spec = document.get("spec") or {}
    annotations = (document.get("metadata") or {}).get("annotations") or {}
    if _TOPOLOGY_HINTS in annotations:
        yield (
            f"annotation {_TOPOLOGY_HINTS} is deprecated, please use "
            "service.kubernetes.io/topology-mode instead"
        )
    if not old or (old.get("spec") or {}).get("clusterIPs") != spec.get("clusterIPs"):
        yield from _spelled("spec.clusterIPs", spec)
    yield from _ignored(spec)
    if spec.get("externalIPs"):
        yield "spec.externalIPs is deprecated and may no longer be implemented in some clusters"
    if spec.get("trafficDistribution") == "PreferClose":
        yield 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'


def _ignored(spec: Document) -> Iterator[str]:
    kind = spec.get("type")
    if kind == "ExternalName" and spec.get("externalIPs"):
        yield 'spec.externalIPs is ignored when spec.type is "ExternalName"'
    if kind != "ExternalName" and spec.get("externalName"):
        yield 'spec.externalName is ignored when spec.type is not "ExternalName"'
    if spec.get("clusterIP") == "None":
        if spec.get("loadBalancerIP"):
            yield "spec.loadBalancerIP is ignored for headless services"
        if spec.get("externalIPs"):
            yield "spec.externalIPs is ignored for headless services"
        if spec.get("sessionAffinity") == "ClientIP":
            yield "spec.SessionAffinity is ignored for headless services"


def _spelled(path: str, spec: Document) -> Iterator[str]:
    for index, text in enumerate(spec.get("clusterIPs") or ()):
        address = addresses.parse(text)
        if address is not None and ":" in text and str(address) != text:
            yield (
                f"{path}[{index}]: IPv6 address {go_quote(text)} should be in RFC 5952 canonical "
                f"format ({go_quote(str(address))})"
            )


def _endpoints(_document: Document, _old: Document | None) -> Iterator[str]:
    yield "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"


def _workload(document: Document, old: Document | None) -> Iterator[str]:
    name = (document.get("metadata") or {}).get("name", "")
    if old is None and (told := list(formats.dns_label(name))):
        yield (
            "metadata.name: this is used in Pod names and hostnames, which can result in "
            f"surprising behavior; a DNS label is recommended: [{' '.join(told)}]"
        )


_REMARKS: dict[tuple[str, str], Callable[[Document, Document | None], Iterator[str]]] = {
    ("v1", "Service"): _service,
    ("v1", "Endpoints"): _endpoints,
    ("apps/v1", "Deployment"): _workload,
    ("apps/v1", "ReplicaSet"): _workload,
    ("apps/v1", "StatefulSet"): _workload,
    ("v1", "ReplicationController"): _workload,
}
