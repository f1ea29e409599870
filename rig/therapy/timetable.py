"""The cycles of two programs stretch by stretch, each in its own local time, so that they can be compared.  Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from math import lcm
from typing import NamedTuple

from rig.firmware.program import Program
from rig.therapy.modes import DAY_MS, WEEKDAYS
from rig.therapy.units import duration_text

WEEK_MS = 7 * DAY_MS
MOST = 400  # stretches that anybody reads
_MONDAY_MS = 4 * DAY_MS  # 1970-01-01 was a Thursday


class Flow(NamedTuple):
    """An even flow: ``volume_pl`` in each ``duration_ms``."""

    volume_pl: int
    duration_ms: int

    def same(self, other: "Flow") -> bool:
        """Whether both are one rate: volumes are rounded to the picolitre, so that much may differ."""
        apart = abs(self.volume_pl * other.duration_ms - other.volume_pl * self.duration_ms)
        return apart <= max(self.duration_ms, other.duration_ms)

    @property
    def pl_day(self) -> float:
        """The rate."""
        return self.volume_pl * DAY_MS / self.duration_ms


class Stretch(NamedTuple):
    """From ``start_ms`` to ``end_ms`` after a Monday's midnight, and so in each ``span_ms``, each program has one
    rate; None has no cycle."""

    start_ms: int
    end_ms: int  # at or before the start is in the next turn
    span_ms: int
    flows: tuple[Flow | None, ...]

    @property
    def title(self) -> str:
        """When that is, in words."""
        start_ms, end_ms, span_ms, _ = self
        if start_ms == end_ms:
            return "All the time"
        if span_ms == DAY_MS:
            return f"{clock(start_ms)}–{clock(end_ms)}"
        if span_ms % DAY_MS == 0:
            return f"{_day(start_ms)} {clock(start_ms % DAY_MS)} – {_day(end_ms)} {clock(end_ms % DAY_MS)}"
        return f"In each {duration_text(span_ms)}: {clock(start_ms)}–{clock(end_ms)}"


class _Turn:
    """One cycle, from the local Monday on."""

    def __init__(self, program: Program) -> None:
        begin_ms = (program.anchor_utc_s + program.utc_offset_min * 60) * 1000 - _MONDAY_MS
        self.length_ms = program.cycle_us // 1000
        self.flows: list[Flow] = []
        self.starts_ms: list[int] = []
        at_ms = 0
        for segment in program.cycle:
            flow = Flow(*segment)
            if not (self.flows and self.flows[-1].same(flow)):
                self.flows.append(flow)
                self.starts_ms.append(at_ms)
            at_ms += flow.duration_ms
        self._shift_ms = begin_ms % self.length_ms

    def at(self, t_ms: int) -> Flow:
        """The flow ``t_ms`` after a Monday's midnight."""
        return self.flows[bisect_right(self.starts_ms, (t_ms - self._shift_ms) % self.length_ms) - 1]

    def edges_ms(self, span_ms: int) -> set[int]:
        """Where the flow may change within ``span_ms`` of a Monday's midnight."""
        turns = range(0, span_ms, self.length_ms)
        return {(turn_ms + start_ms + self._shift_ms) % span_ms for turn_ms in turns for start_ms in self.starts_ms}


def stretches(programs: Sequence[Program | None]) -> list[Stretch] | None:
    """Every stretch within which no program changes its rate; None where there is no timetable that people can read,
    because the cycles never fit into a week, or have too many parts."""
    turns = [_Turn(program) if program and program.cycle else None for program in programs]
    cycling = [turn for turn in turns if turn]
    if not cycling:
        return []
    span_ms = lcm(*(turn.length_ms for turn in cycling))
    if span_ms > WEEK_MS or sum(span_ms // turn.length_ms * len(turn.flows) for turn in cycling) > MOST:
        return None
    edges = sorted(set().union(*(turn.edges_ms(span_ms) for turn in cycling)))
    kept: list[tuple[int, tuple[Flow | None, ...]]] = []
    for edge in edges:
        flows = tuple(turn.at(edge) if turn else None for turn in turns)
        if not kept or not all(map(_same, kept[-1][1], flows)):
            kept.append((edge, flows))
    if len(kept) > 1 and all(map(_same, kept[-1][1], kept[0][1])):
        kept.pop(0)  # the last one goes on over the end of the turn
    starts = [start for start, _ in kept]
    ends = starts[1:] + starts[:1]
    return [Stretch(start, end, span_ms, flows) for (start, flows), end in zip(kept, ends, strict=True)]


def _same(one: Flow | None, other: Flow | None) -> bool:
    return one is other or (one is not None and other is not None and one.same(other))


def _day(t_ms: int) -> str:
    return WEEKDAYS[t_ms // DAY_MS % 7].capitalize()


def clock(t_ms: int) -> str:
    """ "22:30", with seconds where there are some."""
    minutes, rest_ms = divmod(t_ms, 60_000)
    seconds = f":{rest_ms / 1000:06.3f}".rstrip("0").rstrip(".") if rest_ms else ""
    return f"{minutes // 60:02d}:{minutes % 60:02d}{seconds}"
