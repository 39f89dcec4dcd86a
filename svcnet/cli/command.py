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
    """A Typer command whose words are read by pflag's rules; `ctx.obj` is its `Session`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read `args`, open the session, and hand Typer the same in the one form it reads alike.

        Raises:
            UsageError: in kubectl's words.
        """
        known = list(flags.of_parameters(self.params))
        reading = flags.read((flag for flag, _ in known), args, ctx.command_path)
        if reading.last("help") in govalues.TRUE:
            typer.echo(ctx.get_help())
            ctx.exit()
        ctx.obj = Session.of(reading, ctx.command_path)
        options = {flag.name: option for flag, option in known}
        missing = [f'"{name}"' for name, option in options.items() if _is_missing(option, reading)]
        if missing:
            raise UsageError(f"required flag(s) {', '.join(missing)} not set")
        rest = super().parse_args(ctx, [*_plain(reading, options), "--", *reading.words])
        for flag, value in reading.given:
            if flag.type == "bool" and flag.name in options:
                ctx.params[options[flag.name].name] = value in govalues.TRUE
        return rest


def _is_missing(option: Any, reading: flags.Reading) -> bool:
    return bool(option.required) and all(
        flag.name not in option_names(option) for flag, _ in reading.given
    )


def option_names(option: Any) -> tuple[str, ...]:
    """Return an option's long names without their dashes."""
    return tuple(name[2:] for name in option.opts if name.startswith("--"))


def _plain(reading: flags.Reading, options: dict[str, Any]) -> list[str]:
    """Return the flags with values as Typer's parser reads them, one word each.

    Switches are left out: Typer knows no ``--wait=false``, so they are set afterwards.
    """
    words = []
    for flag, value in reading.given:
        if flag.name not in options or flag.type == "bool":
            continue
        match flag.type:
            case "int" | "int32":
                values = [str(govalues.integer(value))]
            case "strings":
                values = govalues.strings(value)
            case _:
                values = [value]
        words += [f"--{flag.name}={each}" for each in values]
    return words


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
