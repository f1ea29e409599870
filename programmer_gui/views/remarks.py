"""What is said beside a field: a mark, the sentence, and its remedy at one click."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from programmer_gui.models.evaluation import Remark
from programmer_gui.views.widgets import button, label, row, set_property

ROLES = {"bad": "finding-error", "hard": "finding-error", "soft": "finding-warning", "note": "caption"}
MARKS = {"bad": "■", "hard": "■", "soft": "▲", "note": "●"}
WORDS = {"bad": "Error", "hard": "Forbidden", "soft": "Warning", "note": "Note"}


def remark_text(remark: Remark) -> str:
    """A remark in one line: never told by its colour alone."""
    return f"{MARKS[remark.level]} {remark.sentence}"


class RemarkLine(QWidget):
    """One remark.  Emits ``fixed`` with its Fix."""

    fixed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._remark: Remark | None = None
        self.words = label("", "muted", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.fix = button("", "fix")
        self.fix.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.fix.clicked.connect(lambda: self.fixed.emit(self._remark.fix) if self._remark else None)
        self.lines = QVBoxLayout(self)
        self.lines.setContentsMargins(0, 0, 0, 2)
        self.lines.setSpacing(4)
        self.lines.addWidget(self.words)
        self.lines.addLayout(row(self.fix, None))

    def show_remark(self, remark: Remark) -> None:
        """Replaces what is shown."""
        if remark == self._remark:
            return
        self._remark = remark
        self.words.setText(remark_text(remark))
        self.words.setAccessibleName(f"{WORDS[remark.level]}: {remark.sentence}")
        set_property(self.words, "role", ROLES[remark.level])
        self.fix.setVisible(remark.fix is not None)
        if remark.fix is not None:
            self.fix.setText(remark.fix.title)
            self.fix.setAccessibleName(f"{remark.fix.title}: {remark.what}")
            self.fix.setToolTip("Does this in the program; it can be undone")


class Remarks(QWidget):
    """Any number of remarks, worst first; hidden while there are none.  Emits ``fixed`` with a Fix."""

    fixed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[RemarkLine] = []
        self._shown: tuple[Remark, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self.hide()

    @property
    def text(self) -> str:
        """All of it, one a line."""
        return "\n".join(remark_text(remark) for remark in self._shown)

    def labels(self) -> list[QLabel]:
        """The sentences shown."""
        return [line.words for line in self._lines[: len(self._shown)]]

    def fixes(self) -> list[QPushButton]:
        """The remedies offered."""
        return [line.fix for line, remark in zip(self._lines, self._shown, strict=False) if remark.fix is not None]

    def show_remarks(self, remarks: Sequence[Remark]) -> None:
        """Replaces what is shown."""
        if tuple(remarks) == self._shown:
            return
        self._shown = tuple(remarks)
        while len(self._lines) < len(remarks):
            line = RemarkLine()
            line.fixed.connect(self.fixed)
            self._lines.append(line)
            self._layout.addWidget(line)
        for at, line in enumerate(self._lines):
            line.setVisible(at < len(remarks))
            if at < len(remarks):
                line.show_remark(remarks[at])
        self.setVisible(bool(remarks))
