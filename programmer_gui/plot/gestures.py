"""What hands do on a canvas: wheel, drag, double click and keys, as changes to the view, a range or a cursor."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from programmer_gui.plot.chart import Chart

if TYPE_CHECKING:
    from programmer_gui.plot.canvas import Canvas

_ZOOM_A_NOTCH = 0.8
_PAN_A_NOTCH = 0.1  # of the width
_NOTCH = 120  # of a wheel, in eighths of a degree
_GRAB_PX = 6.0
_KEY_PAN = {Qt.Key.Key_Left: -0.1, Qt.Key.Key_Right: 0.1, Qt.Key.Key_PageUp: -0.5, Qt.Key.Key_PageDown: 0.5}
_CURSOR_STEP_PX = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Gestures:
    """The hands on one canvas.  A drag takes hold of a cursor, of the axis of a chart, or of the time."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._cursor: int | None = None
        self._axis: Chart | None = None
        self._last: QPointF | None = None

    def press(self, event: QMouseEvent) -> None:
        """Takes hold of what is there."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position()
        self._last = at
        self._cursor = self._cursor_at(at)
        self._axis = self._axis_at(at) if self._cursor is None else None
        if self._cursor is not None:
            self._canvas.cursors.active = self._cursor
            self._done()

    def move(self, event: QMouseEvent) -> None:
        """Drags what is held; else shows what could be."""
        at = event.position()
        if self._last is None:
            self._canvas.setCursor(self._shape(at))
            return
        by, self._last = at - self._last, at
        if self._cursor is not None:
            self._canvas.cursors.move(self._cursor, self._time(at.x()))
        elif self._axis is not None:
            place = self._canvas.places.charts[self._canvas.charts.index(self._axis)]
            scale = self._axis.range
            scale.pan(by.y() * (scale.high - scale.low) / place.plot.height())
        elif by.x():
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._canvas.view.pan(-by.x() * self._per_px())
        self._done()

    def release(self, event: QMouseEvent) -> None:
        """Lets go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._last = self._cursor = self._axis = None
            self._canvas.setCursor(self._shape(event.position()))

    def double_click(self, event: QMouseEvent) -> None:
        """On an axis: its range follows the data again.  On a chart: the active cursor comes here."""
        axis = self._axis_at(event.position())
        cursors = self._canvas.cursors
        if axis:
            axis.range.auto()
        else:
            if not cursors.shown:
                cursors.show(self._canvas.in_view)
            cursors.move(cursors.active, self._time(event.position().x()))
        self._done()

    def wheel(self, event: QWheelEvent) -> None:
        """Zooms the time about the pointer; with Shift, or sideways, pans it; on an axis zooms its range."""
        turn = event.angleDelta()
        notches = turn.y() / _NOTCH
        at = event.position()
        axis = self._axis_at(at)
        sideways = turn.x() / _NOTCH if turn.x() else notches
        if axis and notches:
            place = self._canvas.places.charts[self._canvas.charts.index(axis)].plot
            share = (place.bottom() - at.y()) / place.height()
            axis.range.zoom(_ZOOM_A_NOTCH**notches, axis.range.low + share * (axis.range.high - axis.range.low))
        elif turn.x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._canvas.view.pan(-sideways * _PAN_A_NOTCH * self._canvas.view.span_s)
        else:
            self._canvas.view.zoom(_ZOOM_A_NOTCH**notches, self._time(at.x()))
        event.accept()
        self._done()

    def key(self, event: QKeyEvent) -> bool:
        """Arrows, page keys and those that choose a cursor; False for any other."""
        key = Qt.Key(event.key())
        view, cursors = self._canvas.view, self._canvas.cursors
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if cursors.shown and key in _CURSOR_STEP_PX:
            step = _CURSOR_STEP_PX[key] * (10 if shift else 1)
            cursors.move(cursors.active, cursors.at[cursors.active] + step * self._canvas.in_view.per_px)
        elif cursors.shown and key in (Qt.Key.Key_A, Qt.Key.Key_B):
            cursors.active = int(key == Qt.Key.Key_B)
        elif key in _KEY_PAN:
            view.pan(_KEY_PAN[key] * view.span_s)
        else:
            return False
        self._done()
        return True

    def _done(self) -> None:
        self._canvas.update()
        self._canvas.handled.emit()

    def _per_px(self) -> float:
        """Seconds a logical pixel."""
        return self._canvas.in_view.span / self._canvas.places.lane.width()

    def _time(self, x: float) -> float:
        return self._canvas.in_view.begin + (x - self._canvas.places.lane.left()) * self._per_px()

    def _cursor_at(self, at: QPointF) -> int | None:
        cursors = self._canvas.cursors
        if not cursors.shown:
            return None
        reach = _GRAB_PX * self._per_px()
        apart = [abs(self._time(at.x()) - place) for place in cursors.at]
        nearest = apart.index(min(apart))
        return nearest if apart[nearest] <= reach else None

    def _axis_at(self, at: QPointF) -> Chart | None:
        rows = zip(self._canvas.charts, self._canvas.places.charts, strict=True)
        return next((chart for chart, place in rows if place.axis.contains(at)), None)

    def _shape(self, at: QPointF) -> Qt.CursorShape:
        if self._cursor_at(at) is not None:
            return Qt.CursorShape.SplitHCursor
        return Qt.CursorShape.SizeVerCursor if self._axis_at(at) else Qt.CursorShape.ArrowCursor
