"""`apply view-last-applied`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply/apply_view_last_applied.go.
"""

from __future__ import annotations

from svcnet.api.go.json import marshal_indent
from svcnet.api.keys import Document
from svcnet.api.yamltext import to_yaml
from svcnet.cli.command.session import Session
from svcnet.cli.commands.last_applied_objects import stored_configuration
from svcnet.cli.flags.shared import Output, Words
from svcnet.cli.resource.builder import found, resolve
from svcnet.cli.resource.resource_flags import FilesSelectorAll
from svcnet.errors import SvcnetError


def apply_view_last_applied(
    session: Session,
    words: Words = None,
    *,
    resources: FilesSelectorAll,
    output: Output = "yaml",
) -> None:
    """View the latest last-applied-configuration annotations by type/name or file."""
    if output not in ("yaml", "json"):
        raise session.usage(
            f"Unexpected -o output mode: {output}, the flag 'output' must be one of yaml|json"
        )
    query = resources.query(session, words)
    with session.read() as reader:
        for each in found(reader, resolve(query, reader.kinds())):
            try:
                if isinstance(each, SvcnetError):
                    raise each
                session.print_result(_text(stored_configuration(each), output), end="")
            except SvcnetError as error:
                session.report(error)


def _text(document: Document, output: str) -> str:
    """Return a configuration as `-o` asks for it."""
    # The annotation is printed with two blanks a level, as no other JSON is.
    if output == "json":
        return marshal_indent(document, 2) + "\n"
    return to_yaml(document)
