"""The shared time: the axis below the last chart, the lane of event marks above the first, the cursors across all."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from programmer_gui.plot.cursors import NAMES, Cursors
from programmer_gui.plot.data import Mark
from programmer_gui.plot.layout import Places
from programmer_gui.plot.look import MARK_COLORS, Look
from programmer_gui.plot.ticks import Clock, Tick, time_ticks
from programmer_gui.plot.timeview import Window

_COLUMN_PX = 100  # between marks
_TICK_PX = 4
_SIZE_PX = 4.5  # of a mark's shape, from its middle
_FLAG_PX = 16.0
_ZONE_GAP_PX = 4.0
_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter
#: Corners by priority, from a mark's middle: bar, disc (none), diamond, triangle.
_SHAPES = (
    ((-0.35, -1), (0.35, -1), (0.35, 1), (-0.35, 1)),
    (),
    ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
    ((0, -1.15), (1.2, 1), (-1.2, 1)),
)


def ticks_of(places: Places, window: Window, clock: Clock | None) -> list[Tick]:
    """The marks of the time axis."""
    return time_ticks(window.begin, window.end, max(2, int(places.time_axis.width() / _COLUMN_PX)), clock)


class TimePainter:
    """Draws over one ``window``."""

    def __init__(self, painter: QPainter, look: Look, places: Places, window: Window) -> None:
        self._painter = painter
        self._look = look
        self._places = places
        self._window = window

    def x(self, at: float) -> float:
        """Logical pixels from the left of the canvas to time ``at``."""
        return self._places.lane.left() + (at - self._window.begin) / self._window.per_px / self._places.ratio

    def axis(self, ticks: Sequence[Tick], zone: str = "") -> None:
        """Times below the last chart, and at the left which ``zone`` they are of."""
        painter, area, look = self._painter, self._places.time_axis, self._look
        painter.setFont(look.small)
        painter.setPen(look.color("muted"))
        least_left = look.small_metrics.horizontalAdvance(zone) + _ZONE_GAP_PX if zone else 0.0
        painter.drawText(QRectF(0, area.top() + _TICK_PX, least_left, area.height() - _TICK_PX - 2), _MIDDLE, zone)
        for tick in ticks:
            x = self.x(tick.at)
            painter.setPen(look.hairline("border_strong"))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.top() + _TICK_PX))
            painter.setFont(look.small)
            painter.setPen(look.color("text" if tick.major else "muted"))
            half = look.small_metrics.horizontalAdvance(tick.text) / 2 + 1
            left = min(max(x - half, least_left), area.right() + 12 - 2 * half)
            box = QRectF(left, area.top() + _TICK_PX, 2 * half, area.height() - _TICK_PX - 2)
            painter.drawText(box, _CENTRE, tick.text)

    def marks(self, marks: Sequence[Mark]) -> None:
        """The lane of events.  Where several share a pixel only the gravest is drawn."""
        lane = self._places.lane
        gravest: dict[int, int] = {}
        for mark in marks:
            x = round(self.x(mark.x))
            gravest[x] = max(mark.priority, gravest.get(x, 0))
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._painter.setPen(Qt.PenStyle.NoPen)
        for x, priority in sorted(gravest.items(), key=lambda item: item[1]):
            self._draw_shape(QPointF(x, lane.bottom() - 8), priority)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def cursor_lines(self, cursors: Cursors) -> None:
        """Both cursors, down through all charts."""
        self._painter.setPen(QPen(self._look.color("accent"), 1.0))
        for index in self._in_view(cursors):
            x = self.x(cursors.at[index])
            self._painter.drawLine(QPointF(x, self._places.lane.top()), QPointF(x, self._places.time_axis.top()))

    def cursor_flags(self, cursors: Cursors) -> None:
        """The letter of each; that of the one that keys move is filled."""
        for index in self._in_view(cursors):
            self._draw_flag(self.x(cursors.at[index]), NAMES[index], index == cursors.active)

    def note(self, text: str) -> None:
        """A word on the state of the picture, at the right of the lane."""
        look, lane = self._look, self._places.lane
        width = look.small_metrics.horizontalAdvance(text) + 16
        box = QRectF(lane.right() - width, lane.top() + 2, width, lane.height() - 5)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(look.color("accent_soft"))
        self._painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._painter.setFont(look.small)
        self._painter.setPen(look.color("text"))
        self._painter.drawText(box, _CENTRE, text)

    def _draw_shape(self, at: QPointF, priority: int) -> None:
        self._painter.setBrush(self._look.color(MARK_COLORS[priority]))
        corners = _SHAPES[priority]
        if corners:
            self._painter.drawPolygon(QPolygonF([at + QPointF(x, y) * _SIZE_PX for x, y in corners]))
        else:
            self._painter.drawEllipse(at, _SIZE_PX, _SIZE_PX)

    def _in_view(self, cursors: Cursors) -> list[int]:
        """The active one last, to lie on top."""
        lane = self._places.lane
        order = (1 - cursors.active, cursors.active)
        return [index for index in order if lane.left() - 1 <= self.x(cursors.at[index]) <= lane.right() + 1]

    def _draw_flag(self, x: float, name: str, active: bool) -> None:
        painter, look = self._painter, self._look
        painter.setPen(QPen(look.color("accent"), 1.0))
        box = QRectF(x - _FLAG_PX / 2, self._places.lane.top() + 1, _FLAG_PX, _FLAG_PX)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(look.color("accent" if active else "surface"))
        painter.drawRoundedRect(box, 3, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(look.small)
        painter.setPen(look.color("accent_text" if active else "accent"))
        painter.drawText(box, _CENTRE, name)
