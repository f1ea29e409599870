"""Saves what can still be read of a damaged recording, as a new one; the damaged file stays as it is.

Where samples are lost, the new recording has a gap, and notes say what couldn't be read.  A write-ahead log is read
as far as it goes.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rig.recording import schema
from rig.recording.access import Tables, open_read_only
from rig.recording.database import Database
from rig.recording.digest import Evidence
from rig.recording.errors import COPY_AGAIN, RunFileError, translated
from rig.recording.reader import RunReader
from rig.recording.records import RECORDS, Note, Run
from rig.recording.rollup import RollupBuilder
from rig.recording.salvage import Salvage
from rig.recording.summary import CUT_SHORT, Summary
from rig.recording.wal import beside
from rig.session import Gap

RESCUED = "rescued from a damaged file"

#: Told how many samples were saved.
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Rescued:
    """What was saved, and what wasn't, as sentences."""

    summary: Summary
    lost: tuple[str, ...]


def rescue(path: Path, output: Path, now_us: int, on_progress: Progress = lambda saved: None) -> Rescued:
    """Makes ``output`` of what can be read of ``path`` at ``now_us`` (UTC); whole or not at all.

    Raises RunFileError where nothing can be read, nothing is lost, or ``output`` exists or can't be made.
    """
    if output.exists():
        raise RunFileError(f"{output.name} exists already.", "Choose another name; nothing is overwritten.")
    part = output.with_name(f".{output.name}.part")
    with _readable(path, output.parent) as (tables, unread):
        salvage = Salvage(tables)
        try:
            with closing(_Saving(part, salvage.run(), on_progress)) as saving:
                saving.take(tables, salvage)
                lost = (*unread, *(one.sentence() for one in salvage.lost))
                if not lost:
                    raise RunFileError(f"All of {path.name} can be read.", "There is nothing to rescue.")
                saving.end(lost, now_us)
            with RunReader(part) as reader:
                summary = reader.summary()
            with translated(output):
                os.rename(part, output)
        except BaseException:
            for file in (part, beside(part)):
                with suppress(OSError):
                    file.unlink()
            raise
    return Rescued(summary, lost)


class _Saving:
    """The new run file."""

    def __init__(self, path: Path, run: Run, on_progress: Progress) -> None:
        ended = f"{run.ended or CUT_SHORT}, {RESCUED}"
        self._run = replace(run, schema_version=schema.SCHEMA_VERSION, ended=ended, digest=None)
        self._path = path
        self._database = Database.make(path, self._run)
        self._evidence = Evidence()
        self._rollup = RollupBuilder()
        self._saved = 0
        self._last: np.void | None = None
        self._on_progress = on_progress

    def take(self, tables: Tables, salvage: Salvage) -> None:
        """All that can be read."""
        for table in ("truth", "weighings"):
            for rows in salvage.numbers(table):
                with self._database.transaction():
                    self._put_numbers(table, rows)
        missed = 0
        for rows in salvage.numbers("samples"):
            lost = sum(one.rows or 0 for one in salvage.lost if one.table == "samples")
            with self._database.transaction():
                self._put_samples(rows, lost - missed)
            missed = lost
        for table in RECORDS:
            for records in salvage.records(table):
                with self._database.transaction():
                    self._put_records(table, records)

    def _put_numbers(self, table: str, rows: NDArray[np.void]) -> None:
        self._database.put_rows(table, rows)
        self._evidence.add_numbers(table, rows)

    def _put_records(self, table: str, records: Any) -> None:
        self._database.put_records(table, list(records))
        if table in self._evidence.tables:
            self._evidence.add_records(table, records)

    def _put_samples(self, rows: NDArray[np.void], missed: int) -> None:
        if missed and self._last is not None and len(rows):
            last, first = self._last, rows[0]
            same = last["boot"] == first["boot"]
            end_us = int(first["t_us"] if same else last["t_us"])
            self._put_records("gaps", [Gap("samples", int(last["boot"]), int(last["t_us"]), end_us, missed)])
        self._put_numbers("samples", rows)
        self._database.put_rows("rollup", self._rollup.add(rows))
        self._last = rows[-1].copy() if len(rows) else self._last
        self._saved += len(rows)
        self._on_progress(self._saved)

    def end(self, lost: tuple[str, ...], now_us: int) -> None:
        """The rest, with what is ``lost`` as notes."""
        with self._database.transaction():
            self._database.put_rows("rollup", self._rollup.finish())
        with closing(self._database.tables()) as tables:
            planned_nl = RunReader(self._path, tables).replanned_nl()
        run = self._run
        ended_us = run.ended_us or (int(self._last["host_us"]) if self._last is not None else run.started_us)
        end: dict[str, Any] = {
            "ended_us": ended_us,
            "planned_nl": planned_nl if run.planned_nl is None else run.planned_nl,
        }
        self._evidence.add_records("run", [replace(run, **end)])
        with self._database.transaction():
            self._database.put_records("notes", [Note(run.started_us, text, "", now_us) for text in lost])
            self._database.change_run(end | {"digest": self._evidence.hexdigest()})
        self._database.checkpoint()

    def close(self) -> None:
        self._database.close()


@contextmanager
def _readable(path: Path, workshop: Path) -> Iterator[tuple[Tables, tuple[str, ...]]]:
    """The tables of ``path`` with as much of its log as can be read, and what is lost of that; in ``workshop`` there
    is room for a copy."""
    log = beside(path)
    try:
        tables = _tables(path)
    except RunFileError as error:
        if not (error.damaged and log.exists()):
            raise
    else:
        with closing(tables):
            yield tables, ()
        return
    with translated(path), tempfile.TemporaryDirectory(dir=workshop, prefix=".") as folder:
        copy = Path(folder) / path.name
        try:
            os.link(path.resolve(), copy)
        except OSError:  # another disk
            shutil.copyfile(path, copy)
        whole = log.read_bytes()
        reaches = _reaches(copy, whole)
        beside(copy).write_bytes(whole[:reaches])
        with closing(_tables(copy)) as tables:
            yield (
                tables,
                (f"Of the .wal beside the file, {len(whole) - reaches:,} of {len(whole):,} bytes can't be read.",),
            )


def _reaches(copy: Path, whole: bytes) -> int:
    """The most bytes from the beginning of the log ``whole`` with which ``copy`` can be opened."""
    low, high = 0, len(whole)
    while high - low > 1:
        middle = (low + high) // 2
        beside(copy).write_bytes(whole[:middle])
        try:
            open_read_only(copy).close()
            low = middle
        except RunFileError:
            high = middle
    return low


def _tables(path: Path) -> Tables:
    """The tables, even where the file can't say which format it has.  Raises RunFileError."""
    try:
        return Tables(open_read_only(path), path)
    except RunFileError as error:
        refused = error
    for version in range(schema.SCHEMA_VERSION, 0, -1) if refused.damaged else ():
        with suppress(RunFileError):
            return Tables(open_read_only(path), path, version)
    if refused.damaged:
        raise RunFileError(f"Nothing of {path.name} can be read.", COPY_AGAIN) from refused.__cause__
    raise refused
