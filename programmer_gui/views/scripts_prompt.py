"""A question of the script to the operator: everything by keyboard, with the answer that it would take by itself."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QVBoxLayout, QWidget

from programmer_gui.theme import Theme
from programmer_gui.views.verdict_mark import VerdictMark
from programmer_gui.views.widgets import GAP, MARGIN, button, label, row, set_property
from rig.qa.deeds import Ask
from rig.qa.limits import Limits
from rig.qa.telling.verdict_words import number_text

WAITS = "The script waits for you; a real pump goes on with what it does."
NUMBER_PX = 160


class OperatorPrompt(QFrame):
    """Hidden while nobody is asked.  Emits ``answered`` with what the runner understands."""

    answered = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._ask: Ask | None = None
        self.setObjectName("prompt")
        self.mark = VerdictMark(28)
        self.question = label("", "question", wrap=True)
        self.hint = label(WAITS, "caption", wrap=True)
        self.line = QLineEdit()
        self.line.setAccessibleName("Your answer")
        self.line.returnPressed.connect(self._enter)
        self.line.textChanged.connect(self._judge)
        self.unit = label("", "unit")
        self.wrong = label("", "finding-error")
        self.done = _answer("Done", "Enter")
        self.yes, self.no = _answer("Yes", "Y"), _answer("No", "N")
        self.enter = _answer("Answer", "Enter")
        for made, words in ((self.done, "done"), (self.yes, "yes"), (self.no, "no")):
            made.clicked.connect(lambda _=False, words=words: self._answer(words))
        self.enter.clicked.connect(self._enter)
        for made, key in ((self.yes, "Y"), (self.no, "N")):
            pressed = QShortcut(QKeySequence(key), self)
            pressed.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            pressed.activated.connect(made.click)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 12, MARGIN, 12)
        layout.setSpacing(GAP)
        head = row(self.mark, self.question, gap=12)
        head.setStretch(1, 1)
        layout.addLayout(head)
        line = row(self.line, self.unit, self.yes, self.no, self.done, self.enter, self.wrong, None)
        for part in (line, row(self.hint)):
            part.setContentsMargins(40, 0, 0, 0)
            layout.addLayout(part)
        theme.changed.connect(self._paint)
        self._paint()
        self.hide()

    @property
    def ask(self) -> Ask | None:
        """What is asked."""
        return self._ask

    def show_ask(self, ask: Ask | None) -> None:
        """Asks; None: nothing any more."""
        if ask is self._ask:
            return
        self._ask = ask
        self.setVisible(ask is not None)
        if ask is None:
            return
        self.question.setText(ask.question)
        self.setAccessibleName(ask.question)
        writes = ask.answer in ("number", "text")
        for part in (self.line, self.enter):
            part.setVisible(writes)
        self.unit.setText(ask.limits.unit if ask.limits is not None else "")
        self.unit.setVisible(writes and bool(self.unit.text()))
        self.wrong.setVisible(writes)
        self.done.setVisible(ask.answer == "done")
        for choice in (self.yes, self.no):
            choice.setVisible(ask.answer == "yes or no")
        self.hint.setText(_hint(ask))
        self.line.setMaximumWidth(NUMBER_PX if ask.answer == "number" else 16_777_215)
        self.line.setText(self._bare(ask.unattended or "") if writes else "")
        self.line.selectAll()
        self._judge()
        self._default(ask).setFocus(Qt.FocusReason.OtherFocusReason)

    def _default(self, ask: Ask) -> QWidget:
        if ask.answer in ("number", "text"):
            return self.line
        if ask.answer == "done":
            return self.done
        likely = self.no if (ask.unattended or ask.expected) == "no" else self.yes
        for choice in (self.yes, self.no):
            set_property(choice, "role", "primary" if choice is likely else "")
        return likely

    def _judge(self) -> None:
        """What can't be read isn't an answer."""
        ask = self._ask
        wrong = ask is not None and ask.answer == "number" and not _is_number(self._bare(self.line.text()))
        empty = not self.line.text().strip()
        self.enter.setEnabled(not wrong and not empty)
        self.wrong.setText("This is no number." if wrong and not empty else "")

    def _enter(self) -> None:
        if self.enter.isEnabled():
            self._answer(self._bare(self.line.text()))

    def _bare(self, text: str) -> str:
        """Without the unit, which stands behind the field."""
        return text.strip().removesuffix(self.unit.text()).strip()

    def _answer(self, words: str) -> None:
        if self._ask is not None:
            self.answered.emit(words)

    def _paint(self) -> None:
        tokens = self._theme.tokens
        self.mark.show_state("asked", tokens.accent, tokens.surface)


def _answer(text: str, key: str) -> QPushButton:
    made = button(text, "primary", f"{text} ({key})", f"Key: {key}")
    made.setAutoDefault(True)
    return made


def _is_number(text: str) -> bool:
    try:
        float(text.strip().replace(",", "."))
    except ValueError:
        return False
    return True


def _hint(ask: Ask) -> str:
    """What it is held to, where that may be known beforehand."""
    limits = ask.limits
    return WAITS if limits is None else f"{_within(limits)}  {WAITS}".strip()


def _within(limits: Limits) -> str:
    unit = f" {limits.unit}" if limits.unit else ""
    if limits.low is not None and limits.high is not None:
        return f"Passes from {number_text(limits.low)} to {number_text(limits.high)}{unit}."
    if limits.low is not None:
        return f"Passes from {number_text(limits.low)}{unit} up."
    return f"Passes up to {number_text(limits.high)}{unit}." if limits.high is not None else ""
