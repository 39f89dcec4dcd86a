"""How far a rollout is, in kubectl's words.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go.
"""

from __future__ import annotations

from typing import Any

from svcnet.api.keys import Document
from svcnet.api.kinds import DAEMON_SET, DEPLOYMENT, STATEFUL_SET, Kind
from svcnet.errors import SvcnetError, go_quote
from svcnet.lean_namedtuple import NamedTuple


class Progress(NamedTuple):
    """What is to be told of a rollout."""

    text: str
    done: bool


def progress(document: Document, kind: Kind, revision: int = 0) -> Progress:
    """Return how far the rollout of an object is.

    Args:
        document: the object.
        kind: what it is.
        revision: the one that has to be rolling out; 0: any.

    Raises:
        SvcnetError: objects of this kind roll nothing out, or it has failed.
    """
    if kind is DEPLOYMENT:
        return _deployment(document, revision)
    if kind is DAEMON_SET:
        return _daemon_set(document)
    if kind is STATEFUL_SET:
        return _stateful_set(document)
    raise SvcnetError(f"no status viewer has been implemented for {kind.qualified}")


def _name(document: Document) -> str:
    return go_quote(document["metadata"]["name"])


def _status(document: Document) -> dict[str, Any]:
    return document.get("status") or {}


def _is_seen(document: Document) -> bool:
    """Whether the controller has seen the object as it is now."""
    generation = document["metadata"].get("generation", 0)
    # Behind that, the numbers in the status are those of an older specification.
    return bool(generation <= _status(document).get("observedGeneration", 0))


def _deployment(document: Document, revision: int) -> Progress:
    """Return how far a Deployment is.

    Raises:
        SvcnetError: it ran out of time, or another revision is rolling out.
    """
    _check_revision(document, revision)
    if not _is_seen(document):
        return Progress("Waiting for deployment spec update to be observed...", done=False)
    name, status = _name(document), _status(document)
    for condition in status.get("conditions") or ():
        # deployment/util TimedOutReason: only this reason means that it was given up.
        late = condition.get("reason") == "ProgressDeadlineExceeded"
        if condition.get("type") == "Progressing" and late:
            raise SvcnetError(f"deployment {name} exceeded its progress deadline")
    wanted = document["spec"].get("replicas", 1)
    updated, available = status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    # What is not of the new template is of an old one.
    old = status.get("replicas", 0) - updated
    waiting = f"Waiting for deployment {name} rollout to finish: "
    if updated < wanted:
        text = f"{updated} out of {wanted} new replicas have been updated..."
    elif old > 0:
        text = f"{old} old replicas are pending termination..."
    elif available < updated:
        text = f"{available} of {updated} updated replicas are available..."
    else:
        return Progress(f"deployment {name} successfully rolled out", done=True)
    return Progress(waiting + text, done=False)


def _check_revision(document: Document, revision: int) -> None:
    """Refuse when another revision than the one asked for is rolling out."""
    # Without --revision any rollout will do.
    if not revision:
        return
    annotations = document["metadata"].get("annotations") or {}
    running = int(annotations.get("deployment.kubernetes.io/revision", 0))
    if running != revision:
        raise SvcnetError(
            f"desired revision ({revision}) is different from the running revision ({running})"
        )


def _strategy(document: Document) -> str:
    return str((document["spec"].get("updateStrategy") or {}).get("type", "RollingUpdate"))


def _check_strategy(document: Document) -> None:
    if _strategy(document) != "RollingUpdate":
        raise SvcnetError("rollout status is only available for RollingUpdate strategy type")


def _daemon_set(document: Document) -> Progress:
    """Return how far a DaemonSet is.

    Raises:
        SvcnetError: its pods are replaced only when somebody deletes them.
    """
    _check_strategy(document)
    if not _is_seen(document):
        return Progress("Waiting for daemon set spec update to be observed...", done=False)
    name, status = _name(document), _status(document)
    wanted = status.get("desiredNumberScheduled", 0)
    updated, available = status.get("updatedNumberScheduled", 0), status.get("numberAvailable", 0)
    waiting = f"Waiting for daemon set {name} rollout to finish: "
    if updated < wanted:
        text = f"{updated} out of {wanted} new pods have been updated..."
    elif available < wanted:
        text = f"{available} of {wanted} updated pods are available..."
    else:
        return Progress(f"daemon set {name} successfully rolled out", done=True)
    return Progress(waiting + text, done=False)


def _stateful_set(document: Document) -> Progress:
    """Return how far a StatefulSet is.

    Raises:
        SvcnetError: its pods are replaced only when somebody deletes them.
    """
    _check_strategy(document)
    status, spec = _status(document), document["spec"]
    # 0 means that the controller has not looked at it yet.
    if not status.get("observedGeneration") or not _is_seen(document):
        return Progress("Waiting for statefulset spec update to be observed...", done=False)
    wanted, ready = spec.get("replicas", 1), status.get("readyReplicas", 0)
    if ready < wanted:
        return Progress(f"Waiting for {wanted - ready} pods to be ready...", done=False)
    rolling = (spec.get("updateStrategy") or {}).get("rollingUpdate") or {}
    updated = status.get("updatedReplicas", 0)
    # Pods below the partition keep the old template on purpose.
    if "partition" in rolling:
        due = wanted - rolling["partition"]
        if updated < due:
            return Progress(
                f"Waiting for partitioned roll out to finish: {updated} out of {due} new pods "
                "have been updated...",
                done=False,
            )
        return Progress(
            f"partitioned roll out complete: {updated} new pods have been updated...", done=True
        )
    if status.get("updateRevision") != status.get("currentRevision"):
        return Progress(
            f"waiting for statefulset rolling update to complete {updated} pods at revision "
            f"{status.get('updateRevision', '')}...",
            done=False,
        )
    return Progress(
        f"statefulset rolling update complete {status.get('currentReplicas', 0)} pods at revision "
        f"{status.get('currentRevision', '')}...",
        done=True,
    )
