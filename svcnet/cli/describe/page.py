"""What one object's description is written on, and what stands in most descriptions.

Source: kubectl pkg/describe/describe.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeAlias

from svcnet.api.index_values import by_subject
from svcnet.api.keys import Document, Key
from svcnet.cli.printers.ages import day_number, since
from svcnet.cli.printers.cells import NONE, items, part
from svcnet.cli.printers.tabwriter import aligned

_PADDING = 2
# maxAnnotationLen in describe.go.
_LONGEST_ANNOTATION = 140
_HIDDEN_ANNOTATIONS = frozenset(["kubectl.kubernetes.io/last-applied-configuration"])
# What is in an object must not steer the terminal: cli-runtime pkg/printers/terminal.go.
_TERMINAL = str.maketrans({"\x1b": "^[", "\r": "\\r"})
# Thursday first, as 1970-01-01 was one.
_WEEK = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Go's zero time, which kubectl prints for a timestamp that is not set.
_NO_TIME = "0001-01-01T00:00:00Z"


Documents: TypeAlias = list[Document]


class Objects(Protocol):
    """Where a description finds what belongs to its object."""

    def get(self, key: Key) -> Document | None:
        """Return one object, or None."""
        ...

    def list(self, resource: str, namespace: str | None = None) -> list[Document]:
        """Return the objects of a resource, or those of one namespace, in order."""
        ...

    def indexed(self, resource: str, value: str, namespace: str | None = None) -> Documents:
        """Return the objects of a resource that are found under a value of `api.index_values`."""
        ...


class Page:
    """Lines with tabs in them, which are laid out together at the end."""

    def __init__(self, objects: Objects, now: str, base: int = 0) -> None:
        self._base = base
        self.objects = objects
        self.now = now
        """RFC 3339, whole seconds: what ages are counted from."""
        self._written: list[str] = []

    def write(self, text: str, level: int = 0) -> None:
        """Add text, two blanks deeper for each level; it need not be a whole line.

        On a page that stands in another one (`base`), parts of a line are set in too, as kubectl
        does it.
        """
        self._written.append("  " * (self._base + level) + text.translate(_TERMINAL))

    def line(self, text: str, level: int = 0) -> None:
        """Add a line."""
        self.write(f"{text}\n", level)

    def field(self, title: str, value: object, level: int = 0) -> None:
        """Add a line with a value beside its title."""
        self.line(f"{title}:\t{value}", level)

    def head(self, document: Document, *, namespaced: bool = True) -> None:
        """Add the name, where it is, its labels and annotations."""
        self.field("Name", name_of(document))
        if namespaced:
            self.field("Namespace", part(document, "metadata").get("namespace", ""))
        self.labels("Labels", part(document, "metadata", "labels"))
        self.annotations("Annotations", part(document, "metadata", "annotations"))

    def labels(self, title: str, labels: Mapping[str, Any], indent: str = "") -> None:
        """Add labels, one to a line, by key.

        Source: kubectl pkg/describe/describe.go printLabelsMultilineWithIndent().
        """
        self.several(title, [f"{key}={labels[key]}" for key in sorted(labels)], indent)

    def several(self, title: str, values: Iterable[str], indent: str = "") -> None:
        """Add values one below the other, the title beside the first."""
        self.write(f"{indent}{title}:\t")
        lines = list(values) or [NONE]
        self.line(lines[0])
        for each in lines[1:]:
            self.line(f"\t{each}")

    def annotations(self, title: str, annotations: Mapping[str, Any]) -> None:
        """Add annotations, by key; long values stand below their keys, and are cut.

        Source: kubectl pkg/describe/describe.go printAnnotationsMultiline().
        """
        shown = [key for key in sorted(annotations) if key not in _HIDDEN_ANNOTATIONS]
        self.write(f"{title}:\t")
        if not shown:
            self.line(NONE)
        for index, key in enumerate(shown):
            self.write("\t" if index else "")
            self._annotation(key, str(annotations[key]).removesuffix("\n"))

    def _annotation(self, key: str, value: str) -> None:
        """Add one annotation, on the lines that its value needs."""
        # Whether it fits counts the key in; what is cut off below counts the value alone.
        if "\n" not in value and len(f"{key}: {value}".encode()) <= _LONGEST_ANNOTATION:
            self.line(f"{key}: {value}")
            return
        self.line(f"{key}:")
        for each in value.split("\n"):
            longest = _LONGEST_ANNOTATION - 2
            self.line(f"\t  {each[:longest]}..." if len(each) > longest else f"\t  {each}")

    def table(self, header: str, rows: Iterable[str], level: int = 1) -> None:
        """Add rows of cells below a header, whose names are underlined."""
        self.line(header, level)
        self.line("\t".join("-" * len(name) for name in header.split("\t")), level)
        for row in rows:
            self.line(row, level)

    def events(self, document: Document) -> None:
        """Add what happened to an object.

        Source: kubectl pkg/describe/describe.go DescribeEvents().
        """
        events = sorted(self._events_of(document), key=_last_seen)
        if not events:
            self.field("Events", NONE)
            return
        self.line("Events:")
        self.line("Type\tReason\tAge\tFrom\tMessage", 1)
        self.line("----\t------\t----\t----\t-------", 1)  # kubectl underlines `Age` too far
        for event in events:
            self.line(self._event(event), 1)

    def _events_of(self, document: Document) -> Iterable[Document]:
        """Yield the events about an object, told by its uid."""
        metadata = part(document, "metadata")
        namespace = metadata.get("namespace") or None
        value = by_subject(metadata.get("uid") or "")
        for event in self.objects.indexed("events", value, namespace):
            about = part(event, "involvedObject")
            # By uid, too: another object may have had the name before.
            same = about.get("uid") == metadata.get("uid") and about.get("kind") == document["kind"]
            if same and about.get("name") == metadata.get("name"):
                yield event

    def _event(self, event: Document) -> str:
        """Return an event's row; one that was seen several times tells how often."""
        # events.k8s.io/v1 fills eventTime and series, core/v1 firstTimestamp and count.
        first = since(event.get("eventTime") or event.get("firstTimestamp"), self.now)
        series, age = part(event, "series"), first
        if series:
            seen = since(series.get("lastObservedTime"), self.now)
            age = f"{seen} (x{series.get('count', 0)} over {first})"
        elif event.get("count", 0) > 1:
            seen = since(event.get("lastTimestamp"), self.now)
            age = f"{seen} (x{event['count']} over {first})"
        # reportingComponent is what events.k8s.io/v1 calls the component of core/v1's source.
        source = part(event, "source").get("component") or event.get("reportingComponent", "")
        message = str(event.get("message", "")).strip()
        if path := part(event, "involvedObject").get("fieldPath"):
            message = f"{path}: {message}"
        return "\t".join((event.get("type", ""), event.get("reason", ""), age, source, message))

    def text(self) -> str:
        """Return everything that was written, in columns.

        Source: kubectl pkg/describe/describe.go tabbedString().
        """
        return aligned(self.raw(), padding=_PADDING)

    def raw(self) -> str:
        """Return everything that was written, tabs as they are."""
        return "".join(self._written)


Describer: TypeAlias = Callable[[Page, Document], None]
"""Writes all there is to say of an object but its events."""


def _last_seen(event: Document) -> str:
    """Return when an event last happened."""
    series = part(event, "series").get("lastObservedTime")
    return str(series or event.get("lastTimestamp") or event.get("eventTime") or "")


def name_of(document: Document) -> str:
    """Return an object's name."""
    return str(part(document, "metadata").get("name", ""))


def controlled_by(document: Document) -> str:
    """Return the kind and name of what controls an object; empty when nothing does.

    Source: kubectl pkg/describe/describe.go printController().
    """
    for owner in items(document, "metadata", "ownerReferences"):
        if owner.get("controller"):
            return f"{owner.get('kind', '')}/{owner.get('name', '')}"
    return ""


def long_time(timestamp: str | None) -> str:
    """Return a timestamp in the form of RFC 1123, with a numeric zone.

    >>> long_time("2026-11-23T17:16:15Z"), long_time(None)
    ('Mon, 23 Nov 2026 17:16:15 +0000', 'Mon, 01 Jan 0001 00:00:00 +0000')
    """
    date, _, clock = (timestamp or _NO_TIME).partition("T")
    year, month, day = (int(number) for number in date.split("-"))
    weekday = _WEEK[day_number(year, month, day) % 7]
    return f"{weekday}, {day:02d} {_MONTHS[month - 1]} {year:04d} {clock[:8]} +0000"
