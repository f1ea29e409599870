"""Gives an end to a recording that a crash or a power cut left without one.

Its write-ahead log is folded into it, the rest of its samples is rolled up, and a digest is computed, so that it is
one file like any other.  That it was cut short stays visible: ``ended`` says so, and ``ended_us`` is the last moment
that it knows of.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firmware_link.telemetry import SAMPLE_DTYPE
from rig.recording import digest, schema, wal
from rig.recording.access import BLOCK_ROWS, Tables, open_read_only
from rig.recording.database import Database
from rig.recording.errors import RunFileError, translated
from rig.recording.reader import RunReader
from rig.recording.records import Note
from rig.recording.rollup import RollupBuilder
from rig.recording.summary import FINISHED_LATER, Summary
from rig.session import Gap, LinkState

#: Added to the name of a log in which something couldn't be read; it is kept.
TORN = ".torn"
_CUT_HERE = "The recording was cut short here, and finished later."
_UNREAD = "What came then can't be read: {} bytes, kept in {}."
_LAST_HEARD = "SELECT max(host_us) FROM (SELECT host_us FROM main.{} ORDER BY rowid DESC LIMIT 100)"
_HEARD = ("samples", "events", "frames", "links", "weighings", "steps")

#: Told how many samples were looked at, of how many.
Progress = Callable[[int, int], None]


def finish_recording(path: Path, now_us: int, on_progress: Progress = lambda done, total: None) -> Summary:
    """Finishes the run file ``path`` at ``now_us`` (UTC); of one that has an end, only what lies beside it is folded.

    A log that has more in it than could be read is kept beside the file, as ….wal.torn.  Killed on the way, the file
    is still to be finished, and nothing is lost.  Raises RunFileError where it can't be opened or written.
    """
    lost: list[str] = []
    database = Database.edit(path, lambda tables: lost.extend(_keep_torn(path, tables)))
    try:
        with closing(database.tables()) as tables, RunReader(path, tables) as reader:
            if reader.cut_short:
                _complete(database, tables, reader)
                _end(database, tables, reader, " ".join([_CUT_HERE, *lost]), now_us, on_progress)
        database.checkpoint()
        with closing(database.tables()) as tables:
            summary = RunReader(path, tables).summary()
    finally:
        database.close()
    if lost and wal.beside(path).exists():  # which no checkpoint folds, because nothing of it was read
        with translated(path):
            wal.beside(path).unlink()
    return summary


def _keep_torn(path: Path, tables: Tables) -> Iterator[str]:
    """Copies the log beside ``path``, where there is more in it than ``tables`` show, and says so."""
    log = wal.beside(path)
    if not log.exists():
        return
    unread = log.stat().st_size if _adds_nothing(path, tables) else wal.unread_bytes(log)
    if unread:
        kept = log.with_name(log.name + TORN)
        if kept.exists():
            raise RunFileError(f"{kept.name} exists already.", "Move it elsewhere; nothing is overwritten.")
        with translated(kept):
            shutil.copy2(log, kept)
        yield _UNREAD.format(f"{unread:,}", kept.name)


def _adds_nothing(path: Path, tables: Tables) -> bool:
    """Whether ``tables`` show no more than the file alone: a log whose beginning is damaged is passed over."""
    try:
        folder = tempfile.TemporaryDirectory(dir=path.parent, prefix=".")
    except OSError as error:
        raise RunFileError(f"{path.name} can't be changed here: {error.strerror}.", "Copy it elsewhere.") from error
    with folder:
        alone = Path(folder.name) / path.name
        try:
            os.link(path.resolve(), alone)  # DuckDB would follow a symbolic one
        except OSError:  # a file system without any: better a copy too many
            return True
        with closing(Tables(open_read_only(alone), alone)) as less:
            return _extent(less) == _extent(tables)


def _extent(tables: Tables) -> list[Any]:
    names = [table for table in schema.TABLES if tables.has(table)]
    return [*map(tables.count, names), tables.rows("FROM main.run")]


def _complete(database: Database, tables: Tables, reader: RunReader) -> None:
    """Adds what a recorder adds to its samples and gaps at the end; nothing, where that was done."""
    kept = tables.array("rollup", np.dtype([("row", "i8"), ("rows", "u4")]), max(0, tables.count("rollup") - 1))
    covered = int(kept["row"][-1]) + int(kept["rows"][-1]) if len(kept) else 0
    builder = RollupBuilder(covered)
    with database.transaction():
        for rows in tables.blocks("samples", SAMPLE_DTYPE, covered):
            database.put_rows("rollup", builder.add(rows))
        database.put_rows("rollup", builder.finish())
        database.put_records("gaps", list(_open_gap(tables, reader)))


def _open_gap(tables: Tables, reader: RunReader) -> Iterator[Gap]:
    """A pump that was lost at the end leaves a gap, as long as nobody knows."""
    links, samples = reader.links(), tables.count("samples")
    if samples and links and links[-1].state == LinkState.LOST.value:
        last = reader.samples(samples - 1, 1)[0]
        gap = Gap("link", int(last["boot"]), int(last["t_us"]), int(last["t_us"]), 0)
        if gap not in reader.gaps()[-1:]:
            yield gap


def _end(database: Database, tables: Tables, reader: RunReader, words: str, now_us: int, on_progress: Progress) -> None:
    run = reader.run
    heard = [tables.rows(_LAST_HEARD.format(table))[0][0] for table in _HEARD if tables.has(table)]
    end: dict[str, Any] = {
        "ended_us": max([run.started_us, *(at_us for at_us in heard if at_us is not None)]),
        "ended": FINISHED_LATER,
        "planned_nl": reader.replanned_nl(),
    }
    if tables.has("run", "digest"):
        total, done = tables.count("samples"), count()

        def seen(rows: NDArray[np.void]) -> None:
            on_progress(min(total, (next(done) + 1) * BLOCK_ROWS), total)

        end["digest"] = digest.of(tables, seen, replace(run, **end))
    with database.transaction():
        database.change_run(end)
        if tables.has("notes", "made_us"):
            database.put_records("notes", [Note(end["ended_us"], words, "", now_us)])
