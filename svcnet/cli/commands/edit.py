"""`edit`: change objects in an editor.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/edit/edit.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.keys import Document
from svcnet.cli.command.session import Session
from svcnet.cli.commands import last_applied
from svcnet.cli.commands.edit_session import Editing, edited_patch
from svcnet.cli.commands.writing import Intent
from svcnet.cli.flags import shared
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import (
    AllowMissingTemplateKeys,
    FieldManager,
    Filenames,
    Kustomize,
    Output,
    Recursive,
    SaveConfig,
    ShowManagedFields,
    Subresource,
    Template,
    Validate,
    Words,
)
from svcnet.cli.printers.output import EDIT_FORMATS, chosen
from svcnet.cli.resource import files
from svcnet.cli.resource.builder import found, resolve, wanted
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError


def edit(
    session: Session,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
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
    output: Output = "",
    template: Template = "",
    allow_missing_template_keys: AllowMissingTemplateKeys = True,
    show_managed_fields: ShowManagedFields = False,
) -> None:
    """Edit a resource from the default editor.

    The edit command allows you to directly edit any API resource you can retrieve via the command
    line tools. It will open the editor defined by your KUBE_EDITOR, or EDITOR environment
    variables, or fall back to 'vi'.
    """
    del windows_line_endings, template, allow_missing_template_keys
    form = chosen(output, allowed=EDIT_FORMATS, managed_fields=show_managed_fields)
    wish = Intent(form, validation=shared.validation(validate), manager=field_manager)
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    asked = wanted(session, words, filenames=filenames or (), recursive=recursive)
    with session.read() as reader:
        targets = []
        for each in found(reader, resolve(asked, reader.kinds())):
            if isinstance(each, SvcnetError):
                raise each
            targets.append(each)

    def write(target: Target, after: Document) -> str:
        # An object that `apply` owns keeps its annotation in step with the edit.
        kept = last_applied.saved(after, always=save_config)
        return edited_patch(session, wish, target, kept, subresource, tell=output_patch)

    Editing(session, form, targets, write).run()
