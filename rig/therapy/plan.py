"""The plan: how much should have been delivered by now, from what people asked for.

It is rebuilt from the pump's own log with the pump's own arithmetic, so it is the same live and in a recording.
What people ask for moves it (commit, start, stop, bolus); what goes wrong (an alarm that stops the pump, a reset, a
lost link) doesn't, and so shows as a difference between plan and delivery.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from firmware_link import vocabulary
from rig.firmware.program import Course, Program
from rig.session import Event

#: Stops that nobody asked for.
_UNINTENDED = (vocabulary.STOP_REASONS.index("alarm"),)


Bolus = Literal["", "bolus", "on-demand bolus"]


@dataclass(frozen=True)
class Stretch:
    """A part of the plan with one rate, in the time of the plan."""

    start_us: int
    end_us: int
    volume_pl: int
    what: Literal["stopped", "prelude", "cycle", "bolus", "on-demand bolus"]

    def goes_on(self, after: "Stretch") -> bool:
        """Whether ``after`` is more of the same: volumes are rounded to the picolitre, so that much may differ."""
        one_us, other_us = self.end_us - self.start_us, after.end_us - after.start_us
        apart = abs(self.volume_pl * other_us - after.volume_pl * one_us)
        return self.what == after.what and "bolus" not in self.what and apart <= 2 * max(one_us, other_us)


@dataclass(frozen=True)
class _Piece:
    """From ``start_us`` on, until the next piece: ``base_pl`` and what ``course`` makes since then."""

    start_us: int
    base_pl: int
    course: Course | None
    bolus: Bolus = ""

    def planned_pl(self, t_us: int) -> int:
        if self.course is None:
            return self.base_pl
        made_pl: int = self.course.volume_pl(t_us) - self.course.volume_pl(self.start_us)
        return self.base_pl + made_pl

    def turn_us(self, t_us: int) -> int | None:
        """When the flow that is planned at ``t_us`` changes by itself; None for never."""
        return None if self.course is None else self.course.stretch(t_us)[1]

    def stretch(self, t_us: int, end_us: int) -> Stretch:
        """What is planned from ``t_us`` on, until it changes or ``end_us``."""
        until_us = min(end_us, self.turn_us(t_us) or end_us)
        volume_pl = self.planned_pl(until_us) - self.planned_pl(t_us)
        if self.course is None or self.turn_us(t_us) is None:
            return Stretch(t_us, until_us, volume_pl, "stopped")
        return Stretch(
            t_us, until_us, volume_pl, self.bolus or ("prelude" if self.course.in_prelude(t_us) else "cycle")
        )


class Plan:
    """Planned volume since ``start_us``, for one pump.  Times are device microseconds, mapped onto the first boot's
    by ``rig.timeline`` where a recording spans several."""

    def __init__(self, start_us: int) -> None:
        self.start_us = start_us
        self._pieces = [_Piece(start_us, 0, None)]
        self._course: Course | None = None
        self._running = False
        self._utc_less_t_us = 0
        self._bolus_us = 0
        self._demand_pl = 0  # of the on-demand bolus about to start; 0 for none

    def adopt(self, status: Mapping[str, int], program: Program | None) -> None:
        """Takes over what the pump was found doing when the recording began: the wire's "status", its program."""
        if program is None:
            return
        start_us = self.start_us
        self._course = Course(program)
        if status["anchor_us"]:
            self._utc_less_t_us = program.anchor_utc_s * 1_000_000 - status["anchor_us"]
        if status["program_start_us"]:
            # A clock set by this very session begins the cycle anew; samples on their way then are older than that.
            elapsed_us = max(0, start_us - status["program_start_us"])
            self._course.elapsed_us = min(elapsed_us, program.prelude_us)
        if status["state"] in (vocabulary.RUNNING, vocabulary.BOLUS):
            self._resume(start_us)

    def copy(self) -> "Plan":
        """Another that goes on from here."""
        other = copy(self)
        other._pieces, other._course = self._pieces.copy(), copy(self._course)
        return other

    def note(self, event: Event, t_us: int, programs: Mapping[int, Program]) -> bool:
        """Takes one entry of the pump's log, which happened at ``t_us``, and says whether it moved the plan.

        ``programs`` are by the low 31 bits of their digest; a commit of an unknown one plans nothing from then on.
        """
        handler = _HANDLERS.get(event.kind)
        # What happened before is in the status that was adopted; only the clock is told by its event alone.
        if handler is None or (t_us < self.start_us and handler is not Plan._on_clock):
            return False
        handler(self, event, t_us, programs)
        return handler is not Plan._on_clock

    def planned_pl(self, t_us: int) -> int:
        """Picolitres planned from ``start_us`` to ``t_us``, exact; 0 before."""
        i = bisect_right(self._pieces, t_us, key=lambda piece: piece.start_us) - 1
        return self._pieces[i].planned_pl(t_us) if i >= 0 else 0

    def planned_nl(self, t_us: NDArray[np.int64]) -> NDArray[np.float64]:
        """(n,) float64 nanolitres at ``t_us`` (n,), which must rise: what to draw, good to a picolitre or so."""
        planned = np.zeros(len(t_us))
        at = 0
        while at < len(t_us):
            here = int(t_us[at])
            until = self._next_turn_us(here)
            end = len(t_us) if until is None else int(np.searchsorted(t_us, until))
            end = max(end, at + 1)
            last = int(t_us[end - 1])
            low, high = self.planned_pl(here), self.planned_pl(last)
            planned[at:end] = np.interp(t_us[at:end], (here, max(last, here + 1)), (low / 1000, high / 1000))
            at = end
        return planned

    def stretches(self, until_us: int) -> Iterator[Stretch]:
        """The plan up to ``until_us``, stretch by stretch; neighbours with one rate are one, except boluses."""
        ends = [piece.start_us for piece in self._pieces[1:]] + [until_us]
        held: Stretch | None = None
        for piece, end_us in zip(self._pieces, ends, strict=True):
            at_us = piece.start_us
            while at_us < min(end_us, until_us):
                new = piece.stretch(at_us, min(end_us, until_us))
                at_us = new.end_us
                if held is not None and held.goes_on(new):
                    new = Stretch(held.start_us, new.end_us, held.volume_pl + new.volume_pl, new.what)
                elif held is not None:
                    yield held
                held = new
        if held is not None:
            yield held

    def _next_turn_us(self, t_us: int) -> int | None:
        i = bisect_right(self._pieces, t_us, key=lambda piece: piece.start_us) - 1
        turns = [self._pieces[i].turn_us(t_us)] if i >= 0 else []
        turns += [piece.start_us for piece in self._pieces[i + 1 : i + 2]]
        return min((turn for turn in turns if turn is not None), default=None)

    def _add(self, t_us: int, course: Course | None, bolus: Bolus = "") -> None:
        base_pl = self.planned_pl(t_us)
        while self._pieces and self._pieces[-1].start_us >= t_us:
            self._pieces.pop()
        self._pieces.append(_Piece(t_us, base_pl, copy(course) if course else None, bolus))

    def _resume(self, t_us: int) -> None:
        self._running = True
        if self._course is not None:
            self._course.resume(t_us, t_us + self._utc_less_t_us)
        self._add(t_us, self._course)

    def _pause(self, t_us: int) -> None:
        if self._course is not None and self._course.begin_us is not None:
            self._course.pause(t_us)
        self._add(t_us, None)

    def _on_commit(self, event: Event, t_us: int, programs: Mapping[int, Program]) -> None:
        self._pause(t_us)
        program = programs.get(event.value)
        self._course = Course(program) if program else None
        if self._running:
            self._resume(t_us)

    def _on_start(self, event: Event, t_us: int, programs: Mapping[int, Program]) -> None:
        if not self._running:
            self._resume(t_us)

    def _on_stop(self, event: Event, t_us: int, programs: Mapping[int, Program]) -> None:
        if event.value not in _UNINTENDED:
            self._pause(t_us)
            self._running = False

    def _on_clock(self, event: Event, t_us: int, programs: Mapping[int, Program]) -> None:
        self._utc_less_t_us = event.utc_s * 1_000_000 - t_us
        if self._running and self._pieces[-1].start_us <= t_us:  # not while a bolus is planned: it ends by itself
            self._pause(t_us)
            self._resume(t_us)

    def _on_bolus_duration(self, event: Event, t_us: int, programs: Mapping[int, Program]) -> None:
        self._bolus_us = event.value * 1000

    def _on_demand(self, event: Event, t_us: int, programs: Mapping[int, Program]) -> None:
        demand = self._course.program.demand if self._course else None
        self._demand_pl = demand[0] if demand else 0

    def _on_bolus(self, event: Event, t_us: int, programs: Mapping[int, Program]) -> None:
        """The base pauses while the bolus runs, and goes on by itself."""
        self._pause(t_us)
        # The event says whole nanolitres; the program says it exactly.
        volume_pl = self._demand_pl if self._demand_pl // 1000 == event.value else event.value * 1000
        what: Bolus = "on-demand bolus" if self._demand_pl else "bolus"
        self._demand_pl = 0
        bolus = Course(Program(0, 0, [(volume_pl, max(1, self._bolus_us // 1000))], []))
        bolus.resume(t_us, 0)
        self._add(t_us, bolus, what)
        if self._running:
            self._resume(t_us + self._bolus_us)


_HANDLERS = {
    "program_committed": Plan._on_commit,
    "started": Plan._on_start,
    "stopped": Plan._on_stop,
    "clock_set": Plan._on_clock,
    "demand_granted": Plan._on_demand,
    "bolus_duration": Plan._on_bolus_duration,
    "bolus_started": Plan._on_bolus,
}

#: The kinds of events that a plan hangs on.
MOVING = frozenset(_HANDLERS)
