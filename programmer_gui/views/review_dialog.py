"""What somebody says of a recording: the verdict, who and why, beside what the others have said."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from programmer_gui.views.dialogs import Panel
from programmer_gui.views.widgets import GAP, button, label, row, segment, set_property
from rig.qa.telling.verdict_words import WORDS as VERDICT_WORDS
from rig.review.views import TITLES, WORDS, Views

WIDE_PX = 560
REASON_PX = 88
BLIND = "This copy doesn't say what it is of. Judge by what you see."
OPEN = "Your verdict stands beside the instrument's and the blinded reviewer's; none takes another's place."


class ReviewDialog(Panel):
    """Emits ``said`` with verdict, name and reason; ``taking`` asks for a blinded copy whose review is to be taken
    over."""

    said = Signal(str, str, str)
    taking = Signal()

    def __init__(self, parent: QWidget, path: Path, found: Views, blinded: bool, by: str) -> None:
        super().__init__(parent, "Review", "Keep the verdict", cancel="Close")
        self.path = path
        self.body.insertWidget(1, label(path.name, "muted", wrap=True))
        self.body.addWidget(label(BLIND if blinded else OPEN, wrap=True))
        if not blinded:
            others = ((TITLES["instrument"], found.instrument), (TITLES["blinded"], found.blinded))
            self.body.addWidget(label("\n".join(f"{title}: {_word(verdict)}" for title, verdict in others), "muted"))
        self.choice = QButtonGroup(self)
        self.verdicts = {}
        for at, word in enumerate(WORDS):
            place = "first" if at == 0 else "last" if at == len(WORDS) - 1 else ""
            made = segment(_word(word), place, f"Verdict: {word}")
            made.setCheckable(True)
            self.choice.addButton(made)
            self.verdicts[word] = made
            made.toggled.connect(self._check)
        self.by, self.reason = QLineEdit(by), QPlainTextEdit()
        self.reason.setPlaceholderText("What you saw, and when")
        self.reason.setFixedHeight(REASON_PX)
        self.reason.setTabChangesFocus(True)
        form = QFormLayout()
        form.setContentsMargins(0, GAP, 0, 0)
        form.setVerticalSpacing(GAP)
        form.addRow("Verdict", row(*self.verdicts.values(), None, gap=0))
        for title, field in (("Name", self.by), ("Reason", self.reason)):
            field.setAccessibleName(title)
            form.addRow(title, field)
        self.body.addLayout(form)
        self.told = label("", "finding-error", wrap=True)
        self.told.hide()
        self.body.addWidget(self.told)
        self.body.addStretch(1)
        self.take = button("Take over a blinded review …")
        self.take.setVisible(not blinded)
        self.take.clicked.connect(self.taking)
        self.buttons.insertWidget(0, self.take)
        self.setMinimumWidth(WIDE_PX)
        self._check()

    @property
    def verdict(self) -> str:
        """What is chosen; "" for nothing yet."""
        return next((word for word, made in self.verdicts.items() if made.isChecked()), "")

    def show_told(self, words: str, well: bool) -> None:
        """What became of it."""
        set_property(self.told, "role", "finding-ok" if well else "finding-error")
        self.told.setText(words)
        self.told.show()

    def _check(self, *_: object) -> None:
        self.ok.setEnabled(bool(self.verdict))
        self.ok.setToolTip("" if self.verdict else "Choose a verdict first.")

    def _accept(self) -> None:
        """Stays until it is kept."""
        if self.ok.isEnabled():
            self.said.emit(self.verdict, self.by.text().strip(), self.reason.toPlainText().strip())


def _word(verdict: str) -> str:
    found = next((words for known, words in VERDICT_WORDS.items() if known == verdict), None)
    return f"{found.symbol} {found.word}" if found else "nothing yet"
