"""Tables as kubectl lays them out: which columns, how wide, one below the other.

Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/printers/tableprinter.go and kubectl
pkg/cmd/get/get.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.cli.printers.cells import labels, name_of, part
from svcnet.cli.printers.table import Table
from svcnet.lean_namedtuple import NamedTuple

PADDING, MINIMUM = 3, 6
_LINE_ENDS = "\f\n\r"


class TableOptions(NamedTuple):
    """Which columns a table has beside its own, and how it is shown."""

    wide: bool = False
    headers: bool = True
    namespaces: bool = False
    """Start with the namespace, where the kind has one."""
    kinds: bool = False
    """Write ``service/web`` for names."""
    label_columns: tuple[str, ...] = ()
    show_labels: bool = False


def lines(
    kind: Kind, shape: Table, documents: Iterable[Document], now: str, options: TableOptions
) -> Iterator[str]:
    """Yield the lines of one table, headers first; nothing when there are no objects.

    Args:
        kind: what the objects are.
        shape: the kind's columns.
        documents: the objects, in the order they are shown.
        now: RFC 3339, what ages are counted from.
        options: what else is shown.
    """
    # The server sends every column; which of them are shown is the client's decision.
    shown = [
        index for index in range(len(shape.headers)) if options.wide or index not in shape.wide
    ]
    rows = [_row(kind, shape, each, now, options, shown) for each in documents]
    if not rows:
        return
    if options.headers:
        rows.insert(0, _headers(kind, shape, options, shown))
    yield from align(rows)


def _headers(kind: Kind, shape: Table, options: TableOptions, shown: Sequence[int]) -> list[str]:
    start = ["NAMESPACE"] if options.namespaces and kind.namespaced else []
    extra = [label.rpartition("/")[2].upper() for label in options.label_columns]
    end = ["LABELS"] if options.show_labels else []
    return [*start, *(shape.headers[index] for index in shown), *extra, *end]


def _row(  # noqa: PLR0917
    kind: Kind,
    shape: Table,
    document: Document,
    now: str,
    options: TableOptions,
    shown: Sequence[int],
) -> list[str]:
    cells = shape.row(document, now)
    texts = [text(cells[index]) for index in shown]
    # By its header: the name of an event stands in the last column, and only in wide tables.
    if options.kinds:
        at = next((at for at, index in enumerate(shown) if shape.headers[index] == "NAME"), None)
        if at is not None:
            texts[at] = f"{kind.singular_resource}/{name_of(document)}"
    metadata = part(document, "metadata")
    if options.namespaces and kind.namespaced:
        texts.insert(0, metadata.get("namespace", ""))
    if options.label_columns or options.show_labels:
        found = part(metadata, "labels")
        texts += [text(found.get(label)) for label in options.label_columns]
        if options.show_labels:
            texts.append(labels(found))
    return texts


def text(cell: object) -> str:
    r"""Return a cell as it is printed: on one line, and steering no terminal.

    >>> text(3), text(None), text("a\nb"), text("\x1b[31m")
    ('3', '', 'a...', '^[[31m')
    """
    shown = "" if cell is None else str(cell)
    end = next((at for at, letter in enumerate(shown) if letter in _LINE_ENDS), None)
    if end is not None:
        shown = shown[:end] + "..."  # A table has one line per object, whatever a message holds.
    return shown.replace("\x1b", "^[")


def align(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows as lines: every column but the last is as wide as its widest cell and a gap.

    >>> list(align([("NAME", "AGE"), ("kubernetes", "5s")]))
    ['NAME         AGE', 'kubernetes   5s']
    """
    widths = [max(MINIMUM, max(map(len, column)) + PADDING) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False))
        # The last column is not padded, so that lines end where their text does.
        yield "".join((*padded, row[-1]))
