"""How a mode's steps and stages lie in time: exact rates over whole milliseconds, before any volume is rounded."""

from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from firmware_link.errors import UsageError
from firmware_link.vocabulary import MAX_SEGMENTS
from rig.therapy.modes import DAY_MS, FlexDay, FlexWeek, InfusionTrial, Step, Taper, Titration

WEEK_MS = 7 * DAY_MS
_WHOLE_BP = 10_000


class Stretch(NamedTuple):
    """``rate`` ng a millisecond for ``duration_ms``."""

    rate: Fraction
    duration_ms: int


class Placed(NamedTuple):
    """A step in its period, a day or a week from Monday; ``end_ms`` may lie beyond it, then it goes on at its start."""

    start_ms: int
    end_ms: int
    rate: Fraction  # ng a millisecond
    field: str  # "steps[2]", "days[0].steps[1]"


class Stage(NamedTuple):
    """A dose for a time; the last, which holds, has None."""

    dose_ng_day: int
    duration_ms: int | None


def rate_of(dose_ng_day: int) -> Fraction:
    """ng a millisecond."""
    return Fraction(dose_ng_day, DAY_MS)


def period_ms(mode: FlexDay | FlexWeek) -> int:
    """After how long the steps begin anew."""
    return DAY_MS if isinstance(mode, FlexDay) else WEEK_MS


def placed(mode: FlexDay | FlexWeek) -> list[Placed]:
    """Every step where it lies in the period, by its start."""
    if isinstance(mode, FlexDay):
        return sorted(_place(step, 0, f"steps[{i}]") for i, step in enumerate(mode.steps))
    return sorted(
        _place(step, weekday * DAY_MS, f"days[{i}].steps[{j}]")
        for i, pattern in enumerate(mode.patterns)
        for weekday in pattern.weekdays
        for j, step in enumerate(pattern.steps)
    )


def _place(step: Step, midnight_ms: int, field: str) -> Placed:
    if step.dose_ng is not None:
        rate = Fraction(step.dose_ng, step.duration_ms)
    else:
        rate = rate_of(step.dose_ng_day or 0)
    start_ms = midnight_ms + step.start_ms
    return Placed(start_ms, start_ms + step.duration_ms, rate, field)


def overlaps(mode: FlexDay | FlexWeek) -> list[tuple[Placed, Placed]]:
    """Pairs of steps that share some time, the earlier first; the end of the period borders on its beginning."""
    period = period_ms(mode)
    return [
        (first, second)
        for first, second in combinations(placed(mode), 2)
        if second.start_ms < first.end_ms or second.end_ms - period > first.start_ms
    ]


def stretches(mode: FlexDay | FlexWeek) -> list[Stretch]:
    """The whole period from its start on, gaps at the base rate.  Raises UsageError where steps overlap."""
    period = period_ms(mode)
    for first, second in overlaps(mode):
        what = f"{second.field} begins before {first.field} has ended."
        raise UsageError(what, "Move one of them, or make it shorter.")
    pieces = []
    for step in placed(mode):
        pieces.append((step.start_ms, min(step.end_ms, period), step.rate))
        if step.end_ms > period:
            pieces.append((0, step.end_ms - period, step.rate))
    base = rate_of(mode.base_ng_day)
    found: list[Stretch] = []
    at_ms = 0
    for start_ms, end_ms, rate in [*sorted(pieces), (period, period, base)]:
        if start_ms > at_ms:
            found.append(Stretch(base, start_ms - at_ms))
        if end_ms > start_ms:
            found.append(Stretch(rate, end_ms - start_ms))
        at_ms = end_ms
    return found


def stages_of(mode: Titration | Taper | InfusionTrial) -> list[Stage]:
    """The doses of ``mode`` one after another; the last holds.

    A titration's first step comes at once; taper and trial begin with their dose.  Raises UsageError, naming the
    field, for a step that leads nowhere and for more stages than a pump holds.
    """
    if mode.every_ms <= 0:
        raise UsageError("every: the steps need some time between them.", 'For example "24 h".')
    doses = [mode.dose_ng_day]
    target = mode.maximum_ng_day if isinstance(mode, InfusionTrial) else mode.target_ng_day
    while doses[-1] != target and len(doses) <= MAX_SEGMENTS + 1:
        doses.append(_next_dose(mode, doses[-1], target))
    if isinstance(mode, Titration) and len(doses) > 1:
        del doses[0]
    if len(doses) - (doses[-1] == 0) > MAX_SEGMENTS:  # a stop takes no segment
        what = f"step: it takes more than {MAX_SEGMENTS} stages to get there; a pump holds no more."
        raise UsageError(what, "Choose larger steps, or a nearer target.")
    return [Stage(dose, mode.every_ms) for dose in doses[:-1]] + [Stage(doses[-1], None)]


def _next_dose(mode: Titration | Taper | InfusionTrial, dose: int, target: int) -> int:
    """One step from ``dose`` towards ``target``, and never past it."""
    if isinstance(mode, Titration):
        step = (dose * mode.step_bp + _WHOLE_BP // 2) // _WHOLE_BP * (1 if target > dose else -1)
    else:
        step = mode.step_ng_day * (-1 if isinstance(mode, Taper) else 1)
    if step * (target - dose) <= 0:
        towards = "up" if target > dose else "down"
        raise UsageError(f"step: a step of this kind doesn't lead {towards} to the target.", "Correct step or target.")
    return min(dose + step, target) if step > 0 else max(dose + step, target)
