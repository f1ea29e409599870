"""How far one curve is from another, where both may be a little early or late.  Pure.

A deviation is how far the new run is above the highest or below the lowest value that the golden run has within so
much time around: a step that comes a little later is none, and one that is too high is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Deviating:
    """All (n,) in a channel's unit, NaN where there is nothing to compare."""

    deviation: Floats  # signed; 0 where the new run is within what the golden one shows
    allowed: Floats
    golden: Floats  # what the golden run has at the side of the deviation
    new: Floats  # and the new one

    @property
    def beyond(self) -> NDArray[np.bool_]:
        """(n,) where more than allowed."""
        return np.abs(self.deviation) > self.allowed

    @property
    def worst(self) -> int | None:
        """The column that is furthest beyond what is allowed; where none is, of the largest deviation; where there is
        none, of the largest value.  None where nothing can be compared."""
        size = np.abs(self.deviation)
        if not np.isfinite(size).any():
            return None
        if self.beyond.any():
            return int(np.nanargmax(size - self.allowed))
        return int(np.nanargmax(size if np.nanmax(size) else np.where(np.isfinite(size), np.abs(self.golden), np.nan)))


def widened(low: Floats, high: Floats, columns: int) -> tuple[Floats, Floats]:
    """The lowest and the highest within ``columns`` to either side; (n - 2 ``columns``,) each."""
    return _sliding(low, 2 * columns + 1, np.fmin), _sliding(high, 2 * columns + 1, np.fmax)


def _sliding(values: Floats, size: int, how: np.ufunc) -> Floats:
    """(n - size + 1,) ``how`` of each ``size`` values in a row, in as many steps as ``size`` has bits."""
    reached, done = 1, values
    while reached * 2 <= size:
        done = how(done[:-reached], done[reached:])
        reached *= 2
    if reached < size:
        done = how(done[: len(done) - (size - reached)], done[size - reached :])
    return done


def deviating(
    golden: tuple[Floats, Floats], new: tuple[Floats, Floats], columns: int, share: float, least: float
) -> Deviating:
    """``golden`` (n + 2 ``columns``,) and ``new`` (n,) as lowest and highest value of each column.

    ``golden`` reaches ``columns``, which it may be early or late, beyond ``new`` at both ends.  Allowed is ``share``
    of the golden value there, and ``least`` in any case.
    """
    low, high = widened(*golden, columns)
    over, under = new[1] - high, low - new[0]
    above = over >= under
    size = np.where(above, over, under)
    inside = size <= 0
    deviation = np.where(inside, 0.0, np.where(above, size, -size))
    middle = (new[0] + new[1]) / 2
    has = np.where(inside, np.clip(middle, low, high), np.where(above, high, low))
    gives = np.where(inside, middle, np.where(above, new[1], new[0]))
    allowed = np.maximum(least, share * np.fmax(np.abs(low), np.abs(high)))
    return Deviating(deviation, np.where(np.isfinite(deviation), allowed, np.nan), has, gives)
