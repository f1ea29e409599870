"""Draws one chart: bands and grid opaque below the curves, curves in device pixels."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter

from programmer_gui.plot.arrays import Floats
from programmer_gui.plot.chart import Picture
from programmer_gui.plot.curve import CurveSpec, Trace
from programmer_gui.plot.data import Mark
from programmer_gui.plot.layout import ChartPlace
from programmer_gui.plot.lines import draw_columns, draw_lines
from programmer_gui.plot.look import LINE_PX, MARK_COLORS, Look
from programmer_gui.plot.ticks import Tick, value_ticks
from programmer_gui.plot.timeview import Window

_ROW_PX = 28  # between marks of a value axis
_LEAST_ROWS = 3
_TICK_PX = 4
#: So much up and down of a curve is drawn wide, and so much at least smoothed; both take 1 ms.  Beyond, it is noise.
_INK_WIDE_PX, _INK_SMOOTH_PX = 15_000, 80_000
_OVERLAP_PX = 0.3
_LINE_FROM = 1  # marks of this priority and above have a line through the charts


@contextmanager
def device_pixels(painter: QPainter, area: QRectF, ratio: float) -> Iterator[None]:
    """Inside, (0, 0) is the top left of ``area``, one unit is one device pixel, and nothing is drawn outside."""
    painter.save()
    painter.setClipRect(area)
    painter.translate(area.topLeft())
    painter.scale(1 / ratio, 1 / ratio)
    yield
    painter.restore()


class ChartPainter:
    """Draws charts over one ``window``, at ``ratio`` device pixels a logical one."""

    def __init__(self, painter: QPainter, look: Look, window: Window, ratio: float) -> None:
        self._painter = painter
        self._look = look
        self._window = window
        self._ratio = ratio

    def x_px(self, x: float) -> float:
        """Device pixels from the left of a plot to time ``x``."""
        return (x - self._window.begin) / self._window.per_px

    def shade(self, place: ChartPlace, gaps: Sequence[tuple[float, float]], chosen: tuple[float, float] | None) -> None:
        """What lies below everything: lost time, hatched, and the stretch between the cursors."""
        height = place.plot.height() * self._ratio
        with device_pixels(self._painter, place.plot, self._ratio):
            if chosen:
                self._painter.fillRect(self._span(chosen, height), self._look.color("raised"))
            for gap in gaps:
                if gap[1] >= self._window.begin and gap[0] <= self._window.end:
                    area = self._span(gap, height)
                    self._painter.fillRect(area, self._look.color("raised"))
                    hatch = QBrush(self._look.color("border_strong"), Qt.BrushStyle.BDiagPattern)
                    self._painter.fillRect(area, hatch)

    def curves(
        self, place: ChartPlace, picture: Picture, specs: Sequence[CurveSpec], band: str, times: Sequence[Tick]
    ) -> None:
        """Band, grid and curves.  The grid is opaque and below the curves: translucent it would cost 7 ms."""
        height = round(place.plot.height() * self._ratio)
        painter = self._painter
        with device_pixels(painter, place.plot, self._ratio):
            per_unit = height / (picture.high - picture.low)
            self._draw_uprights(picture.band, picture.high, per_unit, band, 1)
            self._draw_grid(picture, height, times)
            for spec, one in reversed(list(zip(specs, picture.traces, strict=True))):  # the first lies on top
                thick = max(1, round(LINE_PX * self._ratio))
                self._draw_uprights(one, picture.high, per_unit, spec.color, thick)
                self._draw_sloped(one.lines, picture.high, per_unit, spec.color)

    def mark_lines(self, place: ChartPlace, marks: Sequence[Mark]) -> None:
        """A dotted line through the chart at every event above information."""
        height = place.plot.height() * self._ratio
        with device_pixels(self._painter, place.plot, self._ratio):
            for mark in marks:
                if mark.priority >= _LINE_FROM:
                    self._painter.setPen(self._look.hairline(MARK_COLORS[mark.priority], Qt.PenStyle.DotLine))
                    x = int(self.x_px(mark.x)) + 0.5
                    self._painter.drawLine(QPointF(x, 0), QPointF(x, height))

    def axis(self, place: ChartPlace, picture: Picture) -> None:
        """The frame at the left and below, and the values along it."""
        painter, plot = self._painter, place.plot
        painter.setPen(self._look.hairline("border_strong"))
        painter.drawLine(plot.topLeft(), plot.bottomLeft())
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.setFont(self._look.small)
        per_unit = plot.height() / (picture.high - picture.low)
        half = self._look.small_metrics.height() / 2
        for tick in axis_ticks(place, picture):
            y = plot.top() + (picture.high - tick.at) * per_unit
            painter.setPen(self._look.hairline("border_strong"))
            painter.drawLine(QPointF(plot.left() - _TICK_PX, y), QPointF(plot.left(), y))
            painter.setPen(self._look.color("muted"))
            area = QRectF(0, y - half, plot.left() - _TICK_PX - 4, 2 * half)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick.text)

    def _span(self, span: tuple[float, float], height: float) -> QRectF:
        left = max(self.x_px(span[0]), -10.0)
        right = min(max(self.x_px(span[1]), left + 1), self._window.width + 10.0)
        return QRectF(left, 0, right - left, height)

    def _draw_uprights(self, one: Trace, high: float, per_unit: float, color: str, thick: int) -> None:
        top, bottom = (high - one.high) * per_unit, (high - one.low) * per_unit
        draw_columns(self._painter, self._look.color(color), one.at, top, bottom, thick)

    def _draw_sloped(self, lines: Floats, high: float, per_unit: float, color: str) -> None:
        pixels = lines.copy()
        pixels[:, 1::2] = (high - lines[:, 1::2]) * per_unit
        ink = float(np.abs(pixels[:, 3] - pixels[:, 1]).sum())
        wide = ink < _INK_WIDE_PX
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, ink < _INK_SMOOTH_PX)
        self._painter.setPen(self._look.curve_pen(color, self._ratio if wide else 0))
        draw_lines(self._painter, _overlapping(pixels) if wide else pixels)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_grid(self, picture: Picture, height: int, times: Sequence[Tick]) -> None:
        width = self._window.width
        at = np.array([tick.at for tick in value_ticks(picture.low, picture.high, _rows(height / self._ratio))])
        y = np.floor((picture.high - at) * (height / (picture.high - picture.low))) + 0.5
        rows = np.column_stack((np.zeros_like(y), y, np.full_like(y, width), y))
        x = np.floor([self.x_px(tick.at) for tick in times]) + 0.5
        uprights = np.column_stack((x, np.zeros_like(x), x, np.full_like(x, height)))
        self._painter.setPen(self._look.hairline("grid"))
        draw_lines(self._painter, np.concatenate((rows, uprights)))


def axis_ticks(place: ChartPlace, picture: Picture) -> list[Tick]:
    """The marks of a chart's value axis."""
    return value_ticks(picture.low, picture.high, _rows(place.plot.height()))


def _overlapping(lines: Floats) -> Floats:
    """``lines``, each a little longer at both ends: smoothed ones that only meet show a seam."""
    along = lines[:, 2:] - lines[:, :2]
    length = np.hypot(along[:, 0], along[:, 1])
    along *= (_OVERLAP_PX / np.maximum(length, _OVERLAP_PX))[:, np.newaxis]
    return np.concatenate((lines[:, :2] - along, lines[:, 2:] + along), axis=1)


def _rows(height: float) -> int:
    return max(_LEAST_ROWS, int(height / _ROW_PX))
