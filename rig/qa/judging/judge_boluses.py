"""A series of boluses, each weighed."""

from dataclasses import dataclass, replace

import numpy as np

from rig.accuracy import budget, curves, series
from rig.accuracy.budget import Budget
from rig.measured import Curve, Measurement
from rig.qa.expectations import ExpectBoluses
from rig.qa.judging import judge_events as events
from rig.qa.judging import judge_measured as measuring
from rig.qa.judging import judge_volumes as reading
from rig.qa.judging.judge_volumes import Volumes
from rig.qa.judging.material import Material
from rig.qa.limits import Limits
from rig.qa.told import Judged, Stretch

SETTLES_US = 10_000_000  # what compliance holds back comes within a second (rig.physics.circuit), drops a little later
_STARTED, _ENDED = "bolus_started", ("bolus_ended", "bolus_cut_short")


@dataclass(frozen=True)
class Given:
    """A bolus that began, from when to when on the axis; nobody saw the end where ``end_us`` is None."""

    start_us: int
    end_us: int | None
    commanded_nl: int  # as the pump counted it


def boluses(body: ExpectBoluses, material: Material, stretch: Stretch) -> Judged:
    """How many, and how far off their mean and the worst of them are."""
    given = _given(material, stretch)
    whole = [one for one in given if one.end_us is not None]
    count = _counted(body, material, stretch, len(given))
    broken = f"; {len(given) - len(whole)} of them did not end in the stretch" if len(whole) < len(given) else ""
    if body.mean is None and body.each is None:
        return measuring.together(replace(count, detail=count.detail or broken.lstrip("; ")))
    volumes = reading.of_stretch(material, stretch)
    wanted_nl = body.volume_pl / 1000
    weighed = [found for found in (_weighed(volumes, given, one) for one in whole) if found is not None]
    off_nl = max((budget.total(parts) for _, parts in weighed), default=0.0)
    found = series.boluses([nl for nl, _ in weighed], wanted_nl, off_nl)
    if found is None:
        why = "no bolus of the stretch was weighed by a balance."
        return measuring.together(
            count, *(measuring.unmeasured(name, _held(limit), why) for name, limit in _held_to(body))
        )
    parts = budget.scaled(max((parts for _, parts in weighed), key=budget.total), 100 / wanted_nl)
    others = _not_weighed(len(given) - len(weighed), len(given))
    judged = measuring.together(*_measured(body, found, parts, volumes.by, broken), count, *others)
    errors = tuple(float(number) for number in range(1, len(found.errors) + 1))
    mean = (found.spread.mean,) * len(errors)
    curve = Curve(
        "boluses",
        f"{len(errors)} boluses of {wanted_nl / 1000:.6g} µL",
        "bolus",
        "error, %",
        errors,
        (("error", found.errors), ("mean", mean)),
        tuple(
            line
            for name, limit in (("limit of each", body.each), ("limit of mean", body.mean))
            if limit is not None
            for line in curves.within(name, ((errors[0], limit), (errors[-1], limit)))
        ),
    )
    return replace(judged, curves=(curve,))


def _counted(body: ExpectBoluses, material: Material, stretch: Stretch, count: int) -> Measurement:
    found = measuring.measured("boluses", float(count), Limits(float(body.count), float(body.count)))
    unheard = events.why_unheard(material, stretch)
    return replace(found, verdict="inconclusive", detail=f"{unheard}; there may be more") if unheard else found


def _not_weighed(missing: int, count: int) -> tuple[Measurement, ...]:
    """Boluses that nobody weighed are as good as nobody knows."""
    limits, why = Limits(float(count), float(count)), "what the others came to isn't known"
    found = measuring.measured("boluses weighed", float(count - missing), limits, detail=why)
    return (replace(found, verdict="inconclusive"),) if missing else ()


def _held(limit: float | None) -> Limits:
    return Limits(None if limit is None else -limit, limit, "%")


def _held_to(body: ExpectBoluses) -> list[tuple[str, float]]:
    named = (("mean error", body.mean), ("worst error", body.each))
    return [(name, limit) for name, limit in named if limit is not None]


def _measured(
    body: ExpectBoluses, found: series.Boluses, parts: Budget, by: str, broken: str
) -> tuple[Measurement, ...]:
    spread = found.spread
    few = f", a small sample (n = {spread.count})" if spread.small else f", n = {spread.count}"
    own = parts if spread.count == 1 else (("repeatability of the mean", found.mean_off),)
    mean = measuring.measured("mean error", spread.mean, _held(body.mean), "%", own, f"by {by}{few}{broken}")
    most = measuring.measured("error, most", spread.most, _held(body.each), "%", parts)
    least = measuring.measured("error, least", spread.least, _held(body.each), "%", parts)
    return mean, most, least


def _given(material: Material, stretch: Stretch) -> list[Given]:
    """In order."""
    turns = events.in_stretch(material, stretch, None, lambda one: one.kind == _STARTED or one.kind in _ENDED)
    found: list[Given] = []
    for at_us, event in turns:
        if event.kind == _STARTED:
            found.append(Given(at_us, None, event.value))
        elif found and found[-1].end_us is None:
            found[-1] = Given(found[-1].start_us, at_us, event.value)
    return found


def _weighed(volumes: Volumes, given: list[Given], one: Given) -> tuple[float, Budget] | None:
    """(nl, its budget) of one bolus: from the reading before it to the first after all of it has come, less what flowed
    besides, which the pump counted: so that both lie beyond the samples around it."""
    after = next((other.start_us for other in given if other.start_us > one.start_us), volumes.end_us)
    settled_us = min((one.end_us or 0) + SETTLES_US, after)
    at_us, samples_us = volumes.read_at_us(), volumes.at_us
    if not len(samples_us):
        return None
    sampled_us = samples_us[max(int(np.searchsorted(samples_us, one.start_us, "right")) - 1, 0)]
    after_us = samples_us[min(int(np.searchsorted(samples_us, settled_us)), len(samples_us) - 1)]
    before = int(np.searchsorted(at_us, min(one.start_us, sampled_us), "right")) - 1
    behind = int(np.searchsorted(at_us, max(settled_us, after_us)))
    if before < 0 or behind >= len(at_us):
        return None
    edges = int(at_us[before]), int(at_us[behind])
    came, commanded = volumes.measured(*edges), volumes.commanded(*edges)
    if came is None or commanded is None:
        return None
    return came.nl - (commanded.nl - one.commanded_nl), budget.joined(came.budget, commanded.budget)
