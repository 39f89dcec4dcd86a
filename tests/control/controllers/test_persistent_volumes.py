"""Claims and volumes that find each other."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.keys import Document
from svcnet.control.apiserver import registry
from svcnet.store.transaction import Transaction
from tests.control.clusters import NOW
from tests.control.workbench import (
    changed,
    claim,
    claiming,
    deleted,
    read,
    resettled,
    settled,
    storage_class,
    volume,
    why_pending,
    workload,
)

CLAIM, VOLUME = "PersistentVolumeClaim", "PersistentVolume"
UNBOUND = "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"


def phases(txn: Transaction) -> dict[str, str]:
    """The phase of each claim and volume."""
    return {
        each["metadata"]["name"]: each["status"]["phase"]
        for resource in ("persistentvolumeclaims", "persistentvolumes")
        for each in txn.list(resource)
    }


def test_a_claim_and_a_volume_that_fit_are_bound_to_each_other() -> None:
    txn = settled(volume("v", "5Gi"), claim("c"))

    found, held = read(txn, CLAIM, "c"), read(txn, VOLUME, "v")
    assert found["spec"]["volumeName"] == "v"
    assert found["status"] == {
        "accessModes": ["ReadWriteOnce"],
        "capacity": {"storage": "5Gi"},
        "phase": "Bound",
    }
    assert found["metadata"]["annotations"] == {
        "pv.kubernetes.io/bind-completed": "yes",
        "pv.kubernetes.io/bound-by-controller": "yes",
    }
    reference = held["spec"]["claimRef"]
    assert (reference["namespace"], reference["name"]) == ("default", "c")
    assert reference["uid"] == found["metadata"]["uid"]
    assert held["status"] == {"lastPhaseTransitionTime": NOW, "phase": "Bound"}


@pytest.mark.parametrize(
    ("offered", "asked"),
    [
        (volume("v", "1Gi"), claim("c", "2Gi")),
        (volume("v"), claim("c", accessModes=["ReadWriteMany"])),
        (volume("v"), claim("c", volumeMode="Block")),
        (volume("v", storageClassName="slow"), claim("c")),
        (volume("v"), claim("c", storageClassName="slow")),
        (volume("v"), claim("c", selector={"matchLabels": {"name": "other"}})),
        (volume("v"), claim("c", volumeName="other")),
        (
            volume("v", claimRef={"kind": CLAIM, "namespace": "default", "name": "other"}),
            claim("c"),
        ),
    ],
)
def test_a_claim_waits_where_nothing_fits(offered: Document, asked: Document) -> None:
    assert phases(settled(offered, asked)) == {"c": "Pending", "v": "Available"}


def test_the_smallest_volume_with_the_fewest_modes_is_taken() -> None:
    both = ["ReadWriteOnce", "ReadWriteMany"]
    txn = settled(
        volume("a", "2Gi", accessModes=both), volume("b", "9Gi"), volume("c", "8Gi"), claim("x")
    )

    assert read(txn, CLAIM, "x")["spec"]["volumeName"] == "c"


def test_a_volume_that_was_set_aside_goes_before_smaller_ones() -> None:
    reference = {"kind": CLAIM, "namespace": "default", "name": "c"}
    txn = settled(volume("a"), volume("b", "9Gi", claimRef=reference), claim("c"))

    assert read(txn, CLAIM, "c")["spec"]["volumeName"] == "b"
    # Whoever set it aside was not the controller.
    assert "annotations" not in read(txn, VOLUME, "b")["metadata"]


def test_a_volume_that_a_claim_names_is_taken() -> None:
    txn = settled(volume("a"), volume("b"), claim("c", volumeName="b"))

    assert phases(txn) == {"a": "Available", "b": "Bound", "c": "Bound"}
    annotations = read(txn, CLAIM, "c")["metadata"]["annotations"]
    assert annotations == {"pv.kubernetes.io/bind-completed": "yes"}


def test_two_claims_do_not_get_one_volume() -> None:
    txn = settled(claim("c"), claim("d"), volume("v"))

    assert sorted(phases(txn).values()) == ["Bound", "Bound", "Pending"]


def test_a_volume_that_comes_later_is_taken() -> None:
    txn = settled(claim("c"))

    registry.create(txn, volume("v"))

    assert phases(resettled(txn)) == {"c": "Bound", "v": "Bound"}


def test_a_volume_outlives_its_claim_and_is_not_given_to_another() -> None:
    txn = deleted(settled(claim("c"), volume("v")), CLAIM, "c")

    registry.create(txn, claim("c"))

    assert phases(resettled(txn)) == {"c": "Pending", "v": "Released"}


def test_a_claim_whose_volume_went_is_lost() -> None:
    txn = settled(claim("c"), volume("v"))
    document = read(txn, VOLUME, "v")
    metadata = {**document["metadata"], "finalizers": []}

    registry.update(txn, {**document, "metadata": metadata})
    deleted(txn, VOLUME, "v")

    assert read(txn, CLAIM, "c")["status"] == {"phase": "Lost"}
    registry.create(txn, claiming("p", "c"))
    assert why_pending(resettled(txn), "p") == (
        '0/3 nodes are available: persistentvolumeclaim "c" bound to non-existent '
        'persistentvolume "v". not found'
    )


def test_a_claim_without_a_class_gets_the_default_one() -> None:
    txn = settled(storage_class("fast", default=True), storage_class("slow"), claim("c"))

    assert read(txn, CLAIM, "c")["spec"]["storageClassName"] == "fast"


def test_a_claim_that_asks_for_no_class_gets_none() -> None:
    txn = settled(storage_class("fast", default=True), claim("c", storageClassName=""))

    assert read(txn, CLAIM, "c")["spec"]["storageClassName"] == ""


def test_a_class_that_comes_later_is_still_the_default() -> None:
    txn = settled(claim("c"))

    registry.create(txn, storage_class("fast", default=True))

    assert read(resettled(txn), CLAIM, "c")["spec"]["storageClassName"] == "fast"


@pytest.mark.parametrize(
    ("provisioner", "told"),
    [("csi.example.com", "csi.example.com"), ("kubernetes.io/no-provisioner", None)],
)
def test_a_claim_tells_who_is_to_make_its_volume(provisioner: str, told: str | None) -> None:
    txn = settled(storage_class("s", provisioner), claim("c", storageClassName="s"))

    annotations = read(txn, CLAIM, "c")["metadata"].get("annotations") or {}
    assert annotations.get("volume.kubernetes.io/storage-provisioner") == told
    assert annotations.get("volume.beta.kubernetes.io/storage-provisioner") == told


# --- pods that claim --------------------------------------------------------------------------


def test_a_pod_runs_once_its_claim_is_bound() -> None:
    txn = settled(claim("c"), claiming("p", "c"))
    assert why_pending(txn, "p") == UNBOUND
    (told,) = read(txn, "Pod", "p")["status"]["conditions"]
    assert (told["status"], told["reason"]) == ("False", "Unschedulable")

    registry.create(txn, volume("v"))

    assert read(resettled(txn), "Pod", "p")["status"]["phase"] == "Running"


def test_a_pod_waits_for_a_claim_that_is_not_there() -> None:
    txn = settled(claiming("p", "c"))
    assert why_pending(txn, "p") == (
        '0/3 nodes are available: persistentvolumeclaim "c" not found. not found'
    )

    for document in (volume("v"), claim("c")):
        registry.create(txn, document)

    assert read(resettled(txn), "Pod", "p")["status"]["phase"] == "Running"


def test_a_stateful_set_waits_for_the_volume_of_its_first_pod() -> None:
    templates = [{"metadata": {"name": "data"}, "spec": claim("")["spec"]}]
    txn = settled(workload("StatefulSet", "db", replicas=2, volumeClaimTemplates=templates))
    assert phases(txn) == {"data-db-0": "Pending"}
    assert why_pending(txn, "db-0") == UNBOUND

    for name in ("a", "b"):
        registry.create(txn, volume(name))

    assert phases(resettled(txn)) == dict.fromkeys(("data-db-0", "data-db-1", "a", "b"), "Bound")
    assert read(txn, "StatefulSet", "db")["status"]["readyReplicas"] == 2


def on(*nodes: str) -> Document:
    """What makes a volume one of these nodes' own."""
    term = {"key": "kubernetes.io/hostname", "operator": "In", "values": [*nodes]}
    return {"required": {"nodeSelectorTerms": [{"matchExpressions": [term]}]}}


LOCAL: Any = {"volumeBindingMode": "WaitForFirstConsumer"}


def test_a_claim_that_waits_for_its_pod_is_bound_where_the_pod_can_go() -> None:
    txn = settled(
        storage_class("local", "kubernetes.io/no-provisioner", **LOCAL),
        volume("v", storageClassName="local", nodeAffinity=on("n2")),
        claim("c", storageClassName="local"),
    )
    assert phases(txn) == {"c": "Pending", "v": "Available"}

    registry.create(txn, claiming("p", "c"))

    assert read(resettled(txn), "Pod", "p")["spec"]["nodeName"] == "n2"
    assert phases(txn) == {"c": "Bound", "v": "Bound"}


def test_a_pod_whose_claims_no_node_can_meet_is_told_so() -> None:
    txn = settled(
        storage_class("local", "kubernetes.io/no-provisioner", **LOCAL),
        volume("v", storageClassName="local"),
        claim("c", storageClassName="local"),
        claim("d", storageClassName="local"),
        claiming("p", "c", "d"),
    )

    assert why_pending(txn, "p") == (
        "0/3 nodes are available: 3 node(s) didn't find available persistent volumes to bind. "
        "no new claims to deallocate, preemption: 0/3 nodes are available: "
        "3 Preemption is not helpful for scheduling."
    )
    # All or nothing.
    assert phases(txn) == {"c": "Pending", "d": "Pending", "v": "Available"}


def test_a_claim_whose_volume_is_made_outside_is_told_the_node() -> None:
    txn = settled(storage_class("s", **LOCAL), claim("c", storageClassName="s"), claiming("p", "c"))

    annotations = read(txn, CLAIM, "c")["metadata"]["annotations"]
    node = annotations["volume.kubernetes.io/selected-node"]
    assert annotations["volume.kubernetes.io/storage-provisioner"] == "csi.example.com"
    status = read(txn, "Pod", "p")["status"]
    # Scheduled it is not yet, nor unschedulable.
    assert (status["phase"], status["nominatedNodeName"]) == ("Pending", node)
    assert "conditions" not in status
    registry.create(txn, volume("v", storageClassName="s", claimRef=_reference(txn, "c")))
    status = read(resettled(txn), "Pod", "p")["status"]
    assert status["phase"] == "Running"
    assert "nominatedNodeName" not in status


def _reference(txn: Transaction, name: str) -> Document:
    metadata = read(txn, CLAIM, name)["metadata"]
    return {"kind": CLAIM, "namespace": "default", "name": name, "uid": metadata["uid"]}


def test_a_pod_goes_where_its_volume_is() -> None:
    documents = [volume("v", nodeAffinity=on("n3")), claim("c")]
    assert read(settled(*documents, claiming("p", "c")), "Pod", "p")["spec"]["nodeName"] == "n3"

    picky = claiming("p", "c", nodeSelector={"kubernetes.io/hostname": "n1"})
    assert why_pending(settled(*documents, picky), "p") == (
        "0/3 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity, "
        "2 node(s) didn't match Pod's node affinity/selector. "
        "no new claims to deallocate, preemption: 0/3 nodes are available: "
        "3 Preemption is not helpful for scheduling."
    )


def test_a_claim_for_one_pod_is_had_by_one_pod() -> None:
    once = ["ReadWriteOncePod"]
    txn = settled(
        volume("v", accessModes=once), claim("c", accessModes=once),
        claiming("p", "c"), claiming("q", "c"),
    )  # fmt: skip

    assert read(txn, "Pod", "p")["status"]["phase"] == "Running"
    assert why_pending(txn, "q").startswith(
        "0/3 nodes are available: 3 node has pod using PersistentVolumeClaim with the same name "
        "and ReadWriteOncePod access mode. "
    )
    deleted(txn, "Pod", "p")
    assert read(txn, "Pod", "q")["status"]["phase"] == "Running"


def test_a_bound_claim_stays_bound_when_its_class_changes() -> None:
    txn = changed(settled(claim("c"), volume("v")), VOLUME, "v", storageClassName="other")

    assert phases(txn) == {"c": "Bound", "v": "Bound"}
