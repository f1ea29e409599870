"""One run as a comparison reads it: where its samples, events and lost time lie on its own axis, UTC microseconds."""

from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from firmware_link.errors import UsageError
from rig.compare.alignment import Alignment
from rig.recording import timeline
from rig.recording.access import Tables, open_read_only
from rig.recording.errors import RunFileError
from rig.recording.reader import RunReader
from rig.recording.summary import Summary

Times = NDArray[np.int64]
_EVENT = np.dtype([("kind", "O"), ("boot", "i8"), ("occurred_us", "i8"), ("value", "i8")])
_BEFORE_US = 1_000_000  # by which an event may lie before the first sample and still be of this run
_MOST_US = 1 << 61  # beyond any date; sums of two still fit


class Material:
    """The run file ``path``, open; one thread owns it.  Raises RunFileError as the reader does, and UsageError for a
    run without a sample, which can't be compared."""

    def __init__(self, path: Path) -> None:
        self.path = path
        tables = Tables(open_read_only(path), path)
        self.reader = RunReader(path, tables)
        with ExitStack() as opened:
            opened.callback(self.reader.close)
            self._read(tables)
            opened.pop_all()

    def _read(self, tables: Tables) -> None:
        reader = self.reader
        self.run = reader.run
        self.rollup = reader.rollup("commanded_nl")
        self.boots = timeline.boots(self.rollup)
        self.summary: Summary = reader.summary()
        self._check()
        if not self.boots:
            raise UsageError(f"{self.path.name} holds no samples.", "Compare recordings of a pump that answered.")
        self.start_us = self.boots[0].start_us + self.boots[0].epoch_us
        self.end_us = self.boots[-1].end_us + self.boots[-1].epoch_us
        self._epochs_us = {boot.boot: boot.epoch_us for boot in self.boots}
        self.lost_us = timeline.lost(self.boots, reader.gaps())
        found = tables.array("events", _EVENT)
        placed = np.isin(found["boot"], list(self._epochs_us))
        self.unplaced = int((~placed).sum())  # events of boots that no sample came from
        self._place(found[placed])

    def _check(self) -> None:
        """Raises RunFileError where the outline isn't that of the samples, or no clock has such times."""
        row, rows = self.rollup["row"].astype(np.int64), self.rollup["rows"].astype(np.int64)
        whole = np.array_equal(row, np.cumsum(rows) - rows) and int(rows.sum()) == self.summary.samples
        times_us = (time_us for boot in self.boots for time_us in (boot.start_us, boot.end_us, boot.epoch_us))
        if not whole or any(abs(time_us) > _MOST_US for time_us in times_us):
            what = f"{self.path.name} was altered: its outline isn't that of its samples."
            raise RunFileError(what, "Use the original file.")

    def _place(self, found: NDArray[np.void]) -> None:
        boots, which = np.unique(found["boot"], return_inverse=True)
        epochs_us = np.array([self._epochs_us[int(boot)] for boot in boots], np.int64)
        at_us = np.clip(found["occurred_us"], -_MOST_US, _MOST_US) + (epochs_us[which] if len(boots) else 0)
        kinds = np.array([printable(str(kind), 60) for kind in found["kind"]], dtype=str)
        self.events: dict[str, tuple[Times, Times]] = {}  # by kind, when and what value, in order of time
        for kind in np.unique(kinds):
            here = kinds == kind
            order = np.argsort(at_us[here], kind="stable")
            self.events[str(kind)] = at_us[here][order], found["value"][here][order]

    @property
    def samples(self) -> int:
        """How many."""
        return int(self.rollup["rows"].sum())

    @property
    def span_s(self) -> float:
        """From the first sample to the last."""
        return (self.end_us - self.start_us) / 1e6

    @property
    def lost_s(self) -> float:
        """Of it, without samples."""
        return sum(end - begin for begin, end in self.lost_us) / 1e6

    def zero_us(self, alignment: Alignment) -> int:
        """Where this run has aligned second 0; by the clock, in the year 1970.  Raises UsageError where it lacks the
        event."""
        if alignment.how == "start":
            return self.start_us
        if alignment.how == "clock":
            return 0
        times_us = self.events.get(alignment.kind, (np.empty(0, np.int64),))[0]
        times_us = times_us[times_us >= self.start_us - _BEFORE_US]
        if len(times_us) < alignment.nth:
            has = f"only {len(times_us)}" if len(times_us) else "none"
            known = ", ".join(sorted(self.events)) or "none"
            what = f'{self.path.name} can\'t be aligned by event "{alignment.kind}" no. {alignment.nth}: it has {has}.'
            raise UsageError(what, f"Align by its start, or by one of its events: {known}.")
        return int(times_us[alignment.nth - 1])

    def __enter__(self) -> "Material":
        return self

    def __exit__(self, *raised: object) -> None:
        self.reader.close()


def printable(text: str, longest: int) -> str:
    """What a file says, fit for a line of a terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:longest])
