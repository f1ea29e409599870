"""A wizard: steps with Back and Next, not modal, which asks before it is left only where something would be lost."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from programmer_gui.views.widgets import GAP, MARGIN, button, label, row, rule, set_property

Rows = tuple[tuple[str, str], ...]
SIZE = (800, 560)
RAIL_PX = 128


class Step(QWidget):
    """``ready`` says whether one may go on; ``changed`` that it may have changed."""

    changed = Signal()
    title = ""
    next_text = "Next"
    first: QWidget | None = None  # what gets the focus; None for Next

    def __init__(self, hint: str) -> None:
        super().__init__()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(GAP)
        self.hint = label(hint, "muted", wrap=True)
        self.body.addWidget(self.hint)

    @property
    def ready(self) -> bool:
        """Whether all that is needed is there."""
        return True


class Wizard(QDialog):
    """The frame.  A real one says what ``entered`` is, what ``_advance`` does, and overrides what else differs."""

    def __init__(self, parent: QWidget, title: str, steps: Sequence[Step], leaving: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.steps = tuple(steps)
        self.over = False  # nothing to lose any more
        self.pages = QStackedWidget()
        self.rail: list[QLabel] = [label("", "muted") for _ in steps]
        self.failure = label("", "finding-error", wrap=True)
        self.failure.hide()
        self.cancel = self._button("Cancel", self.reject)
        self.back = self._button("Back", lambda: self.go(self.at - 1))
        self.next = self._button("Next", self._next, "primary")
        self.next.setDefault(True)
        self.extra = QHBoxLayout()  # a step's own buttons
        self._buttons = QWidget()
        self._leaving = QWidget()
        self._lay_out(title, leaving)
        for step in steps:
            self.pages.addWidget(step)
            step.changed.connect(self.show_step)

    @property
    def at(self) -> int:
        """Which step is shown."""
        return self.pages.currentIndex()

    @property
    def entered(self) -> bool:
        """Whether something would be lost."""
        return False

    def go(self, at: int) -> None:
        """Shows step ``at``."""
        self.failure.hide()
        self.pages.setCurrentIndex(at)
        for place, title in enumerate(self.rail):
            words = self.steps[place].title
            title.setText(f"✓  {words}" if place < at else f"{place + 1}  {words}")
            set_property(title, "role", "heading" if place == at else "muted")
            title.setAccessibleName(f"Step {place + 1}: {words}{', now' if place == at else ''}")
        self.show_step()
        (self.steps[at].first or self.next).setFocus()

    def show_step(self) -> None:
        """The buttons, as the step that is shown needs them."""
        self.back.setVisible(not self.over)
        self.back.setEnabled(self.at > 0)
        self.next.setText(self.steps[self.at].next_text)
        self.next.setAccessibleName(self.next.text())
        self.next.setEnabled(self.steps[self.at].ready)
        self.cancel.setVisible(not self.over)
        self._leaving.hide()
        self._buttons.show()

    def fail(self, what: str) -> None:
        """Something went wrong; the step stays."""
        self.failure.setText(what)
        self.failure.show()
        self.show_step()

    def _advance(self) -> None:
        """What Next does, on a step that is ready."""
        self.go(self.at + 1)

    def _next(self) -> None:
        if self.steps[self.at].ready:
            self._advance()

    # -- leaving -------------------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Escape: asks only where something would be lost; once more takes the question back."""
        if not self.entered or self.over:
            super().reject()
        elif self._leaving.isHidden():
            self._buttons.hide()
            self._leaving.show()
            self.stay.setFocus()
        else:
            self.show_step()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.entered and not self.over:
            event.ignore()
            if self._leaving.isHidden():
                self.reject()
        else:
            super().closeEvent(event)

    def _leave(self) -> None:
        self.over = True
        self.close()

    # -- looks ---------------------------------------------------------------------------------------------------

    def _button(self, text: str, do: Callable[[], object], role: str = "") -> QPushButton:
        made = button(text, role)
        made.clicked.connect(lambda: do())
        return made

    def _lay_out(self, title: str, leaving: str) -> None:
        rail = QVBoxLayout()
        rail.setSpacing(MARGIN)
        for item in self.rail:
            item.setFixedWidth(RAIL_PX)
            rail.addWidget(item)
        rail.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(GAP)
        right.addWidget(self.pages, 1)
        right.addWidget(self.failure)
        middle = QHBoxLayout()
        middle.setContentsMargins(24, 0, 24, MARGIN)
        middle.setSpacing(24)
        middle.addLayout(rail)
        middle.addWidget(rule(vertical=True))
        middle.addLayout(right, 1)
        head = QVBoxLayout()
        head.setContentsMargins(24, 24, 24, MARGIN)
        head.addWidget(label(title, "title"))
        self.leave = self._button("Leave", self._leave)
        self.stay = self._button("Stay", self.show_step, "primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addLayout(middle, 1)
        layout.addWidget(rule())
        lines = (
            (self._buttons, row(self.cancel, self.extra, None, self.back, self.next)),
            (self._leaving, row(label(leaving, "finding-warning"), None, self.leave, self.stay)),
        )
        for holder, line in lines:
            line.setContentsMargins(24, 12, 24, 12)
            holder.setLayout(line)
            layout.addWidget(holder)
        self._leaving.hide()
        self.setMinimumSize(640, 480)
        self.resize(*SIZE)


def grid_of(rows: Rows) -> QGridLayout:
    """Titles at the left, what they say at the right."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(GAP)
    for at, (title, words) in enumerate(rows):
        value = label(words, wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(label(title, "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(value, at, 1)
    grid.setColumnStretch(1, 1)
    return grid
