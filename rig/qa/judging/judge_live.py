"""The start-up graph while a wait goes on: what can be drawn of it so far.  Nothing is judged by it."""

import numpy as np

from firmware_link import telemetry
from rig.accuracy import curves, method
from rig.accuracy.method import DENSITY_G_ML
from rig.measured import Curve
from rig.qa.deeds import Ask, Deed, Wait, Waiting
from rig.qa.expectations import Expectation
from rig.qa.judging import judge_moments as moments
from rig.qa.judging.material import Material
from rig.qa.told import Stretch

_MIN_US = 60_000_000


def curves_so_far(body: Deed | Waiting | Expectation | Ask, material: Material, stretch: Stretch) -> tuple[Curve, ...]:
    """Of a wait in which something flows, by the pump's balance, with the windows that its rate asks for."""
    rows = material.samples(stretch)
    if not isinstance(body, Wait) or len(rows) < 2:
        return ()
    at_us = moments.axis_us(material, rows)
    commanded_nl = int(rows["commanded_nl"][-1]) - int(rows["commanded_nl"][0])
    span_us = int(at_us[-1]) - int(at_us[0])
    if commanded_nl <= 0 or span_us <= 0:
        return ()
    rate_ml_h = commanded_nl * 1e-6 / (span_us / _MIN_US / 60)
    windows = method.windows_for(rate_ml_h)
    step_us = round(windows.sample_min * _MIN_US)
    most = round(windows.start_up_min / windows.sample_min)
    count = min(span_us // step_us, most)
    grid_us = int(at_us[0]) + np.arange(count + 1) * step_us
    mass_g = np.interp(grid_us, at_us, telemetry.column(rows, "measured_nl")) * 1e-3 * DENSITY_G_ML
    curve = curves.start_up(mass_g, windows, rate_ml_h)
    return (curve,) if curve.x else ()
