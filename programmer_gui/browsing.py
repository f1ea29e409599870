"""The Runs page in the window: its folder is surveyed, on another thread, and what comes of it is shown."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from firmware_link.clock import Clock
from programmer_gui.loop import Loop
from programmer_gui.messages import RecordingState
from programmer_gui.surveyed import (
    BroughtBack,
    Described,
    First,
    Keep,
    Listed,
    Look,
    News,
    RunFinished,
    RunRescued,
    Thrown,
    Working,
)
from programmer_gui.surveying import Survey
from programmer_gui.trash import Trash
from programmer_gui.views.dialogs import show_aside
from programmer_gui.wiring import Wiring
from rig.recording.catalog import Places, places

WAIT_S = 30.0  # an idle survey's; ``end`` ends it
HEED_MS = 250  # news of thousands of runs are shown so often
SETTLE_MS = 200  # after the folder has changed
AGAIN_MS = 5_000  # while something in it is being recorded
MOST_OPENED = 10


class Browsing(QObject):
    """Belongs to the window; what is done to recordings is in ``tending``.  ``loop`` gives the survey's thread."""

    done = Signal(object)  # RunFinished, RunRescued, Thrown or BroughtBack
    _news = Signal()

    def __init__(self, wiring: Wiring, runs_folder: Path, clock: Clock, trash: Trash | None = None) -> None:
        super().__init__(wiring)
        self._wiring, self._window, self._page = wiring, wiring.window, wiring.window.runs
        self._usual, self._kept = runs_folder, runs_folder.with_name("runs.json")
        self._places = places(self._kept)
        self.folder = Path(self._places.folder) if self._places.folder else runs_folder
        self._untold: list[News] = []
        self.survey = Survey(clock, trash or Trash(), self._news.emit)
        self._watcher = QFileSystemWatcher(self)
        self._heeding, self._settling, self._again = (self._timer(ms) for ms in (HEED_MS, SETTLE_MS, AGAIN_MS))
        self._connect()
        self._page.list.show_folder(self.folder, self._usual)
        self._show_opened()

    def loop(self, on_crash: Callable[[BaseException], None]) -> Loop:
        """The survey on a thread of its own, not yet started."""
        return Loop("survey", self._step, self.survey.close, self.survey.end, on_crash)

    def _step(self) -> None:
        self.survey.step(WAIT_S)

    def settle(self) -> None:
        """Where it has no thread: does all that was asked for, and shows what came of it."""
        while self.survey.step() or self.take():
            pass

    def _timer(self, ms: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        return timer

    def _connect(self) -> None:
        page = self._page
        self._news.connect(self._heed, Qt.ConnectionType.QueuedConnection)
        self._heeding.timeout.connect(self.take)
        self._watcher.directoryChanged.connect(lambda _: self._settling.start())
        for timer in (self._settling, self._again):
            timer.timeout.connect(self.look)
        page.shown.connect(self.look)
        page.table.verticalScrollBar().valueChanged.connect(lambda _: self._prefer())
        page.list.folder_asked.connect(self._show_in_system)
        page.list.choose_asked.connect(self._ask_folder)
        page.list.folder_chosen.connect(self.show_folder)
        page.list.open_asked.connect(self._window.actions_["open_recording"].trigger)
        self._window.models.run.changed.connect(self._show_recording)
        self._window.models.player.opened.connect(self._opened)

    # -- looking -------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Lists the folder anew, where somebody sees it."""
        if self._page.isVisible():
            self.survey.put(Look(self.folder))

    def show_folder(self, folder: Path) -> None:
        """Lists another folder."""
        self.folder = folder
        self._page.runs.show_found(folder, ())
        self._page.list.show_folder(folder, self._usual)
        self._keep(Places("" if folder == self._usual else str(folder), self._places.opened))
        self.survey.put(Look(folder))

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self._window, "A folder of recordings", str(self.folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.show_folder(Path(name)))
        show_aside(dialog)

    def _show_in_system(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder)))

    def _opened(self, is_open: bool) -> None:
        """Remembers which recording was opened."""
        path = self._window.models.player.path
        if not is_open or path is None:
            return
        others = (other for other in self._places.opened if other != str(path))
        self._keep(Places(self._places.folder, (str(path), *others)[:MOST_OPENED]))
        self._show_opened()

    def _show_opened(self) -> None:
        self._page.list.show_opened([Path(path) for path in self._places.opened])

    def _keep(self, places: Places) -> None:
        self._places = places
        self.survey.put(Keep(self._kept, places))

    def _prefer(self) -> None:
        rows = self._page.table.in_sight()
        if any(row.card is None for row in rows):
            self.survey.put(First(tuple(row.found.name for row in rows)))

    def _show_recording(self, state: RecordingState) -> None:
        path = state.path if state.recording else None
        if path != self._page.runs.recording:
            self._page.runs.set_recording(path)
            self.look()

    # -- what comes back -----------------------------------------------------------------------------------------

    def _heed(self) -> None:
        if not self._heeding.isActive():
            self.take()

    def take(self) -> bool:
        """Shows a piece of what the survey found out since; returns whether there was any."""
        self._untold += self.survey.take()
        if not self._untold:
            return False
        self._show(self._untold.pop(0))
        if self._untold:
            QTimer.singleShot(0, self, self.take)  # what else happens in the window comes between
        else:
            self._heeding.start()
        return True

    def _show(self, news: News) -> None:
        match news:
            case Listed():
                self._show_listed(news)
            case Described():
                if news.folder == self.folder:
                    self._page.runs.show_cards(news.cards)
                    self._look_again()
            case Working():
                self._window.footer.say(news.words)
            case RunFinished() | RunRescued() | Thrown() | BroughtBack():
                self.done.emit(news)
                self.look()

    def _show_listed(self, listed: Listed) -> None:
        if listed.folder != self.folder:
            return
        self._page.runs.show_found(listed.folder, listed.found)
        self._page.list.show_listed(listed.exists, listed.error)
        watched = self._watcher.directories()
        if str(self.folder) not in watched:
            if watched:
                self._watcher.removePaths(watched)
            if listed.exists and listed.error is None:
                self._watcher.addPath(str(self.folder))
        self._prefer()
        self._look_again()

    def _look_again(self) -> None:
        """What somebody records grows, and is finished one day: the file's folder doesn't tell of either."""
        if self._page.runs.busy:
            self._again.start()
