"""How the pump's clock went beside this computer's over a whole run, from its samples alone."""

import math

from rig.clockfit import ClockFit, ClockState
from rig.recording.access import Tables

_READINGS = 4096  # of a run; each the sample that came in soonest among its neighbours
_SOONEST = """
    SELECT boot, arg_min(t_us, host_us::HUGEINT - t_us) AS soonest_us, min(host_us::HUGEINT - t_us)
    FROM main.samples GROUP BY boot, rowid // ? ORDER BY min(rowid)
"""


def fitted(tables: Tables) -> ClockState | None:
    """Of the boot that was recorded for longest; None without a sample."""
    fit = ClockFit(window_s=math.inf)
    states: dict[int, ClockState] = {}
    together = max(1, tables.count("samples") // _READINGS)
    for boot, t_us, ahead_us in tables.rows(_SOONEST, together):
        fit.add(boot, t_us, t_us + ahead_us)
        if fit.state is not None:
            states[boot] = fit.state
    return max(states.values(), key=lambda state: state.span_s, default=None)
