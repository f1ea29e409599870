"""Joins the window to the accuracy of recordings: which run, and the thread that reads it."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from firmware_link.errors import PumpError
from programmer_gui.chores import Chores
from programmer_gui.wiring import Wiring

if TYPE_CHECKING:  # DuckDB takes a while to import: only when somebody asks
    from programmer_gui.views.accuracy_dialog import AccuracyDialog
    from rig.report.accurate import Accuracy

ABOUT = "accuracy"


class Accurate(QObject):
    """Belongs to the window."""

    def __init__(self, wiring: Wiring) -> None:
        super().__init__(wiring)
        self._wiring, self._window = wiring, wiring.window
        self.chores = Chores(self, ABOUT, self._fail)
        self._window.runs.accuracy_asked.connect(self.ask)
        self._window.actions_["accuracy"].triggered.connect(lambda: self.ask_shown())

    def ask_shown(self) -> None:
        """Of the recording that is open."""
        if self._window.models.player.path is not None:
            self.ask(self._window.models.player.path)

    def ask(self, run: Path) -> None:
        """Shows how accurate the run file ``run`` was."""
        from programmer_gui.views.accuracy_dialog import AccuracyDialog

        dialogs = self._wiring.asking.dialogs
        dialogs.close(ABOUT)  # of another run
        self._wiring.asking.show(ABOUT, lambda: AccuracyDialog(self._window, self._window.theme, run.name))

        def work() -> "Accuracy":
            from rig.report.accurate import accuracy_of

            return accuracy_of(run)

        self.chores.do(work, partial(self._show, run.name))

    @property
    def _dialog(self) -> "AccuracyDialog | None":
        from programmer_gui.views.accuracy_dialog import AccuracyDialog

        found = self._wiring.asking.dialogs.find(ABOUT)
        return found if isinstance(found, AccuracyDialog) else None

    def _show(self, name: str, found: "Accuracy") -> None:
        dialog = self._dialog
        if dialog is not None and dialog.name == name:
            dialog.show_accuracy(found)

    def _fail(self, error: PumpError) -> None:
        self._wiring.asking.dialogs.close(ABOUT)
        self._wiring.show_error(ABOUT, error)
