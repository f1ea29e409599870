"""Joins the window to exports: what is there to be exported, and the thread that does it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from firmware_link.errors import PumpError
from programmer_gui.background import Background, Stopped
from programmer_gui.controls import Controls
from programmer_gui.recordingstate import RecordingState
from programmer_gui.views.banners import Problem
from programmer_gui.views.dialogs import show_aside
from programmer_gui.wiring import Wiring
from rig.zones import offset_at

if TYPE_CHECKING:  # the dialog and DuckDB take a while to import: only when somebody exports
    from programmer_gui.models.exporting import Job, Offer, Wish
    from programmer_gui.views.export_dialog import ExportDialog
    from rig.export.exporting import Exported

ABOUT = "export"  # what its banner is about
RUNS_PAGE = 3
FILTER = "Recordings (*.run.duckdb)"
CANCELLED = "The export was cancelled. Nothing of it was kept."
_WHOLE = 1000  # of progress


class Exporting(QObject):
    """Belongs to the window."""

    def __init__(self, wiring: Wiring, runs_folder: Path) -> None:
        super().__init__(wiring)
        self._wiring, self._window, self._runs_folder = wiring, wiring.window, runs_folder
        self._controls: Controls = wiring.controls
        self.work = Background(self, ABOUT)
        self._made: list[Exported] = []  # by what is under way
        self._dialog: ExportDialog | None = None
        self._awaited: Path | None = None  # the recording that is being finished so that it can be exported
        self._finished: Path | None = None
        self._window.actions_["export"].triggered.connect(lambda: self.ask_shown())
        self._window.runs.export_asked.connect(self.ask)
        self._window.banners.acted.connect(lambda key: self._finish() if key == ABOUT else None)
        self._window.models.run.changed.connect(self._recorded)
        self.work.moved.connect(self._show_moved)
        self.work.ended.connect(self._show_ended)

    # -- what there is -------------------------------------------------------------------------------------------

    def ask_shown(self) -> None:
        """Exports what is looked at: the recordings selected, the one that is open, or else one to be chosen."""
        models = self._window.models
        if self._window.pages.currentIndex() == RUNS_PAGE and self._window.runs.selected:
            self.ask(list(self._window.runs.selected))
        elif self._shown is not None:
            self.ask([self._shown])
        elif models.run.state.recording:
            what = "This session is still being recorded, and its file belongs to the recorder."
            remedy = "Finish the recording to export it; the pump goes on, and what comes is recorded into another."
            self._window.banners.show_problem(Problem(ABOUT, "low", what, remedy, action="Finish and export …"))
        else:
            self._choose()

    @property
    def _shown(self) -> Path | None:
        """The recording that the charts show: the one that is open, or what is finished of this session."""
        models = self._window.models
        if models.player.path is not None or models.link.info is None:
            return models.player.path
        return self._finished or (None if models.run.state.recording else models.run.state.path)

    def _finish(self) -> None:
        self._window.banners.dismiss(ABOUT)
        self._awaited = self._window.models.run.state.path
        self._controls.finish_recording()

    def _recorded(self, state: RecordingState) -> None:
        """Once the recording that was to be finished is, it is there to be exported."""
        if self._awaited is not None and (state.path != self._awaited or not state.recording):
            self._finished, self._awaited = self._awaited, None
            self.ask([self._finished])
            self._finished = None

    def _choose(self) -> None:
        dialog = QFileDialog(self._window, "Export recordings", str(self._runs_folder), FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.ask([Path(name) for name in names]))
        show_aside(dialog)

    def ask(self, runs: Sequence[Path]) -> None:
        """Asks what of ``runs`` is to be exported, and how."""
        from programmer_gui.views.export_dialog import ExportDialog

        if not runs:
            return
        if not self.work.busy:
            self._wiring.asking.dialogs.close(ABOUT)

        def make() -> ExportDialog:
            made = ExportDialog(self._window, self._offer(tuple(runs)))
            made.wanted.connect(lambda wish: self._start(made, wish))
            made.stopped.connect(self.work.stop)
            made.shown_folder.connect(_show_folder)
            return made

        self._wiring.asking.show(ABOUT, make)

    def _offer(self, runs: tuple[Path, ...]) -> "Offer":
        from programmer_gui.export_stretches import stretches
        from programmer_gui.models.exporting import Offer

        local_min = offset_at()(self._controls.utc_s())
        if runs == (self._shown,):
            return Offer(runs, stretches(self._window, runs[0]), local_min)
        return Offer(runs, local_offset_min=local_min)

    # -- doing it ------------------------------------------------------------------------------------------------

    def _start(self, dialog: "ExportDialog", wish: "Wish") -> None:
        from programmer_gui.models.exporting import jobs

        todo = jobs(dialog.offer, wish)
        made: list[Exported] = []

        def work() -> None:
            """One job after the other, until one fails or somebody has had enough."""
            for index, job in enumerate(todo):
                made.append(_do(job, _Told(self.work, index, len(todo))))

        if self.work.start(work):
            self._dialog, self._made = dialog, made
            dialog.begin()

    def _show_moved(self, done: int, total: int, words: str) -> None:
        if self._dialog is not None:
            self._dialog.show_progress(done / total, words)

    def _show_ended(self, _: object, error: PumpError | None) -> None:
        dialog, self._dialog = self._dialog, None
        made, self._made = self._made, []
        if dialog is None:
            return
        done = made_text(made)
        folder = made[-1].folder if made else None
        if error is None:
            dialog.end(done, well=True, folder=folder)
            self._window.footer.say(done)
        else:
            why = CANCELLED if isinstance(error, Stopped) else error.sentence()
            dialog.end(f"{why} {done}".strip(), well=False, folder=folder)


class _Told:
    """Progress of one job of several."""

    def __init__(self, work: Background, index: int, jobs: int) -> None:
        self._work, self._index, self._jobs = work, index, jobs

    def __call__(self, done: int, total: int | None, words: str) -> None:
        part = (self._index + done / (total or 1)) / self._jobs
        of = f" {self._index + 1} of {self._jobs}" if self._jobs > 1 else ""
        self._work.progress(round(part * _WHOLE), _WHOLE, f"{words}{of}")


def _do(job: "Job", told: _Told) -> "Exported":
    from programmer_gui.models.exporting import Adding
    from rig.export.dataset import add_to_dataset
    from rig.export.exporting import export

    if isinstance(job, Adding):
        return add_to_dataset(job.run, job.folder, job.interval_us, told)
    return export(job, told)


def made_text(made: "Sequence[Exported]") -> str:
    """ "Exported: 9,136 samples and 35 events, 9 files in a.parquet."."""
    if not made:
        return ""
    samples, events = (sum(one.rows.get(table, 0) for one in made) for table in ("samples", "events"))
    files = [path for one in made for path in one.files]
    place = str(files[0]) if len(files) == 1 else f"{len(files)} files in {made[-1].folder}"
    return f"Exported {samples:,} samples and {events:,} events: {place}."


def _show_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
