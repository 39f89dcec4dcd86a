"""Records become Events, once all controllers have settled.

Source: kubernetes staging/src/k8s.io/client-go/tools/record/{event,events_cache}.go, by which the
controllers record, and staging/src/k8s.io/client-go/tools/events/event_recorder.go, by which the
scheduler does.
"""

from __future__ import annotations

from collections.abc import Iterable

from svcnet.api.drawing import draw, uid
from svcnet.api.event_names import drawn_name
from svcnet.api.index_values import by_subject
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import EVENT, NAMESPACE
from svcnet.control.event_correlator import Correlator
from svcnet.snapshot import Record
from svcnet.store.transaction import Transaction

_HOST = "control-plane"
"""The machine on which the scheduler says that it runs."""

_NUMBERS = 1 << 128
_STEP = 0x9E3779B97F4A7C15F39CC0605CEDC835
"""That many numbers later comes one that has nothing in common with the first: the golden ratio."""

_OF_THE_CLUSTER = "default"
"""The namespace of Events about objects that have none."""


def write_events(
    txn: Transaction, records: Iterable[Record], given: frozenset[Key] = frozenset()
) -> None:
    """Write what was recorded, in that order, as far as there is a namespace for it.

    Args:
        txn: where to write.
        records: what controllers have to say.
        given: Events that the command itself wrote; they were counted where it has them from.
    """
    writer = _Writer(txn, given)
    for record in records:
        namespace = record.about["metadata"].get("namespace") or _OF_THE_CLUSTER
        if writer.accepts(namespace):
            writer.write(namespace, record)


class _Writer:
    """What writes Events in one transaction."""

    def __init__(self, txn: Transaction, given: frozenset[Key]) -> None:
        self._txn = txn
        # Drawn once: a rollout records ten thousand times.
        self._number = draw(txn.settings.seed, EVENT.resource, txn.revision)
        self._given = given
        self._accepting: dict[str, bool] = {}
        self._correlators: dict[tuple[str, ...], Correlator] = {}

    def accepts(self, namespace: str) -> bool:
        """Tell whether a namespace is there, and to stay: in others nothing can be made."""
        if namespace not in self._accepting:
            found = self._txn.get(Key(NAMESPACE.resource, "", namespace))
            going = found is None or "deletionTimestamp" in found["metadata"]
            self._accepting[namespace] = not going
        return self._accepting[namespace]

    def write(self, namespace: str, record: Record) -> None:
        """Write one Event, or count one that is there."""
        if record.action:
            self._new(namespace, record, _scheduled(record, self._txn.now))
            return
        correlator = self._correlator(namespace, record)
        event = correlator.correlate(record)
        if event is None:
            return
        if "metadata" in event:
            if Key(EVENT.resource, namespace, event["metadata"]["name"]) in self._given:
                return
            self._txn.record({**event, "metadata": {**event["metadata"]}}, new=False)
        else:
            correlator.named(record, self._new(namespace, record, event))

    def _correlator(self, namespace: str, record: Record) -> Correlator:
        about = record.about
        subject = about["metadata"].get("uid") or ""
        key = (namespace, record.component, about["kind"], about["metadata"]["name"], subject)
        if key not in self._correlators:
            # Who records without a uid does not record often.
            found = (
                self._txn.indexed(EVENT.resource, by_subject(subject), namespace) if subject else ()
            )
            stored = (
                each
                for each in found
                if (each.get("source") or {}).get("component") == record.component
                and (each.get("involvedObject") or {}).get("kind") == about["kind"]
                and (each.get("involvedObject") or {}).get("name") == about["metadata"]["name"]
            )
            self._correlators[key] = Correlator(stored, self._txn.now)
        return self._correlators[key]

    def _new(self, namespace: str, record: Record, event: Document) -> Document:
        """Write an Event that was not there before, whole; return it."""
        txn = self._txn
        self._number = number = (self._number + _STEP) % _NUMBERS
        name = self._name(namespace, record.about["metadata"]["name"], number)
        document = {
            "apiVersion": EVENT.api_version,
            "kind": EVENT.kind,
            "metadata": {
                "creationTimestamp": txn.now,
                "name": name,
                "namespace": namespace,
                "uid": uid(number),
            },
            "involvedObject": _reference(record.about),
            **event,
        }
        txn.record(document, new=True)
        return document

    def _name(self, namespace: str, subject: str, number: int) -> str:
        """Return a name that no Event has.

        Events of a dump keep theirs, which another state may have drawn as this one would.
        """
        place = self._txn.recorded
        while True:
            name = drawn_name(subject, self._txn.revision, place, number)
            if self._txn.get(Key(EVENT.resource, namespace, name)) is None:
                return name
            place, number = place + 1, number + _STEP


def _reference(document: Document) -> Document:
    """Return what an Event says of the object it is about.

    Source: kubernetes staging/src/k8s.io/client-go/tools/reference/ref.go GetReference().
    """
    metadata = document["metadata"]
    fields = ("name", "namespace", "resourceVersion", "uid")
    return {
        "apiVersion": document["apiVersion"],
        "kind": document["kind"],
        **{name: metadata[name] for name in fields if metadata.get(name)},
    }


def _scheduled(record: Record, now: str) -> Document:
    """Return an Event of events.k8s.io/v1, as core/v1 shows it."""
    return {
        "action": record.action,
        "eventTime": f"{now.removesuffix('Z')}.000000Z",
        "firstTimestamp": None,
        "lastTimestamp": None,
        "message": record.message,
        "reason": record.reason,
        "reportingComponent": record.component,
        "reportingInstance": f"{record.component}-{_HOST}",
        "source": {},
        "type": record.type,
    }
