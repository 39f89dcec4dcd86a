"""What goes at once, what stays for a while, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.keys import Document, Key
from svcnet.api.merge import Patch, PatchType
from svcnet.control.apiserver import registry
from svcnet.errors import Conflict, Forbidden, NotFound
from svcnet.store.pools import Pool
from svcnet.store.transaction import Transaction
from tests.control.clusters import cluster, created, held, key

POD = Key("pods", "default", "p")


def pod(**metadata: Any) -> Document:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p", "namespace": "default", **metadata},
        "spec": {"nodeName": "n1", "containers": [{"name": "c", "image": "nginx"}]},
    }


def marked(txn: Transaction, where: Key) -> Document:
    document = txn.get(where)
    assert document is not None
    metadata: Document = document["metadata"]
    return metadata


def test_what_is_not_there_cannot_be_deleted() -> None:
    with pytest.raises(NotFound, match=r'^services "s" not found$'):
        registry.delete(cluster(), key("s"))


@pytest.mark.parametrize("name", ["default", "kube-system", "kube-public"])
def test_some_namespaces_may_not_be_deleted(name: str) -> None:
    with pytest.raises(Forbidden) as error:
        registry.delete(cluster(), Key("namespaces", "", name))

    told = f'namespaces "{name}" is forbidden: this namespace may not be deleted'
    assert str(error.value) == told


def test_a_namespace_is_marked_and_takes_in_nothing_more() -> None:
    txn = cluster()
    where = Key("namespaces", "", "dev")
    registry.create(txn, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "dev"}})

    gone = registry.delete(txn, where)

    assert gone["status"]["phase"] == "Terminating"
    assert marked(txn, where)["deletionTimestamp"] == txn.now
    document = pod() | {"metadata": {"name": "p", "namespace": "dev"}}
    with pytest.raises(Forbidden) as error:
        registry.create(txn, document)
    assert str(error.value) == (
        'pods "p" is forbidden: unable to create new content in namespace dev because it is '
        "being terminated"
    )


def test_the_service_of_the_api_server_comes_back() -> None:
    """Recorded: `delete svc --all` leaves a new default/kubernetes behind."""
    txn = cluster()
    before = marked(txn, key("kubernetes"))["uid"]

    registry.delete(txn, key("kubernetes"))

    assert marked(txn, key("kubernetes"))["uid"] != before
    assert held(txn, Pool.CLUSTER_IPS) == {"10.96.0.1": key("kubernetes")}


def test_an_ip_address_of_a_service_comes_back() -> None:
    txn = cluster()
    where = Key("ipaddresses.networking.k8s.io", "", "10.96.0.1")

    registry.delete(txn, where)

    assert marked(txn, where)["name"] == "10.96.0.1"


def test_a_service_takes_its_endpoints_along() -> None:
    txn = cluster()
    created(txn, "s")
    endpoints = {"name": "s", "namespace": "default"}
    registry.create(txn, {"apiVersion": "v1", "kind": "Endpoints", "metadata": endpoints})

    registry.delete(txn, key("s"))

    assert txn.get(key("s")._replace(resource="endpoints")) is None


def test_a_held_pod_stays_until_it_is_let_go() -> None:
    """Recorded with the annotation ``svcnet/hold``."""
    txn = cluster()
    registry.create(txn, pod(annotations={"svcnet/hold": "yes"}))

    registry.delete(txn, POD)
    metadata = marked(txn, POD)
    registry.delete(txn, POD)

    assert metadata["deletionTimestamp"] == "2026-11-23T17:00:15Z"
    assert metadata["deletionGracePeriodSeconds"] == 30
    assert marked(txn, POD) == metadata
    change = Patch(PatchType.MERGE, {"metadata": {"annotations": {"svcnet/hold": None}}})
    registry.patch(txn, POD, change)
    assert txn.get(POD) is None


def test_force_does_not_wait_for_a_held_pod() -> None:
    txn = cluster()
    registry.create(txn, pod(annotations={"svcnet/hold": "yes"}))
    registry.delete(txn, POD)

    registry.delete(txn, POD, grace_period=0)

    assert txn.get(POD) is None


def test_finalizers_hold_against_force() -> None:
    txn = cluster()
    registry.create(txn, pod(finalizers=["example.com/wait"]))

    registry.delete(txn, POD, grace_period=0)
    assert marked(txn, POD)["deletionTimestamp"]
    change = Patch(PatchType.MERGE, {"metadata": {"finalizers": None}})
    registry.patch(txn, POD, change)

    assert txn.get(POD) is None


def test_orphans_lose_their_owner() -> None:
    txn = cluster()
    created(txn, "s")
    uid = marked(txn, key("s"))["uid"]
    owner = {"apiVersion": "v1", "kind": "Service", "name": "s", "uid": uid}
    registry.create(txn, pod(ownerReferences=[owner]))

    registry.delete(txn, key("s"), propagation="Orphan")

    assert "ownerReferences" not in marked(txn, POD)


def test_a_dry_run_deletes_nothing() -> None:
    txn = cluster()
    created(txn, "s")

    registry.delete(txn, key("s"), dry_run=True)

    assert txn.get(key("s"))


def test_another_object_of_the_name_is_not_deleted() -> None:
    txn = cluster()
    created(txn, "s")

    with pytest.raises(Conflict):
        registry.delete(txn, key("s"), uid="11111111-2222-4333-8444-555555555555")


def test_an_object_that_is_to_go_has_another_generation() -> None:
    """BeforeDelete() and markAsDeleting(), both only the first time."""
    txn = cluster()
    registry.create(txn, pod(finalizers=["example.com/wait"]))
    assert marked(txn, POD)["generation"] == 1

    registry.delete(txn, POD)
    assert marked(txn, POD)["generation"] == 2
    registry.delete(txn, POD)
    assert marked(txn, POD)["generation"] == 2


def test_what_has_no_generation_gets_none_when_it_is_to_go() -> None:
    txn = cluster()
    created(txn, "s")
    registry.patch(txn, key("s"), Patch(PatchType.MERGE, {"metadata": {"finalizers": ["a.b/c"]}}))

    registry.delete(txn, key("s"))

    assert "deletionTimestamp" in marked(txn, key("s"))
    assert "generation" not in marked(txn, key("s"))
