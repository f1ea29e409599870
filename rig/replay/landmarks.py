"""What is seen of a whole recording at once, before any of it is played: where its events, gaps and notes are.

Bounded, however long the run: all events as numbers, and in words the most urgent.  Positions are those of
``rig.replay.replay``: host time, UTC microseconds, that never falls.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rig.recording import schema
from rig.recording.access import Tables, open_read_only
from rig.recording.axis import RunAxis
from rig.recording.reader import RunReader
from rig.recording.records import Link, Note, ProgramRecord, Run
from rig.replay.shelf import Shelf, Times
from rig.session import Event, Gap

LISTED = 20_000  # events in words
GAPS = 100_000

_PRIORITY = np.dtype([("priority", np.int8)])


@dataclass(frozen=True)
class Landmarks:
    """Of the run file ``path``."""

    path: Path
    run: Run
    arrived_us: Times  # (n,) of all events, in their order
    priority: NDArray[np.int8]  # (n,) vocabulary.PRIORITIES
    listed: tuple[tuple[int, Event], ...]  # position and event, in their order; the most urgent LISTED
    links: tuple[tuple[int, Link], ...]  # likewise
    notes: tuple[Note, ...]  # by the moment they are about
    programs: tuple[ProgramRecord, ...]
    gaps_us: Times  # (g, 2) positions of begin and end
    knots_us: Times  # (k,) positions, never falling
    knots_s: NDArray[np.float64]  # (k,) axis seconds of the same moments
    doubts: tuple[str, ...] = ()  # what may be missing, as sentences

    def seconds_at(self, at_us: int) -> float:
        """Axis seconds of a position, between the nearest that are known exactly."""
        if not len(self.knots_us):
            return 0.0
        beyond_us = max(0, at_us - int(self.knots_us[-1]))
        return float(np.interp(at_us, self.knots_us, self.knots_s)) + beyond_us / 1e6

    def position_at(self, seconds: float) -> int:
        """The inverse."""
        if not len(self.knots_us):
            return self.run.started_us
        return int(np.interp(seconds, self.knots_s, self.knots_us))

    def events_at(self, at_us: int) -> tuple[Event, ...]:
        """Those of ``listed`` that are there from a position on."""
        first = bisect_left(self.listed, at_us, key=lambda one: one[0])
        after = bisect_right(self.listed, at_us, key=lambda one: one[0])
        return tuple(event for _, event in self.listed[first:after])

    def program_of(self, digest: int) -> ProgramRecord | None:
        """The program that the pump calls ``digest``; None where the recording doesn't have it."""
        return next((one for one in reversed(self.programs) if int(one.digest, 16) == digest), None)


def read(path: Path) -> Landmarks:
    """Those of the run file ``path``.  Raises RunFileError as ``RunReader`` does."""
    tables = Tables(open_read_only(path), path)
    with RunReader(path, tables) as reader:
        axis = RunAxis(reader)
        knots_us, knots_s = _knots(reader, axis)
        priority = tables.array("events", _PRIORITY)["priority"]
        arrived_us = Shelf(tables, "events").arrivals_us()
        links = reader.records(Link, 0, LISTED)
        when_us = Shelf(tables, "links").arrivals_us()[:LISTED].tolist()
        return Landmarks(
            path,
            reader.run,
            arrived_us,
            priority,
            _listed(tables, arrived_us, priority),
            tuple(zip(when_us, links, strict=True)),
            reader.notes(),
            reader.programs(),
            _positions(reader.records(Gap, 0, GAPS), axis, knots_us, knots_s),
            knots_us,
            knots_s,
            reader.doubts(),
        )


def notes(path: Path) -> tuple[Note, ...]:
    """The notes of the run file ``path``, by the moment they are about."""
    with RunReader(path) as reader:
        return reader.notes()


def _knots(reader: RunReader, axis: RunAxis) -> tuple[Times, NDArray[np.float64]]:
    """Both ends of each stretch of the rollup.  When a stretch's last sample came isn't in it: as late after its
    first as the pump says, or where the next stretch began."""
    rollup = reader.rollup()
    if not len(rollup):
        return np.empty(0, np.int64), np.empty(0)
    epochs_us = np.repeat(
        [boot.epoch_us - axis.zero_us for boot in axis.boots],
        np.diff([*np.searchsorted(rollup["row"], [boot.first_row for boot in axis.boots]), len(rollup)]),
    )
    first_us = np.maximum.accumulate(rollup["host_us"])
    last_us = first_us + np.maximum(0, rollup["last_us"] - rollup["first_us"])
    last_us[:-1] = np.minimum(last_us[:-1], first_us[1:])
    at_us = np.column_stack([first_us, last_us]).ravel()
    axis_us = np.column_stack([rollup["first_us"] + epochs_us, rollup["last_us"] + epochs_us]).ravel()
    return at_us, np.maximum.accumulate(axis_us) / 1e6


def _listed(tables: Tables, arrived_us: Times, priority: NDArray[np.int8]) -> tuple[tuple[int, Event], ...]:
    if len(arrived_us) <= LISTED:
        rows = np.arange(len(arrived_us))
        events = tables.records("events", Event)
    else:
        rows = np.sort(np.argsort(-priority.astype(int), kind="stable")[:LISTED])
        select = schema.select_statement("events")
        found = tables.rows(f"{select} WHERE rowid IN (SELECT unnest(?)) ORDER BY rowid", rows.tolist())
        events = tuple(Event(*row) for row in found)
    return tuple(zip(arrived_us[rows].tolist(), events, strict=True))


def _positions(gaps: tuple[Gap, ...], axis: RunAxis, knots_us: Times, knots_s: NDArray[np.float64]) -> Times:
    """(g, 2) of those gaps that can be placed, in order."""
    ends = [
        (axis.seconds(gap.boot, gap.start_us), axis.seconds(gap.boot, gap.end_us))
        for gap in gaps
        if gap.kind != "events"
    ]
    placed = np.array([pair for pair in ends if None not in pair], float).reshape(-1, 2)
    if not len(knots_s):
        return np.empty((0, 2), np.int64)
    return np.sort(np.interp(placed, knots_s, knots_us).astype(np.int64), axis=0)
