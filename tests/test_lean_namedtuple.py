"""Classes with named fields, held to what `typing.NamedTuple` promises."""

from __future__ import annotations

import copy
import pickle
import typing
from collections.abc import Callable
from typing import Any

import pytest

from svcnet import lean_namedtuple


class Lean(lean_namedtuple.NamedTuple):
    """A pair."""

    first: int
    second: str = "two"

    @property
    def both(self) -> str:
        return f"{self.first}{self.second}"

    def again(self) -> str:
        return super().__repr__()


class Own(typing.NamedTuple):
    """A pair."""

    first: int
    second: str = "two"


class Nothing(lean_namedtuple.NamedTuple):
    """No fields."""


def outcome(act: Callable[[Any], Any], class_: Any) -> Any:
    """Return what comes of it, or the kind of error; names of classes are not told apart."""
    try:
        return act(class_)
    except Exception as error:  # noqa: BLE001 - all that may be
        return type(error)


@pytest.mark.parametrize(
    "act",
    [
        lambda class_: tuple(class_(1)),
        lambda class_: tuple(class_(1, "b")),
        lambda class_: tuple(class_(second="b", first=1)),
        lambda class_: class_(),
        lambda class_: class_(1, "b", 3),
        lambda class_: class_(1, third=3),
        lambda class_: class_(1, first=1),
        lambda class_: repr(class_(1)).replace(class_.__name__, ""),
        lambda class_: class_(1) == (1, "two"),
        lambda class_: class_(1) < class_(2),
        lambda class_: hash(class_(1)) == hash((1, "two")),
        lambda class_: tuple(class_(1)._replace(second="b")),
        lambda class_: class_(1)._replace(third=3),
        lambda class_: class_(1)._asdict(),
        lambda class_: tuple(class_._make([1, "b"])),
        lambda class_: class_._make([1, "b", 3]),
        lambda class_: class_._fields,
        lambda class_: class_._field_defaults,
        lambda class_: class_.__match_args__,
        lambda class_: class_.__doc__,
        typing.get_type_hints,
        lambda class_: class_.__module__,
        lambda class_: tuple(pickle.loads(pickle.dumps(class_(1)))),  # noqa: S301
        lambda class_: type(copy.copy(class_(1))) is class_,
        lambda class_: setattr(class_(1), "first", 2),
        lambda class_: setattr(class_(1), "third", 2),
        lambda class_: isinstance(class_(1), tuple),
    ],
)
def test_it_does_what_pythons_own_does(act: Callable[[Any], Any]) -> None:
    assert outcome(act, Lean) == outcome(act, Own)


def test_a_body_may_hold_more_than_fields() -> None:
    assert Lean(1).both == "1two"
    assert Lean(1).again() == "Lean(first=1, second='two')"


def test_fields_are_found_by_match() -> None:
    match Lean(1, "b"):
        case Lean(first, second="b"):
            assert first == 1
        case _:
            pytest.fail("no match")


def test_there_may_be_no_fields() -> None:
    assert (Nothing(), repr(Nothing())) == ((), "Nothing()")
    assert isinstance(Nothing(), Nothing)


def test_a_field_without_a_default_stands_in_front() -> None:
    with pytest.raises(AssertionError):

        class Odd(lean_namedtuple.NamedTuple):
            first: int = 1
            second: int  # type: ignore[misc]
