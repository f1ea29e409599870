"""A screening's course as the window shows it: what was given, what was seen, and what may come next."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from programmer_gui.models.care import short
from programmer_gui.models.document import Document
from programmer_gui.models.evaluation import at_home
from programmer_gui.models.modeswitch import switched
from programmer_gui.models.program import ProgramModel
from rig.programs import screened
from rig.therapy import screening, units
from rig.therapy.modes import Given, Response, Screening
from rig.therapy.program import Program, volume_pl
from rig.therapy.screening import NextStep, Refusal

TICK_MS = 15_000
HOUR_S = 3600
LEAST_S, MOST_S = (ms // 1000 for ms in screening.OBSERVE_MS)
OBSERVE = f"{LEAST_S // HOUR_S} to {MOST_S // HOUR_S} h"


@dataclass(frozen=True)
class Row:
    """One bolus: told by a mark and words, never by the level's colour alone."""

    title: str  # "50 µg in 1 mL"
    mark: str
    state: str
    when: str = ""
    level: str = "muted"  # of the style sheet


class CourseModel(QObject):
    """The course of the screening being edited.  ``changed`` follows the program and the clock."""

    changed = Signal()
    ticked = Signal()
    judged = Signal(str)  # what was entered, in a sentence

    def __init__(self, program: ProgramModel) -> None:
        super().__init__(program)
        self.program = program
        self._clock: Callable[[], int] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        program.changed.connect(self.changed)

    def begin(self, now_utc_s: Callable[[], int]) -> None:
        """From now on by this clock, in seconds since 1970."""
        self._clock = now_utc_s
        self._timer.start()
        self.tick()

    def tick(self) -> None:
        """Time has passed."""
        if self.on:
            self.ticked.emit()
            self.changed.emit()

    @property
    def on(self) -> bool:
        """Whether a screening is being edited."""
        return self.program.document.get("mode") == "screening"

    @property
    def now_utc_s(self) -> int:
        """The present."""
        return self._clock() if self._clock is not None else self.program.context.now_utc_s or 0

    @property
    def said(self) -> Program | None:
        """The screening; None while it can't be read."""
        program = self.program.evaluated.program
        return program if program is not None and screened.is_one(program) else None

    @property
    def course(self) -> Screening | None:
        """What was given so far, and the verdicts."""
        return screened.of(self.said) if self.said is not None else None

    @property
    def last(self) -> Given | None:
        """The bolus that was given last."""
        return self.course.given[-1] if self.course is not None and self.course.given else None

    def step(self) -> NextStep | Refusal | None:
        """What may be given now, or why nothing; None while nothing can be read."""
        return screening.next_step(self.course, self.now_utc_s) if self.course is not None else None

    def rows(self) -> list[Row]:
        """What was given, then what the protocol still has."""
        said, course, last = self.said, self.course, self.last
        if said is None or course is None:
            return []
        rows = [self._given(said, given) for given in course.given]
        step = self.step()
        over = screening.outcome(course).kind != "open"
        to_come = [one for one in screening.PROTOCOL if last is None or one.dose_ng > last.dose_ng]
        for at, one in enumerate(to_come):
            rows.append(self._to_come(one, step, over, last, first=at == 0))
        return rows

    def early(self, given_utc_s: int | None = None) -> Refusal | None:
        """What to say about a verdict that comes now, on a bolus that was given at ``given_utc_s`` where that corrects
        it; None where it was observed long enough."""
        moved = self._moved(given_utc_s)
        return screening.early_verdict(screened.of(moved), self.now_utc_s) if moved is not None else None

    # -- entering ------------------------------------------------------------------------------------------------

    def judge(self, verdict: Response, effect_ms: int, given_utc_s: int | None = None) -> None:
        """The verdict on the last bolus, new or corrected, "" for none yet; ``given_utc_s`` corrects when it was given.

        Raises UsageError as ``screening.record_verdict``.
        """
        moved, last = self._moved(given_utc_s), self.last
        if moved is None or last is None:
            return
        new = screened.judged(self.program.document, moved, verdict, effect_ms, self.now_utc_s)
        dose = units.dose_text(last.dose_ng)
        self.program.replace(new, f"verdict on {dose}: {verdict}" if verdict else f"correction of {dose}")
        now = self.course
        if now is not None:
            lasted = f", lasted {units.duration_text(effect_ms)}" if verdict == "response" else ""
            given = f"{dose} given at {utc_text(now.given[-1].given_utc_s)}"
            seen = f"{verdict or 'no verdict yet'}{lasted}"
            self.judged.emit(f"Screening: {given}: {seen}. {screening.outcome(now).sentence}")

    def _moved(self, given_utc_s: int | None) -> Program | None:
        """The program with its last bolus given at another time."""
        program, last = self.said, self.last
        if program is None or last is None or given_utc_s is None:
            return program
        course = screened.of(program)
        moved = replace(last, given_utc_s=given_utc_s)
        return replace(program, mode=replace(course, given=(*course.given[:-1], moved)))

    def note_given(self, now_utc_s: int) -> None:
        """The next bolus was begun, proven by the pump: no edit but a fact, which can't be undone."""
        program = self.said
        if program is not None:
            new = screened.given(self.program.document, program, now_utc_s)
            self.program.set_state(replace(self.program.state, document=new))
            self.program.undo_stack.clear()
            self.program.undo_stack.resetClean()

    def program_start_dose(self, concentration: str) -> None:
        """A new program that begins with the start dose, at ``concentration`` as a file says it."""
        course = self.course
        result = screening.outcome(course) if course is not None else None
        if result is None or result.start_dose_ng_day is None:
            return
        dose = units.write(result.start_dose_ng_day, units.DOSE_RATE)
        known: Document = self.program.document | {"concentration": concentration, "dose": dose}
        document = switched(known, "simple continuous") | {"name": f"{self.program.name}: start dose"}
        self.program.load(document, title="programming the start dose")

    # -- in words ------------------------------------------------------------------------------------------------

    def moment(self, utc_s: int) -> str:
        """ "20 Nov 2026, 10:00 (09:00 UTC)", in the program's own time."""
        context = self.program.context
        east_min = (at_home(self.said, context) if self.said is not None else context).offset_at(utc_s)
        there = datetime.fromtimestamp(utc_s, UTC) + timedelta(minutes=east_min)
        utc = datetime.fromtimestamp(utc_s, UTC)
        if not east_min:
            return f"{day_text(utc)}, {utc:%H:%M} UTC"
        other_day = "" if utc.date() == there.date() else f"{day_text(utc)}, "
        return f"{day_text(there)}, {there:%H:%M} ({other_day}{utc:%H:%M} UTC)"

    def _given(self, program: Program, given: Given) -> Row:
        concentration = program.concentration_ng_ml
        volume = next((one.volume_pl for one in screening.PROTOCOL if one.dose_ng == given.dose_ng), None)
        title = title_of(given.dose_ng, volume or volume_pl(given.dose_ng, concentration))
        when = f"Given {self.moment(given.given_utc_s)}"
        if given.verdict == "response":
            return Row(title, "✓", f"Response, lasted {units.duration_text(given.effect_ms)}", when, "good")
        if given.verdict:
            return Row(title, "✕", "No response", when)
        since_s = self.now_utc_s - given.given_utc_s
        if since_s < 0:
            return Row(title, "■", "Noted for a time that is still to come", when, "high")
        if since_s < LEAST_S:
            left = short(LEAST_S - since_s)
            return Row(title, "●", f"Observing: {short(since_s)} of {OBSERVE}; {left} to go at least", when, "low")
        if since_s <= MOST_S:
            return Row(title, "▲", f"A verdict is due: observed for {short(since_s)} of {OBSERVE}", when, "medium")
        return Row(title, "▲", f"The verdict is missing: {short(since_s)} have gone by", when, "medium")

    def _to_come(
        self, one: NextStep, step: NextStep | Refusal | None, over: bool, last: Given | None, first: bool
    ) -> Row:
        title = title_of(one.dose_ng, one.volume_pl)
        if over:
            return Row(title, "–", "Not needed")
        if isinstance(step, NextStep) and first:
            return Row(title, "▶", "May be given now: write the program", level="good")
        if first and last is not None and last.verdict:
            at_s = last.given_utc_s + screening.APART_S
            wait = short(at_s - self.now_utc_s)
            return Row(title, "◷", f"Next allowed in {wait}", f"At {self.moment(at_s)}, 24 h after the last", "low")
        if first and last is not None:
            allowed = self.moment(last.given_utc_s + screening.APART_S)
            waits = f"Waits for the verdict on the {units.dose_text(last.dose_ng)}"
            return Row(title, "○", waits, f"Not before {allowed}")
        return Row(title, "○", "Not reached")


def title_of(dose_ng: int, volume: int) -> str:
    """ "50 µg in 1 mL"."""
    return f"{units.dose_text(dose_ng)} in {units.volume_text(volume / 1000)}"


def day_text(at: datetime) -> str:
    """ "20 Nov 2026"."""
    return f"{at.day} {at:%b %Y}"


def utc_text(utc_s: int) -> str:
    """ "20 Nov 2026, 09:00 UTC"."""
    at = datetime.fromtimestamp(utc_s, UTC)
    return f"{day_text(at)}, {at:%H:%M} UTC"
