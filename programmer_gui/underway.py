"""What goes on with a session besides looking at it: single commands, procedures, a test script.  Free of Qt."""

from collections.abc import Callable
from dataclasses import replace

from firmware_link.clock import Clock
from firmware_link.errors import PumpError, UsageError
from programmer_gui import messages as m
from programmer_gui import takedown
from programmer_gui.evidence import Evidence
from programmer_gui.procedures import ProcedureRunner, SingleCommands
from programmer_gui.qa_runner import BUSY, ScriptRunner
from rig.session import Batch, Reply, Session

STOPPED = UsageError("STOP ended what was under way.", "Check the state, then do it again.")
CLOSED = UsageError("The link was closed before this was done.", "Connect and do it again.")


class UnderWay:
    """All of it is fed with what the session brings.  While a script runs, nothing else may be done to the pump.
    ``idle`` is called while the engine's thread waits for another one."""

    def __init__(self, put: Callable[[m.Message], None], clock: Clock, idle: Callable[[], None]) -> None:
        self._put = put
        self._singles, self._procedures = SingleCommands(put), ProcedureRunner(put)
        self.scripts = ScriptRunner(put, clock, idle)

    def begin(self, intent: m.Deed, session: Session, evidence: Evidence) -> None:
        """Begins it."""
        if isinstance(intent, m.Send):
            self._singles.sent(session.command(intent.command))
        elif isinstance(intent, m.Run):
            self._procedures.start(intent.name, intent.make(evidence), session.command)
        elif isinstance(intent, m.ZeroBalance):
            session.zero_balance()
        else:
            takedown.serve(session, evidence, intent, self._put)

    def inject(self, intent: m.Inject, session: Session) -> None:
        """Gives the rig a fault, and tells what became of it."""
        fault, error = intent.fault, None
        if intent.after_s:
            fault = replace(fault, at_s=session.standing().now_us * 1e-6 + intent.after_s)
        try:
            session.inject(fault)
        except UsageError as refused:
            error = refused
        self._put(m.Injected(fault, session.standing(), error))

    def stands(self, session: Session, evidence: Evidence | None) -> bool:
        """Whether a rig is not to go on now: for its recorder, or for the operator of a script."""
        return session.info.virtual and (self.scripts.stands or (evidence is not None and evidence.behind))

    def check(self, intent: m.Intent) -> None:
        """Raises UsageError for what would meddle with a script."""
        if self.scripts.busy and isinstance(intent, m.Send | m.Run | m.Inject | m.ZeroBalance | m.FinishRecording):
            raise BUSY

    def refuse(self, intent: m.Intent, error: PumpError) -> None:
        """Tells that ``intent`` came to nothing."""
        if isinstance(intent, m.Run):
            self._put(m.ProcedureEnded(intent.name, error=error))
        elif isinstance(intent, m.RunScript):
            self._put(m.ScriptRefused(intent.script, error))
        else:
            name = intent.command.name if isinstance(intent, m.Send) else type(intent).__name__
            self._put(m.CommandEnded(Reply(0, name, error=error)))

    def receive(self, batch: Batch, session: Session, evidence: Evidence) -> bool:
        """Goes on with what was polled; returns whether a script ended with it."""
        takedown.watch(evidence, self._put)
        self._singles.receive(batch)
        self._procedures.receive(batch, session.command)
        return self.scripts.receive(batch, session, evidence)

    def stop(self) -> None:
        """STOP was sent: nothing that was under way goes on, but a script's cleanup."""
        self._procedures.cancel(STOPPED)
        self.scripts.cancel()

    def drop(self, session: Session, evidence: Evidence | None, why: str) -> None:
        """The session is about to be let go of."""
        self.scripts.drop(session, evidence, why)
        self._procedures.cancel(CLOSED)
        self._singles.forget()
        if evidence is not None:
            takedown.end(evidence, self._put, why)
