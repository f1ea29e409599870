"""A tolerance band: the area between two columns of a track, filled a pixel column at a time."""

from dataclasses import dataclass

import numpy as np

from programmer_gui.plot.arrays import Floats
from programmer_gui.plot.curve import FEW, NO_LINES, Trace, points
from programmer_gui.plot.lookup import Lookup
from programmer_gui.plot.timeview import Window
from programmer_gui.plot.track import Track


@dataclass(frozen=True)
class BandSpec:
    """The area between the columns ``low`` and ``high``, in a colour named in Tokens."""

    low: str
    high: str
    title: str
    color: str = "band"


def band_trace(track: Track, lookup: Lookup, window: Window, spec: BandSpec) -> Trace:
    """An upright for each pixel column that the band covers."""
    if lookup.samples > FEW * window.width:
        low, high = track.columns(spec.low, lookup).low, track.columns(spec.high, lookup).high
    else:
        low, high = (_sampled(track, name, lookup, window) for name in (spec.low, spec.high))
    at = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    return Trace(at, low[at], high[at], NO_LINES)


def _sampled(track: Track, name: str, lookup: Lookup, window: Window) -> Floats:
    """(width,) the line from sample to sample at the middle of each column; NaN where it doesn't reach."""
    x, y = points(track, name, lookup, window, step=False)
    if len(x) == 0:
        return np.full(window.width, np.nan)
    middles = np.arange(window.width) + 0.5
    return np.asarray(np.interp(middles, x, y, left=np.nan, right=np.nan))
