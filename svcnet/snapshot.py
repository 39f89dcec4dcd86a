"""The cluster at one revision, typed, in fixed order; what changed, and what is to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from svcnet.api.config import ClusterSettings
from svcnet.api.keys import Document, Key, Keys
from svcnet.api.objects import Namespace, Node, Service, ServiceCIDR
from svcnet.lean_namedtuple import NamedTuple

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

    Bound: TypeAlias = IPv4Address | IPv6Address
    """The first or last of the addresses that are asked about."""

V = TypeVar("V")


class Put(NamedTuple):
    """Write this document, whole."""

    document: Document


class Delete(NamedTuple):
    """Take this object away."""

    key: Key


class Record(NamedTuple):
    """Say what became of an object, for whoever looks for a reason: an Event of the API.

    The name is that of Kubernetes' `EventRecorder`; `Event` below is what a watch tells.
    """

    about: Document
    """The object, as its controller saw it."""
    type: str
    """``Normal`` or ``Warning``."""
    reason: str
    """Why, in one word: ``ScalingReplicaSet``."""
    message: str
    component: str
    """Who says so: ``deployment-controller``."""
    action: str = ""
    """What was tried; only who records by events.k8s.io/v1, as the scheduler does, tells it."""


Change: TypeAlias = Put | Delete | Record


class Event(NamedTuple):
    """What became of one object; between the two documents it may have been written many times."""

    key: Key
    before: Document | None
    """As it was when this was last told; None: it was not there."""
    after: Document | None
    """As it is now; None: it is gone."""

    def documents(self) -> list[Document]:
        """Return the object as it was and as it is, as far as it was and is there."""
        return [each for each in (self.before, self.after) if each is not None]

    @property
    def went(self) -> bool:
        """Whether the object that was there is gone; another may have its name by now."""
        return self.before is not None and (
            self.after is None
            or self.before["metadata"].get("uid") != self.after["metadata"].get("uid")
        )

    @property
    def came(self) -> bool:
        """Whether the object that is there was not there before, whatever had its name."""
        return self.after is not None and (
            self.before is None
            or self.before["metadata"].get("uid") != self.after["metadata"].get("uid")
        )


class Events:
    """What changed, each object once."""

    __slots__ = ("_found",)

    def __init__(self, found: Mapping[str, Mapping[Key, Event]] | None = None) -> None:
        # By resource, so that passing over what does not concern a controller costs nothing.
        self._found = found or {}

    @classmethod
    def collect(cls, events: Iterable[Event]) -> Events:
        """Return `events`, of different objects, together."""
        found: dict[str, dict[Key, Event]] = {}
        for each in events:
            found.setdefault(each.key.resource, {})[each.key] = each
        return cls(found)

    def __bool__(self) -> bool:
        return any(self._found.values())

    def __contains__(self, key: Key) -> bool:
        return key in self._found.get(key.resource, ())

    def __iter__(self) -> Iterator[Event]:
        """Yield all events, by key."""
        return iter(self.of(*self._found))

    def of(self, *resources: str) -> list[Event]:
        """Return the events of some resources, by key."""
        return [
            events[key]
            for resource in sorted(resources)
            if (events := self._found.get(resource))
            for key in sorted(events)
        ]

    def namespaces(self, *resources: str) -> list[str]:
        """Return the namespaces in which something of some resources changed, sorted."""
        return sorted({key.namespace for each in resources for key in self._found.get(each, ())})

    def only(self, resources: Iterable[str]) -> Events:
        """Return the events of some resources."""
        return Events({each: self._found[each] for each in resources if each in self._found})

    def where(self, concerns: Callable[[Event], bool]) -> Events:
        """Return the events that `concerns` says yes to."""
        every = (event for events in self._found.values() for event in events.values())
        return Events.collect(filter(concerns, every))

    def then(self, later: Events) -> Events:
        """Return these events with later ones: what was before them, and what is after those."""
        if not self._found:
            return later
        found = {**self._found}
        for resource, events in later._found.items():
            known = found.get(resource)
            found[resource] = events if not known else {**known, **_joined(known, events)}
        return Events(found)


def _joined(known: Mapping[Key, Event], later: Mapping[Key, Event]) -> dict[Key, Event]:
    """Return `later`, each event with what was before the one known of the same object."""
    return {
        key: event._replace(before=known[key].before) if key in known else event
        for key, event in later.items()
    }


NOTHING = Events()


# A protocol, because the store imports this module: naming its classes would close a circle.
class Lister(Protocol):
    """Where a snapshot finds its objects: the database, or a transaction over it."""

    @property
    def settings(self) -> ClusterSettings:
        """What `init` decided."""
        ...

    @property
    def now(self) -> str:
        """The moment of reading, RFC 3339 in whole seconds: ``2026-11-23T16:27:33Z``."""
        ...

    @property
    def revision(self) -> int:
        """The highest `metadata.resourceVersion` that was ever given; rises with every write."""
        ...

    def views(self, view: type[V], namespace: str | None = None) -> tuple[V, ...]:
        """Return all objects of a kind, or those of one namespace, by (namespace, name)."""
        ...

    def view(self, view: type[V], namespace: str, name: str) -> V | None:
        """Return one object of a kind."""
        ...

    def document(self, key: Key) -> Document | None:
        """Return one object whole; the caller must not change it."""
        ...

    def list(self, resource: str, namespace: str | None = None) -> list[Document]:
        """Return the objects of a resource whole, or those of one namespace."""
        ...

    def indexed_views(
        self, view: type[V], value: str, namespace: str | None = None
    ) -> tuple[V, ...]:
        """Return the objects of a kind that are found under a value of `api.index_values`."""
        ...

    def indexed_keys(self, value: str) -> Keys:
        """Return where everything is kept that is found under a value, whatever it is."""
        ...

    def rarest(self, view: type[V], values: Sequence[str], namespace: str) -> str:
        """Return the one of some values that the fewest objects of a namespace are found under."""
        ...

    def tally(self, name: str) -> int:
        """Return what a tally of `api.tallies` is at."""
        ...

    def tallies(self, prefix: str) -> dict[str, int]:
        """Return what all tallies are at whose names begin with `prefix`, without those at 0."""
        ...

    def taken_pod_ips(self, first: Bound, last: Bound) -> Iterator[int]:
        """Yield the addresses between two bounds that pods have, as numbers, ascending."""
        ...

    def resources(self, namespace: str | None = None) -> tuple[str, ...]:
        """Return the resources that have objects, in all or in one namespace, sorted."""
        ...


class Snapshot:
    """The cluster at one revision.

    Objects are decoded when they are first asked for, so a snapshot must be read before the next
    write to what it was taken from: controllers decide everything, then their changes are applied.
    """

    def __init__(self, source: Lister, changed: Events = NOTHING) -> None:
        self._source = source
        self.settings = source.settings
        # Taken once: the clock goes on, but what one round writes must bear one time.
        self.now = source.now
        # Lets a controller pass over what cannot concern it, and tells what a gone object was.
        self.changed = changed
        """What was written since a controller last ran, of what it watches."""

    def document(self, key: Key) -> Document | None:
        """Return one object whole; the caller must not change it."""
        return self._source.document(key)

    @property
    def revision(self) -> int:
        """A number that no later snapshot with other content has; generated names draw on it."""
        return self._source.revision

    def documents(self, resource: str, namespace: str | None = None) -> list[Document]:
        """Return the objects of a resource whole, or those of one namespace."""
        return self._source.list(resource, namespace)

    def resources(self, namespace: str | None = None) -> tuple[str, ...]:
        """Return the resources that have objects, in all or in one namespace, sorted."""
        return self._source.resources(namespace)

    def of(self, view: type[V], namespace: str | None = None) -> tuple[V, ...]:
        """Return all objects of a kind, or those of one namespace, by (namespace, name)."""
        return self._source.views(view, namespace)

    def indexed(self, view: type[V], value: str, namespace: str | None = None) -> tuple[V, ...]:
        """Return the objects of a kind that are found under a value, by (namespace, name).

        Args:
            view: the kind.
            value: one of `api.index_values`.
            namespace: where to look; None: everywhere.
        """
        return self._source.indexed_views(view, value, namespace)

    def indexed_keys(self, value: str) -> Keys:
        """Return where everything is kept that is found under a value, whatever it is, by key."""
        return self._source.indexed_keys(value)

    def candidates(self, view: type[V], values: Sequence[str], namespace: str) -> tuple[V, ...]:
        """Return few objects among which all are that are found under each of `values`."""
        return self.indexed(view, self._source.rarest(view, values, namespace), namespace)

    def tally(self, name: str) -> int:
        """Return what a tally of `api.tallies` is at."""
        return self._source.tally(name)

    def tallies(self, prefix: str) -> dict[str, int]:
        """Return what all tallies are at whose names begin with `prefix`, without those at 0."""
        return self._source.tallies(prefix)

    def taken_pod_ips(self, first: Bound, last: Bound) -> Iterator[int]:
        """Yield the addresses between two bounds that pods have, as numbers, ascending."""
        return self._source.taken_pod_ips(first, last)

    def one(self, view: type[V], namespace: str, name: str) -> V | None:
        """Return one object of a kind, or None when it is not there."""
        return self._source.view(view, namespace, name)

    @property
    def services(self) -> tuple[Service, ...]:
        """All Services."""
        # Nothing is kept here: the source keeps what it has decoded, and knows when it is stale.
        return self.of(Service)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All Nodes."""
        return self.of(Node)

    @property
    def namespaces(self) -> tuple[Namespace, ...]:
        """All Namespaces."""
        return self.of(Namespace)

    @property
    def service_cidrs(self) -> tuple[ServiceCIDR, ...]:
        """All ServiceCIDRs."""
        return self.of(ServiceCIDR)
