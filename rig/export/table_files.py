"""One table as one file, CSV or Parquet, made block by block."""

import csv
import io
import shutil
from pathlib import Path

import numpy as np

from firmware_link.errors import UsageError
from rig.export.blocks import Block
from rig.export.columns import Table
from rig.export.order import CSV, PARQUET
from rig.export.press import Press, Tick
from rig.recording.errors import translated


class TableFile:
    """The file ``path`` of ``table``; ``close`` makes it whole.  Beside it are parts meanwhile."""

    def __init__(self, press: Press, table: Table, path: Path, format: str) -> None:
        self._press, self._path, self._format = press, path, format
        self._select = press.select(table, format)
        self._parts: list[Path] = []
        self.rows = 0  # that say more than a time
        if format == CSV:
            heading = io.StringIO()
            csv.writer(heading, lineterminator="\n").writerow(column.name for column in table.columns)
            path.write_text(heading.getvalue(), encoding="utf-8", newline="")

    def add(self, block: Block) -> None:
        """The rows of ``block``, behind those before."""
        part = self._path.with_name(f"{self._path.name}.{len(self._parts)}")
        self._press.write(self._select, block, part, self._format)
        self.rows += counted(block)
        if self._format == CSV:
            with translated(self._path, UsageError), part.open("rb") as new, self._path.open("ab") as whole:
                shutil.copyfileobj(new, whole, 1 << 20)
            part.unlink()
        else:
            self._parts.append(part)

    def close(self, tick: Tick) -> None:
        """Nothing more comes; ``tick`` is told how much is done of what is left to do."""
        if self._format == PARQUET and len(self._parts) == 1:
            self._parts[0].replace(self._path)
        elif self._format == PARQUET:
            self._press.join(self._parts, self._path, tick)
            for part in self._parts:
                part.unlink()


def counted(block: Block) -> int:
    """How many rows of ``block`` say more than a time."""
    return int(np.count_nonzero(block["real"])) if "real" in block else len(block["at_us"])
