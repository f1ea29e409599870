"""Carrying out a script on a session, without a window: polls, records, answers, and ends in good order."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from firmware_link.clock import Clock, SystemClock
from firmware_link.errors import PumpError, UsageError
from rig import meeting
from rig.interrupt import Interrupt
from rig.linkstate import LinkState
from rig.qa import keeping
from rig.qa.deeds import Ask
from rig.qa.keeping import Tally
from rig.qa.runner import Pump, run
from rig.qa.script import Script
from rig.qa.told import (
    Asked,
    CaseEnded,
    Inject,
    Keep,
    Send,
    StepEvent,
    Tell,
    Turn,
    Turned,
    Want,
    Zero,
)
from rig.recording.writer import RunWriter
from rig.session import Batch, Session
from rig.targets import is_virtual, parse_virtual
from rig.virtual.faults import Fault

_EVENTS = (Turn, Send, Inject, Tell, Zero, Keep)


def drive(
    script: Script,
    session: Session,
    *,
    writer: RunWriter | None = None,
    on_event: Callable[[StepEvent], None] = lambda event: None,
    answer: Callable[[Ask], str] | None = None,
    interrupt: Interrupt | None = None,
) -> CaseEnded:
    """Carries out ``script`` on ``session``, connecting first where no pump has answered yet.

    ``writer`` gets everything, and is finished by who made it; ``answer`` asks the operator, None where nobody is
    there.  With ``interrupt`` Ctrl-C cancels: the script's cleanup is done.  Raises UsageError for a rig that isn't the
    one, PumpError where none answers, RecordingError where the recording can't be written.
    """
    batches = meeting.connect(session) if session.info.device is None else []
    driver = _Driver(session, writer, answer, interrupt)
    for batch in batches:
        driver.take(batch)
    return driver.carry_out(script, on_event)


@dataclass
class _Driver:
    """One case on one session."""

    session: Session
    writer: RunWriter | None
    ask: Callable[[Ask], str] | None
    interrupt: Interrupt | None
    clock: Clock = field(default_factory=SystemClock)  # when to commit is real time
    tally: Tally = field(default_factory=Tally)
    asked: Ask | None = None

    def carry_out(self, script: Script, on_event: Callable[[StepEvent], None]) -> CaseEnded:
        """Until the case has ended."""
        info = self.session.info
        before = self.tally.mark(self.session.clock.utc_us())
        going = run(script, pump_of(self.session, attended=self.ask is not None))
        sent: object = None
        error: PumpError | None = None
        while True:
            try:
                told = going.send(sent) if error is None else going.throw(error)
            except StopIteration as stop:
                ended: CaseEnded = stop.value
                return ended
            sent, error = None, None
            if isinstance(told, _EVENTS):
                try:
                    sent = self._serve(told)
                except PumpError as caught:
                    error = caught
                continue
            if isinstance(told, Asked):
                self.asked = told.ask
            if self.writer is not None:
                keeping.keep(self.writer, told, script, info.target, before)
            on_event(told)

    def _serve(self, want: Want) -> object:
        """Does what the runner wants."""
        match want:
            case Turn(timeout_s):
                return self._turn(timeout_s)
            case Send(command):
                return self.session.command(command)
            case Inject():
                inject(self.session, want)
            case Tell(text) if self.writer is not None:
                self.writer.note(text)
            case Keep(name, source, program, receipt) if self.writer is not None:
                if receipt is None:
                    self.writer.held(program)
                else:
                    self.writer.program(name, source, program, receipt)
            case Zero():
                raise UsageError("There is no laboratory balance.", "Connect one with --balance.")
        return None

    def _turn(self, timeout_s: float) -> Turned:
        batch = self.session.poll(timeout_s)
        self.take(batch)
        answer = None
        if self.asked is not None and self.ask is not None:
            asked, self.asked = self.asked, None
            answer = self.ask(asked)
        return Turned(batch, answer, self._cancelled())

    def _cancelled(self) -> bool:
        try:
            if self.interrupt is not None:
                self.interrupt.check()
        except KeyboardInterrupt:
            return True
        return False

    def take(self, batch: Batch) -> None:
        """To the file first; then the pump may forget it."""
        self.tally.add(batch)
        if self.writer is None:
            numbers = [event.number for event in batch.events]
            if numbers:
                self.session.acknowledge(max(numbers))
            return
        self.writer.add(batch)
        if any(link.state is LinkState.ONLINE for link in batch.links) and self.session.info.device is not None:
            self.writer.identify(self.session.info.device)
        if batch.events:
            self.writer.commit()
        self.writer.commit_if_due(self.clock.monotonic())
        if self.writer.durable_event:
            self.session.acknowledge(self.writer.durable_event)


def pump_of(session: Session, *, attended: bool) -> Pump:
    """What a case is carried out on."""
    info = session.info
    seed = parse_virtual(info.target).seed if is_virtual(info.target) else None
    return Pump(info, session.clock, seed, attended=attended)


def inject(session: Session, want: Inject) -> None:
    """Gives the rig the fault, in the rig's own time where it is to come later."""
    fault: Fault = want.fault
    if want.after_s > 0:
        fault = replace(fault, at_s=math.ceil(session.standing().now_us + want.after_s * 1e6) / 1e6)
    session.inject(fault)
