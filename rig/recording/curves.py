"""A recording's curves as the charts draw them: an outline of the whole at once, and what is looked at in full.

Both are made by the functions that make the curves of a live pump, so that they show the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from firmware_link import telemetry
from rig.firmware.reservoir import ACCURACY_PERMILLE
from rig.recording import linkhealth, outlines, timeline
from rig.recording.access import Tables, open_read_only
from rig.recording.happenings import Happenings, placed_events
from rig.recording.reader import RunReader
from rig.session import Batch, Event, Gap, Status
from rig.therapy.plan import MOVING
from rig.tracker import Delivered, Tracker

Floats = NDArray[np.float64]
Columns = dict[str, Floats]

BAND = ACCURACY_PERMILLE / 1000
#: So many stretches at most are drawn at once.
STRETCHES_MAX = 65_536
#: Samples that are read at once, so that whoever waits for something else doesn't wait long.
_BLOCK_ROWS = 262_144


def columns_of(samples: NDArray[np.void], placed: Delivered, capacity_nl: int) -> Columns:
    """(n,) of each curve of the Bench by its name; volumes in µL, flow mL/day, pressure kPa, the rest %."""
    delivered = np.where(np.isnan(placed.measured_nl), placed.commanded_nl, placed.measured_nl) / 1e3
    planned = placed.planned_nl / 1e3
    columns = {"planned": planned, "measured": delivered, "low": planned * (1 - BAND), "high": planned * (1 + BAND)}
    for name, field in (("flow", "flow_pl_s"), ("pressure", "pressure_pa"), ("battery", "charge_permille")):
        columns[name] = telemetry.column(samples, field)
    columns["reservoir"] = samples["reservoir_nl"] * (100 / capacity_nl)
    return columns


@dataclass(frozen=True)
class Piece:
    """Curves from ``begin_s`` to ``end_s`` of the run's axis: every sample, or an outline of stretches of samples."""

    begin_s: float
    end_s: float
    every: int  # samples a stretch; 1: every sample
    t_s: Floats  # (n,) not falling
    columns: Columns  # (n,) by name; NaN between two gaps' sides
    first_row: int = 0
    stop_row: int = 0


class RunCurves:
    """The curves of the run file ``path``, for the thread that makes it.  Raises RunFileError as a reader does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: Tables | None = None  # the file, unless it was let go of
        self.run = self._reader.run
        self._rollup = self._reader.rollup(*outlines.DRAWN)
        self.boots = timeline.boots(self._rollup)
        self.zero_us = self.boots[0].start_us + self.boots[0].epoch_us if self.boots else self.run.started_us
        self._epochs_us = {boot.boot: boot.epoch_us for boot in self.boots}
        self._begin_s = self._axis_s(self._rollup["first_us"])
        self.gaps = self._placed_gaps()
        self._tracker = self._tracked()

    @property
    def _tables(self) -> Tables:
        if self._open is None:
            self._open = Tables(open_read_only(self._path), self._path)
        return self._open

    @property
    def _reader(self) -> RunReader:
        return RunReader(self._path, self._tables)

    @property
    def capacity_nl(self) -> int:
        """Of the reservoir; 1 where the pump never told."""
        return (self.run.settings or {}).get("reservoir_nl", 1) or 1

    @property
    def rows(self) -> int:
        """How many samples there are."""
        return int(self._rollup["row"][-1] + self._rollup["rows"][-1]) if len(self._rollup) else 0

    def seconds(self, boot: int, t_us: int) -> float | None:
        """Axis seconds of a moment of the pump; None for a boot that no sample came from."""
        epoch_us = self._epochs_us.get(boot)
        return None if epoch_us is None else (t_us + epoch_us - self.zero_us) / 1e6

    # -- curves ----------------------------------------------------------------------------------------------------

    def overview(self) -> Piece:
        """All of the run, from the rollup."""
        together = -(-max(len(self._rollup), 1) // STRETCHES_MAX)
        rows = outlines.of_rollup(self._rollup, together)
        every = int(self._rollup["rows"].max(initial=1)) * together
        return self._piece(rows, every, -np.inf, np.inf)

    def rows_between(self, begin_s: float, end_s: float) -> tuple[int, int]:
        """(first, stop): the rows of whole stretches that reach from before ``begin_s`` to after ``end_s``."""
        if not len(self._rollup):
            return 0, 0
        first = max(int(np.searchsorted(self._begin_s, begin_s, "right")) - 1, 0)
        last = max(int(np.searchsorted(self._begin_s, end_s, "left")), first + 1) - 1
        return int(self._rollup["row"][first]), int(self._rollup["row"][last] + self._rollup["rows"][last])

    def whole_stretches(self, first_row: int, stop_row: int) -> tuple[int, int]:
        """``first_row`` and ``stop_row`` moved apart to where stretches begin."""
        starts = np.append(self._rollup["row"], self.rows)
        first = int(np.searchsorted(starts, max(first_row, 0), "right")) - 1
        return int(starts[first]), int(starts[np.searchsorted(starts, min(stop_row, self.rows))])

    def piece(
        self, first_row: int, stop_row: int, every: int, wanted: Callable[[], bool] = lambda: True
    ) -> Piece | None:
        """The samples from ``first_row`` to ``stop_row`` (excluded), in stretches of ``every``; None once it isn't
        ``wanted`` any more."""
        blocks = []
        for first in range(first_row, stop_row, _BLOCK_ROWS):
            if not wanted():
                return None
            block = self._tables.array("samples", outlines.ROW_DTYPE, first, min(first + _BLOCK_ROWS, stop_row))
            blocks.append(block if every == 1 else outlines.of_samples(block, every))
        rows = np.concatenate([np.empty(0, outlines.ROW_DTYPE), *blocks])
        at = np.searchsorted(self._rollup["row"], (first_row, stop_row))
        begin_s = float(self._begin_s[at[0]]) if first_row else -np.inf
        end_s = float(self._begin_s[at[1]]) if at[1] < len(self._rollup) else np.inf
        return self._piece(rows, every, begin_s, end_s, first_row, stop_row)

    def _piece(
        self, rows: NDArray[np.void], every: int, begin_s: float, end_s: float, first_row: int = 0, stop_row: int = 0
    ) -> Piece:
        if not len(rows):
            return Piece(begin_s, end_s, every, np.empty(0), {}, first_row, stop_row)
        placed = self._tracker.place(rows)
        t_s = np.maximum.accumulate(np.maximum(placed.t_s, begin_s))
        columns = columns_of(rows, placed, self.capacity_nl)
        t_s, columns = broken(t_s, columns, self.gaps, each=every == 1)
        return Piece(begin_s, end_s, every, t_s, columns, first_row, stop_row)

    def _axis_s(self, t_us: NDArray[np.int64]) -> Floats:
        seconds = (t_us + timeline.epochs(self._rollup) - self.zero_us) / 1e6 if len(t_us) else np.empty(0)
        return np.asarray(np.maximum.accumulate(seconds))

    # -- what happened ---------------------------------------------------------------------------------------------

    def happenings(self) -> Happenings:
        """Events, notes and gaps where they lie on the axis."""
        notes = tuple((self.seconds_at(note.host_us), note) for note in self._reader.notes())
        return Happenings(*placed_events(self._tables, self._epochs_us, self.zero_us), notes, self.gaps)

    def health(self) -> tuple[Floats, Columns]:
        """(n,) axis seconds and the curves of the link, by linkhealth.NAMES."""
        rollup = self._rollup
        if not len(rollup):
            return linkhealth.recorded(self._tables, np.empty(0, np.int64), np.empty(0))
        ends_us = rollup["last_us"] - rollup["first_us"]
        host_us = np.maximum.accumulate(np.append(rollup["host_us"], rollup["host_us"][-1] + ends_us[-1]))
        axis_s = np.append(self._begin_s, self._begin_s[-1] + ends_us[-1] / 1e6)
        return linkhealth.recorded(self._tables, host_us, axis_s)

    def seconds_at(self, utc_us: int) -> float:
        """Axis seconds of a moment of this computer's clock, or of the pump's calendar."""
        return (utc_us - self.zero_us) / 1e6

    def _placed_gaps(self) -> Floats:
        """(k, 2) begin and end of lost time, in order of the beginnings; those of an unknown boot have no place."""
        gaps = [gap for gap in self._reader.records(Gap) if gap.kind != "events" and gap.boot in self._epochs_us]
        shift_us = np.array([self._epochs_us[gap.boot] - self.zero_us for gap in gaps], float)
        spans = np.array([(gap.start_us, gap.end_us) for gap in gaps], float).reshape(-1, 2)
        placed = (spans + shift_us[:, np.newaxis]) / 1e6
        return np.asarray(placed[np.lexsort((placed[:, 1], placed[:, 0]))])

    def _tracked(self) -> Tracker:
        """What has followed the whole recording, with its plan."""
        tracker = Tracker()
        for program in self._reader.programs():
            tracker.program(program.program(), int(program.digest, 16))
        firsts = np.searchsorted(self._rollup["row"], [boot.first_row for boot in self.boots])
        ends = np.column_stack((firsts, np.append(firsts, len(self._rollup))[1:] - 1)).ravel()
        landmarks = np.zeros(len(ends), telemetry.SAMPLE_DTYPE)  # the first and the last sample of each boot
        for field in ("boot", "host_us"):
            landmarks[field] = self._rollup[field][ends]
        landmarks["t_us"][::2], landmarks["t_us"][1::2] = (
            self._rollup["first_us"][ends[::2]],
            self._rollup["last_us"][ends[1::2]],
        )
        for field in outlines.DRAWN:
            landmarks[field][::2] = self._rollup[f"{field}_first"][ends[::2]]
            landmarks[field][1::2] = self._rollup[f"{field}_last"][ends[1::2]]
        status = None if self.run.found is None else Status(self.run.found, self.run.started_us)
        tracker.add(Batch(samples=landmarks, status=status))
        for events in self._followed():
            tracker.add(Batch(events=events))
        return tracker

    def _followed(self) -> Iterator[tuple[Event, ...]]:
        """The events that move the plan, in order, some at once."""
        for first in range(0, self._tables.count("events"), _BLOCK_ROWS):
            yield self._tables.records("events", Event, first, _BLOCK_ROWS, ("kind", MOVING))

    def let_go(self) -> None:
        """Closes the file; what is asked next opens it again."""
        if self._open is not None:
            self._open.close()
            self._open = None


def broken(t_s: Floats, columns: Columns, gaps: Floats, each: bool = True) -> tuple[Floats, Columns]:
    """``t_s`` (n,) and ``columns`` with a row of NaN after the samples before each of ``gaps`` (k, 2), begin and end
    in order of the beginnings; one for ``each`` of several, or one for all that lie between the same two samples."""
    begins = gaps[:, 0]
    at = np.maximum(np.searchsorted(t_s, begins, "right"), np.searchsorted(t_s, gaps[:, 1], "left"))
    at = np.maximum.accumulate(at)
    inside = (at > 0) & (begins <= t_s[-1])
    at, begins = at[inside], begins[inside]
    if not each:
        at, which = np.unique(at, return_index=True)
        begins = begins[which]
    if not len(at):
        return t_s, columns
    t_s = np.insert(t_s, at, np.maximum(begins, t_s[at - 1]))
    return t_s, {name: np.insert(values, at, np.nan) for name, values in columns.items()}
