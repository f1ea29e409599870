"""A run file for others: the last samples of a run, with its events and its link, without anybody's words.

It is made anew rather than edited, since a database keeps what was deleted until its place is needed.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from firmware_link import telemetry
from rig.bundle.scrub import Scrubber
from rig.recording import schema
from rig.recording.access import Tables, open_read_only
from rig.recording.database import Database
from rig.recording.records import (
    RECORDS,
    CaseRecord,
    Link,
    ProgramRecord,
    Record,
    Run,
    StepRecord,
    Verdict,
)
from rig.recording.rollup import rolled_up
from rig.weighing import WEIGHING_DTYPE

MOST_SAMPLES = 250_000  # seven hours at 10 Hz
_BLOCK = 50_000
#: Table -> how many of its latest rows come along.  Notes and the truth of a virtual rig don't.
MOST = {
    "events": 20_000,
    "gaps": 20_000,
    "frames": 20_000,
    "links": 5000,
    "programs": 100,
    "verdicts": 2000,
    "strikes": 5000,
    "health": 100_000,
    "cases": 1000,
    "steps": 20_000,
}
MOST_WEIGHINGS = 100_000


@dataclass(frozen=True)
class Excerpt:
    """What was taken of a run."""

    started_us: int
    ended: str  # why, "" where the file doesn't say
    digest: str  # of the evidence that it was taken from; "" where none was kept
    samples: int
    of_samples: int
    events: int
    of_events: int


@contextmanager
def taken(path: Path, scrubber: Scrubber) -> Iterator[tuple[Path, Excerpt]]:
    """A run file that lasts as long as the context, and what it holds of the run file ``path``.

    Raises RunFileError where ``path`` can't be read, UsageError where there is no room.
    """
    with tempfile.TemporaryDirectory(prefix="pump-programmer-") as folder:
        made = Path(folder) / "last.run.duckdb"
        tables = Tables(open_read_only(path), path)
        try:
            excerpt = _copy(tables, made, scrubber)
        finally:
            tables.close()
        yield made, excerpt


def _copy(tables: Tables, made: Path, scrubber: Scrubber) -> Excerpt:
    (run,) = tables.records("run", Run)
    samples, events = tables.count("samples"), tables.count("events")
    first = max(0, samples - MOST_SAMPLES)
    database = Database.make(made, _run(run, scrubber, whole=first == 0))
    try:
        rows = np.concatenate(
            [
                tables.array("samples", telemetry.SAMPLE_DTYPE, at, min(at + _BLOCK, samples))
                for at in range(first, samples, _BLOCK)
            ]
            or [np.empty(0, telemetry.SAMPLE_DTYPE)]
        )
        with database.transaction():
            database.put_rows("samples", rows)
            database.put_rows("rollup", rolled_up(rows, 0))
            weighings = tables.count("weighings") if tables.has("weighings") else 0
            first_weighing = max(0, weighings - MOST_WEIGHINGS)
            database.put_rows("weighings", tables.array("weighings", WEIGHING_DTYPE, first_weighing, weighings))
            for table, most in MOST.items():
                database.put_records(table, _records(tables, table, most, scrubber))
        database.checkpoint()
    finally:
        database.close()
    kept = min(events, MOST["events"])
    return Excerpt(run.started_us, run.ended or "", run.digest or "", samples - first, samples, kept, events)


def _run(run: Run, scrubber: Scrubber, whole: bool) -> Run:
    """What the pump began with, and what was planned, are those of the whole run."""
    changes: dict[str, Any] = {} if whole else {"found": None, "planned_nl": None}
    return replace(
        run,
        schema_version=schema.SCHEMA_VERSION,
        target=scrubber.text(run.target),
        port=scrubber.text(run.port),
        ended=scrubber.text(run.ended) if run.ended else run.ended,
        balance=scrubber.text(run.balance) if run.balance else run.balance,
        digest=None,
        **changes,
    )


def _records(tables: Tables, table: str, most: int, scrubber: Scrubber) -> list[Record]:
    if not tables.has(table):
        return []
    first = max(0, tables.count(table) - most)
    found: tuple[Any, ...] = tables.records(table, RECORDS[table], first)
    return [_wordless(record, number, scrubber) for number, record in enumerate(found, first + 1)]


def _wordless(record: Record, number: int, scrubber: Scrubber) -> Record:
    """Without what somebody wrote; what the pump does with it stays."""
    if isinstance(record, ProgramRecord):
        return replace(record, name=f"Program {number}", source="", receipt=None)
    if isinstance(record, Link):
        return replace(record, error=scrubber.text(record.error))
    if isinstance(record, Verdict):
        return replace(record, name=f"Check {number}", detail="")
    if isinstance(record, CaseRecord):
        return replace(record, script="", name=f"Script {number}", case="", text="", target="")
    if isinstance(record, StepRecord):
        return replace(record, script="", case="", file="", title=f"Step {record.number}", detail="")
    return record
