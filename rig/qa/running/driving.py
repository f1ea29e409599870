"""Carrying out a script on a session, without a window: polls, records, answers, and ends in good order."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from firmware_link.clock import Clock, SystemClock
from firmware_link.errors import PumpError
from rig import meeting
from rig.balance.ready import await_balance
from rig.interrupt import Interrupt
from rig.measured import Mark
from rig.qa.deeds import Ask
from rig.qa.expectations import ExpectGolden
from rig.qa.running import keeping
from rig.qa.running.golden import Golden, beside
from rig.qa.running.keeping import Tally
from rig.qa.running.runner import Pump, run
from rig.qa.script import Script
from rig.qa.told import (
    Asked,
    CaseEnded,
    Inject,
    Judged,
    Keep,
    Send,
    StepEnded,
    StepEvent,
    Tell,
    Turn,
    Turned,
    Want,
    Zero,
)
from rig.recording.errors import RecordingError
from rig.recording.writer import RunWriter
from rig.session import Batch, Session
from rig.targets import is_virtual, parse_virtual
from rig.virtual.faults import Fault
from rig.virtual.pace import MAX_SPEED

_THINK_S = 0.02  # real time between two looks for an answer, while a rig's time stands


def drive(
    script: Script,
    session: Session,
    *,
    writer: RunWriter | None = None,
    on_event: Callable[[StepEvent], None] = lambda event: None,
    answer: Callable[[Ask], str | None] | None = None,
    interrupt: Interrupt | None = None,
    tally: Tally | None = None,
) -> CaseEnded:
    """Carries out ``script`` on ``session``, connecting first where no pump has answered yet.

    ``writer`` gets everything, and is finished by who made it; where it goes on over several cases, ``tally`` counts
    what it was given from its beginning.  ``answer`` is asked for the operator's at every turn until it has one; None:
    nobody is there.  With ``interrupt`` Ctrl-C cancels, and the script's cleanup is done.  Raises UsageError for a rig
    that isn't the one, PumpError where none answers, RecordingError where the recording can't be written.
    """
    driver = _Driver(session, writer, answer, interrupt, tally or Tally())
    for batch in meeting.connect(session) if session.info.device is None else []:
        driver.take(batch)
    if session.info.balance:
        await_balance(session, driver.take)
    ended = driver.carry_out(script, on_event)
    driver.settle()
    return ended


@dataclass
class _Driver:
    """One case on one session."""

    session: Session
    writer: RunWriter | None
    ask: Callable[[Ask], str | None] | None
    interrupt: Interrupt | None
    tally: Tally
    clock: Clock = field(default_factory=SystemClock)  # when to commit is real time
    rest: Callable[[float], object] = field(default_factory=lambda: threading.Event().wait)  # real seconds
    asked: Ask | None = None
    identified: bool = False
    broken: RecordingError | None = None  # nothing can be recorded any more, so the case is cancelled
    cancelled: bool = False  # for that

    def carry_out(self, script: Script, on_event: Callable[[StepEvent], None]) -> CaseEnded:
        """Until the case has ended."""
        target = self.session.info.target
        before = self.tally.mark(self.session.clock.utc_us())
        golden = None if self.writer is None else self._golden(self.writer, before)
        going = run(script, pump_of(self.session, attended=self.ask is not None, golden=golden))
        turn: Callable[[], StepEvent | Want] = partial(next, going)
        while True:
            try:
                told = turn()
            except StopIteration as stop:
                ended: CaseEnded = stop.value
                return ended
            if isinstance(told, StepEvent):
                self._tell(told, script, target, before)
                on_event(told)
                turn = partial(next, going)
                continue
            try:
                turn = partial(going.send, self._serve(told))
            except PumpError as error:
                turn = partial(going.throw, error)

    def _recorded(self, keep: Callable[[RunWriter], None]) -> None:
        """Where something is recorded: a file that can't be written any more costs the case, not its cleanup."""
        try:
            if self.writer is not None:
                keep(self.writer)
        except RecordingError as error:
            self.writer, self.broken = None, error

    def settle(self) -> None:
        """All that was recorded is on the disk, and the pump may forget it; raises why it isn't."""
        self._recorded(RunWriter.commit)
        if self.writer is not None:
            self.session.acknowledge(self.writer.durable_event)
        if self.broken is not None:
            raise self.broken

    def _tell(self, event: StepEvent, script: Script, target: str, before: Mark) -> None:
        if isinstance(event, Asked):
            self.asked = event.ask
        elif isinstance(event, StepEnded):
            self.asked = None
        self._recorded(lambda writer: keeping.keep(writer, event, script, target, before))

    def _golden(self, writer: RunWriter, before: Mark) -> Golden:
        def compared(body: ExpectGolden, mark: Mark) -> Judged:
            writer.commit()
            with writer.reader() as reader:
                return beside(reader, writer.path.name, body, keeping.together(before, mark))

        return compared

    def _serve(self, want: Want) -> Turned | int | None:
        """Does what the runner wants."""
        match want:
            case Turn(timeout_s):
                return self._turn(timeout_s)
            case Send(command):
                return self.session.command(command)
            case Inject():
                inject(self.session, want)
            case Zero():
                self.session.zero_balance()
            case Tell(text):
                self._recorded(lambda writer: writer.note(text))
            case Keep():
                self._recorded(lambda writer: keeping.keep_program(writer, want))
        return None

    def _turn(self, timeout_s: float) -> Turned:
        batch = self.session.poll(0.0 if self._stands() else timeout_s)
        self.take(batch)
        answer, cancelled = None, self.broken is not None and not self.cancelled
        self.cancelled = self.cancelled or cancelled
        try:
            if self.interrupt is not None:
                self.interrupt.check()
            if self.asked is not None and self.ask is not None:
                answer = self.ask(self.asked)
        except KeyboardInterrupt:
            cancelled = True
        self.asked = self.asked if answer is None else None
        if self._stands():
            self.rest(_THINK_S)
        return Turned(batch, answer, cancelled)

    def _stands(self) -> bool:
        """Whether somebody thinks, and the time of a rig that jumps must not run away meanwhile."""
        return self.asked is not None and jumps(self.session)

    def take(self, batch: Batch) -> None:
        """To the file first; then the pump may forget it."""
        self.tally.add(batch)
        if self.writer is not None:
            self._recorded(lambda writer: self._put(writer, batch))
        elif batch.events and self.session.info.virtual:  # a real pump keeps what nobody has on disk
            self.session.acknowledge(max(event.number for event in batch.events))

    def _put(self, writer: RunWriter, batch: Batch) -> None:
        writer.add(batch)
        device = self.session.info.device
        if device is not None and not self.identified:  # as it was found
            writer.identify(device)
            self.identified = True
        if batch.events:  # at once, so that when the pump hears of it doesn't hang on how fast this computer is
            writer.commit()
        writer.commit_if_due(self.clock.monotonic())
        if writer.durable_event:
            self.session.acknowledge(writer.durable_event)


def jumps(session: Session) -> bool:
    """Whether it is a virtual rig whose time passes as fast as it goes."""
    target = session.info.target
    return is_virtual(target) and parse_virtual(target).speed == MAX_SPEED


def pump_of(session: Session, *, attended: bool, golden: Golden | None = None) -> Pump:
    """What a case is carried out on."""
    info = session.info
    virtual = parse_virtual(info.target) if is_virtual(info.target) else None
    seed, rig = (None, "") if virtual is None else (virtual.seed, virtual.rig or "bench")
    return Pump(info, session.clock, seed, rig, bool(info.balance), attended, golden=golden)


def inject(session: Session, want: Inject) -> None:
    """Gives the rig the fault, in the rig's own time where it is to come later."""
    fault: Fault = want.fault
    if want.after_s > 0:
        fault = replace(fault, at_s=math.ceil(session.standing().now_us + want.after_s * 1e6) / 1e6)
    session.inject(fault)
