"""Editing the drawn schedule with keys, and in words for those who can't see it.

Arrows move a step, with Shift they resize it, up and down change its rate (Alt: finer), Tab goes on, Page up and down
change the day, Insert adds, Delete removes, Return types.
"""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAction, QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QToolTip

from programmer_gui.models import schedule
from programmer_gui.models.schedule import DAY, Block
from programmer_gui.models.scheduling import ScheduleModel
from programmer_gui.theme import Theme
from programmer_gui.views.schedule_drag import FINE, SNAP, ScheduleDragging, snapped
from rig.therapy import units
from rig.therapy.modes import WEEKDAYS


class ScheduleView(ScheduleDragging):
    """A schedule that can be dragged, and edited by keys."""

    def __init__(self, model: ScheduleModel, theme: Theme) -> None:
        super().__init__(model, theme)
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
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def words(self, block: Block) -> str:
        """A step in words."""
        day = f"{WEEKDAYS[block.lane].capitalize()} " if self.model.lanes > 1 else ""
        rate = "not readable" if block.rate_ng_day is None else units.dose_rate_text(block.rate_ng_day)
        span = f"{schedule.clock(block.start)} to {schedule.clock(block.end, end=True)}"
        return f"{day}{span}, {rate}"

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.hit(event.pos())
            words = self.words(found[0]) if found else "Drag, or click twice, to add a step"
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    # -- the keys ------------------------------------------------------------------------------------------------

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes from step to step, and on to the next control after the last."""
        return self.model.select_next(back=not next) or super().focusNextPrevChild(next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, block = event.key(), self.model.block
        resize = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        fine = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        sides = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key == Qt.Key.Key_Escape and self.cancel_drag():
            return
        if key in (Qt.Key.Key_Insert, Qt.Key.Key_Plus):
            self.add()
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
            found = self.hit(event.pos())
            lane = found[0].lane if found else self.lane_at(event.pos().y())
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
            ("Add a step", lambda: self.add(start=start), not self.model.is_full),
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
