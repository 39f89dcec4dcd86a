"""What the verbs under `rollout` have in common: which objects, and one change to each.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/rollout.
"""

from __future__ import annotations

from collections.abc import Callable

from svcnet.api.keys import Document
from svcnet.api.merge import Patch, PatchType
from svcnet.cli.command.session import Session
from svcnet.cli.commands.writing import Work, WriteFlags, writing
from svcnet.cli.resource.builder import found, resolve
from svcnet.cli.resource.resource_flags import ResourceFlags
from svcnet.cli.resource.targets import ResourceQuery, Target
from svcnet.errors import SvcnetError

WITHOUT = ("validate", "dry_run")
"""Flags that `pause`, `restart` and `resume` do not take."""


def change_each(
    session: Session,
    words: list[str] | None,
    resources: ResourceFlags,
    flags: WriteFlags,
    change: Callable[[Work, Target], None],
) -> None:
    """Do the same to every object that is asked for, in one transaction.

    Raises:
        SvcnetError: none is named.
    """
    query = rollout_query(session, words, resources)
    with writing(session, flags) as work:
        targets = found(work.txn, resolve(query, work.txn.kinds()))
        work.each(targets, lambda each: change(work, each), missing_first=True)


def rollout_query(
    session: Session, words: list[str] | None, resources: ResourceFlags
) -> ResourceQuery:
    """Return which objects are meant.

    Raises:
        SvcnetError: none are named.
    """
    if not words and not resources.filenames:
        raise SvcnetError("required resource not specified")
    return resources.query(session, words)


def shown_name(target: Target) -> str:
    """Return an object as errors of `rollout` name it."""
    return f'{target.kind.resource} "{target.name}"'


def is_paused(target: Target) -> bool:
    """Tell whether a Deployment rolls nothing out for the time being."""
    assert target.document is not None
    return bool(target.document["spec"].get("paused"))


def patch_and_print(work: Work, target: Target, body: Document, done: str) -> None:
    """Patch one object, and print what was done."""
    written = work.patch(target.key, Patch(PatchType.STRATEGIC, body))
    work.show(target.kind, written.document, done)
