"""The run file to those who write: one DuckDB database, whose errors are translated."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from firmware_link.errors import PumpError
from rig.recording import schema
from rig.recording.access import STORAGE, Tables, open_read_only, open_to_edit
from rig.recording.errors import RecordingError, RunFileError, translated
from rig.recording.records import Record, Run
from rig.recording.wal import address, beside

Insert = Callable[[duckdb.DuckDBPyConnection, str, dict[str, NDArray[Any]]], None]

_CONFIG: dict[str, Any] = {
    "threads": 1,  # more cost more than they save at this size
    "memory_limit": "512MB",
    "max_temp_directory_size": "0B",  # nothing beside the file
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "wal_autocheckpoint": "256MB",
    "storage_compatibility_version": STORAGE,
}


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: dict[str, NDArray[Any]]) -> None:
    connection.execute(schema.insert_statement(table, "rows"))  # DuckDB finds the argument by its name


def _insert_bound(connection: duckdb.DuckDBPyConnection, table: str, rows: dict[str, NDArray[Any]]) -> None:
    """As ``_insert``, slowly, into a file that may have a table "rows" of its own."""
    names, marks = ", ".join(f'"{name}"' for name in rows), ", ".join("?" * len(rows))
    values = list(zip(*(column.tolist() for column in rows.values()), strict=True))
    connection.executemany(schema.insert_statement(table, f"(VALUES ({marks})) AS bound({names})"), values)


class Database:
    """A run file that is open to write.  What is put is on disk at the end of a transaction.

    Every method raises ``kind`` once the file is closed or can't be written any more; what was committed stays.
    """

    def __init__(
        self,
        path: Path,
        connection: duckdb.DuckDBPyConnection,
        kind: type[PumpError] = RecordingError,
        insert: Insert = _insert,
    ) -> None:
        self.path = path
        self._connection: duckdb.DuckDBPyConnection | None = connection
        self._kind = kind
        self._insert = insert

    @classmethod
    def make(cls, path: Path, run: Run) -> "Database":
        """The file ``path`` with the tables of a run file and the one row of ``run``.

        Raises RunFileError where it can't be made: it exists, or the folder is missing or not writable.
        """
        for taken in (path, beside(path)):
            if taken.exists():
                raise RunFileError(f"{taken.name} exists already.", "Choose another name; nothing is overwritten.")
        with translated(path):
            connection = duckdb.connect(address(path), config=_CONFIG)
            connection.begin()
            for statement in schema.create_statements():
                connection.execute(statement)
            _insert(connection, "run", schema.record_arrays("run", [run]))
            connection.commit()
            connection.execute("CHECKPOINT")
        return cls(path, connection)

    @classmethod
    def edit(cls, path: Path, check: Callable[[Tables], None]) -> "Database":
        """The run file ``path``, which nobody vouches for, unless ``check`` raises when it has looked at it.

        Raises RunFileError where it can't be opened or written, as all methods then do.
        """
        with closing(Tables(open_read_only(path), path)) as tables:
            check(tables)
        return cls(path, open_to_edit(path), RunFileError, _insert_bound)

    def check_open(self) -> None:
        """Raises RecordingError once the file is closed."""
        if self._connection is None:
            raise self._kind(f"The recording {self.path.name} is closed.", "Start a new one.")

    def _open(self) -> duckdb.DuckDBPyConnection:
        self.check_open()
        assert self._connection is not None
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is put within is on disk at the end, all of it."""
        with self._breaking_off():
            self._open().begin()
            yield
            self._open().commit()

    def put_rows(self, table: str, rows: NDArray[np.void]) -> None:
        """Appends ``rows`` (n,), whose fields are the columns."""
        if len(rows):
            self._insert(self._open(), table, schema.sample_arrays(rows))

    def put_records(self, table: str, records: list[Record]) -> None:
        """Appends ``records``, all of the table's kind."""
        if records:
            self._insert(self._open(), table, schema.record_arrays(table, records))

    def change_run(self, changes: dict[str, Any]) -> None:
        """Sets fields of the one ``Run``."""
        if changes:
            columns = [column for column in schema.TABLES["run"] if column.name in changes]
            assignments = ", ".join(f'"{column.name}" = ?' for column in columns)
            values = [schema.to_cell(column, changes[column.name]) for column in columns]
            self._open().execute(f"UPDATE main.run SET {assignments}", values)

    def remove_record(self, table: str, record: Record) -> bool:
        """Removes one row that is ``record``, and says whether there was one."""
        cells = {column.name: schema.to_cell(column, getattr(record, column.name)) for column in schema.TABLES[table]}
        same = " AND ".join(f'"{name}" IS NOT DISTINCT FROM ?' for name in cells)
        which = f"SELECT rowid FROM main.{table} WHERE {same} LIMIT 1"
        delete = f"DELETE FROM main.{table} WHERE rowid IN ({which}) RETURNING 1"
        return bool(self._open().execute(delete, list(cells.values())).fetchall())

    def checkpoint(self) -> None:
        """Folds the write-ahead log into the file."""
        with self._breaking_off():
            self._open().execute("CHECKPOINT")

    def tables(self) -> Tables:
        """What is committed, to read; for one thread, which may be another."""
        return Tables(self._open().cursor(), self.path)

    def close(self) -> None:
        """Lets go of the file."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(duckdb.Error):
                connection.close()

    @contextmanager
    def _breaking_off(self) -> Iterator[None]:
        """An error on the way to the disk ends the recording: what follows could not be trusted to be complete."""
        try:
            with translated(self.path, self._kind):
                yield
        except BaseException:
            self.close()
            raise
