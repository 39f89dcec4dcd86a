"""A new cluster in a new state: what it starts with, and what controllers make of that."""

from __future__ import annotations

from collections.abc import Sequence

from svcnet.api.config import ClusterSettings
from svcnet.errors import StateExists


def create_default(where: str, nodes: Sequence[str], now: str) -> bool:
    """Make the cluster that a user gets who did not ask for one; tell whether it was made.

    It is not when another command did so at the same moment.
    """
    try:
        found_cluster(where, ClusterSettings(), nodes, now, force=False)
    except StateExists:
        return False
    return True


def found_cluster(
    where: str, settings: ClusterSettings, nodes: Sequence[str], now: str, *, force: bool
) -> None:
    """Make a cluster at `where` with what every cluster starts with, and let controllers run.

    Raises:
        StateExists: there is one, and `force` does not replace it.
    """
    from svcnet.control.apiserver.bootstrap import bootstrap
    from svcnet.control.manager import settle
    from svcnet.store.opening import create

    with create(where, settings, force=force) as store, store.transaction(now) as txn:
        bootstrap(txn, nodes)
        settle(txn)
