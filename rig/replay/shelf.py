"""One table of a run file in the order in which its rows arrived, however long it is."""

from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rig.recording.access import Tables

Times = NDArray[np.int64]

MOST_US = 1 << 62  #: no time is beyond
_BLOCK = 1024  # rows whose arrivals are looked up together
_KEPT = 8  # blocks


class Shelf:
    """``table`` by its ``column`` of host time, UTC microseconds: a row is there when that is past, and with it all
    rows before it; by ``ahead_us`` sooner.  In memory it has a number for each 1,024 rows.

    Raises RunFileError as ``Tables`` does.
    """

    def __init__(self, tables: Tables, table: str, column: str = "host_us", ahead_us: int = 0) -> None:
        self._tables, self._table = tables, table
        self._column, self._ahead_us = column, ahead_us
        latest = f"greatest(least(max({column}), {MOST_US}), {-MOST_US})"
        sql = f"SELECT rowid // {_BLOCK}, {latest}, max(rowid) FROM main.{table} GROUP BY 1 ORDER BY 1"
        blocks = tables.rows(sql) if tables.has(table) else []
        self.rows: int = blocks[-1][2] + 1 if blocks else 0
        self._arrived_us: Times = np.full(-(-self.rows // _BLOCK), -MOST_US, np.int64)
        for block, latest_us, _ in blocks:
            self._arrived_us[block] = -MOST_US if latest_us is None else latest_us
        np.maximum.accumulate(self._arrived_us, out=self._arrived_us)
        self._blocks: OrderedDict[int, Times] = OrderedDict()

    @property
    def end_us(self) -> int:
        """When the last row arrives; ``-MOST_US`` without any."""
        return int(self._arrived_us[-1]) - self._ahead_us if self.rows else -MOST_US

    def count_at(self, at_us: int) -> int:
        """How many rows are there at ``at_us``."""
        at_us += self._ahead_us
        block = int(np.searchsorted(self._arrived_us, at_us, "right"))
        if block == len(self._arrived_us):
            return self.rows
        return block * _BLOCK + int(np.searchsorted(self._arrivals(block), at_us, "right"))

    def arrival_us(self, row: int) -> int:
        """When ``row`` (from 0, below ``rows``) is there; it never falls."""
        return int(self._arrivals(row // _BLOCK)[row % _BLOCK]) - self._ahead_us

    def arrivals_us(self) -> Times:
        """(rows,) of all."""
        return _never_falling(self._times(0, self.rows), -MOST_US) - self._ahead_us

    def _arrivals(self, block: int) -> Times:
        kept = self._blocks.get(block)
        if kept is None:
            before_us = int(self._arrived_us[block - 1]) if block else -MOST_US
            kept = _never_falling(self._times(block * _BLOCK, min((block + 1) * _BLOCK, self.rows)), before_us)
            self._blocks[block] = kept
            if len(self._blocks) > _KEPT:
                self._blocks.popitem(last=False)
        self._blocks.move_to_end(block)
        return kept

    def _times(self, first: int, stop: int) -> NDArray[Any]:
        times_us: NDArray[np.int64] = self._tables.array(
            self._table, np.dtype([(self._column, np.int64)]), first, stop
        )[self._column]
        return times_us


def _never_falling(times_us: NDArray[Any], before_us: int) -> Times:
    raised: Times = np.maximum.accumulate(np.clip(times_us, before_us, MOST_US))
    return raised
