"""One chart of a stack: its curves, its band, its range of values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from programmer_gui.plot.band import BandSpec, band_trace
from programmer_gui.plot.cursors import value_at
from programmer_gui.plot.curve import NOTHING, CurveSpec, Trace, trace
from programmer_gui.plot.data import PlotData
from programmer_gui.plot.lookup import Lookup
from programmer_gui.plot.scale import ValueRange
from programmer_gui.plot.timeview import Window


@dataclass(frozen=True)
class Picture:
    """A chart in view: what ``paint`` draws, over ``low`` to ``high``."""

    band: Trace
    traces: tuple[Trace, ...]  # one a curve
    low: float
    high: float


class Chart:
    """Curves of one unit over the shared time.  ``weight`` is its share of the stack's height."""

    def __init__(
        self,
        title: str,
        unit: str,
        curves: Sequence[CurveSpec],
        *,
        data: PlotData,
        band: BandSpec | None = None,
        least_span: float = 1.0,
        include: tuple[float, ...] = (),
        weight: int = 1,
    ) -> None:
        self.title = title
        self.unit = unit
        self.curves = tuple(curves)
        self.band = band
        self.weight = weight
        self.range = ValueRange(least_span, include)
        self._data = data

    def curve(self, field: str) -> CurveSpec:
        """The curve that shows ``field``.  Raises KeyError where there is none."""
        return {spec.field: spec for spec in self.curves}[field]

    def latest(self, spec: CurveSpec, now: float) -> float:
        """A curve's value at time ``now``, or its last where it ends before; NaN where it has none."""
        track = self._data.track(spec.field)
        if track is None or len(track.x) == 0:
            return np.nan
        return value_at(track, spec, min(now, float(track.x[-1])))

    def picture(self, window: Window, lookups: dict[int, Lookup]) -> Picture:
        """The chart over ``window``; ``lookups`` as of ``PlotData.lookups``.  Its range follows what is in view."""
        band = self._band(window, lookups)
        traces = tuple(self._trace(spec, window, lookups) for spec in self.curves)
        extents = np.array([band.extent, *(one.extent for one in traces)])
        if np.isfinite(extents).any():
            self.range.fit(float(np.nanmin(extents[:, 0])), float(np.nanmax(extents[:, 1])))
        return Picture(band, traces, self.range.low, self.range.high)

    def _band(self, window: Window, lookups: dict[int, Lookup]) -> Trace:
        track = self._data.track(self.band.low) if self.band else None
        if self.band is None or track is None:
            return NOTHING
        return band_trace(track, lookups[id(track)], window, self.band)

    def _trace(self, spec: CurveSpec, window: Window, lookups: dict[int, Lookup]) -> Trace:
        track = self._data.track(spec.field)
        if track is None:
            return NOTHING
        return trace(track, lookups[id(track)], window, spec)
