"""Typed, frozen views of Jobs.

Importing this module adds its view to `svcnet.api.objects.VIEWS`.
"""

# No `from __future__ import annotations`: msgspec would have to compile and evaluate every field.

from svcnet.api.keys import Document
from svcnet.api.lean_msgspec import msgspec
from svcnet.api.objects import VIEWS, LabelSelector, ObjectView, WireStruct


class JobSpec(WireStruct, frozen=True, kw_only=True):
    """What is asked of a Job."""

    parallelism: int = 1
    completions: int | None = None
    """None: the Job is done once one of its pods is."""
    completion_mode: str = "NonIndexed"
    backoff_limit: int = 6
    backoff_limit_per_index: int | None = None
    max_failed_indexes: int | None = None
    suspend: bool = False
    selector: LabelSelector | None = None
    template: Document = msgspec.field(default_factory=dict)
    pod_replacement_policy: str = "TerminatingOrFailed"
    managed_by: str | None = None
    ttl_seconds_after_finished: int | None = None

    @property
    def indexed(self) -> bool:
        """Whether every pod stands for one of the completions."""
        return self.completion_mode == "Indexed"


class Job(ObjectView, frozen=True, kw_only=True):
    """Pods that run until enough of them have succeeded."""

    spec: JobSpec = JobSpec()
    status: Document = msgspec.field(default_factory=dict)

    def is_true(self, condition: str) -> bool:
        """Tell whether the Job says so of itself: ``Complete``, ``Failed``, ``Suspended``."""
        return any(
            each.get("type") == condition and each.get("status") == "True"
            for each in self.status.get("conditions") or ()
        )

    @property
    def finished(self) -> bool:
        """Whether nothing more will come of the Job."""
        return self.is_true("Complete") or self.is_true("Failed")


# Added here and not listed there, since this view is built on those of `objects`.
VIEWS["jobs.batch"] = Job
