"""The same writes by everybody who can write, and what each database refuses."""

from __future__ import annotations

import pytest

from svcnet.errors import StateExists, StateMissing
from svcnet.store.pools import Pool, sort_key_of
from svcnet.store.reader import ClaimRow
from svcnet.store.refusals import ConstraintViolated
from svcnet.store.store import NewCluster, Store
from tests.store.kinds_of_store import made, opened
from tests.store.objects import NOW, SETTINGS, key, service


def create(store: Store, *names: str) -> None:
    with store.transaction(NOW) as txn:
        for name in names:
            txn.put(service(name))


def test_an_object_is_written_over_and_keeps_its_claims(store: Store) -> None:
    create(store, "web")
    with store.transaction(NOW) as txn:
        txn.claim(Pool.NODE_PORTS, 30000, key("web"))
    with store.transaction(NOW) as txn:
        txn.put(service("web", type="NodePort"))

    with store.reader() as reader:
        stored = reader.get(key("web"))
        assert stored is not None
        assert stored["spec"] == {"type": "NodePort"}
        assert reader.claims(Pool.NODE_PORTS, 0, 65535, 9) == [ClaimRow(30000, key("web"))]
        assert reader.revision == 2


def test_what_one_gives_up_another_takes_in_the_same_command(store: Store) -> None:
    create(store, "old", "new")
    with store.transaction(NOW) as txn:
        for pool, value in ((Pool.NODE_PORTS, 30000), (Pool.CLUSTER_IPS, "10.0.0.9")):
            txn.claim(pool, value, key("old"))
    with store.transaction(NOW) as txn:
        for pool, value in ((Pool.NODE_PORTS, 30000), (Pool.CLUSTER_IPS, "10.0.0.9")):
            txn.release(pool, value)
            txn.claim(pool, value, key("new"))
        txn.delete(key("old"))

    with store.reader() as reader:
        assert reader.get(key("old")) is None
        assert reader.owner_at(Pool.NODE_PORTS, 30000) == key("new")
        assert reader.owner_at(Pool.CLUSTER_IPS, sort_key_of("10.0.0.9")) == key("new")


def test_deletions_are_counted_by_name(store: Store) -> None:
    for times in (1, 2):
        create(store, "web", "other")
        with store.transaction(NOW) as txn:
            txn.count_deletion(key("web"))
            txn.delete(key("web"))
            assert txn.deletions(key("web")) == times

    with store.reader() as reader:
        assert reader.deletions(key("web")) == 2
        assert reader.deletions(key("other")) == 0


def test_a_command_that_fails_wrote_nothing(store: Store) -> None:
    create(store, "web")

    with pytest.raises(ValueError, match="no"), store.transaction(NOW) as txn:
        txn.put(service("other"))
        txn.claim(Pool.NODE_PORTS, 30000, key("other"))
        raise ValueError("no")

    with store.reader() as reader:
        assert [row.name for row in reader.rows("services")] == ["web"]
        assert reader.owner_at(Pool.NODE_PORTS, 30000) is None
        assert reader.revision == 1


def test_the_database_itself_refuses_a_claim_without_its_owner(store: Store) -> None:
    with pytest.raises(ConstraintViolated), store.transaction(NOW) as txn:
        txn.claim(Pool.NODE_PORTS, 30000, key("nobody"))


def test_the_database_itself_refuses_to_delete_who_holds_something(store: Store) -> None:
    create(store, "web")
    with store.transaction(NOW) as txn:
        txn.claim(Pool.POD_IPS, "10.244.0.9", key("web"))

    with pytest.raises(ConstraintViolated), store.transaction(NOW) as txn:
        txn.delete(key("web"))

    with store.reader() as reader:
        assert reader.get(key("web")) is not None


def test_the_database_itself_refuses_a_second_owner(kind: str, where: str) -> None:
    with made(kind, where) as store:
        create(store, "one", "two")
        with store.transaction(NOW) as txn:
            txn.claim(Pool.POD_RANGES, "10.244.0.0/24", key("one"))

    with (
        opened(kind, where) as store,
        pytest.raises(ConstraintViolated),
        store.transaction(NOW) as txn,
    ):
        # As if the command had not seen whose it is.
        txn.claim_overlays[Pool.POD_RANGES].claimed[sort_key_of("10.244.0.0/24")] = key("two")

    with opened(kind, where) as store, store.reader() as reader:
        assert reader.owner_at(Pool.POD_RANGES, sort_key_of("10.244.0.0/24")) == key("one")


def test_a_cluster_with_claims_is_replaced_whole(kind: str, where: str, store: Store) -> None:
    create(store, "web")
    with store.transaction(NOW) as txn:
        txn.claim(Pool.NODE_PORTS, 30000, key("web"))

    with made(kind, where) as other, other.transaction(NOW):
        pass

    with opened(kind, where) as other, other.reader() as reader:
        assert (reader.settings, reader.revision) == (SETTINGS, 0)
        assert reader.resources() == ()
        assert reader.count(Pool.NODE_PORTS, 0, 65535) == 0


def test_a_cluster_is_not_replaced_without_force(store: Store) -> None:
    create(store, "web")
    other = Store(store._database, "here", NewCluster(SETTINGS, force=False))

    with pytest.raises(StateExists, match="here"), other.transaction(NOW):
        pass

    with store.reader() as reader:
        assert reader.get(key("web")) is not None


def test_new_claims_of_a_replaced_cluster_need_their_owners(kind: str, where: str) -> None:
    for _ in range(2):
        with (
            made(kind, where) as store,
            pytest.raises(ConstraintViolated),
            store.transaction(NOW) as txn,
        ):
            txn.claim(Pool.NODE_PORTS, 30000, key("nobody"))
        with made(kind, where) as store:
            create(store, "web")


def test_a_database_without_tables_is_no_cluster(postgres: str) -> None:
    where = postgres.replace("/postgres", "/template1")

    with opened("postgres", where) as store:
        with pytest.raises(StateMissing), store.transaction(NOW):
            pass
        with pytest.raises(StateMissing), store.reader():
            pass
