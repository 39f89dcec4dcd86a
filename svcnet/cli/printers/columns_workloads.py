"""Columns of pods and of what makes them.

Source: kubernetes pkg/printers/internalversion/printers.go.
"""

from __future__ import annotations

from collections.abc import Sequence

from svcnet.api.keys import Document
from svcnet.api.kinds import REPLICATION_CONTROLLER
from svcnet.cli.printers.ages import between, human, since
from svcnet.cli.printers.cells import (
    NONE,
    UNSET,
    age_of,
    containers,
    items,
    labels,
    name_of,
    part,
    selector,
    yes_no,
)
from svcnet.cli.printers.table import table
from svcnet.lean_namedtuple import NamedTuple

# --- pods -------------------------------------------------------------------------------------


class PodState(NamedTuple):
    """What a pod's containers come to."""

    reason: str
    """What stands under STATUS."""
    ready: int = 0
    restarts: int = 0
    last_restart: str = ""
    """When a container last ended; empty if that is not known."""


def pod_row(pod: Document, now: str) -> Sequence[object]:
    """Return a Pod's cells."""
    spec, status = part(pod, "spec"), part(pod, "status")
    # Sidecars run as long as the pod, so READY counts them among its containers.
    sidecars = sum(map(_restarts_always, items(spec, "initContainers")))
    state = pod_state(pod)
    restarts = str(state.restarts)
    if state.restarts and state.last_restart:
        restarts += f" ({since(state.last_restart, now)} ago)"
    return (
        name_of(pod),
        f"{state.ready}/{len(items(spec, 'containers')) + sidecars}",
        state.reason,
        restarts,
        age_of(pod, now),
        next((each.get("ip") for each in items(status, "podIPs")), "") or NONE,
        spec.get("nodeName") or NONE,
        status.get("nominatedNodeName") or NONE,
        _readiness_gates(pod),
    )


def pod_state(pod: Document) -> PodState:
    """Return what stands under STATUS, READY and RESTARTS.

    Later decisions override earlier ones: the phase, the pod's own reason, a failed or waiting
    init container, the containers from last to first, and last of all that it is being deleted.
    """
    status = part(pod, "status")
    phase = str(status.get("phase", ""))
    reason = str(status.get("reason") or phase)
    for each in items(status, "conditions"):
        if each.get("type") == "PodScheduled" and each.get("reason") == "SchedulingGated":
            reason = "SchedulingGated"
    state, stuck = _initialized(pod, reason)
    # A sidecar that restarts holds nothing up once the pod was initialized.
    if stuck is None or _is_true(pod, "Initialized"):
        state = _with_containers(
            pod, state if stuck is None else state._replace(reason=stuck.reason)
        )
    else:
        state = stuck
    if part(pod, "metadata").get("deletionTimestamp"):
        # Nobody can say whether the pod still runs when its node does not answer.
        if status.get("reason") == "NodeLost":
            return state._replace(reason="Unknown")
        if phase not in ("Succeeded", "Failed"):
            return state._replace(reason="Terminating")
    return state


def _initialized(pod: Document, reason: str) -> tuple[PodState, PodState | None]:
    """Return what the sidecars come to, and the state of a pod that is still being initialized."""
    sidecars = {
        each.get("name"): _restarts_always(each) for each in items(pod, "spec", "initContainers")
    }
    state = stuck = PodState(reason)
    for index, container in enumerate(items(pod, "status", "initContainerStatuses")):
        sidecar = bool(sidecars.get(container.get("name")))
        stuck = _restarted(stuck, container)
        if sidecar:
            state = _restarted(state, container)
        terminated = part(container, "state").get("terminated")
        if terminated is not None and not terminated.get("exitCode"):
            continue  # This one is done; the next may be at work.
        if sidecar and container.get("started"):
            state = state._replace(ready=state.ready + bool(container.get("ready")))
            continue
        why = _init_reason(container, index, len(sidecars))
        return state, stuck._replace(reason=why, ready=state.ready)
    return state, None


def _restarted(state: PodState, container: Document) -> PodState:
    return state._replace(
        restarts=state.restarts + container.get("restartCount", 0),
        last_restart=max(state.last_restart, _ended(container)),
    )


def _init_reason(container: Document, index: int, count: int) -> str:
    state = part(container, "state")
    if state.get("terminated") is not None:
        return "Init:" + _terminated_reason(part(state, "terminated"))
    waiting = part(state, "waiting").get("reason", "")
    if waiting and waiting != "PodInitializing":
        return f"Init:{waiting}"
    return f"Init:{index}/{count}"


def _with_containers(pod: Document, state: PodState) -> PodState:
    reason, ready, running = state.reason, state.ready, False
    # From last to first, so that the first container has the last word.
    for container in reversed(items(pod, "status", "containerStatuses")):
        state = _restarted(state, container)
        current = part(container, "state")
        if waiting := part(current, "waiting").get("reason"):
            reason = waiting
        elif current.get("terminated") is not None:
            reason = _terminated_reason(part(current, "terminated"))
        elif container.get("ready") and current.get("running") is not None:
            running = True
            ready += 1
    # The first container has ended but others still run, so the pod as a whole has not.
    if reason == "Completed" and running:
        reason = "Running" if _is_true(pod, "Ready") else "NotReady"
    return state._replace(reason=reason, ready=ready)


def _terminated_reason(terminated: Document) -> str:
    if terminated.get("reason"):
        return str(terminated["reason"])
    if terminated.get("signal"):
        return f"Signal:{terminated['signal']}"
    return f"ExitCode:{terminated.get('exitCode', 0)}"


def _ended(container: Document) -> str:
    return str(part(container, "lastState", "terminated").get("finishedAt") or "")


def _restarts_always(container: Document) -> bool:
    return container.get("restartPolicy") == "Always"


def _is_true(document: Document, condition: str) -> bool:
    return any(
        each.get("type") == condition and each.get("status") == "True"
        for each in items(document, "status", "conditions")
    )


def _readiness_gates(pod: Document) -> str:
    gates = items(pod, "spec", "readinessGates")
    met = sum(_is_true(pod, each.get("conditionType", "")) for each in gates)
    return f"{met}/{len(gates)}" if gates else NONE


# --- what makes pods --------------------------------------------------------------------------


def _template(document: Document) -> tuple[str, str]:
    return containers(part(document, "spec", "template", "spec"))


def _deployment_row(each: Document, now: str) -> Sequence[object]:
    status = part(each, "status")
    return (
        name_of(each),
        _ready_of(each),
        status.get("updatedReplicas", 0),
        status.get("availableReplicas", 0),
        age_of(each, now),
        *_template(each),
        selector(part(each, "spec", "selector")),
    )


def _ready_of(document: Document) -> str:
    ready = part(document, "status").get("readyReplicas", 0)
    return f"{ready}/{part(document, 'spec').get('replicas', 0)}"


def _replica_set_row(each: Document, now: str) -> Sequence[object]:
    """Return the cells of a ReplicaSet, or of a ReplicationController, whose selector is a map."""
    spec, status = part(each, "spec"), part(each, "status")
    chosen = part(spec, "selector")
    by_map = REPLICATION_CONTROLLER.is_of(each)
    return (
        name_of(each),
        spec.get("replicas", 0),
        status.get("replicas", 0),
        status.get("readyReplicas", 0),
        age_of(each, now),
        *_template(each),
        labels(chosen) if by_map else selector(chosen) or NONE,
    )


def _stateful_set_row(each: Document, now: str) -> Sequence[object]:
    return name_of(each), _ready_of(each), age_of(each, now), *_template(each)


def _daemon_set_row(each: Document, now: str) -> Sequence[object]:
    status = part(each, "status")
    counts = (
        "desiredNumberScheduled", "currentNumberScheduled", "numberReady",
        "updatedNumberScheduled", "numberAvailable",
    )  # fmt: skip
    return (
        name_of(each),
        *(status.get(count, 0) for count in counts),
        labels(part(each, "spec", "template", "spec", "nodeSelector")),
        age_of(each, now),
        *_template(each),
        selector(part(each, "spec", "selector")) or NONE,
    )


def _job_row(each: Document, now: str) -> Sequence[object]:
    """Return a Job's cells; a job that still runs has lasted until `now`."""
    spec, status = part(each, "spec"), part(each, "status")
    done, wanted = status.get("succeeded", 0), spec.get("completions")
    at_once = spec.get("parallelism", 0)
    # A job without a number of completions is done when one of its pods is.
    if wanted is None:
        wanted = f"1 of {at_once}" if at_once > 1 else 1
    lasted = ""
    if status.get("startTime"):
        lasted = human(between(status["startTime"], status.get("completionTime") or now))
    return (
        name_of(each),
        _job_status(each),
        f"{done}/{wanted}",
        lasted,
        age_of(each, now),
        *_template(each),
        selector(part(spec, "selector")) or NONE,
    )


def _job_status(job: Document) -> str:
    """Return a Job's state: the first that holds in the order of printers.go printJob()."""
    for condition in ("Complete", "Failed"):
        if _is_true(job, condition):
            return condition
    # A job that has ended keeps its result even while it is being deleted.
    if part(job, "metadata").get("deletionTimestamp"):
        return "Terminating"
    for condition in ("Suspended", "FailureTarget"):
        if _is_true(job, condition):
            return condition
    return "Running"


def _cron_job_row(each: Document, now: str) -> Sequence[object]:
    spec, status = part(each, "spec"), part(each, "status")
    job = part(spec, "jobTemplate", "spec")
    suspend = spec.get("suspend")
    last = status.get("lastScheduleTime")
    return (
        name_of(each),
        spec.get("schedule", ""),
        spec.get("timeZone") or NONE,
        UNSET if suspend is None else yes_no(suspend).title(),
        len(items(status, "active")),
        since(last, now) if last else NONE,
        age_of(each, now),
        *containers(part(job, "template", "spec")),
        selector(part(job, "selector")) or NONE,
    )


def _pod_template_row(each: Document, _now: str) -> Sequence[object]:
    template = part(each, "template")
    return (
        name_of(each),
        *containers(part(template, "spec")),
        labels(part(template, "metadata", "labels")),
    )


def _revision_row(each: Document, now: str) -> Sequence[object]:
    owners = items(each, "metadata", "ownerReferences")
    owner = next((ref for ref in owners if ref.get("controller")), None)
    controller = NONE
    if owner is not None:
        group = owner.get("apiVersion", "").rpartition("/")[0]
        kind = owner.get("kind", "").lower() + (f".{group}" if group else "")
        controller = f"{kind}/{owner.get('name', '')}"
    return name_of(each), controller, each.get("revision", 0), age_of(each, now)


def _disruption_row(each: Document, now: str) -> Sequence[object]:
    spec, status = part(each, "spec"), part(each, "status")
    return (
        name_of(each),
        spec.get("minAvailable", "N/A"),
        spec.get("maxUnavailable", "N/A"),
        status.get("disruptionsAllowed", 0),
        age_of(each, now),
    )


def _scale_row(each: Document, now: str) -> Sequence[object]:
    wanted, present = part(each, "spec"), part(each, "status")
    return (
        name_of(each),
        wanted.get("replicas", 0),
        present.get("replicas", 0),
        age_of(each, now),
    )


_POD_PARTS = "CONTAINERS|IMAGES|SELECTOR"
_REPLICAS = table("NAME|DESIRED|CURRENT|READY|AGE", _replica_set_row, _POD_PARTS)

TABLES = {
    "scales.autoscaling": table("NAME|DESIRED|AVAILABLE|AGE", _scale_row),
    "pods": table(
        "NAME|READY|STATUS|RESTARTS|AGE", pod_row, "IP|NODE|NOMINATED NODE|READINESS GATES"
    ),
    "podtemplates": table("NAME|CONTAINERS|IMAGES|POD LABELS", _pod_template_row),
    "replicationcontrollers": _REPLICAS,
    "replicasets.apps": _REPLICAS,
    "deployments.apps": table("NAME|READY|UP-TO-DATE|AVAILABLE|AGE", _deployment_row, _POD_PARTS),
    "statefulsets.apps": table("NAME|READY|AGE", _stateful_set_row, "CONTAINERS|IMAGES"),
    "daemonsets.apps": table(
        "NAME|DESIRED|CURRENT|READY|UP-TO-DATE|AVAILABLE|NODE SELECTOR|AGE",
        _daemon_set_row,
        _POD_PARTS,
    ),
    "controllerrevisions.apps": table("NAME|CONTROLLER|REVISION|AGE", _revision_row),
    "jobs.batch": table("NAME|STATUS|COMPLETIONS|DURATION|AGE", _job_row, _POD_PARTS),
    "cronjobs.batch": table(
        "NAME|SCHEDULE|TIMEZONE|SUSPEND|ACTIVE|LAST SCHEDULE|AGE", _cron_job_row, _POD_PARTS
    ),
    "poddisruptionbudgets.policy": table(
        "NAME|MIN AVAILABLE|MAX UNAVAILABLE|ALLOWED DISRUPTIONS|AGE", _disruption_row
    ),
}
