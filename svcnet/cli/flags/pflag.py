"""A command line read as kubectl reads it: pflag's rules and words, for svcnet's verbs.

A verb's signature says what a flag means (`svcnet.cli.flags.declarations`); this module decides
which words of the command line are flags and which are their values, because scripts rely on forms
that Typer reads otherwise: ``-owide``, ``-o=wide``, ``--wait=false``, a bare ``--dry-run``.

Source: spf13/pflag flag.go, as kubectl uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from svcnet.api.go.strconv import quote_rune
from svcnet.cli.flags import values
from svcnet.cli.flags.declarations import Option, Parameter
from svcnet.errors import UsageError, go_quote
from svcnet.lean_namedtuple import NamedTuple


class Flag(NamedTuple):
    """One flag, as far as reading a command line needs to know it."""

    name: str
    """Without its dashes: ``namespace``."""
    short: str = ""
    """One letter, or empty."""
    type: str = "string"
    """How a value is checked: string, bool, int, int32, duration, strings (a list, split at
    commas), stringArray (a list)."""
    bare: str | None = None
    """The value it has when none is given; None when it needs one."""

    @property
    def shown(self) -> str:
        """How messages call it: ``-n, --namespace``."""
        return f"-{self.short}, --{self.name}" if self.short else f"--{self.name}"


def _boolean(name: str) -> Flag:
    return Flag(name, type="bool", bare="true")


# Most of these say how to reach a server: they are taken for scripts' sake, and ignored.
_STRINGS = (
    "as", "as-group", "as-uid", "as-user-extra", "cache-dir", "certificate-authority",
    "client-certificate", "client-key", "cluster", "context", "db", "kubeconfig", "kuberc",
    "password", "profile", "profile-output", "request-timeout", "tls-server-name", "token",
    "user", "username", "vmodule",
)  # fmt: skip

GLOBAL = (
    Flag("namespace", "n"),
    Flag("server", "s"),
    # klog's Level is an int32, so a larger number is refused.
    Flag("v", "v", "int32"),
    *map(Flag, _STRINGS),
    Flag("log-flush-frequency"),
    *map(
        _boolean,
        (
            "disable-compression",
            "insecure-skip-tls-verify",
            "match-server-version",
            "warnings-as-errors",
        ),
    ),
)
"""Flags that every verb takes, before it or after it; `db` is svcnet's own."""

HELP = Flag("help", "h", "bool", "true")

BARE_VALUES = {"dry-run": "unchanged", "cascade": "background", "validate": "strict"}
"""Flags that may stand without a value although they take one, and what that means."""


class Reading(NamedTuple):
    """A command line, taken apart."""

    given: tuple[tuple[Flag, str], ...]
    """Flags in the order given, each with one value."""
    words: tuple[str, ...]
    """What is no flag."""
    dash: int | None
    """How many words stand before ``--``; None without one."""

    def last(self, name: str, default: str = "") -> str:
        """Return the value that counts where a flag can have but one."""
        return next((value for flag, value in reversed(self.given) if flag.name == name), default)


class _Reader:
    """The words still to be read, and what those before them came to."""

    def __init__(self, flags: Sequence[Flag], words: Sequence[str]) -> None:
        self.flags = flags
        self.rest = list(reversed(words))
        self.given: list[tuple[Flag, str]] = []
        self.words: list[str] = []
        self.dash: int | None = None

    def read(self) -> Reading:
        while self.rest:
            word = self.rest.pop()
            if word == "--":
                # Verbs that run a command take what follows apart from their own words.
                self.dash = len(self.words)
                self.words += reversed(self.rest)
                break
            if word.startswith("--"):
                self._long(word)
            elif len(word) > 1 and word[0] == "-":
                self._shorts(word[1:])
            else:
                self.words.append(word)
        return Reading(tuple(self.given), tuple(self.words), self.dash)

    def _long(self, word: str) -> None:
        name, assigned, value = word[2:].partition("=")
        # `---x` and `--=x`; a lone `--` never comes here (flag.go parseLongArg()).
        if not name or name[0] == "-":
            raise UsageError(f"bad flag syntax: {word}")
        flag = next((each for each in self.flags if each.name == name), None)
        if flag is None:
            # A value after `=` is not told: it may be a secret.
            raise UsageError(f"unknown flag: --{name}")
        # What may stand bare never takes the next word: in `--wait false` that is an argument
        # (flag.go NoOptDefVal).
        if assigned:
            self._take(flag, value)
        elif flag.bare is not None:
            self._take(flag, flag.bare)
        elif self.rest:
            self._take(flag, self.rest.pop())
        else:
            raise UsageError(f"flag needs an argument: --{name}")

    def _shorts(self, letters: str) -> None:
        while letters:
            flag = next((each for each in self.flags if each.short == letters[0]), None)
            # Go takes one byte of it, and shows that as a letter.
            quoted = quote_rune(chr(letters[0].encode(errors="surrogateescape")[0]))
            if flag is None:
                raise UsageError(f"unknown shorthand flag: {quoted} in -{letters}")
            # In `-o=` the sign is the value itself: pflag wants something to stand behind it.
            if letters[1:2] == "=" and len(letters) > len("o="):
                self._take(flag, letters[2:])
                return
            if flag.bare is not None:
                # A switch leaves the rest to further switches: `-AR`.
                self._take(flag, flag.bare)
                letters = letters[1:]
                continue
            if letters[1:]:
                self._take(flag, letters[1:])
            elif self.rest:
                self._take(flag, self.rest.pop())
            else:
                raise UsageError(f"flag needs an argument: {quoted} in -{letters}")
            return

    def _take(self, flag: Flag, value: str) -> None:
        fault = values.fault(flag.type, value)
        if fault:
            raise UsageError(f'invalid argument {go_quote(value)} for "{flag.shown}" flag: {fault}')
        self.given.append((flag, value))


def read(flags: Iterable[Flag], words: Sequence[str], command: str) -> Reading:
    """Take a command line apart.

    Args:
        flags: those that `command` takes besides the global ones and ``--help``.
        words: what stands after the program's name, without the verb.
        command: ``kubectl get``, for the hint of an error.

    Raises:
        UsageError: in pflag's words, with kubectl's hint.
    """
    # Reading stops at the first mistake, also before a `--help` that follows it.
    try:
        return _Reader((*flags, *GLOBAL, HELP), words).read()
    except UsageError as error:
        raise UsageError(str(error), f"See '{command} --help' for usage.") from None


def of_parameters(taken: Iterable[Parameter]) -> Iterator[tuple[Flag, Parameter]]:
    """Yield the flag of each of a verb's parameters that is one, with the parameter."""
    for parameter in taken:
        declared = parameter.declared
        if not isinstance(declared, Option):
            continue
        name = next(each[2:] for each in declared.names if each.startswith("--"))
        short = next((each[1:] for each in declared.names if each[1] != "-"), "")
        boolean = parameter.type is bool
        yield (
            Flag(
                name,
                short,
                _type_of(parameter, declared),
                "true" if boolean else BARE_VALUES.get(name),
            ),
            parameter,
        )


def _type_of(parameter: Parameter, declared: Option) -> str:
    if parameter.type is bool:
        return "bool"
    if parameter.type is int:
        return "int32" if declared.max == values.INT32_MAX else "int"
    if parameter.type is list:
        return declared.metavar if declared.metavar == "stringArray" else "strings"
    return "duration" if declared.metavar == "duration" else "string"
