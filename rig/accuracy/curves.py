"""The graphs of the method of IEC 60601-2-24, as numbers (domain.md section 4)."""

from collections.abc import Sequence

import numpy as np

from rig.accuracy import method
from rig.accuracy.method import Floats, Windows
from rig.measured import Curve

Drawn = tuple[tuple[str, tuple[tuple[float, float], ...]], ...]


def within(name: str, limits: Sequence[tuple[float, float]]) -> Drawn:
    """The two lines between which values at (x, +- limit) are to be; none without a limit."""
    if not limits:
        return ()
    above, below = (tuple((x, side * limit) for x, limit in limits) for side in (1, -1))
    return (name, above), (name, below)


def start_up(mass_g: Floats, windows: Windows, rate_ml_h: float) -> Curve:
    """The flow in each sample interval of (n,) masses, one each; without those of which a mass wasn't read."""
    flows = method.flows_ml_h(mass_g, windows.sample_min)[: round(windows.start_up_min / windows.sample_min)]
    known = np.isfinite(flows)
    minutes = ((np.arange(len(flows)) + 0.5) * windows.sample_min)[known]
    title = f"Start-up graph: flow in each S = {windows.sample_min:g} min"
    lines = (("flow", tuple(flows[known].tolist())), ("set rate", (rate_ml_h,) * len(minutes)))
    return Curve("start-up", title, "time, min", "flow, mL/h", tuple(minutes.tolist()), lines)


def trumpet(mass_g: Floats, windows: Windows, rate_ml_h: float) -> Curve:
    """The errors furthest up and down for each window that the masses reach over, and the overall error."""
    found = method.trumpet(mass_g, windows, rate_ml_h)
    overall = method.overall_percent(mass_g, windows.sample_min, rate_ml_h)
    lines = (
        ("most", tuple(one.highest for one in found)),
        ("least", tuple(one.lowest for one in found)),
        ("overall", (overall,) * len(found)),
    )
    at_min = tuple(one.window_min for one in found)
    return Curve("trumpet", f"Trumpet, {windows.name} windows", "window, min", "error, %", at_min, lines)
