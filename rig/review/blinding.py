"""A copy of a recording that says nothing of what it is of, and the key that leads back to it.

What was sensed stays to the digit: samples, weighings, lost time, and the log's entries.  Names, pump, settings,
programs, notes, verdicts, steps of scripts, what went over the wire and what truly happened on a virtual rig don't come
along; all dates are moved, so that every copy begins at the same moment.
"""

import os
import uuid
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from firmware_link.errors import UsageError
from firmware_link.telemetry import SAMPLE_DTYPE
from rig import atomic
from rig.places import RUN_SUFFIX
from rig.recording import schema
from rig.recording.access import BLOCK_ROWS, Tables, open_read_only
from rig.recording.database import Database
from rig.recording.digest import Evidence
from rig.recording.errors import RunFileError, translated
from rig.recording.records import RECORDS, Link, Record, Run
from rig.recording.rollup import RollupBuilder
from rig.recording.wal import beside
from rig.session import Event, Gap
from rig.weighing import WEIGHING_DTYPE

TARGET = "blinded copy"  #: what such a copy says instead of where it was recorded
BEGIN_US = 946_684_800_000_000  # 2000-01-01T00:00Z
KEY_SUFFIX = ".key.json"
_ROUND_US = 1_000_000  # dates in the log are whole seconds
_NAMELESS = "0" * 16
#: Entries of the log whose value is a part of a name.
_NAMING = frozenset({"program_committed", "session_opened", "config_changed"})


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which run a copy is of.  It belongs to whoever makes the copy, never to who reviews it."""

    copy_id: str  # run_id of the copy
    run_id: str  # and of the run
    run: str  # its path when the copy was made
    digest: str  # of the run's evidence, "" where it keeps none
    made_us: int  # UTC


@dataclass(frozen=True)
class Blinded:
    """A copy, and where its key is."""

    path: Path
    key: Key
    key_path: Path


def is_blinded(run: Run) -> bool:
    """Whether this is such a copy."""
    return run.target == TARGET


def key_in(folder: Path, copy_id: str) -> Path:
    """Where the key of a copy is kept in ``folder``."""
    return folder / f"{copy_id[:64]}{KEY_SUFFIX}"


def blind(path: Path, output: Path, keys: Path, now_us: int, force: bool = False) -> Blinded:
    """Makes ``output`` of the run file ``path`` at ``now_us`` (UTC), and its key: the file ``keys``, or one in the
    folder ``keys``.  Both, or neither.

    Raises UsageError where a file is in the way and ``force`` isn't given, or the copy would be named as nothing is,
    RunFileError where the run can't be read, is one without an end, or is such a copy itself.
    """
    if not output.name.endswith(RUN_SUFFIX):
        raise UsageError(f"{output} isn't called as a run file is.", f"Give a name that ends in {RUN_SUFFIX}.")
    taken = next((one for one in (output, keys) if one.is_file()), None)
    if taken is not None and not force:
        raise UsageError(f"{taken} exists already.", "Choose another name, or give --force to write over it.")
    if output.resolve() == path.resolve():
        raise UsageError("The copy would take the place of the recording.", "Choose another name.")
    part = output.with_name(f".{output.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        with closing(Tables(open_read_only(path), path)) as tables:
            key = _copy(tables, part, path, now_us)
        key_path = keys if keys.name.endswith(".json") else key_in(keys, key.copy_id)
        atomic.write_text(key_path, msgspec.json.format(msgspec.json.encode(key), indent=1).decode() + "\n")
        with translated(output):
            os.replace(part, output)
    except BaseException:
        for file in (part, beside(part)):
            with suppress(OSError):
                file.unlink()
        raise
    return Blinded(output, key, key_path)


def read_key(path: Path) -> Key:
    """The key at ``path``; raises UsageError for what is none."""
    try:
        return msgspec.json.decode(path.read_bytes()[:10_000], type=Key)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.", "Name the key that was made.") from error
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise UsageError(f"{path.name} is no key of a blinded copy.", "Name the key that was made.") from error


def _copy(tables: Tables, made: Path, path: Path, now_us: int) -> Key:
    (run,) = tables.records("run", Run)
    if is_blinded(run):
        raise RunFileError(f"{path.name} is a blinded copy itself.", "Make copies of the recording.")
    if run.ended_us is None:
        raise RunFileError(f"{path.name} has no end yet.", f'Finish it first: "pump-programmer finish {path.name}".')
    shift_us = (BEGIN_US - run.started_us) // _ROUND_US * _ROUND_US
    copied = _nameless(run, shift_us)
    copying = _Copying(made, copied, shift_us)
    try:
        copying.take(tables)
        copying.end()
    finally:
        copying.close()
    return Key(copied.run_id, run.run_id, str(path.resolve()), run.digest or "", now_us)


def _nameless(run: Run, shift_us: int) -> Run:
    return Run(
        schema_version=schema.SCHEMA_VERSION,
        run_id=str(uuid.uuid4()),
        program_version=run.program_version,
        target=TARGET,
        port="",
        virtual=False,
        started_us=run.started_us + shift_us,
        device_id=_NAMELESS,
        protocol=run.protocol,
        table_crc=run.table_crc,
        capabilities=run.capabilities - {"virtual"},
        ended_us=None if run.ended_us is None else run.ended_us + shift_us,
        ended="blinded",
    )


class _Copying:
    """The new run file."""

    def __init__(self, path: Path, run: Run, shift_us: int) -> None:
        self._run, self._shift_us = run, shift_us
        self._database = Database.make(path, replace(run, ended=None, ended_us=None))
        self._evidence, self._rollup = Evidence(), RollupBuilder()

    def take(self, tables: Tables) -> None:
        """All that was sensed."""
        for table, dtype in (("samples", SAMPLE_DTYPE), ("weighings", WEIGHING_DTYPE)):
            for first in range(0, tables.count(table) if tables.has(table) else 0, BLOCK_ROWS):
                self._put_numbers(table, self._moved(tables.array(table, dtype, first, first + BLOCK_ROWS)))
        for table in ("events", "gaps", "links"):
            for first in range(0, tables.count(table), BLOCK_ROWS):
                found: tuple[Any, ...] = tables.records(table, RECORDS[table], first, BLOCK_ROWS)
                self._put(table, [self._anonymous(one) for one in found])

    def _moved(self, rows: NDArray[np.void]) -> NDArray[np.void]:
        moved = rows.copy()
        moved["host_us"] += self._shift_us
        return moved

    def _anonymous(self, record: Any) -> Record:
        if isinstance(record, Event):
            utc_s = record.utc_s and max(0, record.utc_s + self._shift_us // _ROUND_US)
            value = 0 if record.kind in _NAMING else record.value
            return replace(record, host_us=record.host_us + self._shift_us, utc_s=utc_s, value=value)
        if isinstance(record, Link):
            return Link(record.host_us + self._shift_us, record.state, "")
        gap: Gap = record
        return gap

    def _put_numbers(self, table: str, rows: NDArray[np.void]) -> None:
        with self._database.transaction():
            self._database.put_rows(table, rows)
            if table == "samples":
                self._database.put_rows("rollup", self._rollup.add(rows))
        self._evidence.add_numbers(table, rows)

    def _put(self, table: str, records: list[Record]) -> None:
        with self._database.transaction():
            self._database.put_records(table, records)
        self._evidence.add_records(table, records)

    def end(self) -> None:
        """The rest: from now on it is a recording like any other."""
        self._evidence.add_records("run", [self._run])
        end = {"ended": self._run.ended, "ended_us": self._run.ended_us, "digest": self._evidence.hexdigest()}
        with self._database.transaction():
            self._database.put_rows("rollup", self._rollup.finish())
            self._database.change_run(end)
        self._database.checkpoint()

    def close(self) -> None:
        self._database.close()
