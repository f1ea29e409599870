"""The plan of a program, drawn as small charts over one time axis: rate, volume, reservoir, drug at the tip."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from programmer_gui.models.plan_curve import Curves, Floats
from programmer_gui.plot.ticks import value_ticks
from programmer_gui.theme import Theme
from programmer_gui.tokens import Tokens

LEFT, RIGHT, BOTTOM = 64, 16, 24
TITLE = 20  # above each chart
GAP = 8
LEAST = 88  # of one chart with its title
HEADROOM = 1.08
RIGHT_ALIGNED = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, eq=False)
class Panel:
    """One chart: its line, and what it is called."""

    title: str
    unit: str
    x: Floats
    y: Floats
    colour: str  # a token
    stairs: bool = False
    dashed: bool = False
    level: float | None = None  # a line across
    level_title: str = ""

    @property
    def top(self) -> float:
        """The end of its axis."""
        return max(float(np.max(self.y)), self.level or 0.0, 1e-9) * HEADROOM

    def at(self, hour: float) -> float | None:
        """The value there."""
        if not len(self.x) or not self.x[0] <= hour <= self.x[-1]:
            return None
        if self.stairs:
            return float(self.y[max(0, int(np.searchsorted(self.x, hour, "right")) - 1)])
        return float(np.interp(hour, self.x, self.y))


def panels_of(curves: Curves, with_rate: bool = True) -> list[Panel]:
    """What there is to draw of ``curves``; the rate may be drawn elsewhere already."""
    if not len(curves.hours) or curves.volume_ul[-1] <= 0:
        return []
    volume, unit = _in_ml(curves.volume_ul)
    reservoir = curves.reservoir_ul / 1000
    rate = "Rate, average of each day" if curves.daily else "Rate"
    found = [
        Panel(rate, "µg/day", curves.rate_hours, curves.rate_ug_day, "flow", stairs=True),
        Panel("Planned volume", unit, curves.hours, volume, "accent"),
        Panel("Reservoir", "mL", curves.hours, reservoir, "battery", level=curves.low_ul / 1000, level_title="low"),
    ]
    if len(curves.tip_hours):
        found.insert(
            1,
            Panel("Drug at the catheter tip", "µg/day", curves.tip_hours, curves.tip_ug_day, "pressure", dashed=True),
        )
    return found if with_rate else found[1:]


def _in_ml(volume_ul: Floats) -> tuple[Floats, str]:
    return (volume_ul / 1000, "mL") if volume_ul[-1] >= 1000 else (volume_ul, "µL")


class PlanPreview(QWidget):
    """Still charts; the values under the pointer are written beside their titles."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._curves = Curves()
        self._panels: list[Panel] = []
        self._hover: float | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(LEAST * 3)
        self.setAccessibleName("Preview of the plan: rate, volume, reservoir and drug over time")
        theme.changed.connect(self.update)

    @property
    def panels(self) -> list[Panel]:
        """What is drawn."""
        return self._panels

    def show_curves(self, curves: Curves, with_rate: bool = True) -> None:
        """Draws ``curves``; empty ones say why there is nothing to draw."""
        self._curves, self._panels = curves, panels_of(curves, with_rate)
        self.setMinimumHeight(max(1, len(self._panels)) * LEAST + BOTTOM if self._panels else 120)
        described = [f"{panel.title}: {panel.y[-1]:.6g} {panel.unit} in the end" for panel in self._panels]
        self.setAccessibleDescription("; ".join(described) or f"Nothing to draw. {curves.why}")
        self.update()

    # -- drawing -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        tokens = self._theme.tokens
        if not self._panels:
            painter.setPen(QColor(tokens.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, f"Nothing to draw. {self._curves.why}")
        for at, panel in enumerate(self._panels):
            area = self._area(at)
            self._draw_frame(painter, area, panel, tokens)
            self._draw_line(painter, area, panel, tokens)
        if self._panels:
            self._draw_times(painter, tokens)
            self._draw_hover(painter, tokens)
        painter.end()

    def _area(self, at: int) -> QRectF:
        height = (self.height() - BOTTOM) / len(self._panels)
        return QRectF(LEFT, at * height + TITLE, self.width() - LEFT - RIGHT, height - TITLE - GAP)

    def _x(self, hour: float) -> float:
        return LEFT + (self.width() - LEFT - RIGHT) * hour / max(self._curves.end_hour, 1e-9)

    def _draw_frame(self, painter: QPainter, area: QRectF, panel: Panel, tokens: Tokens) -> None:
        for tick in value_ticks(0.0, panel.top, max(2, int(area.height() // 24))):
            y = round(area.bottom() - area.height() * tick.at / panel.top) + 0.5
            painter.setPen(QPen(QColor(tokens.grid if tick.at else tokens.border_strong), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QRectF(0, y - 8, LEFT - 8, 16), RIGHT_ALIGNED, tick.text)
        title = QRectF(area.left(), area.top() - TITLE, area.width(), TITLE - 2)
        painter.setPen(QColor(tokens.text))
        painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, panel.title)
        value = panel.at(self._hover) if self._hover is not None else None
        words = panel.unit if value is None else f"{value:.5g} {panel.unit}"
        painter.setPen(QColor(tokens.muted if value is None else tokens.text))
        painter.drawText(title, RIGHT_ALIGNED, words)

    def _draw_line(self, painter: QPainter, area: QRectF, panel: Panel, tokens: Tokens) -> None:
        colour = QColor(getattr(tokens, panel.colour))
        x, y = (np.repeat(panel.x, 2)[1:], np.repeat(panel.y, 2)[:-1]) if panel.stairs else (panel.x, panel.y)
        if panel.level is not None:
            level = round(area.bottom() - area.height() * panel.level / panel.top) + 0.5
            painter.setPen(QPen(QColor(tokens.alarm_low), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(area.left(), level), QPointF(area.right(), level))
            painter.drawText(QRectF(area.left() + 4, level - 16, 80, 14), Qt.AlignmentFlag.AlignLeft, panel.level_title)
        points = [
            QPointF(self._x(float(hour)), area.bottom() - area.height() * float(value) / panel.top)
            for hour, value in zip(x, y, strict=True)
        ]
        soft = QColor(colour)
        soft.setAlpha(28)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(soft)
        below = [QPointF(points[-1].x(), area.bottom()), QPointF(points[0].x(), area.bottom())]
        painter.drawPolygon(QPolygonF(points + below))
        painter.setPen(QPen(colour, 2, Qt.PenStyle.DashLine if panel.dashed else Qt.PenStyle.SolidLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))

    def _draw_times(self, painter: QPainter, tokens: Tokens) -> None:
        y = self.height() - BOTTOM
        refill = self._curves.refill_hour
        if refill is not None and 0 < refill <= self._curves.end_hour:
            painter.setPen(QPen(QColor(tokens.alarm_low), 1, Qt.PenStyle.DashLine))
            x = round(self._x(refill)) + 0.5
            for at in range(len(self._panels)):
                area = self._area(at)
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setPen(QColor(tokens.muted))
        for hour, text in time_ticks(self._curves, max(2, int(self.width() // 96))):
            box = QRectF(self._x(hour) - 40, y + 4, 80, 16)
            box.moveRight(min(box.right(), self.width() - 2.0))
            centred = box.right() < self.width() - 2.0
            side = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignRight
            painter.drawText(box, side, text)

    def _draw_hover(self, painter: QPainter, tokens: Tokens) -> None:
        if self._hover is None:
            return
        x = round(self._x(self._hover)) + 0.5
        painter.setPen(QPen(QColor(tokens.border_strong), 1))
        painter.drawLine(QPointF(x, TITLE), QPointF(x, self.height() - BOTTOM))
        painter.setPen(QColor(tokens.text))
        box = QRectF(min(x + 4, self.width() - 96.0), self.height() - BOTTOM - 16, 92, 14)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, time_text(self._curves, self._hover))

    # -- the pointer ---------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        width = self.width() - LEFT - RIGHT
        hour = (event.position().x() - LEFT) / max(1, width) * self._curves.end_hour
        self._hover = hour if 0 <= hour <= self._curves.end_hour else None
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()


def time_ticks(curves: Curves, most: int) -> list[tuple[float, str]]:
    """(hour, words) along the axis, ``most`` at most."""
    end = curves.end_hour
    steps = (1 / 60, 1 / 12, 0.25, 0.5, 1, 2, 3, 4, 6, 12, 24, 48, 168, 336, 720, 1440, 2160, 4320)
    step = next((one for one in steps if end / one <= most), steps[-1])
    return [(at * step, time_text(curves, at * step, step)) for at in range(int(end / step + 1e-9) + 1)]


def time_text(curves: Curves, hour: float, step: float = 0.0) -> str:
    """A moment on the axis in words."""
    day, rest = divmod(hour, 24)
    minutes = round(rest * 60)
    if curves.end_hour > 15 * 24:
        return f"{hour / 24:.4g} d"
    if curves.by_clock:
        clock = f"{minutes // 60:02}:{minutes % 60:02}"
        if curves.end_hour <= 24:
            return clock if hour < 24 else "24:00"
        return DAYS[int(day) % 7] if step >= 24 else f"{DAYS[int(day) % 7]} {clock}"
    if curves.end_hour > 48:
        return f"{hour / 24:.3g} d"
    return f"{hour:.3g} h" if curves.end_hour >= 4 else f"{hour * 60:.3g} min"
