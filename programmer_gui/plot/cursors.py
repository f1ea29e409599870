"""Two cursors on the time axis, and what the curves do at and between them.  Free of Qt."""

from dataclasses import dataclass

import numpy as np

from programmer_gui.plot.curve import CurveSpec
from programmer_gui.plot.data import PlotData
from programmer_gui.plot.lookup import Lookup
from programmer_gui.plot.timeview import Window
from programmer_gui.plot.track import Track

NAMES = ("A", "B")


class Cursors:
    """Where the two are, in seconds of the time axis, whether they show, and which one keys move."""

    def __init__(self) -> None:
        self.shown = False
        self.at = [0.0, 0.0]
        self.active = 0

    def show(self, window: Window) -> None:
        """Shows them; one that is out of view comes back into it."""
        self.shown = True
        for index, part in enumerate((1 / 3, 2 / 3)):
            if not window.begin <= self.at[index] <= window.end or self.at[0] == self.at[1]:
                self.at[index] = window.begin + part * window.span

    def hide(self) -> None:
        """Hides them; they keep their places."""
        self.shown = False

    def move(self, index: int, x: float) -> None:
        """Puts one at ``x`` and makes it the one that keys move."""
        self.at[index] = x
        self.active = index

    @property
    def interval(self) -> tuple[float, float]:
        """The earlier and the later place."""
        return min(self.at), max(self.at)


@dataclass(frozen=True)
class Reading:
    """One curve at both cursors and between them, in its unit; NaN where it has no value."""

    at_a: float
    at_b: float
    lowest: float
    mean: float  # of the samples, each counting the same
    highest: float

    @property
    def difference(self) -> float:
        """B less A."""
        return self.at_b - self.at_a


def measure(data: PlotData, spec: CurveSpec, cursors: Cursors) -> Reading:
    """What ``spec``'s curve does at and between the cursors; no mean where only an outline is known."""
    begin, end = cursors.interval
    layer = data.layer_at(spec.field, begin, end)
    if layer is None or len(layer.track.x) == 0:
        return Reading(*[np.nan] * 5)
    track = layer.track
    first, last = int(np.searchsorted(track.x, begin)), int(np.searchsorted(track.x, end, side="right"))
    values = track.y(spec.field)[first:last]
    counted = int(np.count_nonzero(values == values))
    mean = float(np.nansum(values)) / counted if counted and layer.every == 1 else np.nan
    between = track.columns(spec.field, Lookup(np.array([first, last])))
    ends = ((data.layer_at(spec.field, x, x) or layer, x) for x in cursors.at)
    at_a, at_b = (value_at(one.track, spec, x) for one, x in ends)
    return Reading(at_a, at_b, float(between.low[0]), mean, float(between.high[0]))


def value_at(track: Track, spec: CurveSpec, x: float) -> float:
    """The curve at ``x``, as drawn: between samples along the line, or held; NaN in gaps and beyond the ends."""
    times, values = track.x, track.y(spec.field)
    after = int(np.searchsorted(times, x, side="right"))
    if after == 0 or (after == len(times) and x > times[-1]):
        return np.nan
    before = after - 1
    if spec.step or after == len(times) or times[before] == x:
        return float(values[before])
    share = (x - times[before]) / (times[after] - times[before])
    return float(values[before] + share * (values[after] - values[before]))
