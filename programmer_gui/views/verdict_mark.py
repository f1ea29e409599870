"""A step's state or a verdict as a shape and a colour: the shape alone says which."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

Draw = Callable[[QPainter, QPointF, float], None]


def draw_mark(painter: QPainter, state: str, area: QRectF, colour: QColor, ground: QColor) -> None:
    """The mark of ``state``, one of script_steps.ROLES, in the middle of ``area``: in ``colour``, with what stands
    on it in ``ground``."""
    r = min(area.width(), area.height()) / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    shape = _SHAPES.get(state)
    if shape is not None:
        shape(painter, area.center(), r)
        pen = QPen(ground, max(1.6, r * 0.26), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        _SIGNS[state](painter, area.center(), r)
    else:  # it has no verdict yet, or none
        painter.setPen(QPen(colour, max(1.4, r * 0.18)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        _PLAIN[state](painter, area.center(), r)
    painter.restore()


def _disc(painter: QPainter, at: QPointF, r: float) -> None:
    painter.drawEllipse(at, r, r)


def _square(painter: QPainter, at: QPointF, r: float) -> None:
    side = 0.9 * r
    painter.drawRoundedRect(QRectF(at.x() - side, at.y() - side, 2 * side, 2 * side), 0.25 * r, 0.25 * r)


def _triangle(painter: QPainter, at: QPointF, r: float) -> None:
    top, low = QPointF(0, -r), 0.86 * r
    painter.drawPolygon(QPolygonF([at + top, at + QPointF(1.06 * r, low), at + QPointF(-1.06 * r, low)]))


def _octagon(painter: QPainter, at: QPointF, r: float) -> None:
    near = 0.41 * r
    corners = [(near, -r), (r, -near), (r, near), (near, r), (-near, r), (-r, near), (-r, -near), (-near, -r)]
    painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))


def _tick(painter: QPainter, at: QPointF, r: float) -> None:
    points = [(-0.45, 0.03), (-0.12, 0.36), (0.46, -0.32)]
    painter.drawPolyline(QPolygonF([at + QPointF(x * r, y * r) for x, y in points]))


def _cross(painter: QPainter, at: QPointF, r: float) -> None:
    a = 0.38 * r
    painter.drawLine(at + QPointF(-a, -a), at + QPointF(a, a))
    painter.drawLine(at + QPointF(-a, a), at + QPointF(a, -a))


def _about(painter: QPainter, at: QPointF, r: float) -> None:
    """Two waves: "about equal"."""
    for y in (0.12, 0.5):
        points = [(-0.42, y + 0.06), (-0.2, y - 0.08), (0.08, y + 0.08), (0.4, y - 0.06)]
        painter.drawPolyline(QPolygonF([at + QPointF(px * r, py * r) for px, py in points]))


def _bang(painter: QPainter, at: QPointF, r: float) -> None:
    painter.drawLine(at + QPointF(0, -0.5 * r), at + QPointF(0, 0.1 * r))
    painter.drawPoint(at + QPointF(0, 0.48 * r))


def _arrow(painter: QPainter, at: QPointF, r: float) -> None:
    points = [(-0.22, -0.4), (0.3, 0.0), (-0.22, 0.4)]
    painter.drawPolyline(QPolygonF([at + QPointF(x * r, y * r) for x, y in points]))


def _lines(painter: QPainter, at: QPointF, r: float) -> None:
    """What is said: two lines of words."""
    painter.drawLine(at + QPointF(-0.42 * r, -0.22 * r), at + QPointF(0.42 * r, -0.22 * r))
    painter.drawLine(at + QPointF(-0.42 * r, 0.2 * r), at + QPointF(0.12 * r, 0.2 * r))


def _ring(painter: QPainter, at: QPointF, r: float) -> None:
    painter.drawEllipse(at, 0.55 * r, 0.55 * r)


def _dash(painter: QPainter, at: QPointF, r: float) -> None:
    painter.drawLine(at + QPointF(-0.5 * r, 0), at + QPointF(0.5 * r, 0))


_SHAPES: dict[str, Draw] = {
    "pass": _disc,
    "fail": _square,
    "inconclusive": _triangle,
    "error": _octagon,
    "running": _disc,
    "asked": _square,
}
_SIGNS: dict[str, Draw] = {
    "pass": _tick,
    "fail": _cross,
    "inconclusive": _about,
    "error": _bang,
    "running": _arrow,
    "asked": _lines,
}
_PLAIN: dict[str, Draw] = {"waiting": _ring, "skipped": _dash}


class VerdictMark(QWidget):
    """One, as large as it is asked for."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._state, self._colours = "waiting", (QColor(), QColor())
        self.setFixedSize(size, size)

    def show_state(self, state: str, colour: str, ground: str) -> None:
        """One of script_steps.ROLES, in these colours."""
        self._state, self._colours = state, (QColor(colour), QColor(ground))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_mark(painter, self._state, QRectF(self.rect()).adjusted(1, 1, -1, -1), *self._colours)
        painter.end()
