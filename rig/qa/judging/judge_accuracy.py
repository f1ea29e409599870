"""Flow accuracy by the method of IEC 60601-2-24 over a stretch: overall, start-up and trumpet."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from rig.accuracy import budget, curves, judging, method
from rig.accuracy.budget import Budget
from rig.accuracy.method import DENSITY_G_ML, LOW_FLOW, STANDARD, Floats, Windows
from rig.measured import Measurement
from rig.qa.expectations import ExpectAccuracy
from rig.qa.judging import judge_measured as measuring
from rig.qa.judging import judge_volumes as reading
from rig.qa.judging.judge_counter import Times
from rig.qa.judging.judge_moments import JudgeContext
from rig.qa.judging.judge_volumes import Volumes
from rig.qa.judging.material import Material
from rig.qa.limits import Limits
from rig.qa.told import Judged, Stretch

_MIN_US = 60_000_000
_NL_ML = 1e6
MASSES_MOST = 300_000  # a hundred days of half minutes


@dataclass(frozen=True)
class Weighed:
    """The masses of one stretch, one each sample interval from its begin on."""

    volumes: Volumes
    windows: Windows
    rate_ml_h: float
    rate_by: str
    at_us: Times

    @cached_property
    def mass_g(self) -> Floats:
        """(n,), since the first; NaN in lost time."""
        nl = self.volumes.measured_at(self.at_us)
        known = nl[np.isfinite(nl)]
        return (nl - (known[0] if len(known) else 0.0)) / _NL_ML * DENSITY_G_ML

    @cached_property
    def unsure_nl(self) -> Floats:
        """(n,) by their lying between two readings; of those that count."""
        return np.where(np.isfinite(self.mass_g), self.volumes.unsure_nl(self.at_us), 0.0)

    def known_to(self, window_min: float) -> Budget:
        """Of a window so long, at the worst place of the stretch; % of what is wanted in it."""
        n = min(round(window_min / self.windows.sample_min), len(self.at_us) - 1)
        first, last = self.at_us[:-n], self.at_us[n:]
        warmer_c = np.abs(self.volumes.celsius_at(last) - self.volumes.celsius_at(first))
        span_us = round(window_min * _MIN_US)
        parts = self.volumes.balance(span_us, float(warmer_c.max(initial=0.0)))
        timing_nl = float((self.unsure_nl[:-n] + self.unsure_nl[n:]).max(initial=0.0))
        _, evaporation_nl = self.volumes.evaporated(span_us)
        all_nl = budget.joined(parts, (("evaporation", evaporation_nl), ("timing", timing_nl)))
        return budget.scaled(all_nl, 100 / (self.rate_ml_h * _NL_ML / 60 * window_min))


def accuracy(body: ExpectAccuracy, material: Material, stretch: Stretch, context: JudgeContext) -> Judged:
    """Overall error and trumpet against their limits, with the curves."""
    weighed = _weighed(body, reading.of_stretch(material, stretch), context)
    if isinstance(weighed, str):
        return measuring.nothing(weighed)
    overall = _overall(body, material, weighed)
    trumpet = _trumpet(body, weighed)
    stated = _stated(weighed)
    of_masses = weighed.mass_g, weighed.windows, weighed.rate_ml_h
    shown = curves.trumpet(*of_masses)
    shown = replace(shown, limits=_limits(body, shown.x))
    drawn = tuple(curve for curve in (curves.start_up(*of_masses), shown) if curve.x)
    return replace(measuring.together(*overall, *trumpet, *stated), curves=drawn)


def _limits(body: ExpectAccuracy, windows_min: tuple[float, ...]) -> curves.Drawn:
    """Of a trumpet, at the windows that are judged, and of the overall error."""
    overall = [(window_min, body.overall) for window_min in windows_min] if body.overall is not None else []
    trumpet = [(window_min, limit) for window_min, limit in sorted(body.trumpet) if window_min in windows_min]
    return (*curves.within("limit", trumpet), *curves.within("limit of overall", overall))


def _set_rate(body: ExpectAccuracy, volumes: Volumes, context: JudgeContext) -> tuple[float, str] | None:
    """(mL/h that was to flow, by what): the script's, the plan's, or where nobody knows that, what was commanded."""
    if body.rate_ml_h:
        return body.rate_ml_h, "by the script"
    ends = volumes.start_us, volumes.end_us
    for source, by in (("planned", "as planned"), ("commanded", "as commanded")):
        found = reading.amount_of(source, volumes, context, *ends)
        if found is not None:
            return found.nl / _NL_ML / (found.span_us / _MIN_US / 60), by
    return None


def _weighed(body: ExpectAccuracy, volumes: Volumes, context: JudgeContext) -> Weighed | str:
    """Or why there is nothing to judge."""
    rate = _set_rate(body, volumes, context) if volumes.span_us > 0 else None
    if rate is None:
        return "the stretch has no two samples."
    rate_ml_h, by = rate
    if rate_ml_h <= 0:
        return "nothing was to flow in the stretch."
    by_name = {"standard": STANDARD, "low flow": LOW_FLOW}
    windows = by_name.get(body.windows) or method.windows_for(rate_ml_h)
    step_us = round(windows.sample_min * _MIN_US)
    count = volumes.span_us // step_us
    if count < 2:
        needed = f"{2 * windows.sample_min:g} min at least with the {windows.name} windows"
        return f"the stretch lasts {volumes.span_us / _MIN_US:.3g} min; the method needs {needed}."
    if count > MASSES_MOST:
        return f"the stretch is longer than {MASSES_MOST} sample intervals; take the low flow windows, or a part of it."
    found = Weighed(volumes, windows, rate_ml_h, by, volumes.start_us + np.arange(count + 1) * step_us)
    if np.isfinite(found.mass_g).sum() < 2:
        return "no balance was read in the stretch."
    return found


def _overall(body: ExpectAccuracy, material: Material, weighed: Weighed) -> tuple[Measurement, ...]:
    limits = Limits(None if body.overall is None else -body.overall, body.overall, "%")
    name = "overall error"
    volumes = weighed.volumes
    if not body.turns:
        percent = method.overall_percent(weighed.mass_g, weighed.windows.sample_min, weighed.rate_ml_h)
        span_min = (int(weighed.at_us[-1]) - int(weighed.at_us[0])) / _MIN_US
        return (measuring.measured(name, percent, limits, "%", weighed.known_to(span_min), f"by {volumes.by}"),)
    count, end_us = reading.turns(material, volumes)
    until_us = end_us if count else volumes.end_us
    came = volumes.measured(volumes.start_us, until_us)
    if came is None:
        return (measuring.unmeasured(name, limits, "no balance was read at both ends of the stretch."),)
    wanted_nl = weighed.rate_ml_h * _NL_ML / 60 * came.span_us / _MIN_US
    part = () if count else (("part of a turn", material.settings["revolution_pl"] / 1000 / _rollers(material)),)
    parts = budget.scaled(budget.joined(came.budget, part), 100 / wanted_nl)
    turns = f"over {count} whole turn{'s' if count > 1 else ''} of the rotor" if count else "over less than a turn"
    error = judging.error(came.nl, wanted_nl, 0.0)
    percent = error.percent if error else float("nan")
    return (measuring.measured(name, percent, limits, "%", parts, f"{turns}, by {volumes.by}"),)


def _rollers(material: Material) -> int:
    return max(material.settings.get("rollers", 1), 1)


def _trumpet(body: ExpectAccuracy, weighed: Weighed) -> tuple[Measurement, ...]:
    limits = dict(body.trumpet)
    found: list[Measurement] = []
    for window_min in sorted({*weighed.windows.windows_min, *limits}):
        limit = limits.get(window_min)
        held = Limits(None if limit is None else -limit, limit, "%")
        errors = method.errors_percent(weighed.mass_g, weighed.windows.sample_min, window_min, weighed.rate_ml_h)
        name = f"trumpet {window_min:g} min"
        if len(errors) and _fits(weighed, window_min):
            parts, detail = weighed.known_to(window_min), f"{len(errors)} windows"
            found.append(measuring.measured(f"{name}, most", float(errors.max()), held, "%", parts, detail))
            found.append(measuring.measured(f"{name}, least", float(errors.min()), held, "%", parts, detail))
        elif limit is not None:
            found.append(measuring.unmeasured(name, held, _short(weighed, window_min)))
    return tuple(found)


def _fits(weighed: Weighed, window_min: float) -> bool:
    """Whether the window is whole sample intervals."""
    return abs(window_min / weighed.windows.sample_min % 1.0) < 1e-9


def _short(weighed: Weighed, window_min: float) -> str:
    sample_min = weighed.windows.sample_min
    if not _fits(weighed, window_min):
        return f"the window isn't a multiple of the sample interval, {sample_min:g} min."
    return f"the stretch lasts {weighed.volumes.span_us / _MIN_US:.4g} min; a window of {window_min:g} min needs more."


def _stated(weighed: Weighed) -> tuple[Measurement, ...]:
    """What every report of the method prints."""
    windows = weighed.windows
    detail = f"{windows.name} windows: {', '.join(f'{one:g}' for one in windows.windows_min)} min"
    return (
        measuring.told("set rate r", weighed.rate_ml_h, "mL/h", detail=weighed.rate_by),
        measuring.told("sample interval S", windows.sample_min, "min", detail=detail),
    )
