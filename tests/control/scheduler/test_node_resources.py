"""What pods ask for, and what nodes have left."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.lean_msgspec import msgspec
from svcnet.api.objects import Node
from svcnet.api.pod_requests import pod_requests
from svcnet.api.workloads import PodSpec
from svcnet.control.scheduler.node_resources import NodeResources


def spec(**fields: Any) -> PodSpec:
    return msgspec.convert(fields, PodSpec)


def asking(name: str = "c", **requests: Any) -> dict[str, Any]:
    named = {key.replace("_", "-"): value for key, value in requests.items()}
    return {"name": name, "resources": {"requests": named}}


def node(**allocatable: Any) -> Node:
    return msgspec.convert({"status": {"allocatable": allocatable}}, Node)


@pytest.mark.parametrize(
    ("given_spec", "expected"),
    [
        ({"containers": [{"name": "c"}]}, {}),
        (
            {"containers": [asking(cpu="250m", memory="1Ki"), asking(cpu=1)]},
            {"cpu": 1250, "memory": 1024},
        ),
        # One after the other: the hungriest counts, and only if it is above the containers.
        (
            {
                "containers": [asking(cpu="1")],
                "initContainers": [asking(cpu="3"), asking(cpu="2")],
            },
            {"cpu": 3000},
        ),
        # A sidecar runs beside all that comes after it.
        (
            {
                "containers": [asking(cpu="1")],
                "initContainers": [
                    asking(cpu="4"),
                    {**asking(cpu="2"), "restartPolicy": "Always"},
                    asking(cpu="3"),
                ],
            },
            {"cpu": 5000},
        ),
        (
            {
                "containers": [asking(cpu="1")],
                "initContainers": [{**asking(cpu="2"), "restartPolicy": "Always"}],
            },
            {"cpu": 3000},
        ),
        ({"containers": [asking(cpu="1")], "overhead": {"cpu": "100m"}}, {"cpu": 1100}),
        # What is said of the whole pod counts for it; overhead still comes on top.
        (
            {
                "containers": [asking(cpu="1", ephemeral_storage="1")],
                "resources": {"requests": {"cpu": "2"}},
                "overhead": {"cpu": "1"},
            },
            {"cpu": 3000, "ephemeral-storage": 1},
        ),
        # Resources that nobody counts.
        ({"containers": [asking(storage="1Gi")]}, {}),
        (
            {"containers": [{"resources": {"requests": {"example.com/gpu": 2}}}]},
            {"example.com/gpu": 2},
        ),
    ],
)
def test_a_pod_asks_for_what_its_containers_need_at_once(
    given_spec: dict[str, Any], expected: dict[str, int]
) -> None:
    assert pod_requests(spec(**given_spec)) == expected


def test_a_node_that_says_nothing_has_room_for_all() -> None:
    resources = NodeResources((node(),))

    assert resources.has_room({"cpu": 10**9}, 0)
    assert resources.shortages({"cpu": 10**9}, 0) == []


def test_what_a_node_does_not_name_it_does_not_have() -> None:
    resources = NodeResources((node(cpu="4", pods="10"),))

    assert [*resources.shortages({"example.com/gpu": 1}, 0)] == [
        ("Insufficient example.com/gpu", True)
    ]


def test_too_many_pods_and_too_little_of_everything_are_told_together() -> None:
    resources = NodeResources((node(cpu="2", memory="1Gi", pods="1"),))
    resources.add({"cpu": 1500}, 0)

    found = resources.shortages({"cpu": 1000, "memory": 2**31}, 0)

    assert found == [
        ("Too many pods", False),
        ("Insufficient cpu", False),
        ("Insufficient memory", True),
    ]


@given(
    amounts=st.lists(st.integers(0, 2000), max_size=12),
    limit=st.integers(0, 10),
    pods=st.integers(0, 10),
)
def test_a_node_never_gives_more_than_it_has(amounts: list[int], limit: int, pods: int) -> None:
    resources = NodeResources((node(cpu=str(limit), pods=str(pods)),))
    taken: list[int] = []
    for amount in amounts:
        asked = {"cpu": amount} if amount else {}
        fits = resources.has_room(asked, 0)
        # Exactly those fit that a sum allows.
        assert fits == (len(taken) < pods and (not amount or sum(taken) + amount <= limit * 1000))
        assert fits == (resources.shortages(asked, 0) == [])
        if fits:
            resources.add(asked, 0)
            taken.append(amount)
