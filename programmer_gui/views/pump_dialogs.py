"""Dialogs that tell the pump something: bolus, new battery, new tube, note, leaving it."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from programmer_gui.models.program import ProgramModel
from programmer_gui.models.pump import PumpModel
from programmer_gui.views.dialogs import Panel
from programmer_gui.views.entry import QuantityEntry
from programmer_gui.views.widgets import button, label, row, set_property
from programmer_gui.views.wizard import Rows, grid_of
from rig.therapy import check, units
from rig.therapy.finding import Finding
from rig.therapy.modes import Bolus, SingleBolus
from rig.therapy.program import Program, volume_pl

DEFAULT_PUMP, DEFAULT_CATHETER = "bench-20ml", "intrathecal-110cm"
AFTER = {"resume": "Go on with the program", "stop": "Stop"}


class BolusDialog(Panel):
    """Asks for one bolus; the check of programs checks it."""

    given = Signal(object, str)  # rig.therapy.modes.Bolus, why it may go beyond a soft limit

    def __init__(self, parent: QWidget, program: ProgramModel, pump: PumpModel) -> None:
        super().__init__(parent, "Give a bolus", "Give the bolus")
        self._program, self._pump = program, pump
        self.body.addWidget(label("The base rate pauses while the bolus is delivered.", "muted", wrap=True))
        self.dose = QuantityEntry("Dose", units.DOSE, "20 µg")
        self.duration = QuantityEntry("Over", units.DURATION, "10 min")
        self.after = QComboBox()
        self.after.setAccessibleName("After the bolus")
        for value, title in AFTER.items():
            self.after.addItem(title, value)
        self.volume = label("", "value")
        self.findings = label("", "muted", wrap=True)
        self.reason = QLineEdit()
        self.reason.setAccessibleName("Reason for going beyond the soft limit")
        self.reason.setPlaceholderText("Reason for going beyond the soft limit; it is kept in the recording")
        self.reason.textChanged.connect(self._show)
        for item in (self.dose, self.duration):
            item.changed.connect(self._show)
            self.body.addWidget(item)
        self.body.addWidget(label("Afterwards", "caption"))
        self.body.addWidget(self.after)
        self.body.addSpacing(8)
        self.body.addWidget(self.volume)
        concentration = units.concentration_text(pump.concentration_ng_ml)
        self.body.addWidget(label(f"at {concentration}, the pump's label", "caption"))
        self.body.addWidget(self.findings)
        self.body.addWidget(self.reason)
        self.body.addStretch(1)
        self.setMinimumWidth(400)
        self.dose.line.setFocus()
        self.accepted_by_operator.connect(self._give)
        self._show()

    @property
    def bolus(self) -> Bolus | None:
        """What was entered; None while it can't be read."""
        if not self.dose.value or not self.duration.value:
            return None
        return Bolus(self.dose.value, self.duration.value, self.after.currentData())

    def _check(self, bolus: Bolus) -> list[Finding]:
        """What the check of programs says of the bolus itself."""
        model, profiles = self._program, self._program.profiles
        edited = model.evaluated.program
        program = Program(
            "Bolus",
            edited.drug if edited else "",
            self._pump.concentration_ng_ml,
            SingleBolus(replace(bolus, after="stop")),
            edited.pump if edited else profiles.pumps[DEFAULT_PUMP],
            edited.catheter if edited else profiles.catheters[DEFAULT_CATHETER],
            limits=edited.limits if edited else "bench",
        )
        found = check.check(program, model.limits_of(program.limits), replace(model.context, held=None))
        return [finding for finding in found if finding.field.startswith("bolus") and finding.severity != "note"]

    def _show(self) -> None:
        bolus = self.bolus
        findings = self._check(bolus) if bolus else []
        hard = any(finding.severity == "hard" for finding in findings)
        soft = bool(findings) and not hard
        self.volume.setText(self._volume_text(bolus) if bolus else "–")
        self.findings.setText("\n".join(f"{finding.what} {finding.remedy}".strip() for finding in findings))
        self.findings.setVisible(bool(findings))
        set_property(self.findings, "role", "finding-error" if hard else "finding-warning")
        self.reason.setVisible(soft)
        self.ok.setEnabled(bolus is not None and not hard and (not soft or bool(self.reason.text().strip())))
        self.ok.setText("Give it beyond the soft limit" if soft else "Give the bolus")

    def _volume_text(self, bolus: Bolus) -> str:
        volume = volume_pl(bolus.dose_ng, self._pump.concentration_ng_ml)
        rate = volume * units.DAY_S * 1000 // bolus.duration_ms
        return f"{units.volume_text(volume / 1000)} at {units.flow_text(rate)}"

    def _give(self) -> None:
        if self.bolus is not None:
            reason = f"{self.reason.text().strip()} ({self.findings.text()})" if self.reason.isVisibleTo(self) else ""
            self.given.emit(self.bolus, reason)


class ReplacedDialog(Panel):
    """Confirms what the pump can't know by itself."""

    def __init__(self, parent: QWidget, title: str, accept: str, words: str, rows: Rows) -> None:
        super().__init__(parent, title, accept)
        self.rows = rows
        self.body.addWidget(label(words, wrap=True))
        self.body.addSpacing(8)
        self.body.addLayout(grid_of(rows))
        self.body.addStretch(1)
        self.setMinimumWidth(440)


def battery_dialog(parent: QWidget, pump: PumpModel, new_eri: str) -> ReplacedDialog:
    """``new_eri``: when a new one will be near its end, in words."""
    words = "The pump then counts the new battery's charge from full and ends the battery alarms. This can't be undone."
    readings = pump.readings
    old = f"{readings.charge_permille / 10:.0f} %, {readings.battery_mv / 1000:.2f} V" if readings else "not known"
    rows = (("The old one", old), ("The new one is near its end", new_eri))
    return ReplacedDialog(parent, "Battery replaced", "The battery was replaced", words, rows)


def tube_dialog(parent: QWidget, used: str, life: str) -> ReplacedDialog:
    """``used`` and ``life`` are compressions, in words."""
    words = (
        "The pump then counts the new tube's compressions from zero and ends the alarm that it is due. This can't be "
        "undone. Calibrate the volume per revolution anew: no two tubes are quite alike."
    )
    rows = (("The old one", used), ("The new one lasts", life))
    return ReplacedDialog(parent, "Tube replaced", "The tube was replaced", words, rows)


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
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._accept)
        self.ok.setToolTip("Ctrl+Enter")
        self.text.setFocus()
        self._show()

    def _show(self) -> None:
        self.ok.setEnabled(bool(self.text.toPlainText().strip()))
