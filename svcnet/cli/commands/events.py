"""`events`: what happened, the latest last.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/events/{events,event_printer}.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from svcnet.api.keys import Document
from svcnet.api.kinds import EVENT, Kind, Kinds
from svcnet.cli.command.session import Session
from svcnet.cli.commands.get import end_watch
from svcnet.cli.commands.no_arguments import Extra
from svcnet.cli.commands.plain_tables import table
from svcnet.cli.commands.struct_order import in_struct_order
from svcnet.cli.flags import shared
from svcnet.cli.flags.declarations import option
from svcnet.cli.printers.cells import name_of, part, seen
from svcnet.cli.printers.output import Format, as_text
from svcnet.cli.printers.print_flags import print_flags
from svcnet.cli.printers.tables import text
from svcnet.cli.resource.builder import kind_named
from svcnet.errors import SvcnetError
from svcnet.lean_namedtuple import NamedTuple

_TYPES = ("normal", "warning")


class _Subject(NamedTuple):
    """What the Events are to be about."""

    kind: Kind
    name: str


def events(
    session: Session,
    words: Extra = None,
    *,
    form: Annotated[Format, print_flags()],
    subject: Annotated[str, option("--for", help="Only events about this object, TYPE/NAME.")] = "",
    types: Annotated[
        list[str] | None, option("--types", help="Only events of these types: Normal, Warning.")
    ] = None,
    all_namespaces: shared.AllNamespaces = False,
    no_headers: Annotated[bool, option("--no-headers", help="Show no headers.")] = False,
    watch: Annotated[
        bool, option("--watch", "-w", help="Not supported: nothing changes by itself.")
    ] = False,
    chunk_size: Annotated[int, option("--chunk-size", help="Has no effect.")] = 500,
) -> None:
    """Display events.

    Prints a table of what happened in a namespace, in all of them, or to one object.
    """
    del words, chunk_size  # kubectl does not look at words either.
    wanted = frozenset(each.lower() for each in types or ())
    with session.read() as objects:
        about = _subject(subject, objects.kinds()) if subject else None
        if not wanted <= frozenset(_TYPES):
            raise SvcnetError("valid --types are Normal or Warning")
        listed = objects.list(EVENT.resource, None if all_namespaces else session.namespace)
    found = [
        each
        for each in listed
        if (not wanted or str(each.get("type", "")).lower() in wanted) and _is_about(each, about)
    ]
    if not watch:
        found.sort(key=_last_seen)
    if not found and not watch:
        where = "" if all_namespaces else f" in {session.namespace} namespace"
        session.print_note(f"No events found{where}.")
        return
    if form.name:
        session.print_result(_printed(form, found), end="")
    else:
        rows = _rows(found, session.now, namespaces=all_namespaces, headers=not no_headers)
        session.print_result(table([*rows]), end="")
    if watch:
        end_watch(session)


def _subject(word: str, kinds: Kinds) -> _Subject | None:
    """Return what ``--for`` names; None where the name is empty.

    Raises:
        SvcnetError: it is not TYPE/NAME, or there is no such type.

    Source: events.go decodeResourceTypeName().
    """
    if "/" not in word:
        raise SvcnetError("--for must be in resource/name form")
    resource, _, name = word.partition("/")
    if "/" in name:
        raise SvcnetError("arguments in resource/name form may not have more than one slash")
    kind = kind_named(kinds, resource)
    return _Subject(kind, name) if name else None


def _is_about(event: Document, subject: _Subject | None) -> bool:
    about = part(event, "involvedObject")
    return subject is None or (
        about.get("kind") == subject.kind.kind and about.get("name") == subject.name
    )


def _last_seen(event: Document) -> str:
    """Return when an Event last happened: events.go eventTime()."""
    if series := part(event, "series"):
        last = series.get("lastObservedTime")
    else:
        last = event.get("lastTimestamp") or event.get("eventTime")
    # Microseconds come after the second that they are of.
    return str(last or "").removesuffix("Z")


def _printed(form: Format, found: Sequence[Document]) -> str:
    """Return Events as documents, in a list of their own kind."""
    if form.name == "name":
        return "".join(f"event/{name_of(each)}\n" for each in found)
    items = [in_struct_order(each) for each in found]
    head = {"kind": "EventList", "apiVersion": EVENT.api_version, "metadata": {}}
    return as_text(form, {**head, "items": items})


def _rows(
    found: Sequence[Document], now: str, *, namespaces: bool, headers: bool
) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the table, cell by cell."""
    if headers:
        names = ("LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE")
        yield ("NAMESPACE", *names) if namespaces else names
    for each in found:
        about = part(each, "involvedObject")
        cells = (
            seen(each, now),
            text(each.get("type")),
            text(each.get("reason")),
            f"{text(about.get('kind'))}/{text(about.get('name'))}",
            text(str(each.get("message") or "").strip()),
        )
        yield (str(part(each, "metadata").get("namespace", "")), *cells) if namespaces else cells
