"""What a verb takes: its flags and words, declared in its signature.

A verb is a function whose parameters are annotated as for Typer::

    def scale(
        session: Session,
        words: Words = None,
        *,
        resources: Annotated[ResourceFlags, resource_flags("selector", "all_")],
        replicas: Annotated[int, option("--replicas", help="…")],
    ) -> None: ...

`option` and `argument` say what ``typer.Option`` and ``typer.Argument`` would say.  A `FlagGroup`
stands for flags that kubectl's verbs share: the verb takes what they come to as one value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin

from svcnet.lean_namedtuple import NamedTuple


class Option(NamedTuple):
    """How a flag is written, and what it is for."""

    names: tuple[str, ...]
    help: str = ""
    metavar: str = ""
    """``duration``: a length of time; ``stringArray``: a list that is not split at commas."""
    hidden: bool = False
    max: int | None = None
    """Its greatest value, for a number."""


class Argument(NamedTuple):
    """What the words of a verb are called."""

    help: str = ""
    metavar: str = ""
    hidden: bool = False


class FlagGroup(NamedTuple):
    """Flags that several verbs take, and what they come to.

    Source: kubectl's PrintFlags, ResourceBuilderFlags, FileNameFlags, DeleteFlags.
    """

    complete: Callable[..., Any]
    """Returns what the verb is handed; its keyword-only parameters are the flags."""
    only: tuple[str, ...] | None = None
    """The parameters of `complete` that are flags of this verb; None: all of them."""
    without: tuple[str, ...] = ()
    """The parameters of `complete` that are not."""
    defaults: Mapping[str, Any] = {}
    """Values in place of the parameters' own, when a flag is not given, or is none here."""

    def parameters(self) -> Iterator[Parameter]:
        """Yield the flags that this verb takes of the group."""
        for each in of_function(self.complete).own:
            if each.name in self.without or (self.only is not None and each.name not in self.only):
                continue
            yield each._replace(default=self.defaults.get(each.name, each.default))


class Parameter(NamedTuple):
    """One parameter of a verb."""

    name: str
    """The function's own name for it."""
    type: type
    """str, bool, int, or list for a list of text."""
    default: Any
    required: bool
    declared: Option | Argument

    @property
    def is_option(self) -> bool:
        """Whether it is a flag; else it takes words."""
        return isinstance(self.declared, Option)

    @property
    def help(self) -> str:
        """What it is for."""
        return self.declared.help


class Signature(NamedTuple):
    """All that a verb takes."""

    own: tuple[Parameter, ...]
    groups: tuple[tuple[str, FlagGroup], ...] = ()
    """By the parameter that takes what the group comes to."""

    def parameters(self) -> Iterator[Parameter]:
        """Yield every flag and word, those of groups at last."""
        yield from self.own
        for _, group in self.groups:
            yield from group.parameters()

    def arguments(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the verb is called with, given the value of every parameter.

        Raises:
            SvcnetError: the flags of a group do not go together.
        """
        given = {each.name: values[each.name] for each in self.own}
        for name, group in self.groups:
            flags = {each.name: values[each.name] for each in group.parameters()}
            given[name] = group.complete(**{**group.defaults, **flags})
        return given


def option(  # the names of the arguments are Typer's
    *names: str,
    help: str = "",  # noqa: A002
    metavar: str = "",
    hidden: bool = False,
    max: int | None = None,  # noqa: A002
) -> Option:
    """Declare a flag: ``option("--output", "-o", help="…")``."""
    return Option(names, help, metavar, hidden, max)


def argument(*, help: str = "", metavar: str = "", hidden: bool = False) -> Argument:  # noqa: A002
    """Declare the words of a verb."""
    return Argument(help, metavar, hidden)


@cache
def of_function(function: Callable[..., Any]) -> Signature:
    """Return what a verb, or a group of flags, takes beside its session."""
    own: list[Parameter] = []
    groups: list[tuple[str, FlagGroup]] = []
    for name, annotation, default in _annotated(function):
        # The session is not `Annotated`: that is how it is left out.
        for declared in getattr(annotation, "__metadata__", ()):
            if isinstance(declared, FlagGroup):
                groups.append((name, declared))
                continue
            required = default is _REQUIRED
            type_ = _plain(get_args(annotation)[0])
            own.append(Parameter(name, type_, None if required else default, required, declared))
    return Signature(tuple(own), tuple(groups))


_REQUIRED = object()


def _annotated(function: Callable[..., Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield names, annotations and defaults.

    `inspect` and `typing.get_type_hints` would do; one takes long to import, the other to run.
    """
    code = function.__code__
    positional = code.co_varnames[: code.co_argcount]
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    given = function.__defaults__ or ()
    defaults = dict(zip(positional[len(positional) - len(given) :], given, strict=True))
    defaults |= function.__kwdefaults__ or {}
    for name in names:
        # It is text of our own, under `from __future__ import annotations`.
        annotation = eval(function.__annotations__[name], function.__globals__)  # noqa: S307
        yield name, annotation, defaults.get(name, _REQUIRED)


def _plain(annotation: Any) -> type:
    """Return the type behind ``list[str] | None``: list."""
    if isinstance(annotation, UnionType):
        annotation = next(each for each in get_args(annotation) if each is not type(None))
    found: type = get_origin(annotation) or annotation
    return found
