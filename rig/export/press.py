"""Rows made ready for other people's tools, by a DuckDB of our own that holds nothing and reads no run file.

What a run file says comes as values, never as SQL or as a path.  Text loses its control characters, and in CSV what a
spreadsheet would take for a formula begins with an apostrophe.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from pathlib import Path
from typing import Any

import duckdb

from firmware_link.errors import UsageError
from rig.export.blocks import Block
from rig.export.columns import BOOLEAN, INTEGER, MOMENT, OF_LOST_TIME, TEXT, Column, Table
from rig.export.order import CSV, PARQUET
from rig.recording.errors import translated
from rig.therapy.daylight import iso_offset

#: told how much of a step is done, 0 to 1; it may raise to end the export
Tick = Callable[[float], None]

_LOOK_S = 0.1  # how often somebody is told while files are joined
_CONFIG: dict[str, Any] = {
    "threads": 2,
    "memory_limit": "512MB",
    "max_temp_directory_size": "0B",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}
_LATEST_US = 253_402_300_799_999_999  # the end of 9999
_MACROS = (
    f"moment(us) AS CASE WHEN us BETWEEN 0 AND {_LATEST_US} THEN make_timestamp(CAST(us AS BIGINT)) END",
    r"plain(words) AS regexp_replace(words, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]', '�', 'g')",
    r"cell(words) AS CASE WHEN regexp_matches(words, '^[=+\-@\t\r]') THEN '''' || words ELSE words END",
)


class Press:
    """Makes files of blocks, with times at ``offset_min`` from UTC.  Raises UsageError where a disk takes nothing."""

    def __init__(self, offset_min: int = 0) -> None:
        self._connection = duckdb.connect(":memory:", config=_CONFIG)
        zone, shift_us = iso_offset(offset_min), offset_min * 60_000_000
        # Beyond the calendar there is no text, and a moment near its end mustn't be shifted out of it.
        iso = (
            rf"iso(us) AS strftime(moment(us) + INTERVAL ({shift_us}) MICROSECOND, '%Y-%m-%dT%H:%M:%S.%f') || '{zone}'"
        )
        for macro in (*_MACROS, iso):
            self._connection.execute(f"CREATE MACRO {macro}")

    def select(self, table: Table, format: str) -> str:
        """The SQL that makes ``table`` of a block."""
        columns = ", ".join(f'{_expression(table, column, format)} AS "{column.name}"' for column in table.columns)
        return f"SELECT {columns} FROM block"

    def rows(self, select: str, block: Block) -> list[tuple[Any, ...]]:
        """What ``select`` makes of ``block``."""
        return self._connection.execute(select).fetchall()

    def write(self, select: str, block: Block, path: Path, format: str) -> None:
        """The file ``path`` of what ``select`` makes of ``block``; CSV without its heading."""
        with translated(path, UsageError):
            self._connection.execute(f"COPY ({select}) TO {_quoted(path)} ({_OPTIONS[format]})")

    def join(self, parts: list[Path], path: Path, tick: Tick) -> None:
        """The Parquet file ``path`` of the rows of ``parts``, in their order."""
        source = ", ".join(map(_quoted, parts))
        sql = f"COPY (SELECT * FROM read_parquet([{source}])) TO {_quoted(path)} ({_OPTIONS[PARQUET]})"
        with translated(path, UsageError), ThreadPoolExecutor(1) as pool:
            # It is one statement, and nobody can be told, nor end it, from the thread that waits for it.
            running = pool.submit(self._connection.execute, sql)
            while True:
                try:
                    running.result(_LOOK_S)
                    return
                except StillRunning:
                    self._look(tick)

    def _look(self, tick: Tick) -> None:
        try:
            tick(max(0.0, self._connection.query_progress()) / 100)
        except BaseException:
            self._connection.interrupt()
            raise

    def close(self) -> None:
        """Lets go of its memory."""
        self._connection.close()

    def __enter__(self) -> "Press":
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


_OPTIONS = {CSV: "FORMAT csv, HEADER false", PARQUET: "FORMAT parquet, COMPRESSION zstd"}


def _expression(table: Table, column: Column, format: str) -> str:
    sql = (
        column.sql
        if table.name != "samples" or column.name in OF_LOST_TIME
        else f"CASE WHEN real THEN {column.sql} END"
    )
    if column.kind == MOMENT:
        return f"timezone('UTC', moment({sql}))" if format == PARQUET else f"iso({sql})"
    if column.kind == TEXT:
        words = f"plain(CAST({sql} AS VARCHAR))"
        return f"cell({words})" if format == CSV else words
    types = {INTEGER: "BIGINT", BOOLEAN: "BOOLEAN"}
    return f"CAST({sql} AS {types.get(column.kind, 'DOUBLE')})"


def at_us_first(select: str) -> str:
    """``select`` with each row's time in microseconds of UTC before its columns."""
    return select.replace("SELECT ", "SELECT at_us, ", 1)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
