"""What nodes have left of what pods ask for.

Source: kubernetes pkg/scheduler/framework/plugins/noderesources/fit.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svcnet.api.objects import Node
from svcnet.api.pod_requests import Amounts, amounts
from svcnet.lean_namedtuple import NamedTuple

TOO_MANY = "Too many pods"


class Shortage(NamedTuple):
    """Something that a node has too little of."""

    reason: str
    """In the scheduler's words."""
    for_good: bool = False
    """Whether it would be too little even if the node were empty."""


class NodeResources:
    """What each node has, and how much of it is asked for by its pods."""

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        given = [each.status.allocatable for each in nodes]
        self._most = [_pods(each) for each in given]
        # A node that tells nothing of itself, as in many a manifest, is not held to it.
        self._free = [amounts(each) if each else None for each in given]
        self._whole = [None if each is None else dict(each) for each in self._free]
        self.pods = [0] * len(nodes)
        """How many pods each node has."""

    def add(self, requests: Amounts, index: int) -> None:
        """Count what a pod asks for on the node with that index."""
        self.pods[index] += 1
        free = self._free[index]
        if requests and free is not None:
            for name, amount in requests.items():
                free[name] = free.get(name, 0) - amount

    def load(self, index: int, pods: int, requests: Amounts) -> None:
        """Count what the pods that are there ask for together on the node with that index."""
        self.add(requests, index)
        self.pods[index] += pods - 1

    def has_room(self, requests: Amounts, index: int) -> bool:
        """Tell whether a pod fits beside those that are there."""
        if self.pods[index] >= self._most[index]:
            return False
        free = self._free[index]
        return free is None or all(amount <= free.get(name, 0) for name, amount in requests.items())

    def shortages(self, requests: Amounts, index: int) -> list[Shortage]:
        """Return everything that a pod lacks there."""
        found = [Shortage(TOO_MANY)] if self.pods[index] >= self._most[index] else []
        free, whole = self._free[index], self._whole[index]
        if free is not None and whole is not None:
            found += [
                Shortage(f"Insufficient {name}", for_good=amount > whole.get(name, 0))
                for name, amount in requests.items()
                if amount > free.get(name, 0)
            ]
        return found


def _pods(allocatable: Mapping[str, Any] | None) -> float:
    """Return how many pods a node takes; without end when it does not say."""
    try:
        return int((allocatable or {}).get("pods", ""))
    except ValueError:
        return float("inf")
