"""Comparing and writing: what would change on the pump, and how far writing is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QVBoxLayout, QWidget

from programmer_gui.messages import Progress
from programmer_gui.models.compare import compare
from programmer_gui.models.link import LinkModel
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.pump import PumpModel
from programmer_gui.theme import Theme
from programmer_gui.views.actions import Actions
from programmer_gui.views.compare_table import CompareTable
from programmer_gui.views.widgets import MARGIN, Card, button, label, row, set_property

#: What writing does, command by command: words and about how far it is, in percent.
STEPS = {
    "get_status": ("Proving what the pump holds", 90),
    "stage_begin": ("Transferring", 10),
    "stage_chunk": ("Transferring", 30),
    "read_program": ("Reading back and comparing", 55),
    "commit": ("Putting it in force", 75),
}


class WritePanel(QWidget):
    """Emits ``write_asked`` with the reason for going beyond a soft limit ("" where none is needed)."""

    write_asked = Signal(str)

    def __init__(self, program: ProgramModel, pump: PumpModel, link: LinkModel, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self._program, self._pump, self._link = program, pump, link
        self.table = CompareTable()
        self.write = button("Write to the pump", "primary", tip="Write, read back, compare and put in force (F9)")
        self.write.clicked.connect(self._ask)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("Reason for going beyond the soft limit")
        self.reason.setAccessibleName("Reason for going beyond the soft limit")
        self.reason.textChanged.connect(self._show_write)
        self.verdict = label("", wrap=True)
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress of writing")
        self.progress.hide()
        comparison = Card("What would change")
        comparison.body.addWidget(self.table, 1)
        last = row(self.reason, self.verdict, self.write, gap=MARGIN)
        last.setStretch(0, 1)
        last.setStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.addWidget(comparison, 1)
        layout.addWidget(self.progress)
        layout.addLayout(last)
        for signal in (program.changed, program.held_changed, link.state_changed, pump.program_changed):
            signal.connect(self._show)
        self._show()

    def show_progress(self, progress: Progress | None) -> None:
        """How far writing is; None when it is over."""
        self.progress.setVisible(progress is not None)
        if progress is not None:
            words, percent = STEPS.get(progress.command, ("Writing", 50))
            self.progress.setValue(max(percent, self.progress.value()) if progress.step > 1 else percent)
            self.verdict.setText(f"{words} …")
            set_property(self.verdict, "role", "muted")
            self.write.setEnabled(False)
        else:
            self._show_write()

    def _ask(self) -> None:
        self.write_asked.emit(self.reason.text().strip())

    def _show(self, *_: object) -> None:
        evaluated = self._program.evaluated
        concentration = self._program.settings.get("concentration_ng_ml", 0)
        self.table.show_rows(compare(self._program.held, evaluated.program, concentration))
        self.reason.setVisible(evaluated.needs_reason)
        self._show_write()

    def _show_write(self, *_: object) -> None:
        evaluated = self._program.evaluated
        reason_missing = evaluated.needs_reason and not self.reason.text().strip()
        online = self._link.can_control
        if not evaluated.writable:
            words, role = "This can't be written: see the marked fields.", "finding-error"
        elif not online:
            words, role = "Connect to a pump to write it.", "muted"
        elif reason_missing:
            words, role = "Beyond a soft limit: give a reason, which is recorded.", "finding-warning"
        else:
            words, role = self._effect(), "muted"
        self.verdict.setText(words)
        set_property(self.verdict, "role", role)
        self.write.setEnabled(evaluated.writable and online and not reason_missing)

    def _effect(self) -> str:
        if self._pump.running:
            return "The pump is running: it changes to this program as soon as it is written."
        return "The pump is stopped, and stays so until you start it."
