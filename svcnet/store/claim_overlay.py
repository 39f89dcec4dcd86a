"""The claims of one pool inside a transaction: what is stored, with what was written on top."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from heapq import merge
from typing import Any

from svcnet.api.keys import Key
from svcnet.store.pools import Place, Pool, Taken, value_at
from svcnet.store.reader import Reader

CHUNK = 64
"""Claims read at once: most searches for a free number end within the first few."""


class Ledger:
    """Who holds which value of one pool."""

    def __init__(self, base: Reader, pool: Pool) -> None:
        self._base = base
        self._pool = pool
        self.claimed: dict[Place, Key] = {}
        """What was claimed in this transaction, and is not stored yet."""
        self.released: dict[Place, Key] = {}
        """What is stored and was released in this transaction, with its former owners."""
        self._order: list[Any] = []  # the keys of `claimed`, ascending
        self._free_order: list[Any] = []  # the keys of `released`, ascending
        self._counts: dict[tuple[Place, Place], int] = {}

    def owner(self, place: Place) -> Key | None:
        """Return whose the value at `place` is."""
        if place in self.claimed:
            return self.claimed[place]
        if place in self.released:
            return None
        return self._base.owner_at(self._pool, place)

    def claim(self, place: Place, owner: Key) -> None:
        """Give the value at `place` to `owner`; nothing changes when it has it already.

        Raises:
            Taken: somebody else has it.
        """
        holder = self.owner(place)
        if holder == owner:
            return
        if holder is not None:
            raise Taken(self._pool, value_at(place), holder)
        if self.released.get(place) == owner:  # Given back to whom the database has it for.
            del self.released[place]
            _remove(self._free_order, place)
            return
        self.claimed[place] = owner
        insort(self._order, place)

    def release(self, place: Place) -> None:
        """Take the value at `place` from whoever has it."""
        if place in self.claimed:
            del self.claimed[place]
            _remove(self._order, place)
        elif place not in self.released:
            holder = self._base.owner_at(self._pool, place)
            if holder is not None:
                self.released[place] = holder
                insort(self._free_order, place)

    def held_by(self, owner: Key) -> tuple[Place, ...]:
        """Return the places that `owner` holds, ascending."""
        stored = self._base.places_of(self._pool, owner)
        mine = [place for place, holder in self.claimed.items() if holder == owner]
        return tuple(merge((each for each in stored if each not in self.released), sorted(mine)))

    def taken(self, low: Place, high: Place) -> Iterator[Place]:
        """Yield the taken places from `low` to `high`, ascending, reading as far as is asked for.

        The ledger must not be written while this is running.
        """
        return merge(self._stored(low, high), self._written(low, high))

    def count(self, low: Place, high: Place) -> int:
        """Return how many places from `low` to `high` are taken."""
        # What is stored does not change meanwhile, and counting it costs as much as reading it.
        if (low, high) not in self._counts:
            self._counts[low, high] = self._base.count(self._pool, low, high)
        return (
            self._counts[low, high]
            + _between(self._order, low, high)
            - _between(self._free_order, low, high)
        )

    def _written(self, low: Place, high: Place) -> Iterator[Place]:
        for index in range(bisect_left(self._order, low), bisect_right(self._order, high)):
            yield self._order[index]

    def _stored(self, low: Place, high: Place) -> Iterator[Place]:
        # From where the last chunk ended, not by OFFSET, which would count from the start.
        while True:
            claims = self._base.claims(self._pool, low, high, CHUNK)
            yield from (each.place for each in claims if each.place not in self.released)
            if len(claims) < CHUNK:
                return
            low = after(claims[-1].place)


def after(place: Place) -> Place:
    """Return the lowest place that is higher than `place`.

    >>> after(30000), after("40a600001") > "40a600001"
    (30001, True)
    """
    return place + 1 if isinstance(place, int) else place + "!"  # Sorts before "/".


def _remove(order: list[Any], place: Place) -> None:
    del order[bisect_left(order, place)]


def _between(order: list[Any], low: Place, high: Place) -> int:
    return bisect_right(order, high) - bisect_left(order, low)
