"""A run file's rows in blocks, as an export needs them: placed on the run's axis, bounded in time, never many at once.

A block is one array a field: those of the run file's table, ``at_us`` (UTC, on the axis), ``zero_us`` (the axis's
second 0) and ``real``, False for a row that stands for lost time.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firmware_link import wire
from rig.export.order import Order
from rig.recording import schema
from rig.recording.axis import RunAxis
from rig.recording.reader import RunReader
from rig.recording.records import RECORDS, ProgramRecord
from rig.session import Event, Gap, no_samples

Block = dict[str, NDArray[Any]]
Times = NDArray[np.int64]

ROWS = 1 << 18  # samples that are held at once
RECORDS_ROWS = 1 << 16
_FAR = 1 << 61  # microseconds beyond which no time is one; sums still fit
UNKNOWN = wire.MISSING  # for a time: no export shows it


class Source:
    """The rows of one run that ``order`` is about, for the thread that owns ``reader``."""

    def __init__(self, reader: RunReader, order: Order) -> None:
        self.reader, self.order = reader, order
        self.axis = RunAxis(reader)
        self.zero_us = self.axis.zero_us
        self.first, self.stop = self._bounds()
        self.read = 0  # of the samples, so far

    @property
    def samples(self) -> int:
        """How many samples lie within the bounds of time; not all of them are exported at a lower rate."""
        return self.stop - self.first

    @property
    def offset_min(self) -> int:
        """The offset from UTC that times are shown in."""
        if self.order.offset_min is not None:
            return self.order.offset_min
        known = [program.utc_offset_min for program in self.reader.programs()[:1]]
        return known[0] if known and abs(known[0]) <= 14 * 60 else 0

    def _bounds(self) -> tuple[int, int]:
        rows = range(self.axis.rows)
        begin_s, end_s = self.order.begin_s, self.order.end_s
        first = 0 if begin_s is None else bisect_left(rows, begin_s, key=self.axis.seconds_of)
        stop = len(rows) if end_s is None else bisect_left(rows, end_s, key=self.axis.seconds_of)
        return first, max(first, stop)

    # -- samples ---------------------------------------------------------------------------------------------------

    def sample_blocks(self) -> Iterator[Block]:
        """All samples within the bounds in order, thinned as ordered; each lost time is a row with a time alone.
        One block without rows, where there are none."""
        thin = Thinning(self.zero_us, self.order.interval_us)
        for row in range(self.first, max(self.stop, self.first + 1), ROWS):
            samples = self.reader.samples(row, min(ROWS, self.stop - row))
            self.read = row - self.first + len(samples)
            rows, at_us, real = thin.add(samples, self._placed(samples, row))
            block: Block = schema.sample_arrays(rows)
            yield block | {"at_us": at_us, "zero_us": np.full(len(rows), self.zero_us), "real": real}

    def _placed(self, samples: NDArray[np.void], first_row: int) -> Times:
        """(n,) when each sample is on the axis."""
        boots = self.axis.boots
        rows = np.arange(first_row, first_row + len(samples))
        which = np.searchsorted([boot.first_row for boot in boots], rows, "right") - 1
        epochs_us = np.array([max(-_FAR, min(boot.epoch_us, _FAR)) for boot in boots], np.int64)
        at_us: Times = np.clip(samples["t_us"], -_FAR, _FAR) + epochs_us[which]
        return at_us

    # -- everything else -------------------------------------------------------------------------------------------

    def record_blocks(self, table: str) -> Iterator[Block]:
        """The records of ``table`` within the bounds; of the programs also the one in force when they begin.
        One block without rows, where there are none."""
        if table == "weighings":
            yield self._weighings()
            return
        kind, first = RECORDS[table], 0
        while records := self.reader.records(kind, first, RECORDS_ROWS):
            yield self._block(table, records)
            first += len(records)
        if first == 0:
            yield self._block(table, ())

    def _weighings(self) -> Block:
        rows = self.reader.weighings()
        kept = rows[self._bounded(rows["host_us"].tolist())]
        block: Block = schema.sample_arrays(kept)
        return block | {"at_us": block["host_us"], "zero_us": np.full(len(kept), self.zero_us)}

    def _block(self, table: str, records: Sequence[Any]) -> Block:
        times: dict[str, list[int]] = {"at_us": [self._at_us(record) for record in records]}
        if table == "events":
            times["occurred_at_us"] = [self._on_axis(record.boot, record.occurred_us) for record in records]
        elif table == "gaps":
            times["end_at_us"] = [self._on_axis(record.boot, record.end_us) for record in records]
        kept = self._within(records, times["at_us"])
        block: Block = schema.record_arrays(table, list(records))
        block |= {name: np.array(values, np.int64) for name, values in times.items()}
        block["zero_us"] = np.full(len(records), self.zero_us)
        return {name: values[kept] for name, values in block.items()}

    def _at_us(self, record: Any) -> int:
        if isinstance(record, Gap):
            return self._on_axis(record.boot, record.start_us)
        if isinstance(record, Event):
            at_us = self._on_axis(record.boot, record.detected_us)
            return record.host_us if at_us == UNKNOWN else at_us
        return int(record.host_us)

    def _on_axis(self, boot: int, t_us: int) -> int:
        seconds = self.axis.seconds(boot, t_us)
        at_us = UNKNOWN if seconds is None else self.zero_us + round(seconds * 1e6)
        return at_us if -_FAR < at_us < _FAR else UNKNOWN

    def _within(self, records: Sequence[Any], at_us: list[int]) -> NDArray[np.bool_]:
        kept = self._bounded(at_us)
        if self.order.whole:
            return kept
        before = [at for at, record in zip(at_us, records, strict=True) if isinstance(record, ProgramRecord)]
        held = [index for index, at in enumerate(before) if at < self._begin_us]
        kept[held[-1:]] = True
        return kept

    def _bounded(self, at_us: list[int]) -> NDArray[np.bool_]:
        """(n,) which of these moments lie within the bounds."""
        end_us = _FAR if self.order.end_s is None else self.zero_us + self.order.end_s * 1e6
        return np.array([self.order.whole or self._begin_us <= at < end_us for at in at_us], bool)

    @property
    def _begin_us(self) -> float:
        """What came before the first sample belongs to the beginning."""
        begin_s = self.order.begin_s or 0.0
        return -_FAR if begin_s <= 0 else self.zero_us + begin_s * 1e6


class Thinning:
    """Of the samples as they come: the first of each interval of the axis and after lost time, and for that a row."""

    def __init__(self, zero_us: int, interval_us: int) -> None:
        self._zero_us, self._interval_us = zero_us, interval_us
        self._last = no_samples()  # the latest sample, or none
        self._last_us: Times = np.empty(0, np.int64)

    def add(self, samples: NDArray[np.void], at_us: Times) -> tuple[NDArray[np.void], Times, NDArray[np.bool_]]:
        """(m,) rows, when they are, and which are samples, of (n,) ``samples`` at ``at_us``."""
        carried = len(self._last)
        rows, at_us = np.concatenate([self._last, samples]), np.concatenate([self._last_us, at_us])
        lost = np.zeros(len(rows), bool)
        boot, index = rows["boot"], rows["index"]
        lost[1:] = (boot[1:] != boot[:-1]) | (index[1:] - index[:-1] != 1)
        kept = np.flatnonzero(self._kept(at_us, lost, carried))
        gaps = np.flatnonzero(lost)
        here = np.searchsorted(kept, gaps)
        real = np.insert(np.ones(len(kept), bool), here, False)
        taken = np.insert(kept, here, gaps - 1)
        self._last, self._last_us = rows[-1:].copy(), at_us[-1:].copy()
        return rows[taken], at_us[taken] + ~real, real

    def _kept(self, at_us: Times, lost: NDArray[np.bool_], carried: int) -> NDArray[np.bool_]:
        kept = np.ones(len(at_us), bool)
        if self._interval_us:
            cell = (at_us - self._zero_us) // self._interval_us
            kept[1:] = (cell[1:] != cell[:-1]) | lost[1:]
        kept[:carried] = False
        return kept
