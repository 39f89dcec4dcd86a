"""Help of a verb, laid out by Typer."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter as Slot
from inspect import Signature
from typing import Annotated, Any

import typer
from typer.main import get_command

from svcnet.cli.flags import declarations
from svcnet.cli.flags.declarations import Option, Parameter

FOOTER = 'Use "svcnet options" for a list of global command-line options (applies to all commands).'

METAVARS = {str: "string", int: "int", list: "strings"}
"""What stands for a flag's value where its declaration does not say; pflag's words."""


def help_of(function: Callable[..., Any], words: str) -> str:
    """Return the help of a verb.

    Args:
        function: the verb; its docstring is what the help begins with.
        words: how it is called, without the program.

    The layout is Typer's and not kubectl's: it is for people to read, and costs no code here.
    """
    from svcnet.cli.command.examples import EXAMPLES

    command = get_command(app_of(function, words))
    # Resilient: flags that a verb requires are not there, and help must not miss them.
    context = command.make_context(f"svcnet {words}", [], resilient_parsing=True)
    examples = EXAMPLES.get(words, ())
    shown = ["Examples:", *(f"  {line}" for line in examples), ""] if examples else []
    return "\n".join((command.get_help(context), "", *shown, FOOTER, ""))


def app_of(function: Callable[..., Any], words: str) -> typer.Typer:
    """Return a verb as an application of Typer's."""
    # Without rich: its boxes depend on the terminal's width, and its import takes long.
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    # `--help` is one of the flags of every verb (`flags.HELP`), read before Typer is imported.
    app.command(words.rpartition(" ")[2], add_help_option=False)(_stand_in(function))
    return app


def _stand_in(function: Callable[..., Any]) -> Callable[..., None]:
    """Return a function that has the verb's parameters as Typer declares them, and does nothing."""

    def verb(**_values: Any) -> None: ...

    slots = [_slot(each) for each in declarations.of_function(function)]
    verb.__signature__ = Signature(slots)  # type: ignore[attr-defined]
    verb.__annotations__ = {slot.name: slot.annotation for slot in slots}
    verb.__doc__ = function.__doc__
    return verb


def _slot(parameter: Parameter) -> Slot:
    declared = parameter.declared
    kind: Any = list[str] | None if parameter.type is list else parameter.type
    about: dict[str, Any] = {
        "help": declared.help or None,
        "metavar": declared.metavar or METAVARS.get(parameter.type),
        "hidden": declared.hidden,
    }
    metadata = (
        typer.Option(*declared.names, **about)
        if isinstance(declared, Option)
        else typer.Argument(**about)
    )
    # An ellipsis is Typer's default for what has to be given.
    default = ... if parameter.required else parameter.default
    if default is None and parameter.type is not list:
        kind = kind | None
    return Slot(
        parameter.name,
        Slot.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind, metadata],
    )
