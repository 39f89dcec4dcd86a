"""Which of the Events that a component records about one object are written, and as what.

The same Event again is counted; similar ones, which differ by their message alone, are combined
from the tenth on; and beyond a number no more are written until some time has passed.

A controller of Kubernetes keeps book of this in its memory.  Here it follows from the Events that
are stored about the object, so those that were not written are not counted later.

Source: kubernetes staging/src/k8s.io/client-go/tools/record/events_cache.go EventCorrelator.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from svcnet.api.keys import Document
from svcnet.snapshot import Record

COMBINED = "(combined from similar events): "
"""How the message of an Event begins that stands for several."""

MOST_SIMILAR = 10
"""defaultAggregateMaxEvents: so many different messages within the time, and they are combined."""

SIMILAR_FOR = 600
"""defaultAggregateIntervalInSeconds: after so long without one, counting them begins anew."""

BURST = 25
"""defaultSpamBurst: so many Events about an object are written at once."""

REFILL = 300
"""The inverse of defaultSpamQPS: in so many seconds one more may be written."""


class Correlator:
    """The Events of one component about one object.

    Args:
        stored: those that were written before.
        now: RFC 3339.
    """

    def __init__(self, stored: Iterable[Document], now: str) -> None:
        events = sorted(stored, key=lambda each: str(each.get("lastTimestamp") or ""))
        self._now = now
        self._last: dict[tuple[str, str, str], Document] = {}
        self._similar: dict[tuple[str, str], dict[str, None]] = {}
        self._left = float(BURST)
        last: dict[tuple[str, str], str] = {}
        for event in events:
            message, seen = event.get("message") or "", event.get("lastTimestamp") or now
            group = (event.get("type") or "", event.get("reason") or "")
            if group in last and _seconds(last[group], seen) > SIMILAR_FOR:
                self._similar.pop(group, None)
            last[group] = seen
            self._learn(group, message, event)
        for group, seen in last.items():
            if _seconds(seen, now) > SIMILAR_FOR:
                self._similar.pop(group, None)
        if events:
            first = min(str(each.get("firstTimestamp") or now) for each in events)
            spent = sum(int(each.get("count") or 1) for each in events)
            self._left = min(BURST, BURST - spent + _seconds(first, now) / REFILL)

    def _learn(self, group: tuple[str, str], message: str, event: Document) -> None:
        """Take note of an Event that was written."""
        known = self._similar.setdefault(group, {})
        if message.startswith(COMBINED):
            self._last[(*group, COMBINED)] = event
            # It takes that many to be combined.
            while len(known) < MOST_SIMILAR - 1:
                known[f"{COMBINED}{len(known)}"] = None
        else:
            self._last[(*group, message)] = event
            if len(known) < MOST_SIMILAR - 1:
                known[message] = None

    def correlate(self, record: Record) -> Document | None:
        """Return what is to be written for a record; None for nothing.

        A part of an Event, without the object that it is about and without metadata, but for one
        that is to be written over: that is whole.
        """
        group = (record.type, record.reason)
        known = self._similar.setdefault(group, {})
        combined = record.message not in known and len(known) >= MOST_SIMILAR - 1
        if not combined:
            known[record.message] = None
        message = COMBINED + record.message if combined else record.message
        key = (*group, COMBINED if combined else record.message)
        event = self._counted(key, message) or _fresh(record, message, self._now, combined=combined)
        self._last[key] = event
        if self._left < 1:
            return None
        self._left -= 1
        return event

    def _counted(self, key: tuple[str, str, str], message: str) -> Document | None:
        """Return the Event that was observed before, once more; None when it was not."""
        event = self._last.get(key)
        if event is None:
            return None
        count = int(event.get("count") or 1) + 1
        return {**event, "count": count, "lastTimestamp": self._now, "message": message}

    def named(self, record: Record, event: Document) -> None:
        """Keep an Event that `correlate` returned for `record`, now that it is whole."""
        combined = event["message"] != record.message
        key = (record.type, record.reason, COMBINED if combined else record.message)
        self._last[key] = event


def _fresh(record: Record, message: str, now: str, *, combined: bool) -> Document:
    return {
        "count": 1,
        "eventTime": None,
        "firstTimestamp": now,
        "lastTimestamp": now,
        "message": message,
        "reason": record.reason,
        # EventAggregate() does not hand this down to those that it combines.
        "reportingComponent": "" if combined else record.component,
        "reportingInstance": "",
        "source": {"component": record.component},
        "type": record.type,
    }


def _seconds(start: str, end: str) -> float:
    """Return how long after `start` `end` is; both RFC 3339."""
    try:
        return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
    except (TypeError, ValueError):
        return 0
