"""What holds of every settled cluster, whatever was done to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.keys import Key
from svcnet.api.kinds import POD, SERVICE
from svcnet.control.apiserver import registry
from svcnet.control.manager import Controller, settle
from svcnet.snapshot import Put, Snapshot
from svcnet.store.pools import Pool
from svcnet.store.transaction import Transaction
from tests.control.clusters import cluster, held, said
from tests.control.workbench import (
    HOLD,
    UNREADY,
    deleted,
    deployment,
    endpoints,
    key,
    pods,
    read,
    resettled,
    scaled,
    selecting,
    settled,
    slices,
    template,
    turned,
    workload,
)

ALL = [
    selecting("web"),
    selecting("all", ipFamilyPolicy="PreferDualStack"),
    deployment("web", 3),
    workload("StatefulSet", "db", replicas=2),
    workload("DaemonSet", "agent"),
]

steps = st.lists(
    st.one_of(
        st.tuples(st.just("scale"), st.sampled_from(["web", "db"]), st.integers(0, 8)),
        st.tuples(st.just("flip"), st.integers(0, 20), st.booleans()),
        st.tuples(st.just("drop"), st.integers(0, 20), st.just(0)),
        st.tuples(st.just("image"), st.sampled_from(["web", "db", "agent"]), st.integers(2, 4)),
        st.tuples(st.just("node"), st.sampled_from(["n1", "n2", "n3"]), st.booleans()),
        st.tuples(st.just("annotate"), st.integers(0, 20), st.sampled_from([HOLD, UNREADY])),
    ),
    max_size=8,
)

KINDS = {"web": "Deployment", "db": "StatefulSet", "agent": "DaemonSet"}


def taken(txn: Transaction, step: tuple[object, ...]) -> None:
    """Do one step to a cluster, and settle it."""
    match step:
        case ("scale", str(name), int(replicas)):
            scaled(txn, KINDS[name], name, replicas)
        case ("flip", int(index), bool(ready)) if found := started(txn):
            turned(txn, "Pod", found[index % len(found)], ready=ready)
        case ("drop", int(index), _) if found := started(txn):
            deleted(txn, "Pod", found[index % len(found)])
        case ("image", str(name), int(version)):
            document = read(txn, KINDS[name], name)
            spec = {**document["spec"], "template": template(name, image=f"nginx:{version}")}
            registry.update(txn, {**document, "spec": spec})
            resettled(txn)
        case ("node", str(name), bool(ready)):
            turned(txn, "Node", name, ready=ready)
        case ("annotate", int(index), dict(annotations)) if found := started(txn):
            document = read(txn, "Pod", found[index % len(found)])
            metadata = {**document["metadata"], "annotations": annotations}
            registry.update(txn, {**document, "metadata": metadata})
            resettled(txn)


def started(txn: Transaction) -> list[str]:
    return [each["metadata"]["name"] for each in pods(txn) if "startTime" in each["status"]]


def lived_through(history: list[tuple[object, ...]]) -> Transaction:
    txn = settled(*ALL)
    for step in history:
        taken(txn, step)
    return txn


@given(history=steps)
def test_a_second_settling_asks_for_nothing(history: list[tuple[object, ...]]) -> None:
    txn = lived_through(history)
    for resource in txn.resources():
        for document in txn.list(resource):
            txn.put(document)
    before = txn.revision

    settle(txn)

    assert txn.revision == before


@given(history=steps)
def test_every_pod_that_counts_is_one_endpoint(history: list[tuple[object, ...]]) -> None:
    txn = lived_through(history)

    shown = Counter(each["targetRef"]["name"] for each in endpoints(txn, "web"))

    counting = [
        each["metadata"]["name"] for each in pods(txn, "web") if each["status"].get("podIP")
    ]
    assert shown == Counter(counting)


@given(history=steps)
def test_an_endpoint_is_ready_exactly_when_its_pod_is_and_stays(
    history: list[tuple[object, ...]],
) -> None:
    txn = lived_through(history)

    for each in endpoints(txn, "web"):
        pod = read(txn, "Pod", each["targetRef"]["name"])
        ready = any(
            c["type"] == "Ready" and c["status"] == "True" for c in pod["status"]["conditions"]
        )
        leaving = "deletionTimestamp" in pod["metadata"]
        assert each["conditions"] == {
            "ready": ready and not leaving,
            "serving": ready,
            "terminating": leaving,
        }


@given(history=steps)
def test_claims_equal_what_documents_say(history: list[tuple[object, ...]]) -> None:
    txn = lived_through(history)

    for pool in Pool:
        assert held(txn, pool) == said(txn, pool)


@given(history=steps)
def test_deleting_all_returns_all(history: list[tuple[object, ...]]) -> None:
    txn = lived_through(history)
    for name, kind in KINDS.items():
        registry.delete(txn, key(kind, name))
    for name in ("web", "all"):
        registry.delete(txn, key("Service", name))
    resettled(txn)
    for each in pods(txn):
        registry.delete(txn, key("Pod", each["metadata"]["name"]), grace_period=0)

    resettled(txn)

    assert held(txn, Pool.POD_IPS) == {}
    left = [
        (resource, each["metadata"]["name"])
        for resource in txn.resources("default")
        for each in txn.list(resource, "default")
    ]
    # What every cluster has from the beginning, and could not be deleted for good.
    assert left == [
        ("configmaps", "kube-root-ca.crt"),
        ("endpoints", "kubernetes"),
        ("endpointslices.discovery.k8s.io", "kubernetes"),
        ("serviceaccounts", "default"),
        ("services", "kubernetes"),
    ]


@given(history=steps)
def test_the_same_steps_give_the_same_cluster(history: list[tuple[object, ...]]) -> None:
    first, second = lived_through(history), lived_through(history)

    for resource in first.resources():
        assert first.list(resource) == second.list(resource)


def test_a_service_with_a_selector_always_has_a_slice() -> None:
    txn = settled(selecting("web"))

    (placeholder,) = slices(txn, "web")

    assert (placeholder["endpoints"], placeholder["ports"]) == (None, None)


def test_controllers_that_undo_each_other_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svcnet.control.manager.MAX_ROUNDS", 5)

    def restless(snapshot: Snapshot) -> Iterator[Put]:
        yield from (Put(each) for each in snapshot.documents("nodes"))

    with pytest.raises(RuntimeError, match="not settled after 5 rounds"):
        settle(cluster(), [Controller(restless)])


def test_a_controller_hears_only_of_what_it_watches() -> None:
    heard: list[Key] = []

    def listening(snapshot: Snapshot) -> Iterator[Put]:
        heard.extend(event.key for event in snapshot.changed)
        yield from ()

    txn = settled()
    registry.create(txn, selecting("web"))
    settle(txn, [Controller(listening, (POD,)), Controller(listening, (SERVICE,))])

    assert heard == [key("Service", "web")]
