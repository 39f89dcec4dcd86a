"""What pods ask of their nodes.

Source: kubernetes staging/src/k8s.io/component-helpers/resource/helpers.go PodRequests().
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from svcnet.api import quantity
from svcnet.api.workloads import Container, PodSpec

Amounts: TypeAlias = dict[str, int]
"""By resource: cpu in thousandths, all else in whole units, both rounded up."""

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
    whole = amounts(given)
    total |= {name: amount for name, amount in whole.items() if _is_of_whole_pods(name)}
    _add(total, amounts(spec.overhead))
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
    return amounts(container.resources.requests) if container.resources else NOTHING


def _add(total: Amounts, amounts: Amounts) -> None:
    for name, amount in amounts.items():
        total[name] = total.get(name, 0) + amount


def amounts(given: Mapping[str, Any] | None) -> Amounts:
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
