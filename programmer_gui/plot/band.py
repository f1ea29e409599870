"""A tolerance band: the area between two columns of a track, filled a pixel column at a time."""

from dataclasses import dataclass

import numpy as np

from programmer_gui.plot.curve import FEW, NO_LINES, Trace, points
from programmer_gui.plot.pyramid import Floats, Indices
from programmer_gui.plot.timeview import Window
from programmer_gui.plot.track import Track


@dataclass(frozen=True)
class BandSpec:
    """The area between the columns ``low`` and ``high``, in a colour named in Tokens."""

    low: str
    high: str
    title: str
    color: str = "band"


def band_trace(track: Track, bounds: Indices, window: Window, spec: BandSpec) -> Trace:
    """An upright for each pixel column that the band covers."""
    if bounds[-1] - bounds[0] > FEW * window.width:
        low, high = track.columns(spec.low, bounds).low, track.columns(spec.high, bounds).high
    else:
        low, high = (_sampled(track, name, bounds, window) for name in (spec.low, spec.high))
    at = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    return Trace(at, low[at], high[at], NO_LINES)


def _sampled(track: Track, name: str, bounds: Indices, window: Window) -> Floats:
    """(width,) the line from sample to sample at the middle of each column; NaN where it doesn't reach."""
    x, y = points(track, name, bounds, window, step=False)
    if len(x) == 0:
        return np.full(window.width, np.nan)
    middles = np.arange(window.width) + 0.5
    return np.asarray(np.interp(middles, x, y, left=np.nan, right=np.nan))
