"""Which of several pods is given up first.

Source: kubernetes pkg/controller/controller_utils.go ActivePods.
"""

from __future__ import annotations

from typing import Any

from svcnet.api.workloads import Pod

_PHASES = {"Pending": 0, "Unknown": 1, "Running": 2}


def removal_rank(pod: Pod) -> tuple[Any, ...]:
    """Return what puts first the pod that goes first: those that do least, then the newest."""
    ready_since = next(
        (
            each.last_transition_time or ""
            for each in pod.status.conditions or ()
            if each.type == "Ready"
        ),
        "",
    )
    return (
        bool(pod.spec.node_name),
        _PHASES.get(pod.status.phase, 2),
        pod.ready,
        _Descending(ready_since),
        _Descending(pod.metadata.creation_timestamp or ""),
        _Descending(pod.name),
    )


class _Descending(str):
    """A text that sorts behind the greater ones."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)

    def __gt__(self, other: str) -> bool:
        return str.__lt__(self, other)
