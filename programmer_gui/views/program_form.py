"""The form of a program, made of what its file may say: each field, the same in other units, what the check says."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from programmer_gui.models.derived import ALTERNATIVES, alternative
from programmer_gui.models.document import get
from programmer_gui.models.evaluation import Remark
from programmer_gui.models.modeswitch import NEW, group, usual_rate
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.remarking import by_field
from programmer_gui.views.field_row import FIELD_WIDTH, TITLE_WIDTH, FieldRow, heading
from programmer_gui.views.remarks import Remarks
from programmer_gui.views.widgets import GAP, button, label, row
from rig.therapy import files
from rig.therapy.fields import Field, fields_of

FIRST = ("name", "drug", "concentration")
SKIPPED = ("pump-program", "mode")
DRAWN = ("steps", "days", "given")  # lists have an editor of their own beside the form
AFTER = {"resume": "Resume the base", "stop": "Stop the pump"}
MORE = "Pump, catheter, limits"


class ProgramForm(QWidget):
    """Edits a ProgramModel's document; every keystroke is checked.  ``left_over`` are remarks that no field took."""

    shown = Signal()

    def __init__(self, model: ProgramModel) -> None:
        super().__init__()
        self._model = model
        self._mode = ""
        self.rows: dict[str, FieldRow] = {}
        self.groups: dict[str, QCheckBox] = {}
        self._group_rows: dict[str, list[QWidget]] = {}
        self.swaps: dict[str, QWidget] = {}
        self.left_over: list[Remark] = []
        self.mode = QComboBox()
        self.mode.setAccessibleName("Mode")
        self.mode.setFixedWidth(FIELD_WIDTH)
        for key, known in files.MODES.items():
            self.mode.addItem(known.title, key)
        self.mode.activated.connect(lambda: model.set_mode(self.mode.currentData()))
        self.mode.setMaxVisibleItems(len(files.MODES))
        self.blurb = label("", "caption", wrap=True)
        self.mode_remarks = Remarks()
        self.mode_remarks.fixed.connect(model.fix)
        self.more = QToolButton()
        self.more.setText(MORE)
        self.more.setProperty("role", "fold")
        self.more.setCheckable(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setAccessibleName(f"Show the fields: {MORE}")
        self.more.toggled.connect(self._fold)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(GAP)
        self._body.addStretch(1)
        self._inner: QWidget | None = None
        self._last: QWidget | None = None
        model.changed.connect(self._show)
        self._show()

    def focus(self, path: str) -> bool:
        """Goes to the field at ``path``, or to the one that holds it; False where there is none."""
        owner = by_field([Remark("note", path, "", "")], self.rows)[0]
        if not owner:
            return False
        found = self.rows[next(iter(owner))]
        if found.isHidden() or (self._last is not None and self._last.isAncestorOf(found)):
            self.more.setChecked(True)
        found.input.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    # -- making it -----------------------------------------------------------------------------------------------

    def _rebuild(self, mode: str) -> None:
        for old in (self._inner, self._last):
            if old is not None:
                self._body.removeWidget(old)
                old.hide()
                old.deleteLater()
        self.more.setParent(None)
        self._mode = mode
        self.rows, self.groups, self._group_rows, self.swaps = {}, {}, {}, {}
        fields = {field.key: field for field in fields_of(files.MODES[mode].struct) if field.key not in SKIPPED}
        header = [field.key for field in fields_of(files.Header) if field.key not in (*FIRST, *SKIPPED)]
        self._inner, inner = _column()
        inner.addWidget(self._row(fields["name"]))
        inner.addLayout(self._mode_row())
        for key in ("drug", "concentration"):
            inner.addWidget(self._row(fields[key]))
        for key, field in fields.items():
            if key not in (*FIRST, *header, *DRAWN):
                self._add(inner, field)
        inner.addWidget(self.more)
        self._last, last = _column()
        for key in header:
            last.addWidget(self._row(fields[key]))
        self._body.insertWidget(0, self._inner)
        self._body.insertWidget(1, self._last)
        self._fold(self.more.isChecked())

    def _mode_row(self) -> QVBoxLayout:
        title = label("Mode")
        title.setFixedWidth(TITLE_WIDTH)
        title.setBuddy(self.mode)
        layout = QVBoxLayout()
        layout.setSpacing(4)
        layout.addLayout(row(title, self.mode, None, gap=8))
        for widget in (self.blurb, self.mode_remarks):
            below = QHBoxLayout()
            below.addSpacing(TITLE_WIDTH + 8)
            below.addWidget(widget, 1)
            layout.addLayout(below)
        return layout

    def _add(self, layout: QVBoxLayout, field: Field) -> None:
        if field.form != "group" or field.part is None:
            layout.addWidget(self._row(field))
            return
        title: QLabel | QCheckBox = heading(field.title, field.help)
        if not field.required:
            title = self._switch(field)
        layout.addWidget(title)
        members: list[QWidget] = []
        for part in fields_of(field.part):
            members.append(self._row(part, f"{field.key}.{part.key}"))
            layout.addWidget(members[-1])
        self._group_rows[field.key] = members

    def _switch(self, field: Field) -> QCheckBox:
        box = QCheckBox("Begin with a bolus" if field.key == "bolus" else "Bolus on demand")
        box.setToolTip(field.help)
        box.setAccessibleName(box.text())
        box.clicked.connect(lambda on: self._model.edit(field.key, group(field) if on else None))
        self.groups[field.key] = box
        return box

    def _row(self, field: Field, path: str = "") -> FieldRow:
        path = path or field.key
        made = FieldRow(field, path, self._choices(field), indent=path != field.key)
        made.edited.connect(self._edited)
        made.fixed.connect(self._model.fix)
        self.rows[path] = made
        for one, other in ALTERNATIVES.get(self._mode, ()):
            if path in (one, other):
                made.add_button(self._swap(path, other if path == one else one))
        return made

    def _edited(self, path: str, value: object) -> None:
        """A single bolus that the pump stops after has no base to resume; one that it resumes after needs it."""
        if path == "bolus.after" and self._mode == "single bolus":
            base = None if value == "stop" else self._model.value("base") or usual_rate(NEW)
            self._model.change([(path, value), ("base", base)], "change of what comes after the bolus")
        else:
            self._model.edit(path, value)

    def _swap(self, path: str, other: str) -> QWidget:
        swap = button(f"As {other}", "link", f"Give the {other} instead of the {path}")
        swap.clicked.connect(
            lambda: self._model.change(
                [(path, None), (other, alternative(self._model.document, path, other))], f"giving the {other} instead"
            )
        )
        self.swaps[path] = swap
        return swap

    def _choices(self, field: Field) -> Sequence[tuple[str, str]]:
        if field.form == "choice":
            return [(choice, AFTER.get(choice, choice.capitalize())) for choice in field.choices]
        profiles = self._model.profiles
        if field.source == "pumps":
            return [(key, pump.name) for key, pump in profiles.pumps.items()]
        if field.source == "catheters":
            return [(key, catheter.name) for key, catheter in profiles.catheters.items()]
        if field.source in ("drugs", "limits"):
            return [(key, key.capitalize()) for key in getattr(profiles, field.source)]
        return ()

    # -- showing it ----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        document, evaluated = self._model.document, self._model.evaluated
        mode = str(document.get("mode"))
        if mode not in files.MODES:
            mode = "simple continuous"
        if mode != self._mode:
            self._rebuild(mode)
            self.mode.setCurrentIndex(self.mode.findData(mode))
            self.blurb.setText(files.MODES[mode].blurb)
        owned, self.left_over = by_field(evaluated.remarks, self.rows)
        mode_remarks = [remark for remark in self.left_over if remark.field == "mode"]
        self.mode_remarks.show_remarks(mode_remarks)
        for path, one in self.rows.items():
            one.show_value(get(document, path))
            one.show_words(evaluated.derived.get(path, ""), owned.get(path, ()))
        for key, box in self.groups.items():
            box.setChecked(key in document)
            for member in self._group_rows[key]:
                member.setVisible(key in document)
        self._show_alternatives()
        if mode == "single bolus":
            self.rows["base"].setVisible("base" in document or get(document, "bolus.after") != "stop")
        if any(self._last is not None and self._last.isAncestorOf(self.rows[path]) for path in owned):
            self.more.setChecked(True)
        self.shown.emit()

    def _show_alternatives(self) -> None:
        document = self._model.document
        for one, other in ALTERNATIVES.get(self._mode, ()):
            self.rows[other].setVisible(other in document)
            self.rows[one].setVisible(one in document or other not in document)
            both = one in document and other in document
            for path in (one, other):
                self.swaps[path].setVisible(not both)

    def _fold(self, shown: bool) -> None:
        self.more.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        if self._last is not None:
            self._last.setVisible(shown)


def _column() -> tuple[QWidget, QVBoxLayout]:
    widget = QWidget()
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GAP)
    return widget, layout
