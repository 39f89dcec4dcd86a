"""What tells the ReplicaSets of a Deployment apart."""

from __future__ import annotations

from svcnet.api.keys import Document

POD_TEMPLATE_HASH = "pod-template-hash"
"""Label: which template a ReplicaSet and its pods were made from."""

REVISION = "deployment.kubernetes.io/revision"
"""Annotation: the how-manieth template this is."""


def without_hash(template: Document | None) -> Document:
    """Return a set's template as the Deployment wrote it: without the hash label."""
    whole = template or {}
    metadata = whole.get("metadata") or {}
    labels = {
        name: each
        for name, each in (metadata.get("labels") or {}).items()
        if name != POD_TEMPLATE_HASH
    }
    return {**whole, "metadata": {**metadata, "labels": labels}}
