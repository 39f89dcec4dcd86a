"""What goes with its owner."""

from __future__ import annotations

from svcnet.api.keys import Document, Key
from svcnet.control.apiserver import registry
from svcnet.store.transaction import Transaction
from tests.control.clusters import ANYTHING
from tests.control.workbench import (
    deleted,
    deployment,
    key,
    names,
    pods,
    read,
    resettled,
    settled,
    workload,
)


def test_a_deployments_sets_and_pods_go_with_it() -> None:
    before = settled().resources("default")
    txn = settled(deployment("web", 2))

    deleted(txn, "Deployment", "web")

    assert txn.resources("default") == before


def test_orphans_stay() -> None:
    txn = settled(deployment("web", 2))

    registry.delete(txn, key("Deployment", "web"), propagation="Orphan")
    resettled(txn)

    assert len(pods(txn)) == 2


def test_what_has_another_owner_left_stays() -> None:
    txn = settled(deployment("a", 0), deployment("b", 0))
    owners = [
        {"apiVersion": "apps/v1", "kind": "Deployment", "name": name, "uid": uid}
        for name in ("a", "b")
        for uid in [read(txn, "Deployment", name)["metadata"]["uid"]]
    ]
    shared: Document = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "both", "namespace": "default", "ownerReferences": owners},
    }
    where = Key("configmaps", "default", "both")
    registry.create(txn, shared)

    deleted(txn, "Deployment", "a")
    kept = txn.get(where)
    assert kept is not None
    assert [each["name"] for each in kept["metadata"]["ownerReferences"]] == ["b"]

    deleted(txn, "Deployment", "b")
    assert txn.get(where) is None


def test_a_custom_kind_of_the_same_name_owns_nothing_of_a_deployments() -> None:
    """Seen on a real 1.36: deleting a `Deployment` of another group leaves ReplicaSets alone."""
    txn = settled(deployment("web", 2))
    definition: Document = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "deployments.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Deployment", "plural": "deployments"},
            "scope": "Namespaced",
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": ANYTHING}],
        },
    }
    registry.create(txn, definition)
    other: Document = {
        "apiVersion": "example.com/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "default"},
    }
    registry.create(txn, other)
    before = uids(txn)
    assert len(before) == 3
    resettled(txn)
    registry.delete(txn, Key("deployments.example.com", "default", "web"))
    resettled(txn)

    assert uids(txn) == before


def uids(txn: Transaction) -> set[str]:
    """The uids of all ReplicaSets and pods."""
    found = [*txn.list("replicasets.apps"), *pods(txn)]
    return {each["metadata"]["uid"] for each in found}


def test_what_another_object_of_the_same_name_owned_goes_when_it_is_replaced() -> None:
    """As `replace --force` does it: both within one command."""
    txn = settled(deployment("web", 2))
    before = uids(txn)

    registry.delete(txn, key("Deployment", "web"))
    registry.create(txn, deployment("web", 1))
    resettled(txn)

    assert len(uids(txn)) == 2
    assert not uids(txn) & before


def test_an_owner_is_known_by_its_uid_and_not_by_its_name() -> None:
    """An import may bring what names an owner that is not there: it stays, whoever is so called."""
    txn = settled()
    stray: Document = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "stray",
            "namespace": "default",
            "ownerReferences": [
                {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "gone"}
            ],
        },
    }
    txn.put(stray)
    resettled(txn)
    registry.create(txn, deployment("web", 0))
    resettled(txn)

    deleted(txn, "Deployment", "web")

    assert txn.get(Key("configmaps", "default", "stray"))


def test_workloads_of_every_kind_go_without_a_trace() -> None:
    txn = settled(workload("StatefulSet", "db", replicas=2), workload("DaemonSet", "agent"))

    deleted(deleted(txn, "StatefulSet", "db"), "DaemonSet", "agent")

    assert names(txn.list("controllerrevisions.apps")) == []
    assert pods(txn) == []
