"""What verbs that take no words have in common."""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.flags.declarations import argument, option

Extra = Annotated[list[str] | None, argument(hidden=True)]
Cached = Annotated[bool, option("--cached", help="Accepted for scripts: nothing is cached.")]


def refuse_words(session: Session, words: list[str] | None) -> None:
    """Refuse words for a verb that takes none.

    Raises:
        UsageError: ``unexpected arguments: [x]``.
    """
    if words:
        raise session.usage(f"unexpected arguments: [{' '.join(words)}]")
