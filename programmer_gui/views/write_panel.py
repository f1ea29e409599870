"""Comparing and writing: everything side by side, what has to be confirmed, what will happen, and how far it is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from programmer_gui.models.compare import count_text, effect_text, rows_of
from programmer_gui.models.link import LinkModel
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.pump import PumpModel
from programmer_gui.models.update import UpdateModel
from programmer_gui.theme import Theme
from programmer_gui.views.actions import Actions
from programmer_gui.views.compare_table import CompareTable
from programmer_gui.views.confirming import Confirming
from programmer_gui.views.widgets import GAP, MARGIN, Card, ElidedLabel, button, label, row, rule, set_property
from rig.programs.receipt import Order
from rig.programs.update import RUNNING, STAGE_WORDS, STAGES, STOPPED
from rig.therapy import modes
from rig.therapy.program import Program

RIGHT_PX = 320
ELSEWHERE = "Written elsewhere, so shown as the pump holds it."


class WritePanel(QWidget):
    """Emits ``write_asked``; what was decided beside it is in ``order``."""

    write_asked = Signal(str)
    receipt_asked = Signal()

    def __init__(self, program: ProgramModel, pump: PumpModel, link: LinkModel, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self._program, self._pump, self._link = program, pump, link
        self._known: Program | None = None
        self._busy = False
        self._ended: object = None  # the document whose end is told
        self.table = CompareTable(theme)
        self.count = label("", "caption")
        self.only_changes = QCheckBox("Only what changes")
        self.only_changes.toggled.connect(self.table.show_only_changes)
        self.origin = ElidedLabel("", "caption")
        self.confirming = Confirming()
        self.confirming.changed.connect(self._show_write)
        self.run = QRadioButton("Start it, or keep it running")
        self.leave = QRadioButton("Leave the pump stopped, because:")
        self.because = QLineEdit()
        self.effect = label("", "muted", wrap=True)
        self.write = button("Write to the pump", "primary", tip="Write, read back, compare, put in force, prove (F9)")
        self.write.clicked.connect(lambda: self.write_asked.emit(""))
        self.stage = label("", "muted", wrap=True)
        self.progress = QProgressBar()
        self.result = label("", "finding-ok", wrap=True)
        self.receipt = button("Show the receipt", "link")
        self.receipt.clicked.connect(self.receipt_asked)
        self._prepare()
        self._lay_out()
        for signal in (program.planned_changed, program.held_changed):
            signal.connect(self._compare)
        for other in (program.changed, link.state_changed, pump.program_changed, pump.state_changed):
            other.connect(self._show_write)
        self._compare()
        self._show_write()

    def _prepare(self) -> None:
        self.run.setChecked(True)
        self.run.toggled.connect(self._show_write)
        self.because.setPlaceholderText("Reason, which is recorded")
        self.because.setAccessibleName("Why the pump is left stopped")
        self.because.textChanged.connect(self._show_write)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress of writing")
        self.progress.setRange(0, len(STAGES) - 1)
        for hidden in (self.progress, self.stage, self.result, self.receipt):
            hidden.hide()

    # -- what was decided ----------------------------------------------------------------------------------------

    def order(self) -> Order:
        """What the operator decided beside the program."""
        stopped = self.leave.isChecked()
        because = self.because.text().strip() if stopped and not self._stands() else ""
        return Order(STOPPED if stopped else RUNNING, because, self.confirming.confirmed())

    def set_known(self, known: Program | None) -> None:
        """The pump's program as this computer wrote it; None where it didn't."""
        self._known = known
        self._compare()

    # -- how far it is -------------------------------------------------------------------------------------------

    def show_update(self, update: UpdateModel) -> None:
        """Follows an update."""
        self._busy = update.busy
        at = update.update
        for shown in (self.progress, self.stage):
            shown.setVisible(update.active and at is not None)
        if at is not None:
            number = STAGES.index(at.stage)
            self.progress.setValue(number)
            self.stage.setText(f"{number + 1} of {len(STAGES) - 1}: {STAGE_WORDS[at.stage]} …")
        if update.active:
            self.result.hide()
            self.receipt.hide()
        self._show_write()

    def show_result(self, words: str, level: str, receipt: bool) -> None:
        """How writing ended; ``level`` is "ok", "warning" or "error"."""
        marks = {"ok": "✓", "warning": "▲", "error": "■"}
        self.result.setText(f"{marks[level]} {words}")
        set_property(self.result, "role", f"finding-{level}")
        self.result.setVisible(bool(words))
        self.receipt.setVisible(receipt)
        self._ended = self._program.document

    # -- how it looks --------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        comparison = Card("What would change")
        comparison.header.addWidget(self.count)
        comparison.header.addSpacing(GAP)
        comparison.header.addWidget(self.only_changes)
        comparison.body.addWidget(self.table, 1)
        comparison.body.addWidget(self.origin)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addWidget(comparison, 1)
        layout.addWidget(self._deciding())

    def _deciding(self) -> Card:
        """What has to be confirmed scrolls; the button stays in sight whatever the height."""
        card = Card("Confirm and write")
        card.setFixedWidth(RIGHT_PX)
        inner = QWidget()
        body = QVBoxLayout(inner)
        body.setContentsMargins(0, 0, GAP, 0)
        body.addWidget(self.confirming)
        body.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        card.body.addWidget(scroll, 1)
        card.body.addWidget(rule())
        card.body.addWidget(label("Afterwards", "heading"))
        for part in (self.run, self.leave, self.because):
            card.body.addWidget(part)
        card.body.addWidget(rule())
        for line in (self.effect, self.stage, self.progress):
            card.body.addWidget(line)
        ending = row(self.result, self.receipt)
        ending.setStretch(0, 1)
        card.body.addLayout(ending)
        card.body.addWidget(self.write)
        return card

    def _compare(self, *_: object) -> None:
        program = self._program.evaluated.program
        rows = rows_of(self._program.context, self._known, program)
        self.table.show_rows(rows)
        self.count.setText(count_text(rows, self._pump.digest is not None))
        if self._program.held is None:
            self.origin.set_whole("The pump holds no program." if self._pump.digest == 0 else "No pump is read yet.")
        else:
            said = f"The pump's program was written from this computer: “{self._known.name}”." if self._known else ""
            self.origin.set_whole(said or ELSEWHERE)

    def _stands(self) -> bool:
        """Whether the program itself says that the pump is to stand, and why."""
        program = self._program.evaluated.program
        return program is not None and isinstance(program.mode, modes.Stopped)

    def _show_write(self, *_: object) -> None:
        evaluated = self._program.evaluated
        if self._ended is not None and self._ended != self._program.document:
            self.show_result("", "ok", receipt=False)
            self._ended = None
        self.confirming.show_remarks(evaluated.remarks)
        stands = self._stands()
        if stands or not self.run.isEnabled():  # what one program says isn't the next one's order
            (self.leave if stands else self.run).setChecked(True)
        self.run.setEnabled(not stands)
        self.because.setVisible(self.leave.isChecked() and not stands)
        self.leave.setText(
            "Leave the pump stopped, as the program says" if stands else "Leave the pump stopped, because:"
        )
        why_not = self._why_not(stands)
        self.effect.setText(why_not or effect_text(self._pump.running, self.leave.isChecked()))
        self.effect.setHidden(self._busy)
        set_property(self.effect, "role", "finding-warning" if why_not else "muted")
        self.write.setEnabled(not why_not and not self._busy)

    def _why_not(self, stands: bool) -> str:
        """What stands in the way of writing; "" for nothing."""
        if not self._program.evaluated.writable:
            return "■ This can't be written: see what is listed above."
        if not self._link.can_control:
            return "Connect to a pump to write it."
        if not self.confirming.complete:
            return "▲ Beyond a soft limit: give a reason for each."
        if self.leave.isChecked() and not stands and not self.because.text().strip():
            return "▲ Say why the pump is left stopped."
        if self._pump.state == "bolus" and not stands and not self.leave.isChecked():
            return "A bolus is being delivered: write when it has ended, or stop the pump."
        return ""
