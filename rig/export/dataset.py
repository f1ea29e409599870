"""Many runs as one Parquet dataset that any engine can query.

``DIR/TABLE/device=…/day=…/RUN.parquet``: a table a folder, divided by the pump and by the day in UTC, a file a run.
A run that is added again takes the place of what it was.  Each row begins with its run.
"""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import numpy as np

from rig.export.blocks import Block, Source
from rig.export.columns import BOOLEAN, INTEGER, MOMENT, NUMBER, RUN, SMALL_TABLES, TEXT, Column, Table, samples_table
from rig.export.exporting import Exported, Progress, Steps, blocks_of, nothing
from rig.export.order import PARQUET, Order
from rig.export.press import Press
from rig.export.staging import Staging
from rig.export.table_files import TableFile
from rig.recording import schema
from rig.recording.reader import RunReader
from rig.recording.records import Run

_DEVICE = re.compile(r"[0-9a-f]{16}")
_DAY_US = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = range(366 * 8030)  # since 1970 that a calendar has

_RUNS = Table(
    "runs",
    "The runs of this dataset",
    (
        Column("started_time", MOMENT, "at_us", "When its recording began"),
        Column("ended_time", MOMENT, "ended_us", "When it ended; none where it was cut short"),
        Column("ended", TEXT, "ended", "Why"),
        Column("virtual", BOOLEAN, "virtual", "Whether it was a virtual rig"),
        Column("firmware_version", TEXT, "firmware_version", "The pump's"),
        Column("program_version", TEXT, "program_version", "Of Pump Programmer"),
        Column("planned_ul", NUMBER, "CAST(planned_nl AS DOUBLE) / 1000", "What the programs asked for, µL"),
        Column("samples", INTEGER, "samples", "How many it has"),
    ),
)


def add_to_dataset(run: Path, folder: Path, interval_us: int = 0, progress: Progress = nothing) -> Exported:
    """Puts the whole of ``run``, one sample each ``interval_us`` (0: all), into the dataset ``folder``.

    Raises as ``export`` does, and then the dataset is as it was.
    """
    order = Order(run, folder, PARQUET, interval_us=interval_us)
    with RunReader(run) as reader, Press() as press, Staging(folder) as staging:
        source = Source(reader, order)
        adding = _Adding(source, press, staging, Steps(source, progress))
        rows = {name: adding.table(table) for name, table in _tables().items()}
        rows["runs"] = adding.runs()
        names = adding.names()
        files = staging.publish(names, force=True)
        for old in folder.glob(f"*/device={adding.device}/day=*/{adding.run}.parquet"):
            if old not in files:
                old.unlink()
        return Exported(run, folder, files, rows)


def _tables() -> dict[str, Table]:
    return {**SMALL_TABLES, "samples": samples_table()}


def device_of(run: Run) -> str:
    """The pump's folder: its id, "unknown" for whatever else a file says."""
    return run.device_id if run.device_id and _DEVICE.fullmatch(run.device_id) else "unknown"


def name_of(run: Run) -> str:
    """What the run is called in a dataset: its id, or what stands for whatever else a file says."""
    try:
        return str(UUID(run.run_id))
    except ValueError:
        return hashlib.sha256(run.run_id.encode()).hexdigest()[:32]


class _Adding:
    """One run on its way into a dataset."""

    def __init__(self, source: Source, press: Press, staging: Staging, steps: Steps) -> None:
        self._source, self._press, self._staging, self._steps = source, press, staging, steps
        self.run, self.device = name_of(source.reader.run), device_of(source.reader.run)
        self._files: dict[str, TableFile] = {}

    def names(self) -> list[str]:
        """The files made, within the dataset."""
        return list(self._files)

    def table(self, table: Table) -> int:
        """Makes the files of ``table``, one a day, and returns how many rows they have."""
        files: dict[str, TableFile] = {}
        for block in blocks_of(self._source, table.name):
            for day, part in self._by_day(block):
                self._file(table, day, files).add(part)
            self._steps.reading(self._source.read)
        for number, file in enumerate(files.values()):
            file.close(partial(self._steps.joining, files=len(files), file=number))
        return sum(file.rows for file in files.values())

    def runs(self) -> int:
        """Makes the file about the run itself."""
        run = self._source.reader.run
        block: Block = schema.record_arrays("run", [run])
        block |= {"at_us": np.array([run.started_us]), "samples": np.array([self._source.samples])}
        file = self._file(_RUNS, self._day(run.started_us), {})
        file.add(block)
        file.close(lambda part: None)
        return file.rows

    def _file(self, table: Table, day: str, files: dict[str, TableFile]) -> TableFile:
        name = f"{table.name}/device={self.device}/day={day}/{self.run}.parquet"
        if name not in files:
            mine = Column(RUN, TEXT, f"'{self.run}'", "Which run")
            whole = replace(table, columns=(mine, *table.columns))
            files[name] = self._files[name] = TableFile(self._press, whole, self._staging.path(name), PARQUET)
        return files[name]

    def _by_day(self, block: Block) -> list[tuple[str, Block]]:
        """What has no time is of the day on which the run began."""
        at_us = block["at_us"]
        days = np.where(at_us == at_us.clip(0), at_us, self._source.reader.run.started_us) // _DAY_US
        found = list(dict.fromkeys(days.tolist()))
        parts = ((day, days == day) for day in found)
        return [
            (self._day(day * _DAY_US), {name: values[here] for name, values in block.items()}) for day, here in parts
        ]

    @staticmethod
    def _day(at_us: int) -> str:
        days = at_us // _DAY_US
        return f"{_EPOCH + timedelta(days=days):%Y-%m-%d}" if days in _DAYS else "unknown"
