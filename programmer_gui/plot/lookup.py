"""Where in a pyramid the samples of successive pixel columns lie: worked out once, and used for every curve.

A column's samples are the entries of some level that it has whole, and, below that level, what it has before the
first and after the last of them: at most 15 entries at either end of each level, all within one aligned row of 16.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from programmer_gui.plot.arrays import Floats, Indices

FACTOR = 16
LEVELS = 4

Bools = NDArray[np.bool_]
Extremes = tuple[Floats, Floats]  # minima and maxima

_DIRECT = 64  # entries a column that are cheaper to reduce than to summarise further


@dataclass(frozen=True)
class Ranges:
    """Ranges one after the other: those between splits 0 and 1, 2 and 3, and so on, counted from entry ``first``."""

    first: int
    last: int
    splits: Indices  # (2 c,)
    empty: Bools  # (c,)

    def extremes(self, lows: Floats, highs: Floats) -> Extremes:
        """(c,) and (c,) of the entries ``first`` to ``last`` and one more; NaN for an empty range."""
        lowest = np.fmin.reduceat(lows, self.splits)[0::2]
        highest = np.fmax.reduceat(highs, self.splits)[0::2]
        lowest[self.empty] = np.nan
        highest[self.empty] = np.nan
        return lowest, highest


@dataclass(frozen=True)
class Ends:
    """Both ends of each column in one level.  Two neighbours end and begin in the same row, which is read once."""

    rows: Indices  # (c + 2,) the rows of 16 in which the columns begin and end, and one more to end at
    splits: Indices  # where within them: (2 or 3) x (c + 1)
    parts: int  # of a row: what ends, what a bound cuts (if any), what begins
    no_head: Bools  # (c,) columns that have nothing before their first whole row
    no_tail: Bools  # (c,) ... after their last
    short: Indices  # columns that lie within one row
    short_rows: Indices
    short_ranges: Ranges

    def extremes(self, lows: Floats, highs: Floats) -> Extremes:
        """(c,) and (c,) of a level's entries as (n, 16) rows."""
        low_rows = lows.take(self.rows, axis=0).ravel()
        high_rows = low_rows if highs is lows else highs.take(self.rows, axis=0).ravel()
        lowest, highest = self._reduce(np.fmin, low_rows), self._reduce(np.fmax, high_rows)
        if len(self.short):
            rows = lows.take(self.short_rows, axis=0).ravel(), highs.take(self.short_rows, axis=0).ravel()
            lowest[self.short], highest[self.short] = self.short_ranges.extremes(*rows)
        return lowest, highest

    def _reduce(self, pick: np.ufunc, values: Floats) -> Floats:
        reduced = pick.reduceat(values, self.splits).reshape(-1, self.parts)
        heads, tails = reduced[:-1, -1], reduced[1:, 0]
        heads[self.no_head] = np.nan
        tails[self.no_tail] = np.nan
        return np.asarray(pick(heads, tails))


class Lookup:
    """c columns, the i-th with the samples ``bounds[i]`` to ``bounds[i + 1]``."""

    def __init__(self, bounds: Indices) -> None:
        self.bounds = bounds
        self.empty: Bools = bounds[:-1] == bounds[1:]

    @property
    def samples(self) -> int:
        """In all columns together."""
        return int(self.bounds[-1] - self.bounds[0])

    @cached_property
    def levels(self) -> tuple[list[Ends], Ranges]:
        """The ends of the columns in the levels from 0 on, and what they have whole in the level after those."""
        left = right = self.bounds  # column i is right[i] to left[i + 1]: an entry that a bound cuts is neither's
        ends: list[Ends] = []
        while len(ends) < LEVELS and left[-1] - right[0] > _DIRECT * len(self.empty):
            ends.append(_ends(left, right))
            left, right = left // FACTOR, -(-right // FACTOR)
        first, last = int(right[0]), max(int(left[-1]), int(right[-2]))
        return ends, _ranges(first, last, right[:-1], np.maximum(right[:-1], left[1:]))


def _ranges(first: int, last: int, begin: Indices, end: Indices) -> Ranges:
    return Ranges(first, last, np.column_stack((begin - first, end - first)).ravel(), begin == end)


def _ends(left: Indices, right: Indices) -> Ends:
    row = left // FACTOR
    before, after = left - row * FACTOR, right - row * FACTOR
    start = np.arange(len(row)) * FACTOR
    parts = [start, start + before] if left is right else [start, start + before, start + after]
    whole_rows = right[:-1] // -FACTOR * -FACTOR <= left[1:]
    short = np.flatnonzero(~whole_rows & (right[:-1] < left[1:]))
    begin, end = right[:-1][short], left[1:][short]
    offset = np.arange(len(short)) * FACTOR - begin // FACTOR * FACTOR
    return Ends(
        rows=np.append(row, 0),
        splits=np.column_stack(parts).ravel(),
        parts=len(parts),
        no_head=~(whole_rows & (after[:-1] % FACTOR > 0)),
        no_tail=~(whole_rows & (before[1:] > 0)),
        short=short,
        short_rows=np.append(begin // FACTOR, 0),
        short_ranges=_ranges(0, 0, begin + offset, end + offset),
    )
