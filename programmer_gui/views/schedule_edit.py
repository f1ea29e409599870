"""Editing the drawn schedule with mouse and keys.

Drag a step to move it, an edge to resize it, an empty place to add one; Alt or Shift for single minutes.  Keys: arrows
move, with Shift they resize, up and down change the rate, Tab goes on, Insert adds, Delete removes, Return types.
"""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QMenu, QToolTip

from programmer_gui.models import schedule
from programmer_gui.models.schedule import DAY, Block
from programmer_gui.models.scheduling import FULL, ScheduleModel
from programmer_gui.theme import Theme
from programmer_gui.views.schedule_view import LEFT, ScheduleCanvas
from rig.therapy import units
from rig.therapy.modes import WEEKDAYS

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


class ScheduleView(ScheduleCanvas):
    """Emits ``type_asked`` where the selected step is to be typed instead."""

    type_asked = Signal()

    def __init__(self, model: ScheduleModel, theme: Theme) -> None:
        super().__init__(model, theme)
        self._drag: Drag | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Schedule")
        for signal in (model.changed, model.selection_changed):
            signal.connect(self._describe)
        self._describe()

    # -- in words ------------------------------------------------------------------------------------------------

    def _describe(self) -> None:
        block = self.model.block
        here = f"Selected: {self.words(block)}. " if block else "No step is selected. "
        keys = "Arrows move a step, Shift and arrows resize it, up and down change its rate, Insert adds one."
        self.setAccessibleDescription(f"{len(self.model.blocks)} steps. {here}{keys}")

    def words(self, block: Block) -> str:
        """A step in words."""
        day = f"{WEEKDAYS[block.lane].capitalize()} " if self.model.lanes > 1 else ""
        rate = "not readable" if block.rate_ng_day is None else units.dose_rate_text(block.rate_ng_day)
        span = f"{schedule.clock(block.start)} to {schedule.clock(block.end, end=True)}"
        return f"{day}{span}, {rate}"

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._hit(event.pos())
            words = self.words(found[0]) if found else "Drag, or click twice, to add a step"
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    # -- the mouse -----------------------------------------------------------------------------------------------

    def _hit(self, at: QPoint) -> tuple[Block, Part] | None:
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

    def _lane_at(self, y: float) -> int:
        lanes = max(1, self.model.lanes)
        return next((lane for lane in range(lanes) if y <= self.strip(lane).bottom()), lanes - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.model.lanes:
            return
        at, found = event.position(), self._hit(event.position().toPoint())
        minute, merge, lane = self.minute_of(at.x()), self.model.new_drag(), self._lane_at(at.y())
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
        if self._hit(at.toPoint()):
            self.type_asked.emit()
        elif at.x() >= LEFT:
            start = max(0, min(DAY - SNAP, snapped(self.minute_of(at.x()) - SNAP / 2, SNAP)))
            self._add(self._lane_at(at.y()), start)

    def _show_cursor(self, at: QPoint) -> None:
        found = self._hit(at)
        shapes = {"body": Qt.CursorShape.OpenHandCursor, "start": Qt.CursorShape.SizeHorCursor}
        shapes["end"] = Qt.CursorShape.SizeHorCursor
        self.setCursor(shapes.get(found[1], Qt.CursorShape.ArrowCursor) if found else Qt.CursorShape.CrossCursor)

    def _add(self, lane: int | None = None, start: int | None = None) -> None:
        if not self.model.add(lane, start):
            QToolTip.showText(self.mapToGlobal(QPoint(LEFT, 0)), FULL, self)

    # -- the keys ------------------------------------------------------------------------------------------------

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes from step to step, and on to the next control after the last."""
        return self.model.select_next(back=not next) or super().focusNextPrevChild(next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, block = event.key(), self.model.block
        resize = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        fine = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        sides = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key == Qt.Key.Key_Escape and self._drag is not None:
            if self._drag.begun:
                self.model.program.undo_stack.undo()
            self._drag, self.hint = None, ""
        elif key in (Qt.Key.Key_Insert, Qt.Key.Key_Plus):
            self._add()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.model.remove()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and self.model.lanes > 1:
            step = 1 if key == Qt.Key.Key_PageDown else -1
            self.model.select("", (self.model.lane + step) % self.model.lanes)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and block:
            self.type_asked.emit()
        elif key in sides and block:
            by = sides[Qt.Key(key)] * (FINE if fine else SNAP)
            self._step(block, by, resize)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and block:
            self.model.nudge_rate(key == Qt.Key.Key_Up, fine)
        else:
            super().keyPressEvent(event)

    def _step(self, block: Block, by: int, resize: bool) -> None:
        if resize:
            end = max(block.start + 1, min(block.start + DAY, block.end + by))
            self.model.place(block.path, block.start, end)
            return
        start = block.start + by
        if self.model.lanes == 1 or 0 <= start < DAY:
            self.model.place(block.path, start, start + block.length)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        tabbed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if tabbed and not self.model.selected:
            self.model.select_next(back=event.reason() == Qt.FocusReason.BacktabFocusReason)

    # -- the menu ------------------------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            found = self._hit(event.pos())
            lane = found[0].lane if found else self._lane_at(event.pos().y())
            self.model.select(found[0].path if found else "", lane)
        start = (
            snapped(self.minute_of(event.pos().x()), SNAP) if event.reason() == QContextMenuEvent.Reason.Mouse else None
        )
        self.menu(start).popup(event.globalPos())

    def menu(self, start: int | None = None) -> QMenu:
        """What can be done here."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen = bool(self.model.selected)
        rows = (
            ("Add a step", lambda: self._add(start=start), not self.model.is_full),
            ("Type its times and rate", self.type_asked.emit, chosen),
            ("Raise its rate", lambda: self.model.nudge_rate(True), chosen),
            ("Lower its rate", lambda: self.model.nudge_rate(False), chosen),
            ("Remove it", self.model.remove, chosen),
        )
        for text, do, can in rows:
            action = QAction(text, menu)
            action.setEnabled(can)
            action.triggered.connect(lambda _=False, do=do: do())
            menu.addAction(action)
        return menu


def snapped(minute: float, snap: int) -> int:
    """The nearest multiple of ``snap`` minutes."""
    return round(minute / snap) * snap
