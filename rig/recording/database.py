"""The run file as its writer sees it: one DuckDB database that it made, and whose errors it translates."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from rig.recording import schema
from rig.recording.access import Tables
from rig.recording.errors import RecordingError, RunFileError, translated
from rig.recording.records import Record, Run

_CONFIG: dict[str, Any] = {
    "threads": 1,  # more cost more than they save at this size
    "memory_limit": "512MB",
    "max_temp_directory_size": "0B",  # nothing beside the file
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "wal_autocheckpoint": "256MB",
    "storage_compatibility_version": "v1.4.0",  # so that every DuckDB since 1.4 opens the file
}


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: dict[str, NDArray[Any]]) -> None:
    connection.execute(schema.insert_statement(table, "rows"))  # DuckDB finds the argument by its name


class Database:
    """Makes ``path`` with the tables of a run file and the one row of ``run``.

    Raises RunFileError where it can't be made: it exists, or the folder is missing or not writable.  Every other
    method raises RecordingError once the file is closed or can't be written any more; what was committed stays.
    """

    def __init__(self, path: Path, run: Run) -> None:
        self.path = path
        for taken in (path, path.with_name(path.name + ".wal")):
            if taken.exists():
                raise RunFileError(f"{taken.name} exists already.", "Choose another name; nothing is overwritten.")
        with translated(path):
            connection = duckdb.connect(str(path), config=_CONFIG)
            connection.begin()
            for statement in schema.create_statements():
                connection.execute(statement)
            _insert(connection, "run", schema.record_arrays("run", [run]))
            connection.commit()
            connection.execute("CHECKPOINT")
        self._connection: duckdb.DuckDBPyConnection | None = connection

    def check_open(self) -> None:
        """Raises RecordingError once the file is closed."""
        if self._connection is None:
            raise RecordingError(f"The recording {self.path.name} is closed.", "Start a new one.")

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
            _insert(self._open(), table, schema.sample_arrays(rows))

    def put_records(self, table: str, records: list[Record]) -> None:
        """Appends ``records``, all of the table's kind."""
        if records:
            _insert(self._open(), table, schema.record_arrays(table, records))

    def change_run(self, changes: dict[str, Any]) -> None:
        """Sets fields of the one ``Run``."""
        if changes:
            columns = [column for column in schema.TABLES["run"] if column.name in changes]
            assignments = ", ".join(f'"{column.name}" = ?' for column in columns)
            values = [schema.to_cell(column, changes[column.name]) for column in columns]
            self._open().execute(f"UPDATE main.run SET {assignments}", values)

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
            with translated(self.path, RecordingError):
                yield
        except BaseException:
            self.close()
            raise
