"""What may change of a pod that exists: images, deadlines, tolerations, and little else.

Source: kubernetes pkg/apis/core/validation/validation.go ValidatePodUpdate().
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api import content
from svcnet.api.field_errors import complaints, forbidden, invalid, required
from svcnet.api.go.json import marshal_indent
from svcnet.api.internal_podspec import pod_spec
from svcnet.api.keys import Document
from svcnet.errors import FieldError

_UPDATABLE = (
    "`spec.containers[*].image`",
    "`spec.initContainers[*].image`",
    "`spec.activeDeadlineSeconds`",
    "`spec.tolerations` (only additions to existing tolerations)",
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
)
_LONGEST_DEADLINE = 2**31 - 1


def check_pod_changes(spec: Document, before: Document) -> Iterator[FieldError]:
    """Yield the rules that a change of a pod's spec breaks.

    Pods are replaced, not changed: the kubelet can do few things to a pod that runs. Source:
    ValidatePodUpdate().
    """
    for group in ("containers", "initContainers"):
        now, then = spec.get(group) or [], before.get(group) or []
        if len(now) != len(then):
            yield forbidden(f"spec.{group}", "pod updates may not add or remove containers")
            # The containers cannot be paired off, so nothing can be said of each.
            return
        for index, container in enumerate(now):
            if not container.get("image"):
                yield required(f"spec.{group}[{index}].image")
    # A bad deadline ends the check, as in the server; taking one away does not.
    stop = list(_deadline(spec.get("activeDeadlineSeconds"), before.get("activeDeadlineSeconds")))
    yield from stop
    if stop and spec.get("activeDeadlineSeconds") is not None:
        return
    yield from _tolerations(spec, before)
    yield from _gates(spec, before)
    allowed = _with_allowed_changes(spec, before)
    if before not in (spec, allowed):
        listed = ",".join(_UPDATABLE)
        yield forbidden(
            "spec",
            f"pod updates may not change fields other than {listed}\n{_diff(before, allowed)}",
        )


def _deadline(now: int | None, then: int | None) -> Iterator[FieldError]:
    """A deadline may be set and shortened."""
    path = "spec.activeDeadlineSeconds"
    if now is None:
        if then is not None:
            yield invalid(path, None, "must not update from a positive integer to nil value")
    elif messages := list(content.in_range(now, 0, _LONGEST_DEADLINE)):
        yield from complaints(path, now, messages)
    elif then is not None and then < now:
        yield invalid(path, now, "must be less than or equal to previous value")


def _tolerations(spec: Document, before: Document) -> Iterator[FieldError]:
    """Tolerations may be added, and may last another time."""
    now = [_timeless(each) for each in spec.get("tolerations") or ()]
    if any(_timeless(each) not in now for each in before.get("tolerations") or ()):
        yield forbidden(
            "spec.tolerations",
            "existing toleration can not be modified except its tolerationSeconds",
        )


def _timeless(toleration: Document) -> Document:
    """Return a toleration but for how long it lasts."""
    return {field: each for field, each in toleration.items() if field != "tolerationSeconds"}


def _gates(spec: Document, before: Document) -> Iterator[FieldError]:
    """Gates may only be taken away.

    With a new gate the scheduler, which may have seen the pod already, would have to let it go
    again.
    """
    known = {each.get("name") for each in before.get("schedulingGates") or ()}
    for index, gate in enumerate(spec.get("schedulingGates") or ()):
        if gate.get("name") not in known:
            yield forbidden(
                f"spec.schedulingGates[{index}].name",
                f"only deletion is allowed, but found new scheduling gate '{gate.get('name')}'",
            )


def _with_allowed_changes(spec: Document, before: Document) -> Document:
    """Return `spec` with everything that may change as it was.

    What then still differs may not change: so no field can be forgotten, not even one that is
    added to pods later.
    """
    munged = dict(spec)
    for field in ("activeDeadlineSeconds", "tolerations", "schedulingGates"):
        munged.pop(field, None)
        if field in before:
            munged[field] = before[field]
    for group in ("containers", "initContainers"):
        if spec.get(group):
            munged[group] = [
                {**container, "image": old.get("image", "")}
                for container, old in zip(spec[group], before[group], strict=True)
            ]
    grace = before.get("terminationGracePeriodSeconds")
    # Early servers took negative times; one second is the only way out of them.
    if grace is not None and grace < 0 and spec.get("terminationGracePeriodSeconds") == 1:
        munged["terminationGracePeriodSeconds"] = grace
    return munged


def _diff(before: Document, after: Document) -> str:
    """Return how two specs differ, as the server holds them inside."""
    import difflib  # noqa: PLC0415 - slow to load, and only here

    old, new = (marshal_indent(pod_spec(each), 1).split("\n") for each in (before, after))
    # The first two lines would name files; the server leaves them out.
    lines = list(difflib.unified_diff(old, new, lineterm=""))[2:]
    return "\n".join(lines) + "\n"
