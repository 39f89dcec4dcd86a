"""`create`: make objects from files.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands import last_applied
from svcnet.cli.commands.writing import Work, WriteFlags, write_flags, writing
from svcnet.cli.flags.declarations import argument, option
from svcnet.cli.flags.shared import SaveConfig
from svcnet.cli.resource.resource_flags import FilesAndSelector
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError


def create(
    session: Session,
    words: Annotated[list[str] | None, argument(hidden=True)] = None,
    *,
    resources: FilesAndSelector,
    edit: Annotated[bool, option("--edit", help="Not supported: edit the file.")] = False,
    raw: Annotated[str, option("--raw", help="Not supported: there is no server.")] = "",
    windows_line_endings: Annotated[
        bool, option("--windows-line-endings", help="Only for --edit.")
    ] = False,
    flags: Annotated[WriteFlags, write_flags("kubectl-create")],
    save_config: SaveConfig = False,
) -> None:
    """Create a resource from a file or from stdin.

    JSON and YAML formats are accepted.
    """
    del windows_line_endings
    # It would send the bytes to a path of the server as they are.
    if raw:
        raise SvcnetError("--raw needs a running API server, which svcnet does not have")
    if edit:
        raise SvcnetError("--edit is not supported by svcnet: edit the file first")
    resources.require_files()
    if words:
        raise session.usage(f"Unexpected args: [{' '.join(words)}]")
    query = resources.query(session, ())
    with writing(session, flags) as work:
        work.each(
            work.in_files(query, "create"),
            lambda target: _create(work, target, save=save_config),
            "creating",
        )


def _create(work: Work, target: Target, *, save: bool) -> None:
    """Create one object from a file, and tell of it.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create.go RunCreate().
    """
    assert target.document is not None
    document = last_applied.saved(target.document, always=save)
    made = document if work.flags.client_only else work.create(document)
    work.show(target.kind, made, "created")
