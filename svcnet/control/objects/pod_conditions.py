"""Conditions of pods, as whoever sets them writes them."""

from __future__ import annotations

from typing import Any

from svcnet.api.keys import Document
from svcnet.lean_namedtuple import NamedTuple


class ConditionStatus(NamedTuple):
    """What a condition says."""

    status: str
    reason: str = ""
    message: str = ""


def condition(kind: str, saying: ConditionStatus, generation: int, now: str) -> dict[str, Any]:
    """Return one condition of a pod."""
    words = {"reason": saying.reason, "message": saying.message}
    return {
        "lastProbeTime": None,
        "lastTransitionTime": now,
        **{name: value for name, value in words.items() if value},
        "observedGeneration": generation,
        "status": saying.status,
        "type": kind,
    }


def with_condition(document: Document, condition: dict[str, Any]) -> Document:
    """Return a pod that waits, with one of its conditions as it is now."""
    status = document.get("status") or {}
    others = [
        each for each in status.get("conditions") or () if each.get("type") != condition["type"]
    ]
    return {
        **document,
        "status": {"phase": "Pending", **status, "conditions": [*others, condition]},
    }
