"""`describe`: all there is to know about objects, in words.

Source: kubectl pkg/cmd/describe/describe.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.kinds import Kind
from svcnet.cli.command.session import Session
from svcnet.cli.describe.describers import description
from svcnet.cli.flags import shared
from svcnet.cli.flags.declarations import option
from svcnet.cli.resource import builder
from svcnet.cli.resource.resource_flags import ResourceFlags, resource_flags
from svcnet.cli.resource.targets import Listed, Objects, ResourceQuery, Selection, Target
from svcnet.errors import NotFound, SvcnetError

ShowEvents = Annotated[
    bool | None,
    option("--show-events", help="Tell the events of what is described (default true)."),
]
ChunkSize = Annotated[
    int,
    option("--chunk-size", help="Accepted for scripts: a list is always read at once."),
]


def describe(
    session: Session,
    words: shared.Words = None,
    *,
    resources: Annotated[ResourceFlags, resource_flags("selector", "all_namespaces")],
    show_events: ShowEvents = None,
    chunk_size: ChunkSize = 500,
) -> None:
    """Show details of a specific resource or group of resources.

    Objects are named, selected by labels, or read from files. Where no object has the name that
    is given, all whose names begin with it are described.
    """
    del chunk_size
    if not words and not resources.filenames:
        raise SvcnetError(
            "You must specify the type of resource to describe. "
            'Use "kubectl api-resources" for a complete list of supported resources.'
        )
    query = resources.query(session, words, bare_type_means_all=True)
    with session.read() as objects:
        _describe(session, query, objects, show_events)


def _describe(
    session: Session, query: ResourceQuery, objects: Objects, show_events: bool | None
) -> None:
    """Describe what is there, then tell of what is not."""
    faults: list[SvcnetError] = []
    targets: list[Target] = []
    meant = builder.resolve(query, objects.kinds())
    # A server warns of deprecated kinds with its answer, so before anything is printed.
    for kind in _kinds_of(meant):
        session.warn_of_kind(kind)
    for found in builder.found(objects, meant):
        if isinstance(found, Target):
            targets.append(found)
        else:
            faults.append(found)
    # kubectl asks for events only where it describes one object, unless told to.
    events = len(targets) == 1 and not faults if show_events is None else show_events
    if len(faults) == 1 and isinstance(faults[0], NotFound) and len(query.words) == 2:  # noqa: PLR2004 - TYPE NAME
        # kubectl's DescribeMatchingResources(): a name that is none may be the beginning of some.
        _describe_alike(session, query, objects, faults[0], events=events)
        return
    for index, target in enumerate(targets):
        text = description(objects, target.kind, target.document or {}, session.now, events=events)
        # kubectl parts objects with two empty lines, whatever their descriptions end with.
        session.print_result(f"\n\n{text}" if index else text, end="")
    if not targets and not faults:
        where = "" if query.all_namespaces else f" in {query.namespace} namespace."
        session.print_note(f"No resources found{where}")
    # Told last: who asks for several names gets those that are there, and exit status 1.
    for fault in faults:
        session.report(fault)


def _kinds_of(meant: Selection) -> tuple[Kind, ...]:
    """Return the kinds that the server is asked about."""
    if isinstance(meant, Listed):
        return meant.kinds
    return tuple(target.kind for target in meant.targets)


def _describe_alike(
    session: Session,
    query: ResourceQuery,
    objects: Objects,
    missing: NotFound,
    *,
    events: bool,
) -> None:
    """Describe the objects whose names begin with the one that no object has.

    Raises:
        NotFound: no name begins so either.
    """
    word, prefix = query.words
    # Only one type can be searched for names.
    if "," in word:
        raise SvcnetError("you may only specify a single resource type")
    kind = builder.kind_named(objects.kinds(), word)
    everything = Listed((kind,), query.namespace)
    alike = [
        each for each in builder.listed(objects, everything, kind) if each.name.startswith(prefix)
    ]
    if not alike:
        raise missing
    for each in alike:
        # DescribeMatchingResources() ends each with a newline, and puts nothing between.
        session.print_result(
            description(objects, kind, each.document or {}, session.now, events=events)
        )
