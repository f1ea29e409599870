"""Test scripts in the window: run, answered, cancelled, remembered, and looked at where they went wrong."""

from functools import partial
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from firmware_link.clock import Clock
from programmer_gui.messages import Intent
from programmer_gui.models.case_run import CaseRun, StepState
from programmer_gui.replaying import Replaying
from programmer_gui.script_editing import PAGE, ScriptEditing
from programmer_gui.script_messages import (
    AboutScripts,
    AnswerScript,
    CancelScript,
    CaseKept,
    RunScript,
    ScriptRefused,
    ScriptTold,
)
from programmer_gui.script_saving import ScriptSaving
from programmer_gui.views.banners import Problem
from programmer_gui.views.scripts_band import word_of
from programmer_gui.views.scripts_head import RIG, RUN
from programmer_gui.wiring import Wiring
from rig.measured import Verdict, worst
from rig.moments import iso_text
from rig.qa.deeds import Ask
from rig.qa.script import Script
from rig.qa.telling import history
from rig.qa.telling.verdict_words import WORDS

ASKS, RUNS = "script asks", "script runs"  # of banners
WAITS = "The script waits for your answer."
CANCEL = "Cancel the script"
BALANCE = "mt-sics:sim"  # a virtual laboratory balance


class Scripting(QObject):
    """Belongs to the window.  ``state_folder`` has the history."""

    def __init__(
        self, wiring: Wiring, editing: ScriptEditing, replaying: Replaying, state_folder: Path, clock: Clock
    ) -> None:
        super().__init__(wiring)
        self._wiring, self._window, self._replaying = wiring, wiring.window, replaying
        self._scripts, self._page = wiring.window.models.scripts, wiring.window.scripts
        self.editing = editing
        self.texts, self.chores = editing.texts, editing.chores
        self._folder, self._clock = state_folder, clock
        self._past: tuple[history.Entry, ...] = ()
        self._ending: dict[str, CaseRun] = {}  # by digest: over, and not yet known where it was kept
        self._connect()
        ScriptSaving(wiring, editing.chores, clock)

    def _connect(self) -> None:
        page, window, actions = self._page, self._window, self._window.actions_
        page.head.run_asked.connect(self.run)
        page.head.connect_asked.connect(self._wiring.asking.ask_target)
        page.run.band.cancel_asked.connect(self.cancel)
        page.run.prompt.answered.connect(lambda text: self._send(AnswerScript(text)))
        page.run.moment_asked.connect(self.show_moment)
        page.history.moment_asked.connect(self._show_past)
        page.shown.connect(self._read_past)
        actions["run_script"].triggered.connect(self._run_by_key)
        actions["cancel_script"].triggered.connect(self.cancel)
        self._scripts.selected.connect(self._show_history)
        self._scripts.asked.connect(self._call)
        self._scripts.ended.connect(self._go_on)
        self._scripts.busy_changed.connect(self._show_busy)
        self._wiring.bridge.scripted.connect(self._take)
        window.banners.acted.connect(self._acted)
        window.pages.currentChanged.connect(lambda _: self._call(self._asked))
        self._asked: Ask | None = None
        self._show_busy(False)
        before = self._wiring.controls.guard
        self._wiring.controls.guard = lambda verb, go: None if self.hinder(verb) else before(verb, go)

    def _send(self, intent: Intent) -> None:
        self._wiring.controls.send(intent)

    # -- running -------------------------------------------------------------------------------------------------

    def run(self, cases: tuple[Script, ...]) -> None:
        """Runs ``cases`` one after the other, on what is chosen on the page."""
        if self._scripts.busy or not cases:
            return
        fresh = self._page.head.on == RIG

        def go() -> None:
            self._scripts.wait_for(cases)
            self._fresh = fresh
            self._next()

        if fresh:
            let_go = partial(self._replaying.let_go_first, "run the script on a virtual rig", "Run it", go)
            self._wiring.controls.guard("Run it", let_go)
        else:
            go()

    _fresh = False

    def _next(self) -> None:
        case, *others = self._scripts.waiting
        self._scripts.wait_for(others)
        run = self._scripts.begin(case)
        run.real_s = monotonic()
        target = fresh_rig(case, self._page.head.seed.value()) if self._fresh else ""
        run.tally.begin(0, target or self._window.models.link.target)
        self._send(RunScript(case, target))

    def _run_by_key(self) -> None:
        self._window.show_page(PAGE)
        self._page.show_part(RUN)
        self._page.head.ask_run()

    def cancel(self) -> None:
        """Ends what runs, with its cleanup; what waits is not begun."""
        self._scripts.wait_for(())
        if self._scripts.running is not None:
            self._scripts.cancelling()
            self._send(CancelScript())

    def _take(self, told: AboutScripts) -> None:
        match told:
            case ScriptTold():
                self._scripts.take(told.event)
            case ScriptRefused():
                self._scripts.wait_for(())
                self._scripts.refuse(told.error)
            case CaseKept():
                self._keep(told)

    def _go_on(self, run: CaseRun) -> None:
        """A case is over: the next one, unless somebody doesn't want any more."""
        if run.ended is not None:
            self._ending[run.script.digest] = run
            self._window.footer.say(f"{WORDS[run.ended.verdict].symbol} {word_of(run)}: {run.script.title}")
        if self._scripts.waiting and not run.cancelling:
            self._next()
        elif run.ended is not None:
            QApplication.alert(self._window)

    # -- where it was kept ---------------------------------------------------------------------------------------

    def _keep(self, kept: CaseKept) -> None:
        """The recorder says where a case is, and once that is all of it, it is remembered."""
        running = self._scripts.running
        if not kept.over:
            if running is not None and running.script.digest == kept.digest:
                running.run, running.began_run_us = kept.path, kept.started_us
            return
        run = self._ending.pop(kept.digest, None)
        if run is None:
            return
        run.keep(kept.path, kept.started_us, monotonic() - run.real_s)
        self._scripts.shown_changed.emit()
        entry, folder = history.entry_of(run.result, self._clock.utc_us()), self._folder

        def remember() -> tuple[history.Entry, ...]:
            history.add(folder, entry)
            return history.entries(folder)

        self.chores.do(remember, self._show_past_all)

    def _read_past(self) -> None:
        self.chores.do(partial(history.entries, self._folder), self._show_past_all)

    def _show_past_all(self, entries: tuple[history.Entry, ...]) -> None:
        self._past = entries
        self._page.library.model.show_verdicts(verdicts(entries))
        self._show_history()

    def _show_history(self) -> None:
        entry = self._scripts.entry
        own = str(entry.path.absolute()) if entry is not None else ""
        self._page.history.show_past([one for one in self._past if one.script == own])

    # -- moments -------------------------------------------------------------------------------------------------

    def show_moment(self, step: StepState) -> None:
        """Opens the recording of the case that is shown, at ``step``."""
        run = self._scripts.shown
        if run is not None and run.run is not None and not self._scripts.busy:
            self._replaying.open(run.run, iso_text(step.moment_us) if step.moment_us else "")

    def _show_past(self, entry: history.Entry) -> None:
        if not self._scripts.busy:
            self._replaying.open(Path(entry.run), iso_text(entry.moment_us) if entry.moment_us else "")

    # -- what the rest of the window says ------------------------------------------------------------------------

    def _call(self, ask: Ask | None) -> None:
        """A question is seen on every page."""
        fresh, self._asked = ask is not None and ask is not self._asked, ask
        if ask is None or self._window.pages.currentIndex() == PAGE:
            self._window.banners.dismiss(ASKS)
        else:
            self._window.banners.show_problem(Problem(ASKS, "low", WAITS, ask.question, action="Answer it"))
        if fresh:
            QApplication.alert(self._window)

    def _acted(self, key: str) -> None:
        if key == ASKS:
            self._window.show_page(PAGE)
            self._page.show_part(RUN)
            self._call(self._asked)
        elif key == RUNS:
            self._window.banners.dismiss(RUNS)
            self.cancel()

    def _show_busy(self, busy: bool) -> None:
        actions = self._window.actions_
        actions["run_script"].setEnabled(not busy)
        actions["cancel_script"].setEnabled(busy)
        if not busy:
            self._window.banners.dismiss(RUNS)

    def close(self) -> None:
        """The window is about to end."""
        self.editing.close()

    def hinder(self, verb: str) -> bool:
        """Whether a script is in the way of ``verb``, which is said then."""
        running = self._scripts.running
        if running is None:
            return False
        doing = "whose cleanup is under way" if running.cancelling else "which is running"
        what = f"“{verb}” would break off the test script “{running.script.title}”, {doing}."
        remedy = "Wait until" if running.cancelling else "Cancel it first:"
        remedy += " its cleanup leaves the pump as the script says."
        action = "" if running.cancelling else CANCEL
        self._window.banners.show_problem(Problem(RUNS, "medium", what, remedy, action=action))
        return True


def fresh_rig(case: Script, seed: int) -> str:
    """The address of a virtual rig as ``case`` expects it."""
    rig = f"&rig={case.needs.rig}" if case.needs.rig not in ("", "bench") else ""
    balance = f" with {BALANCE}" if case.needs.laboratory_balance else ""
    return f"sim:?seed={seed}&speed=max{rig}{balance}"


def verdicts(entries: tuple[history.Entry, ...]) -> dict[Path, Verdict]:
    """How each script ended last: as the worst of the latest of its cases."""
    found: dict[Path, Verdict] = {}
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        if (entry.script, entry.case) in seen:
            continue
        seen.add((entry.script, entry.case))
        path = Path(entry.script)
        found[path] = worst((found.get(path, "pass"), entry.verdict))
    return found
