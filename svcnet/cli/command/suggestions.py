"""What to say about a command that does not exist.

Source: spf13/cobra command.go findSuggestions(), SuggestionsFor().
"""

from __future__ import annotations

from svcnet.cli.command.tree import NEEDS_A_CLUSTER, children
from svcnet.errors import SvcnetError, UsageError

CLOSE = 2
"""How many letters may differ: cobra's SuggestionsMinimumDistance."""


def unknown_command(word: str) -> UsageError:
    """Return the error for a first word that names no command."""
    from svcnet.errors import go_quote

    if word in NEEDS_A_CLUSTER:
        return UsageError(f'"kubectl {word}" is not part of svcnet, which has no running cluster')
    message = f'unknown command {go_quote(word)} for "kubectl"'
    # What svcnet lacks is suggested all the same: a user may well have meant it.
    names = sorted((*(verb.path for verb in children("")), *NEEDS_A_CLUSTER))
    close = [name for name in names if _is_close(word.lower(), name)]
    if close:
        message += "\n\nDid you mean this?\n" + "\n".join(f"\t{name}" for name in close)
    return UsageError(message)


def absent(path: str, word: str) -> SvcnetError:
    """Return the error for a word that leads on from a verb in kubectl, and not in svcnet."""
    missing = f"{path} {word}"
    match path.partition(" ")[0]:
        case "create":
            advice = f"svcnet has no `{missing}`: write a manifest, and create it with -f"
        case "config":
            advice = f"svcnet has no `{missing}`: there is one context, --db and -n say the rest"
        case "cluster-info":
            advice = (
                "svcnet has no `cluster-info dump`: use `kubectl get all -A -o yaml` for the "
                "objects and `svcnet rules --node NODE` for a node's rules"
            )
        case _:
            advice = f"svcnet has no `{missing}`"
    return SvcnetError(advice)


def _is_close(word: str, name: str) -> bool:
    # SuggestionsFor() takes what is near enough, and what goes on as the word begins.
    return name.startswith(word) or distance(word, name) <= CLOSE


def distance(one: str, other: str) -> int:
    """Return how many letters to change, add or drop to make `other` of `one`.

    >>> distance("foo", "top"), distance("exposr", "expose"), distance("", "get")
    (2, 1, 3)

    Source: spf13/cobra cobra.go ld().
    """
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        diagonal, row[0] = row[0], index
        for column, against in enumerate(other, 1):
            diagonal, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, diagonal + (letter != against)),
            )
    return row[-1]
