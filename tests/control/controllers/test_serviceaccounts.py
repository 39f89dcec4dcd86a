"""Every namespace has an account for its pods."""

from __future__ import annotations

from svcnet.api.keys import Key
from svcnet.control.apiserver import registry
from svcnet.store.transaction import Transaction
from tests.control.clusters import cluster
from tests.control.workbench import resettled

FIRST = ["default", "kube-node-lease", "kube-public", "kube-system"]


def namespaces_with_one(txn: Transaction) -> list[str]:
    return [
        each["metadata"]["namespace"]
        for each in txn.list("serviceaccounts")
        if each["metadata"]["name"] == "default"
    ]


def made(txn: Transaction, name: str, *finalizers: str) -> None:
    registry.create(
        txn,
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": name, "finalizers": list(finalizers)},
        },
    )
    resettled(txn)


def test_the_first_namespaces_have_one() -> None:
    txn = cluster()

    resettled(txn)

    assert namespaces_with_one(txn) == FIRST


def test_a_new_namespace_gets_one_and_it_comes_back() -> None:
    txn = cluster()
    made(txn, "a")
    key = Key("serviceaccounts", "a", "default")
    first = txn.get(key)

    registry.delete(txn, key)
    resettled(txn)

    second = txn.get(key)
    assert first is not None
    assert second is not None
    assert first["metadata"]["uid"] != second["metadata"]["uid"]


def test_a_namespace_that_goes_gets_none() -> None:
    txn = cluster()
    made(txn, "held", "example.com/hold")

    registry.delete(txn, Key("namespaces", "", "held"))
    resettled(txn)

    assert txn.get(Key("namespaces", "", "held")) is not None
    assert namespaces_with_one(txn) == FIRST


def test_other_accounts_stay_away_when_they_are_deleted() -> None:
    txn = cluster()
    document = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "clerk", "namespace": "default"},
    }
    registry.create(txn, document)
    resettled(txn)

    registry.delete(txn, Key("serviceaccounts", "default", "clerk"))
    resettled(txn)

    assert txn.get(Key("serviceaccounts", "default", "clerk")) is None
