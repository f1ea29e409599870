"""A counter that is read now and then, and what it shows at any moment between."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Times = NDArray[np.int64]


@dataclass(frozen=True)
class Readings:
    """A counter at n moments; all (n,)."""

    nl: Floats  # NaN where nothing was read
    lost: NDArray[np.bool_]  # it lies in lost time
    unsure_nl: Floats  # what the moment's lying between two readings makes unsure


class Counter:
    """Readings that rise, and what they show at any moment between."""

    def __init__(
        self, at_us: Times, nl: Floats, commanded_nl: Floats, torn: NDArray[np.bool_], off_nl: float = 0.0
    ) -> None:
        """(n,) readings and what had been commanded then; ``torn`` (n-1,): time was lost before the next.  What they
        rise by otherwise than was commanded, and than they may be ``off_nl``, came at nobody knows which moment."""
        self.at_us, self._nl, self._commanded_nl, self._torn = at_us, nl, commanded_nl, torn
        unasked_nl = np.abs(np.nan_to_num(np.diff(nl) - np.diff(commanded_nl))) - off_nl
        self._unasked_nl = np.maximum(unasked_nl, 0.0)

    def at(self, at_us: Times) -> Readings:
        """At ``at_us`` (m,); beyond the first and the last these."""
        have = len(self.at_us)
        if have < 2:
            nl = np.full(len(at_us), self._nl[0] if have else np.nan)
            return Readings(nl, np.full(len(at_us), not have), np.zeros(len(at_us)))
        after = np.clip(np.searchsorted(self.at_us, at_us), 1, have - 1)
        before = after - 1
        between = (at_us > self.at_us[before]) & (at_us < self.at_us[after])
        commanded_nl = np.interp(at_us, self.at_us, self._commanded_nl)
        off_nl = np.maximum(commanded_nl - self._commanded_nl[before], self._commanded_nl[after] - commanded_nl)
        unsure_nl = np.where(between, np.maximum(off_nl, 0.0) + self._unasked_nl[before], 0.0)
        return Readings(np.interp(at_us, self.at_us, self._nl), between & self._torn[before], unsure_nl)
