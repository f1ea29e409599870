"""Compares recordings in the window: on a thread of its own, shown in the place of the Runs page until it is left."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QFileDialog

from firmware_link.errors import PumpError, UsageError
from programmer_gui.compare_worker import Asked, CompareWorker
from programmer_gui.views.dialogs import show_aside
from programmer_gui.wiring import Wiring
from rig.moments import clock_text

if TYPE_CHECKING:  # what it takes is imported when it is first asked for
    from programmer_gui.views.compare_view import CompareView
    from rig.compare.alignment import Alignment
    from rig.compare.findings import Comparison

FILTER, TOLERANCES, REPORT = "Recordings (*.run.duckdb)", "Tolerances (*.yaml *.yml)", "Report (*.xml)"
ABOUT = "compare"  # what its banner is about
RUNS_PAGE = 3


class Comparing(QObject):
    """Belongs to the window.  ``replay`` opens a recording at a moment, as the command line says it."""

    def __init__(self, wiring: Wiring, runs_folder: Path, replay: Callable[[Path, str], None]) -> None:
        super().__init__(wiring)
        self._wiring, self._window, self._folder, self.replay = wiring, wiring.window, runs_folder, replay
        self.view: CompareView | None = None  # once something has been compared
        self._asked: Asked | None = None  # while a comparison is open
        self.worker = CompareWorker(self)
        self._window.actions_["compare"].triggered.connect(lambda: self.ask())
        self._window.runs.compare_asked.connect(self.open)
        self._window.pages.currentChanged.connect(self._page_shown)
        self.worker.moved.connect(self._show_moved)
        self.worker.ended.connect(self._show_ended)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.worker.end)

    # -- what is to be compared ----------------------------------------------------------------------------------

    def ask(self) -> None:
        """Compares what is selected on the Runs page, or else files to be chosen."""
        selected = self._window.runs.selected if self._window.pages.currentIndex() == RUNS_PAGE else ()
        if len(selected) > 1:
            self.open(selected)
            return
        dialog = QFileDialog(self._window, "Compare recordings: choose two or more", str(self._folder), FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.open([Path(name) for name in names]))
        show_aside(dialog)

    def open(self, runs: Sequence[Path]) -> None:
        """Compares ``runs``; the first by name, which is the oldest, is the golden one until another is chosen."""
        from rig.compare.alignment import Alignment
        from rig.compare.tolerance import standard

        found = tuple(sorted(dict.fromkeys(path.resolve() for path in runs), key=lambda path: path.name))
        if len(found) < 2:
            error = UsageError("One recording alone can't be compared.", "Choose two or more.")
            self._wiring.show_error(ABOUT, error)
            return
        self._window.banners.dismiss(ABOUT)
        self._compare(Asked(found, found[0], Alignment(), standard()))

    def close(self) -> None:
        """Leaves the comparison; the Runs page is there again."""
        self._asked = None
        self.worker.forget()
        self._window.show_page(RUNS_PAGE)

    def _change(self, changed: Callable[[Asked], Asked]) -> None:
        if self._asked is not None:
            self._compare(changed(self._asked))

    def _take_golden(self, path: Path) -> None:
        self._change(lambda asked: replace(asked, golden=path))

    def _take_alignment(self, alignment: "Alignment") -> None:
        self._change(lambda asked: replace(asked, alignment=alignment))

    def _choose_tolerance(self) -> None:
        from rig.resources import resource

        dialog = QFileDialog(self._window, "A tolerance file", str(resource("tolerances")), TOLERANCES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take_tolerance)
        show_aside(dialog)

    def take_tolerance(self, name: str) -> None:
        """Compares anew within the tolerances of a file."""
        from rig.compare.tolerance import load

        try:
            tolerance = load(name)
        except PumpError as error:
            self._wiring.show_error(ABOUT, error)
            return
        self._window.banners.dismiss(ABOUT)
        self._change(lambda asked: replace(asked, tolerance=tolerance))

    def _ask_save(self) -> None:
        dialog = QFileDialog(self._window, "Save the findings", str(self._folder / "comparison.xml"), REPORT)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xml")
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        show_aside(dialog)

    def save(self, path: Path) -> None:
        """The findings that are shown, as a JUnit report."""
        from rig.compare import junit

        if self.view is None or self.view.comparison is None:
            return
        try:
            junit.write(path, self.view.comparison)
        except PumpError as error:
            self._wiring.show_error(ABOUT, error)
            return
        self._window.footer.say(f"Saved {path.name}")

    def _compare(self, asked: Asked) -> None:
        self._asked = asked
        view = self._shown_view()
        view.bar.show_choice(asked.runs, asked.golden, asked.alignment, self._kinds())
        view.show_waiting("Opening the recordings …")
        self.worker.start(asked)

    # -- what comes back -----------------------------------------------------------------------------------------

    def _show_moved(self, done: int, total: int, what: str) -> None:
        if self.view is not None:
            self.view.show_waiting(f"{what} …", done, total or None)

    def _show_ended(self, found: "Comparison | PumpError") -> None:
        if self.view is None or self._asked is None:
            return
        if isinstance(found, PumpError):
            self.view.show_error(found)
            return
        self.view.show_comparison(found)
        asked = self._asked
        self.view.bar.show_choice(asked.runs, asked.golden, asked.alignment, self._kinds())

    def _kinds(self) -> tuple[str, ...]:
        """The kinds of events that all of the runs compared last have: what they can be aligned by."""
        from rig.compare.findings import EVENTS

        if self.view is None or self.view.comparison is None:
            return ()
        each = [
            {one.name for one in against.findings if one.group == EVENTS and one.values["golden"] and one.values["new"]}
            for against in self.view.comparison.against
        ]
        return tuple(sorted(set.intersection(*each))) if each else ()

    # -- its place -----------------------------------------------------------------------------------------------

    def _shown_view(self) -> "CompareView":
        if self.view is None:
            from programmer_gui.views.compare_view import CompareView

            view = self.view = CompareView(self._window.theme)
            self._window.pages.addWidget(view)
            view.closed.connect(self.close)
            view.bar.golden_chosen.connect(self._take_golden)
            view.bar.alignment_chosen.connect(self._take_alignment)
            view.bar.tolerance_asked.connect(self._choose_tolerance)
            view.bar.save_asked.connect(self._ask_save)
            view.replay_asked.connect(lambda path, at_s: self.replay(path, clock_text(int(at_s))))
        self._window.rail.show_page(RUNS_PAGE)
        self._window.pages.setCurrentWidget(self.view)
        return self.view

    def _page_shown(self, index: int) -> None:
        """A comparison that is open is found again where it was left."""
        if index == RUNS_PAGE and self._asked is not None and self.view is not None:
            self._window.pages.setCurrentWidget(self.view)
