"""`rollout status`: how far a rollout is.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_status.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands.rollout_progress import progress
from svcnet.cli.commands.rollout_targets import rollout_query
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import (
    Timeout,
    Words,
)
from svcnet.cli.resource.builder import found, resolve
from svcnet.cli.resource.resource_flags import FilesAndSelector
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError


def rollout_status(
    session: Session,
    words: Words = None,
    *,
    resources: FilesAndSelector,
    revision: Annotated[
        int, option("--revision", help="The revision that has to be rolling out.")
    ] = 0,
    watch: Annotated[
        bool, option("--watch", "-w", help="Fail unless the rollout is complete.")
    ] = True,
    timeout: Timeout = "0s",
) -> None:
    """Show the status of the rollout.

    Nothing changes by itself in svcnet: a rollout that is not complete now never will be, and is
    reported as timed out at once.
    """
    del timeout
    if revision < 0:
        raise SvcnetError(f"revision must be a positive integer: {revision}")
    query = rollout_query(session, words, resources)
    with session.read() as reader:
        for each in found(reader, resolve(query, reader.kinds())):
            try:
                _tell_progress(session, each, revision, watch=watch)
            except SvcnetError as error:
                session.report(error)


def _tell_progress(
    session: Session, target: Target | SvcnetError, revision: int, *, watch: bool
) -> None:
    """Tell how far one rollout is.

    Raises:
        SvcnetError: it is not complete, and is to be waited for.
    """
    if isinstance(target, SvcnetError):
        raise target
    assert target.document is not None
    reached = progress(target.document, target.kind, revision)
    session.print_result(reached.text)
    # What waiting for a change that cannot come ends with.
    if watch and not reached.done:
        raise SvcnetError("timed out waiting for the condition")
