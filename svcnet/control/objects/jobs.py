"""What the API server gives a Job when it is made: how its pods are told from all others.

Source: kubernetes pkg/registry/batch/job/strategy.go generateSelector();
staging/src/k8s.io/api/batch/v1/types.go.
"""

from __future__ import annotations

from svcnet.api.keys import Document

CONTROLLER_UID = "batch.kubernetes.io/controller-uid"
JOB_NAME = "batch.kubernetes.io/job-name"

TRACKING = "batch.kubernetes.io/job-tracking"
"""Finalizer: the pod has not been counted yet."""


def with_generated_selector(document: Document) -> Document:
    """Return a new Job with its own selector, and the labels that its pods will have.

    A Job with `manualSelector` looks after both itself.  Labels and selectors that are given stay,
    even where they contradict: validation tells of it.
    """
    spec = document.get("spec") or {}
    template = spec.get("template")
    if spec.get("manualSelector") or not isinstance(template, dict):
        return document
    metadata = document["metadata"]
    name, uid = metadata["name"], metadata["uid"]
    inner = template.get("metadata") or {}
    given = inner.get("labels")
    # Those without a prefix came first, and tools still look for them.
    own = {"job-name": name, "controller-uid": uid, JOB_NAME: name, CONTROLLER_UID: uid}
    labels = _sorted({**own, **(given or {})})
    selector = spec.get("selector") or {}
    selected = _sorted({CONTROLLER_UID: uid, **(selector.get("matchLabels") or {})})
    # Defaulting gave the Job its template's labels: in the server both are one map.
    if not metadata.get("labels") or metadata["labels"] is given:
        metadata = {**metadata, "labels": labels}
    return {
        **document,
        "metadata": metadata,
        "spec": {
            **spec,
            "selector": {**selector, "matchLabels": selected},
            "template": {**template, "metadata": {**inner, "labels": labels}},
        },
    }


def with_known_uid(document: Document) -> Document:
    """Return a Job that came without its uid with the one that its pods are known by."""
    metadata, spec = document["metadata"], document.get("spec") or {}
    template = spec.get("template") or {}
    labels = (template.get("metadata") or {}).get("labels") or {}
    uid = labels.get(CONTROLLER_UID) or labels.get("controller-uid")
    if metadata.get("uid") or spec.get("manualSelector") or not uid:
        return document
    return {**document, "metadata": {**metadata, "uid": uid}}


def _sorted(labels: dict[str, str]) -> dict[str, str]:
    """Return labels in the order in which Go prints a map."""
    return dict(sorted(labels.items()))
