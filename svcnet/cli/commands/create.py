"""`create`: make objects from files.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands import last_applied
from svcnet.cli.commands.writing import Intent, Work, writes, writing
from svcnet.cli.flags.declarations import argument, option
from svcnet.cli.flags.shared import Filenames, Kustomize, Recursive, SaveConfig, Selector
from svcnet.cli.resource import files
from svcnet.cli.resource.builder import wanted
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError

BY_MANIFEST_ONLY = (
    "clusterrole", "clusterrolebinding", "cronjob", "cj", "ingress", "ing", "job",
    "poddisruptionbudget", "pdb", "priorityclass", "pc", "quota", "resourcequota", "role",
    "rolebinding", "token",
)  # fmt: skip
"""What kubectl makes out of flags and svcnet does not."""


@writes("kubectl-create")
def create(
    session: Session,
    words: Annotated[list[str] | None, argument(hidden=True)] = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    edit: Annotated[bool, option("--edit", help="Not supported: edit the file.")] = False,
    raw: Annotated[str, option("--raw", help="Not supported: there is no server.")] = "",
    windows_line_endings: Annotated[
        bool, option("--windows-line-endings", help="Only for --edit.")
    ] = False,
    wish: Intent,
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
    # Better than `Unexpected args`: the kind exists, only its flags do not.
    if words and not filenames and words[0] in BY_MANIFEST_ONLY:
        raise SvcnetError(
            f"svcnet has no `create {words[0]}`: write a manifest, and create it with -f"
        )
    names = files.required(filenames, kustomize, recursive=recursive)
    if words:
        raise session.usage(f"Unexpected args: [{' '.join(words)}]")
    asked = wanted(session, (), filenames=names, recursive=recursive, selector=selector)
    with writing(session, wish) as work:
        work.each(
            work.in_files(asked, "create"),
            lambda target: _create(work, target, save=save_config),
            "creating",
        )


def _create(work: Work, target: Target, *, save: bool) -> None:
    """Create one object from a file, and tell of it.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create.go RunCreate().
    """
    assert target.document is not None
    document = last_applied.saved(target.document, always=save)
    made = document if work.intent.client_only else work.create(document)
    work.show(target.kind, made, "created")
