"""`cordon`, `uncordon`, `drain` and `taint`: which nodes take pods.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go, pkg/cmd/taint/taint.go.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from svcnet.api.kinds import NODE
from svcnet.api.merge import Patch, PatchType
from svcnet.api.names import Document
from svcnet.cli.choosing.selection import Target, found, resolve, wanted
from svcnet.cli.frame.options import All, Overwrite, Selector, Timeout
from svcnet.cli.frame.parameters import Context, argument, option
from svcnet.cli.frame.session import Session, session
from svcnet.cli.writing import taints
from svcnet.cli.writing.draining import Refusals, drain_node
from svcnet.cli.writing.taints import TaintChanges
from svcnet.cli.writing.work import Intent, Work, writes, writing
from svcnet.errors import SvcnetError, UsageError

Nodes: TypeAlias = Annotated[list[str] | None, argument(metavar="NODE")]
_PLAIN = (
    "validate", "field_manager", "output", "template", "allow_missing_template_keys",
    "show_managed_fields",
)  # fmt: skip
"""Flags that verbs about nodes do not take."""


@writes("kubectl-cordon", without=_PLAIN)
def cordon(ctx: Context, words: Nodes = None, *, selector: Selector = "", wish: Intent) -> None:
    """Mark node as unschedulable."""
    with writing(session(ctx), wish) as work:
        for target in _nodes(work, words, selector, "cordon"):
            _mark(work, target, "cordoned")


@writes("kubectl-cordon", without=_PLAIN)
def uncordon(ctx: Context, words: Nodes = None, *, selector: Selector = "", wish: Intent) -> None:
    """Mark node as schedulable."""
    with writing(session(ctx), wish) as work:
        for target in _nodes(work, words, selector, "uncordon"):
            _mark(work, target, "uncordoned")


PodSelector: TypeAlias = Annotated[
    str, option("--pod-selector", help="Only evict pods with these labels.")
]
Force: TypeAlias = Annotated[
    bool, option("--force", help="Evict pods that nothing makes anew, too.")
]
IgnoreDaemonsets: TypeAlias = Annotated[
    bool, option("--ignore-daemonsets", help="Leave the pods of DaemonSets alone.")
]
DeleteEmptydirData: TypeAlias = Annotated[
    bool, option("--delete-emptydir-data", help="Evict pods with local data, too.")
]
DisableEviction: TypeAlias = Annotated[
    bool, option("--disable-eviction", help="Delete pods instead of evicting them.")
]
GracePeriod: TypeAlias = Annotated[
    int, option("--grace-period", help="Seconds that pods are given to end.")
]
SkipWait: TypeAlias = Annotated[
    int, option("--skip-wait-for-delete-timeout", help="svcnet never waits.")
]
ChunkSize: TypeAlias = Annotated[
    int, option("--chunk-size", help="Taken, and makes no difference.")
]


@writes("kubectl-drain", without=_PLAIN)
def drain(
    ctx: Context,
    words: Nodes = None,
    *,
    selector: Selector = "",
    pod_selector: PodSelector = "",
    force: Force = False,
    ignore_daemonsets: IgnoreDaemonsets = False,
    delete_emptydir_data: DeleteEmptydirData = False,
    disable_eviction: DisableEviction = False,
    grace_period: GracePeriod = -1,
    skip_wait: SkipWait = 0,
    chunk_size: ChunkSize = 500,
    timeout: Timeout = "0s",
    wish: Intent,
) -> None:
    """Drain node in preparation for maintenance.

    The given node will be marked unschedulable to prevent new pods from arriving, then its pods
    are evicted.
    """
    here = session(ctx)
    del skip_wait, chunk_size, timeout
    refusals = Refusals(
        pod_selector=pod_selector,
        unmanaged=not force,
        daemons=not ignore_daemonsets,
        local_data=not delete_emptydir_data,
    )
    with writing(here, wish) as work:
        nodes = _nodes(work, words, selector, "drain")
        # All nodes are closed first, so that no pod moves to one that is drained next.
        for target in nodes:
            _mark(work, target, "cordoned")
        names = [target.name for target in nodes]
        while names:
            try:
                drain_node(
                    work,
                    names[0],
                    refusals,
                    grace_period=grace_period,
                    delete=disable_eviction,
                )
            except SvcnetError as error:
                here.report(error)
                _tell_pending(here, names, error)
                return
            work.show(NODE, {"metadata": {"name": names.pop(0)}}, "drained")


def _tell_pending(here: Session, names: list[str], error: SvcnetError) -> None:
    """Tell which nodes have not been drained, the failed one first."""
    here.tell(
        f'error: unable to drain node "{names[0]}" due to error: {error}, continuing command...'
    )
    here.tell("There are pending nodes to be drained:")
    for name in names:
        here.tell(f" {name}")


def _nodes(work: Work, words: list[str] | None, selector: str, verb: str) -> list[Target]:
    """Return the nodes that are meant.

    Raises:
        UsageError: none were named.
        NotFound: one of them does not exist.
    """
    here = work.session
    if not words and not selector:
        raise UsageError(
            f"USAGE: {verb} NODE [flags]", f"See '{here.command} -h' for help and examples"
        )
    if words and selector:
        raise SvcnetError("error: cannot specify both a node name and a --selector option")
    # Names stand alone here, as there is but one type; `node/n1` is taken as well.
    names = [word if "/" in word else f"nodes/{word}" for word in words or ()] or ["nodes"]
    asked = wanted(here, names, selector=selector)
    nodes = []
    for each in found(work.txn, resolve(asked, work.txn.kinds())):
        if isinstance(each, SvcnetError):
            raise each
        nodes.append(each)
    return nodes


def _mark(work: Work, target: Target, done: Literal["cordoned", "uncordoned"]) -> None:
    """Let a node take pods, or no longer."""
    assert target.document is not None
    closed = done == "cordoned"
    # UpdateIfRequired() in drain/cordon.go: no request for what is so already.
    if bool((target.document.get("spec") or {}).get("unschedulable")) == closed:
        work.show(NODE, target.document, f"already {done}")
        return
    if not work.intent.client_only:
        body = {"spec": {"unschedulable": True if closed else None}}
        work.patch(target.key, Patch(PatchType.STRATEGIC, body))
    work.show(NODE, target.document, done)


@writes("kubectl-taint")
def taint(
    ctx: Context,
    words: Annotated[
        list[str] | None,
        argument(metavar="NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N-"),
    ] = None,
    *,
    selector: Selector = "",
    all_: All = False,
    overwrite: Overwrite = False,
    wish: Intent,
) -> None:
    """Update the taints on one or more nodes.

    A taint consists of a key, value, and effect: NoSchedule, PreferNoSchedule or NoExecute.
    """
    here = session(ctx)
    names, given = _names_and_taints(words or [])
    try:
        changes = taints.read_taints(given)
    except SvcnetError as error:
        raise here.usage(str(error)) from None
    _check(names, changes, selector, all_=all_)
    asked = wanted(here, names, selector=selector, all=all_)
    with writing(here, wish) as work:
        selection = resolve(asked, work.txn.kinds())
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
        told = ", ".join(f"{each['key']}:{each.get('effect', '')}" for each in both)
        raise SvcnetError(
            "can not both modify and remove the following taint(s) in the same command: " + told
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
    after, done = taints.tainted(target.name, before, changes, overwrite=overwrite)
    if work.intent.client_only:
        spec: Document = {**(target.document.get("spec") or {}), "taints": after}
        work.show(NODE, {**target.document, "spec": spec}, done)
        return
    # null: an empty list would stay in the object.
    body = {"spec": {"taints": after or None}}
    written = work.patch(target.key, Patch(PatchType.STRATEGIC, body))
    work.show(NODE, written.document, done)
