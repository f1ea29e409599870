"""Follows a run batch by batch: one time axis over resets, the plan beside the delivery, and the totals.

The same for a live pump, a virtual one and a recording, so window, command line and reports agree.
"""

from collections import deque
from copy import copy, deepcopy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from firmware_link import wire
from firmware_link.vocabulary import LOW
from rig.clockfit import ClockFit, ClockJump, ClockState
from rig.counted import Counted
from rig.firmware.program import Program
from rig.session import Batch, Event, Status
from rig.therapy.plan import Plan

#: So many events at most wait for the first sample of their boot, which tells when that was.
WAITING_MAX = 10_000


@dataclass(frozen=True)
class Totals:
    """Counts and volumes from a run's first sample to its last; ``commanded_nl`` over restarts as ``Counted`` has it,
    ``measured_nl`` None without a balance."""

    samples: int = 0
    events: int = 0
    gaps: int = 0
    commanded_nl: int = 0
    measured_nl: int | None = None
    planned_nl: int = 0
    duration_us: int = 0  # device time
    clock: ClockState | None = None  # the pump's beside this computer's; None before the first sample


@dataclass(frozen=True)
class Delivered:
    """One batch of samples on the run's axis; all arrays (n,) float64, volumes in nl since the first sample."""

    t_s: NDArray[np.float64]  # since the first sample
    commanded_nl: NDArray[np.float64]
    measured_nl: NDArray[np.float64]  # NaN without a balance
    planned_nl: NDArray[np.float64]


class Timeline:
    """Maps device time of any boot onto that of the first boot seen.

    A pump's microseconds start anew with each boot; host time tells how far apart two boots are.  Where it says that
    they overlap, since the pump's clock runs fast or the first sample came late, the next follows the one before.
    """

    def __init__(self) -> None:
        self._offsets_us: dict[int, int] = {}
        self._host_less_t_us = 0
        self._end_us: int | None = None

    def see(self, boot: int, first_us: int, last_us: int, host_us: int) -> None:
        """A stretch of ``boot`` from ``first_us``, which came in at ``host_us``, to ``last_us``."""
        if self._end_us is None:
            self._host_less_t_us = host_us - first_us
            self._offsets_us[boot] = 0
        elif boot not in self._offsets_us:
            begin_us = max(host_us - self._host_less_t_us, self._end_us + 1)
            self._offsets_us[boot] = begin_us - first_us
        self._end_us = last_us + self._offsets_us[boot]

    def knows(self, boot: int) -> bool:
        """Whether ``boot`` has its place."""
        return boot in self._offsets_us

    def offset_us(self, boot: int) -> int:
        """What to add to a time of ``boot``; raises KeyError for one not seen."""
        return self._offsets_us[boot]

    def copy(self) -> "Timeline":
        """Another that goes on from here."""
        other = copy(self)
        other._offsets_us = self._offsets_us.copy()
        return other


class Tracker:
    """Feeds on batches; knows the plan and the totals at any moment."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self.counted = Counted()
        self.plan: Plan | None = None  # from the first sample on
        self.totals = Totals()
        self._programs: dict[int, Program] = {}
        self._waiting: deque[Event] = deque(maxlen=WAITING_MAX)  # before the first sample of their boot
        self._status: Status | None = None
        self._adopted = False
        self._first: np.void | None = None
        self._last: np.void | None = None
        self._fit = ClockFit()

    @property
    def clock(self) -> ClockState | None:
        """The pump's clock beside this computer's, as in ``totals``."""
        return self._fit.state

    def program(self, program: Program, digest: int | None = None) -> None:
        """Makes known a program that the pump holds or is about to be given; before its commit reaches ``add``.

        ``digest`` is what the pump calls it, where that isn't what it is called now.
        """
        self._programs[_short(program.digest() if digest is None else digest)] = program
        self._adopt()

    def add(self, batch: Batch) -> Delivered:
        """Takes a batch and places its samples."""
        if batch.status is not None and self._status is None:
            self._status = batch.status
            self._adopt()
        if len(batch.samples):
            self._see(batch.samples)
        read_clock(self._fit, batch)
        for event in batch.events:
            self._note(event)
        self.totals = self._count(batch)
        return self.place(batch.samples)

    def copy(self) -> "Tracker":
        """Another that goes on from here."""
        other = copy(self)
        other.timeline, other.counted = self.timeline.copy(), self.counted.copy()
        other.plan = self.plan and self.plan.copy()
        other._programs, other._waiting, other._fit = self._programs.copy(), self._waiting.copy(), deepcopy(self._fit)
        return other

    def time_s(self, boot: int, t_us: int) -> float | None:
        """Seconds since the first sample; None for a boot that no sample came from."""
        if self.plan is None or not self.timeline.knows(boot):
            return None
        return (t_us + self.timeline.offset_us(boot) - self.plan.start_us) / 1e6

    def _see(self, samples: NDArray[np.void]) -> None:
        changes = np.flatnonzero(samples["boot"][1:] != samples["boot"][:-1]) + 1
        new = False
        for stretch in np.split(samples, changes):
            first, last = stretch[0], stretch[-1]
            new |= not self.timeline.knows(int(first["boot"]))
            self.timeline.see(int(first["boot"]), int(first["t_us"]), int(last["t_us"]), int(first["host_us"]))
        self.counted.see_samples(samples)
        if self.plan is None:
            self._first = samples[0].copy()
            self.plan = Plan(int(samples["t_us"][0]))
            self._adopt()
        self._last = samples[-1].copy()
        for event in [self._waiting.popleft() for _ in range(len(self._waiting) if new else 0)]:
            self._note(event)

    def _adopt(self) -> None:
        """The plan of a pump that was already at work, once both its status and its program are known."""
        if self._adopted or self.plan is None or self._status is None:
            return
        fields = self._status.fields
        program = self._programs.get(_short(fields["digest"]))
        if program is not None:
            self._adopted = True
            self.plan.adopt(fields, program)

    def _note(self, event: Event) -> None:
        if self.plan is None or not self.timeline.knows(event.boot):
            self._waiting.append(event)
            return
        at_us = event.occurred_us + self.timeline.offset_us(event.boot)
        if self._is_news(event):  # what came before the first sample, seldom as that may be, is still to be planned
            at_us = max(at_us, self.plan.start_us)
        moved = self.plan.note(event, at_us, self._programs)
        self._adopted = self._adopted or moved

    def _is_news(self, event: Event) -> bool:
        """Whether the status that the pump was found with doesn't know of it."""
        known = None if self._status is None else self._status.fields.get("last_event")
        return known is not None and event.number > known

    def _count(self, batch: Batch) -> Totals:
        old = self.totals
        counted = replace(
            old,
            samples=old.samples + len(batch.samples),
            events=old.events + len(batch.events),
            gaps=old.gaps + len(batch.gaps),
            clock=self.clock,
        )
        first, last = self._first, self._last
        if first is None or last is None or self.plan is None:
            return counted
        at_us = int(last["t_us"]) + self.timeline.offset_us(int(last["boot"]))
        balance = wire.MISSING not in (int(first["measured_nl"]), int(last["measured_nl"]))
        return replace(
            counted,
            commanded_nl=(self.counted.total_nl or 0) - int(first["commanded_nl"]),
            measured_nl=int(last["measured_nl"]) - int(first["measured_nl"]) if balance else None,
            planned_nl=round(self.plan.planned_pl(at_us) / 1000),
            duration_us=at_us - self.plan.start_us,
        )

    def place(self, samples: NDArray[np.void]) -> Delivered:
        """Samples of boots that came before, on the run's axis; ``boot``, ``t_us`` and both volumes will do."""
        if not len(samples) or self._first is None or self.plan is None:
            nothing = np.empty(0)
            return Delivered(nothing, nothing, nothing, nothing)
        t_us = samples["t_us"] + _offsets(samples["boot"], self.timeline)
        measured = (samples["measured_nl"] - self._first["measured_nl"]).astype(float)
        measured[samples["measured_nl"] == wire.MISSING] = np.nan
        return Delivered(
            (t_us - self.plan.start_us) / 1e6,
            (samples["commanded_nl"] - self._first["commanded_nl"]).astype(float)
            + self.counted.carried_nl(samples["boot"]),
            measured,
            self.plan.planned_nl(t_us),
        )


def read_clock(fit: ClockFit, batch: Batch) -> ClockJump | None:
    """Gives ``fit`` the latest reading of the pump's clock in ``batch``; the jump that it shows."""
    if len(batch.samples):
        last = batch.samples[-1]
        return fit.add(int(last["boot"]), int(last["t_us"]), int(last["host_us"]))
    status = batch.status
    if status is None or fit.boot is None or "t_us" not in status.fields:
        return None
    # It doesn't say its boot.  One of the next begins a fit, which the first sample of that boot begins again.
    return fit.add(fit.boot, status.fields["t_us"], status.host_us)


def jumped(jump: ClockJump) -> Event:
    """The host's own entry on ``jump``; its value is the size in ms."""
    moment = (jump.t_us, jump.t_us)
    return Event(0, "host_clock_jump", LOW, jump.boot, *moment, 0, round(jump.jump_s * 1e3), 0, jump.host_us)


def _short(digest: int) -> int:
    """A digest as an event's value carries it."""
    return digest & 0x7FFF_FFFF


def _offsets(boots: NDArray[np.uint32], timeline: Timeline) -> NDArray[np.int64]:
    seen, which = np.unique(boots, return_inverse=True)
    return np.array([timeline.offset_us(int(boot)) for boot in seen], np.int64)[which]
