"""Tables that kubectl lays out itself, wider apart than the server's."""

from __future__ import annotations

from collections.abc import Iterable

from svcnet.cli.printers.tabwriter import aligned


def table(rows: Iterable[tuple[str, ...]]) -> str:
    """Return rows in columns of at least six, three apart, as kubectl prints its own tables."""
    return aligned("".join("\t".join(row) + "\n" for row in rows), padding=3, minimum=6)
