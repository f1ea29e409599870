"""Reads a run file without changing a byte of it, and without trusting it."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from firmware_link import telemetry
from firmware_link.errors import UsageError
from rig.clockfit import ClockState
from rig.recording import clocks, digest, schema, timeline, wal
from rig.recording.access import Tables, open_read_only
from rig.recording.envelope import Envelope, Stretches, outline
from rig.recording.records import (
    TABLE_OF,
    CaseRecord,
    Health,
    Link,
    Note,
    ProgramRecord,
    Record,
    Review,
    Run,
    StepRecord,
)
from rig.recording.replan import planned_nl
from rig.recording.rollup import rolled_up
from rig.recording.salvage import Lost, damage
from rig.recording.scripted import endings
from rig.recording.summary import CUT_SHORT, Summary, difference
from rig.session import Event, Gap, no_samples
from rig.therapy.plan import MOVING
from rig.truth import TRUTH_DTYPE, Strike
from rig.weighing import WEIGHING_DTYPE

if TYPE_CHECKING:
    from rig.recording.hindsight import Hindsight

R = TypeVar("R", bound=Record)

#: Up to so many samples a window is drawn from the samples themselves.
EXACT_ROWS = 1_000_000
_CASE = ("script", "name", "case", "verdict", "why", "seed")
_CLOCK = ("boot", "drift_ppm", "residual_s", "span_s")


class RunReader:
    """The run file ``path``, read-only.  One thread owns a reader.

    Raises RunFileError, with a sentence, for a file that is locked, damaged, newer, altered or no run file; damage
    may show only when the damaged part is read.
    """

    def __init__(self, path: Path, tables: Tables | None = None) -> None:
        self.path = path
        self._tables = tables or Tables(open_read_only(path), path)

    # -- what the run is -------------------------------------------------------------------------------------------

    @property
    def run(self) -> Run:
        """Identity, versions, and how it ended."""
        return self._tables.records("run", Run)[0]

    @property
    def cut_short(self) -> bool:
        """Whether the recording has no end: it broke off, or it goes on."""
        return self.run.ended is None

    def summary(self) -> Summary:
        """The run in numbers, counted from what the file holds."""
        run = self.run
        samples, events, gaps = map(self._tables.count, ("samples", "events", "gaps"))
        commanded_nl, measured_nl = self.volumes()
        planned = self.replanned_nl() if run.planned_nl is None else run.planned_nl
        return Summary(samples, events, commanded_nl, measured_nl, planned, gaps, run.ended or CUT_SHORT)

    def volumes(self) -> tuple[int | None, int | None]:
        """What was commanded and measured over the recording, nl; as in ``Summary``."""
        samples = self._tables.count("samples")
        if not samples:
            return None, None
        first, last = self.samples(0, 1)[0], self.samples(samples - 1, 1)[0]
        total_nl: int | None = int(last["commanded_nl"])
        if first["boot"] != last["boot"]:
            total_nl = timeline.counted(self.rollup("commanded_nl")).total_nl
        measured_nl = difference(int(first["measured_nl"]), int(last["measured_nl"]))
        return (total_nl or 0) - int(first["commanded_nl"]), measured_nl

    def replanned_nl(self) -> int | None:
        """What the programs asked for, from the evidence; None where it doesn't say what the pump began with."""
        ends = ((boot.first_row, boot.first_row + boot.rows - 1) for boot in self.boots())
        rows = sorted({row for first_and_last in ends for row in first_and_last})
        landmarks = np.concatenate([no_samples(), *(self.samples(row, 1) for row in rows)])
        moving = self._tables.records("events", Event, only=("kind", MOVING))
        return planned_nl(self.run, self.programs(), moving, landmarks)

    def info(self) -> dict[str, Any]:
        """The summary's numbers with identity, versions, programs and the events by kind, as plain data."""
        return _info(self, self._tables)

    def verify(self, on_rows: Callable[[], None] = lambda: None) -> digest.Verified:
        """Whether the evidence is what the recorder left; reads all of it, and calls ``on_rows`` now and then."""
        return digest.verify(self._tables, on_rows)

    def damage(self) -> tuple[Lost, ...]:
        """Which rows can't be read, looking at all of them; ``rescue`` makes a new run of the others."""
        return damage(self._tables)

    def doubts(self) -> tuple[str, ...]:
        """What may be missing without a trace in the file, as sentences."""
        return wal.doubts(self.path, self.cut_short)

    def clock(self) -> ClockState | None:
        """How the pump's clock went over the longest of its boots, from the samples; None without any."""
        return clocks.fitted(self._tables)

    def hindsight(self) -> "Hindsight":
        """What truly happened, where a virtual rig told, and how soon the pump noticed."""
        from rig.recording import hindsight  # which knows all of a rig, and only who asks for the truth needs it

        return hindsight.of(self._tables)

    # -- what happened ---------------------------------------------------------------------------------------------

    def records(self, kind: type[R], first: int = 0, rows: int | None = None) -> tuple[R, ...]:
        """``rows`` records of ``kind``, or all, from number ``first`` (counted from 0) on, in the order they came."""
        return self._tables.records(TABLE_OF[kind], kind, first, rows)

    def count(self, kind: type[Record]) -> int:
        """How many records of ``kind`` there are."""
        table = TABLE_OF[kind]
        return self._tables.count(table) if self._tables.has(table) else 0

    def events(self, first: int = 0, rows: int | None = None) -> tuple[Event, ...]:
        """``rows`` events, or all, in the order they came, without the ``first`` first."""
        return self.records(Event, first, rows)

    def programs(self) -> tuple[ProgramRecord, ...]:
        """Programs in the order they were written."""
        return self.records(ProgramRecord)

    def gaps(self) -> tuple[Gap, ...]:
        """Lost time, in the order it was noticed."""
        return self.records(Gap)

    def links(self) -> tuple[Link, ...]:
        """How the link came and went."""
        return self.records(Link)

    def health(self) -> tuple[Health, ...]:
        """How the link did, once a second where it changed; nothing in formats before 4."""
        return self.records(Health)

    def strikes(self) -> tuple[Strike, ...]:
        """The faults of a virtual rig that began and ended."""
        return self.records(Strike)

    def notes(self) -> tuple[Note, ...]:
        """Notes by the moment they are about."""
        return tuple(sorted(self.records(Note), key=lambda note: note.host_us))

    def cases(self) -> tuple[CaseRecord, ...]:
        """Begins and ends of the cases of test scripts; nothing in formats before 5, as in the next three."""
        return self.records(CaseRecord)

    def steps(self) -> tuple[StepRecord, ...]:
        """Begins and ends of their steps, with what was measured and judged."""
        return self.records(StepRecord)

    def reviews(self) -> tuple[Review, ...]:
        """What those who looked at the run say of it, in the order in which they said it."""
        return tuple(sorted(self.records(Review), key=lambda review: review.made_us))

    def weighings(self) -> NDArray[np.void]:
        """(n,) rig.weighing.WEIGHING_DTYPE: all that a laboratory balance showed."""
        return self._tables.array("weighings", WEIGHING_DTYPE)

    # -- samples ---------------------------------------------------------------------------------------------------

    def samples(self, first_row: int, rows: int) -> NDArray[np.void]:
        """(up to ``rows``,) telemetry.SAMPLE_DTYPE from row ``first_row`` on."""
        return self._tables.array("samples", telemetry.SAMPLE_DTYPE, first_row, first_row + rows)

    def truth(self) -> NDArray[np.void]:
        """(n,) rig.truth.TRUTH_DTYPE: all of it, in the order of time; none of a real pump."""
        return self._tables.array("truth", TRUTH_DTYPE)

    def rollup(self, *fields: str) -> NDArray[np.void]:
        """(m,) of the part of schema.ROLLUP_DTYPE without channels other than ``fields``: the whole run."""
        dtype = schema.rollup_dtype(fields)
        kept = self._tables.array("rollup", dtype)
        covered = int(kept["row"][-1]) + int(kept["rows"][-1]) if len(kept) else 0
        # A run without an end has samples after its last complete stretch.
        tail = rolled_up(self._tables.array("samples", telemetry.SAMPLE_DTYPE, covered), covered)
        return np.concatenate([kept, tail[list(dtype.names or ())].astype(dtype)])

    def boots(self) -> tuple[timeline.Boot, ...]:
        """The pump's boots in order; their times on the run's axis never overlap."""
        return timeline.boots(self.rollup())

    def window(self, field: str, start_us: int, end_us: int, columns: int) -> Envelope:
        """Channel ``field`` from ``start_us`` to ``end_us`` (excluded) of the run's axis, in ``columns`` columns.

        Raises UsageError for an unknown channel, an empty window or no columns.
        """
        if field not in telemetry.BY_FIELD:
            raise UsageError(f"There is no channel {field!r}.", f"Channels: {', '.join(telemetry.BY_FIELD)}.")
        if end_us <= start_us or columns < 1:
            raise UsageError("The window of time is empty.", "Choose a later end, and at least one column.")
        rollup = self.rollup(field)
        pieces = timeline.stretches(rollup, field)
        first, stop = np.searchsorted(pieces.end_us, start_us, "left"), np.searchsorted(pieces.start_us, end_us, "left")
        inside = slice(int(first), int(stop))
        exact = int(rollup["rows"][inside].sum()) <= EXACT_ROWS
        if exact:
            pieces = self._single_samples(field, rollup[inside], timeline.epochs(rollup)[inside])
        return outline(pieces, start_us, end_us, columns, exact)

    def _single_samples(self, field: str, rollup: NDArray[np.void], epochs_us: NDArray[np.int64]) -> Stretches:
        first = int(rollup["row"][0]) if len(rollup) else 0
        dtype = np.dtype([(name, telemetry.SAMPLE_DTYPE[name]) for name in ("t_us", field)])
        rows = self._tables.array("samples", dtype, first, first + int(rollup["rows"].sum()))
        at_us = rows["t_us"] + np.repeat(epochs_us, rollup["rows"])
        values = telemetry.column(rows, field)
        return Stretches(at_us, at_us, values, values, values, values)

    def close(self) -> None:
        """Lets go of the file."""
        self._tables.close()

    def __enter__(self) -> "RunReader":
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def _info(reader: RunReader, tables: Tables) -> dict[str, Any]:
    run = reader.run
    identity = asdict(run) | {"capabilities": sorted(run.capabilities)}
    programs = [
        {
            "name": p.name,
            "digest": p.digest,
            "written_us": p.host_us,
            "confirmed": p.receipt is not None,
            "source": p.source,
            "receipt": p.receipt and msgspec.json.decode(msgspec.json.encode(p.receipt)),
        }
        for p in reader.programs()
    ]
    clock = reader.clock()
    kinds = dict(tables.rows("SELECT kind, count(*) FROM main.events GROUP BY kind ORDER BY kind"))
    return (
        identity
        | reader.summary().to_json()
        | {
            "programs": programs,
            "events_by_kind": kinds,
            "notes": tables.count("notes"),
            "weighings": tables.count("weighings") if tables.has("weighings") else 0,
            "cases": [{name: getattr(case, name) for name in _CASE} for case in endings(reader.cases())],
            "lost_us": sum(end_us - begin_us for begin_us, end_us in timeline.lost(reader.boots(), reader.gaps())),
            "clock": None if clock is None else {name: getattr(clock, name) for name in _CLOCK},
        }
    )
