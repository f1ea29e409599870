"""What came of a script, saved as a report or as JUnit."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from firmware_link.clock import Clock
from programmer_gui.chores import Chores
from programmer_gui.views.dialogs import show_aside
from programmer_gui.wiring import Wiring
from rig.qa.telling.results import Result

#: what is saved -> (title, filter, ending)
KINDS = {
    "report": ("Save the report", "Reports (*.html *.pdf)", "html"),
    "junit": ("Save as JUnit", "JUnit files (*.xml)", "xml"),
}


class ScriptSaving(QObject):
    """Belongs to the window."""

    def __init__(self, wiring: Wiring, chores: Chores, clock: Clock) -> None:
        super().__init__(wiring)
        self._window, self._chores, self._clock = wiring.window, chores, clock
        self._scripts = wiring.window.models.scripts
        head = wiring.window.scripts.head
        head.report_asked.connect(partial(self._ask, "report"))
        head.junit_asked.connect(partial(self._ask, "junit"))

    def results(self) -> list[Result]:
        """Of the cases of the script that is looked at, as far as they were run here."""
        cases = self._scripts.entry.cases if self._scripts.entry is not None else ()
        runs = [self._scripts.run_of(case) for case in cases]
        return [run.result for run in runs if run is not None and run.ended is not None]

    def _ask(self, kind: str) -> None:
        title, words, ending = KINDS[kind]
        entry = self._scripts.entry
        if entry is None or not self.results():
            return
        name = f"{entry.path.name.split('.')[0]}.{ending}"
        dialog = QFileDialog(self._window, title, name, words)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending)
        dialog.fileSelected.connect(lambda path: self.save(kind, Path(path)))
        show_aside(dialog)

    def save(self, kind: str, path: Path) -> None:
        """Into the file at ``path``; who chose it was asked."""
        results, made_us = self.results(), self._clock.utc_us()

        def report() -> None:
            from programmer_gui import printing
            from rig.qa.telling.report import report_of
            from rig.report import verb

            verb.save(report_of(results, made_us), path, printing.save_paper)

        def junit() -> None:
            from rig.qa.telling import junit

            junit.write(path, results)

        self._chores.do(report if kind == "report" else junit, lambda _: self._window.footer.say(f"Saved {path.name}"))
