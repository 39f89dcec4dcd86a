"""`delete`: take objects away.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, TypeAlias

from svcnet.cli.command.session import Session
from svcnet.cli.commands import delete_options
from svcnet.cli.commands.delete_options import DeleteOptions
from svcnet.cli.commands.writing import Work, WriteFlags, writing
from svcnet.cli.flags import shared
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import (
    DryRunFlag,
    IgnoreNotFound,
    Output,
    Timeout,
    Wait,
    Words,
)
from svcnet.cli.printers.output import Format
from svcnet.cli.resource.builder import found, resolve
from svcnet.cli.resource.resource_flags import EveryResourceFlag
from svcnet.cli.resource.targets import Listed, Named, Selection, Target
from svcnet.errors import SvcnetError

FORCED = (
    "Immediate deletion does not wait for confirmation that the running resource has been "
    "terminated. The resource may continue to run on the cluster indefinitely."
)


Cascade: TypeAlias = Annotated[
    str,
    option(
        "--cascade",
        help="What becomes of what they own: background and foreground (it goes), or orphan.",
    ),
]
GracePeriod: TypeAlias = Annotated[
    int, option("--grace-period", help="Seconds that pods are given to end.")
]
Force: TypeAlias = Annotated[bool, option("--force", help="Take pods away at once.")]
Now: TypeAlias = Annotated[bool, option("--now", help="Give pods one second.")]
Interactive: TypeAlias = Annotated[
    bool, option("--interactive", "-i", help="Ask before anything is deleted.")
]
Raw: TypeAlias = Annotated[str, option("--raw", help="Not supported: there is no server.")]


def delete(
    session: Session,
    words: Words = None,
    *,
    resources: EveryResourceFlag,
    ignore_not_found: IgnoreNotFound = False,
    cascade: Cascade = "background",
    grace_period: GracePeriod = -1,
    force: Force = False,
    now: Now = False,
    wait: Wait = True,
    timeout: Timeout = "0s",
    interactive: Interactive = False,
    raw: Raw = "",
    dry_run: DryRunFlag = "none",
    output: Output = "",
) -> None:
    """Delete resources by file names, stdin, resources and names, or by label resources.selector.

    JSON and YAML formats are accepted. Only one type of argument may be specified: file names,
    resources and names, or resources and label resources.selector.
    """
    del wait, timeout
    if raw:
        raise SvcnetError("--raw needs a running API server, which svcnet does not have")
    flags = WriteFlags(Format("name" if output == "name" else ""), shared.dry_run(dry_run))
    options = DeleteOptions.read(cascade=cascade, grace_period=grace_period, force=force, now=now)
    _check(output)
    if options.grace_period == 0:
        session.warn(FORCED)
    query = resources.query(session, words)
    with writing(session, flags) as work:
        selection = resolve(query, work.txn.kinds())
        targets = _targets(work, selection)
        if not targets:
            session.print_result("No resources found")
            return
        meant = [each for each in targets if isinstance(each, Target)]
        if interactive and not _agreed(session, meant):
            return
        _warn_of_scope(session, meant, everywhere=resources.all_namespaces)
        lenient = ignore_not_found or isinstance(selection, Listed)
        delete_options.delete_all(work, targets, options, ignore_missing=lenient)


def _check(output: str) -> None:
    """Refuse a format that `delete` does not have."""
    if output not in ("", "name"):
        raise SvcnetError(f"unexpected -o output mode: {output}. We only support '-o name'")


def _targets(work: Work, selection: Selection) -> list[Target | SvcnetError]:
    """Return what is to go; objects that were named are not looked for yet."""
    if isinstance(selection, Named):
        # DeleteResult() sends a request for each name; the server tells which do not exist.
        return list(work.named(selection))
    return list(found(work.txn, selection))


def _warn_of_scope(session: Session, targets: Iterable[Target], *, everywhere: bool) -> None:
    """Warn where ``-n`` stands beside kinds that are in no namespace, and so limits nothing."""
    if (
        session.namespace_given
        and not everywhere
        and any(not each.kind.namespaced for each in targets)
    ):
        session.warn("deleting cluster-scoped resources, not scoped to the provided namespace")


def _agreed(session: Session, targets: list[Target]) -> bool:
    """Ask the user on the terminal."""
    session.print_note(f"You are about to delete the following {len(targets)} resource(s):")
    for target in targets:
        session.print_note(f"{target.kind.singular_resource}/{target.name}")
    session.print_note("Do you want to continue? (y/N): ", end="")
    try:
        answer = input()
    # Without a terminal nobody agrees.
    except EOFError:
        answer = ""
    # Anything but yes is no, an empty line too.
    if answer.lower() not in ("y", "yes"):
        session.print_note("deletion is cancelled")
        return False
    return True
