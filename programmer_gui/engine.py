"""The engine: owns the session on a thread of its own, free of Qt, and never touches a disk.

``step`` does one turn; tests call it, ``Loop`` calls it from the thread.  STOP bypasses all that is queued.
"""

import logging
import queue
import threading
import traceback
from collections.abc import Callable
from functools import singledispatchmethod
from typing import Any, Protocol

from firmware_link.clock import Clock
from firmware_link.errors import PumpError, UsageError
from programmer_gui import messages as m
from programmer_gui import recorder as r
from programmer_gui.procedures import ProcedureRunner
from programmer_gui.stop import StopLine
from rig.firmware.program import Program
from rig.programming import Receipt
from rig.session import Batch, DeviceInfo, LinkState, Reply, Session
from rig.tracker import Tracker

log = logging.getLogger(__name__)

EARLY = 1000  # batches kept until a pump has said who it is


class RecorderPort(Protocol):
    """Where the evidence goes; ``put`` never waits."""

    def put(self, item: r.Item) -> None: ...


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
        self._device: DeviceInfo | None = None
        self._early: list[Batch] = []
        self._tracker = Tracker()
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
        self._take(session, session.poll(0.0 if waits else timeout_s))

    def close(self) -> None:
        """Lets go of the session."""
        self._let_go("closed")

    def _serve_stop(self) -> None:
        if self._stop.serve(self._session):
            self._procedures.cancel(UsageError("STOP ended what was under way.", "Check the state, then do it again."))

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
        self._tracker = Tracker()
        self._put(m.Opened(self._session.info))

    @_serve.register
    def _(self, intent: m.Disconnect) -> None:
        self._let_go("disconnected")

    @_serve.register
    def _(self, intent: m.Send) -> None:
        self._sent.add(self._need().command(intent.command))

    @_serve.register
    def _(self, intent: m.Run) -> None:
        self._procedures.start(
            intent.name, intent.make(SessionDesk(self._need(), self._tracker, self._recorder)), self._need().command
        )

    @_serve.register
    def _(self, intent: m.Inject) -> None:
        self._need().inject(intent.fault)
        self._put(m.Injected(intent.fault))

    @_serve.register
    def _(self, intent: m.AddNote) -> None:
        host_us = self._need().clock.utc_us()
        self._recorder.put(r.KeepNote(intent.text, host_us))
        self._put(m.NoteAdded(intent.text, host_us))

    @_serve.register
    def _(self, intent: m.FinishRecording) -> None:
        self._finish("finished")
        if self._session is not None and self._device is not None:
            self._recorder.put(r.Begin(self._session.info, self._session.clock))

    @_serve.register
    def _(self, intent: m.Durable) -> None:
        if self._session is not None:
            self._session.acknowledge(intent.last_event)

    def _need(self) -> Session:
        if self._session is None:
            raise UsageError("No pump is connected.", "Connect to one first.")
        return self._session

    # -- what the link brings ----------------------------------------------------------------------------------

    def _take(self, session: Session, batch: Batch) -> None:
        self._identify(session)
        if not batch_is_empty(batch):
            self._record(batch)
            delivered = self._tracker.add(batch)
            self._put(m.Received(batch, delivered, self._tracker.totals))
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

    def _identify(self, session: Session) -> None:
        """Recording begins when a pump has answered; its identity is told again when it changes."""
        info = session.info
        if info.device is None or info.device == self._device:
            return
        if self._device is None:
            self._recorder.put(r.Begin(info, session.clock))
            for batch in self._early:
                self._recorder.put(batch)
            self._early.clear()
        else:
            self._recorder.put(info.device)
        self._device = info.device
        self._put(m.Identified(info))

    def _record(self, batch: Batch) -> None:
        """What came before the pump had said who it is belongs to its recording too."""
        if self._device is not None:
            self._recorder.put(batch)
        elif len(self._early) < EARLY:
            self._early.append(batch)

    def _let_go(self, why: str) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        self._stop.drop()
        self._procedures.cancel(UsageError("The link was closed before this was done.", "Connect and do it again."))
        self._sent.clear()
        if self._device is not None:
            self._finish(why)
        self._device = None
        self._early.clear()
        session.close()
        self._put(m.Closed(session.info.target))

    def _finish(self, why: str) -> None:
        totals = self._tracker.totals
        self._recorder.put(r.Finish(why, totals.planned_nl if totals.samples else None))


class SessionDesk:
    """What a procedure may use beside commands."""

    def __init__(self, session: Session, tracker: Tracker, recorder: RecorderPort) -> None:
        self._tracker = tracker
        self._recorder = recorder
        self.clock = session.clock

    def know(self, program: Program) -> None:
        """A program that the pump holds, or is about to."""
        self._tracker.program(program)

    def keep(self, name: str, source: str, program: Program, receipt: Receipt) -> None:
        """Puts a written program into the recording."""
        self._recorder.put(r.KeepProgram(name, source, program, receipt))

    def note(self, text: str) -> None:
        """Puts words into the recording."""
        self._recorder.put(r.KeepNote(text, self.clock.utc_us()))


def batch_is_empty(batch: Batch) -> bool:
    """True where there is nothing to record and nothing to show."""
    told = (batch.events, batch.replies, batch.links, batch.gaps, batch.frames, batch.traces)
    return not len(batch.samples) and not any(told) and batch.status is None
