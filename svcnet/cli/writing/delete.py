"""`delete`: take objects away.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, TypeAlias

from svcnet.cli.choosing import files
from svcnet.cli.choosing.selection import Listed, Named, Selection, Target, found, resolve, wanted
from svcnet.cli.frame import options
from svcnet.cli.frame.options import (
    All,
    AllNamespaces,
    DryRunFlag,
    FieldSelector,
    Filenames,
    IgnoreNotFound,
    Kustomize,
    Output,
    Recursive,
    Selector,
    Timeout,
    Wait,
    Words,
)
from svcnet.cli.frame.parameters import Context, option
from svcnet.cli.frame.session import Session, session
from svcnet.cli.printing.output import Format
from svcnet.cli.writing import deleting
from svcnet.cli.writing.deleting import Manner
from svcnet.cli.writing.work import Intent, Work, writing
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
    ctx: Context,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    field_selector: FieldSelector = "",
    all_: All = False,
    all_namespaces: AllNamespaces = False,
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
    """Delete resources by file names, stdin, resources and names, or by label selector.

    JSON and YAML formats are accepted. Only one type of argument may be specified: file names,
    resources and names, or resources and label selector.
    """
    here = session(ctx)
    del wait, timeout
    if raw:
        raise SvcnetError("--raw needs a running API server, which svcnet does not have")
    wish = Intent(Format("name" if output == "name" else ""), options.dry_run(dry_run))
    manner = Manner.read(cascade=cascade, grace_period=grace_period, force=force, now=now)
    _check(output)
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    if manner.grace_period == 0:
        here.warn(FORCED)
    asked = wanted(
        here,
        words,
        filenames=filenames or (),
        recursive=recursive,
        selector=selector,
        field_selector=field_selector,
        all=all_,
        all_namespaces=all_namespaces,
    )
    with writing(here, wish) as work:
        selection = resolve(asked, work.txn.kinds())
        targets = _targets(work, selection)
        if not targets:
            here.say("No resources found")
            return
        meant = [each for each in targets if isinstance(each, Target)]
        if interactive and not _agreed(here, meant):
            return
        _warn_of_scope(here, meant, everywhere=all_namespaces)
        lenient = ignore_not_found or isinstance(selection, Listed)
        deleting.delete(work, targets, manner, ignore_missing=lenient)


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


def _warn_of_scope(here: Session, targets: Iterable[Target], *, everywhere: bool) -> None:
    """Warn where ``-n`` stands beside kinds that are in no namespace, and so limits nothing."""
    if (
        here.namespace_given
        and not everywhere
        and any(not each.kind.namespaced for each in targets)
    ):
        here.warn("deleting cluster-scoped resources, not scoped to the provided namespace")


def _agreed(here: Session, targets: list[Target]) -> bool:
    """Ask the user on the terminal."""
    here.tell(f"You are about to delete the following {len(targets)} resource(s):")
    for target in targets:
        here.tell(f"{target.kind.singular_resource}/{target.name}")
    here.tell("Do you want to continue? (y/N): ", end="")
    try:
        answer = input()
    # Without a terminal nobody agrees.
    except EOFError:
        answer = ""
    # Anything but yes is no, an empty line too.
    if answer.lower() not in ("y", "yes"):
        here.tell("deletion is cancelled")
        return False
    return True
