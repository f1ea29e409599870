"""Minimum, maximum, first and last of each stretch of samples, kept so that a long run draws at once."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from firmware_link import wire
from firmware_link.telemetry import CHANNELS, SAMPLE_DTYPE
from rig.recording.schema import ROLLUP_DTYPE, ROLLUP_ROWS
from rig.session import no_samples

#: So many samples at most wait for their rollup, here and in a file.
UNROLLED_MAX = 16 * ROLLUP_ROWS

_NO_MINIMUM = np.iinfo(np.int64).max


def _starts(samples: NDArray[np.void]) -> NDArray[np.intp]:
    """Where stretches begin: at a new boot, after lost samples, and every ROLLUP_ROWS within."""
    if len(samples) == 0:
        return np.empty(0, np.intp)
    boot, index = samples["boot"], samples["index"]
    breaks = np.flatnonzero((boot[1:] != boot[:-1]) | (index[1:] - index[:-1] != 1)) + 1
    edges = [0, *breaks.tolist(), len(samples)]
    return np.concatenate([np.arange(a, b, ROLLUP_ROWS) for a, b in pairwise(edges)])


def _fold(samples: NDArray[np.void], starts: NDArray[np.intp], first_row: int) -> NDArray[np.void]:
    out = np.empty(len(starts), ROLLUP_DTYPE)
    lasts = np.append(starts[1:], len(samples)) - 1
    out["row"], out["rows"] = starts + first_row, lasts - starts + 1
    out["boot"], out["host_us"] = samples["boot"][starts], samples["host_us"][starts]
    out["first_us"], out["last_us"] = samples["t_us"][starts], samples["t_us"][lasts]
    for field in (channel.field for channel in CHANNELS):
        values = np.ascontiguousarray(samples[field])
        out[f"{field}_first"], out[f"{field}_last"] = values[starts], values[lasts]
        out[f"{field}_max"] = np.maximum.reduceat(values, starts)  # MISSING is the least of all
        if SAMPLE_DTYPE[field] == np.int64:
            values = np.where(values == wire.MISSING, _NO_MINIMUM, values)
        low = np.minimum.reduceat(values, starts)
        out[f"{field}_min"] = np.where(low == _NO_MINIMUM, wire.MISSING, low) if low.dtype == np.int64 else low
    return out


def rolled_up(samples: NDArray[np.void], first_row: int) -> NDArray[np.void]:
    """(m,) ROLLUP_DTYPE of (n,) SAMPLE_DTYPE, whose first sample is row ``first_row`` of the file."""
    starts = _starts(samples)
    return _fold(samples, starts, first_row) if len(starts) else np.empty(0, ROLLUP_DTYPE)


class RollupBuilder:
    """Takes samples as they come and gives the stretches that are complete, many at a time since that is cheaper."""

    def __init__(self, row: int = 0) -> None:
        """The first sample to come is row ``row`` of the file, where a stretch begins."""
        self._waiting: list[NDArray[np.void]] = []
        self._count = 0  # of samples waiting
        self._row = row  # of the first of them

    def add(self, samples: NDArray[np.void]) -> NDArray[np.void]:
        """(m,) ROLLUP_DTYPE: stretches that are complete and weren't given before.  Keeps ``samples`` (n,)."""
        self._waiting.append(samples)
        self._count += len(samples)
        return self._fold(last=False) if self._count >= UNROLLED_MAX else np.empty(0, ROLLUP_DTYPE)

    def finish(self) -> NDArray[np.void]:
        """(m,) ROLLUP_DTYPE: all the rest, the last stretch as short as it is."""
        return self._fold(last=True)

    def _fold(self, last: bool) -> NDArray[np.void]:
        rows = np.concatenate([no_samples(), *self._waiting])
        starts = _starts(rows)
        open_from = len(rows) if last else int(starts[-1])
        done = rolled_up(rows[:open_from], self._row)
        self._waiting = [rows[open_from:].copy()]
        self._count = len(rows) - open_from
        self._row += open_from
        return done
