"""How the case that is shown stands, to be read across a room: a word, a shape and a colour; and how far it is."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from programmer_gui.models.case_run import CaseRun
from programmer_gui.models.script_steps import ROLES, STATE_WORDS
from programmer_gui.models.scripts import ScriptsModel
from programmer_gui.script_files import fault_text
from programmer_gui.theme import Theme
from programmer_gui.views.banners import bounded
from programmer_gui.views.verdict_mark import VerdictMark
from programmer_gui.views.widgets import GAP, MARGIN, ElidedLabel, button, column, label, row, set_property
from rig.measured import FINISHED
from rig.moments import days_text
from rig.qa.telling.verdict_words import WORDS
from rig.therapy import units

NOT_RUN, REFUSED, CANCELLED, UNREADABLE = "NOT RUN", "NOT STARTED", "CANCELLED", "CAN'T RUN"
NARROW_PX = 720
MOST = 240  # letters: the details have the rest
PARTS = 1000  # of the progress bar


class VerdictBand(QFrame):
    """Emits what is asked for with its buttons."""

    cancel_asked = Signal()
    moment_asked = Signal()

    def __init__(self, scripts: ScriptsModel, theme: Theme) -> None:
        super().__init__()
        self._scripts, self._theme = scripts, theme
        self.setObjectName("verdict")
        self.mark = VerdictMark(48)
        self.word = label("", "verdict")
        self.what = label("", "verdict-what", wrap=True)
        self.how = ElidedLabel(role="verdict-how")
        self.progress = QProgressBar()
        self.progress.setRange(0, PARTS)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("How far the script is")
        self.moment = button("Show this moment", "on-verdict", tip="Opens the recording where it went wrong")
        self.moment.clicked.connect(self.moment_asked)
        self.cancel = button("Cancel", "on-verdict", "Cancel the script", "Ends it, with its cleanup (Ctrl+.)")
        self.cancel.clicked.connect(self.cancel_asked)
        self._words = column(self.what, self.how, self.progress, gap=4)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        layout.addLayout(row(self.mark, 4, self.word, MARGIN, gap=GAP))
        layout.addLayout(self._words, 1)
        layout.addSpacing(GAP)
        layout.addWidget(self.moment)
        layout.addWidget(self.cancel)
        self.setMinimumHeight(80)
        scripts.shown_changed.connect(self.show_all)
        scripts.moved.connect(self.show_all)
        theme.changed.connect(self.show_all)
        self.show_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        set_property(self.word, "narrow", "true" if self.width() < NARROW_PX else "false")

    def show_all(self, *_: object) -> None:
        """As the model says."""
        run, entry = self._scripts.shown, self._scripts.entry
        faults = entry.faults if entry is not None else ()
        self.setVisible(run is not None or bool(faults))
        self.progress.setVisible(run is not None and run.running)
        self.cancel.setVisible(run is not None and run is self._scripts.running)
        self.moment.setVisible(run is not None and run.first_bad is not None and not run.running)
        if run is not None:
            self.progress.setValue(round(run.fraction * PARTS))
            self.cancel.setEnabled(not run.cancelling)
            self.moment.setEnabled(run.run is not None)
            self._say(state_of(run), word_of(run), what_of(run), how_of(run))
        elif faults:
            more = f"{len(faults)} problems in the text" if len(faults) > 1 else "A problem in the text"
            self._say("error", UNREADABLE, bounded(fault_text(faults[0]), MOST), f"{more}: Edit shows where.")

    def _say(self, state: str, word: str, what: str, how: str) -> None:
        filled = state in WORDS and state != "skipped"
        tokens = self._theme.tokens
        colour = getattr(tokens, ROLES[state])
        self.mark.show_state(state, tokens.surface if filled else colour, colour if filled else tokens.surface)
        self.word.setText(word)
        self.what.setText(what)
        self.how.set_whole(how)
        self.setAccessibleName(f"{word}. {what} {how}")
        for part in (self, self.what, self.how, self.moment, self.cancel):
            set_property(part, "verdict", state if filled else "none")
        set_property(self.word, "verdict", state if filled or state in ("running", "asked") else "none")


def state_of(run: CaseRun) -> str:
    """One of script_steps.ROLES."""
    if run.verdict is not None:
        return run.verdict
    if run.refused is not None:
        return "error"
    if run.asks is not None:
        return "asked"
    return "running" if run.running else "waiting"


def word_of(run: CaseRun) -> str:
    """What can be read across a room."""
    if run.verdict is not None:
        return CANCELLED if run.verdict == "skipped" else WORDS[run.verdict].word
    if run.refused is not None:
        return REFUSED
    if run.cancelling:
        return "CANCELLING"
    return {"asked": "ASKS YOU", "running": "RUNNING"}.get(state_of(run), NOT_RUN)


def what_of(run: CaseRun) -> str:
    """Why, in one sentence; while it runs, what it does."""
    if run.refused is not None:
        return bounded(run.refused.sentence(), MOST)
    if run.ended is not None:
        bad, error = run.first_bad, run.ended.error
        if bad is not None and bad.judged is not None:
            said = bad.judged.detail or WORDS[bad.judged.verdict].meaning
            return bounded(f"Step {bad.step.number}, {bad.step.title}: {said}", MOST)
        if error is not None:
            return bounded(error.sentence(), MOST)
        return WORDS[run.ended.verdict].meaning if run.ended.why == FINISHED else f"It was {run.ended.why}."
    now = run.current
    if now is not None and run.asks is not None:
        return f"Step {now.step.number} waits for your answer."
    if now is not None:
        return f"Step {now.step.number}: {now.step.title}"
    return run.script.about or "It begins with Run."


def how_of(run: CaseRun) -> str:
    """How far it is, or what it took, and on what."""
    on = f"  ·  {run.target}" if run.target else ""
    steps = len(run.script.steps)
    if run.ended is not None:
        done = sum(row.judged is not None and row.state != "skipped" for row in run.steps[:steps])
        finished = "" if run.ended.why == FINISHED else f", {run.ended.why}"
        return f"{done} of {steps} steps in {days_text(round(run.took_s))} of the pump's time{finished}{on}"
    if run.running:
        left = f"about {units.duration_text(round(run.left_s) * 1000)} left" if run.left_s else "longer than it says"
        worst = f", so far {STATE_WORDS[run.worst]}" if run.worst != "pass" else ""
        return f"{min(run.over, steps)} of {steps} steps, {days_text(round(run.took_s))}, {left}{worst}"
    if run.refused is not None:
        return "Nothing was sent to the pump."
    about = f"{units.duration_text(run.script.duration_ms)} of the pump's time"
    return f"{steps} steps, about {about}, a sample each {units.duration_text(run.script.interval_ms)}"
