"""What objects are found under inside a transaction: what is stored, under what was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from svcnet.api.index_values import index_values
from svcnet.api.keys import Key, Keys
from svcnet.api.tallies import tallies
from svcnet.store.reader import IndexRow, Reader, TallyRow
from svcnet.store.resource_cache import Entry

ENOUGH = 32
"""Objects under one value beyond which it does not matter how many more there are."""


class IndexOverlay:
    """By what the objects of all resources are found."""

    def __init__(self, base: Reader) -> None:
        self._base = base
        self._stored: dict[Key, tuple[str, ...]] = {}
        """What an object is found under in the database, for those that were written."""
        self._written: dict[Key, tuple[str, ...]] = {}
        """What it is found under now; nothing when it was deleted."""
        self._under: dict[str, dict[Key, None]] = {}
        """Which of those that were written are found under a value."""
        self._tallies: dict[str, int] = {}
        """What the database has counted, as far as somebody asked."""
        self._more: Counter[str] = Counter()
        """How much more there is now."""

    def __contains__(self, key: Key) -> bool:
        """Tell whether an object was written, so that the database is not asked about it."""
        return key in self._written

    def write(self, key: Key, before: Entry | None, entry: Entry | None) -> None:
        """Keep under what an object is found from now on, and was found until then."""
        self._count(key, before, entry)
        after = () if entry is None else index_values(key.resource, entry.document)
        held = self._written.get(key)
        if held is None:
            stored = () if before is None else index_values(key.resource, before.document)
            self._stored[key], held = stored, ()
        if after == held and key in self._written:
            return  # Nearly every update.
        self._written[key] = after
        for value in held:
            self._under[value].pop(key, None)
        for value in after:
            self._under.setdefault(value, {})[key] = None

    def _count(self, key: Key, before: Entry | None, entry: Entry | None) -> None:
        if before is not None:
            for name, amount in tallies(key, before.document):
                self._more[name] -= amount
        if entry is not None:
            for name, amount in tallies(key, entry.document):
                self._more[name] += amount

    def written(self, value: str, resource: str, namespace: str | None) -> Keys:
        """Return the objects of a resource that were written and are found under a value."""
        return [
            key
            for key in self._under.get(value, ())
            if key.resource == resource and namespace in (None, key.namespace)
        ]

    def keys(self, value: str) -> Keys:
        """Return everything that is found under a value, by key."""
        stored = (key for key in self._base.indexed_keys(value) if key not in self._written)
        return sorted([*stored, *self._under.get(value, ())])

    def count(self, value: str, resource: str, namespace: str) -> int:
        """Return about how many objects are found under a value; enough to tell few from many."""
        stored = self._base.count_indexed(resource, value, namespace, ENOUGH)
        return stored + len(self._under.get(value, ()))

    def tally(self, name: str) -> int:
        """Return what a tally of `api.tallies` is at."""
        if name not in self._tallies:
            self._tallies[name] = self._base.tally(name)
        return self._tallies[name] + self._more[name]

    def tallies(self, prefix: str) -> dict[str, int]:
        """Return what all tallies are at whose names begin with `prefix`, without those at 0."""
        found = Counter(self._base.tallies(prefix))
        found.update({name: more for name, more in self._more.items() if name.startswith(prefix)})
        return {name: amount for name, amount in found.items() if amount}

    def counted(self) -> list[TallyRow]:
        """Return how much more there is than what the database has counted, by name."""
        return [TallyRow(*each) for each in sorted(self._more.items()) if each[1]]

    def removed(self) -> list[IndexRow]:
        """Return the rows that are to be deleted from the database, in its order."""
        return sorted(_rows(self._stored, self._written))

    def added(self) -> list[IndexRow]:
        """Return the rows that are to be written to the database, in its order."""
        return sorted(_rows(self._written, self._stored))


def _rows(
    values: dict[Key, tuple[str, ...]], others: dict[Key, tuple[str, ...]]
) -> Iterator[IndexRow]:
    """Yield what objects are found under in one state, and not in the other."""
    for key, found in values.items():
        elsewhere = others[key]
        if found != elsewhere:
            yield from (IndexRow(value, *key) for value in found if value not in elsewhere)
