"""The line above a chart: title and unit at the left, curves with their latest values at the right."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from programmer_gui.plot.band import BandSpec
from programmer_gui.plot.curve import CurveSpec
from programmer_gui.plot.layout import ChartPlace
from programmer_gui.plot.look import LINE_PX, Look
from programmer_gui.plot.ticks import number

_SWATCH_PX = 18.0
_NEAR_PX = 6.0
_FAR_PX = 20.0
_PEN_STYLES = {"solid": Qt.PenStyle.SolidLine, "dash": Qt.PenStyle.DashLine, "dot": Qt.PenStyle.DotLine}
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class Legend:
    """Draws that line for one chart.  Places for values only ever widen, so that nothing shifts with each digit."""

    def __init__(self, title: str, unit: str, curves: Sequence[CurveSpec], band: BandSpec | None) -> None:
        self._title = title
        self._unit = unit
        self._curves = curves
        self._band = band
        self._widest: dict[str, float] = {}

    def draw(self, painter: QPainter, look: Look, place: ChartPlace, values: Sequence[float]) -> None:
        """Draws it with the curves' latest ``values``."""
        area = place.header
        right = self._draw_curves(painter, look, area, values)
        painter.setFont(look.title)
        painter.setPen(look.color("text"))
        width = look.title_metrics.horizontalAdvance(self._title)
        painter.fillRect(QRectF(area.left(), area.top(), width, area.height()), look.color("surface"))
        painter.drawText(area, _MIDDLE, self._title)
        unit = area.adjusted(width + _NEAR_PX, 0, 0, 0)
        if unit.left() < right:
            painter.setFont(look.body)
            painter.setPen(look.color("muted"))
            unit.setWidth(look.body_metrics.horizontalAdvance(self._unit) + 1)
            painter.fillRect(unit, look.color("surface"))
            painter.drawText(unit, _MIDDLE, self._unit)

    def _draw_curves(self, painter: QPainter, look: Look, area: QRectF, values: Sequence[float]) -> float:
        """From the right end leftwards, as far as there is room; returns how far it came."""
        painter.setFont(look.body)
        least = area.left() + look.title_metrics.horizontalAdvance(f"{self._title}  {self._unit}") + _FAR_PX
        right = area.right()
        if self._band:
            width = _SWATCH_PX + _NEAR_PX + look.body_metrics.horizontalAdvance(self._band.title)
            if right - width >= least:
                right -= width
                self._draw_band(painter, look, QRectF(right, area.top(), width, area.height()))
                right -= _FAR_PX
        for spec, value in reversed(list(zip(self._curves, values, strict=True))):
            text = number(value, spec.decimals)
            room = max(self._widest.get(spec.field, 0.0), look.body_metrics.horizontalAdvance(text))
            self._widest[spec.field] = room
            name = look.body_metrics.horizontalAdvance(spec.title)
            width = _SWATCH_PX + _NEAR_PX + name + _NEAR_PX + room
            if right - width < least:
                break
            right -= width
            self._draw_curve(painter, look, QRectF(right, area.top(), width, area.height()), spec, text)
            right -= _FAR_PX
        return right

    def _draw_curve(self, painter: QPainter, look: Look, area: QRectF, spec: CurveSpec, text: str) -> None:
        painter.fillRect(area, look.color("surface"))  # a cursor may cross it
        painter.setPen(QPen(look.color(spec.color), LINE_PX + 0.5, _PEN_STYLES[spec.style]))
        middle = round(area.center().y())
        painter.drawLine(QPointF(area.left(), middle), QPointF(area.left() + _SWATCH_PX, middle))
        painter.setPen(look.color("muted"))
        name = area.adjusted(_SWATCH_PX + _NEAR_PX, 0, 0, 0)
        painter.drawText(name, _MIDDLE, spec.title)
        painter.setPen(look.color("text"))
        width = look.body_metrics.horizontalAdvance(spec.title) + _NEAR_PX
        painter.drawText(name.adjusted(width, 0, 0, 0), _MIDDLE, text)

    def _draw_band(self, painter: QPainter, look: Look, area: QRectF) -> None:
        assert self._band is not None
        painter.fillRect(area, look.color("surface"))
        swatch = QRectF(area.left(), area.center().y() - 5, _SWATCH_PX, 10)
        painter.fillRect(swatch, look.color(self._band.color))
        painter.setPen(look.color("muted"))
        painter.drawText(area.adjusted(_SWATCH_PX + _NEAR_PX, 0, 0, 0), _MIDDLE, self._band.title)
