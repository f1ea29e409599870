"""A test script in the engine: the one runner, fed with what the session brings.  Free of Qt."""

import queue
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

from firmware_link.clock import Clock
from firmware_link.errors import PortLost, PumpError, UsageError
from programmer_gui.evidence import Evidence
from programmer_gui.recorder import LayBeside
from programmer_gui.script_messages import (
    AboutScripts,
    AnswerScript,
    CancelScript,
    RunScript,
    ScriptRefused,
    ScriptTold,
)
from rig.qa.expectations import ExpectGolden
from rig.qa.script import Script
from rig.qa.told import (
    Asked,
    CaseEnded,
    Inject,
    Judged,
    Keep,
    Know,
    Mark,
    Send,
    StepEvent,
    StepProgress,
    Tell,
    Turn,
    Turned,
    Want,
    Zero,
)
from rig.session import Batch, LinkChange, LinkState, Session
from rig.targets import is_virtual, parse_virtual
from rig.virtual.pace import MAX_SPEED

TOLD_EVERY_S = 0.1  # real time: progress is for people
BUSY = UsageError("A test script is running.", "Wait until it has ended, or cancel it.")
GOLDEN_TURNS, GOLDEN_TURN_S = 6000, 0.01  # real time that a comparison may take
FAREWELLS = 1000  # turns in which a script may end whose session is gone


class ScriptRunner:
    """One case at most.  All but ``busy`` is for the engine's thread."""

    def __init__(self, put: Callable[[AboutScripts], None], clock: Clock, idle: Callable[[], None]) -> None:
        self._put, self._clock, self._idle = put, clock, idle
        self._wanted: RunScript | None = None  # once the pump has said who it is
        self._script: Script | None = None
        self._going: Generator[StepEvent | Want, Any, CaseEnded] | None = None
        self._turn_s = 0.0
        self._asked = False
        self._answer: str | None = None
        self._cancelled = False
        self._told_s = 0.0
        self._target = ""
        self._before: Mark | None = None
        self.alone = False  # the session is the script's own
        self._jumps = False  # its time passes only while it is polled

    @property
    def busy(self) -> bool:
        """Whether a case runs, or is about to."""
        return self._wanted is not None or self._going is not None

    @property
    def stands(self) -> bool:
        """Whether no time is to pass: the operator thinks, on a rig whose hours are seconds."""
        return self._jumps and self._asked and self._answer is None and not self._cancelled

    def ask(self, intent: RunScript, session: Session | None) -> None:
        """Runs it as soon as the pump of ``session`` has said who it is; refuses it where there is none, and while
        another one runs."""
        if self.busy:
            self._put(ScriptRefused(intent.script, BUSY))
        elif session is None or session.info.can_seek:
            error = UsageError("No pump is connected.", "Connect to one, or run the script on a fresh virtual rig.")
            self._put(ScriptRefused(intent.script, error))
        else:
            self._wanted, self.alone = intent, bool(intent.target)

    def hear(self, intent: CancelScript | AnswerScript) -> None:
        """What the operator wants of it, at its next turn."""
        if isinstance(intent, CancelScript):
            self.cancel()
        elif self._asked:
            self._answer = intent.text

    def cancel(self) -> None:
        """It ends, with its cleanup; one that hasn't begun never will."""
        if self._wanted is not None:
            self._refuse(UsageError("The script was cancelled before it began."))
        self._cancelled = self._going is not None

    def patience_s(self, timeout_s: float) -> float:
        """How long a poll may last: as the runner says, so that a rig does the same everywhere."""
        return timeout_s if self._going is None else self._turn_s

    def receive(self, batch: Batch, session: Session, evidence: Evidence) -> bool:
        """Goes on with what was polled; returns whether a case ended with it."""
        if self._going is None:
            return self._wanted is not None and session.info.device is not None and self._begin(session, evidence)
        turned = Turned(batch, self._answer, self._cancelled)
        if self._answer is not None:
            self._asked, self._answer = False, None
        self._cancelled = False
        return self._go_on(turned, session, evidence)

    def drop(self, session: Session, evidence: Evidence | None, why: str) -> None:
        """The session is gone: the case ends, knowing that."""
        if self._wanted is not None:
            self._refuse(UsageError("The pump was let go of before the script began.", "Connect and run it again."))
        error = PortLost(f"The pump was let go of: {why}.", "It goes on with what it does: look after it.")
        lost = Batch(links=(LinkChange(LinkState.CLOSED, session.clock.utc_us(), error),))
        for _ in range(FAREWELLS):
            if self._going is None or evidence is None:
                break
            self._go_on(Turned(lost, cancelled=True), session, evidence)
        self._going = None

    def _golden(self, evidence: Evidence, before: Mark, body: ExpectGolden, mark: Mark) -> Judged:
        """The recorder compares, on its own thread; STOP goes out meanwhile."""
        from rig.qa.running.keeping import together

        answer: queue.SimpleQueue[Judged] = queue.SimpleQueue()
        evidence.keep_record(LayBeside(body, together(before, mark), answer.put))
        for _ in range(GOLDEN_TURNS):
            try:
                return answer.get(timeout=GOLDEN_TURN_S)
            except queue.Empty:
                self._idle()
        return Judged("error", detail="The recording could not be laid beside the golden run in time.")

    # -- the generator -------------------------------------------------------------------------------------------

    def _begin(self, session: Session, evidence: Evidence) -> bool:
        from rig.qa.running.driving import pump_of
        from rig.qa.running.runner import run

        assert self._wanted is not None
        script, self._wanted = self._wanted.script, None
        self._script, self._target = script, session.info.target
        self._asked, self._answer, self._cancelled, self._told_s = False, None, False, 0.0
        self._jumps = is_virtual(self._target) and parse_virtual(self._target).speed == MAX_SPEED
        self._before = evidence.begin_case()
        self._going = run(script, pump_of(session, attended=True, golden=partial(self._golden, evidence, self._before)))
        return self._go_on(None, session, evidence)

    def _go_on(self, sent: object, session: Session, evidence: Evidence) -> bool:
        """Until it wants the next turn; returns whether it ended instead."""
        error: PumpError | None = None
        while self._going is not None:
            try:
                told = self._going.send(sent) if error is None else self._going.throw(error)
            except StopIteration:
                self._going, self._asked = None, False
                return True
            except PumpError as refused:
                self._refuse(refused)
                return True
            except Exception:
                self._refuse(UsageError("The script broke off: something in this program failed.", "See the log."))
                raise
            sent, error = None, None
            try:
                if isinstance(told, Turn):
                    self._turn_s = told.timeout_s
                    return False
                sent = self._serve(told, session, evidence)
            except PumpError as refused:
                error = refused
        return True

    def _serve(self, told: StepEvent | Want, session: Session, evidence: Evidence) -> object:
        from rig.qa.running.driving import inject

        match told:
            case Send(command):
                return session.command(command)
            case Inject():
                inject(session, told)
            case Tell(text):
                evidence.note(text)
            case Know(program):
                evidence.know(program)
            case Keep():
                evidence.keep_program(told)
            case Zero():
                session.zero_balance()
            case Turn():
                pass
            case _:
                self._tell(told, evidence)
        return None

    def _tell(self, event: StepEvent, evidence: Evidence) -> None:
        from rig.qa.running.keeping import records

        if isinstance(event, StepProgress):
            now_s = self._clock.monotonic()
            if now_s - self._told_s < TOLD_EVERY_S:
                return
            self._told_s = now_s
        self._asked = isinstance(event, Asked) or (self._asked and isinstance(event, StepProgress))
        assert self._script is not None
        assert self._before is not None
        for record in records(event, self._script, self._target, self._before):
            evidence.keep_record(record)
        self._put(ScriptTold(event))

    def _refuse(self, error: PumpError) -> None:
        script = self._script if self._wanted is None else self._wanted.script
        self._wanted = self._going = None
        assert script is not None
        self._put(ScriptRefused(script, error))
