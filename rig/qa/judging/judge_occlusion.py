"""An occlusion: how long until the alarm, the pressure then, and what comes out at the release."""

from dataclasses import replace

import numpy as np

from firmware_link import telemetry
from rig.accuracy import budget
from rig.measured import Curve, Measurement
from rig.qa.expectations import ExpectOcclusion
from rig.qa.judging import judge_events as events
from rig.qa.judging import judge_measured as measuring
from rig.qa.judging import judge_moments as moments
from rig.qa.judging import judge_volumes as reading
from rig.qa.judging.material import Material
from rig.qa.limits import Limits
from rig.qa.told import Judged, Stretch

_KPA_PA = 1e-3
_MIN_US = 60_000_000
_POINTS = 400  # of the curve, at most


def occlusion(body: ExpectOcclusion, material: Material, stretch: Stretch) -> Judged:
    """``stretch`` begins when the line is blocked."""
    from_us = moments.axis_of(material, stretch.begin)
    came = events.in_stretch(material, stretch, None, lambda one: one.kind == "occlusion")
    if from_us is None or not came:
        unheard = events.why_unheard(material, stretch)
        if unheard:
            return measuring.nothing(f"{unheard}, and the alarm may be among them.")
        missing = Measurement(
            "time to alarm", None, "min", body.time.low, body.time.high, 0.0, "fail", "no occlusion alarm came."
        )
        return Judged("fail", (missing,), "No occlusion alarm came.", stretch.end.host_us)
    at_us, alarm = came[0]
    found = [
        measuring.measured("time to alarm", (at_us - from_us) / _MIN_US, body.time, "min"),
        measuring.measured("pressure at the alarm", alarm.value * _KPA_PA, body.pressure, "kPa"),
    ]
    if body.release:
        found.append(_released(body, material, stretch))
    judged = measuring.together(*found, at_us=moments.host_of(material, at_us, stretch.end))
    return replace(judged, curves=_curve(body, material, stretch, from_us))


def _wanted(body: ExpectOcclusion) -> tuple[tuple[float, float], ...]:
    """The corners of the times and pressures at which the alarm may come; none where one side is open."""
    first, last, low, high = body.time.low, body.time.high, body.pressure.low, body.pressure.high
    if first is None or last is None or low is None or high is None:
        return ()
    return (first, low), (last, low), (last, high), (first, high), (first, low)


def _curve(body: ExpectOcclusion, material: Material, stretch: Stretch, from_us: int) -> tuple[Curve, ...]:
    """The pressure since the blocking, thinned out to what can be seen."""
    rows = material.samples(stretch)
    rows = rows[:: -(-len(rows) // _POINTS) or 1]
    kpa = telemetry.column(rows, "pressure_pa")
    known = np.isfinite(kpa)
    minutes = ((moments.axis_us(material, rows) - from_us) / _MIN_US)[known]
    limit = (material.settings["occlusion_pa"] * _KPA_PA,) * len(minutes)
    if not len(minutes):
        return ()
    lines = (("pressure", tuple(kpa[known].tolist())), ("limit", limit))
    corners = _wanted(body)
    box = (("alarm wanted", corners),) if corners else ()
    title = "Pressure since the line was blocked"
    return (Curve("occlusion", title, "time, min", "pressure, kPa", tuple(minutes.tolist()), lines, box),)


def _released(body: ExpectOcclusion, material: Material, stretch: Stretch) -> Measurement:
    """What came from the release until now, less what was commanded meanwhile.  It comes within a second, so that it is
    counted from the last reading before it."""
    name, limits = "bolus at the release", body.bolus
    volumes = reading.of_stretch(material, Stretch(material.labels[body.release].begin, stretch.end))
    read_us = volumes.read_at_us()
    from_us = min(int(read_us[0]), volumes.start_us) if len(read_us) else volumes.start_us
    edges = from_us, volumes.end_us
    came, commanded = (volumes.measured(*edges), volumes.commanded(*edges)) if volumes.span_us > 0 else (None, None)
    if came is None or commanded is None:
        return measuring.unmeasured(name, limits, "no balance was read before the release and after it.", "µL")
    parts = budget.scaled(budget.joined(came.budget, commanded.budget), 1e-3)
    return measuring.measured(name, (came.nl - commanded.nl) / 1000, _or_none(limits), "µL", parts, f"by {volumes.by}")


def _or_none(limits: Limits) -> Limits:
    return Limits(limits.low, limits.high, "µL")
