"""How urgent pods are."""

from __future__ import annotations

import pytest

from svcnet.api.keys import Document
from svcnet.control.objects.priorities import Refused, prioritised, refusal


def priority_class(name: str, value: int, **more: object) -> Document:
    return {"metadata": {"name": name}, "value": value, **more}


CLASSES = [
    priority_class("high", 1000),
    priority_class("patient", 500, preemptionPolicy="Never"),
]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("", (0, "PreemptLowerPriority", None)),
        ("high", (1000, "PreemptLowerPriority", "high")),
        ("patient", (500, "Never", "patient")),
    ],
)
def test_a_pod_has_the_priority_of_its_class(asked: str, given: tuple[object, ...]) -> None:
    spec = prioritised(CLASSES, {"priorityClassName": asked} if asked else {})

    found = (spec["priority"], spec["preemptionPolicy"], spec.get("priorityClassName"))
    assert found == given


def test_the_least_urgent_default_is_taken_by_pods_that_name_no_class() -> None:
    classes = [
        *CLASSES,
        priority_class("usual", 7, globalDefault=True),
        priority_class("older", 9, globalDefault=True),
    ]

    spec = prioritised(classes, {})

    assert (spec["priority"], spec["priorityClassName"]) == (7, "usual")


def test_a_priority_that_is_given_must_be_the_right_one() -> None:
    assert prioritised(CLASSES, {"priority": 0})["priority"] == 0
    with pytest.raises(Refused) as error:
        prioritised(CLASSES, {"priority": 5})

    assert str(error.value) == (
        "the integer value of priority (5) must not be provided in pod spec; priority admission "
        "controller computed 0 from the given PriorityClass name"
    )


def test_so_must_a_policy() -> None:
    asked = {"priorityClassName": "high", "preemptionPolicy": "Never"}

    assert refusal(CLASSES, asked) == (
        "the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority "
        "admission controller computed PreemptLowerPriority from the given PriorityClass name"
    )


def test_a_class_that_is_not_there() -> None:
    assert refusal(CLASSES, {"priorityClassName": "x"}) == "no PriorityClass with name x was found"
