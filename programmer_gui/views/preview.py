"""The plan of a draft, drawn: cumulative volume over its first day."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from programmer_gui.models.plan_curve import PlanCurve
from programmer_gui.theme import Theme

LEFT, RIGHT, TOP, BOTTOM = 64, 16, 28, 28


class PlanPreview(QWidget):
    """A small still chart; the numbers stand in the form beside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._curve = PlanCurve()
        self.setMinimumHeight(176)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Preview of the plan: cumulative volume over time")
        theme.changed.connect(self.update)

    def show_curve(self, curve: PlanCurve) -> None:
        """Draws ``curve``; an empty one says that there is nothing to draw."""
        self._curve = curve
        if curve.hours:
            self.setAccessibleDescription(f"{curve.volume_ul[-1]:.6g} µL in {curve.hours[-1]:.4g} hours")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)
        if len(self._curve.hours) < 2 or self._curve.volume_ul[-1] <= 0:
            painter.setPen(QColor(self._theme.tokens.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Nothing to draw yet")
        else:
            self._draw_axes(painter, area)
            self._draw_curve(painter, area)
        painter.end()

    def _draw_axes(self, painter: QPainter, area: QRectF) -> None:
        tokens = self._theme.tokens
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        top_ul, end_h = self._top(), self._curve.hours[-1]
        for i in range(5):
            y = area.bottom() - area.height() * i / 4
            painter.setPen(QPen(QColor(tokens.grid), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(tokens.muted))
            box = QRectF(0, y - 8, LEFT - 8, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{top_ul * i / 4:.4g}")
        for i in range(5):
            x = area.left() + area.width() * i / 4
            box = QRectF(x - 40, area.bottom() + 6, 80, 16)
            words = f"{end_h * i / 4:.3g} h"
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, words)
        painter.drawText(QRectF(8, 4, 400, 16), Qt.AlignmentFlag.AlignLeft, "Planned volume, µL")

    def _draw_curve(self, painter: QPainter, area: QRectF) -> None:
        top_ul, end_h = self._top(), self._curve.hours[-1]
        points = QPolygonF(
            [
                QPointF(area.left() + area.width() * hour / end_h, area.bottom() - area.height() * volume / top_ul)
                for hour, volume in zip(self._curve.hours, self._curve.volume_ul, strict=True)
            ]
        )
        painter.setPen(QPen(QColor(self._theme.tokens.accent), 2))
        painter.drawPolyline(points)

    def _top(self) -> float:
        """The largest volume, rounded up to what four even steps divide."""
        highest = self._curve.volume_ul[-1]
        unit = 10.0 ** (len(f"{int(highest)}") - 1) if highest >= 1 else 0.1
        while unit * 4 > highest * 1.2:
            unit /= 10
        steps = -(-highest // (unit * 4))
        return float(steps * unit * 4)
