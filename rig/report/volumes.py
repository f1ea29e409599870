"""What had been commanded (``rig.counted``) and what the balance showed, at any moments of a run of any length."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firmware_link import wire
from rig.recording import timeline
from rig.recording.reader import RunReader

Floats = NDArray[np.float64]
Times = NDArray[np.int64]

FIELDS = ("commanded_nl", "measured_nl", "temperature_cc")
_APART = 1.5  # sample intervals, beyond which something is missing


@dataclass(frozen=True)
class Readings:
    """At n moments; all (n,).  NaN where nothing was read."""

    commanded_nl: Floats
    measured_nl: Floats
    celsius: Floats
    lost: NDArray[np.bool_]  # the moment lies in lost time: the others are those of the last sample before it
    unsure_nl: Floats  # what was commanded over the lost time that a moment lies in; else 0


class Volumes:
    """Of the run in ``reader``, for the thread that owns it: from the rollup, refined by the stretches asked for.

    Times are UTC microseconds of the run's axis.
    """

    def __init__(self, reader: RunReader) -> None:
        self._reader = reader
        rollup = reader.rollup(*FIELDS)
        shift_us = timeline.epochs(rollup) if len(rollup) else np.empty(0, np.int64)
        self._row, self._rows = rollup["row"].astype(np.int64), rollup["rows"].astype(np.int64)
        self._first_us, self._last_us = rollup["first_us"] + shift_us, rollup["last_us"] + shift_us
        self._shift_us = shift_us
        counted = timeline.counted(rollup)
        self._carried_nl = counted.carried_nl(rollup["boot"]) if len(rollup) else np.empty(0)
        self._begin = np.stack([_floats(rollup, name, "_first") for name in FIELDS], axis=1)
        self._end = np.stack([_floats(rollup, name, "_last") for name in FIELDS], axis=1)
        self._begin[:, 0] += self._carried_nl
        self._end[:, 0] += self._carried_nl
        self._lost = self._lost_after(rollup["boot"])

    def _lost_after(self, boot: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Whether time was lost between each stretch and the next."""
        interval_us = (self._last_us - self._first_us) / np.maximum(self._rows - 1, 1)
        apart_us = self._first_us[1:] - self._last_us[:-1]
        expected_us = np.maximum(interval_us[:-1], interval_us[1:])
        lost = (boot[1:] != boot[:-1]) | (apart_us > np.maximum(_APART * expected_us, 1))
        return np.append(lost, True)

    @property
    def span_us(self) -> tuple[int, int] | None:
        """From the first sample to the last."""
        return (int(self._first_us[0]), int(self._last_us[-1])) if len(self._row) else None

    def lost_spans(self) -> list[tuple[int, int]]:
        """Where samples are missing, in order."""
        between = np.flatnonzero(self._lost[:-1])
        return [(int(self._last_us[i]), int(self._first_us[i + 1])) for i in between]

    def at(self, moments_us: Times) -> Readings:
        """At ``moments_us`` (n,), rising, not before the first sample; between two samples the line from one to the
        other, but not over lost time."""
        values = np.full((len(moments_us), len(FIELDS)), np.nan)
        lost = np.zeros(len(moments_us), bool)
        unsure_nl = np.zeros(len(moments_us))
        which = np.searchsorted(self._first_us, moments_us, "right") - 1
        for stretch in np.unique(which[which >= 0]).tolist():
            mine = np.flatnonzero(which == stretch)
            inside = moments_us[mine] <= self._last_us[stretch]
            values[mine[inside]] = self._inside(stretch, moments_us[mine[inside]])
            after = mine[~inside]
            values[after] = self._end[stretch]
            lost[after] = self._lost[stretch]
            if len(after) and stretch + 1 < len(self._row):
                if self._lost[stretch]:
                    unsure_nl[after] = max(0.0, self._begin[stretch + 1][0] - self._end[stretch][0])
                else:
                    values[after] = self._between(stretch, moments_us[after])
        return Readings(values[:, 0], values[:, 1], values[:, 2] / 100, lost, unsure_nl)

    def _between(self, stretch: int, moments_us: Times) -> Floats:
        """Between the last sample of ``stretch`` and the first of the next."""
        last_us, next_us = self._last_us[stretch], self._first_us[stretch + 1]
        share = ((moments_us - last_us) / (next_us - last_us))[:, np.newaxis]
        values: Floats = self._end[stretch] * (1 - share) + self._begin[stretch + 1] * share
        return values

    def _inside(self, stretch: int, moments_us: Times) -> Floats:
        out = np.empty((len(moments_us), len(FIELDS)))
        if not len(moments_us):
            return out
        first = int(self._row[stretch])
        samples = self._reader.samples(first, int(self._rows[stretch]))
        at_us = samples["t_us"] + self._shift_us[stretch]
        for column, name in enumerate(FIELDS):
            out[:, column] = np.interp(moments_us, at_us, _floats(samples, name))
        out[:, 0] += self._carried_nl[stretch]
        return out


def _floats(rows: NDArray[Any], name: str, suffix: str = "") -> Floats:
    raw = rows[name + suffix]
    values: Floats = raw.astype(np.float64)
    if raw.dtype == np.int64:
        values[raw == wire.MISSING] = np.nan
    return values
