"""One command's view of the state: what is stored, and over it what the command wrote so far.

Nothing here touches a database.  The store writes `written` and the claims when the command is
done, all at once; a transaction over an `EmptyReader` is a cluster in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from svcnet.api import objects
from svcnet.api.drawing import draw, uid
from svcnet.api.index_values import WRITTEN, by_writing
from svcnet.api.keys import Document, Key, Keys
from svcnet.api.kinds import CUSTOM_RESOURCE_DEFINITION, EVENT, Kinds
from svcnet.snapshot import Event, Events, Snapshot
from svcnet.store.claim_overlay import ClaimOverlay
from svcnet.store.index_overlay import IndexOverlay
from svcnet.store.pools import (
    Bound,
    Pool,
    Value,
    number_of,
    sort_key_of,
    sort_keys_between,
    value_of,
)
from svcnet.store.reader import Documents, Reader, custom_kinds
from svcnet.store.resource_cache import Entry, ResourceCache

if TYPE_CHECKING:
    from svcnet.api.config import ClusterSettings

V = TypeVar("V")

Entries: TypeAlias = list[Entry]


class Transaction:
    """The state as one command sees and changes it.

    Documents that are handed in belong to the transaction from then on, and those that are
    handed out must not be changed.

    Args:
        base: what is stored.  It must not change as long as the transaction lives.
        now: the moment of the command, RFC 3339 in whole seconds.
    """

    def __init__(self, base: Reader, now: str) -> None:
        self._base = base
        self.now = now
        self.revision = base.revision
        """The last `metadata.resourceVersion` that was given."""
        self.recorded = 0
        """How many new Events were written."""
        self.written: dict[Key, Entry | None] = {}
        """What the command wrote, in order of first writing; None: deleted."""
        self.counted: dict[Key, int] = {}
        """How often objects were deleted, of those that the command deleted and that count."""
        self.claim_overlays = {pool: ClaimOverlay(base, pool) for pool in Pool}
        self.index = IndexOverlay(base)
        self._found: dict[tuple[str, str, str | None], Keys] = {}
        self._caches: dict[str, ResourceCache] = {}
        self._before: dict[Key, Entry | None] = {}
        self._kinds: Kinds | None = None

    @cached_property
    def settings(self) -> ClusterSettings:
        """What `init` decided."""
        return self._base.settings

    def kinds(self) -> Kinds:
        """Return the kinds that the cluster serves: the built-in ones and those users defined."""
        if self._kinds is None:
            self._kinds = Kinds(custom_kinds(self.list(CUSTOM_RESOURCE_DEFINITION.resource)))
        return self._kinds

    # --- objects ------------------------------------------------------------------------------

    def get(self, key: Key) -> Document | None:
        """Return one object whole."""
        entry = self._cache(key.resource).get(key.namespace, key.name)
        return None if entry is None else entry.document

    document = get

    def list(self, resource: str, namespace: str | None = None) -> Documents:
        """Return the objects of a resource, or those of one namespace, by (namespace, name)."""
        return [each.document for each in self._cache(resource).entries(namespace)]

    def view(self, view: type[V], namespace: str, name: str) -> V | None:
        """Return one object as the pipeline reads it."""
        entry = self._cache(_resource(view)).get(namespace, name)
        return None if entry is None else entry.view(view)

    def views(self, view: type[V], namespace: str | None = None) -> tuple[V, ...]:
        """Return the objects of a kind, or those of one namespace, by (namespace, name).

        Raises:
            InternalError: a stored object has a field of a wrong type.
        """
        return self._cache(_resource(view)).views(view, namespace)

    def resources(self, namespace: str | None = None) -> tuple[str, ...]:
        """Return the resources that have objects, in all or in one namespace, sorted."""
        stored = self._base.resources(namespace)
        written = {key.resource for key in self.written if namespace in (None, key.namespace)}
        return tuple(
            each
            for each in sorted({*stored, *written})
            # What was not written to is as it was; the others may have lost their last object.
            if each not in written or next(self._cache(each).entries(namespace), None) is not None
        )

    def indexed(self, resource: str, value: str, namespace: str | None = None) -> Documents:
        """Return the objects that are found under a value, by (namespace, name)."""
        return [each.document for each in self._indexed(resource, value, namespace)]

    def indexed_views(
        self, view: type[V], value: str, namespace: str | None = None
    ) -> tuple[V, ...]:
        """Return the objects that are found under a value, as the pipeline reads them."""
        entries = self._indexed(_resource(view), value, namespace)
        return tuple([each.view(view) for each in entries])

    def indexed_keys(self, value: str) -> Keys:
        """Return where everything is kept that is found under a value, whatever it is."""
        return self.index.keys(value)

    def rarest(self, view: type[V], values: Sequence[str], namespace: str) -> str:
        """Return the one of some values that the fewest objects of a namespace are found under."""
        resource = _resource(view)
        if len(values) == 1:
            return values[0]
        return min(values, key=lambda each: self.index.count(each, resource, namespace))

    def tally(self, name: str) -> int:
        """Return what a tally of `api.tallies` is at."""
        return self.index.tally(name)

    def tallies(self, prefix: str) -> dict[str, int]:
        """Return what all tallies are at whose names begin with `prefix`, without those at 0."""
        return self.index.tallies(prefix)

    def put(self, document: Document) -> Document:
        """Write an object, replacing the one of its kind and name; return it as stored.

        Raises:
            LookupError: no such kind is served.
        """
        kind = self.kinds().of_document(document["apiVersion"], document["kind"])
        if kind is None:
            raise LookupError(f"{document['apiVersion']} {document['kind']} is not served")
        metadata = document["metadata"]
        key = Key(kind.resource, metadata.get("namespace") or "", metadata["name"])
        self.revision += 1
        stamped = {**metadata, "resourceVersion": str(self.revision)}
        stored = {**document, "metadata": stamped}
        # Encoded now, not at the end: views are decoded from the text, as those of stored objects.
        self._write(key, Entry.of(stored))
        return stored

    def record(self, document: Document, *, new: bool) -> None:
        """Write an Event; controllers are not told, for it tells of what they know.

        It gets the revision of what it tells of, and takes none: what is drawn later does not
        depend on how much was told.

        Args:
            document: the Event, of core/v1.
            new: whether its name was never used; then nothing has to be looked up.
        """
        metadata = document["metadata"]
        metadata["resourceVersion"] = str(self.revision)
        key = Key(EVENT.resource, metadata["namespace"], metadata["name"])
        self.recorded += new
        before = None if new else self._cache(EVENT.resource).get(key.namespace, key.name)
        self._replace(key, before, Entry.of(document))

    def expire(self, end: str) -> None:
        """Take away the Events that were last written before `end`, as their leases ran out."""
        for key in self._base.indexed_between(WRITTEN, by_writing(end)):
            if key not in self.written:
                self._replace(key, self._cache(key.resource).get(key.namespace, key.name), None)

    def delete(self, key: Key) -> None:
        """Take an object away, if it is there; what it holds must have been released."""
        if self._cache(key.resource).get(key.namespace, key.name) is not None:
            self.revision += 1
            self._write(key, None)

    def deletions(self, key: Key) -> int:
        """Return how often something of this name was deleted, as far as that was counted."""
        counted = self.counted.get(key)
        return self._base.deletions(key) if counted is None else counted

    def count_deletion(self, key: Key) -> None:
        """Note that something of this name is deleted; it must be deleted as well."""
        self.counted[key] = self.deletions(key) + 1

    def has_writes(self) -> bool:
        """Tell whether there is anything to write down."""
        claims = self.claim_overlays.values()
        return bool(self.written) or any(each.claimed or each.released for each in claims)

    def fresh_uid(self, key: Key) -> str:
        """Return the uid for an object that is about to be put."""
        return uid(draw(self.settings.seed, "uid", *key, self.revision + 1))

    # --- controllers --------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Return the state as it is now; it must be read before the next write."""
        return Snapshot(self)

    def take_events(self) -> Events:
        """Return what was written since this was asked last."""
        before, self._before = self._before, {}
        return Events.collect(
            Event(key, entry.document if entry else None, self.get(key))
            for key, entry in before.items()
        )

    # --- what must be unique ------------------------------------------------------------------

    def claim(self, pool: Pool, value: Value, owner: Key) -> None:
        """Give `value` to `owner`; nothing changes when it has it already.

        Raises:
            ClaimTaken: somebody else has it.
        """
        self.claim_overlays[pool].claim(sort_key_of(value), owner)

    def release(self, pool: Pool, value: Value) -> None:
        """Take `value` from whoever has it."""
        self.claim_overlays[pool].release(sort_key_of(value))

    def owner(self, pool: Pool, value: Value) -> Key | None:
        """Return who has `value`."""
        return self.claim_overlays[pool].owner(sort_key_of(value))

    def claimed_by(self, pool: Pool, owner: Key) -> tuple[Value, ...]:
        """Return what `owner` has, ascending."""
        return tuple(map(value_of, self.claim_overlays[pool].held_by(owner)))

    def taken(self, pool: Pool, first: Bound, last: Bound) -> Iterator[int]:
        """Yield the taken numbers from `first` to `last`, ascending.

        Costs as much as is read of it.  A range of addresses counts as its first address.  The
        pool must not be written while this is running.
        """
        return map(number_of, self.claim_overlays[pool].taken(*sort_keys_between(first, last)))

    def taken_pod_ips(self, first: Bound, last: Bound) -> Iterator[int]:
        """Yield the addresses between two bounds that pods have, as numbers, ascending."""
        return self.taken(Pool.POD_IPS, first, last)

    def count(self, pool: Pool, first: Bound, last: Bound) -> int:
        """Return how many numbers from `first` to `last` are taken."""
        return self.claim_overlays[pool].count(*sort_keys_between(first, last))

    def _cache(self, resource: str) -> ResourceCache:
        cache = self._caches.get(resource)
        if cache is None:
            cache = self._caches[resource] = ResourceCache(self._base, resource)
        return cache

    def _indexed(self, resource: str, value: str, namespace: str | None) -> Entries:
        """Return the objects that are found under a value, by (namespace, name)."""
        cache, index, where = self._cache(resource), self.index, (resource, value, namespace)
        if where not in self._found:
            rows = self._base.indexed_rows(resource, value, namespace)
            for row in rows:
                cache.learn(row.namespace, row.name, row.body)
            self._found[where] = [Key(resource, row.namespace, row.name) for row in rows]
        keys = [each for each in self._found[where] if each not in index]
        if written := index.written(value, resource, namespace):
            keys = sorted([*keys, *written])
        found = (cache.get(each.namespace, each.name) for each in keys)
        return [each for each in found if each is not None]

    def _write(self, key: Key, entry: Entry | None) -> None:
        cache = self._cache(key.resource)
        before = cache.get(key.namespace, key.name)
        self._before.setdefault(key, before)
        self._replace(key, before, entry)
        if key.resource == CUSTOM_RESOURCE_DEFINITION.resource:
            self._kinds = None  # The next document may be of the kind that this one defines.

    def _replace(self, key: Key, before: Entry | None, entry: Entry | None) -> None:
        self.index.write(key, before, entry)
        self._cache(key.resource).set(key.namespace, key.name, entry)
        self.written[key] = entry


def _resource(view: type[Any]) -> str:
    """Return which resource's objects a view shows."""
    resource = _RESOURCES.get(view)
    if resource is None:  # A module that brings views was imported since.
        _RESOURCES.update((shown, name) for name, shown in objects.VIEWS.items())
        resource = _RESOURCES[view]
    return resource


_RESOURCES: dict[type[Any], str] = {}
