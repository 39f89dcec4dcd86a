"""Claims and volumes that stay while they are used."""

from __future__ import annotations

from svcnet.control.apiserver import registry
from tests.control.workbench import (
    claim,
    claiming,
    deleted,
    ended,
    key,
    read,
    resettled,
    settled,
    volume,
    why_pending,
)


def test_a_claim_stays_while_a_pod_has_it() -> None:
    txn = deleted(
        settled(volume("v"), claim("c"), claiming("p", "c")), "PersistentVolumeClaim", "c"
    )
    metadata = read(txn, "PersistentVolumeClaim", "c")["metadata"]
    assert metadata["finalizers"] == ["kubernetes.io/pvc-protection"]
    assert "deletionTimestamp" in metadata

    deleted(txn, "Pod", "p")

    assert txn.get(key("PersistentVolumeClaim", "c")) is None
    assert read(txn, "PersistentVolume", "v")["status"]["phase"] == "Released"


def test_a_pod_that_has_ended_holds_no_claim() -> None:
    txn = settled(volume("v"), claim("c"), claiming("p", "c"))
    deleted(txn, "PersistentVolumeClaim", "c")

    ended(txn, "p", "Succeeded")

    assert txn.get(key("PersistentVolumeClaim", "c")) is None


def test_nobody_gets_a_claim_that_is_going() -> None:
    txn = settled(volume("v"), claim("c"), claiming("p", "c"))
    deleted(txn, "PersistentVolumeClaim", "c")

    registry.create(txn, claiming("q", "c"))

    assert why_pending(resettled(txn), "q") == (
        '0/3 nodes are available: persistentvolumeclaim "c" is being deleted. not found'
    )


def test_a_claim_that_no_pod_has_goes_at_once() -> None:
    txn = deleted(settled(claim("c")), "PersistentVolumeClaim", "c")

    assert txn.get(key("PersistentVolumeClaim", "c")) is None


def test_a_volume_stays_while_a_claim_has_it() -> None:
    txn = deleted(settled(volume("v"), claim("c")), "PersistentVolume", "v")
    assert read(txn, "PersistentVolume", "v")["metadata"]["finalizers"] == [
        "kubernetes.io/pv-protection"
    ]

    deleted(txn, "PersistentVolumeClaim", "c")

    assert txn.get(key("PersistentVolume", "v")) is None
