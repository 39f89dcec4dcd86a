"""What a Deployment says of itself: counts, and whether it is available and getting on.

Source: kubernetes pkg/controller/deployment/sync.go calculateStatus(), progress.go
syncRolloutStatus().
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svcnet.api.keys import Document
from svcnet.api.objects import Condition
from svcnet.api.workloads import Deployment
from svcnet.control.controllers.deployment_sizes import Limits
from svcnet.control.objects.priorities import FAILURE
from svcnet.lean_namedtuple import NamedTuple

NO_DEADLINE = 2**31 - 1
"""A deadline of as many seconds is none."""

COMPLETE = "NewReplicaSetAvailable"
PAUSED = "DeploymentPaused"
MOVING = "ReplicaSetUpdated"


class Counts(NamedTuple):
    """Pods of a Deployment, over all its ReplicaSets."""

    wanted: int
    """As the ReplicaSets' specs want them."""
    replicas: int
    updated: int
    ready: int
    available: int
    terminating: int

    def complete(self, replicas: int) -> bool:
        """Tell whether all pods there should be are there, of the newest template, and serve."""
        return self.updated == self.replicas == self.available == replicas


class Progress(NamedTuple):
    """What decides how a Deployment is getting on."""

    deployment: Deployment
    counts: Counts
    newest: str
    """The name of the newest ReplicaSet; empty when there is none."""
    created: bool
    """Whether it was made just now."""


def status_of(document: Document, counts: Counts, bounds: Limits, now: str) -> Document:
    """Return a Deployment's status with its counts, and whether it is available."""
    before = document.get("status") or {}
    # A Deployment that is scaled to nothing has all it wants.
    enough = counts.available >= bounds.min_available
    numbers = {
        "availableReplicas": counts.available,
        "observedGeneration": document["metadata"].get("generation", 1),
        "readyReplicas": counts.ready,
        "replicas": counts.replicas,
        "unavailableReplicas": max(0, counts.wanted - counts.available),
        "updatedReplicas": counts.updated,
    }
    conditions = before.get("conditions") or []
    available = (
        _condition(
            "Available",
            "True",
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.",
        )
        if enough
        else _condition(
            "Available",
            "False",
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
        )
    )
    return {
        "conditions": _set(conditions, available, now),
        "terminatingReplicas": counts.terminating,
        **{name: value for name, value in numbers.items() if value},
    }


def with_progress(status: Document, before: Document, progress: Progress, now: str) -> Document:
    """Return `status` with its condition `Progressing`; without one when there is no deadline."""
    conditions = status["conditions"]
    if (progress.deployment.spec.progress_deadline_seconds or NO_DEADLINE) == NO_DEADLINE:
        others = [each for each in conditions if each["type"] != "Progressing"]
        return {**status, "conditions": others}
    # What was said last decides whether there is anything new to say.
    held = next((each for each in conditions if each["type"] == "Progressing"), None)
    condition = next(_progress_conditions(before, progress, (held or {}).get("reason", "")), None)
    return (
        status if condition is None else {**status, "conditions": _set(conditions, condition, now)}
    )


def with_failure(status: Document, failure: Condition | None) -> Document:
    """Return `status` with what a ReplicaSet says of pods that it cannot make, if it does."""
    others = [each for each in status["conditions"] if each["type"] != FAILURE]
    held = [each for each in status["conditions"] if each["type"] == FAILURE]
    if failure is None:
        return {**status, "conditions": others} if held else status
    condition = _condition(FAILURE, failure.status, failure.reason, failure.message)
    since = failure.last_transition_time or ""
    return {**status, "conditions": _set(status["conditions"], condition, since)}


def _progress_conditions(
    before: Document, progress: Progress, held: str
) -> Iterator[dict[str, Any]]:
    """Yield what could be said of the progress, the most telling first; nothing: leave it be."""
    spec, counts, newest = progress.deployment.spec, progress.counts, progress.newest
    subject = f'ReplicaSet "{newest}"' if newest else f'Deployment "{progress.deployment.name}"'
    if spec.paused:
        yield _condition("Progressing", "Unknown", PAUSED, "Deployment is paused")
    # A rollout that came to its end stays complete, however the Deployment is scaled after.
    if counts.replicas == counts.updated and held == COMPLETE and not progress.created:
        return
    if counts.complete(spec.replicas):
        yield _condition("Progressing", "True", COMPLETE, f"{subject} has successfully progressed.")
    if progress.created:
        message = f'Created new replica set "{newest}"'
        yield _condition("Progressing", "True", "NewReplicaSetCreated", message)
    if _moved(before, counts):
        yield _condition("Progressing", "True", MOVING, f"{subject} is progressing.")
    # Nothing moved yet, but the pause is over.
    if held == PAUSED:
        yield _condition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed")
    if not held and newest:
        message = f'Found new replica set "{newest}"'
        yield _condition("Progressing", "True", "FoundNewReplicaSet", message)


def _moved(before: Document, counts: Counts) -> bool:
    """Tell whether pods came or went since the status was last written."""
    updated, replicas = before.get("updatedReplicas", 0), before.get("replicas", 0)
    return bool(
        counts.updated > updated
        or counts.replicas - counts.updated < replicas - updated
        or counts.ready > before.get("readyReplicas", 0)
        or counts.available > before.get("availableReplicas", 0)
    )


def _condition(kind: str, status: str, reason: str, message: str) -> dict[str, Any]:
    return {"message": message, "reason": reason, "status": status, "type": kind}


def _set(
    conditions: list[dict[str, Any]], condition: dict[str, Any], now: str
) -> list[dict[str, Any]]:
    """Return the conditions with `condition` as the last one, unless it was said before."""
    held = next((each for each in conditions if each["type"] == condition["type"]), None)
    compared = ("status", "reason", *(("message",) if condition["reason"] == MOVING else ()))
    if held and all(held.get(field) == condition[field] for field in compared):
        return conditions
    # Only a change of status is a transition; a new reason is but an update.
    since = held["lastTransitionTime"] if held and held["status"] == condition["status"] else now
    others = [each for each in conditions if each["type"] != condition["type"]]
    return [*others, {**condition, "lastTransitionTime": since, "lastUpdateTime": now}]
