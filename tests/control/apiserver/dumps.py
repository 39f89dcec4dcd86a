"""Clusters as others dump them: with parts left out, and with the names of other versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from svcnet.api.keys import Document
from svcnet.control.apiserver.restore import import_objects
from svcnet.control.manager import settle
from svcnet.store.transaction import Transaction
from tests.control.clusters import cluster

HASHES = ("pod-template-hash", "controller-revision-hash", "controller.kubernetes.io/hash")
HISTORY = ("ReplicaSet", "ControllerRevision")

Changed: TypeAlias = Callable[[Document], Document]


def dumped(txn: Transaction, without: Iterable[str] = ()) -> list[Document]:
    """All objects of a cluster but those of some kinds, as `kubectl get -o yaml` shows them."""
    return [
        each
        for resource in txn.resources()
        for each in txn.list(resource)
        if each["kind"] not in (*without, "IPAddress")
    ]


def foreign(documents: list[Document]) -> list[Document]:
    """The same objects with other hashes, as another version of Kubernetes would have drawn."""
    codes = {
        code.rpartition("-")[2]
        for each in documents
        for name, code in (each["metadata"].get("labels") or {}).items()
        if name in HASHES
    }
    found: list[Document] = _replaced(documents, {each: f"zz{each[2:]}" for each in codes})
    return found


def _replaced(value: Any, codes: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(each, codes) for key, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, codes) for each in value]
    if isinstance(value, str):
        for code, other in codes.items():
            value = value.replace(code, other)
    return value


def restored(documents: Iterable[Document]) -> Transaction:
    """A new cluster, without nodes of its own, into which `documents` were imported."""
    txn = cluster(nodes=())
    import_objects(txn, documents)
    settle(txn)
    return txn


def pods_of(documents: Iterable[Document]) -> dict[str, tuple[Any, ...]]:
    """What pods have to keep: uid, node, addresses and image, by name."""
    return {
        each["metadata"]["name"]: (
            each["metadata"]["uid"],
            each["spec"].get("nodeName"),
            each["status"].get("podIPs"),
            [one["image"] for one in each["spec"]["containers"]],
        )
        for each in documents
        if each["kind"] == "Pod"
    }


def slices_of(documents: Iterable[Document]) -> dict[str, Document]:
    """Slices by name, but for what counts changes."""
    return {
        each["metadata"]["name"]: {
            **each,
            "metadata": {k: v for k, v in each["metadata"].items() if k != "resourceVersion"},
        }
        for each in documents
        if each["kind"] == "EndpointSlice"
    }
