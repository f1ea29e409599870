"""An infusion trial under way: where the pump stands in it, and its end with what was seen."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from programmer_gui.models import trial
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.trial import Standing
from programmer_gui.views.widgets import GAP, Card, button, column, label, row, set_property

IDLE = "○ The connected pump doesn't run this trial."
LONGEST = 200


class TrialCard(Card):
    """Hidden for other modes.  Emits ``stop_asked`` with the verdict in a sentence."""

    stop_asked = Signal(str)

    def __init__(self, program: ProgramModel) -> None:
        super().__init__("Infusion trial", margin=12)
        self._program = program
        self._status: Mapping[str, int] = {}
        self.standing: Standing | None = None
        self.where = label("", "fact", wrap=True)
        self.next = label("", "caption", wrap=True)
        self.seen = QLineEdit()
        self.seen.setMaxLength(LONGEST)
        self.seen.setPlaceholderText("What was seen at this dose")
        self.seen.setAccessibleName("Verdict on the infusion trial")
        self.seen.textChanged.connect(self._show)
        self.stop = button("Stop with this verdict", "primary", tip="STOP, and a note in the recording")
        self.stop.clicked.connect(self._ask)
        self._entry = QWidget()
        self._entry.setLayout(column(row(self.seen, self.stop), gap=GAP))
        for widget in (self.where, self.next, self._entry):
            self.body.addWidget(widget)
        program.changed.connect(self._show)
        program.planned_changed.connect(self._show)
        self._show()

    def take(self, status: Mapping[str, int]) -> None:
        """The pump's latest word on itself; {} for no pump."""
        self._status = status
        if not self.isHidden():
            self._show()

    def _show(self, *_: object) -> None:
        program = self._program.evaluated.program
        self.setVisible(trial.is_one(program))
        planned = self._program.planned
        self.standing = trial.standing(program, planned.device, self._program.held, self._status)
        standing = self.standing
        self.where.setText(f"▶ The pump is at {standing.words}." if standing is not None else IDLE)
        set_property(self.where, "role", "fact" if standing is not None else "muted")
        self.next.setText(standing.next_words if standing is not None else "")
        self.next.setVisible(standing is not None)
        self._entry.setVisible(standing is not None)
        self.stop.setEnabled(standing is not None and bool(self.seen.text().strip()))

    def _ask(self) -> None:
        seen = self.seen.text().strip()
        if self.standing is not None and seen:
            self.seen.clear()
            self.stop_asked.emit(f"Infusion trial stopped at {self.standing.words}: {seen}")
