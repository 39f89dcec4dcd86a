"""`apply`: make objects be as files say, without touching what others set.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from svcnet.cli.command.session import Session
from svcnet.cli.commands import apply_patcher
from svcnet.cli.commands.apply_migration import manager_of
from svcnet.cli.commands.writing import WriteFlags, write_flags, writing
from svcnet.cli.flags.declarations import argument, option
from svcnet.cli.flags.shared import (
    Overwrite,
    Timeout,
)
from svcnet.cli.flags.shared import Wait as WaitFlag
from svcnet.cli.resource.resource_flags import FilesSelectorAll
from svcnet.errors import SvcnetError

Words: TypeAlias = Annotated[list[str] | None, argument(hidden=True)]
ServerSide: TypeAlias = Annotated[
    bool, option("--server-side", help="Let the server merge, by who owns which field.")
]
ForceConflicts: TypeAlias = Annotated[
    bool, option("--force-conflicts", help="Take fields over that others own.")
]
Force: TypeAlias = Annotated[
    bool, option("--force", help="Delete and make anew what cannot be changed.")
]
GracePeriod: TypeAlias = Annotated[
    int, option("--grace-period", help="With --force: seconds that pods are given.")
]
Cascade: TypeAlias = Annotated[
    str, option("--cascade", help="With --force: background, foreground or orphan.")
]
Prune: TypeAlias = Annotated[bool, option("--prune", help="Not supported: use delete.")]
PruneAllowlist: TypeAlias = Annotated[
    list[str] | None, option("--prune-allowlist", help="Only for --prune.")
]
Applyset: TypeAlias = Annotated[str, option("--applyset", help="Only for --prune.")]
OpenapiPatch: TypeAlias = Annotated[
    bool, option("--openapi-patch", help="Taken, and makes no difference.")
]


def apply(
    session: Session,
    words: Words = None,
    *,
    resources: FilesSelectorAll,
    server_side: ServerSide = False,
    force_conflicts: ForceConflicts = False,
    force: Force = False,
    grace_period: GracePeriod = -1,
    cascade: Cascade = "background",
    timeout: Timeout = "0s",
    wait: WaitFlag = False,
    overwrite: Overwrite = True,
    prune: Prune = False,
    prune_allowlist: PruneAllowlist = None,
    applyset: Applyset = "",
    openapi_patch: OpenapiPatch = True,
    flags: Annotated[WriteFlags, write_flags("", prints_late=True)],
) -> None:
    """Apply a configuration to a resource by file name or stdin.

    The resource name must be specified. This resource will be created if it doesn't exist yet.
    """
    # Taken so that scripts run: deletion is over at once here, and nothing is waited for.
    del cascade, timeout, wait, openapi_patch, prune_allowlist
    # Refused, not ignored: who asks for it counts on objects being gone.
    if prune or applyset:
        raise SvcnetError("--prune is not supported by svcnet: delete what is to go by its labels")
    _check(flags, server_side=server_side, force_conflicts=force_conflicts, force=force)
    if words:
        raise session.usage(f"Unexpected args: [{' '.join(words)}]")
    resources.require_files()
    query = resources.query(session, ())
    flags = flags._replace(manager=manager_of(flags.manager, server_side=server_side))
    with writing(session, flags) as work:
        options = apply_patcher.ApplyOptions(
            server_side=server_side,
            force_conflicts=force_conflicts,
            force=force,
            grace_period=grace_period,
            overwrite=overwrite,
        )
        apply_patcher.apply(work, work.in_files(query, "apply"), options)


def _check(flags: WriteFlags, *, server_side: bool, force_conflicts: bool, force: bool) -> None:
    """Refuse flags that do not go together."""
    if force_conflicts and not server_side:
        raise SvcnetError("--force-conflicts only works with --server-side")
    if flags.client_only and server_side:
        raise SvcnetError(
            "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server "
            "instead?)"
        )
    if force and server_side:
        raise SvcnetError("--force cannot be used with --server-side")
    # A delete that is only tried leaves the object there, so making it anew would fail.
    if force and flags.dry_run == "server":
        raise SvcnetError("--dry-run=server cannot be used with --force")
