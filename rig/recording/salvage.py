"""Reads what can still be read of a damaged run file, piece by piece, and keeps account of the rest."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from types import UnionType
from typing import Any, NamedTuple, TypeVar, get_type_hints

import msgspec
import numpy as np
from numpy.typing import NDArray

from rig.recording import schema
from rig.recording.access import BLOCK_ROWS, Tables
from rig.recording.errors import RunFileError
from rig.recording.records import RECORDS, Record, Run

T = TypeVar("T")

LEAST_ROWS = 2048  # of numbers, which DuckDB reads together
_RECORDS_TOGETHER = 1024


class Lost(NamedTuple):
    """Rows that can't be read."""

    table: str
    first_row: int
    rows: int | None  # None: all there were, and nobody knows how many

    def sentence(self) -> str:
        """For people."""
        if self.rows is None:
            return f"All {self.table} are lost."
        last = self.first_row + self.rows - 1
        if self.table.startswith("run"):
            return f"Of the {self.table} nothing can be read."
        which = f"row {self.first_row:,}" if self.rows == 1 else f"rows {self.first_row:,} to {last:,}"
        return f"Of {self.table}, {which} can't be read."


class Salvage:
    """Reads ``tables``; ``lost`` grows on the way."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._lost: list[Lost] = []

    @property
    def lost(self) -> tuple[Lost, ...]:
        """What couldn't be read so far, neighbours as one."""
        joined: list[Lost] = []
        for lost in self._lost:
            last = joined[-1] if joined else None
            if last and last.rows and lost.rows and (last.table, last.first_row + last.rows) == lost[:2]:
                joined[-1] = Lost(last.table, last.first_row, last.rows + lost.rows)
            else:
                joined.append(lost)
        return tuple(joined)

    def run(self) -> Run:
        """The one row of ``run``, with nothing in place of what can't be read."""
        columns = {column.name: column for column in schema.columns_of("run", self._tables.version)}
        values: dict[str, Any] = {}
        for field in fields(Run):
            try:
                values[field.name] = self._cell(columns[field.name]) if field.name in columns else field.default
            except (RunFileError, msgspec.DecodeError):
                kind = get_type_hints(Run)[field.name]
                values[field.name] = None if isinstance(kind, UnionType) else schema.plain_type(kind)()
                self._lost.append(Lost(f"run ({field.name})", 0, 1))
        return Run(**values)

    def _cell(self, column: schema.Column) -> Any:
        ((cell,),) = self._tables.rows(f'SELECT "{column.name}" FROM main.run LIMIT 1')
        return schema.from_cell(column, cell)

    def numbers(self, table: str) -> Iterator[NDArray[np.void]]:
        """(n,) of the table's dtype, again and again: all rows that can be read, in order."""
        dtype = schema.NUMBERS[table]

        def read(first: int, count: int) -> NDArray[np.void]:
            return self._tables.array(table, dtype, first, first + count)

        return self._pieces(table, read, BLOCK_ROWS, LEAST_ROWS)

    def records(self, table: str) -> Iterator[tuple[Record, ...]]:
        """All records that can be read, in order."""

        def read(first: int, count: int) -> tuple[Record, ...]:
            return self._tables.records(table, RECORDS[table], first, count)

        return self._pieces(table, read, _RECORDS_TOGETHER, 1)

    def _pieces(self, table: str, read: Callable[[int, int], T], most: int, least: int) -> Iterator[T]:
        if not self._tables.has(table):
            return
        try:
            rows = self._tables.end(table)
        except RunFileError:
            self._lost.append(Lost(table, 0, None))
            return
        for first in range(0, rows, most):
            yield from self._halved(table, read, first, min(most, rows - first), least)

    def _halved(self, table: str, read: Callable[[int, int], T], first: int, count: int, least: int) -> Iterator[T]:
        try:
            yield read(first, count)
        except RunFileError:
            if count <= least:
                self._lost.append(Lost(table, first, count))
                return
            half = max(least, count // 2 // least * least)
            yield from self._halved(table, read, first, half, least)
            yield from self._halved(table, read, first + half, count - half, least)


def damage(tables: Tables) -> tuple[Lost, ...]:
    """Which rows of ``tables`` can't be read, looking at all of them."""
    salvage = Salvage(tables)
    for table in schema.TABLES:
        if table in RECORDS or table in schema.NUMBERS:
            for _ in salvage.records(table) if table in RECORDS else salvage.numbers(table):
                pass
    return salvage.lost
