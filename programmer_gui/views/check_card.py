"""All that the check has to say about the program, with how much of each; a click goes to the field."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from programmer_gui.models.evaluation import LEVELS, Evaluated, Level, Remark
from programmer_gui.views.remarks import MARKS, RemarkLine
from programmer_gui.views.scrolling import Column
from programmer_gui.views.widgets import GAP, Card, label, set_property

COUNTED: dict[Level, tuple[str, str]] = {
    "bad": ("can't be read", "can't be read"),
    "hard": ("forbidden", "forbidden"),
    "soft": ("to confirm", "to confirm"),
    "note": ("note", "notes"),
}
HEIGHT = 176


def counts(evaluated: Evaluated) -> str:
    """How much of each there is: "■ 1 forbidden  ▲ 2 to confirm"."""
    parts = []
    for level in LEVELS:
        count = sum(remark.level == level for remark in evaluated.remarks)
        if count:
            parts.append(f"{MARKS[level]} {count} {COUNTED[level][count != 1]}")
    return "   ".join(parts)


class CheckCard(Card):
    """Emits ``field_asked`` with the path of what was clicked, and ``fixed`` with a Fix."""

    field_asked = Signal(str)
    fixed = Signal(object)

    def __init__(self) -> None:
        super().__init__("Check", margin=12)
        self.counts = label("", "caption")
        self.header.addWidget(self.counts)
        self.none = label("✓ Nothing to say against it.", "finding-ok")
        self.body.addWidget(self.none)
        self._list = QWidget()
        self._lines: list[RemarkLine] = []
        self._shown: tuple[Remark, ...] = ()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self._column.addStretch(1)
        self._scroll = Column(self._list)
        self._scroll.fitted.connect(self._fit)
        self.body.addWidget(self._scroll)

    def lines(self) -> list[RemarkLine]:
        """What is listed."""
        return self._lines[: len(self._shown)]

    def show_evaluated(self, evaluated: Evaluated) -> None:
        """Lists all of it."""
        remarks = evaluated.remarks
        self.counts.setText(counts(evaluated))
        worst = remarks[0].level if remarks else "note"
        role = {"bad": "finding-error", "hard": "finding-error", "soft": "finding-warning"}.get(worst, "caption")
        set_property(self.counts, "role", role)
        self.none.setVisible(not remarks)
        self._scroll.setVisible(bool(remarks))
        if remarks == self._shown:
            return
        self._shown = remarks
        while len(self._lines) < len(remarks):
            self._add_line()
        for at, line in enumerate(self._lines):
            line.setVisible(at < len(remarks))
            if at < len(remarks):
                line.show_remark(remarks[at])
        self._fit()

    def _fit(self) -> None:
        """As high as its words, up to a bound; the rest scrolls."""
        need = self._scroll.needed()
        self._scroll.setFixedHeight(max(24, min(HEIGHT, self.window().height() // 6, need)))

    def _add_line(self) -> None:
        line = RemarkLine()
        line.fixed.connect(self.fixed)
        line.words.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        line.words.setCursor(Qt.CursorShape.PointingHandCursor)
        line.words.setToolTip("Goes to the field")
        line.words.installEventFilter(self)
        self._lines.append(line)
        self._column.insertWidget(self._column.count() - 1, line)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        clicked = isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease
        pressed = (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        )
        if clicked or pressed:
            for line, remark in zip(self._lines, self._shown, strict=False):
                if line.words is watched:
                    self.field_asked.emit(remark.field)
                    return True
        return super().eventFilter(watched, event)
