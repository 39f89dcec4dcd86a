"""`rollout restart`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_restart.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.kinds import DAEMON_SET, DEPLOYMENT, STATEFUL_SET
from svcnet.cli.command.session import Session
from svcnet.cli.commands.rollout_targets import (
    WITHOUT,
    change_each,
    is_paused,
    patch_and_print,
    shown_name,
)
from svcnet.cli.commands.writing import Work, WriteFlags, write_flags
from svcnet.cli.flags.shared import Words
from svcnet.cli.resource.resource_flags import FilesAndSelector
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError

# objectrestarter.go: a new annotation makes a new template, so a new ReplicaSet.
RESTARTED = "kubectl.kubernetes.io/restartedAt"


def rollout_restart(
    session: Session,
    words: Words = None,
    *,
    resources: FilesAndSelector,
    flags: Annotated[WriteFlags, write_flags("kubectl-rollout", without=WITHOUT, prints_late=True)],
) -> None:
    """Restart a resource: its pods are made anew, as after a change of their template."""
    change_each(session, words, resources, flags, _restart)


def _restart(work: Work, target: Target) -> None:
    """Restart one object.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/objectrestarter.go.
    """
    if target.kind not in (DEPLOYMENT, DAEMON_SET, STATEFUL_SET):
        raise SvcnetError(f"{shown_name(target)} restarting is not supported")
    if is_paused(target):
        raise SvcnetError(
            f"{shown_name(target)} can't restart paused deployment (run rollout resume first)"
        )
    assert target.document is not None
    metadata = target.document["spec"]["template"].get("metadata") or {}
    # The annotation has whole seconds: a second restart within one would change nothing.
    if (metadata.get("annotations") or {}).get(RESTARTED) == work.session.now:
        raise SvcnetError(
            f"failed to create patch for {target.name}: if restart has already been triggered "
            "within the past second, please wait before attempting to trigger another"
        )
    annotations = {"annotations": {RESTARTED: work.session.now}}
    patch_and_print(work, target, {"spec": {"template": {"metadata": annotations}}}, "restarted")
