"""A dose program as the pump holds it: a prelude and an anchored cycle of exact volumes over exact durations.

Volumes are rounded once, as running totals to the picolitre: no segment is more than a picolitre off, and the sum is
as exact as it can be.  Boluses are whole nanolitres, as the pump's log can say them.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import accumulate, pairwise
from math import floor
from typing import Any, NamedTuple, cast

from firmware_link.errors import UsageError
from firmware_link.vocabulary import MAX_SEGMENTS
from rig.firmware.program import Program as DeviceProgram
from rig.therapy import layout, modes, screening, units
from rig.therapy.layout import Stage, Stretch, rate_of
from rig.therapy.modes import DAY_MS, Bolus, OnDemand
from rig.therapy.program import Program, volume_pl

WEEK_S = 7 * units.DAY_S
LONGEST_MS = 2**32 - 1  # of one segment; a longer stretch is several
_MONDAY_S = 4 * units.DAY_S  # 1970-01-01 was a Thursday

Segments = tuple[tuple[int, int], ...]  # (volume_pl, duration_ms)


class Parts(NamedTuple):
    """What a mode makes: stretches before the cycle, its cycle, and where that begins after local midnight."""

    prelude: Segments = ()
    cycle: Segments = ()
    anchor_ms: int = 0
    on_demand: OnDemand | None = None
    reminder_min: int = 0
    ahead: bool = False  # the cycle begins with its next such time of day, not with the last


def compile_program(program: Program, now_utc_s: int, utc_offset_min: int) -> DeviceProgram:
    """``program`` for a pump that gets it at ``now_utc_s`` and whose wall time is ``utc_offset_min`` east of UTC.

    The cycle is anchored to the local midnight before that moment, of a week to that of its Monday; boluses a day or
    more apart begin with the next time of day that is theirs.  Raises UsageError
    for what can't be made: steps that overlap, more segments than a pump holds, a screening that has to wait.
    """
    parts = _PARTS[type(program.mode)](program, program.mode, now_utc_s)
    if len(parts.prelude) + len(parts.cycle) > MAX_SEGMENTS:
        what = f"The program has {len(parts.prelude) + len(parts.cycle)} segments; a pump holds {MAX_SEGMENTS}."
        raise UsageError(what, "Make it of fewer steps.")
    midnight = local_monday_utc_s if isinstance(program.mode, modes.FlexWeek) else local_midnight_utc_s
    anchor_utc_s = midnight(now_utc_s, utc_offset_min) + parts.anchor_ms // 1000
    if parts.ahead and anchor_utc_s < now_utc_s:
        anchor_utc_s += units.DAY_S
    demand = parts.on_demand and demand_of(parts.on_demand, program.concentration_ng_ml)
    return DeviceProgram(anchor_utc_s, utc_offset_min, parts.prelude, parts.cycle, demand, parts.reminder_min)


def local_midnight_utc_s(utc_s: int, utc_offset_min: int) -> int:
    """The start, in UTC, of the local day that ``utc_s`` falls in."""
    offset_s = utc_offset_min * 60
    return (utc_s + offset_s) // units.DAY_S * units.DAY_S - offset_s


def local_monday_utc_s(utc_s: int, utc_offset_min: int) -> int:
    """The start, in UTC, of the local week that ``utc_s`` falls in."""
    offset_s = utc_offset_min * 60
    return (utc_s + offset_s - _MONDAY_S) // WEEK_S * WEEK_S + _MONDAY_S - offset_s


def bolus_volume_pl(bolus: Bolus | OnDemand, concentration_ng_ml: int) -> int:
    """The volume of ``bolus`` in whole nanolitres, as the pump's log can say it."""
    return round(volume_pl(bolus.dose_ng, concentration_ng_ml), -3)


def demand_of(on_demand: OnDemand, concentration_ng_ml: int) -> tuple[int, int, int, int]:
    """What the pump needs to decide alone: (volume_pl, duration_ms, lockout_s, how many in any 24 h)."""
    lockout_s = -(-on_demand.lockout_ms // 1000)
    return bolus_volume_pl(on_demand, concentration_ng_ml), on_demand.duration_ms, lockout_s, on_demand.max_per_day


def base_ng_day(program: Program) -> int:
    """The dose a day that goes on once a prelude is over, without boluses and steps; 0 where nothing does."""
    mode: Any = program.mode
    if isinstance(mode, modes.Titration | modes.Taper | modes.InfusionTrial):
        return stages(program)[-1].dose_ng_day
    if isinstance(mode, modes.SingleBolus | modes.SimpleContinuous) and mode.bolus and mode.bolus.after == "stop":
        return 0
    return int(getattr(mode, "base_ng_day", getattr(mode, "dose_ng_day", 0)))


def base_pl_day(program: Program) -> int:
    """``base_ng_day`` as a volume a day, or the pump's minimum rate."""
    if isinstance(program.mode, modes.MinimumRate):
        return program.pump.minimum_pl_day
    return volume_pl(base_ng_day(program), program.concentration_ng_ml)


def stages(program: Program) -> list[Stage]:
    """What a titration, taper or infusion trial goes through, see ``layout.stages_of``; [] for other modes."""
    mode = program.mode
    return layout.stages_of(mode) if isinstance(mode, modes.Titration | modes.Taper | modes.InfusionTrial) else []


def spread(stretches: Iterable[Stretch], concentration_ng_ml: int) -> Segments:
    """Stretches as segments: neighbours of one rate joined, what is too long split, running totals rounded."""
    joined: list[Stretch] = []
    for rate, duration_ms in stretches:
        if joined and joined[-1].rate == rate:
            joined[-1] = Stretch(rate, joined[-1].duration_ms + duration_ms)
        else:
            joined.append(Stretch(rate, duration_ms))
    found = []
    exact, total_pl = Fraction(0), 0
    for rate, duration_ms in joined:
        for part_ms in _parts_ms(duration_ms):
            exact += rate * part_ms * 1_000_000_000 / max(1, concentration_ng_ml)
            before_pl, total_pl = total_pl, floor(exact + Fraction(1, 2))
            found.append((total_pl - before_pl, part_ms))
    return tuple(found)


def _parts_ms(duration_ms: int) -> list[int]:
    """``duration_ms`` as the fewest parts that a segment can have, the last the shortest.

    Raises UsageError for what outlasts all segments of a pump, some 35 years.
    """
    whole, rest = divmod(duration_ms, LONGEST_MS)
    if whole >= MAX_SEGMENTS:
        raise UsageError("It would take decades.", "Choose a higher flow, or a shorter time.")
    return [LONGEST_MS] * whole + [rest] * (rest > 0)


def _push(volume_pl_: int, numerator: int, denominator: int) -> Segments:
    """``volume_pl_`` at ``numerator / denominator`` pl a day, rounded up to the millisecond so that it isn't faster."""
    if numerator <= 0:
        raise UsageError("Without a flow the tube is never filled.", "Give a dose or a flow above zero.")
    duration_ms = -(-volume_pl_ * DAY_MS * denominator // numerator)
    ends_ms = list(accumulate(_parts_ms(duration_ms), initial=0))
    ends_pl = [volume_pl_ * end_ms // duration_ms for end_ms in ends_ms] if duration_ms else [0]
    pairs = zip(pairwise(ends_ms), pairwise(ends_pl), strict=True)
    return tuple((to_pl - from_pl, to_ms - from_ms) for (from_ms, to_ms), (from_pl, to_pl) in pairs)


def _steady(program: Program, dose_ng_day: int) -> Segments:
    """A day of ``dose_ng_day``."""
    return spread([Stretch(rate_of(dose_ng_day), DAY_MS)], program.concentration_ng_ml)


def _bolus(program: Program, bolus: Bolus) -> Segments:
    return ((bolus_volume_pl(bolus, program.concentration_ng_ml), bolus.duration_ms),)


def _continuous(program: Program, mode: modes.SimpleContinuous, now_utc_s: int) -> Parts:
    prelude = _bolus(program, mode.bolus) if mode.bolus else ()
    ends = mode.bolus is not None and mode.bolus.after == "stop"
    return Parts(prelude, () if ends else _steady(program, mode.dose_ng_day), on_demand=mode.on_demand)


def _flex(program: Program, mode: modes.FlexDay | modes.FlexWeek, now_utc_s: int) -> Parts:
    cycle = spread(layout.stretches(mode), program.concentration_ng_ml)
    return Parts(cycle=cycle, on_demand=mode.on_demand)


def _single_bolus(program: Program, mode: modes.SingleBolus, now_utc_s: int) -> Parts:
    goes_on = mode.bolus.after == "resume" and mode.base_ng_day
    return Parts(_bolus(program, mode.bolus), _steady(program, mode.base_ng_day) if goes_on else ())


def _periodic_bolus(program: Program, mode: modes.PeriodicBolus, now_utc_s: int) -> Parts:
    """After the bolus the base fills what is left of the interval."""
    rest_ms = mode.interval_ms - mode.bolus.duration_ms
    if rest_ms < 0:
        raise UsageError("interval: it is shorter than its bolus.", "Make it longer, or the bolus shorter.")
    rest = [Stretch(rate_of(mode.base_ng_day), rest_ms)] if rest_ms else []
    cycle = _bolus(program, mode.bolus) + spread(rest, program.concentration_ng_ml)
    ahead = mode.interval_ms >= DAY_MS
    return Parts(cycle=cycle, anchor_ms=mode.first_ms, on_demand=mode.on_demand, ahead=ahead)


def _on_demand(program: Program, mode: modes.OnDemandBolus, now_utc_s: int) -> Parts:
    return Parts(cycle=_steady(program, mode.base_ng_day), on_demand=mode.on_demand)


def prime_volume_pl(program: Program, mode: modes.Prime) -> int:
    """What fills the paths that ``mode`` names."""
    path_pl = program.pump.path_nl * 1000
    return ("pump" in mode.paths) * path_pl + ("catheter" in mode.paths) * (program.dead_volume_pl - path_pl)


def _prime(program: Program, mode: modes.Prime, now_utc_s: int) -> Parts:
    prelude = _push(prime_volume_pl(program, mode), mode.flow_pl_day, 1)
    return Parts(prelude, _steady(program, mode.dose_ng_day) if mode.dose_ng_day else ())


def _bridge(program: Program, mode: modes.Bridge, now_utc_s: int) -> Parts:
    old = mode.old_dose_ng_day * 1_000_000_000
    return Parts(_push(program.dead_volume_pl, old, mode.old_concentration_ng_ml), _steady(program, mode.dose_ng_day))


def _minimum_rate(program: Program, mode: modes.MinimumRate, now_utc_s: int) -> Parts:
    return Parts(cycle=((program.pump.minimum_pl_day, DAY_MS),))


def _stopped(program: Program, mode: modes.Stopped, now_utc_s: int) -> Parts:
    return Parts(reminder_min=-(-mode.reminder_ms // 60_000))


def _staged(program: Program, mode: modes.Titration | modes.Taper | modes.InfusionTrial, now_utc_s: int) -> Parts:
    """The cycle holds the last stage; one of nothing ends in a stop."""
    *on_the_way, last = layout.stages_of(mode)
    stretches = [Stretch(rate_of(stage.dose_ng_day), stage.duration_ms or 0) for stage in on_the_way]
    prelude = spread(stretches, program.concentration_ng_ml)
    return Parts(prelude, _steady(program, last.dose_ng_day) if last.dose_ng_day else ())


def _screening(program: Program, mode: modes.Screening, now_utc_s: int) -> Parts:
    step = screening.next_step(mode, now_utc_s)
    if isinstance(step, screening.Refusal):
        raise UsageError(step.what, step.remedy)
    return Parts(_bolus(program, Bolus(step.dose_ng, mode.duration_ms, "stop")))


_PARTS = cast(
    dict[type, Callable[[Program, Any, int], Parts]],
    {
        modes.SimpleContinuous: _continuous,
        modes.FlexDay: _flex,
        modes.FlexWeek: _flex,
        modes.SingleBolus: _single_bolus,
        modes.PeriodicBolus: _periodic_bolus,
        modes.OnDemandBolus: _on_demand,
        modes.Prime: _prime,
        modes.Bridge: _bridge,
        modes.MinimumRate: _minimum_rate,
        modes.Stopped: _stopped,
        modes.Titration: _staged,
        modes.Taper: _staged,
        modes.Screening: _screening,
        modes.InfusionTrial: _staged,
    },
)
