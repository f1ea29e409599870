"""The tables of a run file, derived from the sample dtype, the channel table and the record dataclasses.

Beside the samples of a virtual pump lies the truth, in ``truth`` and ``strikes``; nothing shows it unless asked.
An optional 64-bit sample field without a value (``wire.MISSING``) is NULL in the file, so that SQL averages are
right.  A sample's row number in the file is DuckDB's ``rowid``: rows are only ever appended.
"""

from dataclasses import dataclass, fields
from functools import cache
from types import UnionType
from typing import Any, get_args, get_type_hints

import msgspec
import numpy as np
from numpy.typing import NDArray

from firmware_link import wire
from firmware_link.telemetry import CHANNELS, SAMPLE_DTYPE
from rig.recording.records import RECORDS, Run
from rig.truth import TRUTH_DTYPE
from rig.weighing import WEIGHING_DTYPE

SCHEMA_VERSION = 5
ROLLUP_ROWS = 4096
STATS = ("min", "max", "first", "last")

#: One row of ``rollup``: up to ROLLUP_ROWS samples of one boot with no loss between them.
ROLLUP_DTYPE = np.dtype(
    [("row", "i8"), ("rows", "u4"), ("boot", "u4"), ("first_us", "i8"), ("last_us", "i8"), ("host_us", "i8")]
    + [(f"{channel.field}_{stat}", SAMPLE_DTYPE[channel.field]) for channel in CHANNELS for stat in STATS]
)

_STRETCH = ("row", "rows", "boot", "first_us", "last_us", "host_us")


def rollup_dtype(channels: tuple[str, ...]) -> np.dtype[Any]:
    """ROLLUP_DTYPE without channels other than ``channels``."""
    names = _STRETCH + tuple(f"{field}_{stat}" for field in channels for stat in STATS)
    return np.dtype([(name, ROLLUP_DTYPE[name]) for name in names])


_SQL_OF_NUMPY = {
    "u1": "UTINYINT",
    "u2": "USMALLINT",
    "u4": "UINTEGER",
    "u8": "UBIGINT",
    "i2": "SMALLINT",
    "i4": "INTEGER",
    "i8": "BIGINT",
    "f8": "DOUBLE",
}
_SQL_OF_PYTHON = {int: "BIGINT", bool: "BOOLEAN", float: "DOUBLE", str: "VARCHAR", bytes: "BLOB"}
_NUMPY_OF_PYTHON = {int: "i8", bool: "?"}


@dataclass(frozen=True)
class Column:
    """One column: its SQL type, and the expressions that put a bound value in and get it out."""

    name: str
    sql: str
    put: str
    get: str
    python: Any = None  # the field's type hint, for records


def _numpy_column(name: str, dtype: np.dtype[Any], optional: bool) -> Column:
    put, get = f'"{name}"', f'"{name}"'
    if optional:
        put, get = f"nullif({put}, {wire.MISSING})", f'coalesce({get}, {wire.MISSING}) AS "{name}"'
    return Column(name, _SQL_OF_NUMPY[dtype.str[1:]], put, get)


def _numpy_table(dtype: np.dtype[Any]) -> tuple[Column, ...]:
    optional = {channel.field for channel in CHANNELS if SAMPLE_DTYPE[channel.field] == np.int64}
    optional |= {f"{field}_{stat}" for field in optional for stat in STATS}
    kinds = ((name, dtype[name]) for name in dtype.names or ())
    return tuple(_numpy_column(name, kind, name in optional and kind == np.int64) for name, kind in kinds)


def plain_type(hint: Any) -> Any:
    """``hint`` without "or None"."""
    if isinstance(hint, UnionType):
        (hint,) = [part for part in get_args(hint) if part is not type(None)]
    return hint


def _record_table(kind: type) -> tuple[Column, ...]:
    hints = get_type_hints(kind)
    columns = []
    for field in fields(kind):
        plain = plain_type(hints[field.name])
        # Older DuckDB makes text of a column of bytes objects, so they travel as hexadecimal digits.
        put = f'unhex("{field.name}")' if plain is bytes else f'"{field.name}"'
        sql = _SQL_OF_PYTHON.get(plain, "VARCHAR")
        columns.append(Column(field.name, sql, put, f'"{field.name}"', hints[field.name]))
    return tuple(columns)


#: Table -> what its rows are, where they are numbers only.
NUMBERS: dict[str, np.dtype[Any]] = {
    "samples": SAMPLE_DTYPE,
    "rollup": ROLLUP_DTYPE,
    "truth": TRUTH_DTYPE,
    "weighings": WEIGHING_DTYPE,
}
#: Every table of a run file -> its columns, in order.
TABLES: dict[str, tuple[Column, ...]] = (
    {"run": _record_table(Run)}
    | {table: _numpy_table(dtype) for table, dtype in NUMBERS.items()}
    | {table: _record_table(kind) for table, kind in RECORDS.items()}
)

#: (table, column) -> the first format that has it; in older ones the record's default stands for it.
_SINCE = {
    ("programs", "demand"): 2,
    ("programs", "reminder_min"): 2,
    ("run", "digest"): 4,
    ("run", "balance"): 5,
    ("notes", "author"): 4,
    ("notes", "made_us"): 4,
    ("notes", "marker"): 4,
    ("verdicts", "outcome"): 5,
}
#: table -> the first format that has it; in older ones it is as if it were empty.
_TABLE_SINCE = {"truth": 3, "strikes": 3, "health": 4} | dict.fromkeys(("weighings", "cases", "steps", "reviews"), 5)


def columns_of(table: str, version: int) -> tuple[Column, ...]:
    """The columns of ``table`` in a file of format ``version``; none where it hasn't that table."""
    if _TABLE_SINCE.get(table, 1) > version:
        return ()
    return tuple(column for column in TABLES[table] if _SINCE.get((table, column.name), 1) <= version)


def create_statements() -> list[str]:
    """The SQL that makes an empty run file's tables."""
    statements = []
    for table, columns in TABLES.items():
        declared = ", ".join(f'"{column.name}" {column.sql}' for column in columns)
        statements.append(f"CREATE TABLE main.{table} ({declared})")
    return statements


def insert_statement(table: str, source: str) -> str:
    """The SQL that appends all rows of ``source``, whose columns are named as the table's."""
    return f"INSERT INTO main.{table} SELECT {', '.join(c.put for c in TABLES[table])} FROM {source}"


def select_statement(table: str, names: tuple[str, ...] | None = None) -> str:
    """The SQL that reads ``names``, or all columns; a WHERE or ORDER BY may follow."""
    wanted = [column.get for column in TABLES[table] if names is None or column.name in names]
    return f"SELECT {', '.join(wanted)} FROM main.{table}"


def is_json(column: Column) -> bool:
    """Whether the column holds a structure, as JSON."""
    return _is_structure(column.python)


@cache  # asked for each of millions of cells
def _is_structure(hint: Any) -> bool:
    return plain_type(hint) not in _SQL_OF_PYTHON


def to_cell(column: Column, value: Any) -> Any:
    """What is bound for ``value`` of a record's field."""
    if value is None:
        return None
    if is_json(column):
        return msgspec.json.encode(value, order="sorted").decode()
    if isinstance(value, str) and not value.isascii():
        # Halves of surrogate pairs, as in words from a shell of another encoding, would end the recording.
        return value.encode(errors="replace").decode()
    return value.hex() if isinstance(value, bytes) else value


def from_cell(column: Column, cell: Any) -> Any:
    """The record's field from what was read.  Raises msgspec.ValidationError for JSON of another shape, or nothing."""
    if cell is None and not isinstance(column.python, UnionType):
        raise msgspec.ValidationError(f"{column.name} without a value")
    if cell is None or not is_json(column):
        return cell
    return msgspec.json.decode(cell, type=column.python)


def record_arrays(table: str, records: list[Any]) -> dict[str, NDArray[Any]]:
    """Records as one array a column, ready for ``insert_statement``."""
    return {
        column.name: np.array(
            [to_cell(column, getattr(record, column.name)) for record in records],
            dtype=_NUMPY_OF_PYTHON.get(column.python, "O"),
        )
        for column in TABLES[table]
    }


def sample_arrays(rows: NDArray[np.void]) -> dict[str, NDArray[Any]]:
    """A structured array as one contiguous array a column."""
    return {name: np.ascontiguousarray(rows[name]) for name in rows.dtype.names or ()}
