"""`rollout pause`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_pause.go.
"""

from __future__ import annotations

from svcnet.api.kinds import DEPLOYMENT
from svcnet.cli.command.session import Session
from svcnet.cli.commands.rollout_targets import (
    WITHOUT,
    change_each,
    is_paused,
    patch_and_print,
    rollout_query,
    shown_name,
)
from svcnet.cli.commands.writing import Intent, Work, writes
from svcnet.cli.flags.shared import (
    Filenames,
    Kustomize,
    Recursive,
    Selector,
    Words,
)
from svcnet.cli.resource import files
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError


@writes("kubectl-rollout", without=WITHOUT, prints_late=True)
def rollout_pause(
    session: Session,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    wish: Intent,
) -> None:
    """Mark the provided resource as paused."""
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    asked = rollout_query(session, words, filenames, recursive=recursive, selector=selector)
    change_each(session, wish, asked, _pause)


def _pause(work: Work, target: Target) -> None:
    """Pause one Deployment.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/objectpauser.go.
    """
    if target.kind is not DEPLOYMENT:
        raise SvcnetError(f"{shown_name(target)} pausing is not supported")
    if is_paused(target):
        raise SvcnetError(f"{shown_name(target)} is already paused")
    patch_and_print(work, target, {"spec": {"paused": True}}, "paused")
