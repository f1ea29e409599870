"""A growing min/max pyramid: what a million samples look like in a thousand pixel columns, in well under a millisecond.

Level 0 is the samples themselves; an entry of level k is the minimum and the maximum of 16 entries of level k - 1.
All levels together cost 13 % of the samples.  NaN is "no value": it is ignored wherever there is a value beside it.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

FACTOR = 16
LEVELS = 4
#: Old samples are forgotten in whole blocks of the top level, so that no summary mixes kept and forgotten ones.
BLOCK = FACTOR**LEVELS

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Extremes = tuple[Floats, Floats]  # minima and maxima

_DIRECT = 64  # entries a column that are cheaper to reduce than to summarise further
_CHUNK = 1 << 15  # values whose halving stays within the processor's cache


class Growing:
    """A float64 array that grows at its end, in amortised constant time, and forgets at its start.

    Where it is known to hold ``most`` values at most, it takes no more room than they need.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._data: Floats = np.empty(64 + FACTOR)
        self._start = 0
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def values(self) -> Floats:
        """(n,) view; valid until the next ``append``."""
        return self._data[self._start : self._start + self._size]

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        return self._data.nbytes

    def slack(self, begin: int, end: int) -> Floats:
        """View of ``begin`` to ``end``, which may lie up to 16 beyond the last value; what is there is noise."""
        return self._data[self._start + begin : self._start + end]

    def append(self, values: Floats) -> None:
        """Adds ``values`` (m,) at the end."""
        needed = self._size + len(values) + FACTOR
        if self._start + needed > len(self._data):
            self._make_room(needed)
        end = self._start + self._size
        self._data[end : end + len(values)] = values
        self._size += len(values)

    def forget(self, count: int) -> None:
        """Drops the ``count`` oldest values."""
        self._start += count
        self._size -= count

    def _make_room(self, needed: int) -> None:
        kept = self.values
        if needed > len(self._data) or self._start < self._size // 8:  # else moving to the front is rare enough
            capacity = 2 * self._size if self._most is None else min(2 * self._size, self._most)
            self._data = np.empty(max(needed, capacity + FACTOR))
        self._data[: self._size] = kept
        self._start = 0


class Pyramid:
    """One column of samples, ``most`` of them at most, with its summaries."""

    def __init__(self, most: int | None = None) -> None:
        limits = [None if most is None else most // FACTOR**level + 1 for level in range(LEVELS + 1)]
        self._samples = Growing(limits[0])
        self._levels = [(Growing(limit), Growing(limit)) for limit in limits[1:]]

    def __len__(self) -> int:
        return len(self._samples)

    @property
    def values(self) -> Floats:
        """(n,) the samples kept; a view, valid until the next ``append``."""
        return self._samples.values

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        return self._samples.nbytes + sum(low.nbytes + high.nbytes for low, high in self._levels)

    def append(self, values: Floats) -> None:
        """Adds ``values`` (m,); NaN is a sample without a value."""
        self._samples.append(values)
        lower = upper = self._samples
        for low, high in self._levels:
            complete = len(lower) // FACTOR
            if complete == len(low):
                return
            new = slice(len(low) * FACTOR, complete * FACTOR)
            low.append(_reduced(np.fmin, lower.values[new]))
            high.append(_reduced(np.fmax, upper.values[new]))
            lower, upper = low, high

    def forget(self, blocks: int) -> None:
        """Drops the oldest ``blocks`` times 65,536 samples, all of which there must be."""
        count = blocks * BLOCK
        self._samples.forget(count)
        for low, high in self._levels:
            count //= FACTOR
            low.forget(count)
            high.forget(count)

    def extremes(self, bounds: Indices) -> Extremes:
        """(c,) minimum and (c,) maximum of the samples ``bounds[i]`` to ``bounds[i + 1]``, exactly.

        ``bounds`` is (c + 1,), not decreasing, within 0 to ``len``.  NaN where a column has no value.
        """
        lowest = np.full(len(bounds) - 1, np.nan)
        highest = lowest.copy()
        low = high = self._samples
        left = right = bounds  # column i is right[i] to left[i + 1]: an entry that a bound cuts is neither's
        for level in range(LEVELS + 1):
            if level == LEVELS or left[-1] - right[0] <= _DIRECT * len(lowest):
                _widen(lowest, highest, _whole(low, high, left, right))
                break
            _widen(lowest, highest, _ends(low, high, left, right))
            left, right = left // FACTOR, -(-right // FACTOR)
            low, high = self._levels[level]
        return lowest, highest


def _reduced(pick: Callable[..., Floats], values: Floats) -> Floats:
    """(m / 16,) of (m,): one of ``pick`` (fmin or fmax) for each 16.  Halving four times is what numpy does fastest."""
    parts = []
    for at in range(0, len(values), _CHUNK):
        part = values[at : at + _CHUNK]
        for _ in range(4):
            part = pick(part[0::2], part[1::2])
        parts.append(part)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _widen(lowest: Floats, highest: Floats, other: Extremes) -> None:
    np.fmin(lowest, other[0], out=lowest)
    np.fmax(highest, other[1], out=highest)


def _whole(low: Growing, high: Growing, left: Indices, right: Indices) -> Extremes:
    """Extremes of each ``right[i]`` to ``left[i + 1]``, entry by entry."""
    first, last = int(right[0]), max(int(left[-1]), int(right[-2]))
    begin = right[:-1] - first
    pairs = np.column_stack((begin, np.maximum(begin, left[1:] - first))).ravel()
    return _reduce_pairs(low.slack(first, last + 1), high.slack(first, last + 1), pairs)


def _ends(low: Growing, high: Growing, left: Indices, right: Indices) -> Extremes:
    """Extremes of what each ``right[i]`` to ``left[i + 1]`` has before its first and after its last whole row of 16.

    Of a range within one row that is all of it.  Two neighbours end and begin in the same row, looked up once.
    """
    row = left // FACTOR
    before, after = left - row * FACTOR, right - row * FACTOR
    start = np.arange(len(row)) * FACTOR
    parts = [start, start + before] if left is right else [start, start + before, start + after]
    splits = np.column_stack(parts).ravel()
    whole_rows = right[:-1] // -FACTOR * -FACTOR <= left[1:]
    no_head = ~(whole_rows & (after[:-1] % FACTOR > 0))
    no_tail = ~(whole_rows & (before[1:] > 0))
    extremes = []
    for pick, values in zip((np.fmin, np.fmax), _rows(low, high, row), strict=True):
        reduced = pick.reduceat(values, splits).reshape(-1, len(parts))
        heads, tails = reduced[:-1, -1], reduced[1:, 0]
        heads[no_head] = np.nan
        tails[no_tail] = np.nan
        extremes.append(pick(heads, tails))
    short = np.flatnonzero(~whole_rows & (right[:-1] < left[1:]))
    if len(short):
        begin, end = right[:-1][short], left[1:][short]
        row = begin // FACTOR
        pairs = np.column_stack((begin, end)) + (np.arange(len(row)) * FACTOR - row * FACTOR)[:, np.newaxis]
        extremes[0][short], extremes[1][short] = _reduce_pairs(*_rows(low, high, row), pairs.ravel())
    return extremes[0], extremes[1]


def _rows(low: Growing, high: Growing, row: Indices) -> Extremes:
    """(16 r + 16,) the entries of the aligned rows of 16 that ``row`` (r,) names, and some more to end at."""
    row = np.append(row, 0)
    count = -(-(len(low) + 1) // FACTOR) * FACTOR
    lows = low.slack(0, count).reshape(-1, FACTOR).take(row, axis=0).ravel()
    return lows, lows if high is low else high.slack(0, count).reshape(-1, FACTOR).take(row, axis=0).ravel()


def _reduce_pairs(lows: Floats, highs: Floats, pairs: Indices) -> Extremes:
    """Extremes of each ``pairs[2i]`` to ``pairs[2i + 1]``, NaN for an empty one; ``pairs`` doesn't decrease."""
    empty = pairs[0::2] == pairs[1::2]
    lowest = np.fmin.reduceat(lows, pairs)[0::2]
    highest = np.fmax.reduceat(highs, pairs)[0::2]
    lowest[empty] = np.nan
    highest[empty] = np.nan
    return lowest, highest
