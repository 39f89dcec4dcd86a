"""How a command line may go on: verbs, flags and their values, types, and names of objects.

Source of the protocol: cobra's hidden command `__complete`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence

from svcnet.api.kinds import BUILT_IN, Kinds
from svcnet.cli.command import tree
from svcnet.cli.command.completion_scripts import SCRIPTS
from svcnet.cli.command.session import Session
from svcnet.cli.flags import pflag
from svcnet.cli.printers.output import GET_FORMATS, WRITE_FORMATS
from svcnet.errors import SvcnetError
from svcnet.lean_namedtuple import NamedTuple

FILES, NO_FILES = 0, 4
"""cobra's directives: whether names of files may stand there too."""

_TAKES_NODES = frozenset(("cordon", "drain", "uncordon"))
_TAKES_TYPES = frozenset(
    (
        "annotate", "delete", "describe", "edit", "expose", "get", "label", "patch", "scale",
        "set env", "set image", "set selector", "set-condition", "wait",
        "apply edit-last-applied", "apply view-last-applied", "taint",
    )
)  # fmt: skip
_WORKLOADS = ("daemonsets.apps", "deployments.apps", "statefulsets.apps")
_CHOICES = {
    "cascade": ("background", "foreground", "orphan"),
    "dry-run": ("client", "none", "server"),
    "for": ("condition=", "create", "delete", "jsonpath="),
    "ip-family": ("ipv4", "ipv6"),
    "override-type": ("json", "merge", "strategic"),
    "protocol": ("SCTP", "TCP", "UDP"),
    "proxy-mode": ("iptables", "nftables"),
    "session-affinity": ("ClientIP", "None"),
    "sort-by": ("kind", "name"),
    "subresource": ("scale", "status"),
    "validate": ("ignore", "strict", "warn"),
}
"""What flags may be set to."""
_FILE_FLAGS = frozenset(("config", "db", "filename", "kubeconfig", "patch-file"))


class Candidates(NamedTuple):
    """How a line may go on."""

    words: tuple[str, ...] = ()
    """Each with its description behind a tab, where there is one."""
    directive: int = NO_FILES


def answer(words: Sequence[str]) -> int:
    """Print how a line may go on, as the scripts expect it; return the exit status.

    `words` are those after the program's name; the last one is being typed, and may be empty.
    """
    found = candidates(words)
    sys.stdout.write("".join(f"{word}\n" for word in found.words) + f":{found.directive}\n")
    return 0


def candidates(words: Sequence[str]) -> Candidates:
    """Return how a line may go on; nothing where what stands there makes no sense so far.

    Raises nothing, as there is nobody to read it.
    """
    try:
        return _candidates(words)
    # A line that is still being typed is wrong more often than not, and no place for errors.
    except SvcnetError:
        return Candidates()


def _candidates(words: Sequence[str]) -> Candidates:
    """Return how a line may go on.

    Raises:
        SvcnetError: the words before cannot be read.
    """
    from svcnet.cli.command.locate import locate

    *before, typed = words or ("",)
    path, rest = locate(before)
    known = {flag.name: flag for flag in _flags_of(path)}
    pending = _pending(rest, known.values())
    # The word before is a flag that wants a value: this is one.
    if pending:
        return _values(path, pending, typed, before)
    # The shell replaces the whole word, so the flag must stand before each value.
    if typed.startswith("--") and "=" in typed:
        name, _, value = typed[2:].partition("=")
        found = _values(path, name, value, before)
        return found._replace(words=tuple(f"--{name}={word}" for word in found.words))
    if typed.startswith("-"):
        return Candidates(tuple(_starting(typed, sorted(f"--{name}" for name in known))))
    verb = tree.VERBS.get(path)
    if verb is None or not verb.runs:
        below = [(each.path.rpartition(" ")[2], each.summary) for each in tree.children(path)]
        return Candidates(tuple(_starting(typed, [f"{name}\t{about}" for name, about in below])))
    return _arguments(path, rest, typed, before)


def _flags_of(path: str) -> list[pflag.Flag]:
    """Return the flags that may stand on a verb's line."""
    verb = tree.VERBS.get(path)
    if verb is None or not verb.runs:
        return [*pflag.GLOBAL, pflag.HELP]
    from svcnet.cli.command.locate import function_of

    # A verb is loaded only for its flags: this runs at every press of the key.
    from svcnet.cli.flags.declarations import of_function

    own = pflag.of_parameters(of_function(function_of(verb)).parameters())
    return [*(flag for flag, _ in own), *pflag.GLOBAL, pflag.HELP]


def _pending(words: Sequence[str], known: Iterable[pflag.Flag]) -> str:
    """Return the name of the flag whose value comes next; empty where none does."""
    last = words[-1] if words else ""
    for flag in known:
        spelt = {f"--{flag.name}", f"-{flag.short}" if flag.short else ""}
        if last and last in spelt and flag.bare is None:
            return flag.name
    return ""


def _starting(typed: str, words: Sequence[str]) -> Iterator[str]:
    """Yield the words that begin as typed."""
    return (word for word in words if word.startswith(typed))


def _values(path: str, name: str, typed: str, before: Sequence[str]) -> Candidates:
    """Return what a flag may be set to."""
    if name in _FILE_FLAGS:
        return Candidates(directive=FILES)
    if name == "output":
        formats = GET_FORMATS if path == "get" else WRITE_FORMATS
        return Candidates(tuple(_starting(typed, sorted(formats))))
    if name == "namespace":
        return Candidates(tuple(_starting(typed, _names(before, "namespaces"))))
    if name == "node":
        return Candidates(tuple(_starting(typed, _names(before, "nodes"))))
    return Candidates(tuple(_starting(typed, _CHOICES.get(name, ()))))


def _arguments(path: str, rest: Sequence[str], typed: str, before: Sequence[str]) -> Candidates:
    """Return what may stand as a verb's next word."""
    given = pflag.read(_flags_of(path), rest, path).words
    if path in _ONE_WORD:
        return Candidates(tuple(_starting(typed, () if given else _ONE_WORD[path]())))
    if path in _TAKES_NODES:
        nodes = [name for name in _names(before, "nodes") if name not in given]
        return Candidates(tuple(_starting(typed, nodes)))
    if path == "explain":
        return Candidates(tuple(_starting(typed, _types())) if not given else ())
    if path == "taint":
        # Only nodes can be tainted, so a name is offered where others have their type.
        given = given or ("nodes",)
    rollout = path.startswith("rollout ")
    if not rollout and path not in _TAKES_TYPES:
        return Candidates()
    # kubectl has history and status viewers for these three (pkg/polymorphichelpers).
    types = _WORKLOADS if rollout else _types()
    return Candidates(tuple(_starting(typed, _objects(given, typed, before, types))))


def _pages() -> list[str]:
    """Return the pages that `docs` prints."""
    from svcnet.cli.commands.docs import pages

    return list(pages())


_ONE_WORD: dict[str, Callable[[], Sequence[str]]] = {
    "completion": lambda: sorted(SCRIPTS),
    "config use-context": lambda: ("svcnet",),
    "docs": _pages,
}
"""Verbs that take one word, and what it can be."""


def _objects(
    given: Sequence[str], typed: str, before: Sequence[str], types: Sequence[str]
) -> Sequence[str]:
    """Return types, or names of a type's objects: ``TYPE NAME`` and ``TYPE/NAME``."""
    if "/" in typed:
        word = typed.partition("/")[0]
        return [f"{word}/{name}" for name in _names_of_type(before, word)]
    # `TYPE NAME` takes names from the second word on, `TYPE/NAME` a type in every word.
    if given and "/" not in given[0]:
        return [name for name in _names_of_type(before, given[0]) if name not in given[1:]]
    return types


def _types() -> list[str]:
    """Return every type with its group, as `get` takes it."""
    return sorted(kind.resource for kind in BUILT_IN)


def _names_of_type(before: Sequence[str], word: str) -> list[str]:
    """Return the names of the objects of the type that a word means."""
    kind = Kinds().named(word)
    return _names(before, kind.resource) if kind else []


def _names(before: Sequence[str], resource: str) -> list[str]:
    """Return the names of a resource's objects; none where there is no state yet.

    They are those of the namespace that the line asks for, if the resource is in one.
    """
    from svcnet.store.opening import exists, open_reader

    # Which state it is depends on flags that may stand anywhere before.
    run = Session.of(pflag.read((), _global(before), "kubectl"), "kubectl")
    # Pressing a key must not make a cluster.
    if not exists(run.db):
        return []
    namespaced = Kinds().of_resource(resource).namespaced
    with open_reader(run.db) as objects:
        return [row.name for row in objects.rows(resource, run.namespace if namespaced else None)]


def _global(words: Sequence[str]) -> list[str]:
    """Return the flags that every verb takes, out of a line that may have others."""
    kept: list[str] = []
    known = {f"--{flag.name}": flag for flag in pflag.GLOBAL}
    known |= {f"-{flag.short}": flag for flag in pflag.GLOBAL if flag.short}
    for index, word in enumerate(words):
        flag = known.get(word.partition("=")[0])
        if flag is None:
            continue
        if "=" in word or flag.bare is not None:
            kept.append(word)
        elif index + 1 < len(words):  # else its value is what is being typed
            kept += words[index : index + 2]
    return kept
