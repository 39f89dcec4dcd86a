"""Where pods find the API server, and that nobody can take that away."""

from __future__ import annotations

import pytest

from svcnet.api.keys import Document, Key
from svcnet.control.apiserver import registry
from svcnet.control.apiserver.kubernetes_service import ITS_ENDPOINTS, ITS_SLICE, KUBERNETES
from svcnet.store.transaction import Transaction
from tests.control.clusters import cluster
from tests.control.workbench import resettled


def there(txn: Transaction, key: Key) -> Document:
    document = txn.get(key)
    assert document is not None
    return document


def test_the_slice_is_as_on_every_cluster() -> None:
    found = there(cluster(), ITS_SLICE)

    assert found["metadata"]["labels"] == {"kubernetes.io/service-name": "kubernetes"}
    assert "ownerReferences" not in found["metadata"]
    assert {**found, "metadata": ""} == {
        "addressType": "IPv4",
        "apiVersion": "discovery.k8s.io/v1",
        "endpoints": [{"addresses": ["192.168.50.10"], "conditions": {"ready": True}}],
        "kind": "EndpointSlice",
        "metadata": "",
        "ports": [{"name": "https", "port": 6443, "protocol": "TCP"}],
    }


def test_the_endpoints_are_not_mirrored() -> None:
    txn = cluster()
    resettled(txn)

    found = there(txn, ITS_ENDPOINTS)
    assert found["metadata"]["labels"] == {"endpointslice.kubernetes.io/skip-mirror": "true"}
    assert found["subsets"] == [
        {
            "addresses": [{"ip": "192.168.50.10"}],
            "ports": [{"name": "https", "port": 6443, "protocol": "TCP"}],
        }
    ]
    assert len(txn.list(ITS_SLICE.resource)) == 1


@pytest.mark.parametrize("key", [KUBERNETES, ITS_ENDPOINTS, ITS_SLICE])
def test_what_is_deleted_is_made_again(key: Key) -> None:
    txn = cluster()
    before = there(txn, key)

    registry.delete(txn, key)
    resettled(txn)

    after = there(txn, key)
    assert after["metadata"].pop("uid") != before["metadata"].pop("uid")
    assert after["metadata"].pop("resourceVersion") != before["metadata"].pop("resourceVersion")
    assert after == before
    assert there(txn, ITS_ENDPOINTS)["subsets"]
    assert there(txn, ITS_SLICE)["endpoints"]


def test_an_api_server_that_says_nothing_has_no_endpoints() -> None:
    txn = cluster(advertise_address="")

    registry.delete(txn, KUBERNETES)

    assert txn.get(KUBERNETES) is not None
    assert txn.list(ITS_ENDPOINTS.resource) == []
    assert txn.list(ITS_SLICE.resource) == []
