"""The flow at several back-pressures, against that at none."""

from dataclasses import replace

from rig.accuracy import budget, series
from rig.measured import Curve, Measurement
from rig.qa.expectations import ExpectBackPressure
from rig.qa.judging import judge_measured as measuring
from rig.qa.judging import judge_volumes as reading
from rig.qa.judging.judge_flow import ML_DAY
from rig.qa.judging.judge_volumes import Amount
from rig.qa.judging.material import Material
from rig.qa.limits import Limits
from rig.qa.told import Judged

_NONE = "no balance was read at both ends of the stretch"


def back_pressure(body: ExpectBackPressure, material: Material) -> Judged:
    """Each over whole turns of the rotor, where its stretch has any."""
    came = {mmhg: _came(material, label) for mmhg, label in body.stretches}
    free = came.get(0.0)
    if free is None or free.nl <= 0:
        return measuring.nothing(f"of the flow without back-pressure {_NONE}, or nothing flowed.")
    limits = Limits(-body.limit, body.limit, "%")
    found = [_against(mmhg, one, free, limits) for mmhg, one in sorted(came.items()) if mmhg]
    flow = measuring.told("flow at 0 mmHg", _flow(free), "mL/day", budget.scaled(free.budget, ML_DAY / free.span_us))
    measured = [(mmhg, _flow(one)) for mmhg, one in sorted(came.items()) if one is not None]
    curve = Curve(
        "back-pressure",
        "Flow against back-pressure",
        "back-pressure, mmHg",
        "flow, mL/day",
        tuple(mmhg for mmhg, _ in measured),
        (("flow", tuple(value for _, value in measured)),),
        tuple(
            ("limit", tuple((mmhg, _flow(free) * (1 + side * body.limit / 100)) for mmhg, _ in measured))
            for side in (1, -1)
        ),
    )
    return replace(measuring.together(*found, flow), curves=(curve,))


def _came(material: Material, label: str) -> Amount | None:
    volumes = reading.of_stretch(material, material.labels[label])
    if volumes.span_us <= 0:
        return None
    count, end_us = reading.turns(material, volumes)
    return volumes.measured(volumes.start_us, end_us if count else volumes.end_us)


def _flow(amount: Amount) -> float:
    return amount.nl * ML_DAY / amount.span_us


def _against(mmhg: float, one: Amount | None, free: Amount, limits: Limits) -> Measurement:
    name = f"flow at {mmhg:g} mmHg against 0"
    if one is None:
        return measuring.unmeasured(name, limits, f"{_NONE}.", "%")
    flow, none = _flow(one), _flow(free)
    percent, _ = series.against(flow, 0.0, none, 0.0)
    own = budget.scaled(one.budget, 100 * ML_DAY / one.span_us / none)
    others = budget.scaled(free.budget, 100 * ML_DAY / free.span_us * flow / none / none)
    return measuring.measured(name, percent, limits, "%", budget.joined(own, others), f"{flow:.6g} mL/day")
