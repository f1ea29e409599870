"""One chart on the screen: its line of title and legend, its value axis, and the view box of its curves."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyqtgraph
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QRectF

from programmer_gui.plot.axes import ValueAxis
from programmer_gui.plot.chart import Chart
from programmer_gui.plot.data import Mark
from programmer_gui.plot.items import CurveItem, Frame, Grid, MarkLines, PixelItem, Shade
from programmer_gui.plot.legend import Legend
from programmer_gui.plot.look import Look
from programmer_gui.plot.lookup import Lookup
from programmer_gui.plot.timebox import WHEEL
from programmer_gui.plot.timeview import Window

_NARROWEST, _WIDEST = 1e-9, 1e12  # of a value axis


class ValueBox(pyqtgraph.ViewBox):
    """A chart's values: the axis gives it wheel and drag; ``follow`` is called for a double click there."""

    def __init__(self, chart: Chart, handled: Callable[[], None]) -> None:
        super().__init__(enableMenu=False, defaultPadding=0)
        self._chart = chart
        self._handled = handled
        self.setMouseEnabled(x=False)
        self.state["wheelScaleFactor"] = WHEEL
        self.setLimits(minYRange=_NARROWEST, maxYRange=_WIDEST)
        self.sigRangeChangedManually.connect(self._held)

    def mouseClickEvent(self, event: MouseClickEvent) -> None:
        """A double click: its range follows the data again."""
        if event.double():
            self._chart.range.auto()
            self._handled()

    def _held(self, _axes: object) -> None:
        self._chart.range.hold(*self.viewRange()[1])
        self._handled()


@dataclass(frozen=True)
class Scene:
    """What all charts show: ``times`` are the marks of the time axis, ``until`` is where a paused picture ends."""

    look: Look
    window: Window
    ratio: float
    lookups: dict[int, Lookup]
    marks: Sequence[Mark]
    gaps: Sequence[tuple[float, float]]
    times: Sequence[float]
    chosen: tuple[float, float] | None
    now: float


class ChartRow:
    """The parts of ``chart``, to be put into a layout: ``legend`` above ``box``, ``axis`` at its left."""

    def __init__(self, chart: Chart, handled: Callable[[], None]) -> None:
        self.chart = chart
        self.legend = Legend(chart.title, chart.unit, chart.curves, chart.band)
        self.axis = ValueAxis()
        self.box = ValueBox(chart, handled)
        self.axis.linkToView(self.box)
        self._shade = Shade(self.box, 0)
        self._band = CurveItem(self.box, 1, chart.band.color if chart.band else "band")
        self._grid = Grid(self.box, 2)
        last = len(chart.curves)
        self._curves = [CurveItem(self.box, 3 + last - at, spec.color) for at, spec in enumerate(chart.curves)]
        self._marks = MarkLines(self.box, 4 + last)
        self._items: list[PixelItem] = [self._shade, self._band, self._grid, *self._curves, self._marks]

    def set_look(self, look: Look) -> None:
        """Changes colours and fonts."""
        self.legend.set_look(look)
        self.axis.set_look(look)

    def refresh(self, scene: Scene) -> None:
        """Shows ``scene``; the range of values follows what is in view."""
        picture = self.chart.picture(scene.window, scene.lookups)
        low, high = picture.low, picture.high
        self.box.setRange(xRange=(scene.window.begin, scene.window.end), yRange=(low, high), padding=0)
        self._shade.gaps, self._shade.chosen = scene.gaps, scene.chosen
        self._grid.values, self._grid.times = self.axis.marks(low, high), scene.times
        self._band.trace = picture.band
        for item, one in zip(self._curves, picture.traces, strict=True):
            item.trace = one
        self._marks.marks = scene.marks
        frame = Frame(scene.look, scene.window, QRectF(self.box.rect()), scene.ratio, low, high)
        for item in self._items:
            item.show_frame(frame)
        self.legend.show_values([self.chart.latest(spec, scene.now) for spec in self.chart.curves])

    def label_width(self, look: Look) -> float:
        """Logical pixels that the values along the axis take across."""
        return math.ceil(self.axis.widest(self.chart.range.low, self.chart.range.high, look.small_metrics))
