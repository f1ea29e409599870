"""The engine: owns the session on a thread of its own, free of Qt, and never touches a disk.

``step`` does one turn; tests call it, ``Loop`` calls it from the thread.  STOP bypasses all that is queued.
"""

import logging
import queue
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import singledispatchmethod
from typing import Any

from firmware_link.clock import Clock
from firmware_link.errors import PumpError, UsageError
from programmer_gui import messages as m
from programmer_gui import playing, takedown
from programmer_gui.evidence import Evidence, RecorderPort
from programmer_gui.procedures import ProcedureRunner
from programmer_gui.stop import StopLine
from rig.session import Batch, LinkState, Reply, Session

log = logging.getLogger(__name__)


class Engine:
    """One session at most.  ``submit`` and ``stop_pump`` are for all threads, the rest for the one that steps."""

    def __init__(
        self,
        open_session: Callable[[str], Session],
        recorder: RecorderPort,
        put: Callable[[m.Message], None],
        clock: Clock,
    ) -> None:
        self._open_session = open_session
        self._recorder = recorder
        self._put = put
        self._clock = clock
        self._intents: queue.SimpleQueue[m.Intent] = queue.SimpleQueue()
        self._rouse = threading.Event()
        self._stop = StopLine(put, clock)
        self._session: Session | None = None
        self._lent: Session | None = None  # a recording's, closed until its file has been edited
        self._evidence: Evidence | None = None
        self._sent: set[int] = set()
        self._procedures = ProcedureRunner(put)

    @property
    def clock(self) -> Clock:
        """The session's, else this computer's."""
        return self._session.clock if self._session is not None else self._clock

    def submit(self, intent: m.Intent) -> None:
        """Queues ``intent`` and wakes the engine."""
        self._intents.put(intent)
        self.wake()

    def stop_pump(self) -> None:
        """STOP: goes to the link before anything that waits."""
        self._stop.ask()
        self.wake()

    def wake(self) -> None:
        """Ends the wait of a ``step``."""
        self._rouse.set()
        session = self._session
        if session is not None:
            session.wake()

    def step(self, timeout_s: float = 0.0) -> None:
        """One turn: STOP, what was asked for, what the link has to say; waits up to ``timeout_s`` for that."""
        self._serve_stop()
        while not self._intents.empty() and not self._stop.asked:
            self._guarded(self._intents.get())
        self._serve_stop()
        session = self._session
        if session is None:
            self._rouse.wait(timeout_s)
            self._rouse.clear()
            return
        waits = not self._intents.empty() or self._stop.asked
        self._take(session, session.poll(0.0 if waits else playing.patience_s(session, timeout_s)))

    def close(self) -> None:
        """Lets go of the session."""
        self._let_go("closed")

    def _serve_stop(self) -> None:
        if self._stop.serve(self._session):
            error = UsageError("STOP ended what was under way.", "Check the state, then do it again.")
            self._procedures.cancel(error)
            _drop_commands(self._intents, error, self._put)

    # -- intents -----------------------------------------------------------------------------------------------

    def _guarded(self, intent: m.Intent) -> None:
        try:
            self._serve(intent)
        except PumpError as error:
            self._put(m.CommandEnded(Reply(0, type(intent).__name__, error=error)))
        except Exception as error:  # the engine must survive: its STOP is needed
            log.exception("intent %s failed", intent)
            self._put(m.EngineFault(f"{type(intent).__name__} failed: {error}", traceback.format_exc()))

    @singledispatchmethod
    def _serve(self, intent: Any) -> None:
        raise TypeError(f"no such intent: {intent!r}")

    @_serve.register
    def _(self, intent: m.Connect) -> None:
        self._let_go("another target was opened")
        self._put(m.Connecting(intent.target))
        try:
            self._session = self._open_session(intent.target)
        except PumpError as error:
            self._put(m.ConnectFailed(intent.target, error))
            return
        playing.begin(self._session)
        self._evidence = Evidence(self._session, self._recorder, self._put)
        self._put(m.Opened(self._session.info))

    @_serve.register
    def _(self, intent: m.Disconnect) -> None:
        self._let_go("disconnected")

    @_serve.register
    def _(self, intent: m.Send) -> None:
        self._sent.add(self._need().command(intent.command))

    @_serve.register
    def _(self, intent: m.Run) -> None:
        self._procedures.start(intent.name, intent.make(self._need_evidence()), self._need().command)

    @_serve.register
    def _(self, intent: m.Inject) -> None:
        session, fault, error = self._need(), intent.fault, None
        if intent.after_s:
            fault = replace(fault, at_s=session.standing().now_us * 1e-6 + intent.after_s)
        try:
            session.inject(fault)
        except UsageError as refused:
            error = refused
        self._put(m.Injected(fault, session.standing(), error))

    @_serve.register
    def _(self, intent: m.AddNote) -> None:
        host_us = self._need().clock.utc_us()
        self._need_evidence().note(intent.text)
        self._put(m.NoteAdded(intent.text, host_us))

    @_serve.register
    def _(self, intent: m.FinishRecording) -> None:
        evidence = self._evidence
        if evidence is not None and evidence.recording:
            evidence.finish("finished")
            evidence.begin()

    @_serve.register
    def _(self, intent: m.Durable) -> None:
        if self._session is not None:
            self._session.acknowledge(intent.last_event)

    @_serve.register
    def _(self, intent: m.Seek | m.Play | m.Halt | m.LetGo) -> None:
        before, self._session = self._session, playing.serve(self._session, intent, self._put)
        if before is not self._session:
            self._lent = before

    @_serve.register
    def _(self, intent: m.TakeUp) -> None:
        if self._lent is None:
            return  # it was closed meanwhile
        try:
            self._session = playing.taken_up(intent, self._open_session)
        except PumpError as error:
            self._put(m.ConnectFailed(intent.target, error))
            self._let_go("link failed")
            return
        self._lent = None
        self._evidence = Evidence(self._session, self._recorder, self._put)

    @_serve.register
    def _(self, intent: m.TakeDown | m.TakeNoMore) -> None:
        takedown.serve(self._need(), self._need_evidence(), intent, self._put)

    def _need(self) -> Session:
        if self._session is None:
            raise UsageError("No pump is connected.", "Connect to one first.")
        return self._session

    def _need_evidence(self) -> Evidence:
        if self._evidence is None:
            raise UsageError("No pump is connected.", "Connect to one first.")
        return self._evidence

    # -- what the link brings ----------------------------------------------------------------------------------

    def _take(self, session: Session, batch: Batch) -> None:
        evidence = self._need_evidence()
        if evidence.identify():
            self._put(m.Identified(session.info))
        told = evidence.add(batch)
        takedown.watch(evidence, self._put)
        if told is not None:
            self._put(told)
        self._stop.watch(batch)
        for reply in batch.replies:
            if reply.ticket in self._sent:
                self._sent.discard(reply.ticket)
                self._put(m.CommandEnded(reply))
        self._procedures.receive(batch, session.command)
        for link in batch.links:
            if link.state is LinkState.CLOSED:
                if link.error is not None:
                    self._put(m.ConnectFailed(session.info.target, link.error))
                self._let_go("link failed")

    def _let_go(self, why: str) -> None:
        session, self._session, self._lent = self._session or self._lent, None, None
        if session is None:
            return
        self._stop.drop()
        self._procedures.cancel(UsageError("The link was closed before this was done.", "Connect and do it again."))
        self._sent.clear()
        if self._evidence is not None:
            takedown.end(self._evidence, self._put, why)
            self._evidence.finish(why)
        self._evidence = None
        session.close()
        self._put(m.Closed(session.info.target))


def _drop_commands(intents: "queue.SimpleQueue[m.Intent]", error: PumpError, put: Callable[[m.Message], None]) -> None:
    """What was asked for before a STOP must not come after it: a start would undo it."""
    waiting = []
    while not intents.empty():
        waiting.append(intents.get())
    for intent in waiting:
        if isinstance(intent, m.Run):
            put(m.ProcedureEnded(intent.name, error=error))
        elif isinstance(intent, m.Send):
            put(m.CommandEnded(Reply(0, intent.command.name, error=error)))
        else:
            intents.put(intent)
