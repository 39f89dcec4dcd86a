"""`taint`: change the taints of nodes.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/taint/taint.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.keys import Document
from svcnet.api.kinds import NODE
from svcnet.api.merge import Patch, PatchType
from svcnet.cli.command.session import Session
from svcnet.cli.commands import taint_changes
from svcnet.cli.commands.taint_changes import TaintChanges
from svcnet.cli.commands.writing import Work, WriteFlags, write_flags, writing
from svcnet.cli.flags.declarations import argument
from svcnet.cli.flags.shared import All, Overwrite, Selector
from svcnet.cli.resource.builder import found, resolve, resource_query
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError


def taint(
    session: Session,
    words: Annotated[
        list[str] | None,
        argument(metavar="NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N-"),
    ] = None,
    *,
    selector: Selector = "",
    all_: All = False,
    overwrite: Overwrite = False,
    flags: Annotated[WriteFlags, write_flags("kubectl-taint")],
) -> None:
    """Update the taints on one or more nodes.

    A taint consists of a key, value, and effect: NoSchedule, PreferNoSchedule or NoExecute.
    """
    names, given = _names_and_taints(words or [])
    try:
        changes = taint_changes.read_taints(given)
    except SvcnetError as error:
        raise session.usage(str(error)) from None
    _check(names, changes, selector, all_=all_)
    query = resource_query(session, names, selector=selector, all=all_)
    with writing(session, flags) as work:
        selection = resolve(query, work.txn.kinds())
        work.each(
            found(work.txn, selection),
            lambda target: _taint(work, target, changes, overwrite=overwrite),
        )


def _names_and_taints(words: list[str]) -> tuple[list[str], list[str]]:
    """Part the words into nodes, with their type, and taints.

    Raises:
        SvcnetError: there are none of either, or a name follows a taint.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/taint/taint.go Complete().
    """
    names: list[str] = []
    given: list[str] = []
    for word in words:
        if "=" in word or ":" in word or word.endswith("-"):
            given.append(word)
        elif given:
            raise SvcnetError(f"all resources must be specified before taint changes: {word}")
        else:
            names.append(word)
    if not names:
        raise SvcnetError("one or more resources must be specified as <resource> <name>")
    if not given:
        raise SvcnetError("at least one taint update is required")
    return names, given


def _check(names: list[str], changes: TaintChanges, selector: str, *, all_: bool) -> None:
    """Refuse what makes no sense, in kubectl's order."""
    # The type is typed although it can be only one; other kinds have no taints.
    type_ = names[0].split("/")[0].lower()
    if type_ not in (NODE.plural, NODE.singular, *NODE.short_names):
        raise SvcnetError(f"invalid resource type {names[0]}, only node(s) is supported")
    wanted_ = [(each["key"], each.get("effect", "")) for each in changes.wanted]
    both = [each for each in changes.unwanted if (each["key"], each.get("effect", "")) in wanted_]
    if both:
        text = ", ".join(f"{each['key']}:{each.get('effect', '')}" for each in both)
        raise SvcnetError(
            "can not both modify and remove the following taint(s) in the same command: " + text
        )
    if all_ and selector:
        raise SvcnetError("setting 'all' parameter with a non empty selector is prohibited")
    if not all_ and not selector and len(names) == 1 and "/" not in names[0]:
        raise SvcnetError(
            "at least one resource name must be specified since 'all' parameter is not set"
        )


def _taint(work: Work, target: Target, changes: TaintChanges, *, overwrite: bool) -> None:
    """Change the taints of one node, and tell of it."""
    assert target.document is not None
    before = (target.document.get("spec") or {}).get("taints") or []
    after, done = taint_changes.tainted(target.name, before, changes, overwrite=overwrite)
    if work.flags.client_only:
        spec: Document = {**(target.document.get("spec") or {}), "taints": after}
        work.show(NODE, {**target.document, "spec": spec}, done)
        return
    # null: an empty list would stay in the object.
    body = {"spec": {"taints": after or None}}
    written = work.patch(target.key, Patch(PatchType.STRATEGIC, body))
    work.show(NODE, written.document, done)
