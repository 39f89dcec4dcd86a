"""Why a pod has no place, in the scheduler's words.

Source: kubernetes pkg/scheduler/framework/types.go FitError.Error();
pkg/scheduler/framework/preemption/preemption.go Preempt().
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from svcnet.lean_namedtuple import NamedTuple

NO_NODES = "no nodes available to schedule pods"
NOT_NAMED = "node(s) didn't satisfy plugin(s) [NodeAffinity]"
TERMS_CONFLICT = "pod affinity terms conflict"

_NO_CLAIMS = "no new claims to deallocate, preemption"
_NEVER = "not eligible due to preemptionPolicy=Never."


class Status(NamedTuple):
    """What the first filter that turned a pod away from one node had to say."""

    reasons: tuple[str, ...]
    for_good: bool = True
    """Whether the pod would not fit even if other pods gave way."""


def refused_by_all(count: int, why: str) -> str:
    """Return the message of a pod that is turned away before any of `count` nodes is looked at."""
    # DynamicResources, which comes later, then finds no notes of its own to go on: "not found".
    return f"0/{count} nodes are available: {why}. not found"


def refused_by_each(statuses: Sequence[Status], *, never_preempts: bool) -> str:
    """Return the message of a pod that every node has a reason against, counted and sorted."""
    count = len(statuses)
    reasons = Counter(reason for each in statuses for reason in each.reasons)
    available = f"0/{count} nodes are available"
    head = f"{available}: {_listed(reasons)}. {_NO_CLAIMS}: "
    if never_preempts:
        return head + _NEVER
    helpless = sum(each.for_good for each in statuses)
    # There is nobody of less priority who could give way on the others.
    outcomes = {
        "Preemption is not helpful for scheduling": helpless,
        "No preemption victims found for incoming pod": count - helpless,
    }
    return f"{head}{available}: {_listed(outcomes)}."


def _listed(reasons: dict[str, int]) -> str:
    """Return reasons with how often each was heard, in the order of the texts."""
    return ", ".join(sorted(f"{number} {reason}" for reason, number in reasons.items() if number))
