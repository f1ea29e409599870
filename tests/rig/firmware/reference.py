"""What should have been delivered, worked out another way: exact fractions over the intervals that the log tells of."""

from fractions import Fraction

from firmware_link.vocabulary import EVENT_NAMES, RUNNING
from rig.firmware.program import Program
from tests.mcu.bench import Bench

Segments = tuple[tuple[int, int], ...]


def _made(segments: Segments, t_us: int) -> Fraction:
    """Picolitres of ``segments`` in their first ``t_us``."""
    made = Fraction(0)
    for volume_pl, duration_ms in segments:
        part_us = min(t_us, duration_ms * 1000)
        made += Fraction(volume_pl * part_us, duration_ms * 1000)
        t_us -= part_us
    return made


def _cycled(program: Program, utc_us: int) -> Fraction:
    turns, within = divmod(utc_us - program.anchor_utc_s * 10**6, sum(ms for _, ms in program.cycle) * 1000)
    return turns * sum(pl for pl, _ in program.cycle) + _made(program.cycle, within)


class Planner:
    """Integrates the plan over the delivering intervals in a pump's log."""

    def __init__(self, utc_less_t_us: int) -> None:
        self.planned_pl = Fraction(0)
        self.interruptions = 0
        self._utc_less_t_us = utc_less_t_us
        self._program: Program | None = None
        self._elapsed_us = 0
        self._since_us: int | None = None  # running from here on
        self._bolus_ms = 0
        self._demand_pl = 0  # of the on-demand bolus about to begin
        self._bolus: tuple[int, int] | None = None  # (began, volume)

    def commit(self, program: Program) -> None:
        """The next program_committed is of this one."""
        self._next = program

    def until(self, t_us: int) -> None:
        """Delivers up to ``t_us``."""
        if self._bolus:
            began_us, volume_pl = self._bolus
            done = Fraction(volume_pl * (t_us - began_us), self._bolus_ms * 1000)
            self.planned_pl += done
            self._bolus = (t_us, volume_pl) if t_us < began_us else None
        if self._since_us is None or self._program is None:
            return
        prelude_us = self._prelude_us()
        after_us = self._elapsed_us + t_us - self._since_us
        self.planned_pl += _made(self._program.prelude, min(after_us, prelude_us))
        self.planned_pl -= _made(self._program.prelude, min(self._elapsed_us, prelude_us))
        if after_us > prelude_us and self._program.cycle:
            entered_us = self._since_us + max(prelude_us - self._elapsed_us, 0)
            self.planned_pl += _cycled(self._program, t_us + self._utc_less_t_us)
            self.planned_pl -= _cycled(self._program, entered_us + self._utc_less_t_us)
        self._elapsed_us = after_us
        self._since_us = t_us

    def _prelude_us(self) -> int:
        return sum(ms for _, ms in self._program.prelude) * 1000 if self._program else 0

    def note(self, event: tuple[int, ...]) -> None:
        """Takes one event of the log."""
        kind, occurred_us, value = EVENT_NAMES[event[1]], event[4], event[6]
        if kind == "demand_granted":
            assert self._program
            assert self._program.demand
            self._demand_pl = self._program.demand[0]
        if kind not in ("program_committed", "started", "stopped", "bolus_duration", "bolus_started", "bolus_ended"):
            return
        if kind == "bolus_duration":
            self._bolus_ms = value
            return
        self.until(occurred_us)
        self.interruptions += 1
        self._since_us = None
        self._bolus = None
        if kind == "program_committed":
            self._program, self._elapsed_us = self._next, 0
        elif kind == "started":
            assert value == RUNNING
            if self._program and not self._program.cycle and self._elapsed_us >= self._prelude_us():
                self._elapsed_us = 0  # it had ended
            self._since_us = occurred_us
        elif kind == "bolus_started":
            self._bolus = (occurred_us, self._demand_pl or value * 1000)
            self._demand_pl = 0


def planned_pl(bench: Bench, program: Program, utc_less_t_us: int) -> tuple[Fraction, int]:
    """(the plan so far in picolitres, how often it was interrupted) by the log of a pump with one program."""
    planner = Planner(utc_less_t_us)
    planner.commit(program)
    for event in bench.events:
        planner.note(event)
    planner.until(bench.board.t_us)
    return planner.planned_pl, planner.interruptions
