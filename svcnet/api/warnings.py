"""What the API server remarks on objects that it accepts.

Source: kubernetes pkg/api/service/warnings.go, pkg/registry/*/strategy.go WarningsOnCreate(),
WarningsOnUpdate().
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from svcnet.api import addresses, content
from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.api.podwarnings import warn_of_pod
from svcnet.errors import go_quote

_TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints"
_INGRESS_CLASS = "kubernetes.io/ingress.class"


def warn(document: Document, kind: Kind, old: Document | None = None) -> Iterator[str]:
    """Yield remarks on a document that is about to be stored; `old` is the stored one, if any."""
    remarks = _REMARKS.get(kind.resource)
    if remarks is not None:
        yield from remarks(document, old)


# --- services ---------------------------------------------------------------------------------


def _service(document: Document, _old: Document | None) -> Iterator[str]:
    """Yield remarks on a Service, in the order of warnings.go."""
    spec = document.get("spec") or {}
    if _TOPOLOGY_HINTS in _annotations(document):
        yield (
            f"annotation {_TOPOLOGY_HINTS} is deprecated, please use "
            "service.kubernetes.io/topology-mode instead"
        )
    yield from _ips("spec.clusterIPs", spec.get("clusterIPs"))
    if spec.get("clusterIP") == "None":
        yield from _useless_when_headless(spec)
    yield from _ips("spec.externalIPs", spec.get("externalIPs"))
    if spec.get("externalIPs") and _uses_external_ips(spec):
        yield "spec.externalIPs is deprecated and may no longer be implemented in some clusters"
    # Validation does not look at this field: a remark is all that the user hears.
    if text := spec.get("loadBalancerIP"):
        yield from _ip("spec.loadBalancerIP", text)
    for index, text in enumerate(spec.get("loadBalancerSourceRanges") or ()):
        yield from _range(f"spec.loadBalancerSourceRanges[{index}]", text)
    yield from _ignored(spec)
    if spec.get("trafficDistribution") == "PreferClose":
        yield 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'


def _useless_when_headless(spec: Document) -> Iterator[str]:
    """Yield fields that only matter for a Service with an address."""
    if spec.get("loadBalancerIP"):
        yield "spec.loadBalancerIP is ignored for headless services"
    if spec.get("externalIPs"):
        yield "spec.externalIPs is ignored for headless services"
    if spec.get("sessionAffinity") == "ClientIP":
        # The capital S is the server's.
        yield "spec.SessionAffinity is ignored for headless services"


def _uses_external_ips(spec: Document) -> bool:
    """Tell whether external addresses do anything; where they do not, other words tell so."""
    return spec.get("clusterIP") != "None" and spec.get("type") != "ExternalName"


def _ignored(spec: Document) -> Iterator[str]:
    """Yield fields that are of no use with the Service's type."""
    named = spec.get("type") == "ExternalName"
    if named and spec.get("externalIPs"):
        yield 'spec.externalIPs is ignored when spec.type is "ExternalName"'
    if not named and spec.get("externalName"):
        yield 'spec.externalName is ignored when spec.type is not "ExternalName"'


def _ips(path: str, listed: list[str] | None) -> Iterator[str]:
    for index, text in enumerate(listed or ()):
        yield from _ip(f"{path}[{index}]", text)


def _range(path: str, text: str) -> Iterator[str]:
    """Yield what is odd about how a range is spelled.

    Source: as `_ip`, GetWarningsForCIDR().
    """
    network = addresses.parse_range(text)
    address = addresses.parse(text.partition("/")[0])
    if network is None or address is None:
        return
    told = list(addresses.cidr(text))
    if address != network.network_address:
        yield (
            f"{path}: CIDR value {go_quote(text)} is ambiguous in this context (should be "
            f"{go_quote(str(network))} or {go_quote(f'{address}/{network.max_prefixlen}')}?)"
        )
    if any("bits set" not in each for each in told):
        yield (
            f"{path}: non-standard CIDR value {go_quote(text)} will be considered invalid in a "
            f"future Kubernetes release: use {go_quote(str(network))}"
        )
    elif not told and str(network) != text:
        yield (
            f"{path}: IPv6 CIDR value {go_quote(text)} should be in RFC 5952 canonical format "
            f"({go_quote(str(network))})"
        )


def _ip(path: str, text: str) -> Iterator[str]:
    """Yield what is odd about how an address is spelled.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/ip.go
    GetWarningsForIP().
    """
    address = addresses.parse(text)
    # The `None` of headless Services, or something that validation refuses.
    if address is None:
        return
    canonical = go_quote(str(address))
    if list(addresses.ip(text)):
        yield (
            f"{path}: non-standard IP address {go_quote(text)} will be considered invalid in a "
            f"future Kubernetes release: use {canonical}"
        )
    # Controllers compare addresses as text: two spellings of one may make them write forever.
    elif str(address) != text:
        yield (
            f"{path}: IPv6 address {go_quote(text)} should be in RFC 5952 canonical format "
            f"({canonical})"
        )


# --- other kinds ------------------------------------------------------------------------------


def _annotations(document: Document) -> dict[str, str]:
    return (document.get("metadata") or {}).get("annotations") or {}


def _endpoints(_document: Document, _old: Document | None) -> Iterator[str]:
    yield "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"


def _hostname(document: Document, where: str) -> Iterator[str]:
    """Yield a remark on a name with which hostnames go wrong."""
    name = (document.get("metadata") or {}).get("name", "")
    if messages := list(content.dns_label(name)):
        yield (
            f"metadata.name: this is used in {where}, which can result in surprising behavior; "
            f"a DNS label is recommended: [{' '.join(messages)}]"
        )


def _workload(document: Document, old: Document | None) -> Iterator[str]:
    """Yield remarks on what makes pods that are named after it."""
    if old is None:
        yield from _hostname(document, "Pod names and hostnames")
    yield from _templated(document, old)


def _templated(document: Document, old: Document | None, path: str = "spec") -> Iterator[str]:
    """Yield remarks on the pods that a workload makes; not again when its spec did not change."""
    spec = document.get("spec") or {}
    # The server goes by the generation, which rises with the spec only.
    if old is not None and spec == old.get("spec"):
        return
    for step in path.split(".")[1:]:
        spec = spec.get(step) or {}
    yield from warn_of_pod(f"{path}.template.", spec.get("template") or {})


def _pod(document: Document, old: Document | None) -> Iterator[str]:
    if old is None:
        yield from _hostname(document, "the Pod's hostname")
    if old is None or document.get("spec") != old.get("spec"):
        yield from warn_of_pod("", document)


def _ingress(document: Document, old: Document | None) -> Iterator[str]:
    if old is None and _INGRESS_CLASS in _annotations(document):
        yield (
            f"annotation \"{_INGRESS_CLASS}\" is deprecated, please use 'spec.ingressClassName' "
            "instead"
        )


def _node(document: Document, _old: Document | None) -> Iterator[str]:
    """Yield fields of a Node that no longer do anything."""
    spec = document.get("spec") or {}
    if spec.get("configSource") is not None:
        yield (
            "spec.configSource: the feature is deprecated since Kubernetes 1.22 and removed in "
            "1.26 release"
        )
    if spec.get("externalID"):
        yield "spec.externalID: this field is deprecated, and is unused by Kubernetes"


def _definition(document: Document, old: Document | None) -> Iterator[str]:
    """Yield remarks on the schemas of a kind that users define."""
    from svcnet.api.schemas import definitions  # noqa: PLC0415 - few commands define kinds

    yield from definitions.remarks(document, old)


_REMARKS: dict[str, Callable[[Document, Document | None], Iterator[str]]] = {
    "services": _service,
    "endpoints": _endpoints,
    "nodes": _node,
    "pods": _pod,
    "replicationcontrollers": _workload,
    "deployments.apps": _workload,
    "replicasets.apps": _workload,
    "statefulsets.apps": _workload,
    "daemonsets.apps": _templated,
    "jobs.batch": _workload,
    "cronjobs.batch": partial(_templated, path="spec.jobTemplate.spec"),
    "ingresses.networking.k8s.io": _ingress,
    "customresourcedefinitions.apiextensions.k8s.io": _definition,
}
