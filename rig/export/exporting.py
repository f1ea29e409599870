"""Exports one run: whole or between two moments, as Parquet, CSV or MCAP."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from firmware_link.errors import UsageError
from rig.export import blocks, mcap_file
from rig.export.blocks import Block, Source
from rig.export.columns import SMALL_TABLES, Table, samples_table
from rig.export.mcap_file import McapFile
from rig.export.order import MCAP, PARQUET, SUFFIX, Order
from rig.export.press import Press
from rig.export.staging import Staging, refuse_existing
from rig.export.table_files import TableFile
from rig.recording.reader import RunReader
from rig.therapy.daylight import iso_offset

#: told how much is done, of how much, and what goes on; it may raise to end the export, which then leaves no file
Progress = Callable[[int, int | None, str], None]

ABOUT = "about.json"


@dataclass(frozen=True)
class Exported:
    """What came of it."""

    run: Path
    folder: Path  # which the files are in
    files: tuple[Path, ...]
    rows: dict[str, int]  # by table; without those that stand for lost time

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {"run": str(self.run), "files": list(map(str, self.files)), "rows": self.rows}


def nothing(done: int, total: int | None, what: str) -> None:
    """A progress that nobody follows."""


def export(order: Order, progress: Progress = nothing) -> Exported:
    """Carries out ``order``.

    Raises UsageError where something isn't as it should be, RunFileError for a file that can't be read, and whatever
    ``progress`` raises.  Then nothing is left of it.
    """
    folder, names = places(order)
    _check(order)
    with RunReader(order.run) as reader:
        source = Source(reader, order)
        _check_rows(source)
        with Press(source.offset_min) as press, Staging(folder) as staging:
            steps = Steps(source, progress)
            if order.format == MCAP:
                rows = _write_mcap(source, press, staging.path(names[0]), steps)
            else:
                rows = {
                    table: _write_table(source, press, table, staging.path(name), steps)
                    for table, name in zip(order.tables, names, strict=False)
                }
            if not order.one_file:
                text = json.dumps(about(source, rows), indent=2, ensure_ascii=False)
                staging.path(ABOUT).write_text(text + "\n", encoding="utf-8")
            return Exported(order.run, folder, staging.publish(names, order.force), rows)


def places(order: Order) -> tuple[Path, list[str]]:
    """The folder in which ``order`` makes files, and their names."""
    if order.one_file:
        return order.output.parent, [order.output.name]
    return order.output, [*(f"{table}{SUFFIX[order.format]}" for table in order.tables), ABOUT]


def _check(order: Order) -> None:
    """What can be known before anything is read."""
    if order.format == MCAP:
        mcap_file.check_installed()
    if order.one_file and order.output.is_dir():
        raise UsageError(f"{order.output} is a folder.", "Give the name of a file.")
    if not order.one_file and order.output.exists() and not order.output.is_dir():
        raise UsageError(f"{order.output} is a file, and this makes a folder of one file a table.", "Choose a folder.")
    if not order.force:
        refuse_existing(*places(order))


def _check_rows(source: Source) -> None:
    if source.samples == 0 and not source.order.whole:
        last_s = source.axis.seconds_of(source.axis.rows - 1) if source.axis.rows else 0.0
        raise UsageError(
            f"{source.order.run.name} has no samples in that stretch of time.",
            f"It has them from its beginning to {last_s:.1f} s later.",
        )


def tables_of(order: Order) -> Iterator[Table]:
    """The tables of ``order`` with their columns."""
    for name in order.tables:
        yield samples_table(order.channels) if name == "samples" else SMALL_TABLES[name]


def about(source: Source, rows: dict[str, int]) -> dict[str, Any]:
    """What is in a folder: which run, which stretch of it, and what the columns are."""
    run, order = source.reader.run, source.order
    identity = {name: value for name, value in asdict(run).items() if name not in ("settings", "found")}
    tables = {
        table.name: {
            "count": rows[table.name],
            "about": table.says,
            "columns": {column.name: column.says for column in table.columns},
        }
        for table in tables_of(order)
    }
    return {
        "run": identity | {"capabilities": sorted(run.capabilities)},
        "from_s": order.begin_s,
        "to_s": order.end_s,
        "one_sample_each_s": order.interval_us / 1e6 or None,
        "utc_offset": iso_offset(source.offset_min),
        "tables": tables,
    }


class Steps:
    """How far an export is, in samples read and, where they are joined, written anew."""

    def __init__(self, source: Source, progress: Progress) -> None:
        joined = source.order.format == PARQUET and source.samples > blocks.ROWS
        self._samples, self._progress = source.samples, progress
        self._total = max(1, source.samples * (2 if joined else 1))

    def reading(self, before: int, here: int = 0) -> None:
        """So many samples are read: ``here`` of a block, and those before it."""
        self._progress(min(before + here, self._samples), self._total, "Exporting")

    def joining(self, part: float, files: int = 1, file: int = 0) -> None:
        """That part of ``file``, the nth of ``files``, is written anew."""
        part = (file + part) / files
        self._progress(self._samples + round(part * self._samples), self._total, "Writing the file")


def blocks_of(source: Source, table: str) -> Iterator[Block]:
    """The rows of ``table``."""
    return source.sample_blocks() if table == "samples" else source.record_blocks(table)


def _write_table(source: Source, press: Press, name: str, path: Path, steps: Steps) -> int:
    (table,) = (table for table in tables_of(source.order) if table.name == name)
    file = TableFile(press, table, path, source.order.format)
    for block in blocks_of(source, name):
        file.add(block)
        steps.reading(source.read)
    file.close(steps.joining)
    return file.rows


def _write_mcap(source: Source, press: Press, path: Path, steps: Steps) -> dict[str, int]:
    """The samples last: they are most, and who reads in order of time has the rest at hand."""
    rows: dict[str, int] = {}
    said = {name: str(value) for name, value in about(source, dict.fromkeys(source.order.tables, 0))["run"].items()}
    with McapFile(press, path, said) as file:
        for table in sorted(tables_of(source.order), key=lambda table: table.name == "samples"):
            rows[table.name] = before = 0
            for block in blocks_of(source, table.name):
                rows[table.name] += file.add(table, block, partial(steps.reading, before))
                before = source.read
        file.close()
    return rows
