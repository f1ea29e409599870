"""Arrays that the plots are made of."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

#: How far beyond its last value a growing array can be read.
SLACK = 16


class Growing:
    """A float64 array that grows at its end, in amortised constant time, and forgets at its start.

    Where it is known to hold ``most`` values at most, it takes no more room than they need.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._data: Floats = np.empty(64 + SLACK)
        self._start = 0
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def values(self) -> Floats:
        """(n,) view; valid until the next ``append``."""
        return self._data[self._start : self._start + self._size]

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        return self._data.nbytes

    def slack(self, begin: int, end: int) -> Floats:
        """View of ``begin`` to ``end``, which may lie up to 16 beyond the last value; what is there is noise."""
        return self._data[self._start + begin : self._start + end]

    def rows(self) -> Floats:
        """(r, 16) view of all values, the last row filled up with noise."""
        return self.slack(0, (self._size // SLACK + 1) * SLACK).reshape(-1, SLACK)

    def append(self, values: Floats) -> None:
        """Adds ``values`` (m,) at the end."""
        needed = self._size + len(values) + SLACK
        if self._start + needed > len(self._data):
            self._make_room(needed)
        end = self._start + self._size
        self._data[end : end + len(values)] = values
        self._size += len(values)

    def forget(self, count: int) -> None:
        """Drops the ``count`` oldest values."""
        self._start += count
        self._size -= count

    def _make_room(self, needed: int) -> None:
        kept = self.values
        if needed > len(self._data) or self._start < self._size // 8:  # else moving to the front is rare enough
            capacity = 2 * self._size if self._most is None else min(2 * self._size, self._most)
            self._data = np.empty(max(needed, capacity + SLACK))
        self._data[: self._size] = kept
        self._start = 0
