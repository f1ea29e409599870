"""Volumes and mean flows over a stretch."""

from typing import Literal

from rig.accuracy import budget
from rig.measured import Measurement
from rig.qa.expectations import ExpectFlow, ExpectVolume
from rig.qa.judging import judge_measured as measuring
from rig.qa.judging import judge_volumes as reading
from rig.qa.judging.judge_moments import JudgeContext
from rig.qa.judging.judge_volumes import Amount, Volumes
from rig.qa.judging.material import Material
from rig.qa.limits import Limits
from rig.qa.told import Judged, Stretch

_NAMES = {"measured": "delivered", "commanded": "commanded", "planned": "planned"}
_WHY = {
    "measured": "no balance was read at both ends of the stretch.",
    "commanded": "the stretch has no two samples.",
    "planned": "what was planned isn't known.",
}
ML_DAY = 86_400e6 / 1e6  # nl/µs to mL/day


def volume(body: ExpectVolume, material: Material, stretch: Stretch, context: JudgeContext) -> Judged:
    """In µL."""
    volumes = _read(body, material, stretch)
    span = volumes.start_us, volumes.end_us
    return _held(body, volumes, context, span, "volume")


def flow(body: ExpectFlow, material: Material, stretch: Stretch, context: JudgeContext) -> Judged:
    """The mean, in mL/day."""
    volumes = _read(body, material, stretch)
    span = volumes.start_us, volumes.end_us
    if not body.turns or volumes.span_us <= 0:
        return _held(body, volumes, context, span, "flow")
    count, end_us = reading.turns(material, volumes)
    if not count:
        why = "the rotor made no whole turn in the stretch; a longer wait is needed."
        return measuring.together(measuring.unmeasured(_NAMES[body.of], body.limits, why, "mL/day"))
    detail = f"over {count} whole turn{'s' if count > 1 else ''} of the rotor"
    return _held(body, volumes, context, (volumes.start_us, end_us), "flow", detail)


def _read(body: ExpectVolume | ExpectFlow, material: Material, stretch: Stretch) -> Volumes:
    """What the pump itself counts has nothing to do with a laboratory balance."""
    return reading.of_stretch(material, stretch) if body.of == "measured" else Volumes(material, stretch)


def so_far(volumes: Volumes) -> tuple[Measurement, ...]:
    """What was commanded and measured."""
    if volumes.span_us <= 0:
        return ()
    found = (("commanded", volumes.commanded()), ("delivered", volumes.measured()))
    return tuple(
        measuring.told(name, one.nl / 1000, "µL", budget.scaled(one.budget, 1e-3)) for name, one in found if one
    )


def _held(
    body: ExpectVolume | ExpectFlow,
    volumes: Volumes,
    context: JudgeContext,
    span: tuple[int, int],
    what: Literal["volume", "flow"],
    detail: str = "",
) -> Judged:
    name, limits = _NAMES[body.of], body.limits
    unit = "µL" if what == "volume" else "mL/day"
    found = reading.amount_of(body.of, volumes, context, *span)
    if found is None:
        return measuring.together(measuring.unmeasured(name, limits, _WHY[body.of], unit))
    if body.of == "measured":
        detail = ", ".join(part for part in (detail, f"by {volumes.by}") if part)
    if not limits.of:
        scale = _scale(found, what)
        beyond = volumes.beyond() if what == "volume" else ()
        parts = budget.scaled(budget.joined(found.budget, beyond), scale)
        return measuring.together(measuring.measured(name, found.nl * scale, limits, unit, parts, detail))
    wanted = reading.amount_of(limits.of, volumes, context, *span)
    return measuring.together(*_compared(name, found, wanted, limits, what, detail))


def _compared(
    name: str, found: Amount, wanted: Amount | None, limits: Limits, what: Literal["volume", "flow"], detail: str
) -> tuple[Measurement, ...]:
    unit, scale = ("µL", 1e-3) if what == "volume" else ("mL/day", _scale(found, what))
    value = measuring.told(name, found.nl * scale, unit, budget.scaled(found.budget, scale), detail)
    error = f"{name} against {limits.of}"
    if wanted is None or wanted.nl <= 0:
        why = _WHY["planned"] if wanted is None else f"nothing was {limits.of}, of which nothing is a share."
        return measuring.unmeasured(error, limits, why, "%"), value
    share = 100 / wanted.nl
    parts = budget.scaled(budget.joined(found.budget, wanted.budget), share)
    said = f"{found.nl * scale:.6g} {unit} of {wanted.nl * scale:.6g} {unit}"
    said = ", ".join(part for part in (said, detail) if part)
    return measuring.measured(error, (found.nl - wanted.nl) * share, limits, "%", parts, said), value


def _scale(found: Amount, what: Literal["volume", "flow"]) -> float:
    """nl to µL, or to mL/day."""
    return 1e-3 if what == "volume" else ML_DAY / found.span_us
