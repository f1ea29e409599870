"""Every channel of a run in columns of equal time: the lowest and the highest value in each."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from firmware_link import telemetry
from rig.compare.material import Material
from rig.recording import timeline
from rig.recording.envelope import outline

Floats = NDArray[np.float64]

FIELDS = tuple(channel.field for channel in telemetry.CHANNELS)
#: The most columns of a grid: 0.01 % of the time each.
MOST_COLUMNS = 10_000
#: Up to so many samples a run is compared sample by sample, beyond by the envelopes that it keeps.
EXACT_SAMPLES = 10_000_000
_PIECE = 500_000  # samples at once
_COUNTED = "commanded_nl"  # which a pump goes on with after a restart from what it had kept


@dataclass(frozen=True)
class Grid:
    """``count`` columns from ``start_us`` on, of ``width_us`` each; times of one run's axis."""

    start_us: int
    width_us: int
    count: int


@dataclass(frozen=True)
class Outlined:
    """By channel, (count,) each, in its display unit; NaN where a column has no value."""

    low: dict[str, Floats]
    high: dict[str, Floats]


def is_exact(material: Material) -> bool:
    """Whether ``outlined`` looks at every sample of the run."""
    return material.samples <= EXACT_SAMPLES


def fitting(material: Material, start_us: int, end_us: int) -> int:
    """How many columns the run has enough samples for: two in each, or two of the stretches that it keeps."""
    rollup, epochs = material.rollup, timeline.epochs(material.rollup)
    inside = (rollup["last_us"] + epochs >= start_us) & (rollup["first_us"] + epochs <= end_us)
    pieces = int(rollup["rows"][inside].sum()) if is_exact(material) else int(inside.sum())
    return min(max(pieces // 2, 1), MOST_COLUMNS)


def outlined(material: Material, grid: Grid, progress: Callable[[int], None] = lambda samples: None) -> Outlined:
    """All channels over ``grid``; ``progress`` is told how many samples have been read.

    Exact for runs of up to EXACT_SAMPLES; of longer ones the ends of a column are known to within a stretch of the
    rollup, 4,096 samples.  Reads at most 0.5 million samples at once.
    """
    empty = Outlined(*({field: np.full(grid.count, np.nan) for field in FIELDS} for _ in range(2)))
    if not is_exact(material):
        return _from_rollup(material, grid, empty)
    shift = timeline.epochs(material.rollup)
    end_us = grid.start_us + grid.width_us * grid.count
    carried = dict(zip(material.rollup["boot"].tolist(), _carried(material).tolist(), strict=True))
    for boot in material.boots:
        here = material.rollup["boot"] == boot.boot
        inside = here & (material.rollup["last_us"] + shift >= grid.start_us)
        inside &= material.rollup["first_us"] + shift <= end_us
        rollup = material.rollup[inside]
        if len(rollup):
            stop = int(rollup["row"][-1]) + int(rollup["rows"][-1])
            for first in range(int(rollup["row"][0]), stop, _PIECE):
                rows = material.reader.samples(first, min(_PIECE, stop - first))
                _put(empty, rows, rows["t_us"] + boot.epoch_us, grid, carried[boot.boot])
                progress(len(rows))
    return empty


def _put(into: Outlined, rows: NDArray[np.void], at_us: NDArray[np.int64], grid: Grid, carried: float) -> None:
    column = (at_us - grid.start_us) // grid.width_us
    inside = (column >= 0) & (column < grid.count)
    rows, column = rows[inside], column[inside]
    if not len(rows):
        return
    starts = np.concatenate(([0], np.flatnonzero(np.diff(column)) + 1))
    for field in FIELDS:
        values = telemetry.column(rows, field) + (carried if field == _COUNTED else 0.0)
        # "at": rows of a file that was altered may come back to a column.
        np.fmin.at(into.low[field], column[starts], np.fmin.reduceat(values, starts))
        np.fmax.at(into.high[field], column[starts], np.fmax.reduceat(values, starts))


def _carried(material: Material) -> Floats:
    """(m,) what to add to the counter of commanded volume in each stretch of the rollup, in its display unit."""
    carried_nl = timeline.counted(material.rollup).carried_nl(material.rollup["boot"])
    return carried_nl * telemetry.BY_FIELD[_COUNTED].scale


def _from_rollup(material: Material, grid: Grid, into: Outlined) -> Outlined:
    end_us = grid.start_us + grid.width_us * grid.count
    for field in FIELDS:
        stretches = timeline.stretches(material.reader.rollup(field), field)
        if field == _COUNTED:
            low, high = (values + _carried(material) for values in (stretches.low, stretches.high))
            stretches = replace(stretches, low=low, high=high)
        found = outline(stretches, grid.start_us, end_us, grid.count, exact=False)
        into.low[field][:], into.high[field][:] = found.low, found.high
    return into
