"""The form of a program: what is written, the same in other units, and what the check says, side by side."""

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from programmer_gui.models.draft import FIELD_TITLES, MODES, Draft, Evaluated, Remark
from programmer_gui.models.program import ProgramModel
from programmer_gui.views.widgets import label, set_property

FIELD_WIDTH = 208
WIDE = 480
AFTER = {"resume": "Resume the base rate", "stop": "Stop the pump"}
_ROLES = {"bad": "finding-error", "hard": "finding-error", "soft": "finding-warning", "note": "muted"}
_MARKS = {"bad": "■ ", "hard": "■ ", "soft": "▲ ", "note": ""}
_ORDER = ("bad", "hard", "soft", "note")
LONGEST = 200  # letters of a field: a slip of the clipboard doesn't become a name


class ProgramForm(QWidget):
    """Edits a ProgramModel's draft; every keystroke is checked."""

    def __init__(self, model: ProgramModel) -> None:
        super().__init__()
        self._model = model
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)
        self.inputs: dict[str, QLineEdit | QComboBox | QCheckBox] = {}
        self._rows: dict[str, list[QWidget]] = {}
        self._derived: dict[str, QLabel] = {}
        self._notes: dict[str, QLabel] = {}
        self._add_text("name")
        self._add_choice("mode", MODES)
        self._add_text("drug")
        self._add_text("concentration")
        self._add_text("dose")
        self._add_check("with_bolus")
        self._add_text("bolus_dose")
        self._add_text("bolus_duration")
        self._add_choice("bolus_after", AFTER)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        model.changed.connect(self._show)
        self._show()

    def _add_text(self, field: str) -> None:
        line = QLineEdit()
        line.setMaxLength(LONGEST)
        line.textEdited.connect(lambda text: self._model.edit(field, text))
        self._add(field, line)

    def _add_choice(self, field: str, choices: dict[str, str]) -> None:
        box = QComboBox()
        for value, title in choices.items():
            box.addItem(title, value)
        box.activated.connect(lambda: self._model.edit(field, box.currentData()))
        self._add(field, box)

    def _add_check(self, field: str) -> None:
        box = QCheckBox(FIELD_TITLES[field])
        box.toggled.connect(lambda on: self._model.edit(field, on))
        self._add(field, box, titled=False)

    def _add(self, field: str, widget: QLineEdit | QComboBox | QCheckBox, titled: bool = True) -> None:
        at = self._grid.rowCount()
        title = label(FIELD_TITLES[field] if titled else "")
        title.setBuddy(widget)
        widget.setAccessibleName(FIELD_TITLES[field])
        if titled and field != "name":
            widget.setFixedWidth(FIELD_WIDTH)
        derived = label("", "caption")
        note = label("", "muted", wrap=True)
        self._grid.addWidget(title, at, 0)
        wide = field == "name"
        if wide:
            widget.setMaximumWidth(WIDE)
        self._grid.addWidget(widget, at, 1, 1, 2 if wide else 1)
        self._grid.addWidget(derived, at + 1, 1, 1, 2)
        self._grid.addWidget(note, at + 2, 1, 1, 2)
        self._grid.setRowMinimumHeight(at + 2, 4)
        self.inputs[field] = widget
        self._rows[field] = [title, widget, derived, note]
        self._derived[field], self._notes[field] = derived, note

    def _show(self) -> None:
        draft, evaluated = self._model.draft, self._model.evaluated
        for field, widget in self.inputs.items():
            _fill(widget, getattr(draft, field))
        self._show_rows(draft)
        self._show_remarks(evaluated)

    def _show_rows(self, draft: Draft) -> None:
        single = draft.mode == "bolus"
        bolus = single or draft.with_bolus
        visible = {"dose": not single, "with_bolus": not single, "bolus_dose": bolus, "bolus_duration": bolus}
        visible["bolus_after"] = bolus and not single
        for field, on in visible.items():
            for widget in self._rows[field][:2]:
                widget.setVisible(on)

    def _show_remarks(self, evaluated: Evaluated) -> None:
        for field, note in self._notes.items():
            remarks = sorted((r for r in evaluated.remarks if r.field == field), key=lambda r: _ORDER.index(r.severity))
            worst = remarks[0].severity if remarks else "note"
            note.setText("\n".join(remark_text(remark) for remark in remarks))
            note.setVisible(bool(remarks))
            set_property(note, "role", _ROLES[worst])
            set_property(self.inputs[field], "bad", "true" if worst in ("bad", "hard") else "false")
            self.inputs[field].setAccessibleDescription(note.text())
            derived = evaluated.derived.get(field, "")
            self._derived[field].setText(derived)
            self._derived[field].setVisible(bool(derived))


def remark_text(remark: Remark) -> str:
    """A remark in one line."""
    return f"{_MARKS[remark.severity]}{remark.what} {remark.remedy}".strip()


def _fill(widget: QLineEdit | QComboBox | QCheckBox, value: str | bool) -> None:
    """Shows ``value`` without taking it for an edit; what is being typed stays as it is."""
    if isinstance(widget, QCheckBox):
        blocked = widget.blockSignals(True)
        widget.setChecked(bool(value))
        widget.blockSignals(blocked)
    elif isinstance(widget, QComboBox):
        widget.setCurrentIndex(widget.findData(value))
    elif widget.text() != value:
        widget.setText(str(value))
