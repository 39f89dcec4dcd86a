"""Running a verb: its command line read, its session opened, its function called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from svcnet.api.go.strconv import parse_int
from svcnet.cli.command.session import Session
from svcnet.cli.flags import declarations, pflag
from svcnet.cli.flags.declarations import Parameter
from svcnet.cli.flags.values import TRUE, strings
from svcnet.errors import SvcnetError, UsageError


def run(function: Callable[..., Any], words: str, args: Sequence[str]) -> int:
    """Run a verb; return its exit status.

    Args:
        function: the verb.
        words: how it is called, without the program: ``create service clusterip``.
        args: the rest of the command line.

    Raises:
        UsageError: the command line cannot be read.
    """
    signature = declarations.of_function(function)
    taken = list(signature.parameters())
    known = list(pflag.of_parameters(taken))
    reading = pflag.read((flag for flag, _ in known), args, f"kubectl {words}")
    # Before anything is missed: cobra answers --help ahead of counting arguments and looking for
    # required flags (spf13/cobra command.go execute()).
    if reading.last("help") in TRUE:
        from svcnet.cli.command import help as help_

        help_.show(help_.of_verb(words, function, help_.program()))
        return 0
    session = Session.of(reading, f"kubectl {words}")
    values = _values(taken, known, reading, session)
    try:
        function(session, **signature.arguments(values))
    except SvcnetError as error:
        session.report(error)  # After those that the verb went on after.
    session.flush()
    return session.close()


def _values(
    taken: Sequence[Parameter],
    known: Sequence[tuple[pflag.Flag, Parameter]],
    reading: pflag.Reading,
    session: Session,
) -> dict[str, Any]:
    """Return what each parameter is set to.

    Raises:
        UsageError: a flag that the verb needs is not there, or there are words it does not take.
    """
    names = {flag.name for flag, _ in reading.given}
    # All that are missing are told at once, in the order of the verb's own signature.
    missing = [f'"{flag.name}"' for flag, each in known if each.required and flag.name not in names]
    if missing:
        raise UsageError(f"required flag(s) {', '.join(missing)} not set")
    values = {each.name: _value(flag, each, reading) for flag, each in known}
    rest = list(reading.words)
    for each in taken:
        if not each.is_option:
            values[each.name] = _words(each, rest)
    # Last: kubectl's verbs look at their words in Run, when cobra has missed required flags.
    if rest:
        raise session.usage(f"Unexpected args: [{' '.join(rest)}]")
    return values


def _value(flag: pflag.Flag, parameter: Parameter, reading: pflag.Reading) -> Any:
    """Return what a flag was given, or its default."""
    texts = [text for given, text in reading.given if given.name == flag.name]
    if not texts:
        return parameter.default
    # pflag's Set() overwrites what a flag had, so the last one counts; only lists gather.
    match flag.type:
        case "bool":
            return texts[-1] in TRUE
        case "int" | "int32":
            return parse_int(texts[-1])
        case "strings":
            return [part for text in texts for part in strings(text)]
        case "stringArray":
            return texts
    return texts[-1]


def _words(parameter: Parameter, rest: list[str]) -> Any:
    """Take the words of one parameter off `rest`; return them."""
    if parameter.type is list:
        taken = rest[:]
        rest.clear()
        return taken or parameter.default
    return rest.pop(0) if rest else parameter.default
