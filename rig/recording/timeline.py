"""The time axis of a run: device time, set on UTC once for each boot of the pump."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from firmware_link import telemetry, wire
from rig.counted import Counted
from rig.recording.envelope import Floats, Stretches
from rig.recording.schema import STATS
from rig.session import Gap
from rig.tracker import Timeline


@dataclass(frozen=True)
class Boot:
    """The samples between two resets of the pump.  On the run's axis a sample is at ``t_us + epoch_us``, UTC."""

    boot: int
    first_row: int
    rows: int
    start_us: int  # device time of the first sample
    end_us: int  # and of the last
    epoch_us: int


def boots(rollup: NDArray[np.void]) -> tuple[Boot, ...]:
    """The boots that ``rollup`` (m,) covers, in order; each begins after the end of the one before."""
    if len(rollup) == 0:
        return ()
    timeline = Timeline()
    base_us = int(rollup["host_us"][0]) - int(rollup["first_us"][0])
    found = []
    for part in _by_boot(rollup):
        boot, start_us, end_us = int(part["boot"][0]), int(part["first_us"][0]), int(part["last_us"][-1])
        timeline.see(boot, start_us, end_us, int(part["host_us"][0]))
        epoch_us = base_us + timeline.offset_us(boot)
        found.append(Boot(boot, int(part["row"][0]), int(part["rows"].sum()), start_us, end_us, epoch_us))
    return tuple(found)


def counted(rollup: NDArray[np.void]) -> Counted:
    """The pump's counter over the boots that ``rollup`` (m,), with channel "commanded_nl", covers."""
    found = Counted()
    for part in _by_boot(rollup) if len(rollup) else ():
        found.see(int(part["boot"][0]), int(part["commanded_nl_first"][0]), int(part["commanded_nl_last"][-1]))
    return found


def _by_boot(rollup: NDArray[np.void]) -> list[NDArray[np.void]]:
    return np.split(rollup, np.flatnonzero(rollup["boot"][1:] != rollup["boot"][:-1]) + 1)


def lost(boots: Sequence[Boot], gaps: Iterable[Gap]) -> list[tuple[int, int]]:
    """Time without samples on the run's axis, in order and apart: gaps, and between two of ``boots``."""
    if not boots:
        return []
    epochs_us = {boot.boot: boot.epoch_us for boot in boots}
    found = [
        (gap.start_us + epochs_us[gap.boot], gap.end_us + epochs_us[gap.boot])
        for gap in gaps
        if gap.kind != "events" and gap.boot in epochs_us
    ]
    ends = [(boot.start_us + boot.epoch_us, boot.end_us + boot.epoch_us) for boot in boots]
    found += [(before[1], after[0]) for before, after in pairwise(ends)]
    inside = ((max(begin, ends[0][0]), min(end, ends[-1][1])) for begin, end in found)
    return joined((begin, end) for begin, end in inside if end > begin)


def joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """``stretches`` in order, those that touch made one."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(stretches):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((begin, end))
    return found


def epochs(rollup: NDArray[np.void]) -> NDArray[np.int64]:
    """(m,) what to add to the device times of each stretch."""
    of_row = boots(rollup)
    which = np.searchsorted([boot.first_row for boot in of_row], rollup["row"], "right") - 1
    return np.array([boot.epoch_us for boot in of_row], np.int64)[which]


def stretches(rollup: NDArray[np.void], field: str) -> Stretches:
    """Channel ``field`` of ``rollup`` (m,) on the run's axis."""
    shift_us = epochs(rollup)
    low, high, first, last = (_display(rollup[f"{field}_{stat}"], field) for stat in STATS)
    return Stretches(rollup["first_us"] + shift_us, rollup["last_us"] + shift_us, low, high, first, last)


def _display(raw: NDArray[np.int64], field: str) -> Floats:
    values: Floats = np.multiply(raw, telemetry.BY_FIELD[field].scale, dtype=np.float64)
    if raw.dtype == np.int64:
        values[raw == wire.MISSING] = np.nan
    return values
