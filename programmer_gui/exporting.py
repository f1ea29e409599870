"""Joins the window to exports: what is there to be exported, and the thread that does it."""

import math
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from firmware_link.errors import PumpError, UsageError
from programmer_gui.controls import Controls
from programmer_gui.views.banners import Problem
from programmer_gui.wiring import Wiring
from rig.zones import offset_at

if TYPE_CHECKING:  # the dialog and DuckDB take a while to import: only when somebody exports
    from programmer_gui.models.exporting import Job, Offer, Stretch, Wish
    from programmer_gui.plot.stack import ChartStack
    from programmer_gui.views.export_dialog import ExportDialog
    from rig.export.exporting import Exported

ABOUT = "export"  # what its banner is about
RUNS_PAGE = 3
BETWEEN, CHOSEN = "Between the cursors", "The selected log entries"
AFTER_S = 1e-3  # by which a stretch up to the last sample ends after it: the end isn't in it
MARGIN_S = 1.0  # an entry arrives a little after it happened
FILTER = "Recordings (*.run.duckdb)"
END_S = 10.0
_STEP = 0.005  # the least progress that is told


class Stopped(PumpError):
    """The operator has ended the export."""


class Exporting(QObject):
    """Belongs to the window."""

    moved = Signal(float, str)  # how much is done, 0 to 1; what goes on
    ended = Signal(object, object)  # list of Exported; the PumpError that ended it, or None

    def __init__(self, wiring: Wiring, runs_folder: Path) -> None:
        super().__init__(wiring)
        self._wiring, self._window, self._runs_folder = wiring, wiring.window, runs_folder
        self._controls: Controls = wiring.controls
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._dialog: ExportDialog | None = None
        self._window.actions_["export"].triggered.connect(lambda: self.ask_shown())
        self._window.runs.export_asked.connect(self.ask)
        self._window.banners.acted.connect(lambda key: self._finish() if key == ABOUT else None)
        self.moved.connect(self._show_moved)
        self.ended.connect(self._show_ended)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    # -- what there is -------------------------------------------------------------------------------------------

    def ask_shown(self) -> None:
        """Exports what is looked at: the recordings selected, the one that is open, or else one to be chosen."""
        models = self._window.models
        if self._window.pages.currentIndex() == RUNS_PAGE and self._window.runs.selected:
            self.ask(list(self._window.runs.selected))
        elif models.player.path is not None:
            self.ask([models.player.path])
        elif models.run.state.recording:
            what = "This session is still being recorded, and its file belongs to the recorder."
            remedy = "Finish the recording, then export it; the pump goes on with what it does."
            self._window.banners.show_problem(Problem(ABOUT, "low", what, remedy, action="Finish the recording"))
        elif models.run.state.path is not None and models.link.info is not None:
            self.ask([models.run.state.path])
        else:
            self._choose()

    def _finish(self) -> None:
        self._window.banners.dismiss(ABOUT)
        self._controls.finish_recording()

    def _choose(self) -> None:
        dialog = QFileDialog(self._window, "Export recordings", str(self._runs_folder), FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.ask([Path(name) for name in names]))
        dialog.setModal(False)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def ask(self, runs: Sequence[Path]) -> None:
        """Asks what of ``runs`` is to be exported, and how."""
        from programmer_gui.views.export_dialog import ExportDialog

        if not runs:
            return
        if self._thread is None:
            self._wiring.asking.dialogs.close(ABOUT)

        def make() -> ExportDialog:
            made = ExportDialog(self._window, self._offer(tuple(runs)))
            made.wanted.connect(lambda wish: self._start(made, wish))
            made.stopped.connect(self._stop.set)
            made.shown_folder.connect(_show_folder)
            return made

        self._wiring.asking.show(ABOUT, make)

    def _offer(self, runs: tuple[Path, ...]) -> "Offer":
        from programmer_gui.models.exporting import EVERYTHING, Offer, Stretch

        models, local_min = self._window.models, offset_at()(self._controls.utc_s())
        shown = models.player.path or (models.run.state.path if models.link.info is not None else None)
        charts = self._window.bench.charts
        if charts is None or runs != (shown,):
            return Offer(runs, local_offset_min=local_min)
        end_s = self._end_s(charts)
        whole = Stretch(EVERYTHING, "Everything", extent_s=(0.0, end_s))
        return Offer(runs, (whole, *self._in_charts(charts, end_s), self._in_log()), local_min)

    def _end_s(self, charts: "ChartStack") -> float:
        """When the last sample was, on the axis."""
        landmarks, extent = self._window.models.player.landmarks, charts.data.extent
        if landmarks is not None and len(landmarks.knots_s):
            return float(landmarks.knots_s[-1])
        return extent[1] if extent else 0.0

    def _in_charts(self, charts: "ChartStack", end_s: float) -> "list[Stretch]":
        """What the charts show of it."""
        from programmer_gui.models.exporting import CURSORS, VISIBLE, Stretch

        def within(begin_s: float, stop_s: float) -> tuple[float, float]:
            return max(0.0, begin_s), max(0.0, min(stop_s, end_s + AFTER_S))

        view, cursors = charts.canvas.in_view, charts.cursors
        visible = Stretch(VISIBLE, "What is visible", within(view.begin, view.end))
        if not cursors.shown:
            return [visible, Stretch(CURSORS, BETWEEN, why_not="No cursors are shown (Ctrl+D shows them).")]
        return [visible, Stretch(CURSORS, BETWEEN, within(*cursors.interval))]

    def _in_log(self) -> "Stretch":
        """From the first to the last entry that is selected in the log, and a little more."""
        from programmer_gui.models.exporting import SELECTED, Stretch

        panel, log, landmarks = self._window.bench.panel, self._window.models.log, self._window.models.player.landmarks
        if landmarks is None:
            return Stretch(SELECTED, CHOSEN, why_not="Open the finished recording for that.")
        rows = panel.table.selectionModel().selectedRows()
        entries = [log.entry(panel.filter.mapToSource(index).row()) for index in rows]
        if len(entries) < 2:
            return Stretch(SELECTED, CHOSEN, why_not="Select two entries of the log, or more.")
        at_s = [landmarks.seconds_at(entry.at_us) for entry in entries]
        begin_s = min(at - entry.delay_ms / 1e3 for at, entry in zip(at_s, entries, strict=True))
        return Stretch(SELECTED, CHOSEN, (max(0.0, math.floor(begin_s) - MARGIN_S), math.ceil(max(at_s)) + MARGIN_S))

    # -- doing it ------------------------------------------------------------------------------------------------

    def _start(self, dialog: "ExportDialog", wish: "Wish") -> None:
        from programmer_gui.models.exporting import jobs

        if self._thread is not None:
            return
        self._dialog = dialog
        self._stop.clear()
        dialog.begin()
        self._thread = threading.Thread(target=self._work, args=(jobs(dialog.offer, wish),), name="export", daemon=True)
        self._thread.start()

    def _work(self, todo: "list[Job]") -> None:
        """On the thread: one job after the other, until one fails or somebody has had enough."""
        made: list[Exported] = []
        error: PumpError | None = None
        try:
            for index, job in enumerate(todo):
                made.append(_do(job, _Told(self, index, len(todo))))
        except PumpError as raised:
            error = raised
        except Exception as raised:  # noqa: BLE001 - a thread must not die without a word
            error = UsageError(f"The export failed: {raised}.", "Report this with the diagnostic log.")
        self.ended.emit(made, error)

    def check(self) -> None:
        """Raises Stopped where the operator has had enough."""
        if self._stop.is_set():
            raise Stopped("The export was cancelled.", "Nothing of it was kept.")

    def _show_moved(self, part: float, words: str) -> None:
        if self._dialog is not None:
            self._dialog.show_progress(part, words)

    def _show_ended(self, made: "list[Exported]", error: PumpError | None) -> None:
        if self._thread is not None:
            self._thread.join(END_S)
            self._thread = None
        dialog, self._dialog = self._dialog, None
        if dialog is None:
            return
        done = made_text(made)
        folder = made[-1].folder if made else None
        if error is None:
            dialog.end(done, well=True, folder=folder)
            self._window.footer.say(done)
        else:
            dialog.end(f"{error.sentence()} {done}".strip(), well=False, folder=folder)

    def close(self) -> None:
        """Ends what runs; nothing is left of it."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(END_S)


class _Told:
    """Progress of one job of several, told in steps that can be seen."""

    def __init__(self, exporting: Exporting, index: int, jobs: int) -> None:
        self._exporting, self._index, self._jobs = exporting, index, jobs
        self._latest = -1.0

    def __call__(self, done: int, total: int | None, words: str) -> None:
        self._exporting.check()
        part = (self._index + done / (total or 1)) / self._jobs
        if part - self._latest >= _STEP:
            self._latest = part
            of = f" {self._index + 1} of {self._jobs}" if self._jobs > 1 else ""
            self._exporting.moved.emit(part, f"{words}{of}")


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
