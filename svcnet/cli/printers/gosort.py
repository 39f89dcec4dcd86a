"""Sorting as Go's sort.Sort does, where how equal things end up can be seen.

It is not stable: short runs are sorted by insertion, longer ones by a quicksort that looks for
patterns and shuffles with a generator of its own.  kubectl's output depends on all of that as soon
as several objects have the same value.

Source: Go sort/zsortinterface.go (pattern-defeating quicksort).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

Less = Callable[[int, int], bool]
"""Whether one of the things that were given, by its index, comes before another."""

SHORT = 12
"""Runs up to this length are sorted by insertion."""
SHORTEST_NINTHER = 50
_STEPS = 5
_UNPATTERNED = 50


class _Hint(Enum):
    UNKNOWN = auto()
    INCREASING = auto()
    DECREASING = auto()


def sort(count: int, less: Less) -> list[int]:
    """Return the indexes 0 … `count`-1 in the order in which Go leaves the things.

    >>> sort(4, lambda i, j: [2, 1, 2, 0][i] < [2, 1, 2, 0][j])
    [3, 1, 0, 2]
    """
    sorter = _Sorter(list(range(count)), less)
    sorter.quick(0, count, count.bit_length())
    return sorter.order


class _Sorter:
    def __init__(self, order: list[int], less: Less) -> None:
        self.order = order
        self._less = less

    def less(self, i: int, j: int) -> bool:
        return self._less(self.order[i], self.order[j])

    def swap(self, i: int, j: int) -> None:
        self.order[i], self.order[j] = self.order[j], self.order[i]

    def quick(self, a: int, b: int, limit: int) -> None:
        """Sort the run from `a` up to `b`; `limit` is how many bad pivots are borne."""
        was_balanced = was_partitioned = True
        while b - a > SHORT:
            if not limit:
                # Too many bad pivots: this run was made to be slow.
                self.heap(a, b)
                return
            # An uneven split may be the work of a pattern in the values; a shuffle breaks it.
            if not was_balanced:
                self.shuffle(a, b)
                limit -= 1
            pivot, hint = self.choose_pivot(a, b)
            if hint is _Hint.DECREASING:
                # Likely in the opposite order: turn it round and look at it as increasing.
                self.reverse(a, b)
                pivot = b - 1 - (pivot - a)
                hint = _Hint.INCREASING
            if (
                was_balanced
                and was_partitioned
                and hint is _Hint.INCREASING
                and self.partial_insertion(a, b)
            ):
                return
            if a > 0 and not self.less(a - 1, pivot):
                # What stands before this run is as large as the pivot: so are many in it.
                a = self.partition_equal(a, b, pivot)
                continue
            middle, was_partitioned = self.partition(a, b, pivot)
            left, right = middle - a, b - middle
            was_balanced = min(left, right) >= (b - a) // 8
            # Descend into the shorter side only, so that the stack stays shallow.
            if left < right:
                self.quick(a, middle, limit)
                a = middle + 1
            else:
                self.quick(middle + 1, b, limit)
                b = middle
        self.insertion(a, b)

    def insertion(self, a: int, b: int) -> None:
        for i in range(a + 1, b):
            j = i
            while j > a and self.less(j, j - 1):
                self.swap(j, j - 1)
                j -= 1

    def heap(self, first: int, b: int) -> None:
        count = b - first
        for i in range((count - 1) // 2, -1, -1):
            self.sift_down(i, count, first)
        for i in range(count - 1, -1, -1):
            self.swap(first, first + i)
            self.sift_down(0, i, first)

    def sift_down(self, root: int, end: int, first: int) -> None:
        while (child := 2 * root + 1) < end:
            if child + 1 < end and self.less(first + child, first + child + 1):
                child += 1
            if not self.less(first + root, first + child):
                return
            self.swap(first + root, first + child)
            root = child

    def partition(self, a: int, b: int, pivot: int) -> tuple[int, bool]:
        """Put what is less than the pivot before it; return its place, and whether all was so."""
        self.swap(a, pivot)
        i, j = self._close_in(a, a + 1, b - 1)
        if i > j:
            self.swap(j, a)
            return j, True
        self.swap(i, j)
        i, j = i + 1, j - 1
        while True:
            i, j = self._close_in(a, i, j)
            if i > j:
                break
            self.swap(i, j)
            i, j = i + 1, j - 1
        self.swap(j, a)
        return j, False

    def _close_in(self, pivot: int, i: int, j: int) -> tuple[int, int]:
        while i <= j and self.less(i, pivot):
            i += 1
        while i <= j and not self.less(j, pivot):
            j -= 1
        return i, j

    def partition_equal(self, a: int, b: int, pivot: int) -> int:
        """Put what equals the pivot first; return where the rest begins."""
        self.swap(a, pivot)
        i, j = a + 1, b - 1
        while True:
            while i <= j and not self.less(a, i):
                i += 1
            while i <= j and self.less(a, j):
                j -= 1
            if i > j:
                return i
            self.swap(i, j)
            i, j = i + 1, j - 1

    def partial_insertion(self, a: int, b: int) -> bool:
        """Repair a few pairs that stand wrong; return whether all is sorted then."""
        i = a + 1
        for _ in range(_STEPS):
            while i < b and not self.less(i, i - 1):
                i += 1
            if i == b:
                return True
            if b - a < _UNPATTERNED:
                return False
            self.swap(i, i - 1)
            if i - a >= 2:  # noqa: PLR2004 - there is a pair before it
                self._shift(range(i - 1, 0, -1))
            if b - i >= 2:  # noqa: PLR2004 - there is a pair after it
                self._shift(range(i + 1, b))
        return False

    def _shift(self, places: range) -> None:
        for j in places:
            if not self.less(j, j - 1):
                return
            self.swap(j, j - 1)

    def shuffle(self, a: int, b: int) -> None:
        """Exchange three things around the middle with some drawn by an xorshift."""
        count = b - a
        if count < 8:  # noqa: PLR2004 - too short to have a pattern
            return
        drawn = count
        modulus = 1 << count.bit_length()
        at = a + (count // 4) * 2 - 1
        for i in range(3):
            drawn ^= drawn << 13 & 0xFFFFFFFFFFFFFFFF
            drawn ^= drawn >> 7
            drawn ^= drawn << 17 & 0xFFFFFFFFFFFFFFFF
            other = drawn & (modulus - 1)
            if other >= count:
                other -= count
            self.swap(at - 1 + i, a + other)

    def choose_pivot(self, a: int, b: int) -> tuple[int, _Hint]:
        """Return a place near the median, and what the order seems to be."""
        count = b - a
        swaps = [0]
        i, j, k = (a + count // 4 * each for each in (1, 2, 3))
        if count >= 8:  # noqa: PLR2004 - below, the middle will do
            if count >= SHORTEST_NINTHER:
                i, j, k = (self.median(each - 1, each, each + 1, swaps) for each in (i, j, k))
            j = self.median(i, j, k, swaps)
        if not swaps[0]:
            return j, _Hint.INCREASING
        return j, _Hint.DECREASING if swaps[0] == 12 else _Hint.UNKNOWN  # noqa: PLR2004 - all of them

    def median(self, a: int, b: int, c: int, swaps: list[int]) -> int:
        if self.less(b, a):
            swaps[0] += 1
            a, b = b, a
        if self.less(c, b):
            swaps[0] += 1
            b, c = c, b
        if self.less(b, a):
            swaps[0] += 1
            a, b = b, a
        return b

    def reverse(self, a: int, b: int) -> None:
        self.order[a:b] = self.order[a:b][::-1]
