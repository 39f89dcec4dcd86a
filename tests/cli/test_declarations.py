"""What a verb takes, read from its signature."""

from __future__ import annotations

from typing import Annotated

import pytest

from svcnet.cli.command.locate import function_of
from svcnet.cli.command.session import Session
from svcnet.cli.command.tree import VERBS
from svcnet.cli.flags import pflag
from svcnet.cli.flags.declarations import FlagGroup, Parameter, argument, of_function, option


def verb(
    session: Session,
    words: Annotated[list[str] | None, argument(metavar="NAME")] = None,
    *,
    replicas: Annotated[int, option("--replicas", "-r", help="How many.")],
    wait: Annotated[bool, option("--wait")] = True,
    timeout: Annotated[str, option("--timeout", metavar="duration")] = "0s",
) -> None:
    """Do nothing."""


def test_parameters_without_a_default_are_required() -> None:
    assert [each.name for each in of_function(verb).own if each.required] == ["replicas"]


def test_flags_are_typed_by_their_annotations() -> None:
    found = {flag.name: flag for flag, _ in pflag.of_parameters(of_function(verb).parameters())}

    assert found["replicas"] == pflag.Flag("replicas", "r", "int")
    assert found["wait"] == pflag.Flag("wait", "", "bool", "true")
    assert found["timeout"].type == "duration"


def complete(
    *,
    first: Annotated[str, option("--first")] = "a",
    second: Annotated[bool, option("--second")] = False,
    third: Annotated[list[str] | None, option("--third")] = None,
    fixed: int = 0,
) -> tuple[object, ...]:
    return first, second, third, fixed


def grouped(
    session: Session,
    *,
    pair: Annotated[tuple[object, ...], FlagGroup(complete, only=("first", "third"))],
    own: Annotated[int, option("--own")] = 1,
    rest: Annotated[
        tuple[object, ...],
        FlagGroup(complete, without=("first", "third"), defaults={"second": True, "fixed": 2}),
    ],
) -> None:
    """Do nothing."""


def test_a_verb_takes_a_group_as_one_value() -> None:
    signature = of_function(grouped)
    values = {"own": 5, "first": "x", "third": ["y"], "second": True}

    assert signature.arguments(values) == {
        "own": 5,
        "pair": ("x", False, ["y"], 0),
        "rest": ("a", True, None, 2),
    }


def test_the_flags_of_groups_stand_behind_a_verbs_own() -> None:
    taken = list(of_function(grouped).parameters())

    assert [each.name for each in taken] == ["own", "first", "third", "second"]
    assert [each.default for each in taken] == [1, "a", None, True]


@pytest.mark.parametrize("path", [verb.path for verb in VERBS.values() if verb.runs])
def test_every_verb_takes_only_what_can_be_read(path: str) -> None:
    taken: list[Parameter] = list(of_function(function_of(VERBS[path])).parameters())

    assert {each.type for each in taken} <= {str, int, bool, list}
    names = [flag.name for flag, _ in pflag.of_parameters(taken)]
    assert len(names) == len(set(names))
    assert not set(names) & {flag.name for flag in pflag.GLOBAL}
    shorts = [flag.short for flag, _ in pflag.of_parameters(taken) if flag.short]
    assert len(shorts) == len(set(shorts))
