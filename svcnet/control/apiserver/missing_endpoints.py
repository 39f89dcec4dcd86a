"""Endpoints that a dump left out, told from the slices that mirror them.

Nobody dumps Endpoints any more, since slices are what is read.  Without the object that they
mirror, their controller would take such slices away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from svcnet.api.index_values import SERVICE_NAME
from svcnet.api.keys import Document
from svcnet.api.kinds import ENDPOINTS
from svcnet.control.objects.concerns import MANAGED_BY, MIRRORING

_SLICES_OWN = frozenset({MANAGED_BY, SERVICE_NAME})


def missing_endpoints(slices: Iterable[Document], known: Iterable[Document]) -> Iterator[Document]:
    """Yield the Endpoints that `slices` say they mirror, and nobody gave.

    Args:
        slices: what is given, whole; their owner references name the Endpoints.
        known: the Endpoints that are there.

    Each comes with the name and uid that its slices know, and with a subset for each of them.
    """
    there = {(each["metadata"]["namespace"], each["metadata"]["name"]) for each in known}
    mirrors: dict[tuple[str, str], tuple[str, list[Document]]] = {}
    for each in slices:
        metadata = each["metadata"]
        if (metadata.get("labels") or {}).get(MANAGED_BY) != MIRRORING:
            continue
        for owner in metadata.get("ownerReferences") or ():
            place = metadata["namespace"], owner["name"]
            if ENDPOINTS.is_of(owner) and place not in there:
                mirrors.setdefault(place, (owner["uid"], []))[1].append(each)
    for (namespace, name), (uid, group) in mirrors.items():
        yield _endpoints({"name": name, "namespace": namespace, "uid": uid}, group)


def _endpoints(identity: dict[str, Any], slices: list[Document]) -> Document:
    """Return what the mirroring controller made `slices` of: it copies metadata to each."""
    metadata = slices[0]["metadata"]
    labels = {name: text for name, text in metadata["labels"].items() if name not in _SLICES_OWN}
    copied = {"annotations": metadata.get("annotations"), "labels": labels}
    made = min((each["metadata"].get("creationTimestamp") or "" for each in slices), default="")
    since = {"creationTimestamp": made} if made else {}
    return {
        "apiVersion": ENDPOINTS.api_version,
        "kind": ENDPOINTS.kind,
        "metadata": {**identity, **since, **{key: each for key, each in copied.items() if each}},
        "subsets": [_subset(each) for each in slices if each.get("endpoints")],
    }


def _subset(document: Document) -> Document:
    addresses: dict[str, list[Document]] = {}
    for endpoint in document["endpoints"]:
        ready = (endpoint.get("conditions") or {}).get("ready") is not False
        optional = {field: endpoint.get(field) for field in ("hostname", "nodeName", "targetRef")}
        known = {field: value for field, value in optional.items() if value}
        addresses.setdefault("addresses" if ready else "notReadyAddresses", []).extend(
            {"ip": each, **known} for each in endpoint["addresses"]
        )
    ports = [
        {field: value for field, value in each.items() if value is not None and value != ""}
        for each in document.get("ports") or ()
    ]
    return {**addresses, **({"ports": ports} if ports else {})}
