"""How ReplicaSets are numbered, and the annotations in which a Deployment notes what it did.

Source: kubernetes pkg/controller/deployment/util/deployment_util.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from svcnet.api.go.strconv import parse_decimal
from svcnet.api.workloads import ReplicaSet
from svcnet.control.objects.replicasets import REVISION

HISTORY = "deployment.kubernetes.io/revision-history"
"""Annotation: the numbers that this template had before a rollback gave it a new one."""

DESIRED = "deployment.kubernetes.io/desired-replicas"
"""Annotation: how many pods the Deployment wanted when the set was given its size."""

LIMIT = "deployment.kubernetes.io/max-replicas"
"""Annotation: how many pods the Deployment could have then, surge included."""

_OWN = frozenset(
    {
        "kubectl.kubernetes.io/last-applied-configuration",
        "deprecated.deployment.rollback.to",
        REVISION,
        HISTORY,
        DESIRED,
        LIMIT,
    }
)
"""Annotations of a Deployment that its ReplicaSets do not take over."""

LONGEST_HISTORY = 2000
"""Characters; older numbers are dropped beyond that."""


def number(replica_set: ReplicaSet) -> int:
    """Return a set's revision; 0 when it has none."""
    text = replica_set.annotations.get(REVISION, "")
    return parse_decimal(text) or 0


def latest(sets: Iterable[ReplicaSet]) -> int:
    """Return the highest revision of `sets`; 0 when there are none."""
    return max(map(number, sets), default=0)


def age(replica_set: ReplicaSet) -> tuple[str, int, str]:
    """Return what sorts sets, oldest first; those of one second by revision."""
    created = replica_set.metadata.creation_timestamp or ""
    return created, number(replica_set), replica_set.name


def noted(
    annotations: Mapping[str, str], inherited: Mapping[str, str], revision: int
) -> dict[str, str]:
    """Return a set's annotations with those of its Deployment and at least `revision`.

    A set that already had a lower number is being rolled back to: the number it had is kept in
    its history.

    Source: SetNewReplicaSetAnnotations().
    """
    result = {**annotations, **{key: inherited[key] for key in inherited if key not in _OWN}}
    # A number never goes down: an old set that is the newest again gets the next one.
    held = result.get(REVISION, "")
    if (parse_decimal(held) or 0) < revision:
        result[REVISION] = str(revision)
        if held:
            result[HISTORY] = _history(result.get(HISTORY, ""), held)
    return result


def _history(history: str, held: str) -> str:
    """Return a set's earlier numbers with one more, the oldest dropped when there are too many."""
    numbers = [*filter(None, history.split(",")), held]
    while len(",".join(numbers)) > LONGEST_HISTORY:
        numbers.pop(0)
    return ",".join(numbers)
