"""`rollout undo`: back to an earlier template.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_undo.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.kinds import DAEMON_SET, DEPLOYMENT, STATEFUL_SET
from svcnet.cli.command.session import Session
from svcnet.cli.commands import last_applied, rollout_revisions
from svcnet.cli.commands.rollout_targets import change_each, is_paused
from svcnet.cli.commands.rollout_template import described_template
from svcnet.cli.commands.writing import Work, WriteFlags, write_flags
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import Words
from svcnet.cli.resource.resource_flags import FilesAndSelector
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError


def rollout_undo(
    session: Session,
    words: Words = None,
    *,
    resources: FilesAndSelector,
    to_revision: Annotated[
        int, option("--to-revision", help="Which one to go back to; 0: the last but one.")
    ] = 0,
    flags: Annotated[
        WriteFlags, write_flags("kubectl-rollout", without=("validate", "field_manager"))
    ],
) -> None:
    """Roll back to a previous rollout."""
    change_each(session, words, resources, flags, lambda work, each: _undo(work, each, to_revision))


def _undo(work: Work, target: Target, number: int) -> None:
    """Bring an earlier template of one object back.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollback.go.
    """
    assert target.document is not None
    if target.kind not in (DEPLOYMENT, DAEMON_SET, STATEFUL_SET):
        raise SvcnetError(f'no rollbacker has been implemented for "{target.kind.qualified}"')
    # The next apply would bring the template back that is being left.
    if last_applied.stored(target.document) is not None:
        work.session.warn(_unnoticed(target))
    revisions = rollout_revisions.history(work.txn, target.document, target.kind)
    chosen = rollout_revisions.chosen(revisions, target.document, target.kind, number)
    if work.flags.client_only:
        work.session.print_result(
            f"{target.kind.singular_resource}/{target.name} "
            f"{described_template(chosen.template)} (dry run)"
        )
        return
    if is_paused(target):
        raise SvcnetError(
            "you cannot rollback a paused deployment; resume it first with 'kubectl rollout "
            "resume' and try again"
        )
    done = "rolled back"
    if rollout_revisions.is_current(chosen, target.document, target.kind):
        done = f"skipped rollback (current template already matches revision {number})"
    else:
        work.patch(target.key, rollout_revisions.way_back(chosen, target.document, target.kind))
    work.show(target.kind, target.document, done)


def _unnoticed(target: Target) -> str:
    return (
        f"resource {target.kind.plural}/{target.name} was previously managed with 'kubectl "
        f"apply'. Rolling back will not update the {last_applied.ANNOTATION} annotation, which "
        "may cause unexpected behavior on future 'kubectl apply' operations. Consider using "
        "'kubectl apply' with your previous configuration file instead."
    )
