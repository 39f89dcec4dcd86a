"""The loop that runs controllers until nobody asks for anything.

Kubernetes' controllers run side by side, for ever, each reacting to what it watches.  Here they
take turns inside one transaction until the state is settled; so a stored state always is, and a
controller has work only where something it watches changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from importlib import import_module
from typing import TypeAlias, assert_never

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import (
    API_SERVICE,
    BUILT_IN,
    CONFIG_MAP,
    CONTROLLER_REVISION,
    DAEMON_SET,
    DEPLOYMENT,
    ENDPOINT_SLICE,
    ENDPOINTS,
    EVENT,
    IP_ADDRESS,
    JOB,
    NAMESPACE,
    NODE,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    PRIORITY_CLASS,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    SERVICE,
    SERVICE_ACCOUNT,
    SERVICE_CIDR,
    STATEFUL_SET,
    STORAGE_CLASS,
    Kind,
)
from svcnet.control.apiserver import allocated, deletion
from svcnet.control.objects import concerns
from svcnet.control.objects.priorities import Refused, prioritised
from svcnet.lean_namedtuple import NamedTuple
from svcnet.snapshot import NOTHING, Change, Delete, Event, Events, Put, Record, Snapshot
from svcnet.store.transaction import Transaction

MAX_ROUNDS = 10_000
"""Far beyond what the longest rollout takes, one pod at a time."""

EVENT_TTL = timedelta(hours=1)
"""How long an Event stays after it was last written: kube-apiserver's --event-ttl."""

Run: TypeAlias = Callable[[Snapshot], Iterator[Change]]


# No dataclass: making one costs as much as importing two controllers.
class Lazy:
    """A controller's function, whose module is imported when it has work for the first time.

    Args:
        module: below `svcnet.control`.
        function: its name there.
    """

    __slots__ = ("function", "module")

    def __init__(self, module: str, function: str) -> None:
        self.module, self.function = module, function

    def __call__(self, cluster: Snapshot, /) -> Iterator[Change]:
        """Ask for what must follow."""
        run: Run = getattr(import_module(f"svcnet.control.{self.module}"), self.function)
        return run(cluster)


class Controller(NamedTuple):
    """A function that asks for what must follow, and which changes concern it."""

    run: Run
    watched: tuple[Kind, ...] = ()
    """Empty: all kinds."""
    thorough: bool = False
    """Whether one run asks for all there is to ask for: its own writes are no news to it."""
    concerned: Callable[[Event], bool] | None = None
    """Which changes of what it watches concern it; None: all."""
    concerned_beside: Callable[[Event, concerns.Find], bool] | None = None
    """As `concerned`, where other objects must be looked at to tell."""


CONTROLLERS: tuple[Controller, ...] = (
    Controller(
        Lazy("controllers.namespace", "sync_namespaces"), concerned=concerns.may_empty_a_namespace
    ),
    Controller(Lazy("controllers.garbage", "collect_garbage"), concerned=concerns.may_orphan),
    Controller(
        Lazy("controllers.serviceaccounts", "sync_service_accounts"),
        (NAMESPACE, SERVICE_ACCOUNT),
        thorough=True,
        concerned=concerns.may_lack_an_account,
    ),
    Controller(
        Lazy("controllers.rootcacertpublisher", "publish_root_ca"),
        (NAMESPACE, CONFIG_MAP),
        thorough=True,
        concerned=concerns.may_lack_the_root_ca,
    ),
    Controller(Lazy("controllers.node_ipam", "allocate_pod_cidrs"), (NODE,), thorough=True),
    Controller(Lazy("controllers.node_lifecycle", "sync_nodes"), (NODE, POD)),
    Controller(Lazy("controllers.servicecidrs", "sync_service_cidrs"), (SERVICE_CIDR, IP_ADDRESS)),
    Controller(Lazy("controllers.deployments", "sync_deployments"), (DEPLOYMENT, REPLICA_SET)),
    Controller(
        Lazy("controllers.replicasets", "sync_replicasets"),
        (REPLICA_SET, REPLICATION_CONTROLLER, POD, PRIORITY_CLASS),
        concerned=concerns.may_let_pods_be,
    ),
    Controller(
        Lazy("controllers.statefulsets", "sync_statefulsets"),
        (STATEFUL_SET, POD, CONTROLLER_REVISION, PRIORITY_CLASS),
        concerned=concerns.may_be_about_pods_of(STATEFUL_SET),
    ),
    Controller(
        Lazy("controllers.daemonsets", "sync_daemonsets"),
        (DAEMON_SET, POD, NODE, CONTROLLER_REVISION, PRIORITY_CLASS),
        concerned=concerns.may_be_about_pods_of(DAEMON_SET),
    ),
    Controller(
        Lazy("controllers.jobs", "sync_jobs"),
        (JOB, POD, PRIORITY_CLASS),
        concerned=concerns.may_be_about_pods_of(JOB),
    ),
    Controller(
        Lazy("controllers.ephemeral_volumes", "sync_ephemeral_volumes"),
        (POD,),
        concerned=concerns.has_ephemeral_volumes,
    ),
    Controller(
        Lazy("controllers.volume_protection", "protect_volumes"),
        (POD, PERSISTENT_VOLUME_CLAIM, PERSISTENT_VOLUME),
        concerned=concerns.may_free_a_volume,
    ),
    Controller(
        Lazy("controllers.persistent_volumes", "sync_persistent_volumes"),
        (PERSISTENT_VOLUME_CLAIM, PERSISTENT_VOLUME, STORAGE_CLASS),
    ),
    Controller(
        Lazy("pod_startup", "schedule_pods"),
        (POD, NODE, PERSISTENT_VOLUME_CLAIM, PERSISTENT_VOLUME, STORAGE_CLASS),
        thorough=True,
    ),
    Controller(
        Lazy("controllers.endpointslices", "sync_endpointslices"),
        (SERVICE, POD, NODE, ENDPOINT_SLICE),
        thorough=True,
    ),
    Controller(
        Lazy("controllers.endpoints", "sync_endpoints"),
        (SERVICE, POD, ENDPOINTS),
        thorough=True,
        concerned=concerns.may_change_endpoints,
    ),
    Controller(
        Lazy("controllers.endpointslice_mirroring", "sync_mirrored_endpoints"),
        (ENDPOINTS, SERVICE, ENDPOINT_SLICE),
        thorough=True,
        concerned_beside=concerns.may_be_mirrored,
    ),
    Controller(
        Lazy("controllers.service_lb", "sync_load_balancers"),
        (SERVICE,),
        thorough=True,
        concerned=concerns.is_about_a_load_balancer,
    ),
    Controller(Lazy("controllers.apiservices", "sync_api_services"), (API_SERVICE,), thorough=True),
)
"""In the order in which they run; it decides how many rounds it takes, not where it ends."""

_RESOURCES = {(kind.api_version, kind.kind): kind.resource for kind in BUILT_IN}


def settle(
    txn: Transaction, controllers: Iterable[Controller] = CONTROLLERS, *, recording: bool = True
) -> int:
    """Run `controllers` in turn until a whole round asks for nothing; return how many rounds ran.

    Each controller sees what the ones before it wrote, and is told what became of which objects
    since it last ran.  What they record is written last: nobody waits for that.

    Args:
        txn: what was written, and where to write.
        controllers: who is to run.
        recording: whether somebody will look for Events.

    Raises:
        RuntimeError: still changing after `MAX_ROUNDS`; two controllers undo each other.
    """
    turns = [_Turn(each) for each in controllers]
    # All hear of what the command itself wrote.
    first = txn.take_events()
    _notify(turns, first)
    given = frozenset(each.key for each in first.of(EVENT.resource))
    records: list[Record] = []
    for number in range(1, MAX_ROUNDS + 1):
        wrote = False
        for turn in turns:
            changed = turn.take(txn)
            if not changed:
                continue
            records += _apply(txn, turn.controller.run(Snapshot(txn, changed)))
            events = txn.take_events()
            wrote = wrote or bool(events)
            deaf = turn if turn.controller.thorough else None
            _notify((each for each in turns if each is not deaf), events)
        if not wrote:
            if recording:
                _write_events(txn, records, given)
            return number
    raise RuntimeError(f"not settled after {MAX_ROUNDS} rounds")


class _Turn:
    """A controller and what it has not yet heard of."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        self._watched = tuple(kind.resource for kind in controller.watched)
        self._news = NOTHING

    def hear(self, events: Events) -> None:
        """Keep those of `events` that it watches."""
        self._news = self._news.then(events.only(self._watched) if self._watched else events)

    def take(self, txn: Transaction) -> Events:
        """Return the news that concern it, and forget all of them."""
        news, self._news = self._news, NOTHING
        concerned, beside = self.controller.concerned, self.controller.concerned_beside
        if concerned and news:
            news = news.where(concerned)
        if beside and news:
            news = news.where(lambda event: beside(event, txn.get))
        return news


def _notify(turns: Iterable[_Turn], events: Events) -> None:
    if events:
        for each in turns:
            each.hear(events)


def _write_events(txn: Transaction, records: list[Record], given: frozenset[Key]) -> None:
    """Write what controllers recorded, and take away what has been there for long enough."""
    txn.expire(f"{datetime.fromisoformat(txn.now) - EVENT_TTL:%Y-%m-%dT%H:%M:%S}Z")
    if records:
        from svcnet.control.event_recorder import write_events  # noqa: PLC0415 - most write none

        write_events(txn, records, given)


def _apply(txn: Transaction, changes: Iterable[Change]) -> list[Record]:
    """Write what a controller decided; return what it has to say of that."""
    records: list[Record] = []
    decided = tuple(changes)  # All decisions are made before the first write.
    for change in decided:
        match change:
            case Put(document):
                key = key_of(document)
                whole = _stamped(txn, key, document)
                if whole is not None:
                    allocated.write(txn, key, whole)
            case Delete(key):
                if txn.get(key) is not None:
                    deletion.remove(txn, key)
            case Record():
                records.append(change)
            case _:
                assert_never(change)
    return records


def _stamped(txn: Transaction, key: Key, document: Document) -> Document | None:
    """Return `document` with what every new object is given: a uid, and when it was made.

    Pods get their priority, too, and there is none where they cannot have it.
    """
    metadata = document["metadata"]
    # Written before: its identity stays.
    if "uid" in metadata:
        return document
    if key.resource == POD.resource:
        try:
            spec = prioritised(txn.list(PRIORITY_CLASS.resource), document["spec"])
        except Refused:
            return None
        document = {**document, "spec": spec}
    made = {"creationTimestamp": txn.now, "uid": txn.fresh_uid(key)}
    return {**document, "metadata": {**metadata, **made}}


def key_of(document: Document) -> Key:
    """Return where a document of a built-in kind is kept."""
    metadata = document["metadata"]
    resource = _RESOURCES[document["apiVersion"], document["kind"]]
    return Key(resource, metadata.get("namespace", ""), metadata["name"])
