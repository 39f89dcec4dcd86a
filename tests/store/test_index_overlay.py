"""Objects are found by what they are indexed under, whoever keeps them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from svcnet.api.index_values import by_label, by_node, by_owner, by_selector
from svcnet.api.keys import Document, Key
from svcnet.api.tallies import LOAD, load_of, objects_of
from svcnet.api.workloads import Pod
from svcnet.store.reader import EmptyReader, Reader
from svcnet.store.store import Store
from svcnet.store.transaction import Transaction
from tests.store.kinds_of_store import opened
from tests.store.objects import NOW, SETTINGS, key, node, service

WEB = by_label("app", "web")


def pod(
    name: str, namespace: str = "one", app: str = "web", node: str = "", owner: str = ""
) -> Document:
    owners = [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "x", "uid": owner}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "uid": f"uid-of-{name}",
            "labels": {"app": app, "all": "same"},
            **({"ownerReferences": owners} if owner else {}),
        },
        "spec": {"nodeName": node} if node else {},
    }


def names(documents: list[Document]) -> list[str]:
    return [each["metadata"]["name"] for each in documents]


def fill(txn: Transaction) -> None:
    txn.put(node("n1"))
    txn.put(pod("b", node="n1", owner="u1"))
    txn.put(pod("a", node="n2", owner="u1"))
    txn.put(pod("z-é", app="db", node="n1"))
    txn.put(pod("c", "two", node="n1", owner="u1"))
    txn.put(service("s", "one", selector={"app": "web", "tier": "front"}))


@pytest.fixture
def filled(store: Store) -> Store:
    with store.transaction(NOW) as txn:
        fill(txn)
    return store


@pytest.fixture
def reader(filled: Store, kind: str, where: str) -> Iterator[Reader]:
    del filled
    with opened(kind, where) as store, store.reader() as found:
        yield found


def test_what_is_stored_is_found_by_label_owner_node_and_selector(reader: Reader) -> None:
    assert names(reader.indexed("pods", WEB)) == ["a", "b", "c"]
    assert names(reader.indexed("pods", WEB, "one")) == ["a", "b"]
    assert names(reader.indexed("pods", by_owner("u1"), "two")) == ["c"]
    assert names(reader.indexed("pods", by_node("n1"), "one")) == ["b", "z-é"]
    assert names(reader.indexed("services", by_selector({"app": "web"}), "one")) == ["s"]
    assert reader.indexed("services", WEB) == []
    assert reader.indexed("pods", by_label("app", "we")) == []


def test_rows_have_the_texts_of_the_objects(reader: Reader) -> None:
    (row,) = reader.indexed_rows("pods", by_owner("u1"), "two")

    assert (row.namespace, row.name) == ("two", "c")
    assert row.body == reader.body(Key("pods", "two", "c"))


def test_keys_are_those_of_every_resource_in_order(reader: Reader) -> None:
    assert reader.indexed_keys(by_owner("u1")) == [
        Key("pods", "one", "a"),
        Key("pods", "one", "b"),
        Key("pods", "two", "c"),
    ]
    assert reader.indexed_keys("nothing") == []


def test_counting_ends_where_it_was_told_to(reader: Reader) -> None:
    same = by_label("all", "same")

    assert reader.count_indexed("pods", same, None, 10) == 4
    assert reader.count_indexed("pods", same, "one", 10) == 3
    assert reader.count_indexed("pods", same, None, 2) == 2


def test_what_there_is_has_been_counted(reader: Reader) -> None:
    assert reader.tally(objects_of("pods", "one")) == 3
    assert reader.tally(objects_of("nodes", "")) == 1
    assert reader.tally(objects_of("pods", "nobody")) == 0
    assert reader.tallies(LOAD) == {load_of("n1"): 3, load_of("n2"): 1}
    assert reader.tallies("nothing") == {}


def test_a_transaction_sees_what_it_wrote_over_what_is_stored(filled: Store) -> None:
    with filled.transaction(NOW) as txn:
        assert names(txn.indexed("pods", WEB)) == ["a", "b", "c"]  # asked before and after

        txn.delete(Key("pods", "one", "a"))
        txn.put(pod("b", app="db", node="n2"))
        txn.put(pod("new", node="n3", owner="u1"))

        assert names(txn.indexed("pods", WEB)) == ["new", "c"]
        assert names(txn.indexed("pods", WEB, "one")) == ["new"]
        assert [each.name for each in txn.indexed_views(Pod, by_owner("u1"), "one")] == ["new"]
        assert txn.indexed_keys(by_owner("u1")) == [
            Key("pods", "one", "new"),
            Key("pods", "two", "c"),
        ]
        assert txn.tallies(LOAD) == {load_of("n1"): 2, load_of("n2"): 1, load_of("n3"): 1}
        assert txn.tally(objects_of("pods", "one")) == 3
        assert txn.tally(objects_of("pods", "two")) == 1


def test_what_a_transaction_wrote_is_found_by_those_after_it(filled: Store) -> None:
    with filled.transaction(NOW) as txn:
        txn.delete(Key("pods", "one", "a"))
        txn.put(pod("b", app="db"))
        txn.put(pod("new", owner="u1"))
        txn.put(pod("brief"))
        txn.delete(Key("pods", "one", "brief"))

    with filled.reader() as reader:
        assert names(reader.indexed("pods", WEB)) == ["new", "c"]
        assert names(reader.indexed("pods", by_label("app", "db"))) == ["b", "z-é"]
        assert reader.tallies(LOAD) == {load_of("n1"): 2}
        assert reader.tally(objects_of("pods", "one")) == 3


def test_a_transaction_that_fails_leaves_the_index_as_it_was(filled: Store) -> None:
    with pytest.raises(ValueError, match="no"), filled.transaction(NOW) as txn:
        txn.delete(Key("pods", "one", "a"))
        raise ValueError("no")

    with filled.reader() as reader:
        assert names(reader.indexed("pods", WEB, "one")) == ["a", "b"]


def test_the_rarest_of_some_values_has_the_fewest_objects(filled: Store) -> None:
    values = [by_label("all", "same"), WEB, by_label("app", "db")]

    with filled.transaction(NOW) as txn:
        assert txn.rarest(Pod, values, "one") == by_label("app", "db")
        for number in range(3):
            txn.put(pod(f"db-{number}", app="db"))
        assert txn.rarest(Pod, values, "one") == WEB


def test_only_what_changed_is_written_to_the_index(filled: Store) -> None:
    with filled.transaction(NOW) as txn:
        txn.put(pod("a", node="n9", owner="u1"))

        assert txn.index.removed() == [
            (by_node("n2"), "pods", "one", "a"),
        ]
        assert txn.index.added() == [
            (by_node("n9"), "pods", "one", "a"),
        ]
        assert txn.index.counted() == [(load_of("n2"), -1), (load_of("n9"), 1)]


def test_a_resource_that_lost_its_last_object_is_no_more(filled: Store) -> None:
    with filled.transaction(NOW) as txn:
        txn.delete(key("s", "one"))
        txn.put(service("t", "three"))

        assert txn.resources("one") == ("pods",)
        assert txn.resources("three") == ("services",)
        assert txn.resources() == ("nodes", "pods", "services")


def test_nothing_is_found_where_nothing_is_stored() -> None:
    empty = EmptyReader(SETTINGS)

    assert empty.indexed("pods", WEB) == []
    assert empty.indexed_rows("pods", WEB) == []
    assert empty.indexed_keys(WEB) == []
    assert (empty.count_indexed("pods", WEB, None, 5), empty.tally("objects:x")) == (0, 0)
    assert empty.tallies(LOAD) == {}
