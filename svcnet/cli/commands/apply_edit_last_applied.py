"""`apply edit-last-applied`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply/apply_edit_last_applied.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.keys import Document
from svcnet.cli.command.session import Session
from svcnet.cli.commands import last_applied
from svcnet.cli.commands.edit_session import Editing
from svcnet.cli.commands.last_applied_objects import stored_configuration, write_annotation
from svcnet.cli.commands.writing import WriteFlags, writing
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import Output, Words
from svcnet.cli.printers.output import EDIT_FORMATS, chosen
from svcnet.cli.resource.builder import found, resolve
from svcnet.cli.resource.resource_flags import Files
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError


def apply_edit_last_applied(
    session: Session,
    words: Words = None,
    *,
    resources: Files,
    windows_line_endings: Annotated[
        bool, option("--windows-line-endings", help="Edit with carriage returns.")
    ] = False,
    output: Output = "",
) -> None:
    """Edit the latest last-applied-configuration annotations of resources in the default editor."""
    del windows_line_endings
    form = chosen(output, allowed=EDIT_FORMATS)
    query = resources.query(session, words)
    targets = []
    with session.read() as reader:
        for each in found(reader, resolve(query, reader.kinds())):
            if isinstance(each, SvcnetError):
                raise each
            targets.append(each._replace(document=stored_configuration(each)))
    Editing(session, form, targets, lambda target, after: _keep(session, target, after)).run()


def _keep(session: Session, target: Target, after: Document) -> str:
    """Write an edited configuration; return what is told of it."""
    with writing(session, WriteFlags()) as work:
        write_annotation(work, target, last_applied.configuration(after))
    return f"{target.kind.singular_resource}/{target.name} edited"
