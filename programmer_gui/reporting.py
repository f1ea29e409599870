"""Joins the window to reports: which run, in which file, and the thread that makes it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from firmware_link.clock import Clock
from firmware_link.errors import PumpError
from programmer_gui.background import Background, Stopped
from programmer_gui.views.banners import Problem
from programmer_gui.views.dialogs import show_aside
from programmer_gui.wiring import Wiring
from rig.session import SessionInfo

if TYPE_CHECKING:  # jinja2 and DuckDB take a while to import: only when somebody wants a report
    from programmer_gui.views.report_dialog import ReportDialog
    from rig.report.blocks import Report

ABOUT = "report"
RUNS_PAGE = 3
FILTER = "Recordings (*.run.duckdb)"


class Reporting(QObject):
    """Belongs to the window."""

    def __init__(self, wiring: Wiring, runs_folder: Path, clock: Clock) -> None:
        super().__init__(wiring)
        self._wiring, self._window = wiring, wiring.window
        self._runs_folder, self._clock = runs_folder, clock
        self.work = Background(self, ABOUT)
        self._dialog: ReportDialog | None = None
        self._output = Path()
        self._window.actions_["report"].triggered.connect(lambda: self.ask_shown())
        self._window.runs.report_asked.connect(self.ask)
        self._window.banners.acted.connect(lambda key: self._finish() if key == ABOUT else None)
        self.work.moved.connect(self._show_moved)
        self.work.ended.connect(self._show_ended)

    def ask_shown(self) -> None:
        """A report of what is looked at: the recording selected, the one that is open, or else one to be chosen."""
        models, window = self._window.models, self._window
        if window.pages.currentIndex() == RUNS_PAGE and len(window.runs.selected) == 1:
            self.ask(window.runs.selected[0])
        elif models.player.path is not None:
            self.ask(models.player.path)
        elif models.run.state.recording:
            what = "This session is still being recorded, and its file belongs to the recorder."
            remedy = "Finish the recording, then make its report; the pump goes on with what it does."
            window.banners.show_problem(Problem(ABOUT, "low", what, remedy, action="Finish the recording"))
        elif models.run.state.path is not None and models.link.info is not None:
            self.ask(models.run.state.path)
        else:
            self._choose()

    def _finish(self) -> None:
        self._window.banners.dismiss(ABOUT)
        self._wiring.controls.finish_recording()

    def _choose(self) -> None:
        dialog = QFileDialog(self._window, "Report on a recording", str(self._runs_folder), FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.ask(Path(name)))
        show_aside(dialog)

    def ask(self, run: Path) -> None:
        """Asks how the report of the run file ``run`` is to be."""
        from programmer_gui.views.report_dialog import ReportDialog

        if not self.work.busy:
            self._wiring.asking.dialogs.close(ABOUT)

        def make() -> ReportDialog:
            made = ReportDialog(self._window, run, _may_be_virtual(self._window.models.link.info))
            made.wanted.connect(lambda *wish: self._start(made, *wish))
            made.stopped.connect(self.work.stop)
            made.opening.connect(lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
            return made

        self._wiring.asking.show(ABOUT, make)

    def _start(self, dialog: "ReportDialog", output: Path, limit: str, truth: bool, verify: bool) -> None:
        from programmer_gui import printing
        from rig.report import verb

        words, run = (
            verb.Words(limit=limit, truth=truth, verify=verify, force=True),
            dialog.run,
        )  # who chose the file was asked

        def work() -> "Report":
            return verb.make(run, output, words, self.work.progress, self._clock, printing.save_paper)

        if self.work.start(work):
            self._dialog, self._output = dialog, output
            dialog.destroyed.connect(self._forget)
            dialog.begin()

    def _forget(self) -> None:
        self._dialog = None

    def _show_moved(self, done: int, total: int, what: str) -> None:
        if self._dialog is not None:
            self._dialog.show_progress(done, total, what)

    def _show_ended(self, report: "Report | None", error: PumpError | None) -> None:
        dialog, self._dialog = self._dialog, None
        if error is None and report is not None:
            first = report.headlines[0]
            self._window.footer.say(f"Saved {self._output.name}")
            if dialog is not None:
                dialog.end(f"Saved {self._output.name}. {first.title}: {first.words}", self._output)
        elif error is not None and dialog is not None:
            dialog.end("Stopped: no report was made." if isinstance(error, Stopped) else error.sentence(), None)
        elif error is not None and not isinstance(error, Stopped):
            self._wiring.show_error(ABOUT, error)


def _may_be_virtual(info: SessionInfo | None) -> bool:
    """Unless a real pump is connected, any recording may be of a virtual one."""
    return info is None or info.virtual or info.can_seek
