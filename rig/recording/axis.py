"""Between the two times of a run: the axis of its charts, and the positions at which things had arrived.

A position is host time, UTC microseconds.  That clock may jump, so a sample arrives when its ``host_us`` says, but
neither before those ahead of it nor after the stretch that follows began; stretches are those of the rollup.
"""

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from rig.recording import timeline
from rig.recording.errors import RunFileError
from rig.recording.reader import RunReader

Times = NDArray[np.int64]

_MOST = 1 << 62  # microseconds beyond which no time is one; sums of two still fit
_KEPT = 8  # stretches, of up to schema.ROLLUP_ROWS samples


def _bounded(values: NDArray[np.int64]) -> Times:
    return np.clip(values, -_MOST, _MOST)


class RunAxis:
    """Both times of the run in ``reader``, for the thread that owns it: from the rollup, refined by one stretch.

    What is recorded after this was made isn't on it.  Raises RunFileError as the reader does.
    """

    def __init__(self, reader: RunReader) -> None:
        self._reader = reader
        rollup = reader.rollup()
        self._row, self._rows = rollup["row"].astype(np.int64), rollup["rows"].astype(np.int64)
        if not np.array_equal(self._row, np.cumsum(self._rows) - self._rows):
            raise self._altered()
        self._boots = boots = timeline.boots(rollup)
        self._epochs_us = {boot.boot: boot.epoch_us for boot in boots}
        of_boots = np.array([min(max(boot.epoch_us, -_MOST), _MOST) for boot in boots], np.int64)
        which = np.searchsorted([boot.first_row for boot in boots], self._row, "right") - 1
        self._epoch_us: Times = of_boots[which]
        self._arrived_us: Times = np.maximum.accumulate(_bounded(rollup["host_us"]))
        self._start_us: Times = np.maximum.accumulate(_bounded(rollup["first_us"]) + self._epoch_us)
        self._stretches: OrderedDict[int, tuple[Times, Times]] = OrderedDict()
        self._zero_us = boots[0].start_us + boots[0].epoch_us if boots else reader.run.started_us

    @property
    def rows(self) -> int:
        """How many samples the run has."""
        return int(self._row[-1] + self._rows[-1]) if len(self._row) else 0

    @property
    def boots(self) -> tuple[timeline.Boot, ...]:
        """The pump's boots, in order."""
        return self._boots

    @property
    def zero_us(self) -> int:
        """UTC, by the run's axis, of its second 0: of the first sample, or where there is none of the beginning."""
        return self._zero_us

    def seconds(self, boot: int, t_us: int) -> float | None:
        """Axis seconds of a moment of the pump; None for a boot that no sample came from."""
        epoch_us = self._epochs_us.get(boot)
        return None if epoch_us is None else (t_us + epoch_us - self._zero_us) / 1e6

    def seconds_at(self, host_us: int) -> float:
        """Axis seconds of the last sample that had arrived by ``host_us``; 0 before the first."""
        rows = self.rows_at(host_us)
        return self.seconds_of(rows - 1) if rows else 0.0

    def host_at(self, seconds: float) -> int:
        """The position at which the last sample up to there had arrived, and, where none followed it at once, so much
        later as the axis says; the inverse of ``seconds_at``."""
        at_us = self._zero_us + round(min(max(seconds * 1e6, -_MOST), _MOST))
        if not self.rows:
            return at_us
        which = int(np.searchsorted(self._start_us, at_us, "right")) - 1
        if which < 0:
            return int(self._arrived_us[0]) + at_us - self._zero_us
        arrived_us, axis_us = self._stretch(which)
        here = max(0, int(np.searchsorted(axis_us, at_us, "right")) - 1)
        row, reached_us = int(self._row[which]) + here, int(arrived_us[here])
        later_us = reached_us + at_us - int(axis_us[here])
        return later_us if row + 1 >= self.rows else max(reached_us, min(later_us, self.arrival_us(row + 1) - 1))

    # -- samples by their row in the file --------------------------------------------------------------------------

    def rows_at(self, host_us: int) -> int:
        """How many samples had arrived by ``host_us``."""
        which = int(np.searchsorted(self._arrived_us, host_us, "right")) - 1
        if which < 0:
            return 0
        return int(self._row[which] + np.searchsorted(self._stretch(which)[0], host_us, "right"))

    def arrival_us(self, row: int) -> int:
        """The position at which sample ``row`` (from 0, below ``rows``) arrives; it never falls."""
        which, at = self._place(row)
        return int(self._stretch(which)[0][at])

    def seconds_of(self, row: int) -> float:
        """Axis seconds of sample ``row``."""
        which, at = self._place(row)
        return (int(self._stretch(which)[1][at]) - self._zero_us) / 1e6

    def _place(self, row: int) -> tuple[int, int]:
        """In which stretch a sample is, and where in it."""
        which = int(np.searchsorted(self._row, row, "right")) - 1
        return which, row - int(self._row[which])

    def _stretch(self, which: int) -> tuple[Times, Times]:
        """When each sample of a stretch arrives, and when it was on the run's axis; both never fall."""
        kept = self._stretches.get(which)
        if kept is None:
            samples = self._reader.samples(int(self._row[which]), int(self._rows[which]))
            if len(samples) != self._rows[which]:
                raise self._altered()
            until_us = self._arrived_us[which + 1] if which + 1 < len(self._row) else _MOST
            arrived_us = np.clip(np.maximum.accumulate(samples["host_us"]), self._arrived_us[which], until_us)
            axis_us = np.maximum.accumulate(_bounded(samples["t_us"])) + self._epoch_us[which]
            kept = self._stretches[which] = (arrived_us, axis_us)
            if len(self._stretches) > _KEPT:
                self._stretches.popitem(last=False)
        self._stretches.move_to_end(which)
        return kept

    def _altered(self) -> RunFileError:
        return RunFileError(
            f"{self._reader.path.name} was altered: its samples aren't those of its outline.", "Use the original file."
        )
