"""How pods get their priority: from the class that they name, or from the one that is the default.

Source: kubernetes plugin/pkg/admission/priority/admission.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from svcnet.api.keys import Document
from svcnet.api.kinds import PRIORITY_CLASS
from svcnet.lean_namedtuple import NamedTuple
from svcnet.snapshot import Snapshot

FAILURE = "ReplicaFailure"
"""Condition of what cannot make its pods."""


class Priority(NamedTuple):
    """What admission writes into a pod."""

    class_name: str = ""
    value: int = 0
    preemption_policy: str = "PreemptLowerPriority"


class Refused(Exception):
    """A pod cannot have the priority that it asks for."""


def default_class(classes: Iterable[Document]) -> Document | None:
    """Return the class of pods that name none; of several the least urgent.

    Source: getDefaultPriorityClass().
    """
    marked = [each for each in classes if each.get("globalDefault")]
    return min(marked, key=lambda each: int(each.get("value", 0)), default=None)


def prioritised(classes: Iterable[Document], spec: Document) -> Document:
    """Return a pod's spec with its priority.

    Args:
        classes: all PriorityClasses.
        spec: what the pod asks for; it stays as it is.

    Raises:
        Refused: there is no such class, or the pod says another priority than its class.

    Source: admitPod().
    """
    priority = _priority(classes, str(spec.get("priorityClassName") or ""))
    given = spec.get("priority")
    computed = "priority admission controller computed"
    ending = "from the given PriorityClass name"
    if given is not None and given != priority.value:
        raise Refused(
            f"the integer value of priority ({given}) must not be provided in pod spec; "
            f"{computed} {priority.value} {ending}"
        )
    policy = spec.get("preemptionPolicy")
    if policy is not None and policy != priority.preemption_policy:
        raise Refused(
            f"the string value of PreemptionPolicy ({policy}) must not be provided in pod spec; "
            f"{computed} {priority.preemption_policy} {ending}"
        )
    fields: dict[str, Any] = {
        "preemptionPolicy": priority.preemption_policy,
        "priority": priority.value,
    }
    if priority.class_name:
        fields["priorityClassName"] = priority.class_name
    return {**spec, **fields}


def _priority(classes: Iterable[Document], name: str) -> Priority:
    if name:
        chosen = next((each for each in classes if each["metadata"]["name"] == name), None)
        if chosen is None:
            raise Refused(f"no PriorityClass with name {name} was found")
    else:
        chosen = default_class(classes)
    if chosen is None:
        return Priority()
    policy = chosen.get("preemptionPolicy") or Priority().preemption_policy
    return Priority(chosen["metadata"]["name"], int(chosen.get("value", 0)), policy)


def refusal(classes: Iterable[Document], spec: Document) -> str:
    """Return why no pod can be made with `spec`, or nothing."""
    try:
        prioritised(classes, spec)
    except Refused as why:
        return str(why)
    return ""


def pod_refusal(cluster: Snapshot, template: Document) -> str:
    """Return why no pod can be made from `template`, or nothing."""
    return refusal(cluster.documents(PRIORITY_CLASS.resource), template.get("spec") or {})
