"""The view box of the time, over all charts: it takes the hands, and has the cursors and the lane of events."""

import math
from collections.abc import Callable, Sequence

import pyqtgraph
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsSceneWheelEvent

from programmer_gui.plot.cursors import NAMES, Cursors
from programmer_gui.plot.data import Mark
from programmer_gui.plot.items import Frame, PixelItem
from programmer_gui.plot.look import MARK_COLORS, Look
from programmer_gui.plot.timeview import LONGEST_S, SHORTEST_S

LANE = 22.0  # of the event marks, above the first chart
#: 0.8 a notch: pyqtgraph zooms by 1.02 to the power of this an eighth of a degree.
WHEEL = math.log(0.8) / math.log(1.02) / 120
_NOTCH = 120
_PAN_A_NOTCH = 0.1  # of the width
_SIZE_PX = 4.5  # of a mark's shape, from its middle
_GRAB_PX = 10.0  # how wide a cursor is to the hand
_CENTRE = Qt.AlignmentFlag.AlignCenter
#: Corners by priority, from a mark's middle: bar, disc (none), diamond, triangle.
_SHAPES = (
    ((-0.35, -1), (0.35, -1), (0.35, 1), (-0.35, 1)),
    (),
    ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
    ((0, -1.15), (1.2, 1), (-1.2, 1)),
)


class TimeBox(pyqtgraph.ViewBox):
    """pyqtgraph's wheel and drag along the time; Shift and the wheel pan; ``pointed`` is a double click's time."""

    pointed = Signal(float)

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0)
        self.setMouseEnabled(y=False)
        self.state["wheelScaleFactor"] = WHEEL
        self.setLimits(minXRange=SHORTEST_S, maxXRange=LONGEST_S)
        self.setZValue(10)

    def wheelEvent(self, event: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        """Zooms about the pointer; with Shift, or sideways, pans."""
        sideways = event.orientation() == Qt.Orientation.Horizontal
        if not (sideways or event.modifiers() & Qt.KeyboardModifier.ShiftModifier):
            super().wheelEvent(event, axis)
            return
        begin, end = self.viewRange()[0]
        self.translateBy(x=-event.delta() / _NOTCH * _PAN_A_NOTCH * (end - begin))
        event.accept()
        self.sigRangeChangedManually.emit([True, False])

    def mouseClickEvent(self, event: MouseClickEvent) -> None:
        """Tells the time of a double click."""
        if event.double():
            self.pointed.emit(self.mapToView(event.pos()).x())


class CursorLines:
    """Two movable lines of pyqtgraph's that show ``cursors`` and move them."""

    def __init__(self, box: TimeBox, cursors: Cursors, moved: Callable[[], None]) -> None:
        self._cursors = cursors
        self._moved = moved
        self._lines = [self._line(box, index) for index in range(len(NAMES))]

    def set_look(self, look: Look) -> None:
        """Changes the colours."""
        for line in self._lines:
            line.setPen(look.color("accent"))
            line.setHoverPen(look.color("accent"))
            line.label.setFont(look.small)
            line.label.border = QPen(look.color("accent"))
        self._colors = [look.color(name) for name in ("accent", "accent_text", "surface")]

    def refresh(self) -> None:
        """Puts them where the cursors are; the letter of the one that keys move is filled."""
        accent, accent_text, surface = self._colors
        for index, line in enumerate(self._lines):
            line.setVisible(self._cursors.shown)
            if self._cursors.shown:
                active = index == self._cursors.active
                line.setValue(self._cursors.at[index])
                line.setZValue(active)
                line.label.fill = accent if active else surface
                line.label.setColor(accent_text if active else accent)

    def _line(self, box: TimeBox, index: int) -> pyqtgraph.InfiniteLine:
        options = {"position": 1.0, "anchors": [(0.5, 0.1), (0.5, 0.1)]}
        line = pyqtgraph.InfiniteLine(angle=90, movable=True, label=NAMES[index], labelOpts=options)
        line.addMarker("o", 0.99, _GRAB_PX)  # below the letter; it makes the line easier to take
        line.setCursor(Qt.CursorShape.SplitHCursor)
        line.sigDragged.connect(lambda line: self._move(index, line.value()))
        line.sigClicked.connect(lambda line, _event: self._move(index, line.value()))
        line.hide()
        box.addItem(line, ignoreBounds=True)
        return line

    def _move(self, index: int, x: float) -> None:
        self._cursors.move(index, x)
        self._moved()


class Lane(PixelItem):
    """The signs of events above the charts, and a ``note`` on the state of the picture at its right."""

    marks: Sequence[Mark] = ()
    note = ""

    def paint(self, painter: QPainter, *_: object) -> None:
        """In logical pixels.  Where several marks share one only the gravest is drawn."""
        frame = self._frame
        if frame is None:
            return
        gravest: dict[int, int] = {}
        for mark in self.marks:
            x = round(float(frame.x(mark.x)) / frame.ratio)
            gravest[x] = max(mark.priority, gravest.get(x, 0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        for x, priority in sorted(gravest.items(), key=lambda item: item[1]):
            painter.setBrush(frame.look.color(MARK_COLORS[priority]))
            _draw_shape(painter, QPointF(x, LANE - 8), priority)
        if self.note:
            self._draw_note(painter, frame)

    def _draw_note(self, painter: QPainter, frame: Frame) -> None:
        width = frame.look.small_metrics.horizontalAdvance(self.note) + 16
        box = QRectF(frame.area.right() - width, 2, width, LANE - 5)
        painter.setBrush(frame.look.color("accent_soft"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setFont(frame.look.small)
        painter.setPen(frame.look.color("text"))
        painter.drawText(box, _CENTRE, self.note)


def _draw_shape(painter: QPainter, at: QPointF, priority: int) -> None:
    corners = _SHAPES[priority]
    if corners:
        painter.drawPolygon(QPolygonF([at + QPointF(x, y) * _SIZE_PX for x, y in corners]))
    else:
        painter.drawEllipse(at, _SIZE_PX, _SIZE_PX)
