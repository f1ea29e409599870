"""Drawing the schedule with the mouse: drag a step to move it, an edge to resize it, an empty place to add one.

Alt or Shift for single minutes.
"""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QToolTip

from programmer_gui.models import schedule
from programmer_gui.models.schedule import DAY, Block
from programmer_gui.models.scheduling import FULL, ScheduleModel
from programmer_gui.theme import Theme
from programmer_gui.views.schedule_view import LEFT, ScheduleCanvas

SNAP, FINE = 15, 1  # minutes
EDGE = 6  # px on both sides of an edge
STARTED = 4  # px from which on a press is a drag
FINER = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier

Part = Literal["start", "end", "body", "new"]


@dataclass
class Drag:
    """A press of the mouse on its way."""

    part: Part
    at: float  # minute of the press
    x: float
    lane: int
    block: Block | None
    merge: str
    begun: bool = False


class ScheduleDragging(ScheduleCanvas):
    """Emits ``type_asked`` where the selected step is to be typed instead."""

    type_asked = Signal()

    def __init__(self, model: ScheduleModel, theme: Theme) -> None:
        super().__init__(model, theme)
        self._drag: Drag | None = None
        self.setMouseTracking(True)

    def cancel_drag(self) -> bool:
        """Takes back what is being dragged; False where nothing is."""
        if self._drag is None:
            return False
        if self._drag.begun:
            self.model.program.undo_stack.undo()
        self._drag, self.hint = None, ""
        return True

    def add(self, lane: int | None = None, start: int | None = None) -> None:
        """Adds a step, or says why not."""
        if not self.model.add(lane, start):
            QToolTip.showText(self.mapToGlobal(QPoint(LEFT, 0)), FULL, self)

    def hit(self, at: QPoint) -> tuple[Block, Part] | None:
        """What is at a point, the selected step first."""
        order = sorted(self.model.blocks, key=lambda block: (block.path, block.lane) != self._chosen())
        for block in order:
            rects = self.rects(block)
            for place, rect in enumerate(rects):
                strip = self.strip((block.lane + place) % max(1, self.model.lanes))
                if not (
                    strip.top() <= at.y() <= strip.bottom() and rect.left() - EDGE <= at.x() <= rect.right() + EDGE
                ):
                    continue
                edge = min(EDGE, rect.width() / 3) if rect.left() <= at.x() <= rect.right() else EDGE
                if place == 0 and abs(at.x() - rect.left()) <= edge:
                    return block, "start"
                if place == len(rects) - 1 and abs(at.x() - rect.right()) <= edge:
                    return block, "end"
                if rect.left() <= at.x() <= rect.right():
                    return block, "body"
        return None

    def _chosen(self) -> tuple[str, int]:
        return self.model.selected, self.model.lane

    def lane_at(self, y: float) -> int:
        """The day there."""
        lanes = max(1, self.model.lanes)
        return next((lane for lane in range(lanes) if y <= self.strip(lane).bottom()), lanes - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.model.lanes:
            return
        at, found = event.position(), self.hit(event.position().toPoint())
        minute, merge, lane = self.minute_of(at.x()), self.model.new_drag(), self.lane_at(at.y())
        if found:
            block, part = found
            self.model.select(block.path, block.lane)
            self._drag = Drag(part, minute, at.x(), block.lane, block, merge)
        else:
            self.model.select("", lane)
            self._drag = Drag("new", minute, at.x(), lane, None, merge) if at.x() >= LEFT else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drag, x = self._drag, event.position().x()
        if drag is None:
            self._show_cursor(event.position().toPoint())
            return
        if not drag.begun and abs(x - drag.x) < STARTED:
            return
        drag.begun = True
        snap = FINE if event.modifiers() & FINER else SNAP
        self._drag_to(drag, self.minute_of(x), snap)

    def _drag_to(self, drag: Drag, minute: float, snap: int) -> None:
        if drag.part == "new":
            self._draw_new(drag, minute, snap)
            return
        block = drag.block
        assert block is not None
        by = minute - drag.at
        start, end = block.start, block.end
        if drag.part == "body":
            start = snapped(start + by, snap)
            if self.model.lanes > 1:
                start = max(0, min(DAY - snap, start))
            end = start + block.length
        elif drag.part == "start":
            start = max(end - DAY, min(end - snap, snapped(start + by, snap)))
            start = max(0, start) if self.model.lanes > 1 else start
        else:
            end = max(start + snap, min(start + DAY, snapped(end + by, snap)))
        self.model.place(block.path, start, end, drag.merge)
        self._hint(start, end)

    def _draw_new(self, drag: Drag, minute: float, snap: int) -> None:
        """Adds a step at the first move, and resizes it from then on."""
        first = max(0, min(DAY, snapped(drag.at, snap)))
        last = max(0, min(DAY, snapped(minute, snap)))
        start, end = min(first, last), max(first, last, min(first, last) + snap)
        if drag.block is None:
            if not self.model.add(drag.lane, start, end, drag.merge):
                self._drag = None
                QToolTip.showText(self.mapToGlobal(QPoint(round(drag.x), 0)), FULL, self)
                return
            drag.block = self.model.block
        elif drag.block is not None:
            self.model.place(drag.block.path, start, end, drag.merge)
        self._hint(start, end)

    def _hint(self, start: int, end: int) -> None:
        self.hint = f"{schedule.clock(start)}–{schedule.clock(end, end=True)}"
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag, self.hint = None, ""
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self.hit(at.toPoint()):
            self.type_asked.emit()
        elif at.x() >= LEFT:
            start = max(0, min(DAY - SNAP, snapped(self.minute_of(at.x()) - SNAP / 2, SNAP)))
            self.add(self.lane_at(at.y()), start)

    def _show_cursor(self, at: QPoint) -> None:
        found = self.hit(at)
        shapes = {"body": Qt.CursorShape.OpenHandCursor, "start": Qt.CursorShape.SizeHorCursor}
        shapes["end"] = Qt.CursorShape.SizeHorCursor
        self.setCursor(shapes.get(found[1], Qt.CursorShape.ArrowCursor) if found else Qt.CursorShape.CrossCursor)


def snapped(minute: float, snap: int) -> int:
    """The nearest multiple of ``snap`` minutes."""
    return round(minute / snap) * snap
