"""`edit`: change objects in an editor.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/edit/edit.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.keys import Document
from svcnet.cli.command.session import Session
from svcnet.cli.commands import last_applied
from svcnet.cli.commands.edit_session import Editing, edited_patch
from svcnet.cli.commands.writing import WriteFlags
from svcnet.cli.flags import shared
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import (
    FieldManager,
    SaveConfig,
    Subresource,
    Validate,
    Words,
)
from svcnet.cli.printers.output import EDIT_FORMATS, Format
from svcnet.cli.printers.print_flags import print_flags
from svcnet.cli.resource.builder import found, resolve
from svcnet.cli.resource.resource_flags import Files
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError


def edit(
    session: Session,
    words: Words = None,
    *,
    resources: Files,
    subresource: Subresource = "",
    save_config: SaveConfig = False,
    output_patch: Annotated[
        bool, option("--output-patch", help="Print the patch that is sent.")
    ] = False,
    windows_line_endings: Annotated[
        bool, option("--windows-line-endings", help="Edit with carriage returns.")
    ] = False,
    validate: Validate = "strict",
    field_manager: FieldManager = "kubectl-edit",
    form: Annotated[Format, print_flags(allowed=EDIT_FORMATS)],
) -> None:
    """Edit a resource from the default editor.

    The edit command allows you to directly edit any API resource you can retrieve via the command
    line tools. It will open the editor defined by your KUBE_EDITOR, or EDITOR environment
    variables, or fall back to 'vi'.
    """
    del windows_line_endings
    flags = WriteFlags(form, validation=shared.validation(validate), manager=field_manager)
    query = resources.query(session, words)
    with session.read() as reader:
        targets = []
        for each in found(reader, resolve(query, reader.kinds())):
            if isinstance(each, SvcnetError):
                raise each
            targets.append(each)

    def write(target: Target, after: Document) -> str:
        # An object that `apply` owns keeps its annotation in step with the edit.
        kept = last_applied.saved(after, always=save_config)
        return edited_patch(session, flags, target, kept, subresource, print_patch=output_patch)

    Editing(session, form, targets, write).run()
