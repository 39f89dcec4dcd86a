"""What a command sees of its own writes."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from svcnet.api.keys import Key
from svcnet.api.objects import Node, Service
from svcnet.errors import InternalError
from svcnet.snapshot import Event
from svcnet.store.pools import Bound, ClaimTaken, Pool
from svcnet.store.reader import EmptyReader, Rows
from svcnet.store.store import Store
from svcnet.store.transaction import Transaction
from tests.store.objects import NOW, SETTINGS, definition, key, node, service


@pytest.fixture
def txn() -> Transaction:
    return Transaction(EmptyReader(SETTINGS), NOW)


def names(txn: Transaction, namespace: str | None = None) -> list[str]:
    return [each.name for each in txn.views(Service, namespace)]


def test_a_written_object_is_seen_at_once(txn: Transaction) -> None:
    stored = txn.put(service("web", clusterIP="10.0.0.1"))

    assert stored["metadata"]["resourceVersion"] == "1"
    assert txn.get(key("web")) == txn.document(key("web")) == stored
    assert txn.views(Service)[0].spec.cluster_ip == "10.0.0.1"
    assert txn.view(Service, "default", "web") == txn.views(Service)[0]


def test_every_write_gets_a_revision_of_its_own(txn: Transaction) -> None:
    first = txn.put(service("web"))
    txn.delete(key("web"))
    second = txn.put(service("web"))

    assert [each["metadata"]["resourceVersion"] for each in (first, second)] == ["1", "3"]


def test_deleting_what_is_not_there_changes_nothing(txn: Transaction) -> None:
    txn.delete(key("nobody"))

    assert (txn.revision, [*txn.take_events()]) == (0, [])


def test_a_document_that_was_handed_in_keeps_its_own_metadata(txn: Transaction) -> None:
    given = service("web")

    txn.put(given)

    assert "resourceVersion" not in given["metadata"]


def test_a_kind_that_is_not_served_cannot_be_written(txn: Transaction) -> None:
    with pytest.raises(LookupError):
        txn.put({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}})


def test_a_kind_is_served_from_the_moment_it_is_defined(txn: Transaction) -> None:
    txn.put(definition("things", "Thing", {"name": "v1", "served": True, "storage": True}))

    txn.put({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}})

    assert txn.resources() == (
        "customresourcedefinitions.apiextensions.k8s.io",
        "things.example.com",
    )


def test_views_are_ordered_by_namespace_and_name(txn: Transaction) -> None:
    for name, namespace in (("b", "y"), ("a", "z"), ("c", "x"), ("a", "y")):
        txn.put(service(name, namespace))

    assert [(each.namespace, each.name) for each in txn.views(Service)] == [
        ("x", "c"),
        ("y", "a"),
        ("y", "b"),
        ("z", "a"),
    ]
    assert names(txn, "y") == ["a", "b"]


def test_an_object_is_decoded_once_until_it_changes(txn: Transaction) -> None:
    txn.put(service("a"))
    txn.put(service("b"))
    before = txn.views(Service)

    txn.put(service("b", clusterIP="None"))

    after = txn.views(Service)
    assert after[0] is before[0]
    assert after[1] is not before[1]


def test_views_are_the_same_tuple_while_nothing_changes(txn: Transaction) -> None:
    txn.put(service("a"))

    assert txn.views(Service) is txn.views(Service)
    assert txn.views(Node) == ()


def test_a_field_of_a_wrong_type_is_told_with_its_place(txn: Transaction) -> None:
    txn.put(service("web", ports="none"))

    with pytest.raises(InternalError, match=r'Service "web" cannot be read: .*spec\.ports'):
        txn.views(Service)


def test_what_changed_is_told_once_with_what_was_before(txn: Transaction) -> None:
    first = txn.put(service("web"))
    there = txn.put(node("n1"))
    assert [*txn.take_events()] == [
        Event(Key("nodes", "", "n1"), None, there),
        Event(key("web"), None, first),
    ]

    txn.put(service("web", type="NodePort"))
    txn.delete(key("web"))

    # What was before is what was told last, however often it was written since.
    assert [*txn.take_events()] == [Event(key("web"), first, None)]
    assert not txn.take_events()


def test_a_uid_depends_on_the_object_and_on_when_it_is_made(txn: Transaction) -> None:
    first = txn.fresh_uid(key("web"))
    assert first == txn.fresh_uid(key("web")) != txn.fresh_uid(key("api"))

    txn.put(service("web"))

    assert txn.fresh_uid(key("web")) != first


class _Counting(EmptyReader):
    """Remembers which namespaces were read."""

    def __init__(self) -> None:
        super().__init__(SETTINGS)
        self.read: list[str | None] = []

    def rows(self, resource: str, namespace: str | None = None) -> Rows:
        if resource == "services":
            self.read.append(namespace)
        return super().rows(resource, namespace)


def test_one_namespace_is_read_without_the_others() -> None:
    base = _Counting()
    txn = Transaction(base, NOW)

    txn.put(service("web", "one"))
    txn.views(Service, "one")
    txn.views(Service, "one")

    assert base.read == ["one"]


def test_reading_all_reads_once() -> None:
    base = _Counting()
    txn = Transaction(base, NOW)

    txn.list("services")
    txn.views(Service, "one")
    txn.put(service("web", "one"))
    txn.views(Service)

    assert base.read == [None]


# --- what must be unique ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pool", "values", "first", "last"),
    [
        (Pool.NODE_PORTS, [30000, 30007, 32767], 30000, 32767),
        (
            Pool.CLUSTER_IPS,
            ["10.0.0.1", "10.0.0.9", "10.0.0.10"],
            ip_address("10.0.0.0"),
            ip_address("10.0.0.255"),
        ),
        (Pool.POD_IPS, ["fd00::1", "fd00::a"], ip_address("fd00::"), ip_address("fd00::ffff")),
        (
            Pool.POD_RANGES,
            ["10.244.0.0/24", "10.244.1.0/24"],
            ip_address("10.244.0.0"),
            ip_address("10.244.255.0"),
        ),
    ],
)
def test_claimed_values_are_taken_counted_and_given_back(
    txn: Transaction, pool: Pool, values: list[str | int], first: Bound, last: Bound
) -> None:
    for value in reversed(values):
        txn.claim(pool, value, key("web"))

    assert txn.claimed_by(pool, key("web")) == tuple(values)
    taken = list(txn.taken(pool, first, last))
    assert taken == sorted(taken)
    assert len(taken) == len(values) == txn.count(pool, first, last)

    for value in values:
        txn.release(pool, value)

    assert list(txn.taken(pool, first, last)) == []
    assert txn.claimed_by(pool, key("web")) == ()
    assert txn.count(pool, first, last) == 0


def test_what_somebody_has_nobody_else_can_have(txn: Transaction) -> None:
    txn.claim(Pool.NODE_PORTS, 30000, key("web"))

    with pytest.raises(ClaimTaken) as refused:
        txn.claim(Pool.NODE_PORTS, 30000, key("api"))

    assert refused.value.owner == key("web")
    assert str(refused.value) == "node ports: 30000 belongs to services/default/web"


def test_claiming_twice_is_claiming_once(txn: Transaction) -> None:
    txn.claim(Pool.NODE_PORTS, 30000, key("web"))
    txn.claim(Pool.NODE_PORTS, 30000, key("web"))
    txn.release(Pool.NODE_PORTS, 30000)

    assert txn.owner(Pool.NODE_PORTS, 30000) is None


def test_taken_reads_no_further_than_is_asked_for(store: Store) -> None:
    with store.transaction(NOW) as txn:
        txn.put(service("web"))
        for port in range(30000, 30500):
            txn.claim(Pool.NODE_PORTS, port, key("web"))
    with store.transaction(NOW) as txn:
        txn.release(Pool.NODE_PORTS, 30001)
        taken = txn.taken(Pool.NODE_PORTS, 30000, 32767)

        assert [next(taken), next(taken)] == [30000, 30002]
        assert list(taken) == list(range(30003, 30500))


def test_a_stored_value_that_was_released_can_be_taken_back(store: Store) -> None:
    with store.transaction(NOW) as txn:
        txn.put(service("web"))
        txn.claim(Pool.NODE_PORTS, 30000, key("web"))
    with store.transaction(NOW) as txn:
        txn.release(Pool.NODE_PORTS, 30000)
        assert txn.has_writes()
        txn.claim(Pool.NODE_PORTS, 30000, key("web"))
        assert not txn.has_writes()

    with store.reader() as reader:
        assert reader.owner_at(Pool.NODE_PORTS, 30000) == key("web")


def test_a_stored_value_that_was_released_can_go_to_another(store: Store) -> None:
    with store.transaction(NOW) as txn:
        txn.put(service("old"))
        txn.claim(Pool.CLUSTER_IPS, "10.0.0.5", key("old"))
    with store.transaction(NOW) as txn:
        txn.release(Pool.CLUSTER_IPS, "10.0.0.5")
        txn.delete(key("old"))
        txn.put(service("new"))
        txn.claim(Pool.CLUSTER_IPS, "10.0.0.5", key("new"))

    with store.reader() as reader:
        assert reader.get(key("old")) is None
        assert reader.sort_keys_of(Pool.CLUSTER_IPS, key("new")) == ("40a000005",)
