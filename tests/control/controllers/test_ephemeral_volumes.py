"""Claims that are made for one pod."""

from __future__ import annotations

from svcnet.control.apiserver import registry
from tests.control.workbench import claim, deleted, key, pod, read, resettled, settled, volume


def test_a_claim_is_made_for_a_pod_and_goes_with_it() -> None:
    form = {"metadata": {"labels": {"a": "b"}}, "spec": claim("")["spec"]}
    document = pod("p", volumes=[{"name": "v", "ephemeral": {"volumeClaimTemplate": form}}])

    txn = settled(document)

    made = read(txn, "PersistentVolumeClaim", "p-v")
    (owner,) = made["metadata"]["ownerReferences"]
    assert (owner["kind"], owner["name"]) == ("Pod", "p")
    assert made["metadata"]["labels"] == {"a": "b"}
    registry.create(txn, volume("one"))
    assert read(resettled(txn), "Pod", "p")["status"]["phase"] == "Running"
    deleted(txn, "Pod", "p")
    assert txn.get(key("PersistentVolumeClaim", "p-v")) is None
