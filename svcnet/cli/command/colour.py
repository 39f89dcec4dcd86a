"""Help in colour: Typer's theme, laid over the text by rich, for terminals."""

from __future__ import annotations

from typing import ClassVar

from rich.console import Console
from rich.highlighter import RegexHighlighter
from typer import rich_utils


class HelpHighlighter(RegexHighlighter):
    """Finds what stands out in help: titles, flags, commands and comments."""

    base_style = "help."
    highlights: ClassVar[list[str]] = [
        r"(?m)^(?P<title>[A-Z][^\n]*:)$",
        r"(?m)^ {4}(?P<option>-[^\n]*?)=",
        r"(?m)^ {2}(?P<command>[a-z][a-z-]*)(?= {3})",
        r"(?m)^ {2}(?P<comment># .*)$",
    ]


def print_coloured(text: str) -> None:
    """Print help with its titles, flags and commands in colour; as it is under NO_COLOR."""
    from rich.theme import Theme

    theme = Theme({
        "help.title": "bold",
        "help.option": rich_utils.STYLE_OPTION,
        "help.command": rich_utils.STYLE_COMMANDS_TABLE_FIRST_COLUMN,
        "help.comment": "dim",
    })  # fmt: skip
    # Soft wrapping: lines are laid out already, and usage lines are as long as they are.
    console = Console(theme=theme, highlighter=HelpHighlighter(), soft_wrap=True)
    console.print(text, end="", markup=False)
