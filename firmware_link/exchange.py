"""Commands and their answers: one outstanding at a time, resent until answered, a stop before everything.

Sans-io: it is told the time, gives out messages to send, and keeps its requests when the link goes and comes back.
"""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from firmware_link import vocabulary, wire
from firmware_link.client import DELIVERS, ONCE, Request
from firmware_link.decode import Message, message_of
from firmware_link.errors import DeviceFault, PeerError, PumpError, RequestTimeout, Withdrawn

GIVE_UP_S = 10.0  #: after this long a command is no longer sent: what was meant then may be wrong now
_RESEND_S = (0.25, 0.5, 1.0, 1.0)  # after each sending; when they are used up the link counts as lost
_STOP_RESEND_S = (0.1,) * 25
# A stop takes its sequence from far ahead, so that it never is the one that the pump expects next.
_STOP_AHEAD = 0x8000
_LOST_SESSION = ("stale", "wrong_session")
#: command -> what answers it, other than a refusal; "ok" the rest
_REPLIES = {"get_status": "status", "get_config": "config", "read_program": "program", "get_outcome": "outcome"}


class Outgoing(NamedTuple):
    """A message to put on the wire; an urgent one goes before all that still waits there."""

    message: Message
    urgent: bool


class Answer(NamedTuple):
    """How a request ended: with the pump's ``message``, or with ``error``."""

    request: Request
    message: Message | None
    error: PumpError | None
    round_trip_s: float


@dataclass(eq=False)
class _Sending:
    """A request on the wire.  ``stands_in`` is the message sent for it, where that isn't the request itself."""

    request: Request
    outgoing: Outgoing
    sent_at: float
    due: float
    stands_in: str = ""
    tries: int = 1

    @property
    def sequence(self) -> int:
        return self.outgoing.message.sequence

    def is_answered_by(self, message: Message) -> bool:
        """Whether this is a reply to it; a withdrawn one may still get its own instead of the status asked for."""
        asked = {self.stands_in or self.request.name}
        asked |= {self.request.name} if self.stands_in == "get_status" else set()
        names = {"refused", *(_REPLIES.get(name, "ok") for name in asked)}
        return message.sequence == self.sequence and message.name in names


class Exchange:
    """The requests of one session with a pump, over any number of connections."""

    def __init__(self) -> None:
        self.outgoing: list[Outgoing] = []  #: to be taken by the owner
        self.answers: list[Answer] = []  #: to be taken by the owner
        self.resends = 0
        self._queue: deque[Request] = deque()
        self._stops: deque[Request] = deque()
        self._outstanding: _Sending | None = None
        self._stops_sent: list[_Sending] = []
        self._session = 0
        self._open = False
        self._next_sequence = 1
        self._stops_made = 0

    @property
    def idle(self) -> bool:
        """Nothing waits to be sent or answered."""
        return not (self._queue or self._stops or self._outstanding or self._stops_sent)

    @property
    def awaiting(self) -> bool:
        """A reply may come in at any moment."""
        return self._outstanding is not None or bool(self._stops_sent)

    def submit(self, request: Request, now: float) -> None:
        """Takes a request on; a stop cancels those before it that may set the rotor turning."""
        if request.name == "stop":
            self._withdraw_deliveries()
            self._stops.append(request)
        else:
            request.give_up_at = now + GIVE_UP_S
            self._queue.append(request)
        self._send_next(now)

    def begin(self, session: int, now: float, first: list[Request]) -> None:
        """The pump has welcomed ``session``: from here on requests go out, ``first`` before those that wait."""
        self._session = session
        self._open = True
        self._next_sequence = 1
        for request in reversed(first):
            request.give_up_at = now + GIVE_UP_S
            self._queue.appendleft(request)
        self._send_next(now)

    def suspend(self) -> None:
        """The link is gone.  What was under way is taken up again at ``begin``."""
        self._open = False
        if self._outstanding:
            self._queue.appendleft(self._outstanding.request)
            self._outstanding = None
        self._queue = deque(request for request in self._queue if request.lasting)
        self._stops.extendleft(sending.request for sending in reversed(self._stops_sent))
        self._stops_sent.clear()
        self.outgoing.clear()

    def receive(self, message: Message, now: float) -> None:
        """Takes a reply.  What answers nothing that is asked is ignored: a repetition, or nonsense.  Raises PeerError
        when the pump no longer knows this session."""
        for sending in self._stops_sent:
            if sending.is_answered_by(message):
                self._stops_sent.remove(sending)
                self._answer(sending, message, now)
                return
        outstanding = self._outstanding
        if outstanding is None or not outstanding.is_answered_by(message):
            return
        if message.name == "refused" and vocabulary.ERROR_NAMES.get(message.values["code"]) in _LOST_SESSION:
            raise PeerError("The pump has begun anew and lost this session.", "It is opened again by itself.")
        self._outstanding = None
        self._next_sequence = (self._next_sequence + 1) & 0xFFFF
        if outstanding.stands_in == "get_outcome":
            self._outcome(outstanding, message, now)
        elif outstanding.stands_in and message.name == "status":
            self._end(outstanding.request, _withdrawn(outstanding.request))
        else:
            self._answer(outstanding, message, now)
        self._send_next(now)

    def tick(self, now: float) -> None:
        """Resends and gives up what is due.  Raises RequestTimeout when the pump has stopped answering."""
        for request in [request for request in self._queue if request.give_up_at <= now]:
            self._queue.remove(request)
            self._end(request, _timeout(request))
        for sending in (*self._stops_sent, *([self._outstanding] if self._outstanding else [])):
            if sending.due <= now:
                self._resend(sending, now)

    def due(self) -> float:
        """When ``tick`` is wanted next; infinity for not at all."""
        moments = [request.give_up_at for request in self._queue]
        moments += [sending.due for sending in self._stops_sent]
        moments += [self._outstanding.due] if self._outstanding else []
        return min(moments, default=float("inf"))

    def _send_next(self, now: float) -> None:
        while self._open and self._stops:
            self._stops_made += 1
            sequence = (self._next_sequence + _STOP_AHEAD + self._stops_made % 0x1000) & 0xFFFF
            self._stops_sent.append(self._send(self._stops.popleft(), sequence, now))
        if self._open and self._outstanding is None and self._queue:
            request = self._queue.popleft()
            # After a lost link the pump is asked whether it has acted already, rather than told again.
            stands_in = "get_outcome" if request.sent and request.name in ONCE else ""
            self._outstanding = self._send(request, self._next_sequence, now, stands_in)

    def _send(self, request: Request, sequence: int, now: float, stands_in: str = "") -> _Sending:
        payload = self._stand_in(stands_in, request, sequence) or request.payload(self._session, sequence)
        outgoing = Outgoing(message_of(payload), urgent=request.name == "stop")
        request.sent = True
        self.outgoing.append(outgoing)
        return _Sending(request, outgoing, now, now + _resend_after(request)[0], stands_in)

    def _stand_in(self, name: str, request: Request, sequence: int) -> bytes:
        head = (self._session, request.command_id) if name == "get_outcome" else (self._session,)
        return bytes(wire.pack_payload(name, sequence, head)) if name else b""

    def _resend(self, sending: _Sending, now: float) -> None:
        pauses = _resend_after(sending.request)
        if sending.tries == len(pauses):
            raise _timeout(sending.request)
        if sending.request.withdrawn and not sending.stands_in:
            # It must not act after the stop.  A question in its place brings either the reply it already had, or
            # the pump's status, and then it never arrived.
            sending.stands_in = "get_status"
            sending.outgoing = Outgoing(
                message_of(self._stand_in("get_status", sending.request, sending.sequence)), False
            )
        sending.due = now + pauses[sending.tries]
        sending.tries += 1
        self.resends += 1
        self.outgoing.append(sending.outgoing)

    def _outcome(self, sending: _Sending, message: Message, now: float) -> None:
        """The pump says what has become of a command that was under way when the link went."""
        request = sending.request
        state = message.values.get("state", vocabulary.OUTCOME_DONE)  # a refusal has none
        if state == vocabulary.OUTCOME_REFUSED:
            self._end(request, DeviceFault(message.values["code"], command=request.name))
        elif state != vocabulary.OUTCOME_UNKNOWN:
            self._answer(sending, message, now)
        elif request.withdrawn:
            self._end(request, _withdrawn(request))
        else:
            request.sent = False
            self._queue.appendleft(request)

    def _answer(self, sending: _Sending, message: Message, now: float) -> None:
        error = None
        if message.name == "refused":
            error = DeviceFault(message.values["code"], message.values["detail"], sending.request.name)
        self.answers.append(Answer(sending.request, message, error, now - sending.sent_at))

    def _end(self, request: Request, error: PumpError) -> None:
        self.answers.append(Answer(request, None, error, 0.0))

    def _withdraw_deliveries(self) -> None:
        for request in [request for request in self._queue if request.name in DELIVERS]:
            request.withdrawn = True
            if not (request.sent and request.name in ONCE):  # else its outcome is asked for first
                self._queue.remove(request)
                self._end(request, _withdrawn(request))
        if self._outstanding and self._outstanding.request.name in DELIVERS:
            self._outstanding.request.withdrawn = True


def _resend_after(request: Request) -> tuple[float, ...]:
    return _STOP_RESEND_S if request.name == "stop" else _RESEND_S


def _timeout(request: Request) -> RequestTimeout:
    what = f"The pump did not answer “{request.name.replace('_', ' ')}” in time"
    if not request.sent:
        return RequestTimeout(f"{what}: it could not be sent.", "Check the link, then try again.")
    return RequestTimeout(f"{what}: whether it acted is unknown.", "Read the pump's status before trying again.")


def _withdrawn(request: Request) -> Withdrawn:
    return Withdrawn(f"“{request.name.replace('_', ' ')}” was cancelled: the pump was told to stop.", "Send it again.")
