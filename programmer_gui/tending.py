"""What is done to recordings on the Runs page: finished after a crash, taken to the trash, and brought back."""

from pathlib import Path

from PySide6.QtCore import QObject

from programmer_gui.browsing import Browsing
from programmer_gui.messages import CutShort
from programmer_gui.surveyed import BroughtBack, FinishRun, RescueRun, RunFinished, RunRescued, TakeBack, Throw, Thrown
from programmer_gui.trash import Trashed
from programmer_gui.views.banners import Problem, problem_of
from programmer_gui.wiring import Wiring

CUT_SHORT = "cut short: "  # and the name of the recording: what its banner is about
TRASH, UNDONE, FINISH, RESCUE = "trash", "undone", "finish: ", "rescue: "  # what banners are about


class Tending(QObject):
    """Belongs to the window; the survey's thread does the work."""

    def __init__(self, wiring: Wiring, browsing: Browsing) -> None:
        super().__init__(wiring)
        self._window, self._page, self._survey = wiring.window, wiring.window.runs, browsing.survey
        self._thrown: list[tuple[Trashed, ...]] = []  # newest last
        self._cut_short: dict[str, Path] = {}  # what their banners are about
        page, banners = self._page, self._window.banners
        page.finish_asked.connect(self.finish)
        page.rescue_asked.connect(lambda path: self._survey.put(RescueRun(path)))
        page.trash_asked.connect(lambda paths: self._survey.put(Throw(tuple(paths))))
        page.undo_asked.connect(self.undo)
        banners.acted.connect(self._acted)
        banners.acted_other.connect(self._acted_other)
        browsing.done.connect(self._show)
        wiring.bridge.cut_short.connect(self._show_cut_short)

    def finish(self, path: Path) -> None:
        """Finishes a recording that was cut short."""
        self._survey.put(FinishRun(path))

    def undo(self) -> None:
        """Brings back what was taken to the trash last."""
        if not self._thrown:
            self._window.footer.say("There is nothing to bring back from the trash.")
            return
        self._window.banners.dismiss(TRASH)
        self._survey.put(TakeBack(self._thrown.pop()))

    def _acted(self, about: str) -> None:
        if about == TRASH:
            self.undo()
        elif about in self._cut_short:
            self.finish(self._cut_short[about])

    def _acted_other(self, about: str) -> None:
        if about in self._cut_short:
            self._page.replay_asked.emit(self._cut_short[about])

    # -- what comes back -----------------------------------------------------------------------------------------

    def _show(self, news: RunFinished | RunRescued | Thrown | BroughtBack) -> None:
        match news:
            case RunFinished():
                self._show_finished(news)
            case RunRescued():
                self._show_rescued(news)
            case Thrown():
                self._show_thrown(news)
            case BroughtBack():
                self._show_back(news)

    def _show_finished(self, news: RunFinished) -> None:
        self._window.banners.dismiss(CUT_SHORT + news.path.name)
        if news.error is not None:
            self._window.banners.show_problem(problem_of(FINISH + news.path.name, news.error))
            return
        self._window.banners.dismiss(FINISH + news.path.name)
        self._window.footer.say(f"Finished {news.path.name}")

    def _show_rescued(self, news: RunRescued) -> None:
        about = RESCUE + news.path.name
        if news.error is not None:
            self._window.banners.show_problem(problem_of(about, news.error))
            return
        what = f"What could be read of {news.path.name} is in {news.output.name}."
        remedy = "What was lost is a gap there, and a note says what it was. The damaged file is as it was."
        self._window.banners.show_problem(Problem(about, "good", what, remedy, "\n".join(news.lost)))
        self._page.select_later(news.output.name)

    def _show_thrown(self, news: Thrown) -> None:
        banners, thrown = self._window.banners, news.thrown
        if news.error is not None:
            banners.show_problem(problem_of(UNDONE, news.error))
        if not thrown:
            return
        returns = all(one.returns for one in thrown)
        what = f"{thrown[0].path.name} is" if len(thrown) == 1 else f"{len(thrown):,} recordings are"
        remedy = "" if returns else "They can be restored in the system's trash."
        if returns:
            self._thrown.append(thrown)
        banners.show_problem(Problem(TRASH, "good", f"{what} in the trash.", remedy, action="Undo" if returns else ""))

    def _show_back(self, news: BroughtBack) -> None:
        if news.error is not None:
            self._window.banners.show_problem(problem_of(UNDONE, news.error))
        if news.paths:
            count = len(news.paths)
            self._window.footer.say(f"{news.paths[0].name} is back" if count == 1 else f"{count:,} recordings are back")
            self._page.select_later(news.paths[0].name)

    def _show_cut_short(self, found: CutShort) -> None:
        about = CUT_SHORT + found.path.name
        self._cut_short[about] = found.path
        what = f"The recording {found.path.name} was cut short: the program ended without finishing it."
        remedy = (
            f"What it holds is safe: {found.samples:,} samples and {found.events:,} events, to the last quarter of a "
            "second. Until it is finished, keep the .wal file beside it."
        )
        self._window.banners.show_problem(
            Problem(about, "low", what, remedy, action="Finish", other="Look at it", close="Later")
        )
