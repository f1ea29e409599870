"""One chart of a stack: its curves, its band, its range of values, and pyqtgraph's parts that show them."""

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pyqtgraph
from PySide6.QtCore import QRectF

from programmer_gui.plot.axes import ValueAxis
from programmer_gui.plot.band import BandSpec, band_trace
from programmer_gui.plot.boxes import HandBox
from programmer_gui.plot.cursors import value_at
from programmer_gui.plot.curve import NOTHING, CurveSpec, Trace, trace
from programmer_gui.plot.data import PlotData
from programmer_gui.plot.items import Draw, Frame, PixelItem, Scene, draw_grid, draw_mark_lines, draw_shade, draw_trace
from programmer_gui.plot.legend import Legend
from programmer_gui.plot.look import Look
from programmer_gui.plot.lookup import Lookup
from programmer_gui.plot.scale import ValueRange
from programmer_gui.plot.timeview import Window


class Chart:
    """Curves of one unit over the shared time.  ``weight`` is its share of the stack's height.

    For a layout: ``legend`` above ``box``, ``axis`` at its left.  ``handled`` is called when hands change the range.
    """

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
        self.weight = weight
        self.range = ValueRange(least_span, include)
        self._band = band
        self._data = data
        self.label_width = 0  # logical pixels that the values along the axis take across
        self.legend = Legend(title, unit, self.curves, band)
        self.axis = ValueAxis()
        self.box = HandBox(pyqtgraph.ViewBox.YAxis, 1e-9, 1e12)
        self.axis.linkToView(self.box)
        colors = [band.color if band else "band", *(spec.color for spec in self.curves)]
        traces = [partial(draw_trace, color=color, at=at) for at, color in enumerate(colors)]
        layers: list[Draw] = [draw_shade, traces[0], draw_grid, *reversed(traces[1:]), draw_mark_lines]
        self._items = [PixelItem(self.box, z, draw) for z, draw in enumerate(layers)]

    def join(self, handled: Callable[[], None]) -> None:
        """Lets hands change the range of values; ``handled`` is called when they do."""
        self.box.moved.connect(self.range.hold)
        self.box.pointed.connect(lambda _time: self.range.auto())
        for signal in (self.box.moved, self.box.pointed):
            signal.connect(lambda *_: handled())

    def set_look(self, look: Look) -> None:
        """Changes colours and fonts."""
        self.legend.set_look(look)
        self.axis.set_look(look)

    def refresh(self, scene: Scene, lookups: dict[int, Lookup]) -> None:
        """Shows ``scene``; ``lookups`` as of ``PlotData.lookups``.  The range follows what is in view."""
        traces = [
            self._band_trace(scene.window, lookups),
            *(self._trace(spec, scene.window, lookups) for spec in self.curves),
        ]
        extents = np.array([one.extent for one in traces])
        if np.isfinite(extents).any():
            self.range.fit(float(np.nanmin(extents[:, 0])), float(np.nanmax(extents[:, 1])))
        low, high = self.range.low, self.range.high
        self.box.setRange(xRange=(scene.window.begin, scene.window.end), yRange=(low, high), padding=0)
        ticks = self.axis.ticks(low, high)
        frame = Frame(scene, QRectF(self.box.rect()), low, high, [tick.at for tick in ticks], traces)
        for item in self._items:
            item.show_frame(frame)
        self.legend.show_values([self._latest(spec, scene.now) for spec in self.curves])
        width = scene.look.small_metrics.horizontalAdvance
        self.label_width = math.ceil(max((width(tick.text) for tick in ticks), default=0.0))

    def _latest(self, spec: CurveSpec, now: float) -> float:
        """A curve's value at time ``now``, or its last where it ends before; NaN where it has none."""
        layer = self._data.layer_at(spec.field, now, now)
        if layer is None or len(layer.track.x) == 0:
            return np.nan
        return value_at(layer.track, spec, min(now, float(layer.track.x[-1])))

    def _band_trace(self, window: Window, lookups: dict[int, Lookup]) -> Trace:
        track = self._data.track(self._band.low) if self._band else None
        return band_trace(track, lookups[id(track)], window, self._band) if track and self._band else NOTHING

    def _trace(self, spec: CurveSpec, window: Window, lookups: dict[int, Lookup]) -> Trace:
        track = self._data.track(spec.field)
        return trace(track, lookups[id(track)], window, spec) if track else NOTHING
