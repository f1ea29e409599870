"""How accurate a recorded run was: its curves, and what they come to.  Not modal: STOP can be pressed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from programmer_gui.theme import Theme
from programmer_gui.views.accuracy_plots import AccuracyPlots
from programmer_gui.views.dialogs import Panel
from programmer_gui.views.widgets import MARGIN, label

if TYPE_CHECKING:
    from rig.report.accurate import Accuracy

READING = "The recording is being read …"
SIZE = (980, 720)
SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class AccuracyDialog(Panel):
    """Says that it is reading until it is given what came of it."""

    def __init__(self, parent: QWidget, theme: Theme, name: str) -> None:
        super().__init__(parent, "Accuracy", cancel="Close")
        self.name = name
        self.body.insertWidget(1, label(name, "muted", wrap=True))
        self.plots = AccuracyPlots(theme, READING)
        self.said = label("", "muted", wrap=True)
        self.said.setTextInteractionFlags(SELECTABLE)
        self.said.hide()
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(MARGIN)
        self._facts.setVerticalSpacing(4)
        self._facts.setColumnStretch(1, 1)
        self.body.addWidget(self.plots, 1)
        self.body.addWidget(self.said)
        self.body.addLayout(self._facts)
        self.resize(*SIZE)

    def show_accuracy(self, found: "Accuracy") -> None:
        """The curves, or why there are none."""
        self.plots.nothing.setText(found.why)
        self.plots.show_curves(found.curves)
        self.said.setText(f"Of the whole run nothing is computed. {found.why}")
        self.said.setVisible(bool(found.why and found.curves))
        for at, (name, words) in enumerate(found.facts):
            shown = label(words, wrap=True)
            shown.setTextInteractionFlags(SELECTABLE)
            shown.setAccessibleName(f"{name}: {words}")
            self._facts.addWidget(label(name, "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(shown, at, 1)
