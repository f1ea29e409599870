"""What has to be confirmed before a program is written: each soft limit with a reason of its own."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from programmer_gui.models.evaluation import Remark
from programmer_gui.views.remarks import MARKS, ROLES
from programmer_gui.views.widgets import GAP, label
from rig.programs.receipt import Confirmed

BAD = ("bad", "hard")


class Reason(QWidget):
    """One soft limit, and why it is exceeded."""

    changed = Signal()

    def __init__(self, remark: Remark, reason: str) -> None:
        super().__init__()
        self.remark = remark
        self.line = QLineEdit(reason)
        self.line.setPlaceholderText("Reason, which is recorded")
        self.line.setAccessibleName(f"Reason for: {remark.what}")
        self.line.textChanged.connect(lambda _: self.changed.emit())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, GAP)
        layout.setSpacing(4)
        layout.addWidget(label(f"{MARKS['soft']} {remark.sentence}", ROLES["soft"], wrap=True))
        layout.addWidget(self.line)


class Confirming(QWidget):
    """Lists what forbids writing, and what asks for a reason; keeps the reasons of what stays."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Remark] = []
        self.reasons: list[Reason] = []
        self.nothing = label("✓ Nothing to confirm.", "finding-ok")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GAP)
        self._layout.addWidget(self.nothing)
        self._lines: list[QWidget] = []

    @property
    def complete(self) -> bool:
        """Whether nothing forbids writing and each soft limit has its reason."""
        return not any(remark.level in BAD for remark in self._shown) and all(
            reason.line.text().strip() for reason in self.reasons
        )

    def confirmed(self) -> tuple[Confirmed, ...]:
        """What was confirmed, each with its reason."""
        return tuple(Confirmed(one.remark.field, one.remark.what, one.line.text().strip()) for one in self.reasons)

    def show_remarks(self, remarks: tuple[Remark, ...]) -> None:
        """Replaces what is listed; notes ask for nothing."""
        wanted = [remark for remark in remarks if remark.level != "note"]
        if wanted == self._shown:
            return
        said = {(one.remark.field, one.remark.what): one.line.text() for one in self.reasons}
        for line in self._lines:
            self._layout.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._shown, self._lines, self.reasons = wanted, [], []
        for remark in wanted:
            self._add(remark, said.get((remark.field, remark.what), ""))
        self.nothing.setVisible(not wanted)
        self.changed.emit()

    def _add(self, remark: Remark, reason: str) -> None:
        line: QWidget
        if remark.level in BAD:
            line = label(f"{MARKS[remark.level]} {remark.sentence}", ROLES[remark.level], wrap=True)
        else:
            line = Reason(remark, reason)
            line.changed.connect(self.changed)
            self.reasons.append(line)
        self._lines.append(line)
        self._layout.addWidget(line)
