"""What objects count for."""

from __future__ import annotations

import pytest

from svcnet.api.keys import Document, Key
from svcnet.api.tallies import (
    LOAD,
    REQUESTS,
    load_of,
    objects_of,
    requested,
    requests_of,
    tallies,
)


@pytest.mark.parametrize(
    ("key", "document", "names"),
    [
        (Key("nodes", "", "n1"), {}, [objects_of("nodes", "")]),
        (Key("services", "one", "web"), {}, [objects_of("services", "one")]),
        (Key("pods", "one", "a"), {"spec": {}}, [objects_of("pods", "one")]),
        (
            Key("pods", "one", "a"),
            {"spec": {"nodeName": "n1"}},
            [objects_of("pods", "one"), load_of("n1")],
        ),
        (
            Key("pods", "one", "a"),
            {"spec": {"nodeName": "n1"}, "status": {"phase": "Running"}},
            [objects_of("pods", "one"), load_of("n1")],
        ),
        (
            Key("pods", "one", "a"),
            {"spec": {"nodeName": "n1"}, "status": {"phase": "Succeeded"}},
            [objects_of("pods", "one")],
        ),
    ],
)
def test_an_object_counts_once_for_each(key: Key, document: Document, names: list[str]) -> None:
    assert [*tallies(key, document)] == [(name, 1) for name in names]


def test_the_tallies_of_nodes_have_one_beginning() -> None:
    assert load_of("n1").startswith(LOAD)
    assert not objects_of("pods", "load:").startswith(LOAD)


def test_what_a_pod_asks_of_its_node_counts_until_it_has_ended() -> None:
    key = Key("pods", "one", "a")
    asking = {"resources": {"requests": {"cpu": "100m", "memory": "1Ki", "example.com/gpu": "2"}}}
    pod: Document = {"spec": {"nodeName": "n1", "containers": [asking, asking]}}

    assert {*tallies(key, pod)} == {
        (objects_of("pods", "one"), 1),
        (load_of("n1"), 1),
        (requests_of("n1", "cpu"), 200),
        (requests_of("n1", "memory"), 2048),
        (requests_of("n1", "example.com/gpu"), 4),
    }
    assert [*tallies(key, {**pod, "status": {"phase": "Failed"}})] == [
        (objects_of("pods", "one"), 1)
    ]


def test_a_tally_of_requests_tells_of_what_it_is() -> None:
    name = requests_of("n1", "example.com/gpu")

    assert name.startswith(REQUESTS)
    assert requested(name) == ("n1", "example.com/gpu")
