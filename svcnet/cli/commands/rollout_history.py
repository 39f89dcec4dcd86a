"""`rollout history`: the revisions of an object.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_history.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands import rollout_revisions
from svcnet.cli.commands.rollout_targets import rollout_query
from svcnet.cli.commands.rollout_template import described_template
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import Words
from svcnet.cli.printers import output
from svcnet.cli.printers.output import Format, as_text
from svcnet.cli.printers.print_flags import print_flags
from svcnet.cli.printers.tabwriter import aligned
from svcnet.cli.resource.builder import found, resolve
from svcnet.cli.resource.resource_flags import FilesAndSelector
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError


def rollout_history(
    session: Session,
    words: Words = None,
    *,
    resources: FilesAndSelector,
    revision: Annotated[int, option("--revision", help="Show the template of this revision.")] = 0,
    form: Annotated[Format, print_flags()],
) -> None:
    """View previous rollout revisions and configurations."""
    if revision < 0:
        raise SvcnetError(f"revision must be a positive integer: {revision}")
    query = rollout_query(session, words, resources)
    with session.read() as reader:
        for each in found(reader, resolve(query, reader.kinds())):
            try:
                if isinstance(each, SvcnetError):
                    raise each
                assert each.document is not None
                revisions = rollout_revisions.history(reader, each.document, each.kind)
                # A document shows what keeps a revision; in words only the number is told.
                if form.name and form.name != "name":
                    _print_holders(session, form, revisions, revision)
                else:
                    _tell_history(session, each, revisions, revision)
            except SvcnetError as error:
                session.report(error)


def _print_holders(
    session: Session,
    form: output.Format,
    revisions: Iterable[rollout_revisions.Revision],
    number: int,
) -> None:
    """Print what keeps each revision, or the one that is asked for."""
    chosen = [each for each in revisions if number in (0, each.number)]
    if number and not chosen:
        raise SvcnetError("unable to find the specified revision")
    for each in chosen:
        session.print_result(as_text(form, each.holder), end="")


def _tell_history(
    session: Session,
    target: Target,
    revisions: list[rollout_revisions.Revision],
    number: int,
) -> None:
    """Print the revisions of one object, or the template of one.

    Raises:
        SvcnetError: there is no such revision.
    """
    name = f"{target.kind.singular_resource}/{target.name}"
    if not number:
        # change-cause is an annotation that a user writes, so it may be missing.
        rows = [f"{each.number}\t{each.cause or '<none>'}" for each in revisions]
        table = aligned("\n".join(["REVISION\tCHANGE-CAUSE", *rows]), padding=2)
        session.print_result(
            f"{name} \n{table}\n" if revisions else f"{name} \nNo rollout history found."
        )
        return
    chosen = [each for each in revisions if each.number == number]
    if not chosen:
        raise SvcnetError("unable to find the specified revision")
    session.print_result(
        f"{name} with revision #{number}\n{described_template(chosen[0].template)}"
    )
