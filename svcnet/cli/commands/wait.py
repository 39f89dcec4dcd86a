"""`wait`: whether objects meet a condition.

Nothing in a state changes while nobody writes to it, so there is nothing to wait for: what does
not hold when `wait` looks counts as timed out at once.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/wait/wait.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, TypeAlias

from svcnet.api.keys import Document
from svcnet.cli.command.session import Session
from svcnet.cli.commands.wait_conditions import Expectation, IsCreated, IsDeleted, read_expectation
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import (
    Timeout,
    Words,
)
from svcnet.cli.printers import output
from svcnet.cli.printers.output import Format
from svcnet.cli.printers.print_flags import print_flags
from svcnet.cli.resource.builder import fetch, found, resolve
from svcnet.cli.resource.resource_flags import EveryResourceFlag
from svcnet.cli.resource.targets import Named, Objects, Selection, Target
from svcnet.errors import NotFound, SvcnetError

Conditions: TypeAlias = Annotated[
    list[str] | None,
    option(
        "--for",
        metavar="stringArray",
        help="create, delete, condition=NAME[=VALUE], or jsonpath='{EXPRESSION}'[=VALUE].",
    ),
]
Local: TypeAlias = Annotated[bool, option("--local", help="Only look at what stands in the files.")]


def wait(
    session: Session,
    words: Words = None,
    *,
    resources: EveryResourceFlag,
    conditions: Conditions = None,
    timeout: Timeout = "30s",
    local: Local = False,
    form: Annotated[Format, print_flags()],
) -> None:
    """Wait for a specific condition on one or many resources.

    Nothing changes by itself in svcnet: what does not hold now is reported as timed out at once,
    whatever the timeout.
    """
    del timeout
    # There is no default condition; kubectl's message shows the empty list.
    if not conditions:
        raise SvcnetError("unrecognized condition: []")
    expected = [read_expectation(each) for each in conditions]
    query = resources.query(session, words)
    results = output.Results(session, form)
    with session.read() as reader:
        selection = resolve(query, reader.kinds())
        # For `delete` nothing is just what is wanted.
        if _is_nothing(reader, selection) and not any(
            isinstance(each, IsDeleted) for each in expected
        ):
            raise SvcnetError("no matching resources found")
        for result in _subjects(reader, selection, local=local):
            _look(session, results, result, expected)


def _is_nothing(objects: Objects, selection: Selection) -> bool:
    """Tell whether a type or selector finds no object; names always mean one."""
    return not isinstance(selection, Named) and not any(True for _ in found(objects, selection))


def _subjects(
    objects: Objects, selection: Selection, *, local: bool
) -> Iterator[tuple[Target | None, SvcnetError | None]]:
    """Yield each object that is meant, as it is now, and the error where it is not there."""
    if not isinstance(selection, Named):
        yield from (
            (each, None) if isinstance(each, Target) else (None, each)
            for each in found(objects, selection)
        )
        return
    yield from ((None, fault) for fault in selection.faults)
    for target in selection.targets:
        if local:
            # What stands in the file is looked at, status included.
            yield target, None
            continue
        try:
            yield target._replace(document=fetch(objects, target)), None
        except SvcnetError as error:
            yield target._replace(document=None), error


def _look(
    session: Session,
    results: output.Results,
    subject: tuple[Target | None, SvcnetError | None],
    expected: Sequence[Expectation],
) -> None:
    """Hold one object against what is expected, and say how it stands."""
    target, error = subject
    if target is None or target.document is None:
        missing = target is not None and isinstance(error, NotFound)
        if missing and all(isinstance(each, IsDeleted) for each in expected):
            return
        # For `create` a missing object is what is waited for, and so no error of its own.
        if missing and any(isinstance(each, IsCreated) for each in expected):
            error = SvcnetError("timed out waiting for the condition")
        assert error is not None
        session.report(error)
        return
    try:
        if all(_is_met(each, target.document) for each in expected):
            results.show(target.kind, target.document, "condition met")
            return
    except SvcnetError as fault:
        session.report(fault)
        return
    where = f"{target.kind.plural}/{target.name}"
    session.report(SvcnetError(f"timed out waiting for the condition on {where}"))


def _is_met(expectation: Expectation, document: Document) -> bool:
    """Tell whether an object that is there meets what is expected."""
    match expectation:
        case IsCreated():
            return True
        case IsDeleted():
            # It is there: only objects that were found are held against conditions.
            return False
        case _:
            return expectation.met_by(document)
