"""docs/cli.md, made from the application: every verb, its flags and an example.

`python -m svcnet.cli.command.help_markdown` prints it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from inspect import getdoc

from svcnet.cli.command import tree
from svcnet.cli.command.locate import function_of
from svcnet.cli.command.manual import manuals
from svcnet.cli.flags import declarations, pflag
from svcnet.cli.flags.about import ABOUT
from svcnet.cli.flags.declarations import of_function

_INTRODUCTION = """\
# The command line

<!-- Written by `make docs` from the application; change the application instead. -->

svcnet's verbs are kubectl's, with kubectl's flags, output and exit status; with
`alias kubectl=svcnet`, scripts run as they are. The last section has the verbs that kubectl does
not have.

Every verb takes these flags, before it or after it:
"""


def markdown() -> str:
    """Return the whole page."""
    lines = [_INTRODUCTION, *_global_flags()]
    for section in tree.SECTIONS:
        lines += ["", f"## {section.title.rstrip(':')}"]
        for verb in section.verbs:
            for each in _with_children(verb):
                lines += ["", *_verb(each)]
    return "\n".join((*lines, ""))


def _with_children(verb: tree.Verb) -> Iterator[tree.Verb]:
    """Yield a verb and those below it."""
    yield verb
    for below in tree.children(verb.path):
        yield from _with_children(below)


def _global_flags() -> Iterator[str]:
    """Yield the flags that every verb takes."""
    for flag in sorted(pflag.GLOBAL):
        yield f"- `{flag.shown}`" + (f": {ABOUT[flag.name]}" if flag.name in ABOUT else "")
    yield ""
    yield "Those without a word about them are accepted for scripts' sake and change nothing."


def _verb(verb: tree.Verb) -> Iterator[str]:
    """Yield the section of one verb."""
    level = "###" if " " not in verb.path else "####"
    yield f"{level} {verb.path}"
    yield ""
    if not verb.runs:
        yield f"{verb.summary}: " + ", ".join(
            f"[{below.path}](#{below.path.replace(' ', '-')})" for below in tree.children(verb.path)
        )
        return
    function = function_of(verb)
    yield getdoc(function) or verb.summary
    if verb.aliases:
        also = ", ".join(f"`{each}`" for each in verb.aliases)
        yield from ("", f"Also called {also}.")
    yield from ("", "```sh", *manuals()[verb.path].lines, "```")
    options = list(pflag.of_parameters(of_function(function).parameters()))
    if options:
        yield ""
    for flag, parameter in sorted(options, key=lambda each: each[0].name):
        yield _flag(flag, parameter)


def _flag(flag: pflag.Flag, parameter: declarations.Parameter) -> str:
    """Return the line of one flag."""
    about = " ".join(parameter.help.split()).rstrip(".")
    default = str(parameter.default if isinstance(parameter.default, str | int) else "")
    # As it is typed: true, not True.
    default = default.lower() if flag.type == "bool" else default
    known = "" if default in {"", "false", "0"} else f" (default `{default}`)"
    return f"- `{flag.shown}`: {about}{known}" if about else f"- `{flag.shown}`{known}"


if __name__ == "__main__":
    sys.stdout.write(markdown())
