"""What a chart's view box holds, drawn in device pixels: shading, band, grid, curves, events.

pyqtgraph's own curves, transformed and antialiased, take a hundred times as long where samples are many.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter

from programmer_gui.plot.arrays import Floats
from programmer_gui.plot.curve import Trace
from programmer_gui.plot.data import Mark
from programmer_gui.plot.lines import draw_columns, draw_lines, draw_spans
from programmer_gui.plot.look import LINE_PX, MARK_COLORS, Look
from programmer_gui.plot.ticks import Clock
from programmer_gui.plot.timeview import Window

#: So much up and down of a curve is drawn wide, and so much at least smoothed; both take 1 ms.  Beyond, it is noise.
_INK_WIDE_PX, _INK_SMOOTH_PX = 15_000, 80_000
_HATCHED_PX = 4  # what is narrower shows no hatching, which costs
_OVERLAP_PX = 0.3
_LINES_MAX = 60
_LINE_FROM = 1  # marks of this priority and above have a line through the charts


@dataclass(frozen=True)
class Scene:
    """What all charts show: ``window`` of the time, its ``marks`` and ``gaps``, at ``ratio`` device pixels each."""

    look: Look
    window: Window
    ratio: float
    now: float
    clock: Clock | None
    times: Sequence[float]  # of the axis
    marks: Sequence[Mark]
    gaps: Sequence[tuple[float, float]]
    chosen: tuple[float, float] | None  # the stretch between the cursors
    playhead: float | None = None  # where a recording is looked at

    def x(self, at: Floats | float) -> Floats:
        """Device pixels from the left to time ``at``."""
        return (np.asarray(at) - self.window.begin) / self.window.per_px


@dataclass(frozen=True)
class Frame:
    """What one view box shows: ``scene`` by ``low`` to ``high``, in ``area`` of logical pixels from its top left."""

    scene: Scene
    area: QRectF
    low: float
    high: float
    values: Sequence[float]  # of the axis
    traces: Sequence[Trace]  # the band and the curves

    @property
    def height(self) -> int:
        """Device pixels."""
        return round(self.area.height() * self.scene.ratio)

    def y(self, value: Floats) -> Floats:
        """Device pixels from the top to ``value``."""
        return (self.high - value) * (self.height / (self.high - self.low))


Draw = Callable[[QPainter, Frame], None]


class PixelItem(pyqtgraph.GraphicsObject):
    """Covers the view box that is its parent; ``draw`` draws in device pixels from its top left."""

    def __init__(self, box: pyqtgraph.ViewBox, z: int, draw: Draw) -> None:
        super().__init__(box)
        self.setZValue(z)
        self._draw = draw
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

    def paint(self, painter: QPainter, *_: object) -> None:
        if self._frame:
            painter.scale(1 / self._frame.scene.ratio, 1 / self._frame.scene.ratio)
            self._draw(painter, self._frame)


def draw_shade(painter: QPainter, frame: Frame) -> None:
    """What lies below everything: lost time, hatched, and the stretch between the cursors."""
    scene, look = frame.scene, frame.scene.look
    if scene.chosen:
        painter.fillRect(_span(frame, scene.chosen), look.color("raised"))
    spans = np.clip(scene.x(np.array(scene.gaps).reshape(-1, 2)), -10.0, scene.window.width + 10.0)
    wide = spans[:, 1] - spans[:, 0] >= _HATCHED_PX
    draw_spans(painter, QBrush(look.color("border")), spans[~wide], frame.height)
    for brush in (QBrush(look.color("raised")), QBrush(look.color("border_strong"), Qt.BrushStyle.BDiagPattern)):
        draw_spans(painter, brush, spans[wide], frame.height)


def draw_grid(painter: QPainter, frame: Frame) -> None:
    """Opaque and below the curves: translucent above them, as axes draw it, it would cost 7 ms."""
    width, height, look = frame.scene.window.width, frame.height, frame.scene.look
    y = np.floor(frame.y(np.array(frame.values))) + 0.5
    rows = np.column_stack((np.zeros_like(y), y, np.full_like(y, width), y))
    x = np.floor(frame.scene.x(np.array(frame.scene.times))) + 0.5
    uprights = np.column_stack((x, np.zeros_like(x), x, np.full_like(x, height)))
    painter.setPen(look.hairline("grid"))
    draw_lines(painter, np.concatenate((rows, uprights)))
    painter.setPen(look.hairline("border_strong"))
    draw_lines(painter, np.array([[0.0, height - 0.5, width, height - 0.5]]))


def draw_trace(painter: QPainter, frame: Frame, *, color: str, at: int) -> None:
    """A curve, or the band: uprights where samples are many, lines between them where few."""
    one, look, ratio = frame.traces[at], frame.scene.look, frame.scene.ratio
    thick = max(1, round(LINE_PX * ratio))
    draw_columns(painter, look.color(color), one.at, frame.y(one.high), frame.y(one.low), thick)
    if len(one.lines):
        pixels = one.lines.copy()
        pixels[:, 1::2] = frame.y(one.lines[:, 1::2])
        ink = float(np.abs(pixels[:, 3] - pixels[:, 1]).sum())
        wide = ink < _INK_WIDE_PX
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, ink < _INK_SMOOTH_PX)
        painter.setPen(look.curve_pen(color, ratio if wide else 0))
        draw_lines(painter, _overlapping(pixels) if wide else pixels)


def draw_mark_lines(painter: QPainter, frame: Frame) -> None:
    """A dotted line at every event above information, unless they are so many that lines would hide the curves."""
    lined = [mark for mark in frame.scene.marks if mark.priority >= _LINE_FROM]
    if len(lined) <= _LINES_MAX:
        for mark in lined:
            painter.setPen(frame.scene.look.hairline(MARK_COLORS[mark.priority], Qt.PenStyle.DotLine))
            x = int(frame.scene.x(mark.x)) + 0.5
            painter.drawLine(QPointF(x, 0), QPointF(x, frame.height))


def _span(frame: Frame, span: tuple[float, float]) -> QRectF:
    left, right = np.clip(frame.scene.x(np.array(span)), -10.0, frame.scene.window.width + 10.0).tolist()
    return QRectF(left, 0, max(right - left, 1.0), frame.height)


def _overlapping(lines: Floats) -> Floats:
    """``lines``, each a little longer at both ends: smoothed ones that only meet show a seam."""
    along = lines[:, 2:] - lines[:, :2]
    length = np.hypot(along[:, 0], along[:, 1])
    along *= (_OVERLAP_PX / np.maximum(length, _OVERLAP_PX))[:, np.newaxis]
    return np.concatenate((lines[:, :2] - along, lines[:, 2:] + along), axis=1)
