"""What a pump counted over a whole run, restarts and all."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


class Counted:
    """The pump's counter of what it commanded, carried over restarts.

    It keeps that counter now and then, and after a restart goes on from what it had kept.  By how much it begins below
    what samples had shown before is added from then on, so that the total never falls.  What it commanded after the
    last sample before a restart, and hadn't kept, nobody knows.
    """

    def __init__(self) -> None:
        self._carried_nl: dict[int, int] = {}  # boot -> what to add
        self._latest_nl = 0  # of these
        self._total_nl: int | None = None  # so far, with what was carried

    def see(self, boot: int, first_nl: int, last_nl: int) -> None:
        """A stretch of ``boot``, from one value of the counter to another."""
        if boot not in self._carried_nl:
            fallen_nl = 0 if self._total_nl is None else self._total_nl - first_nl
            self._latest_nl = max(self._latest_nl, fallen_nl)
            self._carried_nl[boot] = self._latest_nl
        self._total_nl = last_nl + self._carried_nl[boot]

    def see_samples(self, samples: NDArray[np.void]) -> None:
        """(n,) samples in order, of any boots."""
        if not len(samples):
            return
        boots, counts_nl = samples["boot"], samples["commanded_nl"]
        edges = (np.flatnonzero(boots[1:] != boots[:-1]) + 1).tolist()
        for begin, end in pairwise((0, *edges, len(samples))):
            self.see(int(boots[begin]), int(counts_nl[begin]), int(counts_nl[end - 1]))

    @property
    def total_nl(self) -> int | None:
        """The counter of the latest sample with what was carried; None without any."""
        return self._total_nl

    def carried_nl(self, boots: NDArray[np.uint32]) -> NDArray[np.float64]:
        """(n,) what to add to the counters of samples of ``boots`` (n,); raises KeyError for one not seen."""
        seen, which = np.unique(boots, return_inverse=True)
        return np.array([self._carried_nl[int(boot)] for boot in seen], np.float64)[which]

    def copy(self) -> "Counted":
        """Another that goes on from here."""
        other = Counted()
        other._carried_nl = self._carried_nl.copy()
        other._latest_nl, other._total_nl = self._latest_nl, self._total_nl
        return other
