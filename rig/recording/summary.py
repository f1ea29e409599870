"""The few numbers that say what a run was; ``record`` and ``info`` print this same thing."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firmware_link import wire
from rig.counted import Counted
from rig.session import Batch, Event, Gap, LinkState

CUT_SHORT = "cut_short"
#: Of a recording that was cut short and has got its end since.
FINISHED_LATER = f"{CUT_SHORT}, finished later"


@dataclass(frozen=True)
class Summary:
    """A run in numbers.  Volumes are over the recording: the last sample's total minus the first's, the pump's own
    carried over its restarts (``Counted``)."""

    samples: int
    events: int
    commanded_nl: int | None  # None without samples
    measured_nl: int | None  # None where the first or the last sample has no balance reading
    planned_nl: int | None  # None where nobody planned
    gaps: int
    ended: str  # why it ended; CUT_SHORT where the file doesn't say

    def to_json(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)


def difference(first_nl: int, last_nl: int) -> int | None:
    """``last_nl - first_nl``, or None where one of them is ``wire.MISSING``."""
    return None if wire.MISSING in (first_nl, last_nl) else last_nl - first_nl


class Totals:
    """What a ``Summary`` needs, kept while a run goes on."""

    def __init__(self) -> None:
        self.samples = 0
        self.events = 0
        self.gaps = 0
        self.last_event = 0  # the highest number
        self._seen: set[int] = set()
        self._lost = False
        self._counted = Counted()
        self._ends: tuple[NDArray[np.void], NDArray[np.void]] | None = None  # the first and the latest sample

    def add(self, batch: Batch) -> tuple[Event, ...]:
        """Counts ``batch`` and returns its events without those that came before: the pump sends again what it has
        no acknowledgement of."""
        if len(batch.samples):
            self.samples += len(batch.samples)
            first = self._ends[0] if self._ends else batch.samples[:1].copy()
            self._ends = first, batch.samples[-1:].copy()
            self._counted.see_samples(batch.samples)
        self.gaps += len(batch.gaps)
        for link in batch.links:
            self._lost = link.state is LinkState.LOST
        new = tuple(event for event in batch.events if self._is_new(event.number))
        self.events += len(new)
        return new

    def _is_new(self, number: int) -> bool:
        if number == 0:  # the host's own
            return True
        if number in self._seen:
            return False
        self._seen.add(number)
        self.last_event = max(self.last_event, number)
        return True

    def end(self) -> tuple[Gap, ...]:
        """What the end of the run adds: a pump that was lost and didn't come back leaves a gap, as long as nobody
        knows."""
        if not (self._lost and self._ends):
            return ()
        self._lost = False
        self.gaps += 1
        boot, t_us = int(self._ends[1]["boot"][0]), int(self._ends[1]["t_us"][0])
        return (Gap("link", boot, t_us, t_us, 0),)

    def summary(self, ended: str, planned_nl: int | None) -> Summary:
        """The run so far."""
        commanded_nl = measured_nl = None
        if self._ends:
            first, last = self._ends
            commanded_nl = (self._counted.total_nl or 0) - int(first["commanded_nl"][0])
            measured_nl = difference(int(first["measured_nl"][0]), int(last["measured_nl"][0]))
        return Summary(self.samples, self.events, commanded_nl, measured_nl, planned_nl, self.gaps, ended)
