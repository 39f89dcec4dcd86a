"""Which verb a command line means, and the function behind it.

Source: spf13/cobra command.go Find().
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from keyword import iskeyword
from typing import Any

from svcnet.cli.command import tree
from svcnet.cli.flags import pflag

OPTIONAL_VALUES = frozenset((
    "-R", "--recursive", "--edit", "--save-config", "--windows-line-endings", "--server-side",
    "--all", "--force", "--prune", "--overwrite", "--force-conflicts", "--dry-run", "--validate",
    "--show-managed-fields", "--wait", "--cascade", "-h", "--help",
))  # fmt: skip
"""Flags of verbs that lead to further ones, which take no value from the next word."""


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
        verb = tree.child(path, rest[at]) if at is not None else None
        if at is None or verb is None:
            return path, rest
        path = verb.path
        del rest[at]


def _first_word(words: Sequence[str]) -> int | None:
    """Return where the first word stands that is no flag nor the value of one; None without one.

    A verb is looked for before its flags are known, so a flag's own table cannot help here.
    """
    known = {f"--{flag.name}": flag for flag in pflag.GLOBAL}
    known |= {f"-{flag.short}": flag for flag in pflag.GLOBAL if flag.short}
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


def refuse_absent(path: str, rest: Sequence[str]) -> None:
    """Refuse the next word where it names a verb that kubectl has and svcnet lacks, or no verb.

    Raises:
        UsageError: there is no such verb; below a verb, only where kubectl has one.
    """
    at = _first_word(rest)
    word = "" if at is None else rest[at]
    if at is None or (not path and word in ("help", "options")):
        return
    if not path or word in tree.ABSENT.get(path, ()):
        from svcnet.cli.command import suggestions

        raise suggestions.unknown_command(word) if not path else suggestions.absent(path, word)


def function_of(verb: tree.Verb) -> Callable[..., Any]:
    """Import and return the function behind a verb."""
    name = verb.function
    # A module cannot be called `import`.
    module = f"{name}_" if iskeyword(name) else name
    function: Callable[..., Any] = getattr(import_module(f"svcnet.cli.commands.{module}"), module)
    return function
