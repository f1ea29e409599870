"""A field for a quantity with its unit, which says beside it what is wrong with what was written."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from firmware_link.errors import UsageError
from programmer_gui.views.widgets import label, set_property
from rig.therapy import units


class QuantityEntry(QWidget):
    """``value`` is in base units of ``kind``; None while what is written can't be read."""

    changed = Signal()

    def __init__(self, title: str, kind: units.Kind, text: str = "") -> None:
        super().__init__()
        self._kind = kind
        self.value: int | None = None
        self.line = QLineEdit(text)
        self.line.setAccessibleName(title)
        self.line.setPlaceholderText(kind.example)
        heading = label(title, "caption")
        heading.setBuddy(self.line)
        self.note = label("", "finding-error", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (heading, self.line, self.note):
            layout.addWidget(widget)
        self.line.textChanged.connect(self._read)
        self._read()

    def _read(self) -> None:
        text, words = self.line.text(), ""
        try:
            self.value = units.parse(text, self._kind)
        except UsageError as error:
            self.value = None
            words = error.sentence() if text.strip() else ""
        self.note.setText(words)
        self.note.setVisible(bool(words))
        set_property(self.line, "bad", "true" if words else "false")
        self.line.setAccessibleDescription(words)
        self.changed.emit()
