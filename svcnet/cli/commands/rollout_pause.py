"""`rollout pause`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_pause.go.
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


def rollout_pause(
    session: Session,
    words: Words = None,
    *,
    resources: FilesAndSelector,
    flags: Annotated[WriteFlags, write_flags("kubectl-rollout", without=WITHOUT, prints_late=True)],
) -> None:
    """Mark the provided resource as paused."""
    change_each(session, words, resources, flags, _pause)


def _pause(work: Work, target: Target) -> None:
    """Pause one Deployment.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/objectpauser.go.
    """
    if target.kind is not DEPLOYMENT:
        raise SvcnetError(f"{shown_name(target)} pausing is not supported")
    if is_paused(target):
        raise SvcnetError(f"{shown_name(target)} is already paused")
    patch_and_print(work, target, {"spec": {"paused": True}}, "paused")
