"""`drain`: mark nodes as unschedulable, and evict their pods.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from svcnet.api.kinds import NODE
from svcnet.cli.command.session import Session
from svcnet.cli.commands.drain_filters import DrainOptions, drain_node
from svcnet.cli.commands.node_scheduling import WITHOUT, Nodes, named_nodes, set_unschedulable
from svcnet.cli.commands.writing import WriteFlags, write_flags, writing
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import Selector, Timeout
from svcnet.errors import SvcnetError

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


def drain(
    session: Session,
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
    flags: Annotated[WriteFlags, write_flags("kubectl-drain", without=WITHOUT)],
) -> None:
    """Drain node in preparation for maintenance.

    The given node will be marked unschedulable to prevent new pods from arriving, then its pods
    are evicted.
    """
    del skip_wait, chunk_size, timeout
    options = DrainOptions(
        pod_selector=pod_selector,
        unmanaged=not force,
        daemons=not ignore_daemonsets,
        local_data=not delete_emptydir_data,
    )
    with writing(session, flags) as work:
        nodes = named_nodes(work, words, selector, "drain")
        # All nodes are closed first, so that no pod moves to one that is drained next.
        for target in nodes:
            set_unschedulable(work, target, "cordoned")
        names = [target.name for target in nodes]
        while names:
            try:
                drain_node(
                    work,
                    names[0],
                    options,
                    grace_period=grace_period,
                    delete=disable_eviction,
                )
            except SvcnetError as error:
                session.report(error)
                _tell_pending(session, names, error)
                return
            work.show(NODE, {"metadata": {"name": names.pop(0)}}, "drained")


def _tell_pending(session: Session, names: list[str], error: SvcnetError) -> None:
    """Tell which nodes have not been drained, the failed one first."""
    session.print_note(
        f'error: unable to drain node "{names[0]}" due to error: {error}, continuing command...'
    )
    session.print_note("There are pending nodes to be drained:")
    for name in names:
        session.print_note(f" {name}")
