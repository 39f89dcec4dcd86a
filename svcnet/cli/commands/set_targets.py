"""What the verbs under `set` have in common: which objects, and the patch that changes them.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/set/helper.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, TypeAlias

from svcnet.api import strategic_diff
from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.api.merge import Patch, PatchType
from svcnet.api.merge_keys import merge_rules_of
from svcnet.cli.commands.pod_containers import containers
from svcnet.cli.commands.writing import Work, typed
from svcnet.cli.flags.declarations import argument, option
from svcnet.cli.resource.builder import found, resolve
from svcnet.cli.resource.targets import Named, ResourceQuery, Target
from svcnet.errors import SvcnetError

Pairs: TypeAlias = Annotated[
    list[str] | None, argument(metavar="(TYPE NAME | TYPE/NAME) KEY_1=VAL_1 ...")
]
Local: TypeAlias = Annotated[bool, option("--local", help="Only change what stands in the files.")]
Containers: TypeAlias = Annotated[
    str, option("--containers", "-c", help="Names of containers; * stands for any text.")
]
Change: TypeAlias = Callable[[Document, Kind], Document]

NOTHING_NAMED = "one or more resources must be specified as <resource> <name> or <resource>/<name>"


def chosen(spec: Document, pattern: str) -> list[str]:
    """Return the names of the containers that a pattern means.

    Raises:
        SvcnetError: it means none.
    """
    found_ = [each["name"] for each in containers(spec, pattern)]
    if not found_:
        raise SvcnetError(f"unable to find container named {pattern}")
    return found_


def check(named: Iterable[str] | None, what: str, *, changes: bool) -> None:
    """Refuse a command line that names no object, or asks for no change.

    `what` is what a change is called: ``image``.

    Raises:
        SvcnetError: with kubectl's words.
    """
    if not named:
        raise SvcnetError(NOTHING_NAMED)
    if not changes:
        raise SvcnetError(f"at least one {what} update is required")


def carry_out(
    work: Work,
    query: ResourceQuery,
    change: Change,
    done: str,
    *,
    local: bool,
    always: bool = False,
) -> None:
    """Change every object that is meant, and tell of each that changed.

    Args:
        work: the verb's work.
        query: which objects.
        change: returns the changed object.
        done: what is said of it.
        local: only change the objects in the files, and print them.
        always: tell even of those that stay as they are.
    """
    selection = resolve(query, work.txn.kinds())
    # --local makes a difference only where there are files to change.
    from_files = local and isinstance(selection, Named)
    targets = work.named(selection) if from_files else found(work.txn, selection)

    def act(target: Target) -> None:
        assert target.document is not None
        # kubectl decodes files into Go structs here, which drops fields that it does not know.
        before = typed(target) if from_files else target.document
        after = change(before, target.kind)
        # What is sent is what changed: CalculatePatches() in set/helper.go.
        patch = strategic_diff.create(before, after, merge_rules_of(target.kind))
        if local or work.flags.client_only:
            if patch or always:
                work.show(target.kind, after, done)
        elif patch or always:
            written = work.patch(target.key, Patch(PatchType.STRATEGIC, patch))
            work.show(target.kind, written.document, done)

    work.each(targets, act)
