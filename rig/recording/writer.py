"""The one writer of a run file.

What is added waits in memory until the next commit, and what is committed survives the end of this process, however
it ends.  One thread owns a writer.
"""

import uuid
from dataclasses import fields, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firmware_link.clock import Clock
from rig.clockfit import ClockFit
from rig.firmware.program import Program
from rig.programs.receipt import Receipt
from rig.recording.database import Database
from rig.recording.digest import Evidence
from rig.recording.health import HealthLog
from rig.recording.reader import RunReader
from rig.recording.records import (
    RECORDS,
    TABLE_OF,
    CaseRecord,
    Link,
    Note,
    ProgramRecord,
    Record,
    Run,
    StepRecord,
    Verdict,
)
from rig.recording.rollup import RollupBuilder
from rig.recording.schema import SCHEMA_VERSION
from rig.recording.scripted import finite
from rig.recording.summary import Summary, Totals
from rig.rows import joined
from rig.session import Batch, DeviceInfo, SessionInfo
from rig.tracker import jumped, read_clock

COMMIT_EVERY_S = 0.25
CHECKPOINT_EVERY_S = 30.0
_NUMBERS = ("samples", "truth", "weighings")  # of a batch, and of a run file
_PENDING_MAX = 65_536  # samples that are committed at once, whatever the time


def program_version() -> str:
    """This program's version, "unknown" where it isn't installed."""
    try:
        return metadata.version("pump-programmer")
    except metadata.PackageNotFoundError:
        return "unknown"


def _identity(device: DeviceInfo | None) -> dict[str, Any]:
    return {field.name: getattr(device, field.name) for field in fields(DeviceInfo)} if device else {}


class RunWriter:
    """Makes the run file ``path`` and appends to it.

    Raises RunFileError where the file can't be made: it exists, or the folder is missing or not writable.  Every
    other method raises RecordingError once the file can't be written any more; what was committed stays.
    """

    def __init__(self, path: Path, clock: Clock, session: SessionInfo) -> None:
        self.path = path
        self._clock = clock
        self._numbers: dict[str, list[NDArray[np.void]]] = {table: [] for table in _NUMBERS}
        self._records: dict[str, list[Record]] = {table: [] for table in RECORDS}
        self._changes: dict[str, Any] = {}
        self._rollup = RollupBuilder()
        self._fit = ClockFit()
        self._totals = Totals()
        self._health = HealthLog()
        self._evidence = Evidence()
        self._found = False  # whether the file says what the pump was doing when it began
        self._balance = ""
        self._programs: set[str] = set()
        self._committed_s: float | None = None
        self._checkpointed_s: float | None = None
        self._durable_event = 0
        self._durable_samples = 0
        run = Run(
            schema_version=SCHEMA_VERSION,
            run_id=str(uuid.uuid4()),
            program_version=program_version(),
            target=session.target,
            port=session.port,
            virtual=session.virtual,
            started_us=clock.utc_us(),
            **_identity(session.device),
        )
        self._database = Database.make(path, run)

    # -- what comes in -------------------------------------------------------------------------------------------

    def add(self, batch: Batch) -> None:
        """Takes all that ``batch`` holds; it is on disk after the next commit."""
        for table, waiting in self._numbers.items():
            rows = getattr(batch, table)
            if len(rows):
                waiting.append(rows)
        if batch.status is not None and not self._found:
            self._found = True
            self._changes["found"] = batch.status.fields
        if batch.balance is not None and batch.balance.mass_ug is not None:
            self._changes |= {"balance": identity} if (identity := batch.balance.identity) != self._balance else {}
            self._balance = identity
        jump = read_clock(self._fit, batch)
        if jump is not None:
            batch = replace(batch, events=(*batch.events, jumped(jump)))
        events, links = self._totals.add(batch), map(Link.of, batch.links)
        health = self._health.read(batch.counters, self._clock.utc_us())
        self._put(*events, *batch.gaps, *batch.frames, *links, *batch.strikes, *health)

    def _put(self, *records: Record) -> None:
        self._database.check_open()
        for record in records:
            self._records[TABLE_OF[type(record)]].append(record)

    def note(self, text: str, host_us: int | None = None, author: str = "", marker: bool = False) -> None:
        """Somebody's words about the moment ``host_us`` (UTC), or about now."""
        now_us = self._clock.utc_us()
        self._put(Note(now_us if host_us is None else host_us, text, author, now_us, marker))

    def program(self, name: str, source: str, program: Program, receipt: Receipt | None) -> None:
        """A program was written to the pump, with the ``receipt`` that proves it."""
        record = ProgramRecord.of(self._clock.utc_us(), name, source, program, receipt)
        self._programs.add(record.digest)
        self._put(record)

    def held(self, program: Program) -> None:
        """The pump holds ``program``, as reading it back says; kept unless the recording has it already."""
        if f"{program.digest():016x}" not in self._programs:
            self.program("found on the pump", "", program, None)

    def verdict(self, name: str, passed: bool, detail: str) -> None:
        """A check has ended."""
        self._put(Verdict(self._clock.utc_us(), name, passed, detail))

    def step(self, record: StepRecord) -> None:
        """A step of a test script has begun, or ended."""
        self._put(finite(record))

    def case(self, record: CaseRecord) -> None:
        """A case of a test script has begun, or ended: that is a verdict, too."""
        self._put(record)
        if record.phase == "end":
            passed = record.verdict in ("pass", "skipped")
            self._put(Verdict(record.host_us, record.title, passed, record.why, record.verdict))

    def identify(self, device: DeviceInfo) -> None:
        """The pump has answered, or has answered anew: the run is of this ``device``, with these settings."""
        self._database.check_open()
        self._changes |= _identity(device)

    # -- what goes to disk ---------------------------------------------------------------------------------------

    @property
    def durable_event(self) -> int:
        """The highest event number that is on disk, 0 before the first.  The pump may forget up to and with it."""
        return self._durable_event

    @property
    def durable_samples(self) -> int:
        """How many samples are on disk."""
        return self._durable_samples

    @property
    def pending(self) -> bool:
        """Whether something waits for the next commit."""
        return bool(self._changes or any(self._numbers.values()) or any(self._records.values()))

    def commit_if_due(self, now_s: float) -> bool:
        """Commits what waits, where the last commit is COMMIT_EVERY_S ago or much waits, and checkpoints now and then.

        ``now_s`` is monotonic time of this computer, not of a virtual rig.  Returns whether it committed.
        """
        if self._checkpointed_s is None:
            self._checkpointed_s = now_s
        recent = self._committed_s is not None and now_s - self._committed_s < COMMIT_EVERY_S
        if (recent and self._totals.samples - self._durable_samples < _PENDING_MAX) or not self.pending:
            return False
        self.commit()
        self._committed_s = now_s
        if now_s - self._checkpointed_s >= CHECKPOINT_EVERY_S:
            self._database.checkpoint()
            self._checkpointed_s = now_s
        return True

    def commit(self) -> None:
        """Puts all that waits on disk."""
        if self.pending:
            self._commit(last=False)

    def _commit(self, last: bool) -> None:
        with self._database.transaction():
            for table, waiting in self._numbers.items():
                if waiting:
                    waiting[:] = [joined(waiting)]
                    self._put_numbers(table, waiting[0])
            if last:
                self._database.put_rows("rollup", self._rollup.finish())
            for table, records in self._records.items():
                self._database.put_records(table, records)
            self._database.change_run(self._changes)
        self._evidence.add(self._numbers, self._records)
        self._changes.clear()
        for waiting in self._numbers.values():
            waiting.clear()
        for records in self._records.values():
            records.clear()
        self._durable_event = self._totals.last_event
        self._durable_samples = self._totals.samples

    def _put_numbers(self, table: str, rows: NDArray[np.void]) -> None:
        self._database.put_rows(table, rows)
        if table == "samples":
            self._database.put_rows("rollup", self._rollup.add(rows))

    # -- the end ---------------------------------------------------------------------------------------------------

    def finish(self, why: str, planned_nl: int | None = None) -> Summary:
        """Ends the recording: everything is in the one file, which says ``why`` it ended and what was planned.

        ``planned_nl`` None lets the file tell: it is computed from the programs and events recorded.
        """
        self._put(*self._totals.end(), *self._health.end(self._clock.utc_us()))
        self.commit()
        with self.reader() as reader:
            run = reader.run
            planned_nl = reader.replanned_nl() if planned_nl is None else planned_nl
        end: dict[str, Any] = {"ended_us": self._clock.utc_us(), "ended": why, "planned_nl": planned_nl}
        self._evidence.add_records("run", [replace(run, **end)])
        self._changes = end | {"digest": self._evidence.hexdigest()}
        self._commit(last=True)
        self._database.checkpoint()
        self.close()
        return self._totals.summary(why, planned_nl)

    def close(self) -> None:
        """Lets go of the file without an end: what was not committed is lost, and the run counts as cut short."""
        self._database.close()

    def reader(self) -> RunReader:
        """Reads what is committed while the recording goes on; for one thread, which may be another."""
        return RunReader(self.path, self._database.tables())

    def __enter__(self) -> "RunWriter":
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()
