"""A command line: which verb is meant, and what an error becomes.

A verb is a function whose parameters are declared in Typer's shape
(`svcnet.cli.flags.declarations`).  Its command line is read by pflag's rules all the same, and its
help is in kubectl's layout; only the colours on a terminal are Typer's.  pflag and click differ
nearly everywhere: ``-owide``, a bare ``--dry-run`` that may have a value, ``--wait=false``, flags
before the verb, and the words of every mistake.  And importing Typer costs more time than a whole
`get`: 34 ms against 21 ms for all that `get` itself imports.

For the same sake of time only the module of the verb that is meant is imported.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from svcnet import __version__
from svcnet.cli.command import errors, tree
from svcnet.cli.command.locate import function_of, locate, refuse_absent
from svcnet.cli.flags import pflag
from svcnet.cli.flags.values import TRUE
from svcnet.errors import SvcnetError


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line; the one place where an error becomes a message and an exit status.

    Returns:
        kubectl's exit status: 0, or 1 after an error (`diff`: 1 where there is a difference, more
        after an error).
    """
    gc.disable()  # The process is short-lived: collecting costs more than it gives back.
    words = list(sys.argv[1:] if args is None else args)
    try:
        status = _run(words)
        # Here, where what cannot be written is still an error like others.
        sys.stdout.flush()
    except SvcnetError as error:
        sys.stdout.write(getattr(error, "printed", ""))  # What a template printed before it failed.
        sys.stdout.flush()
        sys.stderr.write(errors.message(error) + "\n")
        return error.exit_code
    return status


def _run(words: Sequence[str]) -> int:
    """Run what a command line asks for: a verb, a question of the shell's, or help.

    Raises:
        UsageError: the first word names no verb, or the verb cannot read the others.
    """
    # What a shell sends to be completed is unfinished, so it must not be read as a command.
    if words and words[0] in {"__complete", "__completeNoDesc"}:
        from svcnet.cli.command import complete

        return complete.answer(words[1:], described=words[0] == "__complete")
    path, rest = locate(words)
    verb = tree.VERBS.get(path)
    if words == ["--version"]:
        return _version()
    # Before flags are read: those of a verb that is not there are not known.
    refuse_absent(path, rest)
    # `create` and `apply` are verbs by themselves, and lead to others as well.
    if verb is not None and verb.runs:
        from svcnet.cli.command.run import run

        return run(function_of(verb), path, rest)
    return _without_verb(path, pflag.read((), rest, f"kubectl {path}".rstrip()))


def _without_verb(path: str, reading: pflag.Reading) -> int:
    """Answer words that only lead to verbs, or none at all; return the exit status."""
    from svcnet.cli.command import help as help_
    from svcnet.cli.command.suggestions import unknown_command

    match reading.words:
        # kubectl alone prints its help and is content (kubectl pkg/cmd/cmd.go runHelp()).
        case () if not path:
            help_.show(help_.of_program())
        case ("help", *words) if not path:
            return _help(words)
        case ("options",) if not path:
            help_.show(help_.of_global_flags())
        case (word, *_) if not path:
            raise unknown_command(word)
        case _ if reading.last("help") in TRUE:
            help_.show(help_.of_verb(path, None, help_.program()))
        case words:
            # Words that need another one are a mistake, so their help is no result.
            sys.stderr.write(help_.refuse(path, words))
            return 1
    return 0


def _help(words: Sequence[str]) -> int:
    """Print the help of a verb: `kubectl help create service`."""
    from svcnet.cli.command import help as help_

    if words == ["options"]:
        help_.show(help_.of_global_flags())
        return 0
    path, rest = locate(words)
    # cobra's help verb ends well even without such a topic (command.go InitDefaultHelpCmd()).
    if rest and not path:
        sys.stderr.write(f"Unknown help topic [`{'` `'.join(rest)}`]\n{help_.of_program()}")
        return 0
    return _run([*path.split(), "--help"])


def _version() -> int:
    """Print the program's own version."""
    sys.stdout.write(f"svcnet {__version__}\n")
    return 0
