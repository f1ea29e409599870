"""Letting go of a pump while what it does isn't proven: said, with the ways to settle it at hand."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from programmer_gui.models.update import UpdateModel
from programmer_gui.views.dialogs import Panel
from programmer_gui.views.widgets import button, label, row, set_property
from rig.programs.update import STAGE_WORDS


class UnprovenDialog(Panel):
    """``verb`` is what was asked for: "Close", "Disconnect", "Connect"."""

    prove_asked = Signal()
    stop_asked = Signal()

    def __init__(self, parent: QWidget, update: UpdateModel, verb: str) -> None:
        super().__init__(parent, "The program isn't proven yet", f"{verb} anyway", cancel="Stay")
        self._update = update
        self.what = label("", wrap=True)
        self.prove = button("Start it and prove that it runs", "primary")
        self.prove.clicked.connect(self.prove_asked)
        self.stop = button("STOP, and leave it stopped")
        self.stop.clicked.connect(self.stop_asked)
        self.body.addWidget(self.what)
        words = (
            f"“{verb} anyway” lets go of it while nobody has proven what it delivers. That is kept in the recording."
        )
        self.body.addWidget(label(words, "finding-warning", wrap=True))
        self.body.addLayout(row(self.prove, self.stop, None))
        set_property(self.ok, "role", "")
        self.ok.setDefault(False)
        self.cancel.setDefault(True)
        self.setMinimumWidth(480)
        update.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        """Closes by itself once it is settled."""
        update = self._update
        if not update.unproven or update.update is None:
            self.close()
            return
        standing = update.standing
        if standing is not None:
            self.what.setText(standing.what)
        else:
            doing = "is under way" if update.active else "broke off"
            self.what.setText(f"The update {doing} at “{STAGE_WORDS[update.update.stage]}”.")
        self.prove.setVisible(standing is not None and standing.holds == "new")
