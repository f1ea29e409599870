"""STOP on its way: asked for on any thread, sent before all that waits, and watched until the pump confirms it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from firmware_link import vocabulary
from firmware_link.clock import Clock
from firmware_link.errors import PumpError
from programmer_gui.messages import Message, StopConfirmed, StopNotSent, StopSent
from rig.session import Batch, Command, Session

CONFIRM_S = 1.0
OPERATOR = vocabulary.STOP_REASONS.index("operator")
_GOES_ON = "STOP is sent again until the pump answers, also when a lost link returns."


@dataclass
class _UnderWay:
    asked_s: float
    ticket: int
    warned: bool = False


class StopLine:
    """``ask`` is for all threads, the rest for the engine's."""

    def __init__(self, put: Callable[[Message], None], clock: Clock) -> None:
        self._put = put
        self._clock = clock
        self._asked: deque[float] = deque()
        self._under_way: _UnderWay | None = None

    @property
    def asked(self) -> bool:
        """Whether one waits to be sent."""
        return bool(self._asked)

    def ask(self) -> None:
        """The operator wants the pump to stop."""
        self._asked.append(self._clock.monotonic())

    def serve(self, session: Session | None) -> bool:
        """Sends what was asked for; returns whether it went out."""
        if not self._asked:
            return False
        asked_s = self._asked[0]
        self._asked.clear()
        if session is None:
            self._put(StopNotSent("STOP was not sent: no pump is connected."))
            return False
        try:
            ticket = session.command(Command("stop", {"reason": OPERATOR}))
        except PumpError as error:
            self._put(StopNotSent(f"STOP was not sent. {error.sentence()}"))
            return False
        self._under_way = _UnderWay(asked_s, ticket)
        self._put(StopSent(round((self._clock.monotonic() - asked_s) * 1e6)))
        return True

    def watch(self, batch: Batch) -> None:
        """Looks for the confirmation; where it doesn't come in time, says so, and goes on waiting for it."""
        stop = self._under_way
        if stop is None:
            return
        for reply in batch.replies:
            if reply.ticket == stop.ticket:
                self._under_way = None
                error = reply.error
                self._put(StopNotSent(f"STOP failed. {error.sentence()}") if error else StopConfirmed())
                return
        if not stop.warned and self._clock.monotonic() - stop.asked_s > CONFIRM_S:
            stop.warned = True
            unsent = batch.counters.bytes_unsent
            why = "STOP is not sent: the port takes no data." if unsent else "The pump has not confirmed STOP yet."
            self._put(StopNotSent(f"{why} It may still be running: take its power away. {_GOES_ON}"))

    def drop(self) -> None:
        """The link is gone for good."""
        if self._under_way is not None:
            self._under_way = None
            self._put(StopNotSent("The link closed before the pump confirmed STOP."))
