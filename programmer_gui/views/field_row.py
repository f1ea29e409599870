"""One field of a program in the form: title, input, the same in other units, and what is to be said about it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from programmer_gui.models.evaluation import Remark
from programmer_gui.views.remarks import Remarks
from programmer_gui.views.widgets import label, row, set_property
from rig.therapy.fields import Field

TITLE_WIDTH = 116
INDENT = TITLE_WIDTH + 8  # of what stands below a field
FIELD_WIDTH = 168
SWAP = 96  # of a button beside it
NARROW = 416  # where the same in other units goes below the field
LONGEST = 200  # letters of a field: a slip of the clipboard doesn't become a name


class FieldRow(QWidget):
    """Emits ``edited`` with (path, value) as the operator changes it, and ``fixed`` with a Fix."""

    edited = Signal(str, object)
    fixed = Signal(object)

    def __init__(self, field: Field, path: str, choices: Sequence[tuple[str, str]] = (), indent: bool = False) -> None:
        super().__init__()
        self.field, self.path = field, path
        self._is_narrow = False
        self.input = self._make(choices)
        self.input.setParent(self)  # before what is beside it, for the tabulator
        self.input.setAccessibleName(field.title if path == field.key else f"{field.title}, {path.split('.')[0]}")
        self.input.setToolTip(field.help)
        self.title = label(field.title, "indented" if indent else "")
        self.title.setFixedWidth(TITLE_WIDTH)
        self.title.setToolTip(field.help)
        self.title.setBuddy(self.input)
        self.derived = label("", "caption", wrap=True)
        self._beside = QWidget(self)  # goes below the field where there is no room beside it
        self._words = QHBoxLayout(self._beside)
        self._words.setContentsMargins(0, 0, 0, 0)
        self._words.addWidget(self.derived, 1)
        self.remarks = Remarks()
        self.remarks.fixed.connect(self.fixed)
        self._lay_out()

    def _lay_out(self) -> None:
        self._wide = wide = self.field.kind is None and self.field.form == "text" and self.path != "drug"
        if not wide and not isinstance(self.input, Several):
            self.input.setFixedWidth(FIELD_WIDTH)
        self._head = row(self.title, self.input, gap=8)
        if wide:
            self._head.setStretch(1, 1)
        else:
            self._head.addWidget(self._beside, 1)
        self._filler = QWidget(self)  # what is beside the field then
        self._filler.hide()
        self._head.addWidget(self._filler, 1)
        self._below, self._said = QHBoxLayout(), QHBoxLayout()
        self._below.addSpacing(INDENT)
        self._said.addWidget(self.remarks)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for line in (self._head, self._below, self._said):
            layout.addLayout(line)

    def _make(self, choices: Sequence[tuple[str, str]]) -> QWidget:
        field = self.field
        if field.form == "several":
            several = Several(field)
            several.chosen.connect(lambda values: self.edited.emit(self.path, values))
            return several
        if choices:
            box = QComboBox()
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
            for value, title in choices:
                box.addItem(title, value)
            box.activated.connect(lambda: self.edited.emit(self.path, box.currentData()))
            return box
        line = Line()
        line.setMaxLength(LONGEST)
        line.setPlaceholderText(
            shown(field.default or ("" if field.required else field.example and f"e.g. {field.example}"))
        )
        line.textEdited.connect(self._typed)
        return line

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # What is said has all of a narrow row: it is read there, not searched beside a column of titles.
        self._said.setContentsMargins(0 if self.width() < NARROW else INDENT, 0, 0, 0)
        narrow = self.width() < NARROW + (SWAP if self._words.count() > 1 else 0)
        if not self._wide and narrow != self._is_narrow:
            self._is_narrow = narrow
            if narrow:
                self._below.addWidget(self._beside, 1)
            else:
                self._head.insertWidget(2, self._beside, 1)
            self._filler.setVisible(narrow)
            self._show_beside()

    def _show_beside(self) -> None:
        """Takes no room below the field where it is empty."""
        self._beside.setVisible(not self._is_narrow or bool(self.derived.text()) or self._words.count() > 1)

    def add_button(self, widget: QWidget) -> None:
        """Something that can be done with this field, at its end."""
        self._words.addWidget(widget)
        self._show_beside()

    def _typed(self, text: str) -> None:
        """A number is kept as one; a field that needn't be there goes with its last letter."""
        value: Any = plain(text) if self.field.kind else text
        if self.field.form == "number" and text.strip().isdigit():
            value = int(text)
        elif not text.strip() and not self.field.required:
            value = None
        self.edited.emit(self.path, value)

    def show_value(self, value: Any) -> None:
        """Shows ``value`` without taking it for an edit; what is being typed stays as it is."""
        widget = self.input
        if isinstance(widget, Several):
            widget.show_values(value if isinstance(value, list) else [])
        elif isinstance(widget, QComboBox):
            wanted = self.field.default if value is None else str(value)
            at = widget.findData(wanted)
            if at < 0 and wanted:
                widget.addItem(f"{wanted} (not known)", wanted)
                at = widget.count() - 1
            widget.setCurrentIndex(at)
        elif isinstance(widget, QLineEdit):
            text = "" if value is None else str(value)
            now = plain(widget.text()) if self.field.kind else widget.text()
            if now != text and not (value is None and not now.strip()):
                widget.setText(shown(text) if self.field.kind else text)

    def show_words(self, derived: str, remarks: Sequence[Remark]) -> None:
        """The same in other units, and what is to be said."""
        self.derived.setText(derived)
        self._show_beside()
        self.remarks.show_remarks(remarks)
        bad = any(remark.level in ("bad", "hard") for remark in remarks)
        set_property(self.input, "bad", "true" if bad else "false")
        self.input.setAccessibleDescription("\n".join([*filter(None, [derived]), *filter(None, [self.remarks.text])]))


class Line(QLineEdit):
    """A line whose edits are undone with all others, by the window's own undo."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() != QEvent.Type.KeyRelease and _is_undo(event):
            event.ignore()
            return False
        return super().event(event)


def _is_undo(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


def shown(text: str) -> str:
    """What a file says, as people see it: µ for u."""
    return text.replace("ug", "µg").replace("uL", "µL")


def plain(text: str) -> str:
    """The other way round: what is typed, as a file says it."""
    return text.replace("µ", "u").replace("μ", "u")


class Several(QWidget):
    """Any of some choices.  Emits ``chosen`` with their values, in the order of the choices."""

    chosen = Signal(list)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.boxes = {choice: QCheckBox(choice.capitalize()) for choice in field.choices}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for choice, box in self.boxes.items():
            box.setAccessibleName(f"{field.title}: {choice}")
            box.clicked.connect(self._clicked)
            layout.addWidget(box)
        layout.addStretch(1)
        self.setFocusProxy(next(iter(self.boxes.values())))

    def show_values(self, values: list[Any]) -> None:
        """Ticks those."""
        for choice, box in self.boxes.items():
            box.setChecked(choice in values)

    def _clicked(self) -> None:
        self.chosen.emit([choice for choice, box in self.boxes.items() if box.isChecked()])


def heading(text: str, help: str = "") -> QLabel:
    """Above a group of fields."""
    made = label(text, "heading")
    made.setToolTip(help)
    made.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
    made.setMinimumHeight(28)
    return made
