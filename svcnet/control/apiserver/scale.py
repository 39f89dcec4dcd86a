"""The scale subresource: how many replicas an object has and should have.

Source: kubernetes staging/src/k8s.io/api/autoscaling/v1/types.go Scale;
pkg/registry/apps/deployment/storage/storage.go scaleFromDeployment(), ScaleREST.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.errors import Fault, FieldError, InternalError, Invalid, NotServed

SCALE = Kind("Scale", "scales", "autoscaling")
"""Never stored: a view of other objects."""


def scale_of(kind: Kind, document: Document) -> Document:
    """Return the scale of an object.

    Raises:
        NotServed: objects of this kind have none.
    """
    if not kind.scalable:
        raise NotServed
    wanted_path, there_path, selector_path = kind.scale_paths
    wanted = _at(document, wanted_path)
    if wanted is None and wanted_path != ".spec.replicas":
        raise InternalError(f'the spec replicas field "{wanted_path}" does not exist')
    status = {"replicas": _at(document, there_path) or 0}
    selector = _at(document, selector_path) if selector_path else None
    if selector := selector or _selector_text((document.get("spec") or {}).get("selector")):
        status["selector"] = selector
    kept = ("creationTimestamp", "name", "namespace", "resourceVersion", "uid")
    metadata = document["metadata"]
    return {
        "apiVersion": SCALE.api_version,
        "kind": SCALE.kind,
        "metadata": {field: metadata[field] for field in kept if field in metadata},
        "spec": {"replicas": 1 if wanted is None else wanted},
        "status": status,
    }


def rescaled(kind: Kind, document: Document, scale: Document) -> Document:
    """Return `document` with the number of replicas that `scale` asks for.

    Raises:
        NotServed: objects of this kind have no scale.
        Invalid: the number is negative.
    """
    if not kind.scalable:
        raise NotServed
    # Absent means 0: ScaleSpec.Replicas is no pointer.
    replicas = (scale.get("spec") or {}).get("replicas", 0)
    if replicas < 0:
        why = "must be greater than or equal to 0"
        fault = FieldError("spec.replicas", Fault.INVALID, replicas, why)
        raise Invalid(SCALE.qualified, document["metadata"]["name"], (fault,))
    version = (scale.get("metadata") or {}).get("resourceVersion")
    metadata = {**document["metadata"]}
    if version:
        # The update then refuses the scale of an object that has changed since.
        metadata["resourceVersion"] = version
    fields = kind.scale_paths[0].strip(".").split(".")
    return _with({**document, "metadata": metadata}, fields, replicas)


def _at(document: Document, path: str) -> Any:
    """Return what stands at a path like ``.spec.replicas``; None when nothing does."""
    found: Any = document
    for name in path.strip(".").split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _with(document: Document, path: Sequence[str], value: Any) -> Document:
    """Return `document` with `value` at a path."""
    name, *rest = path
    return {**document, name: _with(document.get(name) or {}, rest, value) if rest else value}


def _selector_text(selector: Document | None) -> str:
    """Return a selector as one line; those of ReplicationControllers are plain maps."""
    labels = (selector or {}).get("matchLabels", selector) or {}
    return ",".join(
        f"{key}={value}" for key, value in sorted(labels.items()) if isinstance(value, str)
    )
