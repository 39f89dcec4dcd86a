"""Which Events are written, as client-go's own tests of its correlator have it."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.keys import Document
from svcnet.control.event_correlator import COMBINED, Correlator
from svcnet.snapshot import Record

NOW = "2026-01-02T03:04:05Z"


def record(message: str, reason: str = "SuccessfulCreate") -> Record:
    return Record({}, "Normal", reason, message, "replicaset-controller")


def written(records: Iterable[Record], stored: Iterable[Document] = ()) -> dict[str, Document]:
    """Return the Events that there are in the end, by name."""
    found = {each["metadata"]["name"]: each for each in stored}
    correlator = Correlator(found.values(), NOW)
    for each in records:
        event = correlator.correlate(each)
        if event is not None and "metadata" not in event:
            event = {**event, "metadata": {"name": f"web.{len(found)}"}}
            correlator.named(each, event)
        if event is not None:
            found[event["metadata"]["name"]] = event
    return found


def told(events: dict[str, Document]) -> list[tuple[str, int]]:
    return [(each["message"], each["count"]) for each in events.values()]


def stored(message: str, last: str, *, first: str = "", count: int = 1) -> Document:
    return {
        "metadata": {"name": f"old.{message}.{last}"},
        "type": "Normal",
        "reason": "SuccessfulCreate",
        "message": message,
        "count": count,
        "firstTimestamp": first or last,
        "lastTimestamp": last,
    }


def test_the_same_again_is_counted() -> None:
    assert told(written([record("a"), record("b"), record("a")])) == [("a", 2), ("b", 1)]


def test_another_reason_is_another_event() -> None:
    assert told(written([record("a"), record("a", "FailedCreate")])) == [("a", 1), ("a", 1)]


def test_the_same_is_counted_over_commands() -> None:
    first = stored("a", "2026-01-02T03:00:00Z", count=3)

    [event] = written([record("a")], [first]).values()

    assert event["count"] == 4
    assert (event["firstTimestamp"], event["lastTimestamp"]) == ("2026-01-02T03:00:00Z", NOW)


def test_the_tenth_similar_one_is_combined_and_tells_the_latest() -> None:
    found = told(written(record(f"pod {number}") for number in range(12)))

    assert found == [
        *((f"pod {number}", 1) for number in range(9)),
        (f"{COMBINED}pod 11", 3),
    ]


def test_who_combined_is_not_told() -> None:
    *_, combined = written(record(f"pod {number}") for number in range(10)).values()

    assert combined["reportingComponent"] == ""
    assert combined["source"] == {"component": "replicaset-controller"}


def test_similar_ones_are_combined_over_commands() -> None:
    before = [stored(f"pod {number}", "2026-01-02T03:00:00Z") for number in range(9)]

    assert told(written([record("new")], before))[-1] == (f"{COMBINED}new", 1)


def test_those_that_were_combined_go_on_to_be() -> None:
    before = [stored(f"{COMBINED}pod", "2026-01-02T03:00:00Z", count=2)]

    assert told(written([record("new")], before)) == [(f"{COMBINED}new", 3)]


def test_after_ten_minutes_counting_begins_anew() -> None:
    before = [stored(f"pod {number}", "2026-01-02T02:54:04Z") for number in range(9)]

    assert told(written([record("new")], before))[-1] == ("new", 1)


def test_no_more_than_a_burst_is_written_at_once() -> None:
    found = told(written(record(f"pod {number}") for number in range(100)))

    # Nine alone; the sixteenth that is combined is the 25th.
    assert found[-1] == (f"{COMBINED}pod 24", 16)


def test_a_burst_comes_back_one_by_one() -> None:
    spent = stored("same", "2026-01-02T02:54:05Z", count=25)

    found = told(written([record("same"), record("same"), record("same")], [spent]))

    # Ten minutes let two through.
    assert found == [("same", 27)]


@given(st.lists(st.sampled_from([f"m{number}" for number in range(15)]), max_size=60))
def test_writes_are_bounded_and_never_lose_the_first(messages: list[str]) -> None:
    found = told(written(map(record, messages)))

    assert sum(count for _, count in found) == min(len(messages), 25)
    assert len(found) <= 10
    assert [message for message, _ in found[:1]] == messages[:1]
