"""Help in kubectl's layout, for every verb and for the words that lead to verbs.

What it is for, examples, what may follow, flags with their defaults, and at the end how it is used.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/util/templates/templates.go, templater.go,
help_flags_printer.go.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from svcnet.cli.command import tree
from svcnet.cli.command.manual import manuals
from svcnet.cli.flags import declarations, pflag
from svcnet.cli.flags.pflag import Flag
from svcnet.errors import UsageError

WIDTH = 80
_TAB = 8
"""How far a terminal moves for the tab before what a flag is for."""

TRY_NEXT = (
    "create deployment web --image=nginx --replicas=3",
    "expose deployment web --port=80",
    "rules --node n1",
)
"""What the overview tells a newcomer to type."""


def program() -> str:
    """Return the name that the program was started under."""
    name = os.path.basename(sys.argv[0]) if sys.argv else ""  # noqa: PTH119 - pathlib costs time
    # `python -m svcnet` starts a file.
    if name in ("", "__main__.py", "-c"):
        return "svcnet"
    # As a plugin it is found by its name, and called with a blank.
    return name.replace("kubectl-", "kubectl ", 1) if name.startswith("kubectl-") else name


def of_program() -> str:
    """Return what ``--help`` alone prints."""
    name = program()
    listed = [_listed(section.title, section.verbs, WIDTH) for section in tree.SECTIONS]
    tried = "\n".join(f"  {name} {line}" for line in TRY_NEXT)
    return "\n\n".join((
        "svcnet shows what Kubernetes Services really do, without a cluster.",
        *listed,
        f"Usage:\n  {name} [flags] [options]",
        _footer(name, f"{name} <command>", WIDTH).rstrip(),
        f"Try these next:\n{tried}\n",
    ))  # fmt: skip


def of_verb(path: str, function: Callable[..., Any] | None, name: str, width: int = WIDTH) -> str:
    """Return the help of a verb, or of words that only lead to verbs.

    Args:
        path: its words.
        function: what is behind it; its docstring tells what it is for.  None: nothing is.
        name: what the program is called.
        width: how many columns lines may take, but for examples and the usage line.
    """
    verb, manual = tree.VERBS[path], manuals()[path]
    parts = [_about(verb, function, width)]
    if verb.aliases:
        parts.append("Aliases:\n" + ", ".join((path.rpartition(" ")[2], *verb.aliases)))
    if manual.examples:
        shown = "\n".join(f"  {_called(line, name)}".rstrip() for line in manual.lines)
        parts.append(f"Examples:\n{shown}")
    children = tree.children(path)
    if children:
        parts.append(_listed("Available Commands:", children, width))
    options = "\n\n".join(_options(function)) if function else ""
    if options:
        parts.append(f"Options:\n{options}")
    usage = " ".join(filter(None, (name, path, manual.usage, "[options]")))
    parts.append(f"Usage:\n  {usage}")
    parts.append(_footer(name, f"{name} {path} <command>" if children else "", width))
    return "\n\n".join(parts)


def of_global_flags() -> str:
    """Return what ``options`` prints: the flags that every verb takes."""
    from svcnet.cli.flags.about import ABOUT

    shown = []
    for flag in sorted(pflag.GLOBAL):
        about = ABOUT.get(flag.name, "accepted, and has no effect").replace("`", "")
        shown.append(_option(flag, None, f"{about[0].upper()}{about[1:]}."))
    return "\n\n".join(("The following options can be passed to any command:", *shown)) + "\n"


def _about(verb: tree.Verb, function: Callable[..., Any] | None, width: int) -> str:
    """Return what a verb is for, paragraph by paragraph."""
    text = (function.__doc__ or "").strip() if function else f"{verb.summary}."
    return "\n\n".join("\n".join(_wrapped(each, width)) for each in text.split("\n\n"))


def _called(line: str, name: str) -> str:
    """Return an example as it is typed under the program's name."""
    return line if line.startswith("#") else line.replace("svcnet ", f"{name} ")


def _listed(title: str, below: Iterable[tree.Verb], columns: int) -> str:
    named = [(verb.path.rpartition(" ")[2], verb.summary) for verb in below]
    width = max(len(word) for word, _ in named)
    lines = []
    for word, summary in named:
        first, *rest = _wrapped(summary, columns - width - 5)
        lines += [f"  {word:<{width}}   {first}", *(f"{'':<{width + 5}}{each}" for each in rest)]
    return "\n".join((title, *lines))


def _options(function: Callable[..., Any]) -> Iterator[str]:
    """Yield the flags of a verb, by name, each with its default and what it is for."""
    taken = pflag.of_parameters(declarations.of_function(function).parameters())
    for flag, parameter in sorted(taken, key=lambda each: each[0].name):
        if not parameter.declared.hidden:
            yield _option(flag, parameter.default, parameter.help)


def _option(flag: Flag, default: Any, about: str) -> str:
    lines = "\n".join(f"\t{line}" for line in _wrapped(about, WIDTH - _TAB))
    return f"    {flag.shown}={shown_default(flag, default)}:\n{lines}"


def shown_default(flag: Flag, default: Any) -> str:
    """Return a flag's default as pflag prints it: text in quotes, lists in brackets.

    >>> shown_default(Flag("output"), ""), shown_default(Flag("wait", type="bool"), True)
    ("''", 'true')
    """
    match flag.type:
        case "bool":
            return "true" if default else "false"
        case "int" | "int32":
            return str(default or 0)
        case "strings" | "stringArray":
            return "[" + ",".join(default or ()) + "]"
        case "duration":
            return str(default or "0s")
    return f"'{default or ''}'"


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Yield a paragraph in lines of at most `width` columns; a longer word stands alone."""
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
    yield line


def _footer(name: str, commands: str, width: int) -> str:
    """Return where more is to be found; `commands` is empty for a verb that leads to no other."""
    sentences = [f'Use "{commands} --help" for more information about a given command.']
    sentences.append(
        f'Use "{name} options" for a list of global command-line options (applies to all commands).'
    )
    shown = sentences if commands else sentences[1:]
    return "\n".join(line for each in shown for line in _wrapped(each, width)) + "\n"


def refuse(path: str, words: Iterable[str]) -> str:
    """Return the help that words which need another one end with; an error's, so as kubectl has it.

    Raises:
        UsageError: a word follows that is no verb.
    """
    if words:
        named = " ".join(words)
        raise UsageError(
            f'unknown command "{named}"', f"See 'kubectl {path} -h' for help and examples"
        )
    return of_verb(path, None, "kubectl", sys.maxsize)


def show(text: str) -> None:
    """Print help, in colour where it goes to a terminal."""
    if sys.stdout.isatty():
        from svcnet.cli.command.colour import print_coloured

        print_coloured(text)
    else:
        sys.stdout.write(text)
