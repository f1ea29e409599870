"""pyqtgraph's axes with this program's marks: values with their decimals, times of the session or the clock."""

import math

import pyqtgraph
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from programmer_gui.plot.look import Look
from programmer_gui.plot.ticks import Clock, Tick, number, time_ticks, value_step

_TICK_PX = 4
_ROW_PX, _LEAST_ROWS = 28, 3  # between marks of values
_LEAST_ROW_PX = 9.5  # what a value needs at least
_COLUMN_PX = 100  # between marks of time
_EDGE_PX = 12  # how far a time may reach beyond the charts

_TextSpec = tuple[QRectF, Qt.AlignmentFlag, str]


class _Axis(pyqtgraph.AxisItem):
    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.enableAutoSIPrefix(False)
        self.setStyle(tickLength=_TICK_PX, tickTextOffset=4, maxTickLevel=0, autoExpandTextSpace=False)

    def set_look(self, look: Look) -> None:
        """Changes colours and font."""
        self.setTickFont(look.small)
        self.setPen(look.hairline("border_strong"))
        self.setTickPen(look.hairline("border_strong"))
        self.setTextPen(look.color("muted"))


class ValueAxis(_Axis):
    """At the left of a chart.  The wheel and a drag change its range; ``double`` clicks let it follow again."""

    def __init__(self) -> None:
        super().__init__("left")
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self._known: tuple[tuple[float, float, float], list[tuple[float, list[float]]]] | None = None

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """Few enough for a low chart: pyqtgraph's would overlap."""
        step = value_step(high - low, max(_LEAST_ROWS, int(size / _ROW_PX)))
        if step / (high - low) * size < _LEAST_ROW_PX:
            step = value_step(high - low, 2)
        return [(step, 0.0)]

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """As pyqtgraph has them; kept, for the grid asks each time."""
        if self._known is None or self._known[0] != (low, high, size):
            slack = (high - low) * 1e-9  # a mark at the very end counts
            self._known = (low, high, size), super().tickValues(low - slack, high + slack, size)
        return self._known[1]

    def tickStrings(self, values: list[float], _scale: float, spacing: float) -> list[str]:
        """All with the same decimals."""
        decimals = max(0, -math.floor(math.log10(spacing) + 1e-9))
        return [number(value, decimals) for value in values]

    def marks(self, low: float, high: float) -> list[float]:
        """Where it has its marks, from ``low`` to ``high``."""
        return [value for _, values in self.tickValues(low, high, self.height()) for value in values]

    def widest(self, low: float, high: float, metrics: QFontMetricsF) -> float:
        """Logical pixels that its values take across."""
        levels = self.tickValues(low, high, self.height())
        texts = [text for spacing, values in levels for text in self.tickStrings(values, 1.0, spacing)]
        return max((metrics.horizontalAdvance(text) for text in texts), default=0.0)


class TimeAxis(_Axis):
    """Below the last chart."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.setStyle(hideOverlappingLabels=_EDGE_PX)
        self.clock: Clock | None = None
        self._ticks: list[Tick] = []
        self._major = QPen()

    def set_look(self, look: Look) -> None:
        """Its line is the last chart's base line."""
        super().set_look(look)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self._major = QPen(look.color("text"))

    def set_clock(self, clock: Clock | None) -> None:
        """Time of day, or None for the time since its zero."""
        self.clock = clock
        self.picture = None
        self.update()

    def tickValues(self, begin: float, end: float, _size: float) -> list[tuple[float, list[float]]]:
        """On round times."""
        self._ticks = time_ticks(begin, end, max(2, int(self.width() / _COLUMN_PX)), self.clock)
        return [(1.0, [tick.at for tick in self._ticks])]

    def tickStrings(self, _values: list[float], _scale: float, _spacing: float) -> list[str]:
        """Of the latest ``tickValues``."""
        return [tick.text for tick in self._ticks]

    def paint(self, painter: QPainter, *_: object) -> None:
        """Straight to the screen: it scrolls, so that keeping a picture, as pyqtgraph does, only costs."""
        specs = self.generateDrawSpecs(painter)
        if specs:
            self.drawPicture(painter, *specs)

    def drawPicture(self, painter: QPainter, axis: object, ticks: list[object], texts: list[_TextSpec]) -> None:
        """A full minute, hour or day among smaller steps stands out."""
        major = {tick.text for tick in self._ticks if tick.major}
        super().drawPicture(painter, axis, ticks, [spec for spec in texts if spec[2] not in major])
        painter.setPen(self._major)
        for area, flags, text in texts:
            if text in major:
                painter.drawText(area, int(flags), text)
