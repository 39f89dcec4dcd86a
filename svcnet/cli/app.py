"""Where the program starts: which verb is meant, and what an error becomes.

A verb is a function whose parameters are declared in Typer's shape (`svcnet.cli.frame.parameters`).
Its command line is read by pflag's rules all the same, and Typer only lays out its help, for two
reasons.  pflag and click differ nearly everywhere: ``-owide``, a bare ``--dry-run`` that may have a
value, ``--wait=false``, flags before the verb, and the words of every mistake.  And importing Typer
costs more time than a whole `get`: 34 ms against 21 ms for all that `get` itself imports.

For the same sake of time only the module of the verb that is meant is imported.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from svcnet.cli.frame import errors, flags, verbs
from svcnet.errors import SvcnetError

OPTIONAL_VALUES = frozenset((
    "-R", "--recursive", "--edit", "--save-config", "--windows-line-endings", "--server-side",
    "--all", "--force", "--prune", "--overwrite", "--force-conflicts", "--dry-run", "--validate",
    "--show-managed-fields", "--wait", "--cascade", "-h", "--help",
))  # fmt: skip
"""Flags of verbs that lead to further ones, which take no value from the next word."""


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line; the one place where an error becomes a message and an exit status.

    Returns:
        kubectl's exit status: 0, or 1 after an error (`diff`: 1 where there is a difference, more
        after an error); 130 when interrupted.
    """
    gc.disable()  # The process is short-lived: collecting costs more than it gives back.
    words = list(sys.argv[1:] if args is None else args)
    try:
        status = _run(words)
        # Here, where a reader that has gone away can still be answered for.
        sys.stdout.flush()
    except SvcnetError as error:
        sys.stdout.write(getattr(error, "printed", ""))  # What a template printed before it failed.
        sys.stdout.flush()
        sys.stderr.write(errors.told(error) + "\n")
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has seen enough; do not fail again when Python flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def _run(words: Sequence[str]) -> int:
    """Run what a command line asks for: a verb, a question of the shell's, or help.

    Raises:
        UsageError: the first word names no verb, or the verb cannot read the others.
    """
    # What a shell sends to be completed is unfinished, so it must not be read as a command.
    if words and words[0] in {"__complete", "__completeNoDesc"}:
        from svcnet.cli.telling import completion_words

        return completion_words.answer(words[1:])
    path, rest = locate(words)
    verb = verbs.VERBS.get(path)
    # `create` and `apply` are verbs by themselves, and lead to others as well.
    if verb is not None and verb.target:
        from svcnet.cli.frame.command import run

        return run(function_of(verb), path, rest)
    reading = flags.read((), rest, f"kubectl {path}".rstrip())
    from svcnet.cli.frame import overview

    if reading.words and reading.words[0] == "help" and not path:
        return overview.help_of(reading.words[1:])
    if reading.words and reading.words[0] == "options" and not path:
        return overview.options()
    # Only the first word is told: what follows it may be anything, as its verb is not known.
    if reading.words and not path:
        from svcnet.cli.frame import suggestions

        raise suggestions.unknown_command(reading.words[0])
    return overview.show(path, reading)


def locate(words: Sequence[str]) -> tuple[str, list[str]]:
    """Return which verb is meant, and the command line without the verb's words.

    As cobra does: the first word that is neither a flag nor the value of one names the verb, then
    the next one may name one below it; a flag that is not known takes the next word with it.

    >>> locate(["-n", "team", "create", "svc", "--tcp", "80", "clusterip", "api"])
    ('create service clusterip', ['-n', 'team', '--tcp', '80', 'api'])

    Source: spf13/cobra command.go Find(), stripFlags(), argsMinusFirstX().
    """
    path, rest = "", list(words)
    while True:
        at = _first_word(rest)
        verb = verbs.child(path, rest[at]) if at is not None else None
        if at is None or verb is None:
            return path, rest
        path = verb.path
        del rest[at]


def _first_word(words: Sequence[str]) -> int | None:
    """Return where the first word stands that is no flag nor the value of one; None without one.

    A verb is looked for before its flags are known, so a flag's own table cannot help here.
    """
    known = {f"--{flag.name}": flag for flag in flags.GLOBAL}
    known |= {f"-{flag.short}": flag for flag in flags.GLOBAL if flag.short}
    skip = False
    for index, word in enumerate(words):
        if skip:
            skip = False
        elif word == "--":
            return None
        # Longer words behind one dash hold their values: `-nteam` leaves the next word alone.
        elif word.startswith("--") or (word.startswith("-") and len(word) == len("-o")):
            flag = known.get(word)
            alone = flag.bare is not None if flag else word in OPTIONAL_VALUES
            skip = "=" not in word and not alone
        elif word and not word.startswith("-"):
            return index
    return None


def function_of(verb: verbs.Verb) -> Callable[..., Any]:
    """Import and return the function behind a verb."""
    module, _, name = verb.target.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function
