"""Carrying out many cases one after the other: each on its session, into its recording, with its result."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from firmware_link.clock import Clock, SystemClock
from firmware_link.errors import PortError, PumpError
from rig.interrupt import Interrupt
from rig.places import RUN_SUFFIX, WAL_SUFFIX, runs_folder
from rig.qa.calling.targets import Sessions
from rig.qa.deeds import Ask
from rig.qa.running.driving import drive
from rig.qa.script import Script
from rig.qa.telling.results import Result, Tally
from rig.qa.told import StepEvent
from rig.recording.errors import RunFileError
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.session import Session

_UNFIT = re.compile(r"[^A-Za-z0-9.+-]+")
_LONGEST = 60  # letters of a case in a file's name


def run_name(script: Script) -> str:
    """How a recording of the case is called, without its suffix: "occlusion-rate-24-mL-day"."""
    case = _UNFIT.sub("-", script.case)[:_LONGEST].strip("-.")
    return f"{script.stem}-{case}" if case else script.stem


@dataclass
class Carrying:
    """``record`` is where all recordings go; None: into the usual folder, and of virtual rigs only those of cases that
    did not pass.  ``on_event`` is told the number of the case, and what its runner tells."""

    tally: Tally
    sessions: Sessions
    record: Path | None = None
    answer: Callable[[Ask], str | None] | None = None  # None: nobody is there
    interrupt: Interrupt | None = None
    on_event: Callable[[int, StepEvent], None] = lambda index, event: None
    clock: Clock = field(default_factory=SystemClock)  # how long a case takes is real time

    def case(self, index: int) -> Result:
        """Carries out the case ``index``; a PumpError becomes its result."""
        began_s = self.clock.monotonic()
        recording = self.sessions.recording
        run: Path | None = None
        try:
            run = self._recorded(index) if recording is None else self._judged(index, recording.file)
        except PumpError as error:
            self.tally.failed(index, error)
            began = self.tally.results[index]
            run = began.run if began.device is not None else None
        result = self.tally.end(index, self.clock.monotonic() - began_s, run, _digest(run))
        if self.gone(result):
            self.sessions.close()
        return result

    def gone(self, result: Result) -> bool:
        """Whether the pump is lost, so that no other case can be carried out on it."""
        return self.sessions.shared and isinstance(result.error, PortError)

    def _judged(self, index: int, file: Path) -> Path:
        from rig.qa.running.replaying import judge_recording

        with RunReader(file) as reader:
            started_us = reader.run.started_us
        self.tally.begin(index, self.sessions.address, file, started_us)
        for event in judge_recording(self.tally.scripts[index], file):
            self._take(index, event)
        return file

    def _recorded(self, index: int) -> Path | None:
        """Carries it out, and says which recording was kept."""
        folder = self.record or runs_folder()
        with suppress(OSError):  # whoever makes the file says what is wrong
            folder.mkdir(parents=True, exist_ok=True)
        with self.sessions.borrowed() as session:
            started_us = session.clock.utc_us()
            writer = _writer(folder, run_name(self.tally.scripts[index]), session)
            self.tally.begin(index, self.sessions.address, writer.path, started_us)
            try:
                with writer:
                    self._drive(index, session, writer)
            finally:
                result = self.tally.results[index]
                kept = result.device is not None and (self._keeps_all or result.verdict != "pass")
                if not kept:
                    _remove(writer.path)
        return writer.path if kept else None

    def _drive(self, index: int, session: Session, writer: RunWriter) -> None:
        ended = drive(
            self.tally.scripts[index],
            session,
            writer=writer,
            on_event=lambda event: self._take(index, event),
            answer=self.answer,
            interrupt=self.interrupt,
        )
        writer.finish(ended.why)

    @property
    def _keeps_all(self) -> bool:
        return self.record is not None or self.sessions.shared

    def _take(self, index: int, event: StepEvent) -> None:
        self.tally.take(index, event)
        self.on_event(index, event)


def _writer(folder: Path, name: str, session: Session) -> RunWriter:
    """A recording in ``folder`` called "occlusion.run.duckdb", or "occlusion-2.run.duckdb" where that is taken: cases
    may run in several processes.  Raises RunFileError where none can be made."""
    number = 1
    while True:
        path = folder / f"{name}{f'-{number}' if number > 1 else ''}{RUN_SUFFIX}"
        number += 1
        if path.exists():
            continue
        try:
            return RunWriter(path, session.clock, session.info)
        except RunFileError:
            if not path.exists():
                raise


def _digest(run: Path | None) -> str:
    """What the recording says of its evidence; "" where it has no end, or there is none."""
    if run is None:
        return ""
    with suppress(RunFileError), RunReader(run) as reader:
        return reader.run.digest or ""
    return ""


def _remove(path: Path) -> None:
    for one in (path, path.with_name(path.name + WAL_SUFFIX)):
        with suppress(OSError):
            one.unlink()
