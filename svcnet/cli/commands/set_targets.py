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
from svcnet.cli.commands.struct_order import in_struct_order
from svcnet.cli.commands.writing import Work, typed
from svcnet.cli.flags.declarations import argument, option
from svcnet.cli.resource.builder import found, resolve
from svcnet.cli.resource.targets import Named, ResourceQuery, Target
from svcnet.errors import StatusError, SvcnetError

Pairs: TypeAlias = Annotated[
    list[str] | None, argument(metavar="(TYPE NAME | TYPE/NAME) KEY_1=VAL_1 ...")
]
Local: TypeAlias = Annotated[bool, option("--local", help="Only change what stands in the files.")]
Containers: TypeAlias = Annotated[
    str, option("--containers", "-c", help="Names of containers; * stands for any text.")
]
Change: TypeAlias = Callable[[Document, Kind], Document]

NOTHING_NAMED = "one or more resources must be specified as <resource> <name> or <resource>/<name>"


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


LOCAL_NEEDS_FILES = (
    "error: you must specify resources by --filename when --local is set.\n"
    "Example resource specifications include:\n"
    "   '-f rsrc.yaml'\n"
    "   '--filename=rsrc.json'"
)


def refuse_names(names: Iterable[str] | None) -> None:
    """Refuse objects that are named where ``--local`` asks nothing of the server.

    Raises:
        SvcnetError: LocalResourceError of cli-runtime's resource/builder.go.
    """
    if names:
        raise SvcnetError(LOCAL_NEEDS_FILES)


def carry_out(
    work: Work,
    query: ResourceQuery,
    change: Change,
    done: str,
    *,
    refused: str = "",
    always: bool = False,
) -> None:
    """Change every object that is meant, and tell of each that changed.

    Args:
        work: the verb's work.
        query: which objects; where it is local, those in files are only changed and printed.
        change: returns the changed object.
        done: what is said of it.
        refused: what kubectl says before the server's words when it refuses a patch; empty where
            it lets the server speak, and lets errors of `change` name no object.
        always: tell even of those that stay as they are.
    """
    selection = resolve(query, work.txn.kinds())
    local = query.local and isinstance(selection, Named)
    those = work.named(selection) if local else found(work.txn, selection)
    targets = [_as_struct(each) if local else each for each in those]
    # All verbs but one find their objects first, and do nothing when one is missing.
    if refused and any(isinstance(each, SvcnetError) for each in targets):
        targets = [each for each in targets if isinstance(each, SvcnetError)]

    def act(target: Target) -> None:
        before = target.document
        assert before is not None
        after = _changed(change, before, target, by_name=bool(refused))
        # What is sent is what changed: CalculatePatches() in set/helper.go.
        patch = strategic_diff.create(before, after, merge_rules_of(target.kind))
        if not patch and not always:
            return
        if not local and not work.flags.client_only:
            after = _patched(work, target, Patch(PatchType.STRATEGIC, patch), refused)
        # These verbs hold objects as Go structs, and print them as such.
        work.show(target.kind, in_struct_order(after), done, as_made=True)

    work.each(targets, act)


def _as_struct(target: Target | SvcnetError) -> Target | SvcnetError:
    """Return an object as these verbs decode it: without fields that its Go struct has not."""
    if isinstance(target, SvcnetError):
        return target
    try:
        return target._replace(document=typed(target))
    except SvcnetError as error:
        return error


def _changed(change: Change, before: Document, target: Target, *, by_name: bool) -> Document:
    """Return the changed object.

    Raises:
        SvcnetError: it cannot be changed so; the line end is kubectl's, who adds another one to
            it where there are several errors.
    """
    try:
        return change(before, target.kind)
    except SvcnetError as error:
        if not by_name:
            raise
        # A text that starts a line of its own needs no blank before it.
        space = "" if str(error).startswith("\n") else " "
        name = f"{target.kind.singular_resource}/{target.name}"
        raise SvcnetError(f"error: {name}{space}{error}\n") from None


def _patched(work: Work, target: Target, patch: Patch, refused: str) -> Document:
    """Send a patch; return the object as it is then.

    Raises:
        SvcnetError: the server refuses it.
    """
    try:
        return work.patch(target.key, patch).document
    except StatusError as error:
        if not refused:
            raise
        raise SvcnetError(f"{refused} {error}") from None
