"""The line above a chart: title and unit at the left, curves with their latest values at the right."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from programmer_gui.plot.band import BandSpec
from programmer_gui.plot.curve import CurveSpec
from programmer_gui.plot.look import LINE_PX, Look
from programmer_gui.plot.ticks import number

_SWATCH_PX = 18.0
_AREA_PX = 10.0  # height of an area's swatch
_NEAR_PX = 6.0
_FAR_PX = 20.0
_PEN_STYLES = {"solid": Qt.PenStyle.SolidLine, "dash": Qt.PenStyle.DashLine, "dot": Qt.PenStyle.DotLine}
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class _Entry:
    """A curve, or with no ``style`` an area.  ``name_px`` and ``value_px`` are the widths of their places."""

    title: str
    color: str
    style: str
    value: str
    name_px: float
    value_px: float

    @property
    def width(self) -> float:
        return _SWATCH_PX + _NEAR_PX + self.name_px + (_NEAR_PX + self.value_px if self.value else 0.0)


class Legend(pyqtgraph.GraphicsWidget):
    """That line for one chart.  Places for values only ever widen, so that nothing shifts with each digit."""

    def __init__(self, title: str, unit: str, curves: Sequence[CurveSpec], band: BandSpec | None) -> None:
        super().__init__()
        self.setZValue(20)  # above the cursors
        self._title = title
        self._unit = unit
        self._curves = curves
        self._band = band
        self._widest: dict[str, float] = {}
        self._look: Look | None = None
        self._entries: list[_Entry] = []

    def set_look(self, look: Look) -> None:
        """Changes colours and fonts."""
        self._look = look
        self._widest.clear()

    def show_values(self, values: Sequence[float]) -> None:
        """Shows the curves' latest ``values``."""
        if self._look:
            self._entries = self._made(self._look, values)
            self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        """Where room is short the last entries, then the unit, go."""
        look, area = self._look, self.rect()
        if look is None:
            return
        title_px = look.title_metrics.horizontalAdvance(self._title)
        unit_px = look.body_metrics.horizontalAdvance(self._unit)
        room = area.width() - title_px - _FAR_PX
        entries = []
        for entry in self._entries:
            room -= entry.width + _FAR_PX
            if room < -_FAR_PX:
                break
            entries.append(entry)
        right = area.right() + _FAR_PX
        for entry in reversed(entries):
            right -= entry.width + _FAR_PX
            self._draw_entry(painter, look, QRectF(right, area.top(), entry.width, area.height()), entry)
        self._draw_text(painter, look, QRectF(area.left(), area.top(), title_px + 1, area.height()), self._title, True)
        unit = QRectF(area.left() + title_px + _NEAR_PX, area.top(), unit_px + 1, area.height())
        if unit.right() < right:
            self._draw_text(painter, look, unit, self._unit, False)

    def _made(self, look: Look, values: Sequence[float]) -> list[_Entry]:
        width = look.body_metrics.horizontalAdvance
        entries = []
        for spec, value in zip(self._curves, values, strict=True):
            text = number(value, spec.decimals)
            room = self._widest[spec.field] = max(self._widest.get(spec.field, 0.0), width(text))
            entries.append(_Entry(spec.title, spec.color, spec.style, text, width(spec.title), room))
        if self._band:
            entries.append(_Entry(self._band.title, self._band.color, "", "", width(self._band.title), 0.0))
        return entries

    def _draw_entry(self, painter: QPainter, look: Look, area: QRectF, entry: _Entry) -> None:
        painter.fillRect(area, look.color("surface"))  # a cursor may cross it
        middle = round(area.center().y())
        if entry.style:
            painter.setPen(QPen(look.color(entry.color), LINE_PX + 0.5, _PEN_STYLES[entry.style]))
            painter.drawLine(QPointF(area.left(), middle), QPointF(area.left() + _SWATCH_PX, middle))
        else:
            swatch = QRectF(area.left(), middle - _AREA_PX / 2, _SWATCH_PX, _AREA_PX)
            painter.fillRect(swatch, look.color(entry.color))
        painter.setFont(look.body)
        painter.setPen(look.color("muted"))
        name = area.adjusted(_SWATCH_PX + _NEAR_PX, 0, 0, 0)
        painter.drawText(name, _MIDDLE, entry.title)
        painter.setPen(look.color("text"))
        painter.drawText(name.adjusted(entry.name_px + _NEAR_PX, 0, 0, 0), _MIDDLE, entry.value)

    def _draw_text(self, painter: QPainter, look: Look, area: QRectF, text: str, strong: bool) -> None:
        painter.fillRect(area, look.color("surface"))
        painter.setFont(look.title if strong else look.body)
        painter.setPen(look.color("text" if strong else "muted"))
        painter.drawText(area, _MIDDLE, text)
