"""What a chart's view box holds, drawn in device pixels: shading, band, grid, curves, events.

pyqtgraph's own curves, transformed and antialiased, take a hundred times as long where samples are many.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from programmer_gui.plot.arrays import Floats
from programmer_gui.plot.curve import NOTHING, Trace
from programmer_gui.plot.data import Mark
from programmer_gui.plot.lines import draw_columns, draw_lines
from programmer_gui.plot.look import LINE_PX, MARK_COLORS, Look
from programmer_gui.plot.timeview import Window

#: So much up and down of a curve is drawn wide, and so much at least smoothed; both take 1 ms.  Beyond, it is noise.
_INK_WIDE_PX, _INK_SMOOTH_PX = 15_000, 80_000
_OVERLAP_PX = 0.3
_LINE_FROM = 1  # marks of this priority and above have a line through the charts


@dataclass(frozen=True)
class Frame:
    """What a view box shows: ``window`` by ``low`` to ``high``, at ``ratio`` device pixels a logical pixel."""

    look: Look
    window: Window
    area: QRectF  # of the view box, in logical pixels from its own top left
    ratio: float
    low: float
    high: float

    @property
    def height(self) -> int:
        """Device pixels."""
        return round(self.area.height() * self.ratio)

    @property
    def per_unit(self) -> float:
        """Device pixels upwards."""
        return self.height / (self.high - self.low)

    def x(self, at: Floats | float) -> Floats | float:
        """Device pixels from the left to time ``at``."""
        return (at - self.window.begin) / self.window.per_px

    def y(self, value: Floats) -> Floats:
        """Device pixels from the top to ``value``."""
        return (self.high - value) * self.per_unit


class PixelItem(pyqtgraph.GraphicsObject):
    """Covers the view box that is its parent; ``draw`` draws in device pixels from its top left."""

    def __init__(self, box: pyqtgraph.ViewBox, z: int) -> None:
        super().__init__(box)
        self.setZValue(z)
        self._frame: Frame | None = None
        self._area = QRectF()

    def show_frame(self, frame: Frame) -> None:
        """Shows ``frame`` from the next paint on."""
        if frame.area != self._area:
            self.prepareGeometryChange()
            self._area = frame.area
        self._frame = frame
        self.update()

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem | None = None, _widget: QWidget | None = None
    ) -> None:
        if self._frame:
            painter.scale(1 / self._frame.ratio, 1 / self._frame.ratio)
            self.draw(painter, self._frame)

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Draws ``frame``."""
        raise NotImplementedError


class Shade(PixelItem):
    """What lies below everything: lost time, hatched, and the stretch between the cursors."""

    gaps: Sequence[tuple[float, float]] = ()
    chosen: tuple[float, float] | None = None

    def draw(self, painter: QPainter, frame: Frame) -> None:
        if self.chosen:
            painter.fillRect(_span(frame, self.chosen), frame.look.color("raised"))
        for gap in self.gaps:
            if gap[1] >= frame.window.begin and gap[0] <= frame.window.end:
                painter.fillRect(_span(frame, gap), frame.look.color("raised"))
                hatch = QBrush(frame.look.color("border_strong"), Qt.BrushStyle.BDiagPattern)
                painter.fillRect(_span(frame, gap), hatch)


class Grid(PixelItem):
    """Opaque and below the curves: translucent above them, as axes draw it, it would cost 7 ms."""

    values: Sequence[float] = ()
    times: Sequence[float] = ()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        width, height = frame.window.width, frame.height
        y = np.floor(frame.y(np.array(self.values))) + 0.5
        rows = np.column_stack((np.zeros_like(y), y, np.full_like(y, width), y))
        x = np.floor(frame.x(np.array(self.times))) + 0.5
        uprights = np.column_stack((x, np.zeros_like(x), x, np.full_like(x, height)))
        painter.setPen(frame.look.hairline("grid"))
        draw_lines(painter, np.concatenate((rows, uprights)))
        painter.setPen(frame.look.hairline("border_strong"))
        draw_lines(painter, np.array([[0.0, height - 0.5, width, height - 0.5]]))


class CurveItem(PixelItem):
    """A curve, or a band: uprights where samples are many, lines between them where few."""

    def __init__(self, box: pyqtgraph.ViewBox, z: int, color: str) -> None:
        super().__init__(box, z)
        self._color = color
        self.trace = NOTHING

    def draw(self, painter: QPainter, frame: Frame) -> None:
        one = self.trace
        thick = max(1, round(LINE_PX * frame.ratio))
        draw_columns(painter, frame.look.color(self._color), one.at, frame.y(one.high), frame.y(one.low), thick)
        if len(one.lines):
            self._draw_sloped(painter, frame, one)

    def _draw_sloped(self, painter: QPainter, frame: Frame, one: Trace) -> None:
        pixels = one.lines.copy()
        pixels[:, 1::2] = frame.y(one.lines[:, 1::2])
        ink = float(np.abs(pixels[:, 3] - pixels[:, 1]).sum())
        wide = ink < _INK_WIDE_PX
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, ink < _INK_SMOOTH_PX)
        painter.setPen(frame.look.curve_pen(self._color, frame.ratio if wide else 0))
        draw_lines(painter, _overlapping(pixels) if wide else pixels)


class MarkLines(PixelItem):
    """A dotted line at every event above information."""

    marks: Sequence[Mark] = ()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        for mark in self.marks:
            if mark.priority >= _LINE_FROM:
                painter.setPen(frame.look.hairline(MARK_COLORS[mark.priority], Qt.PenStyle.DotLine))
                x = int(frame.x(mark.x)) + 0.5
                painter.drawLine(QPointF(x, 0), QPointF(x, frame.height))


def _span(frame: Frame, span: tuple[float, float]) -> QRectF:
    left = max(float(frame.x(span[0])), -10.0)
    right = min(max(float(frame.x(span[1])), left + 1), frame.window.width + 10.0)
    return QRectF(left, 0, right - left, frame.height)


def _overlapping(lines: Floats) -> Floats:
    """``lines``, each a little longer at both ends: smoothed ones that only meet show a seam."""
    along = lines[:, 2:] - lines[:, :2]
    length = np.hypot(along[:, 0], along[:, 1])
    along *= (_OVERLAP_PX / np.maximum(length, _OVERLAP_PX))[:, np.newaxis]
    return np.concatenate((lines[:, :2] - along, lines[:, 2:] + along), axis=1)
