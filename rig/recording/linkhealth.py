"""How a link did, as curves: from the counters of a live session, and from those that a recording kept."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from rig.linkstate import LinkCounters
from rig.recording.access import Tables

Floats = NDArray[np.float64]

NAMES = ("bad_frames", "resends", "round_trip")  # the last in ms, the others a minute
MINUTE_S = 60.0
#: So many points at most are made of a recording, however long it is.
POINTS_MAX = 16_384
_APART_S = 1.0  # live: as often as a recording keeps them
#: The latest of each group; totals never fall.
_GROUPED = """
    SELECT max(host_us), max(frames_bad), max(resends), max(round_trip_us)
    FROM main.health GROUP BY rowid // ? ORDER BY min(rowid)
"""


def a_minute(t_s: Floats, totals: Floats, first: int = 0) -> Floats:
    """(n - first,) how much ``totals`` (n,) grew in the minute up to each of ``t_s`` (n,), not falling, from the
    ``first`` on; where the points lie farther apart, since the one before, as if evenly."""
    since = np.searchsorted(t_s, t_s[first:] - MINUTE_S, "right") - 1
    here = np.arange(first, len(t_s))
    lone = since == here - 1
    grown = totals[first:] - np.where(since < 0, 0.0, totals[np.maximum(since, 0)])
    apart_s = t_s[first:] - t_s[np.maximum(here - 1, 0)]
    return np.asarray(np.where(lone, grown * (MINUTE_S / np.maximum(apart_s, MINUTE_S)), grown))


class HealthMeter:
    """Follows the counters of a live session."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, int, int]] = deque()

    def add(self, t_s: float, counters: LinkCounters) -> dict[str, float] | None:
        """The curves' values at ``t_s``; None where that is too soon after those before."""
        if self._kept and t_s - self._kept[-1][0] < _APART_S:
            return None
        self._kept.append((t_s, counters.frames_bad, counters.resends))
        while len(self._kept) > 1 and self._kept[1][0] <= t_s - MINUTE_S:
            self._kept.popleft()
        at_s, bad, resent = np.array(self._kept, float).T
        last = len(at_s) - 1
        values = (a_minute(at_s, bad, last)[0], a_minute(at_s, resent, last)[0], counters.round_trip_us / 1e3)
        return dict(zip(NAMES, map(float, values), strict=True))


def recorded(tables: Tables, host_us: NDArray[np.int64], axis_s: Floats) -> tuple[Floats, dict[str, Floats]]:
    """(n,) axis seconds and the curves by name; ``host_us`` (m,), not falling, lie at ``axis_s`` (m,).

    Nothing in a file of a format that didn't keep the link's health.
    """
    count = tables.count("health") if tables.has("health") else 0
    if not count or not len(host_us):
        return np.empty(0), {name: np.empty(0) for name in NAMES}
    rows = np.array(tables.rows(_GROUPED, -(-count // POINTS_MAX)), float)
    t_s = np.maximum.accumulate(np.interp(rows[:, 0], host_us, axis_s))
    values = (a_minute(t_s, rows[:, 1]), a_minute(t_s, rows[:, 2]), rows[:, 3] / 1e3)
    return t_s, dict(zip(NAMES, values, strict=True))
