"""ReplicaSets that nobody gave, of Deployments in the middle of a rollout among others."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.keys import Document
from svcnet.store.transaction import Transaction
from tests.control.apiserver.dumps import dumped, foreign, pods_of, restored, slices_of
from tests.control.workbench import (
    UNREADY,
    changed,
    deployment,
    images,
    read,
    selecting,
    settled,
    template,
)

SETS = ("ReplicaSet",)


def halfway() -> Transaction:
    """A Deployment whose new pod does not serve, so that two old ones stay."""
    rolling = {"maxSurge": 1, "maxUnavailable": 1}
    strategy = {"type": "RollingUpdate", "rollingUpdate": rolling}
    txn = settled(selecting("web"), deployment("web", 3, strategy=strategy))
    broken = template("web", UNREADY, image="nginx:2")
    return changed(txn, "Deployment", "web", template=broken)


def of_sets(txn: Transaction) -> list[tuple[Any, ...]]:
    """What tells the ReplicaSets of a cluster apart, and what they want."""
    return [
        (
            each["metadata"]["name"],
            each["metadata"]["uid"],
            each["metadata"]["annotations"]["deployment.kubernetes.io/revision"],
            each["spec"],
        )
        for each in txn.list("replicasets.apps")
    ]


@pytest.mark.parametrize("told", [True, False], ids=["with conditions", "without"])
def test_a_rollout_halfway_stays_there(told: bool) -> None:
    """Both sets are made out: the new one by the status or by its pods, the old one's template
    by its pods."""
    txn = halfway()
    dump = dumped(txn, without=SETS)
    if not told:
        for each in dump:
            if each["kind"] == "Deployment":
                each["status"] = {**each["status"], "conditions": []}

    again = restored(dump)

    assert sorted(images(again).values()) == ["nginx:1", "nginx:1", "nginx:2", "nginx:2"]
    assert pods_of(dumped(again)) == pods_of(dump)
    assert slices_of(dumped(again)) == slices_of(dump)
    assert of_sets(again) == of_sets(txn)


def test_what_is_made_out_can_be_rolled_back_to() -> None:
    again = restored(foreign(dumped(halfway(), without=SETS)))
    (old,) = (
        each
        for each in again.list("replicasets.apps")
        if each["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "1"
    )
    before = pods_of(dumped(again))

    changed(again, "Deployment", "web", template=template("web"))

    kept = {name: each for name, each in before.items() if each[3] == ["nginx:1"]}
    assert len(kept) == 2
    assert kept.items() <= pods_of(dumped(again)).items()
    assert [*images(again).values()] == ["nginx:1"] * 3
    assert all(name.startswith(old["metadata"]["name"]) for name in images(again))


def test_pods_that_were_changed_on_their_way_in_stay() -> None:
    """Another registry, and a sidecar: the only set is the present one, whatever it runs."""
    txn = settled(selecting("web"), deployment("web", 2))
    dump: list[Document] = []
    for each in dumped(txn, without=SETS):
        if each["kind"] == "Pod":
            (container,) = each["spec"]["containers"]
            sidecar = {**container, "name": "proxy", "image": "proxy:1", "ports": []}
            mirrored = {**container, "image": f"mirror.example/{container['image']}"}
            each["spec"] = {**each["spec"], "containers": [mirrored, sidecar]}
        dump.append(each)

    again = restored(dump)

    assert pods_of(dumped(again)) == pods_of(dump)
    (made,) = again.list("replicasets.apps")
    template_of_set = made["spec"]["template"]["spec"]
    assert template_of_set == read(again, "Deployment", "web")["spec"]["template"]["spec"]


def test_labels_that_fit_several_deployments_are_told_apart_by_names() -> None:
    """`a` would take in the pods of `web`, too, and comes first."""
    wide = deployment("a", 1, template("web"))
    wide["spec"]["selector"] = {"matchLabels": {"app": "web"}}
    txn = settled(selecting("web"), wide, deployment("web", 2))
    dump = dumped(txn, without=SETS)

    again = restored(dump)

    assert pods_of(dumped(again)) == pods_of(dump)
    owners = {
        each["metadata"]["name"]: each["metadata"]["ownerReferences"][0]["name"]
        for each in again.list("replicasets.apps")
    }
    assert owners == {
        each["metadata"]["name"]: each["metadata"]["ownerReferences"][0]["name"]
        for each in txn.list("replicasets.apps")
    }


def test_a_given_set_with_the_present_template_stays_the_newest() -> None:
    """Only the old one was left out."""
    txn = halfway()
    newest = max(
        txn.list("replicasets.apps"),
        key=lambda each: each["metadata"]["annotations"]["deployment.kubernetes.io/revision"],
    )

    again = restored([*dumped(txn, without=SETS), newest])

    assert pods_of(dumped(again)) == pods_of(dumped(txn))
    assert of_sets(again) == of_sets(txn)
