"""Refills of a pump side by side: by how much each one's volume was off, with the band that accuracy explains."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from programmer_gui.plot.ticks import value_ticks
from programmer_gui.theme import Theme
from rig import ledger
from rig.firmware.reservoir import ACCURACY_PERMILLE
from rig.moments import date_text
from rig.therapy.refill import permille

LEFT, RIGHT, TOP, BOTTOM = 56, 16, 28, 24
MOST = 24  # the latest refills: more can't be told apart
LEAST_PERCENT, HIGHEST_PERCENT = 25.0, 100.0
NOTHING = "No refill of this pump is known yet; this one will be the first."
RIGHT_ALIGNED = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RefillTrend(QWidget):
    """Points in per cent of what was delivered; the refill under way is hollow until it is recorded."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._refills: tuple[ledger.Refill, ...] = ()
        self._now: float | None = None
        self.setMinimumHeight(152)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Discrepancy of past refills, in per cent of what was delivered")
        theme.changed.connect(self.update)

    def show_refills(self, refills: tuple[ledger.Refill, ...], now_permille: int | None = None) -> None:
        """Past ones, oldest first, and the one under way."""
        self._refills = refills[-MOST:]
        self._now = None if now_permille is None else now_permille / 10
        said = [f"{date_text(one.utc_s * 1_000_000)[:10]}: {percent_text(one)}" for one in self._refills]
        self.setAccessibleDescription("; ".join(said) or NOTHING)
        self.update()

    def _points(self) -> list[float | None]:
        """Per cent each, the one under way last."""
        past = [permille(one.difference_nl, one.delivered_nl) for one in self._refills]
        return [None if value is None else value / 10 for value in past] + [self._now]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        area = QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)
        points = self._points()
        known = [abs(value) for value in points if value is not None]
        top = min(HIGHEST_PERCENT, max([LEAST_PERCENT, *(value * 1.15 for value in known)]))
        self._draw_axes(painter, area, top)
        if not self._refills:
            painter.setPen(QColor(self._theme.tokens.muted))
            painter.drawText(QRectF(LEFT, self.height() - BOTTOM + 4, area.width(), 16), 0, NOTHING)
        else:
            self._draw_dates(painter, area, len(points))
        self._draw_points(painter, area, top, points)
        painter.end()

    def _draw_axes(self, painter: QPainter, area: QRectF, top: float) -> None:
        tokens, band = self._theme.tokens, ACCURACY_PERMILLE / 10
        high, low = self._y(area, band, top), self._y(area, -band, top)
        painter.fillRect(QRectF(area.left(), high, area.width(), low - high), QColor(tokens.band))
        for tick in value_ticks(0.0, top, 3):
            for sign in (1, -1) if tick.at else (1,):
                y = round(self._y(area, sign * tick.at, top)) + 0.5
                painter.setPen(QPen(QColor(tokens.grid if tick.at else tokens.border_strong), 1))
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
                painter.setPen(QColor(tokens.muted))
                text = tick.text if not tick.at else f"{'+' if sign > 0 else '−'}{tick.text}"
                painter.drawText(QRectF(0, y - 8, LEFT - 8, 16), RIGHT_ALIGNED, text)
        painter.setPen(QColor(tokens.muted))
        title = f"Discrepancy, % of what was delivered  ·  shaded: the pump's accuracy, ±{band:g} %"
        painter.drawText(QRectF(0, 4, self.width(), 16), Qt.AlignmentFlag.AlignLeft, title)

    def _draw_dates(self, painter: QPainter, area: QRectF, count: int) -> None:
        painter.setPen(QColor(self._theme.tokens.muted))
        y = area.bottom() + 6
        for at, align in ((0, Qt.AlignmentFlag.AlignLeft), (len(self._refills) - 1, Qt.AlignmentFlag.AlignHCenter)):
            if at and area.width() * at / count < 96:
                continue
            x = self._x(area, at, count)
            box = QRectF(area.left() if not at else x - 48, y, 96, 16)
            painter.drawText(box, align, date_text(self._refills[at].utc_s * 1_000_000)[:10])
        if self._now is not None:
            painter.drawText(
                QRectF(self._x(area, count - 1, count) - 24, y, 48, 16), Qt.AlignmentFlag.AlignHCenter, "now"
            )

    def _draw_points(self, painter: QPainter, area: QRectF, top: float, points: list[float | None]) -> None:
        tokens, band = self._theme.tokens, ACCURACY_PERMILLE / 10
        places = [
            (QPointF(self._x(area, at, len(points)), self._y(area, max(-top, min(top, value)), top)), value, at)
            for at, value in enumerate(points)
            if value is not None
        ]
        painter.setPen(QPen(QColor(tokens.border_strong), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([place for place, _, _ in places]))
        for place, value, at in places:
            colour = QColor(tokens.alarm_medium if abs(value) > band else tokens.delivered)
            under_way = at == len(points) - 1
            painter.setPen(QPen(colour, 2))
            painter.setBrush(QColor(tokens.surface) if under_way else colour)
            if abs(value) > band:  # a triangle, not the colour alone
                r = 5.5
                painter.drawPolygon(QPolygonF([place + QPointF(0, -r), place + QPointF(r, r), place + QPointF(-r, r)]))
            else:
                painter.drawEllipse(place, 4.0, 4.0)

    @staticmethod
    def _x(area: QRectF, at: int, count: int) -> float:
        return float(area.left() + area.width() * (at + 0.5) / count)

    @staticmethod
    def _y(area: QRectF, percent: float, top: float) -> float:
        return float(area.center().y() - area.height() / 2 * percent / top)


def percent_text(refill: ledger.Refill) -> str:
    """ "+12.3 %", or a dash where too little was delivered to say."""
    value = permille(refill.difference_nl, refill.delivered_nl)
    return "–" if value is None else f"{value / 10:+.1f} %".replace("-", "−")
