"""All that the check has to say about the program, a line each; a click goes to the field, where it is said whole."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from programmer_gui.models.evaluation import LEVELS, Evaluated, Level, Remark
from programmer_gui.views.remarks import MARKS, ROLES, WORDS, RemarkLine, remark_text
from programmer_gui.views.scrolling import Column
from programmer_gui.views.widgets import Card, ElidedLabel, row, set_property

COUNTED: dict[Level, tuple[str, str]] = {
    "bad": ("can't be read", "can't be read"),
    "hard": ("forbidden", "forbidden"),
    "soft": ("to confirm", "to confirm"),
    "note": ("note", "notes"),
}
HEIGHT = 148  # of the list, at most; the rest scrolls
GAP = 4
LOW = 760  # px of the window: below it the form needs the room, and the list opens when it is asked for


def counts(evaluated: Evaluated) -> str:
    """How much of each there is: "■ 1 forbidden  ▲ 2 to confirm"."""
    parts = []
    for level in LEVELS:
        count = sum(remark.level == level for remark in evaluated.remarks)
        if count:
            parts.append(f"{MARKS[level]} {count} {COUNTED[level][count != 1]}")
    return "  ".join(parts)


class CheckLine(RemarkLine):
    """One line of what is said whole beside its field; all of it, with its remedy, where there is no field."""

    def __init__(self) -> None:
        super().__init__()
        self.short = ElidedLabel()
        self.lines.setContentsMargins(0, 0, 0, 0)
        self.lines.addWidget(self.short)
        for words in self.labels():
            words.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            words.setCursor(Qt.CursorShape.PointingHandCursor)

    def labels(self) -> tuple[QLabel, QLabel]:
        """One of them is shown."""
        return self.words, self.short

    def show_remark(self, remark: Remark) -> None:
        super().show_remark(remark)
        self.short.set_whole(remark_text(remark))
        self.short.setAccessibleDescription(f"{WORDS[remark.level]}. Goes to the field.")
        set_property(self.short, "role", ROLES[remark.level])
        self.short.setVisible(bool(remark.field))
        self.words.setVisible(not remark.field)
        self.fix.setVisible(not remark.field and remark.fix is not None)


class CheckCard(Card):
    """Emits ``field_asked`` with the path of what was clicked, and ``fixed`` with a Fix."""

    field_asked = Signal(str)
    fixed = Signal(object)

    def __init__(self) -> None:
        super().__init__("", margin=12)
        self.fold = QToolButton()
        self.fold.setText("Check")
        self.fold.setProperty("role", "heading")
        self.fold.setCheckable(True)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setAccessibleName("Check: list what it says")
        self.fold.clicked.connect(self._folded)
        self._asked: bool | None = None  # as the operator wants it; None: as there is room
        self.counts = ElidedLabel("", "caption")
        self.counts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = row(self.fold, self.counts)
        head.setStretch(1, 1)
        self.body.addLayout(head)
        self._list = QWidget()
        self._lines: list[CheckLine] = []
        self._shown: tuple[Remark, ...] = ()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self._column.addStretch(1)
        self._scroll = Column(self._list)
        self._scroll.fitted.connect(self._fit)
        self.body.addWidget(self._scroll)

    def lines(self) -> list[CheckLine]:
        """What is listed."""
        return self._lines[: len(self._shown)]

    def open(self) -> None:
        """Lists it, however low the window is."""
        self._folded(True)

    def show_evaluated(self, evaluated: Evaluated) -> None:
        """Lists all of it."""
        remarks = evaluated.remarks
        self.counts.set_whole(counts(evaluated) or "✓ Nothing to say against it.")
        set_property(self.counts, "role", ROLES[remarks[0].level] if remarks else "finding-ok")
        self.fold.setEnabled(bool(remarks))
        if remarks != self._shown:
            self._shown = remarks
            while len(self._lines) < len(remarks):
                self._add_line()
            for at, line in enumerate(self._lines):
                line.setVisible(at < len(remarks))
                if at < len(remarks):
                    line.show_remark(remarks[at])
        self.fit()

    def fit(self) -> None:
        """Open where there is room, or as it was asked for; as high as its lines, and never through one of them."""
        shown = self._asked if self._asked is not None else self.window().height() >= LOW
        self.fold.setChecked(shown)
        shut = Qt.ArrowType.RightArrow if self._shown else Qt.ArrowType.NoArrow
        self.fold.setArrowType(Qt.ArrowType.DownArrow if shown and self._shown else shut)
        self._scroll.setVisible(shown and bool(self._shown))
        self._fit()

    def _folded(self, shown: bool) -> None:
        self._asked = shown
        self.fit()

    def _fit(self) -> None:
        need = self._scroll.needed()
        if need > HEIGHT:
            ends = [line.geometry().bottom() + 1 for line in self.lines()]
            need = max((end for end in ends if end <= HEIGHT), default=HEIGHT)
        self._scroll.setFixedHeight(max(20, need))

    def _add_line(self) -> None:
        line = CheckLine()
        line.fixed.connect(self.fixed)
        for words in line.labels():
            words.installEventFilter(self)
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
                if watched in line.labels():
                    self.field_asked.emit(remark.field)
                    return True
        return super().eventFilter(watched, event)
