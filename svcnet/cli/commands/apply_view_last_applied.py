"""`apply view-last-applied`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply/apply_view_last_applied.go.
"""

from __future__ import annotations

import json

from svcnet.api.keys import Document
from svcnet.api.yamltext import to_yaml
from svcnet.cli.command.session import Session
from svcnet.cli.commands.last_applied_objects import stored_configuration
from svcnet.cli.flags.shared import All, Filenames, Kustomize, Output, Recursive, Selector, Words
from svcnet.cli.resource import files
from svcnet.cli.resource.builder import found, resolve, wanted
from svcnet.errors import SvcnetError


def apply_view_last_applied(
    session: Session,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    all_: All = False,
    output: Output = "yaml",
) -> None:
    """View the latest last-applied-configuration annotations by type/name or file."""
    if output not in ("yaml", "json"):
        raise session.usage(
            f"Unexpected -o output mode: {output}, the flag 'output' must be one of yaml|json"
        )
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    asked = wanted(
        session,
        words,
        filenames=filenames or (),
        recursive=recursive,
        selector=selector,
        all=all_,
    )
    with session.read() as reader:
        for each in found(reader, resolve(asked, reader.kinds())):
            try:
                if isinstance(each, SvcnetError):
                    raise each
                session.say(_text(stored_configuration(each), output), end="")
            except SvcnetError as error:
                session.report(error)


def _text(document: Document, output: str) -> str:
    """Return a configuration as `-o` asks for it."""
    # The annotation is printed with two blanks a level, as no other JSON is.
    if output == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return to_yaml(document)
