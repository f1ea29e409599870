"""The outline of one channel over a window of time: what a plot of a long run needs, and no more."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Envelope:
    """A channel in c columns of equal width, in its display unit; NaN where a column has no value."""

    start_us: int  # UTC by the run's time axis
    end_us: int
    low: Floats  # (c,)
    high: Floats  # (c,)
    first: Floats  # (c,)
    last: Floats  # (c,)
    exact: bool  # False: made from the rollup, so a column may also show its neighbours' extremes


@dataclass(frozen=True)
class Stretches:
    """Pieces of one channel in order of time: single samples, or minima and maxima of many."""

    start_us: NDArray[np.int64]  # (n,)
    end_us: NDArray[np.int64]  # (n,)
    low: Floats  # (n,)
    high: Floats
    first: Floats
    last: Floats


def outline(stretches: Stretches, start_us: int, end_us: int, columns: int, exact: bool) -> Envelope:
    """``stretches`` between ``start_us`` and ``end_us`` (excluded) in ``columns`` columns."""
    edges = start_us + (end_us - start_us) * np.arange(columns + 1) / columns
    begin = np.searchsorted(stretches.end_us, edges[:-1], "left")
    stop = np.searchsorted(stretches.start_us, edges[1:], "left")
    empty = begin >= stop
    count = len(stretches.low)

    def reduced(values: Floats, how: np.ufunc) -> Floats:
        if count == 0:
            return np.full(columns, np.nan)
        padded = np.append(values, np.nan)
        pairs = np.column_stack([begin, np.maximum(stop, begin)]).ravel()
        found: Floats = how.reduceat(padded, pairs)[::2]
        found[empty] = np.nan
        return found

    def picked(values: Floats, where: NDArray[np.intp]) -> Floats:
        if count == 0:
            return np.full(columns, np.nan)
        found: Floats = values[np.clip(where, 0, count - 1)].copy()
        found[empty] = np.nan
        return found

    low, high = reduced(stretches.low, np.fmin), reduced(stretches.high, np.fmax)
    first, last = picked(stretches.first, begin), picked(stretches.last, stop - 1)
    return Envelope(start_us, end_us, low, high, first, last, exact)
