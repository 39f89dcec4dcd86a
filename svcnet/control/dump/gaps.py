"""What a dump leaves out, and what of that can be told from the rest of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from svcnet.api.keys import Document
from svcnet.api.kinds import ENDPOINT_SLICE, ENDPOINTS, NODE, POD, SERVICE, Kind
from svcnet.control.dump.contents import WORKLOADS, Contents

_NEEDED = (NODE, SERVICE, ENDPOINT_SLICE)
"""What kube-proxy watches; without one of them its rules are not those of the cluster."""
_SKIP_MIRROR = "endpointslice.kubernetes.io/skip-mirror"
_SERVICE_NAME = "kubernetes.io/service-name"
_ZONE = "topology.kubernetes.io/zone"


def named_nodes(contents: Contents) -> list[Document]:
    """Return the nodes of which files hold no more than the names, by name.

    They are those that pods and endpoints are on; of a zone where an endpoint says so.  Empty
    where the files hold Nodes.
    """
    if contents.of(NODE):
        return []
    zones: dict[str, str] = {}
    for each in contents.of(ENDPOINT_SLICE):
        for endpoint in _mappings(each.get("endpoints")):
            name, zone = endpoint.get("nodeName"), endpoint.get("zone")
            if isinstance(name, str):
                zones[name] = zones.get(name) or (zone if isinstance(zone, str) else "")
    for pod in contents.of(POD):
        zones.setdefault((pod.get("spec") or {}).get("nodeName") or "", "")
    for address in chain.from_iterable(map(_addresses, contents.of(ENDPOINTS))):
        zones.setdefault(address.get("nodeName") or "", "")
    return [_node(name, zones[name]) for name in sorted(zones) if name]


def _mappings(value: Any) -> list[Document]:
    # Slices are read in full only later, when their rules are made.
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _node(name: str, zone: str) -> Document:
    labels = {"labels": {_ZONE: zone}} if zone else {}
    return {
        "apiVersion": NODE.api_version,
        "kind": NODE.kind,
        "metadata": {"name": name, **labels},
    }


def endpoints_without_slices(contents: Contents) -> list[Document]:
    """Return the Endpoints objects that alone tell where their Services' traffic goes.

    Nobody gave slices of the Service, nor pods that it selects, from which slices would follow.
    """
    sliced = {
        (each["metadata"].get("namespace"), labels.get(_SERVICE_NAME))
        for each in contents.of(ENDPOINT_SLICE)
        if (labels := each["metadata"].get("labels") or {})
    }
    services = {_place(each): each for each in contents.of(SERVICE)}
    candidates = [
        each
        for each in contents.of(ENDPOINTS)
        if _place(each) in services and _place(each) not in sliced and any(_addresses(each))
    ]
    pods = _PodLabels(contents.of(POD)) if candidates else None
    return [each for each in candidates if pods and not pods.any_of(services[_place(each)])]


def is_mirrored(service: Document, endpoints: Document) -> bool:
    """Tell whether the mirroring controller makes the slices of these Endpoints."""
    labels = endpoints["metadata"].get("labels") or {}
    return not (service.get("spec") or {}).get("selector") and labels.get(_SKIP_MIRROR) != "true"


def _place(document: Document) -> tuple[Any, Any]:
    return document["metadata"].get("namespace"), document["metadata"]["name"]


def _addresses(endpoints: Document) -> Iterator[Document]:
    for subset in endpoints.get("subsets") or ():
        yield from subset.get("addresses") or ()
        yield from subset.get("notReadyAddresses") or ()


class _PodLabels:
    """The labels of pods, found by each of them."""

    def __init__(self, pods: Iterable[Document]) -> None:
        self._found: dict[tuple[str, str, str], list[dict[str, str]]] = {}
        for pod in pods:
            metadata = pod["metadata"]
            labels = metadata.get("labels") or {}
            for label in labels.items():
                self._found.setdefault((metadata.get("namespace", ""), *label), []).append(labels)

    def any_of(self, service: Document) -> bool:
        """Tell whether a Service selects one of the pods."""
        selector = (service.get("spec") or {}).get("selector") or {}
        namespace = service["metadata"].get("namespace", "")
        lists = [self._found.get((namespace, *each), []) for each in selector.items()]
        fewest = min(lists, key=len, default=[])
        return any(selector.items() <= labels.items() for labels in fewest)


# --- what is told -----------------------------------------------------------------------------


def missing(contents: Contents) -> list[Kind]:
    """Return the kinds that kube-proxy watches and of which the files hold nothing."""
    return [each for each in _NEEDED if not contents.of(each)]


def lacks_pods(contents: Contents) -> bool:
    """Tell whether slices show pods that nobody gave, of workloads that make others instead."""
    if not contents.is_dump or contents.of(POD) or not contents.of(ENDPOINT_SLICE):
        return False
    return any(each.kind.resource in WORKLOADS for each in contents.items)


def only_namespace(contents: Contents) -> str:
    """Return the namespace that a dump was cut down to; empty where it was not.

    Every cluster has Services in two: that of the API server, and that of its DNS.  A small one may
    show it by other objects; not by kube-proxy's ConfigMap, which is asked for by its name.
    """
    if not contents.is_dump:
        return ""
    asked_for = contents.config_map()
    namespaces = {
        each.place[0]
        for each in contents.items
        if each.kind.namespaced and each.document is not asked_for
    }
    return namespaces.pop() if len(namespaces) == 1 else ""


def gap_notes(contents: Contents, nodes: str) -> Iterator[str]:
    """Yield what is missing in the files and what stands in for it, as sentences.

    Args:
        contents: what files hold.
        nodes: which nodes stand in where there are none, as words.
    """
    for kind in missing(contents):
        if kind is NODE:
            yield f"no nodes in the files: {nodes}"
        elif kind is SERVICE:
            yield "no services in the files: no rules come of them"
        else:
            yield f"no endpointslices in the files: {_instead_of_slices(contents)}"
    if lacks_pods(contents):
        yield "no pods in the files: workloads make new ones, and endpointslices follow them"
    if found := endpoints_without_slices(contents):
        names = shortened(["/".join(_place(each)) for each in found])
        yield f"endpoints without endpointslices, mirrored to some: {names}"
    if namespace := only_namespace(contents):
        yield f"only namespace {namespace} in the files: rules of other namespaces are missing"


def _instead_of_slices(contents: Contents) -> str:
    if any(each.kind is POD or each.kind.resource in WORKLOADS for each in contents.items):
        return "they are derived from pods"
    if endpoints_without_slices(contents):
        return "they are derived from endpoints"
    return "no service has endpoints"


MANY = 10
"""How many names are told at once."""


def shortened(names: Sequence[str]) -> str:
    """Return the first names of many, and how many more there are."""
    left = len(names) - MANY
    return ", ".join(names[:MANY]) + (f" and {left} more" if left > 0 else "")
