"""Judging a recording by the script that made it: the same runner, and what came in comes in again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from firmware_link.errors import UsageError
from rig.measured import VERDICTS, Mark, Verdict
from rig.qa.expectations import ExpectGolden
from rig.qa.running.golden import beside
from rig.qa.running.intake import Pump, RecordedCase, RecordedStep
from rig.qa.running.keeping import COUNTS, together
from rig.qa.running.runner import run
from rig.qa.script import Script
from rig.qa.told import CaseEnded, Judged, Keep, StepBegan, StepEvent, Tell, Turn, Turned
from rig.recording.errors import RunFileError
from rig.recording.records import CaseRecord, StepRecord
from rig.replay.moment import Cursor
from rig.replay.replay import Replay
from rig.replay.shelf import MOST_US
from rig.session import Gap, SessionInfo


def judge_recording(script: Script, path: Path) -> Iterator[StepEvent]:
    """Every expectation of ``script`` against the run file ``path``, as events of a case; the last is its CaseEnded.

    Where the script was carried out several times, the last time counts.  Raises UsageError for a run that this very
    script didn't make, RunFileError for what is no run, or was altered.
    """
    with Replay(path) as replay:
        made = _found(replay, script)
        _check(replay, made)
        yield from _Judge(replay, script, made).events()


class _RecordedClock:
    """Stands where the case does."""

    def __init__(self, at_us: int) -> None:
        self.at_us = at_us

    def utc_us(self) -> int:
        return self.at_us

    def monotonic(self) -> float:
        return self.at_us / 1e6


@dataclass(frozen=True)
class _Made:
    """A case as the recording has it."""

    begin: CaseRecord
    before: Mark  # what the recording held
    case: RecordedCase


class _Judge:
    """One case of one recording."""

    def __init__(self, replay: Replay, script: Script, made: _Made) -> None:
        self._replay, self._script, self._made = replay, script, made
        self._clock = _RecordedClock(made.begin.host_us)
        numbers = [event.number for event in replay.reader.events()]
        self._event_rows = [row for row, number in enumerate(numbers) if number]  # those of a host aren't counted
        self._fed = self._cursor(Mark(0, 0, 0))
        self._index: int | None = None

    def events(self) -> Iterator[StepEvent]:
        """All that the runner tells."""
        going = run(self._script, self._pump())
        sent: object = None
        while True:
            told = going.send(sent)
            sent = None
            if isinstance(told, Turn):
                sent = self._turned()
                continue
            if isinstance(told, Tell | Keep):
                continue
            if isinstance(told, StepBegan):
                self._index = told.index
            assert isinstance(told, StepEvent), "a recording is told nothing"
            yield told
            if isinstance(told, CaseEnded):
                return

    def _pump(self) -> Pump:
        begin, replay = self._made.begin, self._replay
        device = replay.device(replace(self._fed, frames=self._fed.frames + 1))
        info = SessionInfo(begin.target, replay.path.name, device, False, False, replay.run.virtual)
        programs = tuple((one.program(), int(one.digest, 16)) for one in replay.reader.programs())
        return Pump(info, self._clock, begin.seed, programs=programs, golden=self._golden, recorded=self._made.case)

    def _turned(self) -> Turned:
        """What came before the first step, or up to the end of the one that is carried out."""
        steps = self._made.case.steps
        if self._index is None:
            first = min(steps, default=None)
            mark, verdict = (None if first is None else steps[first].begin), ""
        else:
            mark, verdict = steps[self._index].end, steps[self._index].judged.verdict
        there = self._fed if mark is None else self._cursor(mark)
        batch = self._replay.between(self._fed, there)
        self._fed = there
        if mark is not None:
            self._clock.at_us = mark.host_us
        elif self._index is not None:  # the recording ends within this step
            self._clock.at_us = max(self._clock.at_us, self._replay.shelves.end_us)
        return Turned(batch, over=verdict)

    def _cursor(self, mark: Mark) -> Cursor:
        """Where in the recording a mark of the case is."""
        there = together(self._made.before, mark)
        counts = {table: getattr(there, table) for table in COUNTS if table != "events"}
        rows = self._event_rows
        if there.events < len(rows):
            return Cursor(events=rows[there.events], **counts)
        return Cursor(events=rows[-1] + 1 if rows else 0, **counts)

    def _golden(self, body: ExpectGolden, mark: Mark) -> Judged:
        replay = self._replay
        return beside(replay.reader, replay.path.name, body, together(self._made.before, mark))


def _found(replay: Replay, script: Script) -> _Made:
    """The last time that ``script`` was carried out in the recording."""
    cases = replay.reader.cases()
    begins = [number for number, case in enumerate(cases) if case.phase == "begin" and case.digest == script.digest]
    if not begins:
        raise _another(replay, script, cases)
    begin = cases[begins[-1]]
    ends = [case for case in cases[begins[-1] + 1 :] if case.phase == "end" and case.digest == script.digest]
    records = [record for record in replay.reader.steps() if record.digest == script.digest]
    first = max((at for at, one in enumerate(records) if one.phase == "begin" and one.index == 0), default=0)
    steps = _steps(records[first:]) if records and records[first].host_us >= begin.host_us else {}
    before = begin.mark or Mark(begin.host_us, 0, 0)
    return _Made(begin, before, RecordedCase(steps, ends[0].why if ends else ""))


def _check(replay: Replay, made: _Made) -> None:
    """Raises RunFileError where the marks of the steps aren't those of rows that the recording has."""
    reader, all_there = replay.reader, replay.shelves.there(replay.shelves.end_us)
    has = {table: getattr(all_there, table) for table in COUNTS} | {"gaps": reader.count(Gap)}
    steps = [step for _, step in sorted(made.case.steps.items())]
    marks = [made.before, *(together(made.before, mark) for step in steps for mark in (step.begin, step.end) if mark)]
    wrong = [table for table, rows in has.items() if _falls([0, *(getattr(mark, table) for mark in marks), rows])]
    times = (time for mark in marks for time in (mark.host_us, mark.t_us, mark.boot))
    if wrong or any(not 0 <= time < MOST_US for time in times):
        what = f"{replay.path.name} was altered: the marks of its steps aren't those of its rows."
        raise RunFileError(what, "Use the original file.")


def _falls(counts: list[int]) -> bool:
    return counts != sorted(counts)


def _another(replay: Replay, script: Script, cases: tuple[CaseRecord, ...]) -> UsageError:
    name = replay.path.name
    same = next((case for case in cases if (case.name, case.case) == (script.name, script.case)), None)
    if same is not None:
        return UsageError(
            f"{name} was made by another text of “{script.title}” than this one.",
            "Judge it by the text that made it, which an export of the recording has in its cases; or run it again.",
        )
    made = sorted({case.title for case in cases})
    by = f"by {', '.join(f'“{title}”' for title in made[:5])}" if made else "without a script"
    return UsageError(f"{name} was not made by “{script.title}”: it was made {by}.", "Choose the run of this script.")


def _steps(records: list[StepRecord]) -> dict[int, RecordedStep]:
    """By index."""
    begins = {record.index: record for record in records if record.phase == "begin"}
    ends = {record.index: record for record in records if record.phase == "end"}
    return {index: _step(begin, ends.get(index)) for index, begin in begins.items()}


def _step(begin: StepRecord, end: StepRecord | None) -> RecordedStep:
    if end is None:
        return RecordedStep(begin.mark, None, Judged("error"))
    verdict: Verdict = next((one for one in VERDICTS if one == end.verdict), "error")
    judged = Judged(verdict, end.measurements, end.detail, end.at_us, end.curves)
    return RecordedStep(begin.mark, end.mark, judged)
