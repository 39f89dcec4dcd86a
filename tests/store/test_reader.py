"""The same questions to everybody who can answer them."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from svcnet.api.config import ClusterSettings
from svcnet.api.keys import Key
from svcnet.api.kinds import BUILT_IN
from svcnet.store.pools import Pool, sort_key_of, sort_keys_between
from svcnet.store.reader import EmptyReader, Reader
from svcnet.store.transaction import Transaction
from tests.store.kinds_of_store import made, opened
from tests.store.objects import NOW, SETTINGS, definition, key, node, service


@pytest.fixture
def reader(kind: str, where: str) -> Iterator[Reader]:
    with made(kind, where) as store, store.transaction(NOW) as txn:
        _fill(txn)
    with opened(kind, where) as store, store.reader() as found:
        yield found


def _fill(txn: Transaction) -> None:
    txn.put(node("n1"))
    for name, namespace in (
        ("b", "one"),
        ("a", "two"),
        ("a", "one"),
        ("z-é", "one"),
        ("a-b", "one"),
    ):
        txn.put(service(name, namespace))
    owner = key("a", "one")
    for address in ("10.0.0.9", "10.0.0.10", "fd00::1"):
        txn.claim(Pool.CLUSTER_IPS, address, owner)
    txn.claim(Pool.CLUSTER_IPS, "10.0.0.200", key("b", "one"))
    txn.claim(Pool.NODE_PORTS, 30001, owner)
    txn.claim(Pool.POD_RANGES, "10.244.0.0/24", Key("nodes", "", "n1"))


def test_settings_come_back_as_they_were_given(reader: Reader) -> None:
    assert isinstance(reader.settings, ClusterSettings)
    assert reader.settings == SETTINGS


def test_the_revision_is_the_last_resource_version(reader: Reader) -> None:
    assert reader.revision == 6


def test_one_object_is_found_by_its_key(reader: Reader) -> None:
    stored = reader.get(key("a", "two"))

    assert stored is not None
    assert stored["metadata"] == {
        "name": "a",
        "namespace": "two",
        "uid": "uid-of-a",
        "resourceVersion": "3",
    }


def test_an_object_that_is_not_there_is_none(reader: Reader) -> None:
    assert reader.get(key("nobody")) is None
    assert reader.body(key("nobody")) is None


def test_objects_are_ordered_byte_by_byte(reader: Reader) -> None:
    names = [(row.namespace, row.name) for row in reader.rows("services")]

    assert names == [("one", "a"), ("one", "a-b"), ("one", "b"), ("one", "z-é"), ("two", "a")]


def test_a_namespace_can_be_read_alone(reader: Reader) -> None:
    assert [each["metadata"]["name"] for each in reader.list("services", "two")] == ["a"]
    assert [row.name for row in reader.rows("services", "two")] == ["a"]
    assert len(reader.bodies("services", "one")) == 4


def test_texts_are_compact_with_sorted_keys(reader: Reader) -> None:
    assert reader.bodies("nodes") == [
        b'{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1","resourceVersion":"1","uid":"u"}}'
    ]


def test_resources_are_those_that_have_objects(reader: Reader) -> None:
    assert reader.resources() == ("nodes", "services")
    assert reader.resources("one") == ("services",)
    assert reader.resources("nobody") == ()


def test_the_owner_of_an_address_is_found(reader: Reader) -> None:
    assert reader.owner_at(Pool.CLUSTER_IPS, sort_key_of("10.0.0.9")) == key("a", "one")
    assert reader.owner_at(Pool.CLUSTER_IPS, sort_key_of("10.0.0.8")) is None
    assert reader.owner_at(Pool.NODE_PORTS, 30001) == key("a", "one")


def test_what_an_owner_holds_is_ascending_and_ipv4_first(reader: Reader) -> None:
    expected = tuple(map(sort_key_of, ("10.0.0.9", "10.0.0.10", "fd00::1")))

    assert reader.sort_keys_of(Pool.CLUSTER_IPS, key("a", "one")) == expected


def test_claims_are_ascending_numbers_and_as_many_as_asked_for(reader: Reader) -> None:
    low, high = sort_keys_between(ip_address("10.0.0.10"), ip_address("10.0.0.255"))

    claims = reader.claims(Pool.CLUSTER_IPS, low, high, 5)

    assert claims == [
        (sort_key_of("10.0.0.10"), key("a", "one")),
        (sort_key_of("10.0.0.200"), key("b", "one")),
    ]
    assert reader.claims(Pool.CLUSTER_IPS, low, high, 1) == claims[:1]


def test_a_range_counts_as_its_first_address(reader: Reader) -> None:
    only = ip_address("10.244.0.0")
    low, high = sort_keys_between(only, only)

    assert [claim.sort_key for claim in reader.claims(Pool.POD_RANGES, low, high, 5)] == [
        sort_key_of("10.244.0.0/24")
    ]


def test_claims_are_counted_between_both_ends(reader: Reader) -> None:
    low, high = sort_keys_between(ip_address("10.0.0.9"), ip_address("10.0.0.10"))

    assert reader.count(Pool.CLUSTER_IPS, low, high) == 2
    assert reader.count(Pool.NODE_PORTS, 30002, 32767) == 0


def test_without_definitions_only_built_in_kinds_are_served(reader: Reader) -> None:
    assert reader.kinds().all == BUILT_IN


def test_an_empty_reader_answers_everything_with_nothing() -> None:
    empty = EmptyReader(SETTINGS)
    anything = key("a")

    assert (empty.settings, empty.revision) == (SETTINGS, 0)
    assert [empty.get(anything), empty.owner_at(Pool.NODE_PORTS, 1)] == [None, None]
    assert [empty.list("services"), empty.rows("services"), empty.resources()] == [[], [], ()]
    assert empty.claims(Pool.NODE_PORTS, 1, 2, 3) == []
    assert empty.sort_keys_of(Pool.NODE_PORTS, anything) == ()
    assert empty.count(Pool.NODE_PORTS, 1, 2) == 0


def test_a_definition_adds_its_kind_in_its_best_version() -> None:
    txn = Transaction(EmptyReader(SETTINGS), NOW)
    old = {"name": "v1beta1", "served": True}
    new = {"name": "v1", "served": True, "storage": True, "subresources": {"scale": {}}}

    txn.put(definition("things", "Thing", old, new))

    thing = txn.kinds().named("things.example.com")
    assert thing is not None
    assert (thing.api_version, thing.namespaced, thing.scalable) == ("example.com/v1", False, True)
    assert (thing.short_names, thing.categories) == (("x",), ("all",))
    assert txn.kinds().of_document("example.com/v1beta1", "Thing") == thing
    assert txn.kinds().named("things.v1beta1.example.com") == thing


def test_a_definition_that_serves_nothing_adds_nothing() -> None:
    txn = Transaction(EmptyReader(SETTINGS), NOW)

    txn.put(definition("things", "Thing", {"name": "v1", "served": False, "storage": True}))

    assert txn.kinds().named("things") is None
