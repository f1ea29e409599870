"""What is asked before a recording, or a rig, takes the place of a pump."""

from PySide6.QtWidgets import QWidget

from programmer_gui.views.dialogs import Panel
from programmer_gui.views.widgets import label, row


class LetGoDialog(Panel):
    """A pump that runs is let go of: it goes on, and nobody here watches it."""

    def __init__(self, parent: QWidget, purpose: str, verb: str) -> None:
        super().__init__(parent, "The pump goes on", f"{verb}, the pump goes on")
        words = f"To {purpose}, this window lets go of the pump, which goes on with what it does. Its recording ends."
        self.body.addWidget(label(words, wrap=True))
        self.body.addLayout(row(None))
        self.setMinimumWidth(440)
