"""Text in columns, as Go's text/tabwriter lays it out.

A column is not a property of the whole text: it runs over neighbouring lines that all have a cell
there which a tab ends.  That is why the values of `describe` line up section by section.
"""

from __future__ import annotations

from collections.abc import Iterator


def aligned(text: str, *, padding: int, minimum: int = 0) -> str:
    r"""Return `text` with its tabs replaced by blanks.

    Args:
        text: lines of cells; a tab ends a cell, and what follows the last tab is not padded.
        padding: how many blanks follow the widest cell of a column.
        minimum: how wide a column is at least, padding included.

    Source: go text/tabwriter/tabwriter.go format().

    >>> print(aligned("a:\t1\nlong:\t2\nalone\nb:\t3", padding=2))
    a:     1
    long:  2
    alone
    b:  3
    """
    lines = [line.split("\t") for line in text.split("\n")]
    return "\n".join(_block(lines, (), padding, minimum))


def _block(
    lines: list[list[str]], widths: tuple[int, ...], padding: int, minimum: int
) -> Iterator[str]:
    """Yield neighbouring lines whose first cells have these widths."""
    column = len(widths)
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and column < len(lines[end]) - 1:
            end += 1
        # The line has no cell here that a tab ends: it belongs to no column, and parts two.
        if end == at:
            yield _line(lines[at], widths)
            at += 1
            continue
        # The last cell of a line is not asked: text without a tab behind it is in no column.
        width = max(minimum, *(len(line[column]) + padding for line in lines[at:end]))
        yield from _block(lines[at:end], (*widths, width), padding, minimum)
        at = end


def _line(cells: list[str], widths: tuple[int, ...]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=False))
    return "".join((*padded, cells[-1]))
