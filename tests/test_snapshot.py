"""Events: what became of an object."""

from __future__ import annotations

import pytest

from svcnet.api.keys import Document, Key
from svcnet.snapshot import Event, Events

WEB = Key("services", "default", "web")


def document(uid: str, **labels: str) -> Document:
    return {"metadata": {"name": "web", "uid": uid, "labels": labels}}


@pytest.mark.parametrize(
    ("before", "after", "went", "came"),
    [
        (None, document("a"), False, True),
        (document("a"), None, True, False),
        (document("a"), document("a", new="yes"), False, False),
        # Deleted and made again, under its name.
        (document("a"), document("b"), True, True),
        (None, None, False, False),
    ],
)
def test_what_comes_and_what_goes(
    before: Document | None, after: Document | None, *, went: bool, came: bool
) -> None:
    event = Event(WEB, before, after)

    assert (event.went, event.came) == (went, came)


def test_later_events_keep_what_was_before_the_first() -> None:
    other = Event(Key("services", "default", "other"), None, document("o"))
    pod = Event(Key("pods", "default", "p"), document("p"), None)
    first = Events.collect([Event(WEB, document("a"), document("a", x="1")), other])
    later = Events.collect([Event(WEB, document("a", x="1"), None), pod])

    assert [*first.then(later)] == [pod, other, Event(WEB, document("a"), None)]
    assert [*first] == [other, Event(WEB, document("a"), document("a", x="1"))]


def test_events_are_told_by_resource_and_namespace() -> None:
    there = Event(Key("pods", "b", "p"), None, document("p"))
    here = Event(Key("pods", "a", "q"), None, document("q"))
    events = Events.collect([there, Event(WEB, None, document("a")), here])

    assert events.of("pods") == [here, there]
    assert events.namespaces("pods", "services") == ["a", "b", "default"]
    assert [*events.only(["services"])] == [Event(WEB, None, document("a"))]
    assert WEB in events
    assert WEB not in events.only(["pods"])
    assert not events.only(["nodes"])
