"""What a verb takes: its flags and words, declared in its signature.

A verb is a function whose parameters are annotated as for Typer::

    def scale(session: Session, words: Words = None, *, replicas: Annotated[int, option("--replicas")])

`option` and `argument` stand for `typer.Option` and `typer.Argument`, as which `pages` gives them
to Typer.  Its import takes longer than all that `get` does, so it waits until help is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import UnionType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints


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


def of_function(function: Callable[..., Any]) -> Iterator[Parameter]:
    """Yield the parameters of a verb but the first, its context, in order."""
    for name, annotation, default in _signature(function):
        # The context is not `Annotated`: that is how it is left out.
        for declared in getattr(annotation, "__metadata__", ()):
            yield Parameter(
                name,
                _plain(get_args(annotation)[0]),
                None if default is _REQUIRED else default,
                default is _REQUIRED,
                declared,
            )


_REQUIRED = object()


def _signature(function: Callable[..., Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield names, annotations and defaults.

    `inspect` would do, but takes long to import; it is there anyway when a decorator of the verb
    has made a signature with it.
    """
    made = getattr(function, "__signature__", None)
    if made is not None:
        for each in made.parameters.values():
            default = _REQUIRED if each.default is each.empty else each.default
            yield each.name, each.annotation, default
        return
    code = function.__code__
    positional = code.co_varnames[: code.co_argcount]
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    # Annotations are text under `from __future__ import annotations`, until this evaluates them.
    hints = get_type_hints(function, include_extras=True)
    given = function.__defaults__ or ()
    defaults = dict(zip(positional[len(positional) - len(given) :], given, strict=True))
    defaults |= function.__kwdefaults__ or {}
    for name in names:
        yield name, hints.get(name), defaults.get(name, _REQUIRED)


def _plain(annotation: Any) -> type:
    """Return the type behind ``list[str] | None``: list."""
    if isinstance(annotation, UnionType):
        annotation = next(each for each in get_args(annotation) if each is not type(None))
    found: type = get_origin(annotation) or annotation
    return found
