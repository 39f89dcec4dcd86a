"""`rollout resume`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_resume.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.kinds import DEPLOYMENT
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


def rollout_resume(
    session: Session,
    words: Words = None,
    *,
    resources: FilesAndSelector,
    flags: Annotated[WriteFlags, write_flags("kubectl-rollout", without=WITHOUT, prints_late=True)],
) -> None:
    """Resume a paused resource."""
    change_each(session, words, resources, flags, _resume)


def _resume(work: Work, target: Target) -> None:
    """Resume one Deployment.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/objectresumer.go.
    """
    if target.kind is not DEPLOYMENT:
        raise SvcnetError(f"{shown_name(target)} resuming is not supported")
    if not is_paused(target):
        raise SvcnetError(f"{shown_name(target)} is not paused")
    # false is the default: the field goes, as Go omits it.
    patch_and_print(work, target, {"spec": {"paused": None}}, "resumed")
