"""What was seen after a test bolus: a response and how long it lasted, or none."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QWidget

from firmware_link.errors import UsageError
from programmer_gui.models.course import OBSERVE, CourseModel
from programmer_gui.views.entry import QuantityEntry
from programmer_gui.views.widgets import GAP, MARGIN, button, column, label, row
from rig.therapy import units
from rig.therapy.modes import Response

FIELD_PX = 200


class VerdictEntry(QWidget):
    """The verdict on the last bolus, new or corrected.  Emits ``entered`` once it is in the program."""

    entered = Signal()
    left = Signal()

    def __init__(self, model: CourseModel) -> None:
        super().__init__()
        self._model = model
        self._about: object = None  # the bolus that is judged, as it was when the entry was filled
        self.question = label("", "heading", wrap=True)
        self.response, self.none = QRadioButton("Response"), QRadioButton("No response")
        self._choice = QButtonGroup(self)
        for choice in (self.response, self.none):
            self._choice.addButton(choice)
        self.effect = QuantityEntry("How long it lasted", units.DURATION)
        self.at = QuantityEntry("Given at, UTC", units.MOMENT)
        for entry in (self.effect, self.at):
            entry.setFixedWidth(FIELD_PX)
            entry.changed.connect(self.show_state)
        self.hasty = label("", "finding-warning", wrap=True)
        self.sure = QCheckBox("Enter it all the same: it was seen clearly")
        self.wrong = label("", "finding-error", wrap=True)
        self.enter = button("Enter the verdict", "primary")
        self.enter.clicked.connect(self._enter)
        self.leave = button("Cancel", name="Cancel correcting the verdict")
        self.leave.clicked.connect(self.left)
        for switch in (self.response, self.none, self.sure):
            switch.toggled.connect(self.show_state)
        self.setLayout(
            column(
                self.question,
                row(self.response, self.none, None, gap=MARGIN),
                row(self.effect, self.at, None, gap=MARGIN),
                self.hasty,
                self.sure,
                self.wrong,
                row(self.enter, self.leave, None),
                gap=GAP,
            )
        )

    def ask(self, correcting: bool) -> None:
        """Asks about the last bolus, or for a correction; what is being entered about the same stays."""
        last = self._model.last
        about = (self._model.program.source, last, correcting)
        if last is None or about == self._about:
            self.show_state()
            return
        self._about = about
        title = units.dose_text(last.dose_ng)
        self.question.setText(
            f"Correct what is noted of the {title}" if correcting else f"What was seen after {title}?"
        )
        self._choice.setExclusive(False)
        self.response.setChecked(last.verdict == "response")
        self.none.setChecked(last.verdict == "no response")
        self._choice.setExclusive(True)
        self.effect.line.setText(units.write(last.effect_ms, units.DURATION) if last.verdict == "response" else "")
        self.at.line.setText(units.write(last.given_utc_s, units.MOMENT))
        self.at.setVisible(correcting)
        self.leave.setVisible(correcting)
        self.sure.setChecked(False)
        self.wrong.clear()
        self.show_state()

    @property
    def verdict(self) -> Response:
        """What is chosen; "" for nothing yet."""
        return "response" if self.response.isChecked() else "no response" if self.none.isChecked() else ""

    def show_state(self, *_: object) -> None:
        """What has to be entered, and whether it may be."""
        self.effect.setVisible(self.response.isChecked())
        early = self._model.early(self._at())
        for widget in (self.hasty, self.sure):
            widget.setVisible(early is not None and bool(self.verdict))
        if early is not None:
            self.hasty.setText(f"▲ {early.what} {early.remedy.split(', or')[0].rstrip('.')}, or confirm it.")
        self.wrong.setVisible(bool(self.wrong.text()))
        lasted = not self.response.isChecked() or bool(self.effect.value)
        correcting = not self.at.isHidden()
        told = bool(self.verdict) or correcting
        moment = not correcting or self.at.value is not None
        meant = early is None or not self.verdict or self.sure.isChecked()
        self.enter.setEnabled(told and lasted and moment and meant)
        self.enter.setText("Correct it" if correcting else "Enter the verdict")
        self.enter.setToolTip("" if self.enter.isEnabled() else f"Observe for {OBSERVE}, then say what was seen")

    def _at(self) -> int | None:
        """When it was given, where that is being corrected."""
        return None if self.at.isHidden() else self.at.value

    def _enter(self) -> None:
        effect_ms = (self.effect.value or 0) if self.verdict == "response" else 0
        try:
            self._model.judge(self.verdict, effect_ms, self._at())
        except UsageError as error:
            self.wrong.setText(f"■ {error.sentence()}")
            self.show_state()
            return
        self.wrong.clear()
        self._about = None
        self.entered.emit()
