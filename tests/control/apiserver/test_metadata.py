"""What the server counts: generations of what is asked for, versions of what is stored."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.keys import Document, Key
from svcnet.api.merge import Patch, PatchType
from svcnet.control.apiserver import registry
from svcnet.control.apiserver.registry import WriteOptions
from svcnet.errors import Conflict
from svcnet.store.transaction import Transaction
from tests.control.clusters import cluster, service
from tests.control.workbench import deployment, pod, workload

SLICE: Document = {
    "apiVersion": "discovery.k8s.io/v1",
    "kind": "EndpointSlice",
    "metadata": {"name": "s", "namespace": "default"},
    "addressType": "IPv4",
    "endpoints": [],
    "ports": [],
}


def plain(kind: str) -> Document:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "x", "namespace": "default"}}


def created(txn: Transaction, document: Document) -> Key:
    """Where a new object is kept."""
    written = registry.create(txn, document).document
    kind = txn.kinds().of_document(written["apiVersion"], written["kind"])
    assert kind is not None
    return Key(kind.resource, written["metadata"].get("namespace", ""), written["metadata"]["name"])


def merged(txn: Transaction, key: Key, change: Document, subresource: str = "") -> Document:
    """The metadata of an object after a JSON merge patch."""
    options = WriteOptions(subresource=subresource)
    patch = Patch(PatchType.MERGE, change)
    metadata: Document = registry.patch(txn, key, patch, options).document["metadata"]
    return metadata


@pytest.mark.parametrize(
    ("document", "change"),
    [
        (deployment("web", 1), {"spec": {"replicas": 2}}),
        (workload("ReplicaSet", "web", replicas=1), {"spec": {"replicas": 2}}),
        (workload("StatefulSet", "web", replicas=1), {"spec": {"replicas": 2}}),
        (workload("DaemonSet", "web"), {"spec": {"minReadySeconds": 2}}),
        (pod("web"), {"spec": {"activeDeadlineSeconds": 9}}),
        (SLICE, {"ports": [{"name": "", "port": 80}]}),
    ],
    ids=lambda value: str(value.get("kind", "")),
)
def test_a_generation_counts_what_is_asked_for(document: Document, change: Document) -> None:
    txn = cluster()
    key = created(txn, document)
    assert (txn.get(key) or {})["metadata"]["generation"] == 1

    assert merged(txn, key, {"metadata": {"labels": {"a": "b"}}})["generation"] == 1
    assert merged(txn, key, change)["generation"] == 2
    # The same again asks for nothing new.
    assert merged(txn, key, change)["generation"] == 2


@pytest.mark.parametrize(("kind", "generation"), [("Deployment", 2), ("StatefulSet", 1)])
def test_only_a_deployments_annotations_are_asked_for(kind: str, generation: int) -> None:
    """Source: kubernetes pkg/registry/apps/deployment/strategy.go PrepareForUpdate()."""
    txn = cluster()
    key = created(txn, workload(kind, "web", replicas=1))

    assert merged(txn, key, {"metadata": {"annotations": {"a": "b"}}})["generation"] == generation


def test_a_status_is_not_asked_for() -> None:
    txn = cluster()
    key = created(txn, deployment("web", 1))

    assert merged(txn, key, {"status": {"replicas": 1}}, "status")["generation"] == 1


def test_nobody_sets_a_generation() -> None:
    txn = cluster()
    document = deployment("web", 1)
    document["metadata"]["generation"] = 7

    key = created(txn, document)

    assert (txn.get(key) or {})["metadata"]["generation"] == 1
    assert merged(txn, key, {"metadata": {"generation": 7}})["generation"] == 1


@pytest.mark.parametrize(
    "document",
    [service("web"), plain("ConfigMap"), plain("Secret"), plain("ServiceAccount")],
    ids=lambda each: str(each["kind"]),
)
def test_what_nobody_waits_for_has_no_generation(document: Document) -> None:
    txn = cluster()

    assert "generation" not in (txn.get(created(txn, document)) or {})["metadata"]


def version(txn: Transaction, key: Key) -> int:
    return int((txn.get(key) or {})["metadata"]["resourceVersion"])


def test_versions_rise_with_every_write_and_with_nothing_else() -> None:
    txn = cluster()
    first, second = created(txn, plain("ConfigMap")), created(txn, plain("Secret"))
    assert version(txn, second) == version(txn, first) + 1 == txn.revision

    merged(txn, first, {"data": {"a": "b"}})
    assert version(txn, first) == version(txn, second) + 1 == txn.revision

    before = txn.revision
    merged(txn, first, {"data": {"a": "b"}})
    assert (version(txn, first), txn.revision) == (before, before)

    registry.delete(txn, second)
    assert (version(txn, first), txn.revision) == (before, before + 1)


@pytest.mark.parametrize("ahead", [-1, 1])
def test_who_has_seen_another_version_is_refused(ahead: int) -> None:
    txn = cluster()
    key = created(txn, plain("ConfigMap"))
    seen: dict[str, Any] = {**plain("ConfigMap")["metadata"]}
    seen["resourceVersion"] = str(version(txn, key) + ahead)

    with pytest.raises(Conflict):
        registry.update(txn, {**plain("ConfigMap"), "metadata": seen, "data": {"a": "b"}})

    seen["resourceVersion"] = str(version(txn, key))
    registry.update(txn, {**plain("ConfigMap"), "metadata": seen, "data": {"a": "b"}})
