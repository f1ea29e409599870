"""The relay between host and pump, which makes the faults of the link: around any transport, on the rig's time.

With no fault in force and nothing on its way it stands aside: bytes pass as they are, in the portions they came in.
"""

import weakref
from collections.abc import Callable

from firmware_link.transport import Transport
from rig.virtual.line import SHAPING, Way
from rig.virtual.pace import Pace

RESET = "link_reset"
_RETRY_US = 1000  # a pump that took no more is tried again after this


class Relay:
    """One for a rig, whoever connects and however often.  Belongs to the rig's thread."""

    def __init__(self, seed: int, pace: Pace) -> None:
        self.pace = pace
        self.quiet = True  #: nothing is in force, and nothing on its way
        self._faults: dict[str, float] = {}
        self.to_host = Way(seed, "to the host", "link_stall_in", self._faults)
        self.to_pump = Way(seed, "to the pump", "link_stall_out", self._faults)
        self._transport: Callable[[], RelayTransport | None] = lambda: None

    def wrap(self, inner: Transport, rest: Callable[[float], object]) -> "RelayTransport":
        """The host's end of a line to ``inner``.  ``rest`` lets so many seconds pass whatever there is to read."""
        self._clear()
        transport = RelayTransport(self, inner, rest)
        self._transport = weakref.ref(transport)
        return transport

    def begin(self, name: str, amount: float) -> None:
        """A fault of the link (``fault_kinds``) begins, or happens, with its amount in the unit it has there."""
        if name == RESET:
            self._lose_port()
            return
        self._faults[name] = amount
        if name == "link_cut":
            self._clear()
        self._changed()

    def end(self, name: str) -> None:
        """It is over; what it held is let go."""
        self._faults.pop(name, None)
        if name in SHAPING:
            self.to_host.release(self.pace.now_us)
            self.to_pump.release(self.pace.now_us)
        self._changed()

    def settle(self) -> None:
        """Looks whether it may stand aside."""
        self.quiet = not (self._faults or self.to_host.held or self.to_pump.held)

    def _lose_port(self) -> None:
        transport = self._transport()
        if transport:
            transport.close()

    def _clear(self) -> None:
        self.to_host.clear()
        self.to_pump.clear()
        self.settle()

    def _changed(self) -> None:
        self.settle()
        transport = self._transport()
        if transport:
            transport.stir()


class RelayTransport:
    """``firmware_link.transport.Transport`` through a relay."""

    def __init__(self, relay: Relay, inner: Transport, rest: Callable[[float], object]) -> None:
        self.name = inner.name
        self._relay, self._inner, self._rest = relay, inner, rest
        self._to_host, self._to_pump, self._pace = relay.to_host, relay.to_pump, relay.pace
        self._woken = self._stirred = False

    def read(self) -> bytes:
        if self._relay.quiet:
            return self._inner.read()
        self._carry()
        data = self._to_host.take(self._pace.now_us)
        self._relay.settle()
        return data

    def write(self, data: bytes) -> int:
        if self._relay.quiet:
            return self._inner.write(data)
        self._carry()
        taken = data[: max(0, self._to_pump.room)]
        self._to_pump.enter(taken, self._pace.now_us)
        self._hand_over()
        self._relay.settle()
        return len(taken)

    def wait(self, timeout_s: float, gather_s: float = 0.0) -> None:
        deadline = self._pace.deadline(timeout_s)
        if self._relay.quiet:
            self._inner.wait(timeout_s, gather_s)
            self._stirred = False
            if self._relay.quiet:
                self._woken = False
                return
        self._wait(deadline)

    def _wait(self, deadline: float) -> None:
        """As ``wait``, while faults are in force: from one moment at which held bytes come out to the next."""
        pace = self._pace
        self._carry()
        while not (self._woken or self._to_host.ready(pace.now_us)):
            due_us = min(self._to_host.due_us, self._to_pump.due_us)
            step_s = max(0.0, min(pace.left_s(deadline), pace.wait_s(due_us)))
            end = pace.deadline(step_s)
            (self._inner.wait if self._to_host.room > 0 else self._rest)(step_s)
            came = self._carry()
            if pace.passed(deadline) or not (came or self._stirred or pace.passed(end)):
                break  # it is time, or somebody woke the rig
            self._stirred = False
        self._woken = False
        self._relay.settle()

    def _carry(self) -> bool:
        """Takes in what the pump has sent, and hands over what has come through to it; whether there was any."""
        data = b""
        if self._to_host.room > 0:
            data = self._inner.read()
            self._to_host.enter(data, self._pace.now_us)
        else:
            self._inner.write(b"")  # a lost port says so
        self._hand_over()
        return bool(data)

    def _hand_over(self) -> None:
        now_us = self._pace.now_us
        while data := self._to_pump.take(now_us):
            taken = self._inner.write(data)
            if taken < len(data):
                self._to_pump.put_back(data[taken:], now_us + _RETRY_US)

    def wake(self) -> None:
        self._woken = True
        self._inner.wake()

    def stir(self) -> None:
        """The faults have changed: a wait under way looks again."""
        self._stirred = True
        self._inner.wake()

    def close(self) -> None:
        self._inner.close()
