"""Every quantity that a program sets, with the field that it is set by and the range that it has to keep to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, cast

from rig.therapy import compile as compiling
from rig.therapy import modes, screening, units
from rig.therapy.modes import DAY_MS
from rig.therapy.program import Program, volume_pl

_PL_ML = 1_000_000_000


@dataclass(frozen=True)
class Quantity:
    """``value`` has to keep to the range ``limit``.

    It is what the field says times ``factor``, or the factor over that where ``inverse``.  Without a factor no single
    edit of the field sets it.
    """

    field: str
    title: str
    limit: str  # a key of LimitSet.ranges
    value: int
    kind: units.Kind  # of what the field says
    factor: Fraction | None = Fraction(1)
    inverse: bool = False
    mixed: bool = False  # it follows from the concentration too
    upper: bool = False  # only the upper end of the range counts

    def text_for(self, value: int, upwards: bool) -> str | None:
        """What to write to have ``value``, or a little more (``upwards``) or less; None where that isn't one edit."""
        if self.factor is None or not self.factor or not value:
            return None
        exact = self.factor / value if self.inverse else value / self.factor
        return units.write(ceil(exact) if upwards != self.inverse else floor(exact), self.kind)


def quantities(program: Program) -> list[Quantity]:
    """All of them, the concentration first."""
    mode = program.mode
    limit = "screening-concentration" if isinstance(mode, modes.Screening) else "concentration"
    found = [Quantity("concentration", "The concentration", limit, program.concentration_ng_ml, units.CONCENTRATION)]
    found += _BY_MODE.get(type(mode), _nothing)(program, mode)
    demand = getattr(mode, "on_demand", None)
    if demand is not None:
        found += _on_demand(program, demand)
    return found


def _nothing(program: Program, mode: Any) -> Iterator[Quantity]:
    return iter(())


def _rate(
    field: str,
    title: str,
    ng_day: int,
    concentration_ng_ml: int,
    factor: Fraction | None = Fraction(1),
    limit: str = "dose",
) -> Iterator[Quantity]:
    """A dose a day and its flow.  ``factor`` times what the field says is the dose a day; no dose is no quantity."""
    if not ng_day:
        return
    kind = units.DOSE if field.endswith("].dose") else units.DOSE_RATE
    yield Quantity(field, title, limit, ng_day, kind, factor)
    flow = volume_pl(ng_day, concentration_ng_ml)
    flow_factor = None if factor is None else factor * _PL_ML / max(1, concentration_ng_ml)
    yield Quantity(field, f"The flow of {_lower(title)}", "flow", flow, kind, flow_factor, mixed=True)


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _bolus(program: Program, bolus: modes.Bolus | modes.OnDemand, field: str, name: str) -> Iterator[Quantity]:
    yield Quantity(f"{field}.dose", f"The dose of the {name}", "bolus.dose", bolus.dose_ng, units.DOSE)
    volume = volume_pl(bolus.dose_ng, program.concentration_ng_ml)
    yield _bolus_flow(f"{field}.duration", f"The flow of the {name}", volume, bolus.duration_ms)


def _bolus_flow(field: str, title: str, volume: int, duration_ms: int) -> Quantity:
    flow = volume * DAY_MS // max(1, duration_ms)
    return Quantity(
        field, title, "bolus.duration", flow, units.DURATION, Fraction(volume * DAY_MS), inverse=True, mixed=True
    )


def _on_demand(program: Program, demand: modes.OnDemand) -> Iterator[Quantity]:
    yield from _bolus(program, demand, "on-demand", "on-demand bolus")
    most, lockout = demand.max_per_day, demand.lockout_ms
    field = "on-demand.max-per-day"
    yield Quantity(field, "The number of on-demand boluses in 24 h", field, most, units.COUNT)
    yield Quantity("on-demand.lockout", "The lockout", "on-demand.lockout", lockout, units.DURATION)


def _continuous(program: Program, mode: modes.SimpleContinuous) -> Iterator[Quantity]:
    if compiling.base_ng_day(program):
        yield from _rate("dose", "The dose", mode.dose_ng_day, program.concentration_ng_ml)
    if mode.bolus:
        yield from _bolus(program, mode.bolus, "bolus", "bolus")


def _flex(program: Program, mode: modes.FlexDay | modes.FlexWeek) -> Iterator[Quantity]:
    yield from _base(program, mode)
    patterns = [("steps", mode.steps)] if isinstance(mode, modes.FlexDay) else []
    if isinstance(mode, modes.FlexWeek):
        patterns = [(f"days[{i}].steps", pattern.steps) for i, pattern in enumerate(mode.patterns)]
    for path, steps in patterns:
        for i, step in enumerate(steps):
            yield from _step(program, step, f"{path}[{i}]", i + 1)


def _step(program: Program, step: modes.Step, path: str, number: int) -> Iterator[Quantity]:
    title = f"The rate of step {number}"
    if step.dose_ng is None:
        yield from _rate(f"{path}.rate", title, step.dose_ng_day or 0, program.concentration_ng_ml)
        return
    a_day = Fraction(DAY_MS, step.duration_ms)
    yield from _rate(f"{path}.dose", title, round(step.dose_ng * a_day), program.concentration_ng_ml, a_day)


def _base(program: Program, mode: Any) -> Iterator[Quantity]:
    yield from _rate("base", "The base rate", mode.base_ng_day, program.concentration_ng_ml)


def _single(program: Program, mode: modes.SingleBolus) -> Iterator[Quantity]:
    yield from _bolus(program, mode.bolus, "bolus", "bolus")
    if compiling.base_ng_day(program):
        yield from _base(program, mode)


def _periodic(program: Program, mode: modes.PeriodicBolus) -> Iterator[Quantity]:
    yield from _base(program, mode)
    yield from _bolus(program, mode.bolus, "bolus", "bolus")
    yield Quantity("interval", "The interval", "interval", mode.interval_ms, units.DURATION)


def _prime(program: Program, mode: modes.Prime) -> Iterator[Quantity]:
    yield Quantity("flow", "The flow of the prime", "bolus.duration", mode.flow_pl_day, units.FLOW)
    yield from _rate("dose", "The dose afterwards", mode.dose_ng_day, program.concentration_ng_ml)


def _bridge(program: Program, mode: modes.Bridge) -> Iterator[Quantity]:
    old = mode.old_concentration_ng_ml
    yield Quantity("old-concentration", "The old concentration", "concentration", old, units.CONCENTRATION)
    yield from _rate("old-dose", "The old dose", mode.old_dose_ng_day, old)
    yield from _rate("dose", "The new dose", mode.dose_ng_day, program.concentration_ng_ml)


def _titration(program: Program, mode: modes.Titration) -> Iterator[Quantity]:
    yield from _rate("dose", "The dose", mode.dose_ng_day, program.concentration_ng_ml)
    yield from _rate("target", "The target", mode.target_ng_day, program.concentration_ng_ml)


def _taper(program: Program, mode: modes.Taper) -> Iterator[Quantity]:
    yield from _titration(program, cast(modes.Titration, mode))
    yield Quantity("step", "The step", "dose", mode.step_ng_day, units.DOSE_RATE, upper=True)
    if not mode.target_ng_day and 0 < mode.step_ng_day < mode.dose_ng_day:
        last = mode.dose_ng_day % mode.step_ng_day or mode.step_ng_day
        yield from _rate("step", "The last dose before the stop", last, program.concentration_ng_ml, None)


def _trial(program: Program, mode: modes.InfusionTrial) -> Iterator[Quantity]:
    yield Quantity("step", "The step", "trial-dose", mode.step_ng_day, units.DOSE_RATE, upper=True)
    for field, title, ng_day in (
        ("dose", "The first dose", mode.dose_ng_day),
        ("maximum", "The maximum", mode.maximum_ng_day),
    ):
        yield from _rate(field, title, ng_day, program.concentration_ng_ml, limit="trial-dose")


def _screening(program: Program, mode: modes.Screening) -> Iterator[Quantity]:
    largest = max(step.dose_ng for step in screening.PROTOCOL)
    volume = volume_pl(largest, program.concentration_ng_ml)
    yield _bolus_flow("duration", "The flow of the largest bolus", volume, mode.duration_ms)


_BY_MODE = cast(
    dict[type, Callable[[Program, Any], Iterator[Quantity]]],
    {
        modes.SimpleContinuous: _continuous,
        modes.FlexDay: _flex,
        modes.FlexWeek: _flex,
        modes.SingleBolus: _single,
        modes.PeriodicBolus: _periodic,
        modes.OnDemandBolus: _base,
        modes.Prime: _prime,
        modes.Bridge: _bridge,
        modes.Titration: _titration,
        modes.Taper: _taper,
        modes.InfusionTrial: _trial,
        modes.Screening: _screening,
    },
)
