"""The widget that paints a stack of charts.  It renders the model and nothing else; hands are in ``gestures``."""

import math

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from programmer_gui.plot.chart import Chart, Picture
from programmer_gui.plot.cursors import Cursors
from programmer_gui.plot.data import Mark, PlotData
from programmer_gui.plot.gestures import Gestures
from programmer_gui.plot.layout import Places, arrange
from programmer_gui.plot.legend import Legend
from programmer_gui.plot.look import Look
from programmer_gui.plot.paint import ChartPainter, axis_ticks
from programmer_gui.plot.ticks import Clock, time_text
from programmer_gui.plot.timeaxis import TimePainter, ticks_of
from programmer_gui.plot.timeview import TimeView, Window
from programmer_gui.tokens import LIGHT, Tokens

_LEAST_LEFT = 44.0
_LEFT_ROOM = 14.0  # beside the widest value of an axis
_REACH_PX = 6.0  # how near to a mark counts as on it


class Canvas(QWidget):
    """Charts one above the other over one time axis.  ``handled``: the view or a cursor was moved by hand."""

    handled = Signal()

    def __init__(self, data: PlotData, view: TimeView, cursors: Cursors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data = data
        self.view = view
        self.cursors = cursors
        self.charts: list[Chart] = []
        self.clock: Clock | None = None
        self.look = Look(LIGHT, self.font())
        self.painted = 0  # frames so far
        self._legends: list[Legend] = []
        self._left = _LEAST_LEFT
        self._focus_by_key = False  # only then does it need to be seen
        self._gestures = Gestures(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(320, 160))
        self.setAccessibleName("Charts over time")

    def add_chart(self, chart: Chart) -> None:
        """Puts ``chart`` below those that are there."""
        self.charts.append(chart)
        self._legends.append(Legend(chart.title, chart.unit, chart.curves, chart.band))
        self.setAccessibleDescription(", ".join(f"{one.title} in {one.unit}" for one in self.charts))
        self.update()

    def set_theme(self, tokens: Tokens) -> None:
        """Changes the colours."""
        self.look = Look(tokens, self.font())
        self.update()

    @property
    def places(self) -> Places:
        """Where everything lies now."""
        size, weights = self.size(), [chart.weight for chart in self.charts]
        return arrange(size.width(), size.height(), self.devicePixelRatioF(), self._left, weights)

    @property
    def in_view(self) -> Window:
        """The stretch of time in view."""
        return self.view.window(self.places.columns)

    def mark_at(self, x: float, y: float) -> Mark | None:
        """The gravest event whose sign is at that place."""
        lane, window = self.places.lane, self.in_view
        if not lane.top() <= y <= lane.bottom():
            return None
        per_px = window.span / lane.width()
        at = window.begin + (x - lane.left()) * per_px
        near = self.data.marks_between(at - _REACH_PX * per_px, at + _REACH_PX * per_px)
        return max(near, key=lambda mark: (mark.priority, -abs(mark.x - at)), default=None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws the whole picture."""
        pictures = self._pictures()
        self._make_room(pictures)
        places, window = self.places, self.in_view
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.look.color("surface"))
        self._paint_charts(painter, places, window, pictures)
        self._paint_time(painter, places, window)
        if self._focus_by_key and self.hasFocus():
            painter.setPen(self.look.hairline("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()
        self.painted += 1

    @property
    def _until(self) -> float:
        """What comes after that isn't shown: a paused picture stays as it is."""
        return self.view.now if self.view.paused else math.inf

    def _marks(self, window: Window) -> list[Mark]:
        return self.data.marks_between(window.begin, min(window.end, self._until))

    def _pictures(self) -> list[Picture]:
        window = self.in_view
        lookups = self.data.lookups(window)
        return [chart.picture(window, lookups) for chart in self.charts]

    def _make_room(self, pictures: list[Picture]) -> None:
        """Gives the values of all axes one strip, wide enough for the widest; a wider one than needed stays a while."""
        width = self.look.small_metrics.horizontalAdvance
        shown = zip(self.places.charts, pictures, strict=True)
        widest = max((width(tick.text) for place, one in shown for tick in axis_ticks(place, one)), default=0.0)
        needed = max(widest + _LEFT_ROOM, _LEAST_LEFT)
        if not needed <= self._left <= needed + 12:
            self._left = needed
            pictures[:] = self._pictures()

    def _paint_charts(self, painter: QPainter, places: Places, window: Window, pictures: list[Picture]) -> None:
        charts = ChartPainter(painter, self.look, window, places.ratio)
        times = ticks_of(places, window, self.clock)
        marks = self._marks(window)
        gaps = [(begin, min(end, self._until)) for begin, end in self.data.gaps if begin < self._until]
        chosen = self.cursors.interval if self.cursors.shown else None
        for chart, place, picture in zip(self.charts, places.charts, pictures, strict=True):
            charts.shade(place, gaps, chosen)
            band = chart.band.color if chart.band else "band"
            charts.curves(place, picture, chart.curves, band, times)
            charts.mark_lines(place, marks)
            charts.axis(place, picture)
        time = TimePainter(painter, self.look, places, window)
        if self.cursors.shown:
            time.cursor_lines(self.cursors)
        for chart, legend, place in zip(self.charts, self._legends, places.charts, strict=True):
            legend.draw(painter, self.look, place, [chart.latest(spec, self.view.now) for spec in chart.curves])

    def _paint_time(self, painter: QPainter, places: Places, window: Window) -> None:
        time = TimePainter(painter, self.look, places, window)
        time.axis(ticks_of(places, window, self.clock), self.clock.zone if self.clock else "")
        time.marks(self._marks(window))
        if self.cursors.shown:
            time.cursor_flags(self.cursors)
        if self.view.paused:
            time.note(f"Picture paused at {time_text(self.view.now, 1.0, self.clock)}")

    def event(self, event: QEvent) -> bool:
        """Tool tips of events."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            mark = self.mark_at(event.pos().x(), event.pos().y())
            if mark:
                text = f"{time_text(mark.x, 1.0, self.clock)}  {mark.title}"
                QToolTip.showText(event.globalPos(), f"{text}\n{mark.detail}" if mark.detail else text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._gestures.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._gestures.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._gestures.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._gestures.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._gestures.wheel(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._focus_by_key = event.reason() in by_key
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._gestures.key(event):
            super().keyPressEvent(event)
