"""Help of the words that lead to verbs: the program's own, and that of `create service`."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from svcnet.cli.command import tree
from svcnet.cli.flags.pflag import GLOBAL, Reading
from svcnet.cli.flags.values import TRUE
from svcnet.errors import UsageError

FOOTER = (
    'Use "kubectl options" for a list of global command-line options (applies to all commands).'
)


def show(path: str, reading: Reading) -> int:
    """Print the help of words that are no verb by themselves; return the exit status.

    Raises:
        UsageError: a word follows that is no verb.
    """
    asked = reading.last("help") in TRUE
    # kubectl alone prints its help and is content (kubectl pkg/cmd/cmd.go runHelp()).
    if not path:
        sys.stdout.write(of_program())
        return 0
    if asked:
        sys.stdout.write(of_group(path))
        return 0
    if reading.words:
        named = " ".join(reading.words)
        raise UsageError(
            f'unknown command "{named}"', f"See 'kubectl {path} -h' for help and examples"
        )
    # Words that need another one are a mistake, so their help is no result.
    sys.stderr.write(of_group(path))
    return 1


def of_program() -> str:
    """Return what `kubectl --help` prints."""
    lines = ["svcnet shows what Kubernetes Services really do, without a cluster.", ""]
    for section in tree.SECTIONS:
        lines += [section.title, *_listed(section.verbs), ""]
    return "\n".join(
        (
            *lines,
            "Usage:",
            "  kubectl [flags] [options]",
            "",
            'Use "kubectl <command> --help" for more information about a given command.',
            FOOTER,
            "",
        )
    )


def of_group(path: str) -> str:
    """Return the help of words that only lead to verbs."""
    verb = tree.VERBS[path]
    aliases = (
        ["Aliases:", ", ".join((path.rpartition(" ")[2], *verb.aliases)), ""]
        if verb.aliases
        else []
    )
    return "\n".join(
        (
            f"{verb.summary}.",
            "",
            *aliases,
            "Available Commands:",
            *_listed(tree.children(path)),
            "",
            "Usage:",
            f"  kubectl {path} [flags] [options]",
            "",
            f'Use "kubectl {path} <command> --help" for more information about a given command.',
            FOOTER,
            "",
        )
    )


def _listed(below: Iterable[tree.Verb]) -> list[str]:
    named = [(verb.path.rpartition(" ")[2], verb.summary) for verb in below]
    width = max(len(name) for name, _ in named)
    return [f"  {name:<{width}}   {summary}" for name, summary in named]


def options() -> int:
    """Print the flags that every verb takes."""
    from svcnet.cli.flags.about import ABOUT

    lines = ["The following options can be passed to any command:"]
    for flag in sorted(GLOBAL):
        about = ABOUT.get(flag.name, "accepted, and has no effect").replace("`", "")
        lines += ["", f"    {flag.shown}:", f"\t{about[0].upper()}{about[1:]}."]
    sys.stdout.write("\n".join((*lines, "")))
    return 0
