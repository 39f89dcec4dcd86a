"""The loop that runs controllers until nobody asks for anything.

Kubernetes' controllers run side by side, for ever, each reacting to what it watches.  Here they
take turns inside one transaction until the state is settled; so a stored state always is, and a
controller has work only where something it watches changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, assert_never

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import BUILT_IN
from svcnet.api.lean_namedtuple import NamedTuple
from svcnet.control.apiserver import allocated, deletion
from svcnet.control.controllers import (
    daemonsets,
    deployments,
    endpoints,
    endpointslice_mirroring,
    endpointslices,
    garbage,
    node_ipam,
    node_lifecycle,
    replicasets,
    service_lb,
    servicecidrs,
    statefulsets,
)
from svcnet.control.scheduler import scheduling
from svcnet.snapshot import Change, Delete, Put, Snapshot
from svcnet.store.transaction import Transaction

MAX_ROUNDS = 10_000
"""Far beyond what the longest rollout takes, one pod at a time."""

Run: TypeAlias = Callable[[Snapshot], Iterator[Change]]


class Controller(NamedTuple):
    """A function that asks for what must follow, and the resources whose changes concern it."""

    run: Run
    watched: tuple[str, ...] = ()
    """Empty: all resources."""
    thorough: bool = False
    """Whether one run asks for all there is to ask for: its own writes are no news to it."""


CONTROLLERS: tuple[Controller, ...] = (
    Controller(garbage.empty_namespaces),
    Controller(garbage.collect_garbage),
    Controller(node_ipam.give_pod_ranges, node_ipam.WATCHED, thorough=True),
    Controller(node_lifecycle.watch_nodes, node_lifecycle.WATCHED),
    Controller(servicecidrs.tend_service_cidrs, servicecidrs.WATCHED),
    Controller(deployments.roll_out_deployments, deployments.WATCHED),
    Controller(replicasets.replicate_pods, replicasets.WATCHED),
    Controller(statefulsets.order_pods, statefulsets.WATCHED),
    Controller(daemonsets.spread_daemons, daemonsets.WATCHED),
    Controller(scheduling.place_pods, scheduling.WATCHED, thorough=True),
    Controller(endpointslices.slice_endpoints, endpointslices.WATCHED, thorough=True),
    Controller(endpoints.gather_endpoints, endpoints.WATCHED, thorough=True),
    Controller(
        endpointslice_mirroring.mirror_endpoints, endpointslice_mirroring.WATCHED, thorough=True
    ),
    Controller(service_lb.balance_load, service_lb.WATCHED, thorough=True),
)
"""In the order in which they run; it decides how many rounds it takes, not where it ends."""

_RESOURCES = {(kind.api_version, kind.kind): kind.resource for kind in BUILT_IN}


def settle(txn: Transaction, controllers: Iterable[Controller] = CONTROLLERS) -> int:
    """Run `controllers` in turn until a whole round asks for nothing; return how many rounds ran.

    Each controller sees what the ones before it wrote, and is told which keys changed since it
    last ran.

    Raises:
        RuntimeError: still changing after `MAX_ROUNDS`; two controllers undo each other.
    """
    # All hear of what the command itself wrote.
    turns = [_Turn(each, set(txn.changed)) for each in controllers]
    for number in range(1, MAX_ROUNDS + 1):
        wrote = False
        for turn in turns:
            changed = turn.take()
            if changed is None:
                continue
            touched = _apply(txn, turn.controller.run(Snapshot(txn, changed)))
            wrote = wrote or bool(touched)
            for each in turns:
                if each is not turn or not turn.controller.thorough:
                    each.news |= touched
        if not wrote:
            return number
    raise RuntimeError(f"not settled after {MAX_ROUNDS} rounds")


class _Turn:
    """A controller and what it has not yet heard of."""

    def __init__(self, controller: Controller, news: set[Key]) -> None:
        self.controller, self.news = controller, news

    def take(self) -> frozenset[Key] | None:
        """Return the news and forget them; None when there are none that concern it."""
        news, self.news = self.news, set()
        watched = self.controller.watched
        concerned = {key for key in news if key.resource in watched} if watched else news
        return frozenset(concerned) or None


def _apply(txn: Transaction, changes: Iterable[Change]) -> set[Key]:
    """Write what a controller decided; return the keys that are not as they were."""
    decided = tuple(changes)  # All decisions are made before the first write.
    touched = set()
    for change in decided:
        match change:
            case Put(document):
                key = key_of(document)
                allocated.write(txn, key, _stamped(txn, key, document))
                touched.add(key)
            case Delete(key):
                if _removed(txn, key):
                    touched.add(key)
            case _:
                assert_never(change)
    return touched


def _removed(txn: Transaction, key: Key) -> bool:
    """Take an object away, or mark it when it is held; tell whether anything changed."""
    document = txn.get(key)
    return document is not None and deletion.remove(txn, key) is not document


def _stamped(txn: Transaction, key: Key, document: Document) -> Document:
    """Return `document` with what every new object is given: a uid, and when it was made."""
    metadata = document["metadata"]
    # Written before: its identity stays.
    if "uid" in metadata:
        return document
    made = {"creationTimestamp": txn.now, "uid": txn.fresh_uid(key)}
    return {**document, "metadata": {**metadata, **made}}


def key_of(document: Document) -> Key:
    """Return where a document of a built-in kind is kept."""
    metadata = document["metadata"]
    resource = _RESOURCES[document["apiVersion"], document["kind"]]
    return Key(resource, metadata.get("namespace", ""), metadata["name"])
