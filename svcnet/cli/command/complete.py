"""How a command line may go on: verbs, flags and their values, types, and names of objects.

Source of the protocol: cobra's hidden command `__complete`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from svcnet.api.kinds import Kinds
from svcnet.cli.command import completion_values, tree
from svcnet.cli.command.session import Session
from svcnet.cli.flags import pflag
from svcnet.errors import SvcnetError
from svcnet.lean_namedtuple import NamedTuple

FILES, NO_SPACE, NO_FILES, BY_EXTENSION = 0, 2, 4, 8
"""cobra's directives, which may be added up: names of files may stand there too, the word may go
on, no files, only files that end in one of the candidates (completions.go ShellCompDirective)."""
_NAMES = (
    (FILES, "ShellCompDirectiveDefault"),
    (NO_SPACE, "ShellCompDirectiveNoSpace"),
    (NO_FILES, "ShellCompDirectiveNoFileComp"),
    (BY_EXTENSION, "ShellCompDirectiveFilterFileExt"),
)

_TAKES_NODES = frozenset(("cordon", "drain", "uncordon"))


class Candidates(NamedTuple):
    """How a line may go on."""

    words: tuple[str, ...] = ()
    """Each with its description behind a tab, where there is one."""
    directive: int = NO_FILES


def answer(words: Sequence[str], *, described: bool = True) -> int:
    """Print how a line may go on, as the scripts expect it; return the exit status.

    Args:
        words: those after the program's name; the last one is being typed, and may be empty.
        described: whether candidates are told with what they are for.
    """
    found = candidates(words)
    shown = found.words if described else [word.partition("\t")[0] for word in found.words]
    sys.stdout.write("".join(f"{word}\n" for word in shown) + f":{found.directive}\n")
    names = [name for bit, name in _NAMES if found.directive & bit or found.directive == bit]
    # For whoever tries it by hand: scripts throw it away.
    sys.stderr.write(f"Completion ended with directive: {', '.join(names)}\n")
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
    flags = _flags_of(path)
    pending = _pending(rest, [flag for flag, _ in flags])
    # The word before is a flag that wants a value: this is one.
    if pending:
        return _values(path, pending, typed, before)
    # The script puts the flag before each value again where its shell replaces the whole word.
    if typed.startswith("-") and "=" in typed:
        name, _, value = typed.partition("=")
        return _values(path, _called(name, flags), value, before)
    if typed.startswith("-"):
        return Candidates(tuple(_flag_words(typed, flags, rest)))
    verb = tree.VERBS.get(path)
    if verb is None or not verb.runs:
        return Candidates(tuple(_starting(typed, _verbs_below(path))))
    return _arguments(path, rest, typed, before)


def _verbs_below(path: str) -> list[str]:
    """Return the words that may follow a verb's, each with what it is for."""
    return [f"{each.path.rpartition(' ')[2]}\t{each.summary}" for each in tree.children(path)]


def _flags_of(path: str) -> list[tuple[pflag.Flag, str]]:
    """Return the flags that may stand on a verb's line, each with what it is for."""
    from svcnet.cli.flags.about import ABOUT

    everywhere = [
        (flag, ABOUT.get(flag.name, "accepted, and has no effect").replace("`", ""))
        for flag in pflag.GLOBAL
    ]
    known = [*everywhere, (pflag.HELP, f"help for {path.rpartition(' ')[2] or 'svcnet'}")]
    verb = tree.VERBS.get(path)
    if verb is None or not verb.runs:
        return known
    from svcnet.cli.command.locate import function_of

    # A verb is loaded only for its flags: this runs at every press of the key.
    from svcnet.cli.flags.declarations import of_function

    own = pflag.of_parameters(of_function(function_of(verb)).parameters())
    return [*((flag, each.help) for flag, each in own if not each.declared.hidden), *known]


def _called(word: str, flags: Iterable[tuple[pflag.Flag, str]]) -> str:
    """Return the name of the flag that ``--name`` or ``-n`` is."""
    short = word[1:] if not word.startswith("--") else ""
    return next((flag.name for flag, _ in flags if short and flag.short == short), word[2:])


def _flag_words(
    typed: str, flags: Iterable[tuple[pflag.Flag, str]], before: Sequence[str]
) -> Iterator[str]:
    """Yield the flags that begin as typed, by name; those that can stand but once, once."""
    given = {word.partition("=")[0] for word in before}
    for flag, about in sorted(flags, key=lambda each: each[0].name):
        spelt = (f"--{flag.name}", *([f"-{flag.short}"] if flag.short else ()))
        if flag.type in ("strings", "stringArray") or not given.intersection(spelt):
            yield from (f"{each}\t{about}" for each in spelt if each.startswith(typed))


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
    match name:
        case "filename":
            return Candidates(completion_values.MANIFESTS, BY_EXTENSION)
        case "namespace":
            found: Sequence[str] = _names(before, "namespaces")
        case "node":
            found = _names(before, "nodes")
        case _ if name in completion_values.FILE_FLAGS:
            return Candidates(directive=FILES)
        case _:
            found = sorted(completion_values.choices(path, name))
    words = tuple(_starting(typed, found))
    # `--for=condition=` is not the end of it.
    goes_on = any(word.endswith("=") for word in words)
    return Candidates(words, NO_FILES | NO_SPACE if goes_on else NO_FILES)


def _arguments(path: str, rest: Sequence[str], typed: str, before: Sequence[str]) -> Candidates:
    """Return what may stand as a verb's next word."""
    given = pflag.read((flag for flag, _ in _flags_of(path)), rest, path).words
    if words := _pages() if path == "docs" else completion_values.words(path):
        return Candidates(tuple(_starting(typed, words)) if not given else ())
    # `create` and `apply` lead to others beside what they do with files.
    if not given and (below := _verbs_below(path)):
        return Candidates(tuple(_starting(typed, below)))
    if path in _TAKES_NODES:
        nodes = [name for name in _names(before, "nodes") if name not in given]
        return Candidates(tuple(_starting(typed, nodes)))
    if path == "explain" and given:
        return Candidates()
    return Candidates(tuple(_objects(given, typed, before, completion_values.kinds(path))))


def _pages() -> list[str]:
    """Return the pages that `docs` prints."""
    from svcnet.cli.command.doc_pages import pages

    return list(pages())


def _objects(
    given: Sequence[str], typed: str, before: Sequence[str], kinds: Sequence[str]
) -> Iterator[str]:
    """Yield types, or names of a type's objects: ``TYPE[,TYPE] NAME`` and ``TYPE/NAME``."""
    if not kinds:
        return
    if "/" in typed:
        word, _, name = typed.partition("/")
        yield from (f"{word}/{each}" for each in _starting(name, _names_of_types(before, word)))
    # `TYPE NAME` takes names from the second word on, `TYPE/NAME` a type in every word.
    elif given and "/" not in given[0]:
        names = _names_of_types(before, given[0])
        yield from (name for name in _starting(typed, names) if name not in given[1:])
    else:
        # Of several types, the last one is being typed.
        first, comma, last = typed.rpartition(",")
        yield from (f"{first}{comma}{kind}" for kind in _starting(last, kinds))


def _names_of_types(before: Sequence[str], words: str) -> list[str]:
    """Return the names of the objects of the types that ``TYPE[,TYPE]`` means."""
    known = Kinds()
    kinds = [kind for word in words.split(",") if (kind := known.named(word))]
    # Only where they cannot be told apart would a name come twice.
    return list(dict.fromkeys(name for kind in kinds for name in _names(before, kind.resource)))


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
