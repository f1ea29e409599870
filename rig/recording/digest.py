"""A digest over the evidence in a run file, so that nobody changes it unnoticed; it is no signature.

Evidence is every table but ``notes`` and ``reviews``, which may be edited later, and ``rollup``, which follows from
the samples (``verify`` compares it with them).  Verdicts are evidence: whoever turns a failure into a pass is found
out.

The canonical form knows nothing of DuckDB's storage, so that any tool can compute it again.  It is one line of text
for each table, in the order of their names: ``[name, [[column, SQL type], …], rows, SHA-256 of the rows]``.  Rows
are in the order they were recorded: ``samples``, ``truth`` and ``weighings`` as packed little-endian numbers, with
``wire.MISSING`` for NULL; the others a line each, the array of its cells, with BLOBs and DOUBLEs in hexadecimal
(``float.hex``).  A line is compact JSON in UTF-8 with a line feed.  Of the run's row, its ``digest`` is left out.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from rig.recording import schema
from rig.recording.access import Tables
from rig.recording.records import Record, Run
from rig.recording.rollup import RollupBuilder

OnSamples = Callable[[NDArray[np.void]], None]

NOT_EVIDENCE = ("notes", "reviews", "rollup")


class Verified(Enum):
    """What a run file's digest says of its evidence."""

    MATCHES = "matches"
    DIFFERS = "differs"
    NONE_KEPT = "none kept"  # cut short, or of an older format


_CANONICAL: dict[str, Callable[[Any], Any]] = {
    "BIGINT": int,
    "BOOLEAN": bool,
    "DOUBLE": lambda cell: float(cell).hex(),
    "VARCHAR": str,
    "BLOB": lambda cell: cell if isinstance(cell, str) else cell.hex(),
}


class Evidence:
    """Takes the evidence as it is recorded, in blocks of any size."""

    def __init__(self, version: int = schema.SCHEMA_VERSION) -> None:
        self._tables = {table: schema.columns_of(table, version) for table in sorted(schema.TABLES)}
        kept = [table for table, columns in self._tables.items() if columns and table not in NOT_EVIDENCE]
        self._hashes = {table: hashlib.sha256() for table in kept}
        self._rows = dict.fromkeys(kept, 0)

    @property
    def tables(self) -> tuple[str, ...]:
        """Whose rows it takes."""
        return tuple(self._hashes)

    def add_numbers(self, table: str, rows: NDArray[np.void]) -> None:
        """(n,) of the table's dtype, without padding."""
        little = rows.astype(rows.dtype.newbyteorder("<"), copy=False)
        self._hashes[table].update(np.ascontiguousarray(little).data)
        self._rows[table] += len(rows)

    def add_cells(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """What is in the table's columns, row by row."""
        columns = self._tables[table]
        kept = [at for at, column in enumerate(columns) if (table, column.name) != ("run", "digest")]
        how = [(at, _CANONICAL[columns[at].sql]) for at in kept]
        for row in rows:
            cells = [None if row[at] is None else canonical(row[at]) for at, canonical in how]
            self._hashes[table].update(msgspec.json.encode(cells) + b"\n")
            self._rows[table] += 1

    def add_records(self, table: str, records: Iterable[Record | Run]) -> None:
        """Records of the table's kind."""
        columns = self._tables[table]
        self.add_cells(
            table, (tuple(schema.to_cell(c, getattr(record, c.name)) for c in columns) for record in records)
        )

    def add(self, numbers: Mapping[str, list[NDArray[np.void]]], records: Mapping[str, list[Record]]) -> None:
        """What was recorded together: of each table the blocks of its rows, or its records."""
        for table, blocks in numbers.items():
            for rows in blocks:
                self.add_numbers(table, rows)
        for table, rows_of in records.items():
            if table in self._hashes:
                self.add_records(table, rows_of)

    def hexdigest(self) -> str:
        """64 hex digits over all that was added."""
        whole = hashlib.sha256()
        for table, rows in self._hashes.items():
            columns = [(column.name, column.sql) for column in self._tables[table]]
            whole.update(msgspec.json.encode([table, columns, self._rows[table], rows.hexdigest()]) + b"\n")
        return whole.hexdigest()


def of(
    tables: Tables, on_samples: Callable[[NDArray[np.void]], None] = lambda rows: None, run: Run | None = None
) -> str:
    """The digest of what a file holds, read in blocks; ``on_samples`` sees each (n,) of the samples on the way, and
    ``run`` stands for the file's own.

    Raises RunFileError where something can't be read.
    """
    evidence = Evidence(tables.version)
    if run is not None:
        evidence.add_records("run", [run])
    for table in evidence.tables:
        if table == "run" and run is not None:
            continue
        if table in schema.NUMBERS:
            for rows in tables.blocks(table, schema.NUMBERS[table]):
                evidence.add_numbers(table, rows)
                if table == "samples":
                    on_samples(rows)
        else:
            for cells in tables.cells(table):
                evidence.add_cells(table, cells)
    return evidence.hexdigest()


def verify(tables: Tables, on_rows: Callable[[], None] = lambda: None) -> Verified:
    """Whether the evidence, and the rollup that plots are drawn from, are what the recorder left; ``on_rows`` is called
    while samples are read, and may raise to end that."""
    kept = tables.rows("SELECT digest FROM main.run")[0][0] if tables.has("run", "digest") else None
    if kept is None:
        return Verified.NONE_KEPT
    rollup = _RollupCheck(tables)

    def see(samples: NDArray[np.void]) -> None:
        on_rows()
        rollup.see(samples)

    same = of(tables, see) == kept and rollup.same()
    return Verified.MATCHES if same else Verified.DIFFERS


class _RollupCheck:
    """Compares a file's rollup, stretch by stretch, with one made of its samples."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._builder = RollupBuilder()
        self._seen = 0
        self._same = True

    def see(self, samples: NDArray[np.void]) -> None:
        self._compare(self._builder.add(samples))

    def _compare(self, made: NDArray[np.void]) -> None:
        kept = self._tables.array("rollup", made.dtype, self._seen, self._seen + len(made))
        self._seen += len(made)
        self._same = self._same and np.array_equal(kept, made)

    def same(self) -> bool:
        """Whether they are, once all samples were seen."""
        self._compare(self._builder.finish())
        return self._same and self._tables.count("rollup") == self._seen
