"""The session's end of the cable: a transport that comes and goes, and the frames on their way into it."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np
from cobs import cobs
from numpy.typing import NDArray

from firmware_link.clock import Clock
from firmware_link.exchange import Outgoing
from firmware_link.outbox import Outbox
from firmware_link.transport import Transport
from rig.truth import Strike, no_truth

if TYPE_CHECKING:
    from rig.virtual.faults import Fault
    from rig.virtual.schedule import Scheduled

_RETRY_S = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0)  # before each attempt to open; the last for ever
_UNSENT_LOOK_S = 0.005  # a full port is tried again after this


class Surroundings(Protocol):
    """What a virtual pump has around it and a real one hasn't."""

    @property
    def now_us(self) -> int:
        """The rig's own time, which its faults are in."""

    def inject(self, fault: "Fault") -> None:
        """Makes the rig fail as ``fault`` says."""

    def faults(self) -> "tuple[Scheduled, ...]":
        """Those in force and those to come, by when they next change."""

    def take_truth(self) -> NDArray[np.void]:
        """(n,) rig.truth.TRUTH_DTYPE: a row for each time the pump has sensed since the last call; boots count from 1
        as the rig saw them."""

    def take_strikes(self) -> tuple[Strike, ...]:
        """The faults that began or ended since the last call."""

    def rest(self, timeout_s: float) -> None:
        """Lets up to ``timeout_s`` pass while no transport is open."""

    def close(self) -> None:
        """Ends the rig."""


class Witness:
    """Says what truly happens around a virtual pump, its boots counted as the pump counts them; nothing of others."""

    def __init__(self, surroundings: Surroundings | None) -> None:
        self._surroundings = surroundings
        self._ahead = 0  # the pump's count of boots less the rig's

    def take(self, boot: int | None) -> tuple[NDArray[np.void], tuple[Strike, ...]]:
        """Truth and strikes since the last call; ``boot`` is what the pump calls this one, None while it isn't
        known."""
        if self._surroundings is None:
            return no_truth(), ()
        truth, strikes = self._surroundings.take_truth(), self._surroundings.take_strikes()
        if len(truth):
            if boot is not None:
                self._ahead = boot - int(truth["boot"][-1])
            if self._ahead:
                truth["boot"] = np.maximum(truth["boot"] + np.int64(self._ahead), 0)
        return truth, strikes


class Plug:
    """Opens, reads, writes and waits; whatever the transport raises passes through."""

    def __init__(self, opener: Callable[[], Transport], clock: Clock, surroundings: Surroundings | None) -> None:
        self.port = ""  #: what was opened last, for people
        self.bytes_in = self.bytes_out = 0
        self._opener, self._clock, self._surroundings = opener, clock, surroundings
        self._transport: Transport | None = None
        self._outbox = Outbox()
        self._attempt = 0
        self._retry_at = clock.monotonic()
        self._wakened = threading.Event()

    @property
    def is_open(self) -> bool:
        return self._transport is not None

    @property
    def unsent(self) -> int:
        """Bytes that the port hasn't taken yet."""
        return len(self._outbox)

    @property
    def wakened(self) -> bool:
        """``wake`` was called since ``sleepy``."""
        return self._wakened.is_set()

    def sleepy(self) -> None:
        """Whoever called ``wake`` has been heard."""
        if self._wakened.is_set():
            self._wakened.clear()

    def wake(self) -> None:
        """Ends a ``rest``.  Safe from any thread."""
        self._wakened.set()
        transport = self._transport
        if transport:
            transport.wake()

    def due(self) -> float:
        """When to try to open again; infinity while open."""
        return float("inf") if self._transport else self._retry_at

    def open(self) -> None:
        """Opens the transport; what it raises, and closing, makes the next attempt due later and later."""
        self._attempt += 1
        self._transport = self._opener()
        self.port = self._transport.name
        # Whatever the pump took for the beginning of a frame ends here.
        self._outbox.add(b"\0")

    def settled(self) -> None:
        """The other end is right: the next loss is answered at once."""
        self._attempt = 0

    def close(self) -> None:
        """Lets go of the transport and of what waits for it."""
        if self._transport:
            self._transport.close()
            self._transport = None
        self._outbox.clear()
        self._retry_at = self._clock.monotonic() + _RETRY_S[min(self._attempt, len(_RETRY_S) - 1)]

    def send(self, outgoing: list[Outgoing]) -> None:
        """Puts messages in line and hands over what fits."""
        for message, urgent in outgoing:
            self._outbox.add(cobs.encode(message.payload) + b"\0", urgent)
        if self._transport and self._outbox:
            self.bytes_out += self._outbox.flush(self._transport.write)

    def read(self) -> bytes:
        """What has come in."""
        data = self._transport.read() if self._transport else b""
        self.bytes_in += len(data)
        return data

    def rest(self, timeout_s: float, gather_s: float) -> None:
        """Waits for something to read, a ``wake``, or the time."""
        if self._transport:
            self._transport.wait(min(timeout_s, _UNSENT_LOOK_S) if self._outbox else timeout_s, gather_s)
        elif self._surroundings:
            self._surroundings.rest(timeout_s)
        else:
            self._wakened.wait(timeout_s)
