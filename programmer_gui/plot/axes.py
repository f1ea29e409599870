"""pyqtgraph's axes with this program's marks: values with their decimals, times of the session or the clock."""

import pyqtgraph
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from programmer_gui.plot.look import Look
from programmer_gui.plot.ticks import Clock, Tick, time_ticks, value_ticks

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
        self.setStyle(tickLength=_TICK_PX, tickTextOffset=4, autoExpandTextSpace=False)
        self._ticks: list[Tick] = []

    def set_look(self, look: Look) -> None:
        """Changes colours and font."""
        self.setTickFont(look.small)
        self.setPen(look.hairline("border_strong"))
        self.setTickPen(look.hairline("border_strong"))
        self.setTextPen(look.color("muted"))

    def ticks(self, low: float, high: float) -> list[Tick]:
        """Its marks from ``low`` to ``high``."""
        raise NotImplementedError

    def tickValues(self, low: float, high: float, _size: float) -> list[tuple[float, list[float]]]:
        """For pyqtgraph: one level of marks."""
        self._ticks = self.ticks(low, high)
        return [(1.0, [tick.at for tick in self._ticks])]

    def tickStrings(self, _values: list[float], _scale: float, _spacing: float) -> list[str]:
        """Of the latest ``tickValues``."""
        return [tick.text for tick in self._ticks]


class ValueAxis(_Axis):
    """At the left of a chart.  The wheel and a drag change its range."""

    def __init__(self) -> None:
        super().__init__("left")
        self.setCursor(Qt.CursorShape.SizeVerCursor)

    def ticks(self, low: float, high: float) -> list[Tick]:
        """Few enough for a low chart."""
        ticks = value_ticks(low, high, max(_LEAST_ROWS, int(self.height() / _ROW_PX)))
        crowded = len(ticks) > 1 and (ticks[1].at - ticks[0].at) / (high - low) * self.height() < _LEAST_ROW_PX
        return value_ticks(low, high, _LEAST_ROWS - 1) if crowded else ticks


class TimeAxis(_Axis):
    """Below the last chart."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.setStyle(hideOverlappingLabels=_EDGE_PX)
        self.clock: Clock | None = None
        self._major = QPen()

    def set_look(self, look: Look) -> None:
        """Its line is the last chart's base line."""
        super().set_look(look)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self._major = QPen(look.color("text"))

    def ticks(self, begin: float, end: float) -> list[Tick]:
        """On round times of the clock, or of the session where there is none."""
        return time_ticks(begin, end, max(2, int(self.width() / _COLUMN_PX)), self.clock)

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
