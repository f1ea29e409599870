"""One curve of a judgement, still: axes, lines, a legend, and the values under the pointer."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from programmer_gui.plot.ticks import Tick, value_ticks
from programmer_gui.theme import Theme
from programmer_gui.views.curve_lines import Drawn, drawn, limit, sound
from rig.measured import Curve
from rig.qa.telling.verdict_words import number_text

Floats = NDArray[np.float64]

LEFT, RIGHT, TOP, BOTTOM = 60, 16, 44, 36
LEAST_PX = 200
NEAR_PX = 52  # labels of a logarithmic axis don't come nearer to each other
MARKS_MOST = 10  # of the axis of values
DOTS_MOST = 30  # more points are a line without dots
KEY_PX = 38  # of the legend, beside each name
AIR = 0.08  # of the values' range, above and below
RIGHT_ALIGNED = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT_ALIGNED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CurvePlot(QWidget):
    """Draws what ``show_curve`` gives it; a trumpet over the logarithm of its windows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.curve: Curve | None = None
        self._lines: list[Drawn] = []
        self._limits: list[Drawn] = []
        self._x_range, self._y_range = (0.0, 1.0), (0.0, 1.0)
        self._hover: int | None = None  # which x of the curve
        self.setMouseTracking(True)
        self.setMinimumSize(260, LEAST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_curve(self, curve: Curve) -> None:
        """Draws ``curve``; what isn't finite is left out."""
        curve = sound(curve)
        if curve == self.curve:
            return
        self.curve, self._hover = curve, None
        self._lines = [line for number, each in enumerate(curve.lines) if len((line := drawn(curve, number, *each)).x)]
        names = list(dict.fromkeys(name for name, _ in curve.limits))
        limits = (limit(name, names.index(name), points, self.logarithmic) for name, points in curve.limits)
        self._limits = [line for line in limits if len(line.x)]
        self._x_range, self._y_range = _ranges(curve.kind, self.drawn, self.logarithmic)
        self.setAccessibleName(curve.title)
        said = [f"{line.name}: {number_text(line.y.min())} to {number_text(line.y.max())}" for line in self._lines]
        self.setAccessibleDescription(f"{curve.y_title} over {curve.x_title}. " + "; ".join(said))
        self.update()

    @property
    def logarithmic(self) -> bool:
        """Whether the windows of a trumpet are drawn by their logarithm."""
        return self.curve is not None and self.curve.kind == "trumpet" and min(self.curve.x, default=0.0) > 0

    @property
    def drawn(self) -> list[Drawn]:
        """The lines, then what they are held to."""
        return self._lines + self._limits

    # -- where things are ----------------------------------------------------------------------------------------

    @property
    def _area(self) -> QRectF:
        return QRectF(LEFT, TOP, max(1, self.width() - LEFT - RIGHT), max(1, self.height() - TOP - BOTTOM))

    def _scaled(self, x: float) -> float:
        return math.log10(x) if self.logarithmic else x

    def _x(self, x: float) -> float:
        low, high = self._x_range
        return float(self._area.left() + self._area.width() * (self._scaled(x) - low) / (high - low))

    def _y(self, y: float) -> float:
        low, high = self._y_range
        return float(self._area.bottom() - self._area.height() * (y - low) / (high - low))

    def _x_ticks(self) -> list[Tick]:
        if self.curve is not None and self.logarithmic:
            ticks: list[Tick] = []
            for x in sorted(set(self.curve.x)):
                if not ticks or self._x(x) - self._x(ticks[-1].at) >= NEAR_PX * 0.6:
                    ticks.append(Tick(x, f"{x:g}"))
            return ticks
        most = max(2, int(self._area.width() // 72))
        if self.curve is not None and self.curve.kind == "boluses":
            most = min(most, max(1, len(self.curve.x) - 1))
        return value_ticks(*self._x_range, most)

    # -- drawing -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        if self.curve is not None:
            self._draw_axes(painter, self.curve)
            self._draw_lines(painter)
            self._draw_words(painter, self.curve)
            self._draw_hover(painter, self.curve)
        painter.end()

    def _draw_axes(self, painter: QPainter, curve: Curve) -> None:
        tokens, area = self._theme.tokens, self._area
        for tick in value_ticks(*self._y_range, min(MARKS_MOST, max(2, int(area.height() // 28)))):
            y = round(self._y(tick.at)) + 0.5
            painter.setPen(QPen(QColor(tokens.border_strong if tick.at == 0 else tokens.grid), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QRectF(0, y - 8, LEFT - 8, 16), RIGHT_ALIGNED, tick.text)
        for tick in self._x_ticks():
            x = round(self._x(tick.at)) + 0.5
            painter.setPen(QPen(QColor(tokens.grid), 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QRectF(x - 36, area.bottom() + 3, 72, 14), Qt.AlignmentFlag.AlignHCenter, tick.text)

    def _draw_lines(self, painter: QPainter) -> None:
        self._draw_between(painter)
        for line in reversed(self.drawn):
            colour = QColor(getattr(self._theme.tokens, line.token))
            points = [QPointF(self._x(x), self._y(y)) for x, y in zip(line.x.tolist(), line.y.tolist(), strict=True)]
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 1.6, line.style))
            alone = self.curve is not None and self.curve.kind == "boluses" and not line.dashed
            if not alone:
                painter.drawPolyline(QPolygonF(points))
            if (not line.dashed and len(points) <= DOTS_MOST) or alone:
                painter.setBrush(colour)
                for point in points:
                    painter.drawEllipse(point, 2.6, 2.6)

    def _draw_between(self, painter: QPainter) -> None:
        """What lies between the two sides of a trumpet."""
        named = {line.name: line for line in self._lines}
        if "most" not in named or "least" not in named:
            return
        most, least = named["most"], named["least"]
        above = [QPointF(self._x(x), self._y(y)) for x, y in zip(most.x.tolist(), most.y.tolist(), strict=True)]
        below = [QPointF(self._x(x), self._y(y)) for x, y in zip(least.x.tolist(), least.y.tolist(), strict=True)]
        painter.setPen(Qt.PenStyle.NoPen)
        soft = QColor(self._theme.tokens.band)
        soft.setAlphaF(0.5)
        painter.setBrush(soft)
        painter.drawPolygon(QPolygonF(above + below[::-1]))

    def _draw_words(self, painter: QPainter, curve: Curve) -> None:
        tokens, area = self._theme.tokens, self._area
        metrics = painter.fontMetrics()
        painter.setPen(QColor(tokens.text))
        title = metrics.elidedText(curve.title, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(QRectF(area.left(), 2, area.width(), 18), LEFT_ALIGNED, title)
        painter.setPen(QColor(tokens.muted))
        painter.drawText(QRectF(area.left(), 22, 120, 16), LEFT_ALIGNED, curve.y_title)
        below = f"{curve.x_title} (logarithmic)" if self.logarithmic else curve.x_title
        painter.drawText(QRectF(area.left(), self.height() - 18, area.width(), 16), Qt.AlignmentFlag.AlignRight, below)
        x = area.right()
        room_px = area.width() - metrics.horizontalAdvance(curve.y_title)
        for line in reversed(_told(self.drawn, metrics, room_px)):
            width = metrics.horizontalAdvance(line.name)
            painter.setPen(QColor(tokens.text))
            painter.drawText(QRectF(x - width, 22, width + 2, 16), LEFT_ALIGNED, line.name)
            painter.setPen(QPen(QColor(getattr(tokens, line.token)), 2, line.style))
            painter.drawLine(QPointF(x - width - 24, 30), QPointF(x - width - 6, 30))
            x -= width + KEY_PX

    def _draw_hover(self, painter: QPainter, curve: Curve) -> None:
        if self._hover is None or self._hover >= len(curve.x):
            return
        tokens, area = self._theme.tokens, self._area
        at = curve.x[self._hover]
        painter.setPen(QPen(QColor(tokens.border_strong), 1))
        x = round(self._x(at)) + 0.5
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        words = self.read_out
        width, height = painter.fontMetrics().horizontalAdvance(words) + 16, 20.0
        left = min(max(x + 8, area.left()), area.right() - width)
        box = QRectF(left, area.top() + 4, width, height)
        painter.setPen(QPen(QColor(tokens.border_strong), 1))
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(tokens.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    @property
    def read_out(self) -> str:
        """What is told of the place under the pointer."""
        if self.curve is None or self._hover is None:
            return ""
        at = self.curve.x[self._hover]
        name, _, unit = self.curve.x_title.partition(", ")
        said = [f"{name} {number_text(at)} {unit}".strip()]
        values = [(name, values[self._hover]) for name, values in self.curve.lines if self._hover < len(values)]
        said += [f"{name} {number_text(value)}" for name, value in values if math.isfinite(value)]
        return "   ".join(said)

    # -- the pointer ---------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        places = [] if self.curve is None else [self._x(x) for x in self.curve.x]
        if not places:
            return
        near = min(range(len(places)), key=lambda at: abs(places[at] - event.position().x()))
        if near != self._hover:
            self._hover = near
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()


def _told(lines: list[Drawn], metrics: QFontMetrics, room_px: float) -> list[Drawn]:
    """Which ``lines`` the legend tells, each name once: the first, as many as there is room for."""
    told: dict[str, Drawn] = {}
    for line in lines:
        room_px -= 0 if line.name in told else metrics.horizontalAdvance(line.name) + KEY_PX
        if room_px < 0:
            break
        told.setdefault(line.name, line)
    return list(told.values())


def _ranges(kind: str, lines: list[Drawn], logarithmic: bool) -> tuple[tuple[float, float], tuple[float, float]]:
    """Of x, as it is scaled, and of y."""
    xs = [math.log10(x) if logarithmic else x for line in lines for x in line.x.tolist()]
    low, high = (min(xs), max(xs)) if xs else (0.0, 1.0)
    if kind == "start-up":
        low = 0.0
    if kind == "boluses":
        low, high = low - 0.5, high + 0.5
    ys = [y for line in lines for y in line.y.tolist()] + [0.0]
    least, most = min(ys), max(ys)
    air = AIR * ((most - least) or 1.0)
    below = air if least < 0 else 0.0
    return (low, high if high > low else low + 1.0), (least - below, most + air)
