"""pyqtgraph's widget with a stack of charts: view boxes and axes one above the other, and one over all for the time."""

import math
from itertools import accumulate

import pyqtgraph
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from programmer_gui.plot.axes import TimeAxis
from programmer_gui.plot.boxes import HandBox
from programmer_gui.plot.chart import Chart
from programmer_gui.plot.cursors import Cursors
from programmer_gui.plot.data import PlotData
from programmer_gui.plot.items import Scene
from programmer_gui.plot.look import SMALL_PX, Look
from programmer_gui.plot.overlay import Overlay
from programmer_gui.plot.room import LANE, TIME_AXIS, least_height, share
from programmer_gui.plot.ticks import Clock, time_text
from programmer_gui.plot.timeview import LONGEST_S, SHORTEST_S, TimeView, Window
from programmer_gui.tokens import LIGHT, Tokens

_LEAST_LEFT = 44.0
_LEFT_ROOM = 14.0  # beside the widest value of an axis
_TOO_WIDE = 12
_RIGHT = 14
_LEAST = QSize(320, 160)
_KEY_PAN = {Qt.Key.Key_Left: -0.1, Qt.Key.Key_Right: 0.1, Qt.Key.Key_PageUp: -0.5, Qt.Key.Key_PageDown: 0.5}
_CURSOR_STEP_PX = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Canvas(pyqtgraph.GraphicsLayoutWidget):
    """Charts over one time axis.  ``handled``: the view, a range or a cursor was moved by hand."""

    handled = Signal()
    moment_asked = Signal(float)  # a hand wants the playhead there

    def __init__(self, data: PlotData, view: TimeView, cursors: Cursors) -> None:
        super().__init__()
        self.data = data
        self.view = view
        self.cursors = cursors
        self.charts: list[Chart] = []
        self.look = Look(LIGHT, self.font())
        self.painted = 0  # frames so far
        self.playhead: float | None = None  # seconds; None for no recording
        self.time_axis = TimeAxis()
        self._zone = pyqtgraph.LabelItem(justify="left")  # which the times are of
        self.time_box = HandBox(HandBox.XAxis, SHORTEST_S, LONGEST_S)
        self._overlay = Overlay(self.time_box, cursors, self.handled.emit, self.moment_asked.emit)
        self._left = _LEAST_LEFT
        self._focus_by_key = False  # only then does it need to be seen
        self._prepare()

    def _prepare(self) -> None:
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)  # all of it scrolls
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(_LEAST)
        self.setAccessibleName("Charts over time")
        self.ci.layout.setContentsMargins(0, 0, _RIGHT, 0)
        self.ci.layout.setSpacing(0)
        self.ci.layout.setRowFixedHeight(0, LANE)
        self.time_box.setParentItem(self.ci)
        self.time_box.setZValue(10)  # it is the one below the hands, and the legends above the cursors
        self.time_axis.linkToView(self.time_box)
        self.time_box.moved.connect(self._moved)
        self.time_box.pointed.connect(self._pointed)
        self.time_box.clicked.connect(self._clicked)
        self.set_theme(LIGHT)

    def add_chart(self, chart: Chart) -> None:
        """Puts ``chart`` below those that are there."""
        chart.join(self.handled.emit)
        chart.set_look(self.look)
        if self.charts:
            self.removeItem(self.time_axis)
            self.removeItem(self._zone)
        at = 2 * len(self.charts) + 1
        self.charts.append(chart)
        self.addItem(chart.legend, at, 1)
        self.addItem(chart.axis, at + 1, 0)
        self.addItem(chart.box, at + 1, 1)
        self.addItem(self._zone, at + 2, 0)
        self.addItem(self.time_axis, at + 2, 1)
        self.setMinimumHeight(max(_LEAST.height(), round(least_height(len(self.charts)))))
        self.setAccessibleDescription(", ".join(f"{one.title} in {one.unit}" for one in self.charts))
        self._arrange()

    def set_theme(self, tokens: Tokens) -> None:
        """Changes the colours."""
        self.look = Look(tokens, self.font())
        self.setBackground(self.look.color("surface"))
        self.time_axis.set_look(self.look)
        self._overlay.set_look(self.look)
        for chart in self.charts:
            chart.set_look(self.look)
        self.set_clock(self.clock)

    def set_clock(self, clock: Clock | None) -> None:
        """Time of day on the axis; None for the time since its zero."""
        self.time_axis.clock = clock
        color = self.look.color("muted").name()
        self._zone.setText(clock.zone if clock else "", color=color, size=f"{SMALL_PX}px")
        self.refresh()

    @property
    def clock(self) -> Clock | None:
        """Of the time axis; None for the time since its zero."""
        return self.time_axis.clock

    @property
    def in_view(self) -> Window:
        """The stretch of time in view."""
        return self.view.window(max(1, round(self.time_box.width() * self.devicePixelRatioF())))

    def refresh(self) -> None:
        """Makes the picture; it is painted once, when the event loop is back."""
        if not self.charts:
            return
        scene = self._scene()
        lookups = self.data.lookups(scene.window)
        for chart in self.charts:
            chart.refresh(scene, lookups)
        if self._make_room():
            self.refresh()
            return
        paused_at = time_text(self.view.now, 1.0, self.clock)
        self._overlay.refresh(scene, f"Picture paused at {paused_at}" if self.view.paused else "")
        self.scene().prepareForPaint()  # else all transforms change while painting, and it is painted twice

    def _scene(self) -> Scene:
        window = self.in_view
        until = self.view.now if self.view.paused else math.inf  # a paused picture stays as it is
        end = min(window.end, until)
        return Scene(
            self.look,
            window,
            self.devicePixelRatioF(),
            self.view.now if self.playhead is None else self.playhead,
            self.clock,
            [tick.at for tick in self.time_axis.ticks(window.begin, window.end)],
            self.data.marks.seen(window, end, self.devicePixelRatioF()),
            self.data.gaps.seen(window, end),
            self.cursors.interval if self.cursors.shown else None,
            self.playhead,
        )

    def _make_room(self) -> bool:
        """Makes the left strip wide enough for the widest value; one wider than needed stays a while."""
        needed = max(max(chart.label_width for chart in self.charts) + _LEFT_ROOM, _LEAST_LEFT)
        if needed <= self._left <= needed + _TOO_WIDE:
            return False
        self._left = needed
        self._arrange()
        return True

    def _arrange(self) -> None:
        """Shares the height among the charts, in whole device pixels, down to the axis of time."""
        ratio, layout = self.devicePixelRatioF(), self.ci.layout
        layout.setColumnFixedWidth(0, _snap(self._left, ratio))
        layout.setColumnFixedWidth(1, _snap(max(self.width() - self._left - _RIGHT, 1), ratio))
        room = share(self.height(), [chart.weight for chart in self.charts])
        edges = [_snap(edge, ratio) for edge in accumulate(room.plots, initial=0.0)]
        for at, chart in enumerate(self.charts):
            layout.setRowFixedHeight(2 * at + 1, room.header)
            layout.setRowSpacing(2 * at, room.gap if at else 0)
            layout.setRowFixedHeight(2 * at + 2, edges[at + 1] - edges[at])
            chart.axis.setWidth(_snap(self._left, ratio))
        layout.setRowFixedHeight(2 * len(self.charts) + 1, TIME_AXIS)
        self.time_axis.setHeight(TIME_AXIS)
        layout.activate()
        if self.charts:
            box = self.charts[-1].box.geometry()
            self.time_box.setGeometry(QRectF(box.left(), 0, box.width(), box.bottom()))

    def _moved(self, begin: float, end: float) -> None:
        self.view.show(begin, end)
        self.handled.emit()

    def _pointed(self, x: float) -> None:
        if not self.cursors.shown:
            self.cursors.show(self.in_view)
        self.cursors.move(self.cursors.active, x)
        self.handled.emit()

    def _clicked(self, x: float) -> None:
        if self.playhead is not None:
            self.moment_asked.emit(x)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        if event and hasattr(self, "charts"):  # pyqtgraph calls it while it is being made
            self._arrange()
        super().resizeEvent(event)
        if event and hasattr(self, "charts"):
            self._arrange()
            self.refresh()

    def sizeHint(self) -> QSize:
        return QSize(self.minimumSize())  # the table of the cursors comes first

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted += 1

    def drawForeground(self, painter: QPainter, area: QRectF) -> None:
        """The frame of the focus."""
        if self._focus_by_key and self.hasFocus():
            painter.setPen(self.look.hairline("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._focus_by_key = event.reason() in by_key
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, page keys and those that choose a cursor."""
        key, view, cursors = Qt.Key(event.key()), self.view, self.cursors
        if cursors.shown and key in _CURSOR_STEP_PX:
            step = _CURSOR_STEP_PX[key] * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            cursors.move(cursors.active, cursors.at[cursors.active] + step * self.in_view.per_px)
        elif cursors.shown and key in (Qt.Key.Key_A, Qt.Key.Key_B):
            cursors.active = int(key == Qt.Key.Key_B)
        elif key in _KEY_PAN:
            view.pan(_KEY_PAN[key] * view.span_s)
        else:
            event.ignore()
            return
        self.handled.emit()


def _snap(value: float, ratio: float) -> float:
    return round(value * ratio) / ratio
