"""All that has come in of a run since a case began, in the order in which it came; what is judged is judged by this
alone, live as in a recording."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rig.counted import Counted
from rig.qa.told import Mark, Stretch
from rig.session import Batch, Event, Gap, LinkChange, Status, no_samples
from rig.tracker import Timeline
from rig.weighing import no_weighings

ZEROED = ("host_balance_tared", "host_balance_untared")


class _Rows:
    """Rows that pile up in one array, which doubles when it is full."""

    def __init__(self, none: NDArray[np.void]) -> None:
        self._room = np.empty(1024, none.dtype)
        self.count = 0

    def add(self, rows: NDArray[np.void]) -> None:
        end = self.count + len(rows)
        if end > len(self._room):
            room = np.empty(max(end, 2 * len(self._room)), self._room.dtype)
            room[: self.count] = self._room[: self.count]
            self._room = room
        self._room[self.count : end] = rows
        self.count = end

    def all(self) -> NDArray[np.void]:
        return self._room[: self.count]


class Evaporation(NamedTuple):
    """What leaves the cup of a balance, as that has shown; in µg/s, known to ±."""

    ug_s: float
    off_ug_s: float
    by: str  # whose cup: that of judge_volumes.PUMPS or LABORATORYS


class Material:
    """Feeds on batches.  ``settings`` are the pump's, by vocabulary.SETTINGS, as the case has set them."""

    def __init__(self, settings: dict[str, int]) -> None:
        self.settings = settings
        self.events: list[Event] = []  # the pump's own, none twice
        self.gaps: list[Gap] = []
        self.links: list[LinkChange] = []
        self.status: Status | None = None  # the latest
        self.statuses: list[tuple[Mark, Status]] = []  # the one at each mark that has one
        self.labels: dict[str, Stretch] = {}  # of steps, from begin to end
        self.blank_ug_s: Evaporation | None = None  # by a blank
        self.zeros: list[Mark] = []  # when the laboratory balance was set to zero by a step
        self.zeros_us: list[int] = []  # and when by anybody, host time
        self.latest: tuple[int, int] | None = None  # boot and t_us of the last sample
        self.timeline = Timeline()
        self.counted = Counted()
        self._samples, self._weighings = _Rows(no_samples()), _Rows(no_weighings())
        self._numbers: set[int] = set()
        self._frames = 0

    def add(self, batch: Batch) -> None:
        """Takes a batch."""
        if len(batch.samples):
            self._samples.add(batch.samples)
            self._place(batch.samples)
            self.counted.see_samples(batch.samples)
        if len(batch.weighings):
            self._weighings.add(batch.weighings)
        self.zeros_us += [event.host_us for event in batch.events if event.kind in ZEROED]
        for event in batch.events:
            if event.number and event.number not in self._numbers:  # those of a host are no business of the pump's
                self._numbers.add(event.number)
                self.events.append(event)
        self.gaps += batch.gaps
        self.links += batch.links
        self._frames += len(batch.frames)
        self.status = batch.status or self.status

    def counts(self) -> dict[str, int]:
        """How many of each have come: the fields of a ``Mark``."""
        return {
            "samples": self._samples.count,
            "events": len(self.events),
            "gaps": len(self.gaps),
            "links": len(self.links),
            "frames": self._frames,
            "weighings": self._weighings.count,
        }

    def samples(self, stretch: Stretch | None = None) -> NDArray[np.void]:
        """(n,) telemetry.SAMPLE_DTYPE: all, or those that came in ``stretch``."""
        rows = self._samples.all()
        return rows if stretch is None else rows[stretch.begin.samples : stretch.end.samples]

    def weighings(self, stretch: Stretch | None = None) -> NDArray[np.void]:
        """(n,) weighing.WEIGHING_DTYPE, likewise."""
        rows = self._weighings.all()
        return rows if stretch is None else rows[stretch.begin.weighings : stretch.end.weighings]

    def axis_us(self, boot: int, t_us: int) -> int | None:
        """A moment of the pump on one axis over its restarts; None for a boot that no sample has come from."""
        return t_us + self.timeline.offset_us(boot) if self.timeline.knows(boot) else None

    def _place(self, samples: NDArray[np.void]) -> None:
        edges = np.flatnonzero(samples["boot"][1:] != samples["boot"][:-1]) + 1
        for part in np.split(samples, edges):
            first, last = part[0], part[-1]
            self._see(int(first["boot"]), first, last)
        self.latest = int(last["boot"]), int(last["t_us"])

    def _see(self, boot: int, first: Any, last: Any) -> None:
        self.timeline.see(boot, int(first["t_us"]), int(last["t_us"]), int(first["host_us"]))
