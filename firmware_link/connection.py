"""The link to one pump as a function of bytes and time: greeting, commands, and what the pump says of itself.

``receive`` takes bytes and gives back what they mean; ``outgoing`` is what to send; ``due`` says when ``tick`` is
wanted.  Nothing here waits, reads a clock or draws random numbers but from what it was given.
"""

import random
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firmware_link import diagnosis, vocabulary, wire
from firmware_link.client import ONCE, Request, check
from firmware_link.decode import Decoder, Message, message_of
from firmware_link.errors import PeerError, PumpError, RequestTimeout
from firmware_link.exchange import Answer, Exchange, Outgoing

HELLO_TIMEOUT_S = 3.0  #: boards take a while to boot
_HELLO_RESEND_S = 0.3
_REPLIES = frozenset({"ok", "refused", "status", "config", "program", "outcome"})


@dataclass(frozen=True)
class Welcomed:
    """The session is open; ``values`` are the fields of the pump's welcome."""

    values: dict[str, Any]


@dataclass(frozen=True)
class Samples:
    """Telemetry: (n,) rows of telemetry.SAMPLE_DTYPE, n > 0."""

    rows: NDArray[np.void]


@dataclass(frozen=True)
class Heard:
    """A message that came in, for whoever wants it: events, traces, and every reply as evidence."""

    message: Message


@dataclass(frozen=True)
class Failed:
    """This connection is over; ``close`` has been called."""

    error: PumpError


Numbers = dict[str, int]
Records = tuple[tuple[int, ...], ...]
Happening = Welcomed | Samples | Heard | Answer | Failed


class Connection:
    """One pump, over any number of streams one after the other.  Requests outlive a stream."""

    def __init__(self, rng: random.Random, hello_timeout_s: float = HELLO_TIMEOUT_S) -> None:
        self.exchange = Exchange()
        self.decoder = Decoder()
        self.welcome: dict[str, Any] | None = None  #: the pump's, while the session is open
        self._rng = rng
        self._hello_timeout_s = hello_timeout_s
        self._hello: Outgoing | None = None  # while it is unanswered
        self._hello_due = self._hello_ends = float("inf")
        self._hello_frames_before = 0
        self._where = ""
        self._session = 0
        self._tickets = 0
        self._outgoing: list[Outgoing] = []

    @property
    def awaiting(self) -> bool:
        """An answer may come in at any moment."""
        return self._hello is not None or self.exchange.awaiting

    def open(self, now: float, where: str) -> None:
        """A new stream is there: greets the pump with a new session.  ``where`` names the stream before people."""
        self.close()
        self._where = where
        self._session = self._rng.randrange(1, 1 << 32)
        payload = wire.pack_payload("hello", 0, (wire.PROTOCOL, wire.TABLE_CRC, self._session))
        self._hello = Outgoing(message_of(payload), urgent=False)
        self._outgoing.append(self._hello)
        self._hello_due = now + _HELLO_RESEND_S
        self._hello_ends = now + self._hello_timeout_s
        self._hello_frames_before = self.decoder.frames_good

    def close(self) -> None:
        """The stream is gone, or not wanted any more.  Unanswered requests wait for the next."""
        self.decoder.restart()
        self.exchange.suspend()
        self.welcome = self._hello = None
        self._outgoing.clear()

    def request(self, name: str, values: Numbers, records: Records, now: float, lasting: bool = True) -> int:
        """Takes a command on and returns its ticket; its Answer comes from ``receive`` or ``tick``.

        Commands go out in order, one at a time; a stop goes at once, and again until answered, however long that
        takes.  Others are given up after ``exchange.GIVE_UP_S``, those that aren't ``lasting`` with the stream.
        Raises UsageError for what the table doesn't have.
        """
        request = self._made(name, values, records, lasting)
        self.exchange.submit(request, now)
        return request.ticket

    def accept(self, opening: list[tuple[str, Numbers]], now: float) -> list[int]:
        """The welcome is from the right pump: requests go out from now on, ``opening`` first.  Returns its tickets."""
        requests = [self._made(name, values, (), lasting=False) for name, values in opening]
        self.exchange.begin(self._session, now, requests)
        return [request.ticket for request in requests]

    def receive(self, data: bytes, now: float, host_us: int) -> list[Happening]:
        """What ``data`` brought; samples are stamped with ``host_us``.  Never raises."""
        happenings: list[Happening] = []
        decoded = self.decoder.feed(data)
        try:
            for message in decoded.messages:
                happenings.append(Heard(message))
                self._take(message, now, happenings)
        except PumpError as error:
            return [*happenings, *self._answers(), self._fail(error)]
        if decoded.blocks and self.welcome:
            rows = decoded.samples(self.welcome["boot_count"], host_us)
            happenings += [Samples(rows)] if len(rows) else []
        return happenings + self._answers()

    def tick(self, now: float) -> list[Happening]:
        """Does what has become due by ``now``."""
        try:
            if self._hello and self._hello_ends <= now:
                good = self.decoder.frames_good - self._hello_frames_before
                raise diagnosis.silence_or_noise(self._where, self.decoder.garbage, good)
            if self._hello and self._hello_due <= now:
                self._hello_due = now + _HELLO_RESEND_S
                self._outgoing.append(self._hello)
            self.exchange.tick(now)
        except PumpError as error:
            return [*self._answers(), self._fail(error)]
        return self._answers()

    def due(self) -> float:
        """When ``tick`` is wanted next; infinity for not at all."""
        hello = min(self._hello_due, self._hello_ends) if self._hello else float("inf")
        return min(hello, self.exchange.due())

    def outgoing(self) -> list[Outgoing]:
        """What to send now, in order; each is given out once."""
        taken = self._outgoing + self.exchange.outgoing
        self._outgoing, self.exchange.outgoing = [], []
        return taken

    def _take(self, message: Message, now: float, happenings: list[Happening]) -> None:
        if self._hello:
            self._take_greeting(message, now, happenings)
        elif message.name in _REPLIES:
            self.exchange.receive(message, now)

    def _take_greeting(self, message: Message, now: float, happenings: list[Happening]) -> None:
        if message.name == "refused" and message.values["code"] == vocabulary.ERROR_CODES["version"]:
            raise diagnosis.refused_version()
        if message.name != "welcome":
            return
        mismatch = diagnosis.version_mismatch(message.values)
        if mismatch:
            raise mismatch
        if message.values["session"] == self._session:
            self._hello = None
            self.welcome = message.values
            happenings.append(Welcomed(message.values))

    def _made(self, name: str, values: Numbers, records: Records, lasting: bool) -> Request:
        check(name, values, records)
        self._tickets += 1
        command_id = self._rng.getrandbits(64) if name in ONCE else 0
        return Request(self._tickets, name, values, records, command_id, lasting)

    def _answers(self) -> list[Happening]:
        answers, self.exchange.answers = self.exchange.answers, []
        return list(answers)

    def _fail(self, error: PumpError) -> Failed:
        self.close()
        if isinstance(error, RequestTimeout):
            error = _fallen_silent(error)
        return Failed(error)


def _fallen_silent(cause: RequestTimeout) -> PeerError:
    error = PeerError("The pump has fallen silent.", "Check the cable; it is looked for by itself.")
    error.__cause__ = cause
    return error
