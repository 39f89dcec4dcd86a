"""Conditions of pods, as whoever sets them writes them."""

from __future__ import annotations

from typing import Any, NamedTuple

from svcnet.api.keys import Document


class Told(NamedTuple):
    """What a condition says."""

    status: str
    reason: str = ""
    message: str = ""


def condition(kind: str, told: Told, generation: int, now: str) -> dict[str, Any]:
    """Return one condition of a pod."""
    words = {"reason": told.reason, "message": told.message}
    return {
        "lastProbeTime": None,
        "lastTransitionTime": now,
        **{name: value for name, value in words.items() if value},
        "observedGeneration": generation,
        "status": told.status,
        "type": kind,
    }


def with_condition(document: Document, told: dict[str, Any]) -> Document:
    """Return a pod that waits, with one of its conditions told anew."""
    status = document.get("status") or {}
    others = [each for each in status.get("conditions") or () if each.get("type") != told["type"]]
    return {**document, "status": {"phase": "Pending", **status, "conditions": [*others, told]}}
