"""Dialogs that tell the pump something: bolus, refill, battery, note."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QWidget

from programmer_gui.models.draft import Draft, Evaluated, evaluate
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.pump import PumpModel
from programmer_gui.views.dialogs import Panel
from programmer_gui.views.entry import QuantityEntry
from programmer_gui.views.program_form import AFTER, remark_text
from programmer_gui.views.widgets import button, label, row, set_property
from rig.therapy import refill, units
from rig.therapy.program import Bolus


class BolusDialog(Panel):
    """Asks for one bolus; the check of programs checks it."""

    given = Signal(object, str)  # rig.therapy.program.Bolus, why it may go beyond a soft limit

    def __init__(self, parent: QWidget, program: ProgramModel, pump: PumpModel) -> None:
        super().__init__(parent, "Give a bolus", "Give the bolus")
        self._program = program
        self._concentration = units.concentration_text(pump.concentration_ng_ml)
        self.body.addWidget(label("The base rate pauses while the bolus is delivered.", "muted", wrap=True))
        self.dose = QuantityEntry("Dose", units.DOSE, program.draft.bolus_dose)
        self.duration = QuantityEntry("Over", units.DURATION, program.draft.bolus_duration)
        self.after = QComboBox()
        self.after.setAccessibleName("After the bolus")
        for value, title in AFTER.items():
            self.after.addItem(title, value)
        self.volume = label("", "value")
        self.findings = label("", "muted", wrap=True)
        for item in (self.dose, self.duration):
            item.changed.connect(self._show)
            self.body.addWidget(item)
        self.body.addWidget(label("Afterwards", "caption"))
        self.body.addWidget(self.after)
        self.body.addSpacing(8)
        self.body.addWidget(self.volume)
        self.body.addWidget(label(f"at {self._concentration}, the pump's label", "caption"))
        self.body.addWidget(self.findings)
        self.body.addStretch(1)
        self.setMinimumWidth(400)
        self.dose.line.setFocus()
        self.accepted_by_operator.connect(self._give)
        self._show()

    def _evaluate(self) -> Evaluated:
        draft = Draft(
            mode="bolus",
            concentration=self._concentration,
            bolus_dose=self.dose.line.text(),
            bolus_duration=self.duration.line.text(),
        )
        return evaluate(draft, self._program.limits, self._program.settings)

    def _show(self) -> None:
        evaluated = self._evaluate()
        volume = evaluated.derived.get("bolus_dose", "")
        rate = evaluated.derived.get("bolus_duration", "").removeprefix("= ")
        self.volume.setText(f"{volume.removeprefix('= ')} at {rate}" if volume else "–")
        remarks = [remark for remark in evaluated.remarks if remark.severity != "bad"]
        self.findings.setText("\n".join(remark_text(remark) for remark in remarks))
        self.findings.setVisible(bool(remarks))
        worst = any(remark.severity == "hard" for remark in remarks)
        set_property(self.findings, "role", "finding-error" if worst else "finding-warning")
        self.ok.setEnabled(evaluated.writable)
        self.ok.setText("Give it beyond the soft limit" if evaluated.needs_reason else "Give the bolus")

    def _give(self) -> None:
        program = self._evaluate().program
        if program is not None and program.bolus is not None:
            bolus = program.bolus
            self.given.emit(Bolus(bolus.dose_ng, bolus.duration_ms, self.after.currentData()), self.findings.text())


class RefillDialog(Panel):
    """Expected, withdrawn, filled; the discrepancy is evaluated before anything is sent."""

    recorded = Signal(int, int, int)  # withdrawn_nl, filled_nl, concentration_ng_ml

    def __init__(self, parent: QWidget, pump: PumpModel, capacity_nl: int) -> None:
        super().__init__(parent, "Refill the reservoir", "Record the refill")
        self._expected_nl = pump.readings.reservoir_nl if pump.readings else 0
        self._capacity_nl = capacity_nl
        self.body.addWidget(label("Expected in the reservoir, by what the pump delivered", "caption"))
        self.body.addWidget(label(units.volume_text(self._expected_nl), "value"))
        self.withdrawn = QuantityEntry("Withdrawn", units.VOLUME)
        self.verdict = label("", wrap=True)
        self.filled = QuantityEntry("Filled", units.VOLUME, units.volume_text(capacity_nl))
        concentration = units.concentration_text(pump.concentration_ng_ml)
        self.concentration = QuantityEntry("Concentration", units.CONCENTRATION, concentration)
        self._before_ng_ml = pump.concentration_ng_ml
        self.warning = label("", "finding-warning", wrap=True)
        for item in (self.withdrawn, self.verdict, self.filled, self.concentration, self.warning):
            self.body.addWidget(item)
        self.body.addStretch(1)
        for entry in (self.withdrawn, self.filled, self.concentration):
            entry.changed.connect(self._show)
        self.setMinimumWidth(440)
        self.withdrawn.line.setFocus()
        self.accepted_by_operator.connect(self._record)
        self._show()

    def _show(self) -> None:
        withdrawn, filled = self.withdrawn.value, self.filled.value
        self.verdict.setText("Enter what was withdrawn to see whether it agrees with what was expected.")
        set_property(self.verdict, "role", "muted")
        if withdrawn is not None:
            found = refill.discrepancy(self._expected_nl, withdrawn // 1000, self._capacity_nl - self._expected_nl)
            self.verdict.setText(found.sentence)
            set_property(self.verdict, "role", "finding-warning" if found.to_evaluate else "finding-ok")
        warnings = []
        too_much = filled is not None and filled // 1000 > self._capacity_nl
        if too_much:
            warnings.append(f"The reservoir holds {units.volume_text(self._capacity_nl)} at most.")
        if self.concentration.value not in (None, self._before_ng_ml):
            warnings.append(
                "Another concentration: what is still in the tube has the old one. Write a new program too."
            )
        self.warning.setText("\n".join(warnings))
        self.warning.setVisible(bool(warnings))
        complete = None not in (withdrawn, filled, self.concentration.value)
        self.ok.setEnabled(complete and not too_much and bool(filled))

    def _record(self) -> None:
        withdrawn, filled, concentration = self.withdrawn.value, self.filled.value, self.concentration.value
        if withdrawn is not None and filled is not None and concentration is not None:
            self.recorded.emit(withdrawn // 1000, filled // 1000, concentration)


class BatteryDialog(Panel):
    """Confirms what the pump can't know by itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Battery replaced", "The battery was replaced")
        words = (
            "The pump then counts the new battery's charge from full and ends the battery alarms. This can't be undone."
        )
        self.body.addWidget(label(words, wrap=True))
        self.setMinimumWidth(400)


class CloseDialog(Panel):
    """The pump goes on when the window closes: said once, with STOP at hand."""

    stop_and_close = Signal()

    def __init__(self, parent: QWidget, state: str) -> None:
        super().__init__(parent, "The pump goes on", "Close, the pump goes on")
        words = f"It is {state}, and goes on without this window. The recording ends here."
        self.body.addWidget(label(words, wrap=True))
        stop = button("STOP the pump, then close")
        stop.clicked.connect(self.stop_and_close)
        stop.clicked.connect(self.close)
        self.body.addLayout(row(stop, None))
        self.setMinimumWidth(440)


class NoteDialog(Panel):
    """Takes words to keep with the data."""

    written = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Add a note", "Keep the note")
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("Note")
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(96)
        self.body.addWidget(label("It is kept in the recording, at this moment of the pump's time.", "muted"))
        self.body.addWidget(self.text)
        self.body.addLayout(row(None))
        self.setMinimumWidth(440)
        self.text.textChanged.connect(self._show)
        self.accepted_by_operator.connect(lambda: self.written.emit(self.text.toPlainText().strip()))
        self.text.setFocus()
        self._show()

    def _show(self) -> None:
        self.ok.setEnabled(bool(self.text.toPlainText().strip()))
