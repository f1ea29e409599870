"""Access to the tables of a run file that nobody vouches for."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import msgspec
import numpy as np
from numpy.typing import NDArray

from rig.recording import schema
from rig.recording.errors import NOT_OURS_REMEDY, RunFileError, translated
from rig.recording.records import ProgramRecord
from rig.recording.wal import address

R = TypeVar("R")
#: A column of words, and which of them are wanted.
Only = tuple[str, Collection[str]]

STORAGE = "v1.4.0"  # so that every DuckDB since 1.4 opens the file
_ORIGINAL = "Use the original file."
_CONFIG: dict[str, Any] = {
    "threads": 2,
    "memory_limit": "128MB",  # what is cached of a long run stays: the window has to stay small
    "max_temp_directory_size": "0B",  # nothing beside the file
    # A file may hold views and macros that read other files or fetch code: nothing of that can work.
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "preserve_insertion_order": "true",
    "lock_configuration": "true",
}
#: So many rows are read at once, where there may be any number: some 16 MB of samples.
BLOCK_ROWS = 2 * 122_880  # DuckDB's row groups
_CELL_ROWS = 16_384
_TO_EDIT = {"storage_compatibility_version": STORAGE, "memory_limit": "512MB"}  # as while recording
_BASE_TABLES = """
    SELECT c.table_name, c.column_name, c.data_type
    FROM duckdb_columns() AS c JOIN duckdb_tables() AS t USING (database_oid, table_oid)
    WHERE t.schema_name = 'main' AND t.database_name = current_database()
    ORDER BY c.table_oid, c.column_index
"""


def open_read_only(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that can't write, leave the file, or be talked into either.  Raises RunFileError."""
    if not path.exists():
        raise RunFileError(f"There is no file {path}.", "Choose a *.run.duckdb file.")
    if not (path.is_file() or path.is_dir()):  # a pipe or a device, which would be waited for
        raise RunFileError(f"{path.name} is not a run file.", NOT_OURS_REMEDY)
    with translated(path):
        return duckdb.connect(address(path), read_only=True, config=_CONFIG)


def open_to_edit(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that can write, and no more than that.  Raises RunFileError.

    Look at the file read-only before: of an empty one this makes a database.
    """
    try:
        with translated(path):
            return duckdb.connect(address(path), config=_CONFIG | _TO_EDIT)
    except RunFileError as error:
        if "different configuration" not in str(error.__cause__):
            raise
        raise RunFileError(f"{path.name} is open in this program.", "Close it, then change it.") from error.__cause__


class Tables:
    """The base tables of the run file ``path``, over ``connection``, whose owner this becomes.

    Its format is ``version``, where the file can't say so.  Raises RunFileError for a file that is newer, altered,
    damaged or no run file, whenever it notices.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, version: int | None = None) -> None:
        self.path = path
        self._connection = connection
        try:
            self._check(version)
        except RunFileError:
            connection.close()
            raise

    def _check(self, version: int | None) -> None:
        found: dict[str, list[tuple[str, str]]] = {}
        for table, name, sql in self.rows(_BASE_TABLES):
            found.setdefault(table, []).append((name, sql))
        self.version = self._find_version(found.get("run", [])) if version is None else version
        columns = {table: schema.columns_of(table, self.version) for table in schema.TABLES}
        declared = {table: [(column.name, column.sql) for column in columns[table]] for table in columns}
        if any(found.get(table) != expected for table, expected in declared.items() if expected):
            raise self._not_ours()
        if self.rows("SELECT 1 FROM duckdb_functions() WHERE NOT internal LIMIT 1"):
            raise RunFileError(f"{self.path.name} holds macros, which no recording does.", _ORIGINAL)
        for table in schema.NUMBERS if version is None else ():
            self._check_rows(table)

    def _check_rows(self, table: str) -> None:
        """Rows are found by their numbers, which go from 0 on, unless somebody has deleted some."""
        if self.has(table) and self.rows(f"SELECT 1 FROM main.{table} WHERE rowid >= ? LIMIT 1", self.count(table)):
            raise self._altered(f"rows of table {table} were deleted")

    def _altered(self, how: str) -> RunFileError:
        return RunFileError(f"{self.path.name} was altered: {how}.", _ORIGINAL)

    def _find_version(self, run_columns: list[tuple[str, str]]) -> int:
        if ("schema_version", "BIGINT") not in run_columns:
            raise self._not_ours()
        versions = self.rows("SELECT schema_version FROM main.run LIMIT 2")
        if len(versions) != 1 or versions[0][0] is None:
            raise self._not_ours()
        (version,) = versions[0]
        if version > schema.SCHEMA_VERSION:
            raise RunFileError(
                f"{self.path.name} has format {version}, and this program knows up to {schema.SCHEMA_VERSION}.",
                "Update this program.",
            )
        return int(version)

    def _not_ours(self) -> RunFileError:
        return RunFileError(f"{self.path.name} is not a run file.", NOT_OURS_REMEDY)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What ``sql`` finds."""
        with translated(self.path):
            return self._connection.execute(sql, values).fetchall()

    def has(self, table: str, column: str | None = None) -> bool:
        """Whether files of this format have ``table``, and ``column`` in it."""
        names = [known.name for known in schema.columns_of(table, self.version)]
        return bool(names) and (column is None or column in names)

    def count(self, table: str) -> int:
        """How many rows ``table`` has."""
        return int(self.rows(f"SELECT count(*) FROM main.{table}")[0][0])

    def end(self, table: str) -> int:
        """The row number after the last; more than ``count`` where rows were removed, as notes may be."""
        return int(self.rows(f"SELECT coalesce(max(rowid) + 1, 0) FROM main.{table}")[0][0])

    def array(self, table: str, dtype: np.dtype[Any], first: int = 0, stop: int | None = None) -> NDArray[np.void]:
        """(n,) ``dtype``, whose names are columns: the rows from ``first`` to ``stop`` (excluded), in order."""
        if not self.has(table):
            return np.empty(0, dtype)
        names = dtype.names or ()
        # Without ORDER BY, which costs more than the rest: DuckDB preserves the order of insertion.
        sql, values = self._ranged(schema.select_statement(table, names), first, stop)
        with translated(self.path):
            columns = self._connection.execute(sql, values).fetchnumpy()
        out = np.empty(len(columns[names[0]]), dtype)
        for name in names:
            if np.ma.is_masked(columns[name]):
                raise self._altered(f"table {table} lacks values of {name}")
            out[name] = columns[name]
        return out

    def blocks(self, table: str, dtype: np.dtype[Any], first: int = 0) -> Iterator[NDArray[np.void]]:
        """The rows from ``first`` on in blocks of at most BLOCK_ROWS, as ``array`` gives them."""
        for start in range(first, self.count(table), BLOCK_ROWS):
            yield self.array(table, dtype, start, start + BLOCK_ROWS)

    def cells(
        self, table: str, first: int = 0, count: int | None = None, only: Only | None = None
    ) -> Iterator[list[tuple[Any, ...]]]:
        """What is in the columns of ``count`` rows, or all, from row ``first`` on, in order, in blocks of some size;
        ``only`` of those with one of some words in a column."""
        select = schema.select_statement(table, tuple(column.name for column in schema.columns_of(table, self.version)))
        if count is not None and count <= _CELL_ROWS:
            end = first + count  # one look, wherever the table ends
        else:
            end = self.end(table) if count is None else min(first + count, self.end(table))
        filtered = f' AND list_contains(?, "{only[0]}")' if only else ""
        words = [list(only[1])] if only else []
        for start in range(first, end, _CELL_ROWS):
            sql, values = self._ranged(select, start, min(start + _CELL_ROWS, end))
            yield self.rows(f"{sql}{filtered} ORDER BY rowid", *values, *words)

    def records(
        self, table: str, kind: type[R], first: int = 0, count: int | None = None, only: Only | None = None
    ) -> tuple[R, ...]:
        """``count`` rows of ``table``, or all, from ``first`` on, in order, as ``kind``; ``only`` as in ``cells``."""
        columns = schema.columns_of(table, self.version)
        if not columns:
            return ()
        blocks = self.cells(table, first, count, only)
        try:
            found = tuple(kind(*map(schema.from_cell, columns, row)) for rows in blocks for row in rows)
        except msgspec.DecodeError as error:
            raise self._altered(f"table {table}, {error}") from error
        for problem in (record.problem() for record in found if isinstance(record, ProgramRecord)):
            if problem:
                raise self._altered(f"it holds {problem}")
        return found

    @staticmethod
    def _ranged(select: str, first: int, stop: int | None) -> tuple[str, list[int]]:
        upper, values = ("", [first]) if stop is None else (" AND rowid < ?", [first, stop])
        return f"{select} WHERE rowid >= ?{upper}", values

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()
