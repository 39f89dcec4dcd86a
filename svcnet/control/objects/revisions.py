"""ControllerRevisions: the templates of StatefulSets and DaemonSets, kept as patches.

Source: kubernetes pkg/controller/history/controller_history.go;
pkg/controller/statefulset/stateful_set_utils.go, pkg/controller/daemon/update.go getPatch().
"""

from __future__ import annotations

from typing import Any

from svcnet.api.keys import Document
from svcnet.api.kinds import DAEMON_SET

HASH = "controller-revision-hash"
"""Label: which template a pod was made from; the revision's name, or its hash in a DaemonSet's."""

REVISION_HASH = "controller.kubernetes.io/hash"
"""Label of a StatefulSet's revisions; those of a DaemonSet have `HASH`."""

POD_TEMPLATE_GENERATION = "pod-template-generation"
"""Label of a DaemonSet's pods: the number of the template that they were made from."""

_LONGEST_OWNER = 223
"""Letters of an owner's name in that of its revision, so that a hash finds room behind them."""


def revision_name(owner: str, code: str) -> str:
    """Return what the revision with the hash `code` is called.

    Source: controller_history.go ControllerRevisionName().

    >>> revision_name("web", "5c45974645")
    'web-5c45974645'
    """
    return f"{owner[:_LONGEST_OWNER]}-{code}"


def template_patch(template: Document) -> Document:
    """Return the patch that gives an owner `template` back: what a revision keeps."""
    return {"spec": {"template": {**template, "$patch": "replace"}}}


def template_of_patch(data: Any) -> Document:
    """Return the template that a revision keeps; an empty one when it keeps something else."""
    spec = data.get("spec") if isinstance(data, dict) else None
    template = spec.get("template") if isinstance(spec, dict) else None
    if not isinstance(template, dict):
        return {}
    return {name: each for name, each in template.items() if name != "$patch"}


def same_template(data: Any, template: Document) -> bool:
    """Tell whether a revision keeps `template`, when what it left out is filled in."""
    kept = template_of_patch(data)
    if kept == template:
        return True
    # Rarely asked: mostly some revision keeps the very words.
    from svcnet.api.defaulting import default  # noqa: PLC0415
    from svcnet.api.fields import decode  # noqa: PLC0415

    # Any kind with a template will do.
    kind = DAEMON_SET
    document = {"apiVersion": kind.api_version, "kind": kind.kind, "spec": {"template": kept}}
    whole: Document = default(decode(document, "Ignore").document, kind)
    return bool(whole["spec"]["template"] == template)
