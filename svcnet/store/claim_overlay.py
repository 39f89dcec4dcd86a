"""The claims of one pool inside a transaction: what is stored, with what was written on top."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from heapq import merge
from typing import Any

from svcnet.api.keys import Key
from svcnet.store.pools import ClaimTaken, Pool, SortKey, value_of
from svcnet.store.reader import ClaimRow, Reader

CHUNK = 64
"""Claims read at once: most searches for a free number end within the first few."""


class ClaimOverlay:
    """Who holds which value of one pool."""

    def __init__(self, base: Reader, pool: Pool) -> None:
        self._base = base
        self._pool = pool
        self.claimed: dict[SortKey, Key] = {}
        """What was claimed in this transaction, and is not stored yet."""
        self.released: dict[SortKey, Key] = {}
        """What is stored and was released in this transaction, with its former owners."""
        self._order: list[Any] = []  # the keys of `claimed`, ascending
        self._free_order: list[Any] = []  # the keys of `released`, ascending
        self._counts: dict[tuple[SortKey, SortKey], int] = {}

    def owner(self, sort_key: SortKey) -> Key | None:
        """Return who has the value of `sort_key`."""
        if sort_key in self.claimed:
            return self.claimed[sort_key]
        if sort_key in self.released:
            return None
        return self._base.owner_at(self._pool, sort_key)

    def claim(self, sort_key: SortKey, owner: Key) -> None:
        """Give the value of `sort_key` to `owner`; nothing changes when it has it already.

        Raises:
            ClaimTaken: somebody else has it.
        """
        holder = self.owner(sort_key)
        if holder == owner:
            return
        if holder is not None:
            raise ClaimTaken(self._pool, value_of(sort_key), holder)
        if self.released.get(sort_key) == owner:  # Given back to whom the database has it for.
            del self.released[sort_key]
            _remove(self._free_order, sort_key)
            return
        self.claimed[sort_key] = owner
        insort(self._order, sort_key)

    def release(self, sort_key: SortKey) -> None:
        """Take the value of `sort_key` from whoever has it."""
        if sort_key in self.claimed:
            del self.claimed[sort_key]
            _remove(self._order, sort_key)
        elif sort_key not in self.released:
            holder = self._base.owner_at(self._pool, sort_key)
            if holder is not None:
                self.released[sort_key] = holder
                insort(self._free_order, sort_key)

    def rows(self) -> list[ClaimRow]:
        """Return what was claimed, as it is to be stored."""
        return list(map(ClaimRow._make, self.claimed.items()))

    def held_by(self, owner: Key) -> tuple[SortKey, ...]:
        """Return the sort keys of what `owner` holds, ascending."""
        stored = self._base.sort_keys_of(self._pool, owner)
        mine = [sort_key for sort_key, holder in self.claimed.items() if holder == owner]
        return tuple(merge((each for each in stored if each not in self.released), sorted(mine)))

    def taken(self, low: SortKey, high: SortKey) -> Iterator[SortKey]:
        """Yield the taken sort keys from `low` to `high`, ascending.

        Reads as far as is asked for.  The overlay must not be written while this is running.
        """
        return merge(self._stored(low, high), self._written(low, high))

    def count(self, low: SortKey, high: SortKey) -> int:
        """Return how many values from `low` to `high` are taken."""
        # What is stored does not change meanwhile, and counting it costs as much as reading it.
        if (low, high) not in self._counts:
            self._counts[low, high] = self._base.count(self._pool, low, high)
        return (
            self._counts[low, high]
            + _between(self._order, low, high)
            - _between(self._free_order, low, high)
        )

    def _written(self, low: SortKey, high: SortKey) -> Iterator[SortKey]:
        for index in range(bisect_left(self._order, low), bisect_right(self._order, high)):
            yield self._order[index]

    def _stored(self, low: SortKey, high: SortKey) -> Iterator[SortKey]:
        # From where the last chunk ended, not by OFFSET, which would count from the start.
        while True:
            claims = self._base.claims(self._pool, low, high, CHUNK)
            yield from (each.sort_key for each in claims if each.sort_key not in self.released)
            if len(claims) < CHUNK:
                return
            low = after(claims[-1].sort_key)


def after(sort_key: SortKey) -> SortKey:
    """Return the lowest sort key that is higher than `sort_key`.

    >>> after(30000), after("40a600001") > "40a600001"
    (30001, True)
    """
    return sort_key + 1 if isinstance(sort_key, int) else sort_key + "!"  # Sorts before "/".


def _remove(order: list[Any], sort_key: SortKey) -> None:
    del order[bisect_left(order, sort_key)]


def _between(order: list[Any], low: SortKey, high: SortKey) -> int:
    return bisect_right(order, high) - bisect_left(order, low)
