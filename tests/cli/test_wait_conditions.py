"""What `wait --for` means."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.cli.commands.wait_conditions import (
    ConditionalWait,
    IsCreated,
    IsDeleted,
    JSONPathWait,
    read_expectation,
)
from svcnet.errors import SvcnetError


def deployment(**status: Any) -> dict[str, Any]:
    return {"metadata": {"name": "web", "generation": 2}, "spec": {"replicas": 2}, "status": status}


AVAILABLE = {"type": "Available", "status": "True"}


@pytest.mark.parametrize("name", ["Available", "available", "Available=true"])
def test_conditions_are_compared_in_any_case(name: str) -> None:
    expected = read_expectation(f"condition={name}")

    assert isinstance(expected, ConditionalWait)
    assert expected.met_by(deployment(conditions=[AVAILABLE]))


def test_a_condition_of_an_older_generation_does_not_count() -> None:
    status = {"observedGeneration": 1, "conditions": [AVAILABLE]}

    assert not ConditionalWait("Available").met_by(deployment(**status))


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("jsonpath={.spec.replicas}=2", True),
        ("jsonpath=.spec.replicas=2", True),
        ("jsonpath={.spec.replicas}", True),
        ("jsonpath={.spec.replicas}=3", False),
        ("jsonpath={.status.nothing}", False),
    ],
)
def test_a_path_is_met_by_a_value_or_by_any(text: str, *, met: bool) -> None:
    expected = read_expectation(text)

    assert isinstance(expected, JSONPathWait)
    assert expected.met_by(deployment()) is met


def test_equals_signs_of_a_filter_are_no_value() -> None:
    text = '{.status.conditions[?(@.type=="Available")].status}'

    assert read_expectation(f"jsonpath={text}=True") == JSONPathWait(text, "True")


def test_objects_can_be_waited_for_to_come_and_go() -> None:
    assert read_expectation("delete") == IsDeleted()
    assert read_expectation("create") == IsCreated()


def test_anything_else_is_refused() -> None:
    with pytest.raises(SvcnetError, match='unrecognized condition: "nonsense"'):
        read_expectation("nonsense")
