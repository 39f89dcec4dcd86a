"""What was given stays, also where the history of its owner was not given, or is another's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from svcnet.api.keys import Document
from svcnet.control.apiserver.restore import import_objects
from svcnet.control.controllers.statefulsets import POD_INDEX
from svcnet.control.manager import settle
from svcnet.store.transaction import Transaction
from tests.control.apiserver.dumps import (
    HISTORY,
    dumped,
    foreign,
    pods_of,
    restored,
    slices_of,
)
from tests.control.workbench import (
    UNREADY,
    changed,
    deleted,
    images,
    read,
    scaled,
    selecting,
    settled,
    template,
    workload,
)

COUNT = "deprecated.daemonset.template.generation"


def rolling(**fields: Any) -> Document:
    return {"type": "RollingUpdate", "rollingUpdate": fields}


BY_HAND = {"type": "OnDelete"}
OWNERS = {
    "Deployment": workload("Deployment", "web", replicas=3),
    "StatefulSet": workload("StatefulSet", "web", replicas=3),
    "partition": workload("StatefulSet", "web", replicas=3, updateStrategy=rolling(partition=2)),
    "StatefulSet by hand": workload("StatefulSet", "web", replicas=3, updateStrategy=BY_HAND),
    "DaemonSet": workload("DaemonSet", "web"),
    "DaemonSet by hand": workload("DaemonSet", "web", updateStrategy=BY_HAND),
}


def updated(owner: Document) -> Transaction:
    """A cluster with `owner`, once its image is another, as far as its strategy goes."""
    txn = settled(selecting("web"), owner)
    changed(txn, owner["kind"], "web", template=template("web", image="nginx:2"))
    if owner["spec"].get("updateStrategy") == BY_HAND:
        # One pod of each template.
        name = min(each["metadata"]["name"] for each in txn.list("pods"))
        deleted(txn, "Pod", name)
    return txn


def without_status(documents: Iterable[Document]) -> list[Document]:
    """The same with owners as a manifest has them: nothing tells what became of them."""
    return [
        {
            **{name: value for name, value in each.items() if name != "status"},
            "metadata": {
                name: value
                for name, value in each["metadata"].items()
                if name not in ("generation", "annotations")
            },
        }
        if each["kind"] in ("Deployment", "StatefulSet", "DaemonSet")
        else each
        for each in documents
    ]


@pytest.mark.parametrize("missing", [(), HISTORY], ids=["whole", "without history"])
@pytest.mark.parametrize("version", ["ours", "another version's"])
@pytest.mark.parametrize("owner", OWNERS)
def test_pods_and_slices_stay_as_they_were_given(
    owner: str, version: str, missing: tuple[str, ...]
) -> None:
    dump = dumped(updated(OWNERS[owner]), without=missing)
    if version != "ours":
        dump = foreign(dump)

    txn = restored(dump)

    now = dumped(txn)
    assert pods_of(now) == pods_of(dump)
    assert slices_of(now) == slices_of(dump)


@pytest.mark.parametrize("owner", OWNERS)
def test_pods_stay_where_nothing_tells_what_became_of_their_owner(owner: str) -> None:
    dump = without_status(dumped(updated(OWNERS[owner]), without=HISTORY))

    assert pods_of(dumped(restored(foreign(dump)))) == pods_of(foreign(dump))


@pytest.mark.parametrize("owner", OWNERS)
def test_importing_the_same_again_changes_nothing(owner: str) -> None:
    dump = foreign(dumped(updated(OWNERS[owner]), without=HISTORY))
    txn = restored(dump)
    before = dumped(txn)

    import_objects(txn, dump)
    settle(txn)

    assert pods_of(dumped(txn)) == pods_of(before)
    kinds = ("ControllerRevision", "ReplicaSet")
    assert [each["metadata"]["name"] for each in dumped(txn) if each["kind"] in kinds] == [
        each["metadata"]["name"] for each in before if each["kind"] in kinds
    ]


@pytest.mark.parametrize("stripped", [False, True])
@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
def test_afterwards_an_update_replaces_every_pod(kind: str, stripped: bool) -> None:
    dump = foreign(dumped(updated(OWNERS[kind]), without=HISTORY))
    txn = restored(without_status(dump) if stripped else dump)

    changed(txn, kind, "web", template=template("web", image="nginx:3"))

    assert [*images(txn).values()] == ["nginx:3"] * 3


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet"])
def test_afterwards_scaling_keeps_the_pods_there_are(kind: str) -> None:
    dump = foreign(dumped(updated(OWNERS[kind]), without=HISTORY))
    txn = restored(dump)

    scaled(txn, kind, "web", 4)

    now = pods_of(dumped(txn))
    assert len(now) == 4
    assert pods_of(dump).items() <= now.items()
    assert [*images(txn).values()] == ["nginx:2"] * 4


def test_a_pod_below_the_partition_comes_back_as_it_was() -> None:
    """Its template was in no revision of the dump, and is made out from the pods."""
    txn = restored(dumped(updated(OWNERS["partition"]), without=HISTORY))
    assert [*images(txn).values()] == ["nginx:1", "nginx:1", "nginx:2"]
    before = read(txn, "Pod", "web-0")

    deleted(txn, "Pod", "web-0")

    after = read(txn, "Pod", "web-0")
    assert after["metadata"]["uid"] != before["metadata"]["uid"]
    assert after["spec"] == before["spec"]
    assert after["metadata"]["labels"] == before["metadata"]["labels"]


@pytest.mark.parametrize("name", ["partition", "StatefulSet by hand"])
def test_the_history_is_in_the_order_of_the_pods(name: str) -> None:
    whole = updated(OWNERS[name])
    txn = restored(dumped(whole, without=HISTORY))

    def told(txn: Transaction) -> list[tuple[str, int, Any]]:
        return [
            (each["metadata"]["name"], each["revision"], each["data"])
            for each in txn.list("controllerrevisions.apps")
        ]

    assert told(txn) == told(whole)


def test_a_daemon_sets_history_is_in_the_order_of_the_pods() -> None:
    """Also the labels, the owner and the annotations of the newest."""
    whole = updated(OWNERS["DaemonSet by hand"])
    txn = restored(dumped(whole, without=HISTORY))

    for mine, theirs in zip(
        txn.list("controllerrevisions.apps"), whole.list("controllerrevisions.apps"), strict=True
    ):
        assert mine["revision"] == theirs["revision"]
        assert mine["data"] == theirs["data"]
        for field in ("name", "labels", "ownerReferences"):
            assert mine["metadata"][field] == theirs["metadata"][field]
    newest = max(txn.list("controllerrevisions.apps"), key=lambda each: each["revision"])
    assert newest["metadata"]["annotations"] == {COUNT: "2"}


def test_a_rollout_goes_on_where_it_was() -> None:
    """One pod that does not serve holds it up, here as there."""
    txn = settled(selecting("web"), OWNERS["StatefulSet"])
    changed(txn, "StatefulSet", "web", template=template("web", UNREADY, image="nginx:2"))
    dump = dumped(txn, without=HISTORY)

    again = restored(dump)

    assert pods_of(dumped(again)) == pods_of(dump)
    assert [*images(again).values()] == ["nginx:1", "nginx:1", "nginx:2"]
    changed(again, "StatefulSet", "web", template=template("web", image="nginx:3"))
    deleted(again, "Pod", "web-2")
    assert [*images(again).values()] == ["nginx:3"] * 3


def test_a_status_that_is_out_of_date_names_no_present_template() -> None:
    """The template may have changed since; pods that fit it tell more."""
    txn = updated(OWNERS["partition"])
    owner = read(txn, "StatefulSet", "web")
    old, new = owner["status"]["currentRevision"], owner["status"]["updateRevision"]
    status = {**owner["status"], "updateRevision": old, "observedGeneration": 1}
    dump = [each for each in dumped(txn, without=HISTORY) if each["kind"] != "StatefulSet"]

    again = restored([*dump, {**owner, "status": status}])

    assert pods_of(dumped(again)) == pods_of(dump)
    assert read(again, "StatefulSet", "web")["status"]["updateRevision"] == new


def test_a_daemon_sets_lost_number_is_that_of_its_pods() -> None:
    txn = updated(OWNERS["DaemonSet"])
    changed(txn, "DaemonSet", "web", template=template("web", image="nginx:3"))
    dump = without_status(dumped(txn, without=HISTORY))

    again = restored(dump)

    assert read(again, "DaemonSet", "web")["metadata"]["annotations"] == {COUNT: "3"}
    changed(again, "DaemonSet", "web", template=template("web", image="nginx:4"))
    assert read(again, "DaemonSet", "web")["metadata"]["annotations"] == {COUNT: "4"}


def test_another_template_of_a_known_daemon_set_has_another_number() -> None:
    """A manifest that is imported again knows no number."""
    manifest = workload("DaemonSet", "web")
    txn = settled(manifest)
    spec = {**manifest["spec"], "template": template("web", image="nginx:2")}

    for _ in range(2):
        import_objects(txn, [{**manifest, "spec": spec}])
        settle(txn)

    assert read(txn, "DaemonSet", "web")["metadata"]["annotations"] == {COUNT: "2"}
    assert [*images(txn).values()] == ["nginx:2"] * 3


def test_pods_of_nobody_who_is_given_stay() -> None:
    for owner in OWNERS.values():
        dump = dumped(updated(owner), without=(*HISTORY, owner["kind"]))

        now = dumped(restored(dump))

        assert pods_of(now) == pods_of(dump)
        assert slices_of(now) == slices_of(dump)


def test_daemons_on_nodes_that_are_not_given_stay() -> None:
    dump = dumped(updated(OWNERS["DaemonSet"]), without=(*HISTORY, "Node"))

    assert pods_of(dumped(restored(dump))) == pods_of(dump)


def test_a_new_pod_of_an_imported_set_bears_the_revision_of_the_others() -> None:
    dump = foreign(dumped(updated(OWNERS["StatefulSet"]), without=HISTORY))
    txn = scaled(restored(dump), "StatefulSet", "web", 4)

    labels = [each["metadata"]["labels"] for each in txn.list("pods")]
    assert len({each["controller-revision-hash"] for each in labels}) == 1
    assert sorted(each[POD_INDEX] for each in labels) == ["0", "1", "2", "3"]


def test_a_set_without_pods_makes_its_own_history() -> None:
    txn = settled(selecting("web"), workload("StatefulSet", "web", replicas=0))
    (theirs,) = txn.list("controllerrevisions.apps")
    again = restored(dumped(txn, without=HISTORY))

    (mine,) = again.list("controllerrevisions.apps")
    assert mine["metadata"]["name"] == theirs["metadata"]["name"]
