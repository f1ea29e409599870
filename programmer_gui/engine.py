"""The engine: owns the session on a thread of its own, free of Qt, and never touches a disk.

``step`` does one turn; tests call it, ``Loop`` calls it from the thread.  STOP bypasses all that is queued.
"""

import logging
import queue
import threading
import traceback
from collections.abc import Callable
from functools import singledispatchmethod
from typing import Any

from firmware_link.clock import Clock
from firmware_link.errors import PumpError, UsageError
from programmer_gui import messages as m
from programmer_gui import playing
from programmer_gui.evidence import Evidence, RecorderPort
from programmer_gui.stop import StopLine
from programmer_gui.underway import STOPPED, UnderWay
from rig.session import Batch, LinkState, Session

STANDS_S = 0.005  # so long a rig waits for its recorder, or for the operator
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
        self._lender = playing.Lender(open_session, put)
        self._evidence: Evidence | None = None
        self._under_way = UnderWay(put, clock, self._serve_stop)

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
        if session is None or self._under_way.stands(session, self._evidence):
            self._rouse.wait(timeout_s if session is None else STANDS_S)
            self._rouse.clear()
            return
        waits = not self._intents.empty() or self._stop.asked
        patience_s = self._under_way.scripts.patience_s(playing.patience_s(session, timeout_s))
        self._take(session, session.poll(0.0 if waits else patience_s))

    def close(self) -> None:
        """Lets go of the session."""
        self._let_go("closed")

    def _serve_stop(self) -> None:
        if self._stop.serve(self._session):
            self._under_way.stop()
            _drop_commands(self._intents, self._under_way)

    # -- intents -----------------------------------------------------------------------------------------------

    def _guarded(self, intent: m.Intent) -> None:
        try:
            self._under_way.check(intent)
            self._serve(intent)
        except PumpError as error:
            self._under_way.refuse(intent, error)
        except Exception as error:  # the engine must survive: its STOP is needed
            log.exception("intent %s failed", intent)
            self._put(m.EngineFault(f"{type(intent).__name__} failed: {error}", traceback.format_exc()))

    @singledispatchmethod
    def _serve(self, intent: Any) -> None:
        raise TypeError(f"no such intent: {intent!r}")

    @_serve.register
    def _(self, intent: m.Connect) -> None:
        self._connect(intent.target)

    def _connect(self, target: str) -> None:
        self._let_go("another target was opened")
        self._put(m.Connecting(target))
        try:
            self._session = self._open_session(target)
        except PumpError as error:
            self._put(m.ConnectFailed(target, error))
            return
        playing.begin(self._session)
        self._evidence = Evidence(self._session, self._recorder, self._put)
        self._put(m.Opened(self._session.info))

    @_serve.register
    def _(self, intent: m.Disconnect) -> None:
        self._let_go("disconnected")

    @_serve.register
    def _(self, intent: m.Send | m.Run | m.ZeroBalance | m.TakeDown | m.TakeNoMore) -> None:
        self._under_way.begin(intent, self._need(), self._need_evidence())

    @_serve.register
    def _(self, intent: m.Inject) -> None:
        self._under_way.inject(intent, self._need())

    @_serve.register
    def _(self, intent: m.AddNote) -> None:
        host_us = self._need().clock.utc_us()
        self._need_evidence().note(intent.text)
        self._put(m.NoteAdded(intent.text, host_us))

    @_serve.register
    def _(self, intent: m.FinishRecording) -> None:
        if self._evidence is not None:
            self._evidence.renew("finished")

    @_serve.register
    def _(self, intent: m.Durable) -> None:
        if self._session is not None:
            self._session.acknowledge(intent.last_event)

    @_serve.register
    def _(self, intent: m.Seek | m.Play | m.Halt | m.LetGo) -> None:
        self._session = self._lender.serve(self._session, intent)

    @_serve.register
    def _(self, intent: m.TakeUp) -> None:
        try:
            session = self._lender.take_up(intent)
        except PumpError as error:
            self._put(m.ConnectFailed(intent.target, error))
            self._let_go("link failed")
            return
        if session is not None:
            self._session, self._evidence = session, Evidence(session, self._recorder, self._put)

    @_serve.register
    def _(self, intent: m.RunScript) -> None:
        if intent.target and not self._under_way.scripts.busy:
            self._connect(intent.target)
        self._under_way.scripts.ask(intent, self._session)

    @_serve.register
    def _(self, intent: m.CancelScript | m.AnswerScript) -> None:
        self._under_way.scripts.hear(intent)

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
        if told is not None:
            self._put(told)
        self._stop.watch(batch)
        ended = self._under_way.receive(batch, session, evidence)
        for link in batch.links:
            if link.state is LinkState.CLOSED:
                if link.error is not None:
                    self._put(m.ConnectFailed(session.info.target, link.error))
                self._let_go("link failed")
        if ended and self._session is session:
            self._end_script(evidence)

    def _end_script(self, evidence: Evidence) -> None:
        """Its recording ends with it, and what was opened for it is let go of."""
        if self._under_way.scripts.alone:
            self._let_go("the test script ended")
        else:
            evidence.renew("the test script ended")

    def _let_go(self, why: str) -> None:
        session, self._session = self._session or self._lender.give_up(), None
        if session is None:
            return
        self._stop.drop()
        self._under_way.drop(session, self._evidence, why)
        if self._evidence is not None:
            self._evidence.finish(why)
        self._evidence = None
        session.close()
        self._put(m.Closed(session.info.target))


def _drop_commands(intents: "queue.SimpleQueue[m.Intent]", under_way: UnderWay) -> None:
    """What was asked for before a STOP must not come after it: a start would undo it."""
    waiting = []
    while not intents.empty():
        waiting.append(intents.get())
    for intent in waiting:
        if isinstance(intent, m.Run | m.Send | m.RunScript):
            under_way.refuse(intent, STOPPED)
        else:
            intents.put(intent)
