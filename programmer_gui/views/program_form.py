"""The form of a program, made of what its file may say: each field, the same in other units, what the check says."""

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from programmer_gui.models.derived import ALTERNATIVES
from programmer_gui.models.document import get
from programmer_gui.models.evaluation import Remark
from programmer_gui.models.modeswitch import NEW, usual_rate
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.remarking import by_field
from programmer_gui.views.field_row import FIELD_WIDTH, TITLE_WIDTH, FieldRow
from programmer_gui.views.form_part import HEADER, Maker, Part, column
from programmer_gui.views.remarks import Remarks
from programmer_gui.views.widgets import GAP, label, row
from rig.therapy import files

FIRST = ("name", "drug", "concentration")
MORE = "Pump, catheter, limits"


class ProgramForm(QWidget):
    """Edits a ProgramModel's document; every keystroke is checked.  ``left_over`` are remarks that no field took."""

    shown = Signal()

    def __init__(self, model: ProgramModel) -> None:
        super().__init__()
        self._model = model
        self._mode = ""
        self._maker = Maker(model, self._edited)
        self._parts: dict[str, Part] = {}
        self.part = Part(self)  #: the present mode's
        self.rows: dict[str, FieldRow] = {}
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
        self._above = {key: self._maker.row(HEADER[key]) for key in FIRST}
        self._below = {key: self._maker.row(known) for key, known in HEADER.items() if key not in FIRST}
        self._last, last = column()
        for one in self._below.values():
            last.addWidget(one)
        self._lay_out()
        self._fold(False)
        model.changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(GAP)
        self._body.addWidget(self._above["name"])
        self._body.addLayout(self._mode_row())
        for key in ("drug", "concentration"):
            self._body.addWidget(self._above[key])
        self._part_at = self._body.count()
        for widget in (self.more, self._last):
            self._body.addWidget(widget)
        self._body.addStretch(1)

    def focus(self, path: str) -> bool:
        """Goes to the field at ``path``, or to the one that holds it; False where there is none."""
        owner = by_field([Remark("note", path, "", "")], self.rows)[0]
        if not owner:
            return False
        found = self.rows[next(iter(owner))]
        if found.isHidden() or self._last.isAncestorOf(found):
            self.more.setChecked(True)
        found.input.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    # -- making it -----------------------------------------------------------------------------------------------

    def _turn_to(self, mode: str) -> None:
        """Shows the fields of ``mode`` in the place of the last one's."""
        if self._mode:
            self.part.widget.hide()
        self._mode = mode
        if mode not in self._parts:
            self._parts[mode] = self._maker.part(mode)
            self._body.insertWidget(self._part_at, self._parts[mode].widget)
        self.part = self._parts[mode]
        self.part.widget.show()
        self.rows = {**self._above, **self.part.rows, **self._below}
        self._order_tabs(self.part.widget)

    def _order_tabs(self, part: QWidget) -> None:
        """The tabulator goes from field to field as they stand, whenever they were made."""
        name, *others = self._above.values()
        widgets = (name, self.mode, *others, part, self.more, self._last)
        chain = [found for widget in widgets for found in _stops(widget)]
        for one, following in pairwise(chain):
            QWidget.setTabOrder(one, following)

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

    def _edited(self, path: str, value: object) -> None:
        """A single bolus that the pump stops after has no base to resume; one that it resumes after needs it."""
        if path == "bolus.after" and self._mode == "single bolus":
            base = None if value == "stop" else self._model.value("base") or usual_rate(NEW)
            self._model.change([(path, value), ("base", base)], "change of what comes after the bolus")
        else:
            self._model.edit(path, value)

    # -- showing it ----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        document, evaluated = self._model.document, self._model.evaluated
        mode = str(document.get("mode"))
        if mode not in files.MODES:
            mode = "simple continuous"
        if mode != self._mode:
            self._turn_to(mode)
            self.mode.setCurrentIndex(self.mode.findData(mode))
            self.blurb.setText(files.MODES[mode].blurb)
        owned, self.left_over = by_field(evaluated.remarks, self.rows)
        mode_remarks = [remark for remark in self.left_over if remark.field == "mode"]
        self.mode_remarks.show_remarks(mode_remarks)
        for path, one in self.rows.items():
            one.show_value(get(document, path))
            one.show_words(evaluated.derived.get(path, ""), owned.get(path, ()))
        part = self.part
        for key, box in part.groups.items():
            box.setChecked(key in document)
            for member in part.members[key]:
                member.setVisible(key in document)
        self._show_alternatives()
        if mode == "single bolus":
            self.rows["base"].setVisible("base" in document or get(document, "bolus.after") != "stop")
        if any(self._last.isAncestorOf(self.rows[path]) for path in owned):
            self.more.setChecked(True)
        self.shown.emit()

    def _show_alternatives(self) -> None:
        document, part = self._model.document, self.part
        for one, other in ALTERNATIVES.get(self._mode, ()):
            part.rows[other].setVisible(other in document)
            part.rows[one].setVisible(one in document or other not in document)
            both = one in document and other in document
            for path in (one, other):
                part.swaps[path].setVisible(not both)

    def _fold(self, shown: bool) -> None:
        self.more.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self._last.setVisible(shown)


def _stops(widget: QWidget) -> list[QWidget]:
    """Where the tabulator stops in ``widget``."""
    return [
        found
        for found in (widget, *widget.findChildren(QWidget))
        if found.focusPolicy() & Qt.FocusPolicy.TabFocus and found.window() is widget.window()
    ]
