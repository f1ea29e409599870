"""From samples to what is drawn: an upright a pixel column where samples are many, lines between them where few.

Horizontally in device pixels from the left edge of the plot, vertically in the curve's unit.
"""

from dataclasses import dataclass

import numpy as np

from programmer_gui.plot.arrays import Floats, Indices
from programmer_gui.plot.lookup import Lookup
from programmer_gui.plot.timeview import Window
from programmer_gui.plot.track import Columns, Track

#: Below this many samples a pixel column, lines are drawn from sample to sample.
FEW = 2

#: Pixels drawn and pixels in all, of one dash.
DASHES = {"solid": (1, 1), "dash": (9, 14), "dot": (2, 5)}


@dataclass(frozen=True)
class CurveSpec:
    """A curve of a chart: which column it shows, under which name, in which colour (a name in Tokens) and style."""

    field: str
    title: str
    color: str
    style: str = "solid"  # one of DASHES: never told apart by colour alone
    decimals: int = 2
    step: bool = False  # holds each value until the next


@dataclass(frozen=True)
class Trace:
    """A curve, or a band, in view."""

    at: Indices  # (c,) pixel columns that have an upright
    low: Floats  # (c,) where each ends
    high: Floats  # (c,)
    lines: Floats  # (n, 4) x1, y1, x2, y2

    @property
    def extent(self) -> tuple[float, float]:
        """The lowest and the highest value in view; NaN, NaN where there is none."""
        values = self.lines[:, 1::2]
        lowest = [float(np.min(part)) for part in (self.low, values) if part.size]
        highest = [float(np.max(part)) for part in (self.high, values) if part.size]
        return min(lowest, default=np.nan), max(highest, default=np.nan)


NO_LINES: Floats = np.empty((0, 4))
NOTHING = Trace(np.empty(0, np.intp), np.empty(0), np.empty(0), NO_LINES)


def trace(track: Track, lookup: Lookup, window: Window, spec: CurveSpec) -> Trace:
    """``spec``'s curve over ``window``, whose columns ``lookup`` finds."""
    if lookup.samples > FEW * window.width:
        whole = uprights(track.columns(spec.field, lookup), spec.step)
        drawn = _in_dash(whole.at, spec.style, window)
        lines = whole.lines[_in_dash(whole.lines[:, ::2].mean(axis=1), spec.style, window)]
        return Trace(whole.at[drawn], whole.low[drawn], whole.high[drawn], lines)
    x, y = points(track, spec.field, lookup, window, spec.step)
    lone = _lone_points(x, y, window.width)
    x, y = _cut_at_dashes(x, y, spec.style, window)
    lines = np.column_stack((x[:-1], y[:-1], x[1:], y[1:]))
    lines = lines[np.isfinite(lines).all(axis=1)]
    lines = lines[_in_dash(lines[:, ::2].mean(axis=1), spec.style, window)]
    return Trace(NOTHING.at, NOTHING.low, NOTHING.high, np.concatenate((lines, lone)))


def points(track: Track, field: str, lookup: Lookup, window: Window, step: bool) -> tuple[Floats, Floats]:
    """(m,) pixels and (m,) values of the samples in view, and where the curve enters and leaves the view."""
    begin = max(int(lookup.bounds[0]) - 1, 0)
    end = min(int(lookup.bounds[-1]) + 1, len(track))
    x = (track.x[begin:end] - window.begin) / window.per_px
    y = track.y(field)[begin:end].copy()
    if step and len(x):
        x, y = np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
        if x[-1] > window.width:  # its rise isn't in view
            x, y = x[:-1], y[:-1]
    if len(x) > 1:
        _clip_left(x, y)
        right_x, right_y = -x[::-1] + window.width, y[::-1]
        _clip_left(right_x, right_y)
        x, y = window.width - right_x[::-1], right_y[::-1]
    return x, y


def uprights(columns: Columns, step: bool) -> Trace:
    """An upright for each column that has a value, long enough to meet the one before it, and lines over empty ones."""
    at = np.flatnonzero(columns.low == columns.low)
    low, high, first, last = columns.low[at], columns.high[at], columns.first[at], columns.last[at]
    joined = np.isfinite(last[:-1]) & np.isfinite(first[1:])
    beside = joined & (np.diff(at) == 1)
    low[1:][beside] = np.minimum(low[1:], last[:-1])[beside]
    high[1:][beside] = np.maximum(high[1:], last[:-1])[beside]
    apart = np.flatnonzero(joined & ~beside)
    if len(apart) == 0:
        return Trace(at, low, high, NO_LINES)
    x1, y1, x2, y2 = at[apart] + 0.5, last[apart], at[apart + 1] + 0.5, first[apart + 1]
    lines = np.column_stack((x1, y1, x2, y1 if step else y2))
    if step:
        lines = np.concatenate((lines, np.column_stack((x2, y1, x2, y2))))
    return Trace(at, low, high, lines)


def _lone_points(x: Floats, y: Floats, width: int) -> Floats:
    """A dot, as a short line, for each value in view that has none beside it."""
    known = np.concatenate(([False], np.isfinite(y), [False]))
    lone = np.flatnonzero(known[1:-1] & ~known[:-2] & ~known[2:] & (x >= 0) & (x <= width))
    return np.column_stack((x[lone] - 0.75, y[lone], x[lone] + 0.75, y[lone]))


def _clip_left(x: Floats, y: Floats) -> None:
    """Moves a first point left of 0 along its line to 0: what lies before isn't in view, nor are its values."""
    if x[0] < 0 < x[1]:
        y[0] += (y[1] - y[0]) * (-x[0] / (x[1] - x[0]))
        x[0] = 0.0


def _phase(window: Window, period: int) -> int:
    """Where in its dash the first column is: dashes belong to the time axis, so that they scroll with it."""
    return round(window.begin / window.per_px) % period


def _in_dash(x: Floats | Indices, style: str, window: Window) -> slice | np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of ``x`` (n,) pixels lie in a dash, as an index."""
    drawn, period = DASHES[style]
    if drawn == period:
        return slice(None)
    return (np.floor(x) + _phase(window, period)) % period < drawn


def _cut_at_dashes(x: Floats, y: Floats, style: str, window: Window) -> tuple[Floats, Floats]:
    """``x`` and ``y`` with points added where a dash begins or ends."""
    drawn, period = DASHES[style]
    if drawn == period or len(x) < 2:
        return x, y
    starts = np.arange(-_phase(window, period), window.width + period, period, dtype=float)
    cuts = np.column_stack((starts, starts + drawn)).ravel()
    cuts = cuts[(cuts > x[0]) & (cuts < x[-1])]
    after = np.searchsorted(x, cuts, side="right")
    along = (cuts - x[after - 1]) / (x[after] - x[after - 1])
    return np.insert(x, after, cuts), np.insert(y, after, y[after - 1] + along * (y[after] - y[after - 1]))
