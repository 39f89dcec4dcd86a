"""What the Events of controllers hold, and in which namespaces they are."""

from __future__ import annotations

from svcnet.api.keys import Document, Key
from svcnet.control.event_recorder import write_events
from svcnet.snapshot import Record
from svcnet.store.transaction import Transaction
from tests.control.clusters import cluster
from tests.control.workbench import deployment, read, settled


def events(txn: Transaction, namespace: str = "default") -> list[Document]:
    return txn.list("events", namespace)


def about(name: str, namespace: str = "default") -> Document:
    metadata = {"name": name, "namespace": namespace, "uid": f"uid-{name}", "resourceVersion": "7"}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata}


def recorded(name: str, message: str = "why", namespace: str = "default") -> Record:
    return Record(about(name, namespace), "Warning", "Reason", message, "some-controller")


def test_an_event_has_what_client_go_fills_in() -> None:
    txn = cluster(nodes=[])

    write_events(txn, [recorded("web")])

    [event] = events(txn)
    metadata = event.pop("metadata")
    assert metadata["name"].startswith("web.15")
    assert (metadata["namespace"], metadata["creationTimestamp"]) == ("default", txn.now)
    assert len(metadata["uid"]) == len("756b1551-84d7-4274-b163-b354c035feea")
    assert event == {
        "apiVersion": "v1",
        "kind": "Event",
        "involvedObject": {
            "apiVersion": "v1",
            "kind": "Service",
            "name": "web",
            "namespace": "default",
            "resourceVersion": "7",
            "uid": "uid-web",
        },
        "count": 1,
        "eventTime": None,
        "firstTimestamp": txn.now,
        "lastTimestamp": txn.now,
        "message": "why",
        "reason": "Reason",
        "reportingComponent": "some-controller",
        "reportingInstance": "",
        "source": {"component": "some-controller"},
        "type": "Warning",
    }


def test_the_scheduler_records_by_the_newer_api() -> None:
    txn = settled(deployment("web", 1), nodes=["n1"])

    [event] = [each for each in events(txn) if each["reason"] == "Scheduled"]

    assert event["action"] == "Binding"
    assert event["eventTime"] == txn.now.replace("Z", ".000000Z")
    assert (event["firstTimestamp"], event["lastTimestamp"]) == (None, None)
    assert (event["reportingComponent"], event["source"]) == ("default-scheduler", {})
    assert "count" not in event


def test_the_same_again_is_one_event() -> None:
    txn = cluster(nodes=[])
    write_events(txn, [recorded("web")])

    write_events(txn, [recorded("web"), recorded("web", "another")])

    assert [(each["message"], each["count"]) for each in events(txn)] == [
        ("why", 2),
        ("another", 1),
    ]


def test_another_object_of_the_name_has_events_of_its_own() -> None:
    txn = cluster(nodes=[])
    write_events(txn, [recorded("web")])
    again = about("web")
    again["metadata"]["uid"] = "another"

    write_events(txn, [recorded("web")._replace(about=again)])

    assert [each["count"] for each in events(txn)] == [1, 1]


def test_names_of_one_object_sort_as_they_were_written() -> None:
    txn = cluster(nodes=[])
    messages = [f"message {number}" for number in range(9)]

    write_events(txn, [recorded("web", each) for each in messages])

    assert [each["message"] for each in events(txn)] == messages


def test_objects_of_the_cluster_have_theirs_in_default() -> None:
    txn = settled(nodes=["n1"])

    [event] = [each for each in events(txn) if each["involvedObject"]["kind"] == "Node"]

    assert event["message"] == "Node n1 event: Registered Node n1 in Controller"
    assert "namespace" not in event["involvedObject"]


def test_nothing_is_made_in_a_namespace_that_is_not_there_or_is_going() -> None:
    txn = cluster(nodes=[])
    key = Key("namespaces", "", "default")
    going = txn.get(key)
    assert going
    metadata = {**going["metadata"], "deletionTimestamp": txn.now}
    txn.put({**going, "metadata": metadata})

    write_events(txn, [recorded("web"), recorded("web", namespace="nowhere")])

    assert txn.list("events") == []


def test_events_wake_no_controller() -> None:
    txn = settled(deployment("web", 1), nodes=["n1"])
    txn.take_events()

    write_events(txn, [recorded("web")])

    assert not txn.take_events()


def test_the_same_commands_give_the_same_events() -> None:
    first, second = (settled(deployment("web", 3)) for _ in range(2))

    assert events(first) == events(second)
    assert len(events(first)) == 3 + 1 + 3 + 3  # nodes, a set, its pods, their places
    assert read(first, "Deployment", "web")


def test_an_event_that_is_there_keeps_its_name() -> None:
    """As when a dump brought in what another state of the same seed would have drawn."""
    first, second = cluster(nodes=[]), cluster(nodes=[])
    write_events(first, [recorded("web", "of the dump")])
    [given] = events(first)
    second.record({**given, "metadata": {**given["metadata"]}}, new=False)
    other = Record({**about("web"), "kind": "Pod"}, "Warning", "Reason", "new", "some-controller")

    write_events(second, [other])

    assert [each["message"] for each in events(second)] == ["of the dump", "new"]
