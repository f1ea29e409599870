"""Boluses: what doesn't fit into its interval, its lockout, its day or the reservoir."""

from collections.abc import Iterator

from rig.therapy import modes, screening, units
from rig.therapy.check.case import Case
from rig.therapy.check.ranges import REASON
from rig.therapy.compile import bolus_volume_pl, prime_volume_pl
from rig.therapy.finding import Finding, Fix
from rig.therapy.modes import DAY_MS, OnDemand, PeriodicBolus
from rig.therapy.screening import NextStep

_MOST = "on-demand.max-per-day"


def periodic(case: Case) -> Iterator[Finding]:
    """A bolus at regular intervals: it must fit, and so must a day of them."""
    mode = case.program.mode
    if not isinstance(mode, PeriodicBolus):
        return
    interval_ms, bolus_ms = mode.interval_ms, mode.bolus.duration_ms
    if interval_ms < bolus_ms:
        interval, duration = units.duration_text(interval_ms), units.duration_text(bolus_ms)
        what = f"The interval, {interval}, can't contain its bolus of {duration}."
        text = units.write(bolus_ms, units.DURATION)
        yield Finding(
            "hard",
            "interval",
            what,
            "Make the interval longer, or the bolus shorter.",
            Fix(f"Make the interval {text}", (("interval", text),)),
        )
        return
    base_ng = mode.base_ng_day * (interval_ms - bolus_ms) // interval_ms
    total_ng = base_ng + mode.bolus.dose_ng * DAY_MS // interval_ms
    yield from _day(case, "interval", "The day's total of base and boluses", total_ng)


def on_demand(case: Case) -> Iterator[Finding]:
    """The bolus of the button: what its lockout, its number and its dose come to."""
    mode = case.program.mode
    demand: OnDemand | None = getattr(mode, "on_demand", None)
    if demand is None:
        return
    yield from _lockout(demand)
    fits = granted_a_day(demand)
    if fits < demand.max_per_day:
        lockout = units.duration_text(demand.lockout_ms)
        what = f"With a lockout of {lockout} at most {fits} fit into 24 h, {demand.max_per_day} are allowed."
        fix = Fix(f"Lower to {fits}", ((_MOST, fits),))
        yield Finding("note", _MOST, what, "Shorten the lockout, or allow fewer.", fix)
    base_ng = case.steady_ng_day
    total_ng = base_ng + fits * demand.dose_ng
    if base_ng <= case.limits.ranges["dose"].soft_high:
        yield from _day(case, _MOST, f"The most in a day, with {fits} on-demand boluses", total_ng)


def granted_a_day(demand: OnDemand) -> int:
    """How many can be granted in any 24 h, by number and lockout."""
    return min(demand.max_per_day, -(-DAY_MS // max(1, demand.lockout_ms)))


def _lockout(demand: OnDemand) -> Iterator[Finding]:
    lockout = units.duration_text(demand.lockout_ms)
    if demand.lockout_ms < demand.duration_ms:
        duration = units.duration_text(demand.duration_ms)
        what = f"The lockout, {lockout}, is shorter than the bolus of {duration}."
        text = units.write(demand.duration_ms, units.DURATION)
        fix = Fix(f"Lock for {text}", (("on-demand.lockout", text),))
        yield Finding("hard", "on-demand.lockout", what, "Make the lockout longer, or the bolus shorter.", fix)


def _day(case: Case, field: str, title: str, total_ng: int) -> Iterator[Finding]:
    allowed = case.limits.ranges["dose"]
    if total_ng <= allowed.soft_high:
        return
    severity = "hard" if total_ng > allowed.hard_high else "soft"
    high = allowed.hard_high if severity == "hard" else allowed.soft_high
    total, limit = units.dose_text(total_ng), units.dose_text(high)
    what = f"{title}, {total}, is above the {severity} limit of {limit} a day."
    remedy = "Give less, or less often." if severity == "hard" else REASON
    yield Finding("hard" if severity == "hard" else "soft", field, what, remedy)


def reservoir(case: Case) -> Iterator[Finding]:
    """Boluses and fillings of more than is in the reservoir."""
    left_nl, known = case.program.pump.reservoir_nl, case.context.reservoir_nl is not None
    if case.context.reservoir_nl is not None:
        left_nl = max(0, case.context.reservoir_nl)
    for field, volume_pl in _at_once_pl(case):
        if volume_pl > left_nl * 1000:
            has = "has left" if known else "holds"
            what = f"It takes {units.volume_text(volume_pl / 1000)}; the reservoir {has} {units.volume_text(left_nl)}."
            yield Finding("hard", field, what, "Refill first, or give less.")


def _at_once_pl(case: Case) -> Iterator[tuple[str, int]]:
    """(field, volume) of everything that is given in one go."""
    program, mode = case.program, case.program.mode
    for field, bolus in (("bolus", getattr(mode, "bolus", None)), ("on-demand", getattr(mode, "on_demand", None))):
        if bolus is not None:
            yield f"{field}.dose", bolus_volume_pl(bolus, program.concentration_ng_ml)
    if isinstance(mode, modes.Prime):
        yield "paths", prime_volume_pl(program, mode)
    if isinstance(mode, modes.Screening):
        step = screening.next_step(mode, case.now_utc_s)
        if isinstance(step, NextStep):
            bolus = modes.Bolus(step.dose_ng, mode.duration_ms)
            yield "concentration", bolus_volume_pl(bolus, program.concentration_ng_ml)
