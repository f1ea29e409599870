"""The library of test scripts, which of them is looked at, and what became of the cases that were run here."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from firmware_link.errors import PumpError
from programmer_gui.models.case_run import CaseRun
from programmer_gui.script_files import Entry
from rig.qa.script import Script
from rig.qa.told import CaseBegan, StepEvent


class ScriptsModel(QObject):
    """``shown`` is the case that the page shows, run or not; ``running`` the one that the engine runs."""

    library_changed = Signal()
    selected = Signal()  # another script, or the same one read anew
    shown_changed = Signal()  # another case, or another run of it
    began = Signal()
    moved = Signal()  # the case as a whole went on
    step_changed = Signal(int)  # of ``shown``
    asked = Signal(object)  # rig.qa.deeds.Ask, or None once it is answered
    ended = Signal(object)  # CaseRun
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()
        self.listed = False  # whether somebody has looked
        self.entry: Entry | None = None
        self.shown: CaseRun | None = None
        self.running: CaseRun | None = None
        self.waiting: tuple[Script, ...] = ()  # cases to be run after it
        self._runs: dict[str, CaseRun] = {}  # by digest
        self._busy = False

    # -- the library ---------------------------------------------------------------------------------------------

    def show_entries(self, entries: Iterable[Entry]) -> None:
        """What there is."""
        self.entries, self.listed = tuple(entries), True
        self.library_changed.emit()
        path = self.entry.path if self.entry is not None else None
        found = next((entry for entry in self.entries if entry.path == path), None)
        if found is not None and found != self.entry:
            self._select(found)
        elif found is None and path is not None:
            self._select(self.entries[0] if self.entries else None)

    def select(self, path: Path) -> bool:
        """Looks at the script ``path``; returns whether there is one."""
        found = next((entry for entry in self.entries if entry.path == path), None)
        if found is not None and found is not self.entry:
            self._select(found)
        return found is not None

    def _select(self, entry: Entry | None) -> None:
        self.entry = entry
        self.selected.emit()
        cases = entry.cases if entry is not None else ()
        running = self.running
        at = next((case for case in cases if running is not None and case.digest == running.script.digest), None)
        self.show_case(at or next((case for case in cases if case.digest in self._runs), cases[0] if cases else None))

    def show_case(self, case: Script | None) -> None:
        """Shows this case of the script that is looked at: its latest run, or what it is to do."""
        self.shown = None if case is None else self.run_of(case) or CaseRun(case)
        self.shown_changed.emit()
        self.asked.emit(self.shown.asks if self.shown is not None else None)

    def run_of(self, case: Script) -> CaseRun | None:
        """The latest run of ``case`` here."""
        return self._runs.get(case.digest)

    # -- running -------------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a case runs, or waits to."""
        return self.running is not None or bool(self.waiting)

    def begin(self, case: Script) -> CaseRun:
        """``case`` is about to be run."""
        self.running = self._runs[case.digest] = CaseRun(case)
        if self.entry is not None and any(one.digest == case.digest for one in self.entry.cases):
            self.show_case(case)
        self.began.emit()
        self._tell_busy()
        return self.running

    def wait_for(self, cases: Iterable[Script]) -> None:
        """These come afterwards."""
        self.waiting = tuple(cases)
        self._tell_busy()

    def take(self, event: StepEvent) -> None:
        """What the runner tells."""
        run = self.running
        if run is None:
            return
        row = run.take(event)
        if run is self.shown:
            if row is not None:
                self.step_changed.emit(row.index)
            if isinstance(event, CaseBegan):
                self.shown_changed.emit()
            self.asked.emit(run.asks)
        self.moved.emit()
        if run.ended is not None:
            self._close(run)

    def refuse(self, error: PumpError) -> None:
        """The case was never begun, or broke off before its end."""
        run = self.running
        if run is not None:
            run.refused, run.asks = error, None
            self._close(run)

    def cancelling(self) -> None:
        """Somebody wants it to end."""
        if self.running is not None:
            self.running.cancelling = True
            self.moved.emit()

    def _close(self, run: CaseRun) -> None:
        self.running = None
        if run is self.shown:
            self.shown_changed.emit()
            self.asked.emit(None)
        self.ended.emit(run)
        self._tell_busy()

    def _tell_busy(self) -> None:
        if self.busy != self._busy:
            self._busy = self.busy
            self.busy_changed.emit(self._busy)
