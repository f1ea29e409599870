"""Rises and falls of the dose: too much at once, or an abrupt end (withdrawal is the modelled hazard)."""

from collections.abc import Iterator
from typing import Any

from rig.therapy import compile as compiling
from rig.therapy import modes, units
from rig.therapy.check.case import Case
from rig.therapy.check.concentration import NEAR
from rig.therapy.check.device import main_field
from rig.therapy.check.edits import rate, shown, switched
from rig.therapy.check.ranges import REASON
from rig.therapy.finding import Finding, Fix, Severity
from rig.therapy.modes import DAY_MS, Bridge, Stopped, Taper, Titration
from rig.therapy.program import dose_ng

_WHOLE_BP = 10_000
_GENTLE = 4  # a taper at one click goes down in so many steps
_WITHDRAWAL = "An abrupt fall can cause withdrawal."


def titration(case: Case) -> Iterator[Finding]:
    """Steps in per cent against what the limit set allows in 24 h."""
    mode = case.program.mode
    if not isinstance(mode, Titration) or mode.every_ms <= 0:
        return
    allowed = case.limits.ranges["titration-step"]
    rising = mode.target_ng_day > mode.dose_ng_day
    steps = -(-DAY_MS // mode.every_ms)  # that fall into 24 h
    change_bp = _in_24_h_bp(mode, steps)
    if mode.target_ng_day == mode.dose_ng_day:
        yield Finding("note", "target", "The target is the dose already: nothing changes.", "Give another target.")
        return
    high = allowed.soft_high if rising else case.limits.ranges["step-down"].soft_high
    hard = allowed.hard_high if rising else case.limits.ranges["step-down"].hard_high
    if change_bp > high:
        beyond: Severity = "hard" if change_bp > hard else "soft"
        limit = units.write(hard if beyond == "hard" else high, units.PERCENT)
        what = f"The dose {'rises' if rising else 'falls'} by {_percent(change_bp)} in 24 h; "
        what += f"the {beyond} limit of {case.limits.name} is {limit}."
        single = mode.step_bp <= high
        edits: tuple[tuple[str, Any], ...] = (("every", "24 h"),)
        if not single:
            edits = (("step", units.write(high, units.PERCENT)), *edits)
        title = "A step each 24 h" if single else f"Steps of {units.write(high, units.PERCENT)}"
        remedy = "Make the steps smaller, or further apart." if beyond == "hard" else REASON
        yield Finding(beyond, "every" if single else "step", what, remedy, Fix(title, edits))
    elif rising and mode.step_bp < allowed.soft_low:
        low = units.write(allowed.soft_low, units.PERCENT)
        what = f"Steps of {_percent(mode.step_bp)} are smaller than the usual {low} of {case.limits.name}."
        fix = Fix(f"Steps of {low}", (("step", low),))
        yield Finding("note", "step", what, "It takes longer; change it if that isn't meant.", fix)


def _in_24_h_bp(mode: Titration, steps: int) -> int:
    """By how much the dose changes in 24 h at the most, in bp of the dose before; never past the target."""
    way = abs(mode.target_ng_day - mode.dose_ng_day) * _WHOLE_BP // max(1, mode.dose_ng_day)
    factor = 1.0
    for _ in range(min(steps, 1000)):
        factor *= 1 + mode.step_bp / _WHOLE_BP * (1 if mode.target_ng_day > mode.dose_ng_day else -1)
    return min(way, round(min(1e6, abs(factor - 1)) * _WHOLE_BP))


def _percent(bp: int) -> str:
    return f"{bp / 100:.0f} %" if bp >= 100 * _WHOLE_BP else f"{bp / 100:.4g} %"


def taper(case: Case) -> Iterator[Finding]:
    """A taper's fall within 24 h, of the dose that it begins with."""
    mode = case.program.mode
    if not isinstance(mode, Taper) or mode.every_ms <= 0 or not mode.dose_ng_day:
        return
    allowed = case.limits.ranges["step-down"]
    fall = min(mode.dose_ng_day - mode.target_ng_day, mode.step_ng_day * -(-DAY_MS // mode.every_ms))
    fall_bp = fall * _WHOLE_BP // mode.dose_ng_day
    if fall_bp > allowed.soft_high:
        limit = units.write(allowed.soft_high, units.PERCENT)
        what = f"The dose falls by {_percent(fall_bp)} within 24 h; {limit} is the most of {case.limits.name}. "
        step = rate(max(1, mode.dose_ng_day // _GENTLE))
        fix = Fix(f"Steps of {shown(step)}, 24 h each", (("step", step), ("every", "24 h")))
        yield Finding("soft", "step", what + _WITHDRAWAL, REASON, fix)


def against_held(case: Case) -> Iterator[Finding]:
    """What the new program begins with, against what the pump gives by now."""
    held, mode = case.held_ng_day, case.program.mode
    if not held:
        return
    first = first_ng_day(case)
    before = units.dose_rate_text(held)
    if not _abrupt_anyway(case) and (first or case.device is not None):  # else nobody knows what it begins with
        edits = switched(mode, "titration", dose=rate(held), target=rate(case.steady_ng_day or first))
        yield from _at_once(case, _first_field(case), (held, first), taper_fix(case, first), Fix("Titrate it", edits))
    if isinstance(mode, Titration | Taper) and abs(mode.dose_ng_day - held) > NEAR * held:
        ours = units.dose_rate_text(mode.dose_ng_day)
        what = f"It begins from {ours}; the pump gives {before} now."
        yield Finding("note", "dose", what, "Begin from what it gives.", Fix(f"Take {before}", (("dose", rate(held)),)))


def _first_field(case: Case) -> str:
    """The field of the dose that the program begins with."""
    mode = case.program.mode
    if isinstance(mode, modes.PeriodicBolus):
        return "base"
    begins = isinstance(mode, Titration | Taper | modes.InfusionTrial)
    return "dose" if begins or (isinstance(mode, modes.Prime) and mode.dose_ng_day) else main_field(case)


def _at_once(
    case: Case, field: str, doses_ng_day: tuple[int, int], gentler: Fix | None, slower: Fix
) -> Iterator[Finding]:
    """A fall or rise from one dose a day to another with nothing in between; remedied by ``gentler`` or ``slower``."""
    allowed, (before, after) = case.limits.ranges, doses_ng_day
    rise_bp = (after - before) * _WHOLE_BP // before
    doses = f"from {units.dose_rate_text(before)} to {units.dose_rate_text(after)}"
    if -rise_bp > allowed["step-down"].soft_high:
        what = f"The dose falls at once {doses}. {_WITHDRAWAL}"
        yield Finding("soft", field, what, "Taper it, or confirm it with a reason.", gentler)
    elif rise_bp > allowed["titration-step"].soft_high:
        limit = units.write(allowed["titration-step"].soft_high, units.PERCENT)
        what = f"The dose rises at once by {_percent(rise_bp)}, {doses}; "
        what += f"{limit} in 24 h is the most of {case.limits.name}."
        yield Finding("soft", field, what, REASON, slower)


def bridged(case: Case) -> Iterator[Finding]:
    """A bridge's own change, from the old dose to the new one when the new concentration arrives."""
    mode = case.program.mode
    if isinstance(mode, Bridge) and mode.old_dose_ng_day:
        keep = Fix("Keep the old dose", (("dose", rate(mode.old_dose_ng_day)),))
        yield from _at_once(case, main_field(case), (mode.old_dose_ng_day, mode.dose_ng_day), keep, keep)


def first_ng_day(case: Case) -> int:
    """The dose a day that the program begins with, boluses and primes apart."""
    mode = case.program.mode
    if isinstance(mode, Bridge):
        return mode.old_dose_ng_day
    if isinstance(mode, modes.MinimumRate):
        return dose_ng(compiling.base_pl_day(case.program), case.program.concentration_ng_ml)
    if isinstance(mode, Titration | Taper | modes.InfusionTrial):
        return mode.dose_ng_day if case.device is None else compiling.stages(case.program)[0].dose_ng_day
    return case.steady_ng_day


def _abrupt_anyway(case: Case) -> bool:
    """Whether ``abrupt_stop`` tells it."""
    return stops(case) and not first_ng_day(case)


def stops(case: Case) -> bool:
    """Whether the pump stands once the program has begun, or when its bolus is over."""
    mode: Any = case.program.mode
    after = getattr(getattr(mode, "bolus", None), "after", "resume")
    return (
        isinstance(mode, Stopped | modes.Screening)
        or after == "stop"
        or (isinstance(mode, modes.Prime) and not mode.dose_ng_day)
    )


def abrupt_stop(case: Case) -> Iterator[Finding]:
    """The end of an infusion, at once; told also where no pump says whether there is one."""
    mode: Any = case.program.mode
    if not stops(case) or (case.pump_known and not case.held_ng_day):
        return
    if not case.pump_known and isinstance(mode, modes.Screening | modes.Prime):
        return  # before there is an infusion
    held = case.held_ng_day
    ends = f"ends {units.dose_rate_text(held)}" if held else "ends whatever is infused"
    when = "" if isinstance(mode, Stopped) else " when the bolus is over"
    if isinstance(mode, modes.Prime):
        when = " when it is filled"
    what = f"The program {ends} at once{when}. {_WITHDRAWAL}"
    field = {Stopped: "mode", modes.Prime: "flow", modes.Screening: "duration"}.get(type(mode), "bolus.after")
    fix = taper_fix(case, 0)
    if field == "bolus.after" and held:
        base = "dose" if isinstance(mode, modes.SimpleContinuous) else "base"
        edits: tuple[tuple[str, Any], ...] = (("bolus.after", "resume"),)
        edits = (*edits, (base, rate(held))) if base == "base" else edits
        fix = Fix("Resume the base rate", edits)
    yield Finding("soft", field, what, "Taper it, or confirm it with a reason.", fix)


def taper_fix(case: Case, target_ng_day: int) -> Fix | None:
    """A taper from what the pump gives by now."""
    held = case.held_ng_day
    if held <= target_ng_day:
        return None
    step = max(1, held // _GENTLE)
    edits = switched(case.program.mode, "taper", dose=rate(held), target=rate(target_ng_day), step=rate(step))
    return Fix("Taper it", edits)
