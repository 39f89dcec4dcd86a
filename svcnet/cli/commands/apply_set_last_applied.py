"""`apply set-last-applied`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply/apply_set_last_applied.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands import last_applied
from svcnet.cli.commands.last_applied_objects import write_annotation
from svcnet.cli.commands.writing import Work, WriteFlags, write_flags, writing
from svcnet.cli.flags.declarations import argument, option
from svcnet.cli.resource.resource_flags import Files
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError


def apply_set_last_applied(
    session: Session,
    words: Annotated[list[str] | None, argument(hidden=True)] = None,
    *,
    resources: Files,
    create_annotation: Annotated[
        bool, option("--create-annotation", help="Also where there is no annotation yet.")
    ] = False,
    flags: Annotated[
        WriteFlags, write_flags("kubectl-last-applied", without=("validate", "field_manager"))
    ],
) -> None:
    """Set the latest last-applied-configuration annotations to match the contents of a file.

    The object itself stays as it is.
    """
    del words
    resources.require_files()
    query = resources.query(session, ())
    with writing(session, flags) as work:
        work.each(
            work.in_files(query, "set-last-applied"),
            lambda target: _set(work, target, create=create_annotation),
        )


def _set(work: Work, target: Target, *, create: bool) -> None:
    """Keep the configuration in a file as that of a live object.

    Raises:
        SvcnetError: there is no such object, or it keeps none and is not to begin with it.
    """
    assert target.document is not None
    live = work.txn.get(target.key)
    # There is nothing to annotate; making the object is the business of `apply`.
    if live is None:
        raise SvcnetError(f"the resource {target.name} does not exist")
    if last_applied.stored(live) is None and not create:
        raise SvcnetError(
            f"no last-applied-configuration annotation found on resource: {target.name}, to "
            "create the annotation, run the command with --create-annotation"
        )
    text = last_applied.configuration(target.document)
    after = last_applied.with_configuration(live, text)
    # A patch that changes nothing would still be a write.
    if last_applied.stored(live) != text and not work.flags.client_only:
        after = write_annotation(work, target, text)
    work.show(target.kind, after, "configured")
