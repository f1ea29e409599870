"""Named columns of samples over one shared time axis."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from programmer_gui.plot.arrays import Floats, Growing
from programmer_gui.plot.lookup import Lookup
from programmer_gui.plot.pyramid import BLOCK, Pyramid


@dataclass(frozen=True)
class Columns:
    """One column's samples in c pixel columns; NaN where there is no value."""

    low: Floats  # (c,)
    high: Floats  # (c,)
    first: Floats  # (c,) the earliest sample of each
    last: Floats  # (c,) and the latest


class Track:
    """Samples that arrive together: a time and a value for each name.  ``keep`` bounds how many stay in memory."""

    def __init__(self, names: tuple[str, ...], keep: int | None = None) -> None:
        self._keep = keep
        self._most = None if keep is None else keep + max(BLOCK, keep // 4)
        self._x = Growing(self._most)
        self._columns = {name: Pyramid(self._most) for name in names}
        self.limit: int | None = None  # samples shown while the picture is paused; None for all

    def __len__(self) -> int:
        return len(self._x)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(self._columns)

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        return self._x.nbytes + sum(column.nbytes for column in self._columns.values())

    @property
    def last_x(self) -> float:
        """The latest time there is, shown or not; there must be one."""
        return float(self._x.values[-1])

    @property
    def x(self) -> Floats:
        """(n,) times that are shown, in seconds; a view, valid until the next ``append``."""
        return self._x.values[: self.limit]

    def y(self, name: str) -> Floats:
        """(n,) values of ``name`` that are shown."""
        return self._columns[name].values[: self.limit]

    def append(self, x: Floats, columns: Mapping[str, Floats]) -> None:
        """Adds samples: ``x`` (m,) seconds, not decreasing, and (m,) values for every name.

        Raises ValueError where times go back, or names or lengths don't fit; nothing is added then.
        """
        if columns.keys() != self._columns.keys():
            raise ValueError(f"columns {sorted(columns)} instead of {sorted(self._columns)}")
        if any(len(values) != len(x) for values in columns.values()):
            raise ValueError("a column has another length than the times")
        if len(x) == 0:
            return
        before = self._x.values[-1] if len(self._x) else -np.inf
        if not (x[0] >= before and bool(np.all(x[1:] >= x[:-1]))):
            raise ValueError("times go back, or are not numbers")
        self._x.append(x)
        for name, values in columns.items():
            self._columns[name].append(values)
        self._forget_oldest()

    def lookup(self, edges: Floats) -> Lookup:
        """Columns from each of ``edges`` (c + 1,) seconds up to the next."""
        return Lookup(np.searchsorted(self.x, edges))

    def columns(self, name: str, lookup: Lookup) -> Columns:
        """The samples of ``name`` in each column."""
        bounds, empty = lookup.bounds, lookup.empty
        values = self._columns[name].values if len(self) else np.array([np.nan])
        low, high = self._columns[name].extremes(lookup)
        top = len(values) - 1
        first = values[np.minimum(bounds[:-1], top)]
        last = values[np.clip(bounds[1:] - 1, 0, top)]
        first[empty] = np.nan
        last[empty] = np.nan
        return Columns(low, high, first, last)

    def _forget_oldest(self) -> None:
        if self._keep is None or self._most is None or len(self._x) < self._most:
            return
        blocks = (len(self._x) - self._keep) // BLOCK
        self._x.forget(blocks * BLOCK)
        for column in self._columns.values():
            column.forget(blocks)
        if self.limit is not None:
            self.limit = max(0, self.limit - blocks * BLOCK)
