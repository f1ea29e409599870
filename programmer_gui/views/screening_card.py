"""A screening: where each test bolus stands, the verdict on the last, and what it all comes to."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from programmer_gui.models.course import CourseModel, Row, title_of
from programmer_gui.models.evaluation import Remark
from programmer_gui.models.program import ProgramModel
from programmer_gui.views.field_row import shown
from programmer_gui.views.remarks import Remarks
from programmer_gui.views.verdict_entry import VerdictEntry
from programmer_gui.views.widgets import GAP, Card, button, column, label, row, rule, set_property
from rig.therapy import screening
from rig.therapy.screening import NextStep, Refusal

CONCENTRATIONS = ("500 ug/mL", "1000 ug/mL", "2000 ug/mL")  # the first is offered
TITLE_PX = 128
UNREAD = "What can't be read has no course: see the marked fields."
LEVELS = {"implant": "good", "no pump": "medium", "open": ""}


class ScreeningCard(Card):
    """Hidden for other modes.  Emits ``fixed`` with a Fix."""

    fixed = Signal(object)

    def __init__(self, program: ProgramModel) -> None:
        super().__init__("Screening", margin=12)
        self.model = CourseModel(program)
        self._correcting = False
        self._remarks: tuple[Remark, ...] = ()
        self.correct = button("Correct …", "link", "Correct what is noted of the last test bolus")
        self.correct.clicked.connect(lambda: self._open(True))
        self.header.addWidget(self.correct)
        self.rows = Rows()
        self.outcome = label("", "heading", wrap=True)
        self.next = label("", "muted", wrap=True)
        self.entry = VerdictEntry(self.model)
        self.entry.entered.connect(lambda: self._open(False))
        self.entry.left.connect(lambda: self._open(False))
        self.start = StartDose()
        self.start.asked.connect(self.model.program_start_dose)
        self.remarks = Remarks()
        self.remarks.fixed.connect(self.fixed)
        self._line = rule()
        for widget in (self.rows, rule(), self.outcome, self.next, self.start, self._line, self.entry, self.remarks):
            self.body.addWidget(widget)
        self.model.changed.connect(self._show)
        self._show()

    def show_remarks(self, remarks: Sequence[Remark]) -> None:
        """What is to be said about what was given."""
        self._remarks = tuple(remarks)
        self._show_remarks(self.model.step())

    def focus(self, path: str) -> bool:
        """Goes to where the bolus of ``path`` can be judged or corrected; False where there is none."""
        if not path.startswith("given") or not self.model.on or self.model.last is None:
            return False
        self._open(bool(self.model.last.verdict))
        self.entry.response.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _open(self, correcting: bool) -> None:
        self._correcting = correcting
        self._show()

    def _show(self) -> None:
        self.setVisible(self.model.on)
        if not self.model.on:
            self._correcting = False
            return
        course, last, step = self.model.course, self.model.last, self.model.step()
        self.rows.show_rows(self.model.rows())
        result = screening.outcome(course) if course is not None else None
        self.outcome.setText(result.sentence if result is not None else UNREAD)
        set_property(self.outcome, "level", LEVELS[result.kind] if result is not None else "")
        self.next.setText(_next_text(step) if result is None or result.kind == "open" else "")
        self.next.setVisible(bool(self.next.text()))
        self.start.setVisible(result is not None and result.kind == "implant")
        judging = last is not None and (not last.verdict or self._correcting)
        for part in (self._line, self.entry):
            part.setVisible(judging)
        if judging:
            self.entry.ask(self._correcting)
        self.correct.setVisible(last is not None and not self._correcting)
        self._show_remarks(step)

    def _show_remarks(self, step: NextStep | Refusal | None) -> None:
        """But what the course says already."""
        known = step.what if isinstance(step, Refusal) else ""
        self.remarks.show_remarks([one for one in self._remarks if one.what != known])


def _next_text(step: NextStep | Refusal | None) -> str:
    if isinstance(step, NextStep):
        words = f"Next: write this program to the pump. It gives {title_of(step.dose_ng, step.volume_pl)}"
        return f"{words}, which is noted here as soon as the pump is proven to give it."
    return f"{step.what} {step.remedy}" if step is not None else ""


class Rows(QWidget):
    """The boluses one below the other, each with a mark, where it stands in words, and when."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(2, 1)
        self._lines: list[tuple[QLabel, QLabel, QLabel, QLabel]] = []
        self._shown: list[Row] = []

    @property
    def text(self) -> str:
        """All of it, one a line."""
        return "\n".join(f"{one.mark} {one.title}: {one.state}. {one.when}".strip() for one in self._shown)

    def show_rows(self, rows: list[Row]) -> None:
        """Replaces what is shown."""
        while len(self._lines) < len(rows):
            self._add()
        for at, line in enumerate(self._lines):
            for part in line:
                part.setVisible(at < len(rows))
            if at < len(rows):
                self._fill(line, rows[at])
        self._shown = list(rows)

    def _add(self) -> None:
        at = len(self._lines) * 2
        mark, title, state, when = label(), label("", "fact"), label("", wrap=True), label("", "caption", wrap=True)
        title.setFixedWidth(TITLE_PX)
        when.setContentsMargins(0, 0, 0, GAP // 2)
        for place, part in enumerate((mark, title, state)):
            self._grid.addWidget(part, at, place, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(when, at + 1, 2)
        self._lines.append((mark, title, state, when))

    @staticmethod
    def _fill(line: tuple[QLabel, QLabel, QLabel, QLabel], one: Row) -> None:
        mark, title, state, when = line
        for part, words in ((mark, one.mark), (title, one.title), (state, one.state), (when, one.when)):
            part.setText(words)
        for part in (mark, state):
            set_property(part, "role", "muted" if one.level == "muted" else "")
            set_property(part, "level", "" if one.level == "muted" else one.level)
        state.setAccessibleName(f"{one.title}: {one.state}. {one.when}")


class StartDose(QWidget):
    """Offers the program that follows.  Emits ``asked`` with the concentration as a file says it."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.concentration = QComboBox()
        self.concentration.setAccessibleName("Concentration of the start dose")
        for text in CONCENTRATIONS:
            self.concentration.addItem(shown(text), text)
        self.do = button("Program the start dose", "primary", tip="Opens a new program; it can be undone")
        self.do.clicked.connect(lambda: self.asked.emit(str(self.concentration.currentData())))
        words = label("The reservoir is to be filled with", "muted")
        words.setBuddy(self.concentration)
        self.setLayout(column(row(words, self.concentration, None), row(self.do, None)))
