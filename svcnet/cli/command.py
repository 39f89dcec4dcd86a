"""A verb as a Typer command that reads its command line as kubectl does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.core import TyperCommand
from typer.exceptions import TyperException

from svcnet.cli import flags, govalues
from svcnet.cli.session import Session
from svcnet.errors import SvcnetError, UsageError


class KubectlCommand(TyperCommand):
    """A Typer command whose words are read by pflag's rules; `ctx.obj` is its `Session`.

    Typer would turn text into values with pydantic, whose import takes longer than most verbs;
    flags hold nothing but text, numbers, switches and lists of text, so that is done here.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read `args`, open the session, and set the values of the verb's parameters.

        Raises:
            UsageError: in kubectl's words.
        """
        known = list(flags.of_parameters(self.params))
        reading = flags.read((flag for flag, _ in known), args, ctx.command_path)
        if reading.last("help") in govalues.TRUE:
            typer.echo(ctx.get_help())
            ctx.exit()
        ctx.obj = Session.of(reading, ctx.command_path)
        missing = [f'"{flag.name}"' for flag, option in known if _is_missing(flag, option, reading)]
        if missing:
            raise UsageError(f"required flag(s) {', '.join(missing)} not set")
        for flag, option in known:
            ctx.params[option.name] = _value(flag, option, reading)
        rest = list(reading.words)
        for parameter in self.params:
            if parameter.param_type_name == "argument":
                ctx.params[parameter.name] = _words(parameter, rest)
        if rest:
            raise ctx.obj.usage(f"Unexpected args: [{' '.join(rest)}]")
        return []


def _is_missing(flag: flags.Flag, option: Any, reading: flags.Reading) -> bool:
    return bool(option.required) and all(given.name != flag.name for given, _ in reading.given)


def _value(flag: flags.Flag, option: Any, reading: flags.Reading) -> object:
    """Return what a flag was given, or its default."""
    texts = [text for given, text in reading.given if given.name == flag.name]
    if not texts:
        return option.default
    if option.multiple:
        split = govalues.strings if flag.type == "strings" else lambda text: [text]
        return [part for text in texts for part in split(text)]
    match flag.type:
        case "bool":
            return texts[-1] in govalues.TRUE
        case "int" | "int32":
            return govalues.integer(texts[-1])
    return texts[-1]


def _words(parameter: Any, rest: list[str]) -> object:
    """Take the words of one parameter off `rest`; return them."""
    if parameter.nargs == -1:
        taken = rest[:]
        rest.clear()
        return taken or parameter.default
    return rest.pop(0) if rest else parameter.default


def command(function: Callable[..., Any], words: str, epilog: str = "") -> Any:
    """Return the Typer command of one verb.

    Args:
        function: the verb; its docstring is the help.
        words: how it is called, without the program: ``create service clusterip``.
        epilog: what its help ends with.
    """
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(
        words.rpartition(" ")[2],
        cls=KubectlCommand,
        add_help_option=False,
        epilog=epilog or None,
    )(function)
    return typer.main.get_command(app)


def run(function: Callable[..., Any], words: str, args: Sequence[str]) -> int:
    """Run a verb; return its exit status."""
    try:
        with command(function, words).make_context(f"kubectl {words}", list(args)) as ctx:
            session: Session = ctx.obj
            try:
                ctx.command.invoke(ctx)
            except SvcnetError as error:
                session.report(error)
            return session.close()
    except typer.Exit as done:
        return done.exit_code
    except TyperException as error:
        raise SvcnetError(error.format_message()) from None
