"""kubectl's `-o custom-columns`: a table whose columns are jsonpaths.

Source: kubectl pkg/cmd/get/customcolumn.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from svcnet.api.go.fmt import sprint
from svcnet.api.keys import Document
from svcnet.cli.printers.tabwriter import aligned
from svcnet.cli.templates import jsonpath
from svcnet.cli.templates.errors import RenderError
from svcnet.cli.templates.jsonpath_parser import PathError, parse
from svcnet.errors import UsageError
from svcnet.lean_namedtuple import NamedTuple

# As in kubectl's other tables (cli-runtime pkg/printers/tabwriter.go).
_PADDING = 3
_MINIMUM = 6
_TERMINAL = str.maketrans({"\x1b": "^[", "\r": "\\r"})
"""What could steer a terminal is shown instead."""
_FILE_FORMAT = (
    "Expected format is one line of space separated headers, one line of space separated column "
    "specs."
)


class Column(NamedTuple):
    """A header and the template of what stands below it."""

    header: str
    template: str


def columns(spec: str) -> tuple[Column, ...]:
    """Return the columns of `NAME:.metadata.name,PORTS:.spec.ports[*].port`.

    The paths themselves are read when the first object is printed, as kubectl does it.

    Raises:
        UsageError: a part is not ``HEADER:PATH``, or there is none.
    """
    if not spec:
        raise UsageError("custom-columns format specified but no custom columns given")
    found = []
    # Commas always part columns, even those in a union like `[1,2]`: there is no way to quote one.
    for part in spec.split(","):
        header, colon, path = part.partition(":")
        if not colon:
            raise UsageError(
                f"unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>"
            )
        found.append(Column(header, jsonpath.relaxed(path)))
    return tuple(found)


def columns_of_file(text: str) -> tuple[Column, ...]:
    """Return the columns of a template file: a line of headers and, under them, one of paths.

    Raises:
        UsageError: a line is missing, or they have not as many words.
    """
    lines = text.splitlines()
    for index, what in enumerate(("header", "spec")):
        if len(lines) <= index:
            raise UsageError(f"invalid template, missing {what} line. {_FILE_FORMAT}")
    headers, paths = lines[0].split(), lines[1].split()
    if len(headers) != len(paths):
        raise UsageError(
            f"number of headers ({len(headers)}) and field specifications ({len(paths)}) "
            "don't match"
        )
    return tuple(map(Column, headers, map(jsonpath.relaxed, paths)))


def render(wanted: Sequence[Column], documents: Iterable[Document], *, headers: bool = True) -> str:
    """Return the table of some objects.

    Raises:
        RenderError: a path cannot be read or does not fit an object; `printed` holds the rows
            before it.
    """
    lines = ["\t".join(column.header for column in wanted)] if headers else []
    try:
        # Paths are read when headers stand already, which is why kubectl prints them first.
        for column in wanted:
            parse(column.template)
        for document in documents:
            lines.append(_row(wanted, document))  # noqa: PERF401 - rows before a fault are printed
    except PathError as error:
        raise RenderError(str(error), _table(lines)) from None
    return _table(lines)


def _table(lines: Sequence[str]) -> str:
    return aligned("".join(line + "\n" for line in lines), padding=_PADDING, minimum=_MINIMUM)


def _row(wanted: Sequence[Column], document: Document) -> str:
    """Return an object's cells."""
    return "\t".join(_cell(column.template, document) for column in wanted)


def _cell(template: str, document: Document) -> str:
    """Return all that a path finds, with commas between; it may find nothing, or nulls."""
    values = [sprint(each) for found in jsonpath.find(template, document) for each in found]
    return ",".join(values).translate(_TERMINAL) if values else "<none>"
