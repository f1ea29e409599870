"""The plan of a draft, drawn: cumulative volume over its first day."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from programmer_gui.models.plan_curve import PlanCurve
from programmer_gui.plot.ticks import value_ticks
from programmer_gui.theme import Theme

LEFT, RIGHT, TOP, BOTTOM = 56, 16, 28, 28
TIMES = 4  # stretches of the time axis
HEADROOM = 1.08
RIGHT_ALIGNED = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PlanPreview(QWidget):
    """A small still chart; the numbers stand in the form beside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._curve = PlanCurve()
        self._unit, self._scale = "µL", 1.0
        self.setMinimumHeight(176)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Preview of the plan: cumulative volume over time")
        theme.changed.connect(self.update)

    def show_curve(self, curve: PlanCurve) -> None:
        """Draws ``curve``; an empty one says that there is nothing to draw."""
        self._curve = curve
        description = "Nothing to draw"
        if curve.hours:
            large = curve.volume_ul[-1] >= 1000
            self._unit, self._scale = ("mL", 1e-3) if large else ("µL", 1.0)
            description = f"{curve.volume_ul[-1] * self._scale:.6g} {self._unit} in {curve.hours[-1]:.4g} hours"
        self.setAccessibleDescription(description)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        area = QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)
        if len(self._curve.hours) < 2 or self._curve.volume_ul[-1] <= 0:
            painter.setPen(QColor(self._theme.tokens.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Nothing to draw: see the marked fields.")
        else:
            self._draw_axes(painter, area)
            self._draw_curve(painter, area)
        painter.end()

    def _draw_axes(self, painter: QPainter, area: QRectF) -> None:
        tokens = self._theme.tokens
        top = self._top()
        for tick in value_ticks(0.0, top, 6):
            y = round(area.bottom() - area.height() * tick.at / top) + 0.5
            painter.setPen(QPen(QColor(tokens.grid if tick.at else tokens.border_strong), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QRectF(0, y - 8, LEFT - 8, 16), RIGHT_ALIGNED, tick.text)
        for i in range(TIMES + 1):
            x = area.left() + area.width() * i / TIMES
            box = QRectF(x - 40, area.bottom() + 6, 80, 16)
            if i == TIMES:
                box.moveRight(area.right() + 4)
            side = Qt.AlignmentFlag.AlignRight if i == TIMES else Qt.AlignmentFlag.AlignHCenter
            painter.drawText(box, side, self._time(self._curve.hours[-1] * i / TIMES))
        painter.drawText(QRectF(0, 4, 400, 16), Qt.AlignmentFlag.AlignLeft, f"Planned volume, {self._unit}")

    def _draw_curve(self, painter: QPainter, area: QRectF) -> None:
        tokens, top, end_h = self._theme.tokens, self._top(), self._curve.hours[-1]
        points = [
            QPointF(
                area.left() + area.width() * hour / end_h,
                area.bottom() - area.height() * volume * self._scale / top,
            )
            for hour, volume in zip(self._curve.hours, self._curve.volume_ul, strict=True)
        ]
        below = [QPointF(area.right(), area.bottom()), QPointF(area.left(), area.bottom())]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent_soft))
        painter.drawPolygon(QPolygonF(points + below))
        painter.setPen(QPen(QColor(tokens.accent), 2))
        painter.drawPolyline(QPolygonF(points))

    def _top(self) -> float:
        return self._curve.volume_ul[-1] * self._scale * HEADROOM

    def _time(self, hours: float) -> str:
        return f"{hours:.3g} h" if self._curve.hours[-1] >= 4 else f"{hours * 60:.3g} min"
