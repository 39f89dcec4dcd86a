"""`set-condition`: what a kubelet would report of a pod or a node.

kubectl has no such verb.  On a real cluster readiness comes from probes, and a pod that is deleted
is terminating until its containers have ended; here somebody has to say so.
"""

from __future__ import annotations

from typing import Annotated, Any

from svcnet.api.keys import Document
from svcnet.api.kinds import NODE, POD
from svcnet.api.merge import Patch, PatchType
from svcnet.cli.command.session import Session
from svcnet.cli.commands.writing import Work, WriteFlags, write_flags, writing
from svcnet.cli.flags import values
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import All, AllNamespaces, Selector, Words
from svcnet.cli.resource.builder import found, resolve, resource_query
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError, go_quote

HOLD = "svcnet/hold"
"""Annotation that keeps a deleted pod terminating until it is taken away."""


def set_condition(
    session: Session,
    words: Words = None,
    *,
    selector: Selector = "",
    all_: All = False,
    all_namespaces: AllNamespaces = False,
    ready: Annotated[
        str, option("--ready", help="true or false: whether the pod or the node is ready.")
    ] = "",
    serving: Annotated[
        str,
        option("--serving", help="true or false: whether the pod still answers; as --ready."),
    ] = "",
    terminating: Annotated[
        bool | None,
        option("--terminating", help="Delete the pod, but keep it terminating; false lets it go."),
    ] = None,
    flags: Annotated[WriteFlags, write_flags("svcnet-set-condition", without=("validate",))],
) -> None:
    """Set a condition of a pod or node, as a kubelet would.

    The endpoints and rules follow at once. The same can be had by kubectl's own means: patch
    --subresource=status, and delete of a pod with the annotation svcnet/hold.
    """
    status = _status(ready, serving)
    # A bare call most likely forgot its flag, and should not pass for a success.
    if status is None and terminating is None:
        raise session.usage("at least one of --ready, --serving and --terminating is required")
    query = resource_query(
        session, words, selector=selector, all=all_, all_namespaces=all_namespaces
    )
    with writing(session, flags) as work:

        def act(target: Target) -> None:
            if status is not None:
                _report(work, target, ready=status)
            if terminating is not None:
                _terminate(work, target, terminating=terminating)
            after = work.txn.get(target.key) or target.document
            assert after is not None
            work.show(target.kind, after, "condition set")

        work.each(found(work.txn, resolve(query, work.txn.kinds())), act)


def _status(ready: str, serving: str) -> bool | None:
    """Return what the condition Ready is to be; None leaves it as it is.

    Raises:
        SvcnetError: a value is neither true nor false, or the two differ.
    """
    given = {"ready": ready, "serving": serving}
    said = set()
    for name, text in given.items():
        if text and text not in values.TRUE | values.FALSE:
            raise SvcnetError(f"invalid value {go_quote(text)} for --{name}: true or false")
        if text:
            said.add(text in values.TRUE)
    if len(said) > 1:
        # An endpoint serves when its pod is ready; what else it takes to be ready is not to be
        # terminating, and that has a flag of its own.
        raise SvcnetError("--ready and --serving cannot differ: use --serving with --terminating")
    return next(iter(said), None)


def _report(work: Work, target: Target, *, ready: bool) -> None:
    """Write the status of a pod or a node as its kubelet would."""
    assert target.document is not None
    # The reasons are the kubelet's: pkg/kubelet/nodestatus/setters.go ReadyCondition().
    if target.kind is NODE:
        words = ("KubeletReady", "ok") if ready else ("KubeletNotReady", "not ready")
        body: Document = {"conditions": [_condition(work, target, "Ready", ready, words)]}
    elif target.kind is POD:
        body = _pod_status(work, target, ready=ready)
    else:
        raise SvcnetError(f"set-condition is for pods and nodes, not for a {target.kind.qualified}")
    if not work.flags.client_only:
        work.patch(target.key, Patch(PatchType.STRATEGIC, {"status": body}), "status")


def _pod_status(work: Work, target: Target, *, ready: bool) -> Document:
    """Return what a kubelet would write of a pod's containers.

    Source: kubernetes pkg/kubelet/status/generate.go GenerateContainersReadyCondition().
    """
    assert target.document is not None
    containers = (target.document.get("status") or {}).get("containerStatuses") or ()
    names = " ".join(each.get("name", "") for each in containers)
    words = (
        ("", "") if ready else ("ContainersNotReady", f"containers with unready status: [{names}]")
    )
    # A pod without readiness gates is ready when its containers are; both conditions agree.
    kinds = ("Ready", "ContainersReady")
    return {
        "conditions": [_condition(work, target, kind, ready, words) for kind in kinds],
        "containerStatuses": [{**each, "ready": ready} for each in containers],
    }


def _condition(
    work: Work, target: Target, kind: str, ready: bool, words: tuple[str, str]
) -> dict[str, Any]:
    """Return one condition; the time of its change stays when it does not change."""
    assert target.document is not None
    before: dict[str, Any] = next(
        (
            each
            for each in (target.document.get("status") or {}).get("conditions") or ()
            if each.get("type") == kind
        ),
        {},
    )
    status = "True" if ready else "False"
    # lastTransitionTime tells when the status changed, not when it was last reported.
    same = before.get("status") == status
    moved = before.get("lastTransitionTime", work.session.now) if same else work.session.now
    reason, message = words
    return {
        "lastTransitionTime": moved,
        # null takes the field away: a condition that holds has nothing to explain.
        "message": message or None,
        "reason": reason or None,
        "status": status,
        "type": kind,
    }


def _terminate(work: Work, target: Target, *, terminating: bool) -> None:
    """Delete a pod but keep it there, or let one go that is kept.

    Raises:
        SvcnetError: it is no pod.
    """
    if target.kind is not POD:
        raise SvcnetError(f"--terminating is for pods, not for a {target.kind.qualified}")
    if work.flags.client_only:
        return
    # Before the deletion, which otherwise takes the pod away at once.
    hold = {"metadata": {"annotations": {HOLD: "" if terminating else None}}}
    work.patch(target.key, Patch(PatchType.MERGE, hold))
    if terminating:
        work.delete(target.key)
