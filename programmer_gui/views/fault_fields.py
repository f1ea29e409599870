"""How much, how long and from when on: the fields of a fault, each with what is wrong with it below."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from firmware_link.errors import PumpError, UsageError
from programmer_gui.views.widgets import GAP, label, row, set_property
from rig.therapy import units
from rig.virtual.fault_file import amount_of
from rig.virtual.fault_kinds import BY_NAME, FaultKind
from rig.virtual.faults import Fault, Refused

UNTIL_ENDED, NOW = "until it is ended", "now"
LASTS = (UNTIL_ENDED, "10 s", "1 min", "10 min", "1 h", "1 d")
BEGINS = (NOW, "in 1 min", "in 10 min", "in 1 h", "in 1 d")
#: What the rig calls a field -> what it is called here.
FIELDS = {"amount": "amount", "duration_s": "duration", "at_s": "begin", "what": "what"}

_THOUSANDS = re.compile(r"(?<=\d)[\u202f\u00a0 ](?=\d{3}\b)")
_PARTS = re.compile(r"[\d.]+ ?[a-z]+")


class FaultFields(QWidget):
    """``read`` gives the fault; ``changed`` comes with every change, ``entered`` with Enter."""

    changed = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._kind: FaultKind | None = None
        self.amount = QLineEdit()
        self.amount.setAccessibleName("Amount")
        self.amount.setFixedWidth(112)
        self.unit = label("", "muted")
        self.duration = _choices("How long it lasts, in the rig's time", LASTS)
        self.begin = _choices("When it begins, in the rig's time", BEGINS)
        self.titles = {name: label(words, "muted") for name, words in (("duration", "Lasts"), ("begin", "Begins"))}
        self.titles["amount"] = label("", "muted")
        self.notes = {name: label("", "finding-error", wrap=True) for name in ("what", "amount", "duration", "begin")}
        self.range = label("", "caption")
        self._inputs = {"amount": self.amount, "duration": self.duration, "begin": self.begin}
        self._lay_out()
        self.amount.textChanged.connect(lambda: self._edited("amount"))
        self.amount.returnPressed.connect(self.entered)
        for name, box in (("duration", self.duration), ("begin", self.begin)):
            box.editTextChanged.connect(lambda _, name=name: self._edited(name))
            line = box.lineEdit()
            assert line is not None
            line.returnPressed.connect(self.entered)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP * 2)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.notes["what"], 0, 0, 1, 2)
        self._amount_line = QWidget()
        self._amount_line.setLayout(row(self.amount, self.unit, None))
        shown: dict[str, QWidget] = {"amount": self._amount_line, "duration": self.duration, "begin": self.begin}
        for at, (name, widget) in enumerate(shown.items()):
            self.titles[name].setBuddy(self._inputs[name])
            grid.addWidget(self.titles[name], 1 + 3 * at, 0)
            grid.addWidget(widget, 1 + 3 * at, 1, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(self.notes[name], 3 + 3 * at, 1)
        grid.addWidget(self.range, 2, 1)
        for note in self.notes.values():
            note.hide()
        for box in (self.duration, self.begin):
            box.setFixedWidth(208)
        grid.setColumnMinimumWidth(0, 96)
        grid.setColumnStretch(1, 1)

    def show_kind(self, kind: FaultKind | None) -> None:
        """The fields that it has, with what is usual."""
        self._kind = kind
        amount = kind.amount if kind else None
        self.titles["amount"].setText(amount.title if amount else "")
        if amount is not None:
            self.amount.setText(f"{amount.default:.10g}")
            self.amount.setAccessibleName(f"{amount.title}, {amount.unit}" if amount.unit else amount.title)
            self.unit.setText(amount.unit)
            self.range.setText(f"{'whole, ' if amount.whole else ''}{_number(amount.low)} to {_number(amount.high)}")
        for widget in (self._amount_line, self.titles["amount"], self.range):
            widget.setVisible(amount is not None)
        for widget in (self.duration, self.titles["duration"]):
            widget.setVisible(kind is not None and kind.lasts)
        for widget in (self.begin, self.titles["begin"]):
            widget.setVisible(kind is not None)
        self.forget()

    @property
    def _has_amount(self) -> bool:
        return self._kind is not None and self._kind.amount is not None

    def read(self) -> tuple[Fault, float]:
        """What is written, with the seconds until it begins; raises Refused with the field that can't be read."""
        assert self._kind is not None
        duration_s = None
        lasting, begin = (box.currentText().strip().lower() for box in (self.duration, self.begin))
        if self._kind.lasts and lasting != UNTIL_ENDED:
            duration_s = _seconds(lasting, "duration_s", f"Write “10 min”, or “{UNTIL_ENDED}”.")
        after_s = 0.0
        if begin != NOW:
            after_s = _seconds(begin.removeprefix("in "), "at_s", f"Write “in 10 min”, or “{NOW}”.")
        return Fault(self._kind.name, None, duration_s, self._amount()), after_s

    def _amount(self) -> float | None:
        if self._kind is None or self._kind.amount is None:
            return None
        known = self._kind.amount
        text = _THOUSANDS.sub("", self.amount.text()).replace("\u2212", "-").replace(",", ".").strip()
        bare = text and text[-1] in "0123456789."
        return amount_of(f"{text} {known.unit}" if bare else text, known)

    def show_error(self, error: UsageError) -> None:
        """Beside the field that is wrong; what concerns the fault as a whole above all."""
        field = FIELDS.get(getattr(error, "field", ""), "what")
        words = refusal(error)
        self.notes[field].setText(words)
        self.notes[field].show()
        self.range.setVisible(field != "amount" and self._has_amount)  # the sentence says it too
        shown = self._inputs.get(field)
        if shown is not None:
            shown.setAccessibleDescription(words)
            set_property(shown, "bad", "true")
            shown.setFocus()

    def forget(self) -> None:
        """Nothing is known to be wrong."""
        for name in self.notes:
            self._clear(name)

    def _edited(self, name: str) -> None:
        self._clear(name)
        self._clear("what")
        self.changed.emit()

    def _clear(self, name: str) -> None:
        self.notes[name].hide()
        self.notes[name].setText("")
        if name == "amount":
            self.range.setVisible(self._has_amount)
        if name in self._inputs:
            set_property(self._inputs[name], "bad", "false")
            self._inputs[name].setAccessibleDescription("")


def refusal(error: PumpError) -> str:
    """Why the rig doesn't, and what to do; with the faults called as they are here."""
    words = f"{error.problem} {error.remedy}" if isinstance(error, Refused) else error.sentence()
    return re.sub(r'"(\w+)"', lambda match: f"“{BY_NAME[match[1]].title}”" if match[1] in BY_NAME else match[0], words)


def _number(value: float) -> str:
    return f"{value:,.10g}".replace(",", "\u202f").replace("-", "\u2212")


def _choices(name: str, items: tuple[str, ...]) -> QComboBox:
    box = QComboBox()
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.addItems(list(items))
    box.setAccessibleName(name)
    return box


def _seconds(text: str, field: str, remedy: str) -> float:
    """Of "90 s", and of "1 h 30 min", as what is left of a fault is told."""
    parts = _PARTS.findall(text)
    try:
        whole = len(parts) > 1 and " ".join(parts) == " ".join(text.split())
        return sum(units.parse(part, units.DURATION) for part in (parts if whole else [text])) / 1000
    except UsageError as error:
        raise Refused(field, error.what, remedy) from error
