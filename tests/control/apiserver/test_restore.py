"""What is given stands, what is missing is allocated."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.keys import Document, Key
from svcnet.control.apiserver import registry
from svcnet.control.apiserver.restore import import_objects
from svcnet.control.manager import settle
from svcnet.errors import BadRequest, Conflict, UsageError
from svcnet.store.pools import Pool
from svcnet.store.reader import EmptyReader
from svcnet.store.transaction import Transaction
from tests.control.clusters import ANYTHING, cluster, created, held, key, said, service
from tests.control.workbench import deployment, job


def exported(txn: Transaction) -> list[Document]:
    return [each for resource in txn.resources() for each in txn.list(resource)]


def unversioned(documents: list[Document]) -> list[Document]:
    return [
        {**each, "metadata": {k: v for k, v in each["metadata"].items() if k != "resourceVersion"}}
        for each in documents
    ]


def foreign(name: str, address: str, **spec: Any) -> Document:
    """A Service of a cluster whose service range is 10.43.0.0/16."""
    document = service(name, clusterIP=address, clusterIPs=[address], **spec)
    document["metadata"] |= {"uid": "11111111-2222-4333-8444-555555555555"}
    return document


def test_what_is_given_stands_whatever_range_it_is_of() -> None:
    txn = cluster()
    ports = [{"port": 80, "nodePort": 20080}]
    document = foreign("s", "10.43.0.7", type="NodePort", ports=ports)
    document["metadata"]["creationTimestamp"] = "2020-01-01T00:00:00Z"

    import_objects(txn, [document])

    stored = txn.get(key("s"))
    assert stored is not None
    assert stored["spec"]["clusterIPs"] == ["10.43.0.7"]
    assert stored["spec"]["ipFamilies"] == ["IPv4"]
    assert stored["spec"]["ports"][0]["nodePort"] == 20080
    assert stored["metadata"]["uid"] == "11111111-2222-4333-8444-555555555555"
    assert stored["metadata"]["creationTimestamp"] == "2020-01-01T00:00:00Z"
    assert held(txn, Pool.NODE_PORTS) == {20080: key("s")}


def test_what_is_missing_is_allocated_around_what_is_given() -> None:
    txn = cluster(service_cidrs=("10.0.0.0/29",))
    given_addresses = [f"10.0.0.{number}" for number in range(2, 6)]
    documents = [service("late")]
    documents += [foreign(f"s{n}", address) for n, address in enumerate(given_addresses)]

    import_objects(txn, documents)

    late = txn.get(key("late"))
    assert late is not None
    assert late["spec"]["clusterIPs"] == ["10.0.0.6"]


def test_two_services_may_swap_what_they_hold() -> None:
    txn = cluster()
    import_objects(txn, [foreign("a", "10.43.0.1"), foreign("b", "10.43.0.2")])

    import_objects(txn, [foreign("a", "10.43.0.2"), foreign("b", "10.43.0.1")])

    owners = held(txn, Pool.CLUSTER_IPS)
    assert owners["10.43.0.1"] == key("b")
    assert owners["10.43.0.2"] == key("a")


def test_what_others_hold_is_not_taken_from_them() -> None:
    txn = cluster()

    with pytest.raises(Conflict, match=r"10\.96\.0\.1 belongs to services default/kubernetes"):
        import_objects(txn, [foreign("s", "10.96.0.1")])


@given(st.lists(st.sampled_from(["ClusterIP", "NodePort", "LoadBalancer"]), max_size=5))
def test_a_dump_gives_the_cluster_it_was_taken_from(types: list[str]) -> None:
    txn = cluster()
    for number, kind in enumerate(types):
        created(txn, f"s{number}", type=kind)
    dump = exported(txn)
    again = Transaction(EmptyReader(txn.settings), "2030-01-01T00:00:00Z")

    import_objects(again, dump)

    assert unversioned(exported(again)) == unversioned(dump)
    for pool in Pool:
        assert held(again, pool) == said(again, pool) == held(txn, pool)


def test_the_same_objects_again_change_nothing() -> None:
    txn = cluster()
    documents = [service("s", type="NodePort"), foreign("t", "10.43.0.1")]
    import_objects(txn, documents)
    before = txn.revision

    outcomes = import_objects(txn, documents)

    assert [each.outcome for each in outcomes] == ["unchanged", "unchanged"]
    assert txn.revision == before


def test_a_job_and_its_pods_stay_as_they_are() -> None:
    txn = cluster()
    registry.create(txn, job("j", completions=3, parallelism=2))
    settle(txn)
    dump = [*txn.list("jobs.batch"), *txn.list("pods")]

    again = cluster()
    import_objects(again, dump)
    settle(again)

    assert unversioned([*again.list("jobs.batch"), *again.list("pods")]) == unversioned(dump)


def test_a_job_that_lost_its_uid_is_the_one_that_its_pods_know() -> None:
    txn = cluster()
    registry.create(txn, job("j"))
    settle(txn)
    document = txn.list("jobs.batch")[0]
    bare = {key: value for key, value in document["metadata"].items() if key != "uid"}

    again = cluster()
    import_objects(again, [{**document, "metadata": bare}, *txn.list("pods")])
    settle(again)

    assert again.list("jobs.batch")[0]["metadata"]["uid"] == document["metadata"]["uid"]
    assert len(again.list("pods")) == 1


def test_a_job_that_was_only_written_down_runs() -> None:
    txn = cluster()

    import_objects(txn, [job("j")])
    settle(txn)

    assert len(txn.list("pods")) == 1


def test_pods_stay_where_their_replica_set_was_left_out() -> None:
    txn = cluster()
    registry.create(txn, deployment("web", 2))
    settle(txn)
    dump = []
    for document in exported(txn):
        if document["kind"] == "ReplicaSet":
            continue
        if document["kind"] == "Pod":
            metadata = document["metadata"]
            owner = {**metadata["ownerReferences"][0], "name": "web-5d8b9c7f64", "uid": "u-1"}
            labels = {**metadata["labels"], "pod-template-hash": "5d8b9c7f64"}
            document["metadata"] = {**metadata, "ownerReferences": [owner], "labels": labels}
        dump.append(document)
    given = {each["metadata"]["name"] for each in dump if each["kind"] == "Pod"}

    again = cluster()
    import_objects(again, dump)
    settle(again)

    sets = again.list("replicasets.apps")
    assert {each["metadata"]["name"] for each in again.list("pods")} == given
    assert [(each["metadata"]["name"], each["spec"]["replicas"]) for each in sets] == [
        ("web-5d8b9c7f64", 2)
    ]


def test_namespaces_that_nobody_gave_are_made() -> None:
    txn = cluster()
    document = service("s")
    document["metadata"]["namespace"] = "shop"

    import_objects(txn, [document])

    assert txn.get(Key("namespaces", "", "shop"))


def test_kinds_are_defined_before_they_are_used() -> None:
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Widget", "plural": "widgets"},
            "scope": "Namespaced",
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": ANYTHING}],
        },
    }
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}}
    txn = cluster()

    import_objects(txn, [widget, definition])

    assert txn.get(Key("widgets.example.com", "default", "w"))


def test_unknown_kinds_are_refused() -> None:
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}}

    with pytest.raises(UsageError, match='no matches for kind "Widget" in version'):
        import_objects(cluster(), [widget])


def test_an_object_needs_a_name() -> None:
    with pytest.raises(BadRequest):
        import_objects(cluster(), [{"apiVersion": "v1", "kind": "Service", "metadata": {}}])


def test_import_works_without_a_cluster_around_it() -> None:
    """As `rules -f` does it: nothing is there but the settings."""
    txn = cluster()
    empty = Transaction(EmptyReader(txn.settings), txn.now)

    import_objects(empty, [service("s")])

    assert sorted(each["kind"] for each in exported(empty)) == ["IPAddress", "Namespace", "Service"]
