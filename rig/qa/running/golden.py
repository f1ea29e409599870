"""The run so far beside a golden one: the same rows live and when a recording is judged."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from firmware_link.errors import PumpError
from rig.compare import tolerance
from rig.compare.comparing import compare
from rig.measured import Mark
from rig.qa.expectations import ExpectGolden
from rig.qa.judging import judge_golden
from rig.qa.told import Judged
from rig.recording.database import Database
from rig.recording.reader import RunReader
from rig.recording.records import Record
from rig.recording.rollup import rolled_up
from rig.recording.schema import SCHEMA_VERSION

Golden = Callable[[ExpectGolden, Mark], Judged]


def beside(reader: RunReader, name: str, body: ExpectGolden, there: Mark) -> Judged:
    """The run of ``reader`` up to ``there``, called ``name``, against the golden one; an error where they can't be
    compared."""
    with TemporaryDirectory(prefix="pump-programmer-") as folder:
        made = Path(folder) / name
        try:
            _cut(reader, there, made)
            allowed = tolerance.load(body.tolerance) if body.tolerance else None
            return judge_golden.judged(compare(body.run, [made], tolerance=allowed))
        except PumpError as error:
            return Judged("error", detail=error.sentence())


def _cut(reader: RunReader, there: Mark, made: Path) -> None:
    """Makes a run file of what came up to ``there``."""
    run = replace(reader.run, schema_version=SCHEMA_VERSION, ended=None, ended_us=None, planned_nl=None, digest=None)
    database = Database.make(made, run)
    try:
        with database.transaction():
            rows = reader.samples(0, there.samples)
            database.put_rows("samples", rows)
            database.put_rows("rollup", rolled_up(rows, 0))
            events: list[Record] = [event for event in reader.events() if event.number]  # as marks count them
            database.put_records("events", events[: there.events])
            database.put_records("gaps", [*reader.gaps()[: there.gaps]])
            database.put_records("programs", [one for one in reader.programs() if one.host_us <= there.host_us])
        database.checkpoint()
    finally:
        database.close()
