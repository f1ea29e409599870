"""The plan of a program as curves to draw, by the pump's own arithmetic.  Free of Qt."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from programmer_gui.models.planned import Planned
from rig.firmware.program import Program as DeviceProgram
from rig.firmware.program import cumulative
from rig.therapy.program import dose_ng
from rig.therapy.units import DAY_S, DAY_US

Span = Literal["day", "week", "refill"]
SPANS: dict[Span, str] = {"day": "Day", "week": "Week", "refill": "Until the refill"}
_POINTS = 300
_MOST_TURNS = 600  # of the flow; with more, the rate is drawn day by day
_UNENDING_DAYS = 180.0
_HEADROOM = 1.04  # after the refill date, so that its line can be seen

Floats = NDArray[np.float64]


def _none() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class Curves:
    """Arrays (n,) float64 over rising ``hours``; all empty where there is nothing to draw, ``why`` then says so."""

    why: str = ""
    by_clock: bool = False  # hours begin at midnight; else when the program begins
    hours: Floats = field(default_factory=_none)
    volume_ul: Floats = field(default_factory=_none)  # planned, since the beginning
    reservoir_ul: Floats = field(default_factory=_none)
    low_ul: float = 0.0
    refill_hour: float | None = None
    rate_hours: Floats = field(default_factory=_none)  # of the stairs below
    rate_ug_day: Floats = field(default_factory=_none)  # (m,), at and after rate_hours
    daily: bool = False  # the stairs are averages of days
    tip_hours: Floats = field(default_factory=_none)
    tip_ug_day: Floats = field(default_factory=_none)  # what leaves the catheter, where that differs

    @property
    def end_hour(self) -> float:
        """The end of what is drawn."""
        return float(self.hours[-1]) if len(self.hours) else 0.0


def of_plan(planned: Planned, span: Span, now_utc_s: int = 0) -> Curves:
    """``planned`` over a day, a week, or until the reservoir is low."""
    device, program = planned.device, planned.program
    if device is None or program is None or not (device.prelude or device.cycle):
        return Curves(planned.why)
    by_clock = bool(device.cycle) and not device.prelude and span != "refill"
    phase_us = 0 if by_clock else device.phase_us(now_utc_s * 1_000_000)
    end_us = _end_us(planned, device, span)
    turns = _turns(device, end_us, phase_us)
    times = np.unique(np.concatenate([np.linspace(0, end_us, _POINTS), np.array(turns, float)]).astype(np.int64))
    volume = np.array([cumulative(device, int(t), phase_us) / 1e6 for t in times])
    hours = times / 3.6e9
    daily = len(turns) > _MOST_TURNS or end_us > 21 * DAY_US
    stairs = _days(device, end_us, phase_us) if daily else _stairs(device, turns, phase_us)
    tip_hours, tip = _tip(planned, hours[-1])
    rate_hours = np.array([hour for hour, _ in stairs])
    rate = np.array([dose_ng(round(flow), planned.concentration_at(int(hour * 3.6e9))) / 1000 for hour, flow in stairs])
    if len(tip_hours) and tip_hours[-1] < hours[-1]:  # all of it is at the tip by then
        later = rate_hours > tip_hours[-1]
        tip_hours = np.concatenate([tip_hours, np.repeat(rate_hours[later], 2)])
        tip = np.concatenate([tip, np.repeat(rate[np.flatnonzero(later)[0] - 1 :], 2)[1:-1]])
    refill = planned.refill_days
    return Curves(
        by_clock=by_clock,
        hours=hours,
        volume_ul=volume,
        reservoir_ul=np.maximum(0.0, planned.reservoir_nl / 1000 - volume),
        low_ul=program.pump.low_reservoir_nl / 1000,
        refill_hour=refill * 24 if refill is not None else None,
        rate_hours=rate_hours,
        rate_ug_day=rate,
        daily=daily,
        tip_hours=tip_hours,
        tip_ug_day=tip,
    )


def _end_us(planned: Planned, device: DeviceProgram, span: Span) -> int:
    if not device.cycle:
        return max(1, int(device.prelude_us) * 5 // 4)
    if span == "refill":
        days = planned.refill_days
        return max(DAY_US, round((_UNENDING_DAYS if days is None else days) * _HEADROOM * DAY_US))
    return (7 if span == "week" else 1) * DAY_US


def _turns(device: DeviceProgram, end_us: int, phase_us: int) -> list[int]:
    """When the flow changes, from 0 on, ``end_us`` last; no more than are worth drawing."""
    turns, at_us = [0], 0
    while len(turns) <= _MOST_TURNS + 1:
        until_us = device.stretch(at_us, phase_us)[1]
        if until_us is None or until_us >= end_us:
            break
        turns.append(until_us)
        at_us = until_us
    return [*turns, end_us]


def _stairs(device: DeviceProgram, turns: list[int], phase_us: int) -> list[tuple[float, float]]:
    """(hour, pl a day from then on)."""
    found = []
    for turn in turns:
        _, _, _, volume_pl, duration_us = device.stretch(turn, phase_us)
        found.append((turn / 3.6e9, volume_pl * DAY_US / duration_us))
    found[-1] = (found[-1][0], found[-2][1] if len(found) > 1 else found[-1][1])
    return found


def _days(device: DeviceProgram, end_us: int, phase_us: int) -> list[tuple[float, float]]:
    """The same, each day's average."""
    days = range(int(end_us // DAY_US) + 1)
    totals = [cumulative(device, day * DAY_US, phase_us) for day in (*days, len(days))]
    found = [(day * 24.0, float(totals[day + 1] - totals[day])) for day in days]
    return [*found, (end_us / 3.6e9, found[-1][1])]


def _tip(planned: Planned, end_hour: float) -> tuple[Floats, Floats]:
    front = planned.front
    if front is None:
        return _none(), _none()
    hours = front.t_s / 3600
    shown = hours <= max(end_hour, DAY_S / 3600)
    return hours[shown], front.dose_rate_ng_day[shown] / 1000
