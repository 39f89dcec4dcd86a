"""`docs`: the pages that are shipped with svcnet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from svcnet.cli.command.doc_pages import pages
from svcnet.cli.command.session import Session
from svcnet.cli.flags.declarations import argument
from svcnet.errors import SvcnetError

# --- docs -------------------------------------------------------------------------------------


def docs(
    session: Session,
    words: Annotated[list[str] | None, argument(help="The page to print.")] = None,
) -> None:
    """Print a page of svcnet's documentation, or list the pages.

    A page is printed as Markdown; on a terminal it is laid out.
    """
    if len(words or ()) > 1:
        raise session.usage(f"unexpected arguments: [{' '.join((words or [])[1:])}]")
    found = pages()
    if not words:
        width = max(map(len, found))
        for name, path in found.items():
            session.print_result(f"{name:<{width}}   {_title(path)}")
        return
    page = found.get(words[0].removesuffix(".md"))
    if page is None:
        raise SvcnetError(f'no page "{words[0]}": the pages are {", ".join(found)}')
    text = page.read_text(encoding="utf-8")
    if sys.stdout.isatty():
        _lay_out(text)
    else:
        session.print_result(text, end="")


def _title(path: Path) -> str:
    """Return a page's first line, without its mark."""
    with path.open(encoding="utf-8") as page:
        return page.readline().removeprefix("#").strip()


def _lay_out(text: str) -> None:
    """Print a page for a reader at a terminal."""
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
