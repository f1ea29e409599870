"""One step in full: every measurement beside its limits, with what its uncertainty is made of."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from programmer_gui.models.case_run import CaseRun, StepState
from programmer_gui.models.script_steps import ROLES, STATE_WORDS
from programmer_gui.theme import Theme
from programmer_gui.views.scrolling import Column
from programmer_gui.views.verdict_mark import VerdictMark
from programmer_gui.views.widgets import GAP, MARGIN, Card, ElidedLabel, button, label, row
from rig.measured import Measurement
from rig.moments import at_text, utc_text
from rig.qa.telling.verdict_words import WORDS, is_held, limits_text, number_text, value_text

NOTHING = "Choose a step to see what it measured."
SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse
HEADS = ("", "Measured", "Limits", "Verdict", "Uncertainty")
BUDGET = 4  # of them, which is wrapped
LEAST_PART = 1e-3  # of an uncertainty: a smaller part of it isn't worth reading
SO_FAR = "so far"
LEAST_PX = 176
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


class StepDetails(Card):
    """Emits what is asked for of the step that it shows."""

    moment_asked = Signal(object)  # StepState
    source_asked = Signal(object)  # StepState
    curves_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._run: CaseRun | None = None
        self._row: StepState | None = None
        self._said: object = None
        self._made: list[QWidget] = []
        self.mark = VerdictMark(18)
        self.moment = button("Show this moment", "link", tip="Opens the recording where this was (Enter in the table)")
        self.moment.clicked.connect(lambda: self.moment_asked.emit(self._row))
        self.source = button("Show it in the script", "link", tip="Opens the script at this step")
        self.source.clicked.connect(lambda: self.source_asked.emit(self._row))
        self.curves = button("Show its curves", "link")
        self.curves.clicked.connect(self.curves_asked)
        self.title = ElidedLabel(role="heading")
        head = row(self.mark, self.title, self.curves, self.source, self.moment)
        head.setStretch(1, 1)
        self.body.addLayout(head)
        self.words = label("", wrap=True)
        self.words.setTextInteractionFlags(SELECTABLE)
        self.when = label("", "caption")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(MARGIN)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(BUDGET, 1)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.words)
        layout.addLayout(self._grid)
        layout.addLayout(row(self.when, None))
        layout.addStretch(1)
        self.body.addWidget(Column(inner), 1)
        self.setMinimumHeight(LEAST_PX)
        theme.changed.connect(self._paint)
        self.show_step(None, None)

    def show_step(self, run: CaseRun | None, step: StepState | None) -> None:
        """``step`` of ``run``; None for none."""
        self._run, self._row = run, step
        said = None
        if step is not None and run is not None:
            said = (step, step.state, step.judged, step.so_far, run.run, run.running)
        if said is not None and said == self._said:
            return
        self._said = said
        for widget in self._made:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._made.clear()
        for part in (self.mark, self.moment, self.source, self.curves, self.when):
            part.setVisible(step is not None)
        if step is None or run is None:
            self.title.set_whole("Step")
            self.words.setText(NOTHING)
            self.words.show()
            return
        self.title.set_whole(f"Step {step.step.number}: {step.step.title}")
        self.words.setText(_words(step))
        self.words.setVisible(bool(self.words.text()))
        self.when.setText(_when(run, step))
        self.moment.setEnabled(run.run is not None and step.moment_us is not None and not run.running)
        self.moment.setVisible(step.began_us is not None)
        self.curves.setVisible(bool(step.curves))
        self._add_measurements(step.measurements, step.judged is not None)
        self._paint()

    def _add_measurements(self, measurements: tuple[Measurement, ...], judged: bool) -> None:
        if not measurements:
            return
        for column, head in enumerate(HEADS):
            self._place(label(head, "caption"), 0, column, right=column == 1)
        for at, one in enumerate(measurements, 1):
            lines = (
                one.name,
                value_text(one),
                limits_text(one) or "–",
                (WORDS[one.verdict].word if is_held(one) else "") if judged else SO_FAR,
                _budget(one),
            )
            for column, text in enumerate(lines):
                made = label(text, wrap=column == BUDGET)
                made.setTextInteractionFlags(SELECTABLE)
                if column == 0:
                    made.setProperty("role", "muted")
                if column == BUDGET - 1 and judged:
                    made.setProperty("level", _LEVELS[one.verdict])
                made.setToolTip(one.detail)
                self._place(made, at, column, right=column == 1)

    def _place(self, made: QLabel, at: int, column: int, right: bool) -> None:
        self._made.append(made)
        if right:
            self._grid.addWidget(made, at, column, RIGHT)
        else:
            self._grid.addWidget(made, at, column, Qt.AlignmentFlag.AlignTop)

    def _paint(self) -> None:
        if self._row is not None:
            tokens = self._theme.tokens
            self.mark.show_state(self._row.state, getattr(tokens, ROLES[self._row.state]), tokens.surface)


_LEVELS = {"pass": "good", "fail": "high", "inconclusive": "medium", "error": "broken", "skipped": ""}


def _words(step: StepState) -> str:
    if step.judged is not None:
        done = "It is done." if step.state == "pass" else WORDS[step.judged.verdict].meaning
        said = step.judged.detail or ("" if step.measurements else done)
        return f"{STATE_WORDS[step.state]}: {said}" if step.bad else said
    if step.state == "skipped":
        return "It was not tried."
    return {"waiting": "It has not begun.", "asked": "It waits for your answer."}.get(step.state, "It goes on.")


def _when(run: CaseRun, step: StepState) -> str:
    """ "Began 00:01:00 after the case, at 2026-05-01 12:01:00 UTC" """
    if step.began_us is None or run.began_us is None:
        return ""
    return f"Began {at_text(step.began_us, run.began_us)} after the case did, at {utc_text(step.began_us)}"


def _budget(one: Measurement) -> str:
    """ "± 0.12 (balance 0.10, timing 0.06)" """
    if one.uncertainty <= 0:
        return "–"
    parts = ", ".join(
        f"{name} {number_text(size, 2)}" for name, size in one.budget if size > LEAST_PART * one.uncertainty
    )
    return f"± {number_text(one.uncertainty, 2)}{f' ({parts})' if parts else ''}"
