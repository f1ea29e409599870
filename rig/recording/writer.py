"""The one writer of a run file.

What is added waits in memory until the next commit, and what is committed survives the end of this process, however
it ends.  One thread owns a writer.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from firmware_link.clock import Clock
from rig.firmware.program import Program
from rig.programming import Receipt
from rig.recording import schema
from rig.recording.access import Tables
from rig.recording.errors import RecordingError, RunFileError, translated
from rig.recording.reader import RunReader
from rig.recording.records import RECORDS, TABLE_OF, Link, Note, ProgramRecord, Record, Run, Verdict
from rig.recording.rollup import RollupBuilder
from rig.recording.summary import Summary, Totals
from rig.session import Batch, DeviceInfo, SessionInfo

COMMIT_EVERY_S = 0.25
CHECKPOINT_EVERY_S = 30.0
_PENDING_MAX = 65_536  # samples that are committed at once, whatever the time

_CONFIG: dict[str, Any] = {
    "threads": 1,  # more cost more than they save at this size
    "memory_limit": "512MB",
    "max_temp_directory_size": "0B",  # nothing beside the file
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "wal_autocheckpoint": "256MB",
    "storage_compatibility_version": "v1.4.0",  # so that every DuckDB since 1.4 opens the file
}


def program_version() -> str:
    """This program's version, "unknown" where it isn't installed."""
    try:
        return metadata.version("pump-programmer")
    except metadata.PackageNotFoundError:
        return "unknown"


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: dict[str, NDArray[Any]]) -> None:
    connection.execute(schema.insert_statement(table, "rows"))  # DuckDB finds the argument by its name


def _identity(device: DeviceInfo) -> dict[str, Any]:
    return {field.name: getattr(device, field.name) for field in fields(DeviceInfo)}


class RunWriter:
    """Makes the run file ``path`` and appends to it.

    Raises RunFileError where the file can't be made: it exists, or the folder is missing or not writable.  Every
    other method raises RecordingError once the file can't be written any more; what was committed stays.
    """

    def __init__(self, path: Path, clock: Clock, session: SessionInfo) -> None:
        self.path = path
        self._clock = clock
        self._samples: list[NDArray[np.void]] = []
        self._records: dict[str, list[Record]] = {table: [] for table in RECORDS}
        self._changes: dict[str, Any] = {}
        self._found = False  # whether the file knows what the pump was doing when it began
        self._rollup = RollupBuilder()
        self._totals = Totals()
        self._committed_s: float | None = None
        self._checkpointed_s: float | None = None
        self._durable_event = 0
        self._durable_samples = 0
        self._connection: duckdb.DuckDBPyConnection | None = self._create(session)

    def _create(self, session: SessionInfo) -> duckdb.DuckDBPyConnection:
        wal = self.path.with_name(self.path.name + ".wal")
        for taken in (self.path, wal):
            if taken.exists():
                raise RunFileError(f"{taken.name} exists already.", "Choose another name; nothing is overwritten.")
        run = Run(
            schema_version=schema.SCHEMA_VERSION,
            run_id=str(uuid.uuid4()),
            program_version=program_version(),
            target=session.target,
            port=session.port,
            virtual=session.virtual,
            started_us=self._clock.utc_us(),
            **(_identity(session.device) if session.device else {}),
        )
        with translated(self.path):
            connection = duckdb.connect(str(self.path), config=_CONFIG)
            connection.begin()
            for statement in schema.create_statements():
                connection.execute(statement)
            _insert(connection, "run", schema.record_arrays("run", [run]))
            connection.commit()
            connection.execute("CHECKPOINT")
        return connection

    # -- what comes in -------------------------------------------------------------------------------------------

    def add(self, batch: Batch) -> None:
        """Takes all that ``batch`` holds; it is on disk after the next commit."""
        self._open()
        if len(batch.samples):
            self._samples.append(batch.samples)
        if batch.status is not None and not self._found:
            self._found = True
            self._changes["found"] = batch.status.fields
        records: tuple[Record, ...] = (*self._totals.add(batch), *batch.gaps, *batch.frames, *map(Link.of, batch.links))
        for record in records:
            self._put(record)

    def _put(self, record: Record) -> None:
        """Takes one row of its table."""
        self._open()
        self._records[TABLE_OF[type(record)]].append(record)

    def note(self, text: str, host_us: int | None = None) -> None:
        """Somebody's words about the moment ``host_us`` (UTC), or about now."""
        self._put(Note(self._clock.utc_us() if host_us is None else host_us, text))

    def program(self, name: str, source: str, program: Program, receipt: Receipt | None) -> None:
        """A program was written to the pump, with the ``receipt`` that proves it."""
        self._put(ProgramRecord.of(self._clock.utc_us(), name, source, program, receipt))

    def held(self, program: Program) -> None:
        """The program that the pump was found with."""
        self._put(ProgramRecord.of(self._clock.utc_us(), "found on the pump", "", program, None))

    def verdict(self, name: str, passed: bool, detail: str) -> None:
        """A check has ended."""
        self._put(Verdict(self._clock.utc_us(), name, passed, detail))

    def identify(self, device: DeviceInfo) -> None:
        """The pump has answered, or has answered anew: the run is of this ``device``, with these settings."""
        self._open()
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
        return bool(self._samples or self._changes or any(self._records.values()))

    def commit_if_due(self, now_s: float) -> bool:
        """Commits what waits, where the last commit is COMMIT_EVERY_S ago or much waits, and checkpoints now and then.

        ``now_s`` is monotonic time of this computer, not of a virtual rig.  Returns whether it committed.
        """
        if self._checkpointed_s is None:
            self._checkpointed_s = now_s
        recent = self._committed_s is not None and now_s - self._committed_s < COMMIT_EVERY_S
        if not self.pending or (recent and sum(map(len, self._samples)) < _PENDING_MAX):
            return False
        self.commit()
        self._committed_s = now_s
        if now_s - self._checkpointed_s >= CHECKPOINT_EVERY_S:
            self._checkpoint()
            self._checkpointed_s = now_s
        return True

    def commit(self) -> None:
        """Puts all that waits on disk."""
        if self.pending:
            self._commit(last=False)

    def _commit(self, last: bool) -> None:
        connection = self._open()
        with self._breaking_off():
            connection.begin()
            self._write(connection)
            if last:
                self._insert_rollup(connection, self._rollup.finish())
            connection.commit()
        self._durable_event = self._totals.last_event
        self._durable_samples = self._totals.samples

    def _write(self, connection: duckdb.DuckDBPyConnection) -> None:
        if self._samples:
            samples = np.concatenate(self._samples)
            _insert(connection, "samples", schema.sample_arrays(samples))
            self._insert_rollup(connection, self._rollup.add(samples))
            self._samples.clear()
        for table, records in self._records.items():
            if records:
                _insert(connection, table, schema.record_arrays(table, records))
                records.clear()
        if self._changes:
            columns = [column for column in schema.TABLES["run"] if column.name in self._changes]
            assignments = ", ".join(f'"{column.name}" = ?' for column in columns)
            values = [schema.to_cell(column, self._changes[column.name]) for column in columns]
            connection.execute(f"UPDATE main.run SET {assignments}", values)
            self._changes.clear()

    @staticmethod
    def _insert_rollup(connection: duckdb.DuckDBPyConnection, rows: NDArray[np.void]) -> None:
        if len(rows):
            _insert(connection, "rollup", schema.sample_arrays(rows))

    def _checkpoint(self) -> None:
        connection = self._open()
        with self._breaking_off():
            connection.execute("CHECKPOINT")

    @contextmanager
    def _breaking_off(self) -> Iterator[None]:
        """An error on the way to the disk ends the recording: what follows could not be trusted to be complete."""
        try:
            with translated(self.path, RecordingError):
                yield
        except RecordingError:
            self.close()
            raise

    # -- the end ---------------------------------------------------------------------------------------------------

    def finish(self, why: str, planned_nl: int | None = None) -> Summary:
        """Ends the recording: everything is in the one file, which says ``why`` it ended and what was planned.

        ``planned_nl`` None lets the file tell: it is computed from the programs and events recorded.
        """
        self.commit()
        if planned_nl is None:
            planned_nl = RunReader(self.path, Tables(self._open(), self.path)).replanned_nl()
        self._changes |= {"ended_us": self._clock.utc_us(), "ended": why, "planned_nl": planned_nl}
        self._commit(last=True)
        self._checkpoint()
        self.close()
        return self._totals.summary(why, planned_nl)

    def close(self) -> None:
        """Lets go of the file without an end: what was not committed is lost, and the run counts as cut short."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(duckdb.Error):
                connection.close()

    def reader(self) -> RunReader:
        """Reads what is committed while the recording goes on; for one other thread, until ``finish``."""
        return RunReader(self.path, Tables(self._open().cursor(), self.path))

    def __enter__(self) -> "RunWriter":
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _open(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            raise RecordingError(f"The recording {self.path.name} is closed.", "Start a new one.")
        return self._connection
