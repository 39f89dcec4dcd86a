"""What goes with its namespace."""

from __future__ import annotations

from svcnet.api.keys import Document, Key
from svcnet.control.apiserver import registry
from svcnet.store.transaction import Transaction
from tests.control.clusters import cluster
from tests.control.workbench import (
    HOLD,
    deployment,
    pod,
    resettled,
    selecting,
)


def in_namespace(document: Document, namespace: str) -> Document:
    return {**document, "metadata": {**document["metadata"], "namespace": namespace}}


def namespaced(*documents: Document) -> Transaction:
    """A cluster with a namespace dev that holds `documents`."""
    txn = cluster()
    dev: Document = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "dev"}}
    for each in (dev, *(in_namespace(each, "dev") for each in documents)):
        registry.create(txn, each)
    return resettled(txn)


def test_a_namespace_goes_with_all_that_is_in_it() -> None:
    txn = namespaced(deployment("web", 2), selecting("web"))

    registry.delete(txn, Key("namespaces", "", "dev"))
    resettled(txn)

    assert txn.get(Key("namespaces", "", "dev")) is None
    assert txn.resources("dev") == ()


def test_a_namespace_waits_for_pods_that_are_held() -> None:
    txn = namespaced(pod("p", annotations=HOLD))

    registry.delete(txn, Key("namespaces", "", "dev"))
    resettled(txn)
    assert txn.get(Key("namespaces", "", "dev")) is not None

    registry.delete(txn, Key("pods", "dev", "p"), grace_period=0)
    resettled(txn)
    assert txn.get(Key("namespaces", "", "dev")) is None
