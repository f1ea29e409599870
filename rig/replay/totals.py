"""A recording's totals and plan at any moment, as a live session's tracker had them then."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from rig.clockfit import ClockState
from rig.recording import schema
from rig.recording.access import Tables
from rig.recording.axis import RunAxis
from rig.recording.errors import RunFileError
from rig.recording.records import ProgramRecord, Run
from rig.recording.replan import found_as
from rig.recording.timeline import Boot
from rig.replay import clocking
from rig.replay.moment import Cursor
from rig.replay.shelf import Shelf
from rig.session import Batch, Event
from rig.therapy.plan import MOVING
from rig.tracker import Totals, Tracker

_EVENTS_TOGETHER = 4096
_COPIED_EVERY = 2048  # events that the plan hangs on; so far is gone back at most…
_COPIES = 32  # …in a run that has no more than so many times as many
_KINDS = ", ".join(f"'{kind}'" for kind in sorted(MOVING))
_MOVING = f"rowid >= ? AND rowid < ? AND kind IN ({_KINDS})"


ReadSample = Callable[[int], NDArray[np.void]]


def tracker_of(run: Run, programs: tuple[ProgramRecord, ...]) -> Tracker:
    """One that knows what the pump was found doing, and all programs that it will have."""
    tracker = Tracker()
    for program in programs:
        tracker.program(program.program(), int(program.digest, 16))  # an older format had another digest
    found = found_as(run)
    if found is not None:
        tracker.add(Batch(status=found))
    return tracker


class _Course:
    """A tracker on its way through a run: what it has been told."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self.boots = 0  # that it has seen a sample of
        self.samples = self.events = 0  # up to which it knows
        self.noted = 0  # events that move the plan

    def copy(self) -> "_Course":
        other = _Course(self.tracker.copy())
        other.boots, other.samples, other.events, other.noted = self.boots, self.samples, self.events, self.noted
        return other


class TotalsAt:
    """Follows the run in ``tables`` to wherever it is asked for, soonest onwards."""

    def __init__(self, tables: Tables, axis: RunAxis, events: Shelf, sample: ReadSample, tracker: Tracker) -> None:
        """``tracker`` knows what was known from the beginning; ``sample`` reads one by its row."""
        self._tables, self._axis, self._events, self._sample = tables, axis, events, sample
        self._course = _Course(tracker)
        self._copies = [self._course.copy()]
        self._every = _COPIED_EVERY
        self._clock: tuple[tuple[int, int], ClockState | None] = ((0, 0), None)

    def at(self, there: Cursor) -> Totals:
        """When so much is there.  Volumes and plan are exact; the clock is that of the last ``clocking.ROWS``.

        Raises RunFileError for times that no pump has.
        """
        try:
            return self._at(there)
        except OverflowError as error:
            what = f"{self._tables.path.name} was altered: it has times that no pump has."
            raise RunFileError(what, "Use the original file.") from error

    def _at(self, there: Cursor) -> Totals:
        if there.samples < self._course.samples or there.events < self._course.events:
            passed = [at for at, one in enumerate(self._copies) if _is_by(one, there)]
            self._course = self._copies[passed[-1]].copy()
        self._follow(there)
        counts = {"samples": there.samples, "events": there.events, "gaps": there.gaps}
        return replace(self._course.tracker.totals, **counts, clock=self._clock_at(there.samples))

    def _follow(self, there: Cursor) -> None:
        """Tells the tracker the ends of each boot, and between them the events in their order."""
        course, boots = self._course, self._axis.boots
        for number, boot in islice(enumerate(boots), max(0, course.boots - 1), None):
            stop = min(there.samples, boot.first_row + boot.rows)
            if boot.first_row >= there.samples:
                break
            if stop <= course.samples:
                continue
            if boot.first_row >= course.samples:
                self._note(self._before(boot, there))
                course.boots += 1
                self._see(boot.first_row)
            # Events before the latest sample, so that the copies made meanwhile serve for moments before that.
            self._note(there.events if stop == there.samples else self._before(boots[number + 1], there))
            if stop > course.samples:
                self._see(stop - 1)
        self._note(there.events)

    def _before(self, boot: Boot, there: Cursor) -> int:
        """How many events came before its first sample."""
        return min(there.events, self._events.count_at(self._axis.arrival_us(boot.first_row) - 1))

    def _see(self, row: int) -> None:
        self._course.tracker.add(Batch(samples=self._sample(row)))
        self._course.samples = row + 1

    def _note(self, stop: int) -> None:
        course = self._course
        while course.events < stop:
            until = min(stop, course.events + _EVENTS_TOGETHER)
            moving = self._moving(course.events, until)
            if moving:
                course.tracker.add(Batch(events=moving))
            course.events, course.noted = until, course.noted + len(moving)
            if course.noted >= self._copies[-1].noted + self._every:
                self._copies.append(course.copy())
            if len(self._copies) > _COPIES:
                self._copies, self._every = self._copies[::2], 2 * self._every

    def _moving(self, first: int, stop: int) -> tuple[Event, ...]:
        rows = self._tables.rows(f"{schema.select_statement('events')} WHERE {_MOVING} ORDER BY rowid", first, stop)
        return tuple(Event(*row) for row in rows)

    def _clock_at(self, rows: int) -> ClockState | None:
        if not rows:
            return None
        boots = self._axis.boots
        boot = boots[bisect_right(boots, rows - 1, key=lambda one: one.first_row) - 1]
        window = clocking.window(boot.first_row, rows)
        if window != self._clock[0]:
            read = (clocking.first_rows(boot.first_row, window[1]), window)
            first, latest = (self._tables.array("samples", clocking.READ_DTYPE, *one) for one in read)
            self._clock = window, clocking.state(first, latest)
        return self._clock[1]


def _is_by(course: _Course, there: Cursor) -> bool:
    return course.samples <= there.samples and course.events <= there.events
