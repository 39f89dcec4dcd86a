"""What objects count for."""

from __future__ import annotations

import pytest

from svcnet.api.keys import Document, Key
from svcnet.api.tallies import LOAD, load_of, objects_of, tallies


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
