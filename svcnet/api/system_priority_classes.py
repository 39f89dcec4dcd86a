"""The two priority classes that every cluster has, for pods that it cannot do without.

Source: kubernetes pkg/apis/scheduling/v1/helpers.go; pkg/registry/scheduling/rest/
storage_scheduling.go AddSystemPriorityClasses().
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.keys import Document
from svcnet.api.kinds import PRIORITY_CLASS

RESERVED = "system-"
"""What no user's class may begin with."""

HIGHEST_OF_USERS = 1_000_000_000

SYSTEM_PRIORITIES = {
    "system-node-critical": 2 * HIGHEST_OF_USERS + 1000,
    "system-cluster-critical": 2 * HIGHEST_OF_USERS,
}

_DESCRIPTIONS = {
    "system-cluster-critical": (
        "Used for system critical pods that must run in the cluster, but can be moved to another "
        "node if necessary."
    ),
    "system-node-critical": (
        "Used for system critical pods that must not be moved from their current node."
    ),
}


def system_priority_classes() -> Iterator[Document]:
    """Yield both, as they are when they are new."""
    for name, value in SYSTEM_PRIORITIES.items():
        yield {
            "apiVersion": PRIORITY_CLASS.api_version,
            "description": _DESCRIPTIONS[name],
            "kind": PRIORITY_CLASS.kind,
            "metadata": {"generation": 1, "name": name},
            "preemptionPolicy": "PreemptLowerPriority",
            "value": value,
        }


def misuse(name: str, value: int, *, default: bool) -> str:
    """Return why a class may not have a name that begins with `RESERVED`, or nothing.

    Source: helpers.go IsKnownSystemPriorityClass().
    """
    if name not in SYSTEM_PRIORITIES:
        return f"{name} is not a known system priority class"
    if value != SYSTEM_PRIORITIES[name]:
        return f"value of {name} PriorityClass must be {SYSTEM_PRIORITIES[name]}"
    return f"globalDefault of {name} PriorityClass must be false" if default else ""
