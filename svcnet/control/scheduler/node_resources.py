"""What pods ask for, and what nodes have left of it.

Source: kubernetes pkg/scheduler/framework/plugins/noderesources/fit.go;
staging/src/k8s.io/component-helpers/resource/helpers.go PodRequests().
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from svcnet.api import quantity
from svcnet.api.objects import Node
from svcnet.api.workloads import Container, PodSpec
from svcnet.lean_namedtuple import NamedTuple

Amounts: TypeAlias = dict[str, int]
"""By resource: cpu in thousandths, all else in whole units, both rounded up."""

TOO_MANY = "Too many pods"

NOTHING: Amounts = {}

_COUNTED = frozenset({"cpu", "memory", "ephemeral-storage"})
_OF_WHOLE_PODS = ("cpu", "memory")
_THOUSANDTH, _WHOLE = quantity.NANO // 1000, quantity.NANO


def pod_requests(spec: PodSpec) -> Amounts:
    """Return what a pod asks of its node.

    Containers and sidecars run together; before them init containers run one by one, each beside
    the sidecars that have been started.  What is said of the pod as a whole counts for it.
    """
    given = spec.resources.requests if spec.resources else None
    if not (given or spec.overhead or _any_requests(spec)):
        return NOTHING
    total, beside, peak = dict[str, int](), dict[str, int](), dict[str, int]()
    for container in spec.containers or ():
        _add(total, _requests(container))
    for container in spec.init_containers or ():
        asked = _requests(container)
        if container.restart_policy == "Always":
            _add(total, asked)
            _add(beside, asked)
            asked = NOTHING
        for name in {*beside, *asked}:
            peak[name] = max(peak.get(name, 0), beside.get(name, 0) + asked.get(name, 0))
    for name, amount in peak.items():
        total[name] = max(total.get(name, 0), amount)
    whole = _amounts(given)
    total |= {name: amount for name, amount in whole.items() if _is_of_whole_pods(name)}
    _add(total, _amounts(spec.overhead))
    return {name: amount for name, amount in total.items() if amount}


def _is_of_whole_pods(name: str) -> bool:
    return name in _OF_WHOLE_PODS or name.startswith("hugepages-")


def _any_requests(spec: PodSpec) -> bool:
    for group in (spec.containers, spec.init_containers):
        for each in group or ():
            if each.resources is not None and each.resources.requests:
                return True
    return False


def _requests(container: Container) -> Amounts:
    return _amounts(container.resources.requests) if container.resources else NOTHING


def _add(total: Amounts, amounts: Amounts) -> None:
    for name, amount in amounts.items():
        total[name] = total.get(name, 0) + amount


def _amounts(given: Mapping[str, Any] | None) -> Amounts:
    """Return the resources that the scheduler counts; amounts that are none are left out."""
    found: Amounts = {}
    for name, text in (given or {}).items():
        if not _is_counted(name):
            continue
        try:
            amount, _ = quantity.parse(str(text))
        except quantity.QuantityError:
            continue
        found[name] = -(-amount // (_THOUSANDTH if name == "cpu" else _WHOLE))
    return found


def _is_counted(name: str) -> bool:
    """Tell whether the scheduler counts a resource: three by name, and those of somebody's make.

    Source: kubernetes pkg/scheduler/util/utils.go IsScalarResourceName().
    """
    return name in _COUNTED or "/" in name or name.startswith(("hugepages-", "attachable-volumes-"))


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
        self._free = [_amounts(each) if each else None for each in given]
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
