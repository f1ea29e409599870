"""A recording by moments: what was known at any of them, and what came between two."""

from bisect import bisect_right
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firmware_link.errors import PumpError
from rig.recording import schema
from rig.recording.access import Tables, open_read_only
from rig.recording.axis import RunAxis
from rig.recording.reader import RunReader
from rig.recording.records import TABLE_OF, Health, Link, ProgramRecord
from rig.replay.lost import gap_rows
from rig.replay.moment import KINDS, Cursor, Moment
from rig.replay.pages import Pages
from rig.replay.said import Said
from rig.replay.shelf import Times
from rig.replay.shelves import EVENTS_MAX, ROWS_MAX, Shelves
from rig.replay.totals import TotalsAt, tracker_of
from rig.session import (
    Batch,
    DeviceInfo,
    Event,
    Gap,
    LinkChange,
    LinkCounters,
    LinkState,
    Status,
    no_samples,
)
from rig.tracker import Totals
from rig.truth import Strike, no_truth
from rig.virtual.fault_kinds import BY_NAME

_NEAR = 4096  # rows of truth before and after a sample came, among which that of its moment is
_LATEST_OF_EACH = "SELECT max(rowid) AS row FROM main.{} WHERE rowid < ? GROUP BY {} ORDER BY row DESC LIMIT ?"
_STATES = {state.value: state for state in LinkState}
_ENDED = "The session that was recorded ended."


class Replay:
    """The run file ``path``, read-only, for one thread.  Raises RunFileError as ``RunReader`` does.

    Positions are host time, UTC microseconds: something is there once its ``host_us`` is past, made monotone in the
    order of the file.  Nothing that it keeps grows with the length of the run by more than a few bytes a thousand rows.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._tables = Tables(open_read_only(path), path)
        self.reader = RunReader(path, self._tables)
        with ExitStack() as opened:
            opened.callback(self.close)
            self._open()
            opened.pop_all()

    def _open(self) -> None:
        reader = self.reader
        self.run = reader.run
        self.axis = RunAxis(reader)
        self.shelves = Shelves(self._tables, self.axis, gap_rows(self._tables, reader.rollup()), self.run)
        self._programs = reader.programs()
        self._said = Said(self._tables, self.run)
        played = ("samples", "truth", "weighings")
        self._pages = {table: Pages(partial(self._read_numbers, table), ROWS_MAX) for table in played}
        tracker = tracker_of(self.run, self._programs)
        self._totals = TotalsAt(self._tables, self.axis, self.shelves.events, self._sample, tracker)
        sizes: dict[type[Any], int] = dict.fromkeys((Event, Gap, Link, Strike), EVENTS_MAX // 4)
        sizes[Health] = 32  # of which only the latest counts
        self._records = {kind: Pages(partial(self._read_records, kind), size) for kind, size in sizes.items()}

    # -- moments ---------------------------------------------------------------------------------------------------

    def moment(self, at_us: int) -> Moment:
        """All that is known at ``at_us``, found without playing what came before."""
        there = self.shelves.there(at_us)
        status = self._said.status(0, there.frames)
        samples, truth = self._seen(there)
        standing = [strike for strike in self._latest(Strike, "what", there.strikes) if in_force(strike)]
        batch = Batch(
            samples=samples,
            events=self._latest(Event, "kind", there.events),
            links=self._links(max(0, there.links - 1), there.links),
            status=status,
            counters=self.counters(there),
            truth=truth,
            strikes=tuple(standing),
            weighings=self._read_numbers("weighings", max(0, there.weighings - 1), there.weighings),
        )
        events = self.shelves.events
        before = events.count_at(at_us - 1)
        return Moment(
            at_us=at_us,
            at_s=self.axis.seconds_at(at_us),
            there=there,
            batch=batch,
            totals=self.totals(there),
            program=self._program(status, at_us),
            device=self.device(there),
            previous_event_us=events.arrival_us(before - 1) if before else None,
            next_event_us=events.arrival_us(there.events) if there.events < events.rows else None,
        )

    def totals(self, there: Cursor) -> Totals:
        """Counts, volumes and plan when so much is there."""
        return self._totals.at(there)

    def device(self, there: Cursor) -> DeviceInfo | None:
        """Who the pump was, and how it was set."""
        return self._said.device(there.frames)

    def counters(self, there: Cursor) -> LinkCounters:
        """How the link had done; zeros in formats before 4."""
        told = self._read(Health, max(0, there.health - 1), there.health)
        if not told:
            return LinkCounters()
        values = {name: value for name, value in vars(told[0]).items() if name != "host_us"}
        return LinkCounters(**values)

    def event_times(self) -> Times:
        """(n,) the position at which each event is there, in the order of the file."""
        return self.shelves.events.arrivals_us()

    def _program(self, status: Status | None, at_us: int) -> ProgramRecord | None:
        """What the pump says that it holds; it is noted a little later than it is held."""
        digest = "" if status is None else f"{status.fields['digest']:016x}"
        held = [program for program in self._programs if program.digest == digest]
        by_now = [program for program in held if program.host_us <= at_us]
        return max(by_now, key=lambda one: one.host_us) if by_now else next(iter(held), None)

    def _seen(self, there: Cursor) -> tuple[NDArray[np.void], NDArray[np.void]]:
        """The first sample, the first of the present boot and the latest; the truth of each, and the latest."""
        if not there.samples:
            return no_samples(), self._read_numbers(
                "truth", max(0, there.truth - _NEAR), there.truth
            )  # one will be the first's
        boots = self.axis.boots
        boot = boots[bisect_right(boots, there.samples - 1, key=lambda one: one.first_row) - 1]
        rows = sorted({0, boot.first_row, there.samples - 1})
        samples = np.concatenate([self._sample(row) for row in rows])
        found = {self._truth_row(row, sample, there) for row, sample in zip(rows, samples, strict=True)}
        found |= {there.truth - 1} if there.truth else set()
        truth = [self._read_numbers("truth", row, row + 1) for row in sorted(row for row in found if row is not None)]
        return samples, np.concatenate([no_truth(), *truth])

    def _sample(self, row: int) -> NDArray[np.void]:
        """(1,): of what is being played, or by itself."""
        if not self._pages["samples"].has(row):
            return self._read_numbers("samples", row, row + 1)
        return self._numbers("samples", row, row + 1)

    def _truth_row(self, row: int, sample: np.void, there: Cursor) -> int | None:
        """Where the truth of a sample's moment is, or the last before it, near to when the sample came."""
        about = self.shelves.truth.count_at(self.axis.arrival_us(row))
        first = max(0, about - _NEAR)
        near = self._read_numbers("truth", first, min(about + _NEAR, there.truth))
        same = np.flatnonzero((near["boot"] == sample["boot"]) & (near["t_us"] <= sample["t_us"]))
        return first + int(same[-1]) if len(same) else None

    def _latest(self, kind: type[Any], column: str, stop: int) -> tuple[Any, ...]:
        """The latest record of each value of ``column`` among the first ``stop``, in their order."""
        table = TABLE_OF[kind]
        if not self._tables.has(table):
            return ()
        latest = _LATEST_OF_EACH.format(table, column)
        sql = f"{schema.select_statement(table)} WHERE rowid IN ({latest}) ORDER BY rowid"
        return tuple(kind(*row) for row in self._tables.rows(sql, stop, KINDS))

    # -- what comes between --------------------------------------------------------------------------------------

    def between(self, one: Cursor, other: Cursor) -> Batch:
        """What is there at ``other`` and wasn't at ``one``, in order.  Of control messages there is the latest status;
        a link that was closed is lost, since a recording goes on."""
        return Batch(
            samples=self._numbers("samples", one.samples, other.samples),
            events=self._read(Event, one.events, other.events),
            gaps=self._read(Gap, one.gaps, other.gaps),
            links=self._links(one.links, other.links),
            status=self._said.status(one.frames, other.frames),
            counters=self.counters(other),
            truth=self._numbers("truth", one.truth, other.truth),
            weighings=self._numbers("weighings", one.weighings, other.weighings),
            strikes=self._read(Strike, one.strikes, other.strikes),
        )

    def _read(self, kind: type[Any], first: int, stop: int) -> tuple[Any, ...]:
        return tuple(record for part in self._records[kind].parts(first, stop) for record in part)

    def _links(self, first: int, stop: int) -> tuple[LinkChange, ...]:
        return tuple(_change(link) for link in self._read(Link, first, stop))

    def _read_records(self, kind: type[Any], first: int, stop: int) -> tuple[Any, ...]:
        return self.reader.records(kind, first, stop - first)

    def _numbers(self, table: str, first: int, stop: int) -> NDArray[np.void]:
        """The rows from ``first`` to ``stop`` (excluded), most of them at hand."""
        parts = self._pages[table].parts(first, stop)
        return parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, schema.NUMBERS[table]), *parts])

    def _read_numbers(self, table: str, first: int, stop: int) -> NDArray[np.void]:
        return self._tables.array(table, schema.NUMBERS[table], first, stop)

    def close(self) -> None:
        """Lets go of the file."""
        self._tables.close()

    def __enter__(self) -> "Replay":
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def in_force(strike: Strike) -> bool:
    """Whether it is one that lasts, and has begun."""
    kind = BY_NAME.get(strike.what)
    return strike.begins and kind is not None and kind.lasts


def _change(link: Link) -> LinkChange:
    state = _STATES.get(link.state, LinkState.LOST)
    error = PumpError(link.error) if link.error else None
    if state is LinkState.CLOSED:
        return LinkChange(LinkState.LOST, link.host_us, error or PumpError(_ENDED))
    return LinkChange(state, link.host_us, error)
