"""ServiceCIDRs: ready when they come, and going when nothing depends on them."""

from __future__ import annotations

import pytest

from svcnet.api.keys import Document, Key
from svcnet.control.apiserver import registry
from svcnet.control.manager import settle
from svcnet.errors import Invalid
from svcnet.store.transaction import Transaction
from tests.control.clusters import cluster, created, key, service_cidr

EXTRA = Key("servicecidrs.networking.k8s.io", "", "extra")


def with_extra() -> Transaction:
    txn = cluster()
    registry.create(txn, service_cidr("extra", "10.100.0.0/28"))
    settle(txn)
    return txn


def ready(txn: Transaction) -> Document:
    document = txn.get(EXTRA)
    assert document is not None
    [condition] = document["status"]["conditions"]
    found: Document = condition
    return found


def test_a_new_range_becomes_ready_and_protected() -> None:
    txn = with_extra()

    document = txn.get(EXTRA)
    assert document is not None
    assert document["metadata"]["finalizers"] == ["networking.k8s.io/service-cidr-finalizer"]
    assert ready(txn)["message"] == "Kubernetes Service CIDR is ready"


def test_an_unused_range_goes_at_once() -> None:
    txn = with_extra()

    registry.delete(txn, EXTRA)
    settle(txn)

    assert txn.get(EXTRA) is None


def test_a_used_range_stays_until_its_last_address_is_given_back() -> None:
    """Recorded; and what is going gives no addresses."""
    txn = cluster(service_cidrs=("10.96.0.0/29",))
    registry.create(txn, service_cidr("extra", "10.200.0.0/28"))
    created(txn, "s", clusterIP="10.200.0.3")
    settle(txn)

    registry.delete(txn, EXTRA)
    settle(txn)
    with pytest.raises(Invalid, match="the provided network does not match the current range"):
        created(txn, "t", clusterIP="10.200.0.4")
    assert ready(txn)["reason"] == "Terminating"
    registry.delete(txn, key("s"))
    settle(txn)

    assert txn.get(EXTRA) is None


def test_a_range_within_another_is_not_missed() -> None:
    txn = with_extra()
    created(txn, "s", clusterIP="10.100.0.9")

    registry.delete(txn, EXTRA)
    settle(txn)

    # 10.100.0.0/28 lies in the cluster's own 10.96.0.0/12.
    assert txn.get(EXTRA) is None


def test_settling_again_asks_for_nothing() -> None:
    txn = with_extra()
    before = txn.revision

    settle(txn)

    assert txn.revision == before
