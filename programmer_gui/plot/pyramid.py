"""A growing min/max pyramid: what a million samples look like in a thousand pixel columns, in well under a millisecond.

Level 0 is the samples themselves; an entry of level k is the minimum and the maximum of 16 entries of level k - 1.
All levels together cost 13 % of the samples.  NaN is "no value": it is ignored wherever there is a value beside it.
"""

import numpy as np

from programmer_gui.plot.arrays import Floats, Growing
from programmer_gui.plot.lookup import FACTOR, LEVELS, Extremes, Lookup

#: Old samples are forgotten in whole blocks of the top level, so that no summary mixes kept and forgotten ones.
BLOCK = FACTOR**LEVELS

_CHUNK = 1 << 15  # values whose halving stays within the processor's cache


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

    def extremes(self, lookup: Lookup) -> Extremes:
        """(c,) minimum and (c,) maximum of the samples of each column, exactly; NaN where it has no value."""
        ends, whole = lookup.levels
        low = high = self._samples
        parts = []
        for one, level in zip(ends, self._levels, strict=False):
            lows = low.rows()
            parts.append(one.extremes(lows, lows if high is low else high.rows()))
            low, high = level
        parts.append(whole.extremes(low.slack(whole.first, whole.last + 1), high.slack(whole.first, whole.last + 1)))
        lowest, highest = parts[0]
        for other in parts[1:]:
            np.fmin(lowest, other[0], out=lowest)
            np.fmax(highest, other[1], out=highest)
        return lowest, highest


def _reduced(pick: np.ufunc, values: Floats) -> Floats:
    """(m / 16,) of (m,): one of ``pick`` (fmin or fmax) for each 16.  Halving four times is what numpy does fastest."""
    parts = []
    for at in range(0, len(values), _CHUNK):
        part = values[at : at + _CHUNK]
        for _ in range(4):
            part = pick(part[0::2], part[1::2])
        parts.append(part)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
