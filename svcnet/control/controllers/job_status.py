"""What a Job says of itself: its conditions, and what its pods have come to.

Source: kubernetes pkg/controller/job/job_controller.go trackJobStatusAndRemoveFinalizers(),
enactJobFinished(), ensureJobConditionStatus().
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from svcnet.api.jobs import Job, JobSpec
from svcnet.api.keys import Document
from svcnet.api.workloads import Pod
from svcnet.control.controllers.job_pods import (
    failures_of,
    index_of,
    read_indexes,
    written_indexes,
)
from svcnet.control.objects.jobs import TRACKING
from svcnet.control.objects.pods import HOLD
from svcnet.lean_namedtuple import NamedTuple


class JobCondition(NamedTuple):
    """What a condition of a Job says, once it is true."""

    type: str
    reason: str
    message: str


SUSPENDED = JobCondition("Suspended", "JobSuspended", "Job suspended")
RESUMED = JobCondition("Suspended", "JobResumed", "Job resumed")
SUCCESS_CRITERIA_MET = JobCondition(
    "SuccessCriteriaMet", "CompletionsReached", "Reached expected number of succeeded pods"
)
BACKOFF_LIMIT_EXCEEDED = JobCondition(
    "FailureTarget", "BackoffLimitExceeded", "Job has reached the specified backoff limit"
)
FAILED_INDEXES = JobCondition("FailureTarget", "FailedIndexes", "Job has failed indexes")
MAX_FAILED_INDEXES_EXCEEDED = JobCondition(
    "FailureTarget",
    "MaxFailedIndexesExceeded",
    "Job has exceeded the specified maximal number of failed indexes",
)

ENDS = {"SuccessCriteriaMet": "Complete", "FailureTarget": "Failed"}
"""What is said while pods still have to go, and what is said then."""


class Tally(NamedTuple):
    """What has become of a Job's pods, those included that are only being counted now."""

    succeeded: int
    failed: int
    completed: frozenset[int] = frozenset()
    """Indexes at which a pod has succeeded."""
    given_up: frozenset[int] = frozenset()
    """Indexes at which too many pods have failed."""


def is_tracked(pod: Pod) -> bool:
    """Tell whether a pod still waits to be counted."""
    return TRACKING in (pod.metadata.finalizers or ())


def is_over(job: Job, pod: Pod, policy: str) -> bool:
    """Tell whether a pod of `job` has come to its end, good or bad.

    Args:
        job: whose pod it is.
        pod: a pod of its own.
        policy: `podReplacementPolicy`; with ``Failed`` a pod that is going counts only once it
            has stopped, which it does at once unless it is held.
    """
    if pod.finished or not pod.terminating:
        return pod.finished
    return policy != "Failed" or HOLD not in pod.annotations or job.finished


def tally(job: Job, over: Sequence[Pod]) -> Tally:
    """Return what a Job has come to when the pods that are `over` are counted, too."""
    succeeded = [pod for pod in over if pod.status.phase == "Succeeded"]
    failed = [pod for pod in over if pod.status.phase != "Succeeded"]
    failures = job.status.get("failed", 0) + len(failed)
    if not job.spec.indexed:
        return Tally(job.status.get("succeeded", 0) + len(succeeded), failures)
    count = job.spec.completions or 0
    new = {index for pod in succeeded if (index := index_of(pod)) is not None and index < count}
    completed = read_indexes(job.status.get("completedIndexes") or "", count) | new
    limit = job.spec.backoff_limit_per_index
    given_up = read_indexes(job.status.get("failedIndexes") or "", count)
    if limit is not None:
        given_up |= {
            index
            for pod in failed
            if (index := index_of(pod)) is not None and failures_of(pod) >= limit
        }
    # The number follows from the indexes, which may have become fewer.
    return Tally(len(completed), failures, frozenset(completed), frozenset(given_up - completed))


def ending(job: Job, tally: Tally, active: int) -> JobCondition | None:
    """Return why a Job is to end now; None while it goes on."""
    spec = job.spec
    if tally.failed > spec.backoff_limit:
        return BACKOFF_LIMIT_EXCEEDED
    if spec.max_failed_indexes is not None and len(tally.given_up) > spec.max_failed_indexes:
        return MAX_FAILED_INDEXES_EXCEEDED
    return None if active else _success(spec, tally)


def _success(spec: JobSpec, tally: Tally) -> JobCondition | None:
    """Return why a Job is to end none of whose pods runs."""
    # Without a number, the first success is enough.
    wanted = 1 if spec.completions is None else spec.completions
    if tally.succeeded >= wanted:
        return SUCCESS_CRITERIA_MET
    if tally.given_up and tally.succeeded + len(tally.given_up) >= wanted:
        return FAILED_INDEXES
    return None


def pending_end(job: Job) -> JobCondition | None:
    """Return why a Job has been ending since before; None when it has not."""
    for each in job.status.get("conditions") or ():
        if each.get("type") in ENDS and each.get("status") == "True":
            return JobCondition(each["type"], each.get("reason", ""), each.get("message", ""))
    return None


def with_condition(
    conditions: Sequence[Document], saying: JobCondition, status: str, now: str
) -> list[Document]:
    """Return `conditions` with one that holds, or no longer does.

    What was never said need not be taken back.
    """
    entry: dict[str, Any] = {
        "lastProbeTime": now,
        "lastTransitionTime": now,
        "message": saying.message,
        "reason": saying.reason,
        "status": status,
        "type": saying.type,
    }
    for place, each in enumerate(conditions):
        if each.get("type") == saying.type:
            said = tuple(each.get(field) for field in ("status", "reason", "message"))
            if said == (status, saying.reason, saying.message):
                return [*conditions]
            return [*conditions[:place], entry, *conditions[place + 1 :]]
    return [*conditions, entry] if status == "True" else [*conditions]


def status_of(
    job: Job, counted: Tally, pods: Sequence[Pod], conditions: list[Document]
) -> Document:
    """Return a Job's status, but for its times.

    Args:
        job: as it was.
        counted: what has become of its pods.
        pods: those that it has, as they will be.
        conditions: what is said of it.
    """
    active = [pod for pod in pods if pod.active]
    optional: Document = {
        "active": len(active),
        "completedIndexes": written_indexes(counted.completed),
        "completionTime": job.status.get("completionTime"),
        "conditions": conditions,
        "failed": counted.failed,
        "startTime": job.status.get("startTime"),
        "succeeded": counted.succeeded,
    }
    indexes = {}
    if job.spec.backoff_limit_per_index is not None:
        indexes["failedIndexes"] = written_indexes(counted.given_up)
    return {
        **{name: value for name, value in optional.items() if value},
        **indexes,
        "ready": sum(pod.ready for pod in active),
        "terminating": sum(pod.terminating and not pod.finished for pod in pods),
        "uncountedTerminatedPods": {},
    }
